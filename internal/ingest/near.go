package ingest

import (
	"cmp"
	"slices"
	"strings"
)

const (
	nearShow   = 5 // names that are proposed
	nearLetter = 4 // letters that a name must share with the word at its beginning
)

// nearFormats are the names that contain the word, or are contained in it, else
// those that begin alike; the longest common beginning first.
func nearFormats(word string, names []string) []string {
	word = strings.ToLower(strings.TrimSpace(word))
	if word == "" {
		return nil
	}
	near := func(fits func(name string) bool) []string {
		var out []string
		for _, n := range names {
			if fits(n) {
				out = append(out, n)
			}
		}
		slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(shared(b, word), shared(a, word)) })
		return out[:min(nearShow, len(out))]
	}
	out := near(func(n string) bool { return strings.Contains(n, word) || strings.Contains(word, n) })
	if len(out) > 0 {
		return out
	}
	return near(func(n string) bool { return shared(n, word) >= nearLetter })
}

// shared is the length of the common beginning.
func shared(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
