package exceptions

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// wordsOf are the distinct words of a text, sorted: lower case, letters and
// digits, every number being one and the same, so that dates, ticket and room
// numbers do not make two texts different.
func wordsOf(text string) []string {
	set := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if strings.ContainsFunc(w, unicode.IsDigit) {
			w = "0"
		}
		set[w] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// jaccard is the share of common words among all words of two sorted sets.
func jaccard(a, b []string) float64 {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch strings.Compare(a[i], b[j]) {
		case 0:
			common++
			i++
			j++
		case -1:
			i++
		default:
			j++
		}
	}
	if all := len(a) + len(b) - common; all > 0 {
		return float64(common) / float64(all)
	}
	return 0
}

// alike joins sets that are at least so similar, directly or by others between
// them, and returns the cluster of each, numbered by its first set. It is exact:
// two sets of the wanted similarity share one of their rarest words (prefix
// filter; Bayardo, Ma, Srikant 2007), so only such pairs are compared.
func alike(sets [][]string, least float64) []int {
	freq := map[string]int{}
	for _, set := range sets {
		for _, w := range set {
			freq[w]++
		}
	}
	parent := make([]int, len(sets))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	index := map[string][]int{} // rare word -> sets before
	for i, set := range sets {
		rare := slices.Clone(set)
		slices.SortFunc(rare, func(a, b string) int {
			if freq[a] != freq[b] {
				return freq[a] - freq[b]
			}
			return strings.Compare(a, b)
		})
		prefix := len(rare) - int(least*float64(len(rare))+0.999999) + 1
		seen := map[int]bool{}
		for _, w := range rare[:min(max(prefix, 1), len(rare))] {
			for _, j := range index[w] {
				if !seen[j] && root(j) != root(i) && fits(len(set), len(sets[j]), least) {
					seen[j] = true
					if jaccard(set, sets[j]) >= least {
						a, b := root(i), root(j)
						parent[max(a, b)] = min(a, b)
					}
				}
			}
			index[w] = append(index[w], i)
		}
	}
	out := make([]int, len(sets))
	for i := range sets {
		out[i] = root(i)
	}
	return out
}

// fits reports whether sets of these sizes can be so similar.
func fits(a, b int, least float64) bool {
	return float64(min(a, b)) >= least*float64(max(a, b))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
