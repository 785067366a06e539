// Package reader reads.
package reader

import (
	"fmt"
	str "strings"
	"golang.org/x/text/unicode"
)

const Limit = 10

var (
	first = 1
	names = []string{"😀"}
)

// Reader reads.
type Reader struct {
	path string
}

type Stack[T any] []T

// Read reads a file.
// It may fail.
func (r *Reader) Read(limit int) (string, error) {
	return helper(r.path), fmt.Errorf("helper %d", Limit)
}

func (s *Stack[T]) Push(value T) { *s = append(*s, value) }

func helper(path string) string {
	return str.ToUpper(unicode.Fold(path))
}
