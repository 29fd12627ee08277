package dataset

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Many small runs are merged fanIn at a time, large ones in pairs, and never
// more than needed: what a merge holds must not grow with the dataset.
func TestPickRuns(t *testing.T) {
	of := func(sizes ...int64) (runs []Run) {
		for _, n := range sizes {
			runs = append(runs, Run{Rows: n})
		}
		return runs
	}
	small, large := int64(mergeRows/fanIn), int64(mergeRows)
	for name, c := range map[string]struct {
		runs []Run
		max  int
		want []int
	}{
		"room":  {of(small, small), 2, nil},
		"small": {of(large, small, small, small, small, small, small, small, small, small), 4, []int{1, 2, 3, 4, 5, 6, 7, 8}},
		"mixed": {of(large, small, 3*large, small, 2*large), 4, []int{1, 3}},
		"large": {of(3*large, 4*large, 2*large, 5*large), 3, []int{0, 2}},
		"one":   {of(large, large), 1, []int{0, 1}},
		"dead":  {[]Run{{Rows: 10, Dead: 1}, {Rows: 10, Dead: 5}, {Rows: 10}}, 4, []int{1}},
		"empty": {[]Run{{Rows: 10, Dead: 10}, {Rows: 20}, {Rows: 30}}, 4, []int{0, 1}},
	} {
		if diff := cmp.Diff(c.want, pickRuns(c.runs, c.max)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
