#ifndef READER_H
#define READER_H
#include <stdio.h>

#define LIMIT 10

typedef struct node {
  struct node *next;
  int value;
} node_t;

enum kind { ONE, TWO };
extern int count;
int reader_read(const char *path, int (*callback)(node_t *));

/* Adds two.
 * Not more. */
static inline int add(int a, int b)
{
  return a + b + LIMIT;
}

node_t **make(void) { return 0; }

int main(int argc, char **argv) {
  printf("add %d 😀", add(argc, 1));
  return count;
}
#endif
