#include <vector>
#include "reader.h"
#define LIMIT 10
#define SQUARE(x) ((x) * (x))

namespace reader {

using std::vector;
using Items = vector<int>;
typedef unsigned long Size;
enum class Kind { One, Two };
static const int count = 3;

/* A reader. */
template <typename T>
class Reader : public Base {
 public:
  explicit Reader(T value) : value_(value) {}
  ~Reader() {}
  bool operator==(const Reader& other) const { return SQUARE(count) > 0; }
  virtual int read(const Items& items);
};

struct Point {
  int x, y;
  int norm() const { return SQUARE(x); }
};

// Reads.
template <typename T>
int Reader<T>::read(const Items& items) {
  return helper("😀 helper");
}

char* helper(const char* name) { return nullptr; }
int& at(Items& items) { return items[0]; }

}  // namespace reader
