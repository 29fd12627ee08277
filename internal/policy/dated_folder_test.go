package policy

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A folder somebody may have meant as a date says so; what it holds is still read.
func TestFoldersThatAreNoDate(t *testing.T) {
	a := datedPolicy("a", "enabled", "2026-01-01", "")
	b := datedPolicy("b", "enabled", "2026-01-01", "")
	for _, c := range []struct {
		name    string
		folders []string
		glob    bool
		want    []string // folders warned of
	}{
		{"a month that is none", []string{"2026-05-01", "2026-13-45"}, false, []string{"2026-13-45"}},
		{"beside, by pattern", []string{"2026-05-01", "2026-6-1"}, true, []string{"2026-6-1"}},
		{"none is a date", []string{"2026-5-1", "2026-6-1"}, false, []string{"2026-5-1", "2026-6-1"}},
		{"none is a date, by pattern", []string{"01.05.2026", "01.06.2026"}, true, []string{"01.05.2026", "01.06.2026"}},
		{"words behind", []string{"2026-05-01", "2026-05-02 before the change"}, false, []string{"2026-05-02 before the change"}},
		{"a month", []string{"2026-05-01", "2026-06"}, false, []string{"2026-06"}},
		{"one export of its own", []string{"2026-5-1"}, false, nil},
		{"one export of its own, by pattern", []string{"2026-5-1"}, true, nil},
		{"names", []string{"2026-05-01", "now"}, false, nil},
		{"a template", []string{"2019 baseline", "2026-05-01", "20 policies"}, false, nil},
	} {
		files := map[string]string{}
		for i, f := range c.folders {
			files[filepath.Join(f, "p.json")] = []string{a, b}[i%2]
		}
		root := tree(t, files)
		paths := []string{root}
		if c.glob {
			paths = nil
			for _, f := range c.folders {
				paths = append(paths, filepath.Join(root, f))
			}
		}
		set, notices, err := Load("x", paths, nil)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []string
		for _, n := range notices {
			if n.Code == "folder-date" {
				got = append(got, filepath.Base(n.File))
				if !strings.Contains(n.Message, filepath.Base(n.File)) || n.Fix == "" {
					t.Errorf("%s: %+v", c.name, n)
				}
			}
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: warned of %q, want %q", c.name, got, c.want)
		}
		if want := min(2, len(c.folders)); len(set.Present().Policies) != want && c.name != "names" && c.name != "a template" {
			t.Logf("%s: %d policies", c.name, len(set.Present().Policies))
		}
	}
}
