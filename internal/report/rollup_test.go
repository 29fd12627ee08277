package report

import (
	"strings"
	"testing"
)

func roll(name string, cost, stopped float64, requests, around int) Rollup {
	return Rollup{
		ID: name, Name: name, State: stateEnabled, Cost: Levels{cost, 2 * cost, 5 * cost}, Stopped: Levels{stopped * 0.9, stopped, stopped * 1.1},
		Requests: &RollupRequests{Requests: requests}, Workarounds: &RollupWorkarounds{People: around, Named: around >= 5},
	}
}

func TestBargains(t *testing.T) {
	for name, c := range map[string]struct {
		in                []Rollup
		order, worst, top string
	}{
		"much friction, many requests, little caught":    {[]Rollup{roll("a", 1000, 1, 9, 0), roll("b", 100, 9, 0, 0)}, "a b", "a", "b"},
		"worked around instead":                          {[]Rollup{roll("a", 1000, 1, 0, 6), roll("b", 100, 9, 0, 0)}, "a b", "a", "b"},
		"nobody minds":                                   {[]Rollup{roll("a", 1000, 1, 4, 4), roll("b", 100, 9, 0, 0)}, "a b", "", "b"},
		"as much risk as cost":                           {[]Rollup{roll("a", 1000, 10, 50, 20), roll("b", 100, 1, 0, 0)}, "a b", "", ""},
		"free and stops nothing":                         {[]Rollup{roll("a", 0, 0, 9, 9), roll("b", 100, 1, 0, 0)}, "b a", "", ""},
		"the dominated before the dearer for what it is": {[]Rollup{roll("a", 5000, 0.1, 0, 0), roll("b", 900, 8, 9, 0), roll("c", 100, 12, 0, 0)}, "a b c", "", "c"},
		"a tie goes by name":                             {[]Rollup{roll("b", 10, 1, 0, 0), roll("a", 10, 1, 0, 0)}, "a b", "", ""},
		"the only one":                                   {[]Rollup{roll("a", 1000, 0, 9, 9)}, "a", "a", ""},
		"not enabled is not judged":                      {[]Rollup{roll("a", 1000, 1, 9, 0), {Name: "r", State: "reportOnly", Cost: Levels{1, 2, 3}}}, "a", "", ""},
		"none":                                           {nil, "", "", ""},
	} {
		bs := bargains(c.in)
		var order []string
		for i := range bs {
			order = append(order, bs[i].Name)
		}
		name1 := func(b *bargain) string {
			if b == nil {
				return ""
			}
			return b.Name
		}
		if got := strings.Join(order, " "); got != c.order || name1(worst(bs)) != c.worst || name1(best(bs)) != c.top {
			t.Errorf("%s: order %q, worst %q, best %q; want %q, %q, %q", name, got, name1(worst(bs)), name1(best(bs)), c.order, c.worst, c.top)
		}
	}
}

// A policy that is better at every assumption dominates; one that draws more
// requests, or is better only at some, does not.
func TestDominated(t *testing.T) {
	better := roll("b", 100, 9, 0, 0)
	for name, c := range map[string]struct {
		a    Rollup
		want bool
	}{
		"dearer and weaker":         {roll("a", 1000, 1, 0, 0), true},
		"bounds overlap":            {roll("a", 300, 1, 0, 0), false},
		"it stops as much":          {roll("a", 1000, 9, 0, 0), false},
		"the better is resented":    {roll("a", 1000, 1, 0, 0), true},
		"itself":                    {better, false},
		"cheaper, and stops nearly": {roll("a", 10, 8.9, 0, 0), false},
	} {
		bs := bargains([]Rollup{c.a, better})
		for i := range bs {
			if bs[i].Name == "a" && (bs[i].dominated != nil) != c.want {
				t.Errorf("%s: dominated %v, want %v", name, bs[i].dominated != nil, c.want)
			}
			if bs[i].Name == "b" && bs[i].dominated != nil {
				t.Errorf("%s: the better one is dominated by %s", name, bs[i].dominated.Name)
			}
		}
	}
	resented := roll("b", 100, 9, 7, 0)
	for _, b := range bargains([]Rollup{roll("a", 1000, 1, 0, 0), resented}) {
		if b.dominated != nil {
			t.Errorf("%s is dominated by one that draws more requests", b.Name)
		}
	}
}

// What was not given is said, not counted as nothing.
func TestBargainsWithoutSources(t *testing.T) {
	in := sampleInput()
	for i := range in.Rollups {
		in.Rollups[i].Requests, in.Rollups[i].Workarounds = nil, nil
	}
	m := Build(in)
	var out strings.Builder
	r, err := RendererFor("markdown")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Render(&out, m); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Contains(s, "Worst bargain") || !strings.Contains(s, "Neither exception requests nor workarounds could be looked at") {
		t.Error("a policy is judged by sources nobody gave")
	}
}

// A policy that another outdoes is told so as a comparison: the other may cover
// other people, so it is no reason to call this one needless.
func TestOutdoneIsNoVerdict(t *testing.T) {
	bs := bargains([]Rollup{roll("a", 1000, 1, 0, 0), roll("b", 100, 9, 0, 0)})
	table := rollupTable(nil, bs)
	last := len(table.Columns) - 1
	if a := table.Rows[0]; a.Cells[0].Text != "a" || strings.Contains(a.Cells[1].Text, "b") || a.Cells[last].Text != "b" || a.Strong {
		t.Errorf("%+v", a)
	}
	if !strings.Contains(table.Note, "may cover other people") {
		t.Error("the note does not say what the comparison is worth")
	}
}
