package replay

import "frisk/internal/signin"

// byCode memoises a function of a coded column's text, so that each distinct
// list is parsed once per worker and a row costs an index.
type byCode[T any] struct {
	vals []T
	of   func(string) T
}

func (b *byCode[T]) get(t *signin.Table, c signin.Code) *T {
	if int(c) >= len(b.vals) {
		for i := len(b.vals); i < t.Len(); i++ {
			b.vals = append(b.vals, b.of(t.Text(signin.Code(i)))) //nolint:gosec // a code
		}
	}
	return &b.vals[c]
}

// resize is s with length n and every element zero; it allocates only to grow.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	s = s[:n]
	clear(s)
	return s
}
