package report

import (
	"strings"
	"testing"
)

// calm is a tenant with one candidate that helps its only ranked cell.
func calm() *Input {
	in := replayed(bare(), figures(Exact(3), Exact(0), Exact(0.5)), figures(Exact(2), Exact(0), Exact(1)))
	return candidate(in, "calm", figures(Exact(1), Exact(0), Exact(0.5)))
}

func blocked(in *Input, set, people int) *Input {
	for i := range people {
		in.Changes = append(in.Changes, Change{Set: set, Person: string(rune('a' + i)), Kind: NewlyBlocked, Delta: Exact(2)})
	}
	return in
}

// two is a tenant whose analysts work in two workspaces, first and second.
func two(first, second Cell) *Input {
	in := calm()
	template := in.Cells[0]
	in.Cells = nil
	for _, c := range []Cell{first, second} {
		c.Group, c.Sets, c.Recorded = template.Group, template.Sets, template.Recorded
		in.Cells = append(in.Cells, c)
	}
	return in
}

var adviceCases = []struct {
	name      string
	input     func() *Input
	says, not []string
}{
	{"the group over all its work against everybody over all work", func() *Input {
		in := calm()
		in.Cells = append(in.Cells, Cell{Group: "Analysts", People: 20, Recorded: recordedFigures(20, 5, 0, 9, 0, 0)})
		return in
	}, []string{"Analysts are asked to authenticate 5.0 times a week each, 4.7 of them because of policies; everybody 2.0 (recorded).", "In mlw-a, where 12 of the 20 sign in, it is 3.0 times a week each."}, nil},
	{"the part of a workspace everybody of the group works in", func() *Input {
		in := calm()
		in.Cells = append(in.Cells, Cell{Group: "Analysts", People: 12, Recorded: recordedFigures(12, 5, 0, 9, 0, 0)})
		return in
	}, []string{"3.0 of the 5.0 fall in mlw-a."}, nil},
	{"a workspace is not compared with all work", calm, []string{"Analysts in mlw-a are asked"}, []string{"everybody 2.0"}},
	{"near ties go to the workspace the policy is behind", func() *Input {
		return two(Cell{Workspace: "mlw-dev", People: 12, Environment: "prod", Causes: []Cause{{Policy: "CA1", Share: Exact(0.5)}}},
			Cell{Workspace: "mlw-prod", People: 11, Causes: []Cause{{Policy: "CA1", Share: Exact(0.9)}}})
	}, []string{"Analysts in mlw-prod"}, nil},
	{"then to production", func() *Input {
		return two(Cell{Workspace: "mlw-dev", People: 12, Environment: "dev", Causes: []Cause{{Policy: "CA1", Share: Exact(0.9)}}},
			Cell{Workspace: "mlw-live", People: 11, Environment: "Production", Causes: []Cause{{Policy: "CA1", Share: Exact(0.89)}}})
	}, []string{"Analysts in mlw-live"}, nil},
	{"clear savings win whatever the share", func() *Input {
		return two(Cell{Workspace: "mlw-dev", People: 40, Environment: "dev"}, Cell{Workspace: "mlw-prod", People: 8, Environment: "prod", Causes: []Cause{{Policy: "CA1", Share: Exact(0.9)}}})
	}, []string{"Analysts in mlw-dev"}, nil},
	{"a set that blocks people overall is not advised", func() *Input {
		in := calm()
		in.Total.Sets[1].Blocks = Exact(0.4)
		return blocked(in, 1, 27)
	}, []string{"No candidate is sure", "‘calm’: less friction, risk kept (over everybody it newly blocks 27 people)"}, []string{"adopt"}},
	{"nor one that blocks somebody for certain", func() *Input { return blocked(calm(), 1, 1) }, []string{"newly blocks 1 person"}, []string{"adopt"}},
	{"another candidate is advised and the trade named", func() *Input {
		in := blocked(calm(), 1, 27)
		return candidate(in, "mild", figures(Exact(2), Exact(0), Exact(0.5)))
	}, []string{"adopt ‘mild’.", "‘calm’ would ask still less, but newly blocks 27 people."}, nil},
	{"overall more risk is a trade", func() *Input {
		in := calm()
		in.Total.Sets[1].Residual = Exact(5)
		return in
	}, []string{"Over everybody it is less friction, more risk.", "decide whether ‘calm’"}, []string{"adopt"}},
	{"people who must register first", func() *Input {
		in := calm()
		in.Sets[1].MissingMethod = 76
		in.Changes = []Change{{Set: 1, Person: "x", Kind: Relieved, Delta: Exact(3)}}
		return in
	}, []string{"newly blocks nobody who has a method it accepts", "But 76 people have never used a method it accepts and would have to register one first."}, nil},
	{"a candidate nobody must register for comes first when nearly as good", func() *Input {
		in := calm()
		in.Sets[1].MissingMethod = 1
		return candidate(in, "mild", figures(Exact(1.4), Exact(0), Exact(0.5)))
	}, []string{"adopt ‘mild’.", "‘calm’ would ask still less, but 1 person has never used"}, nil},
	{"but not when it saves much less", func() *Input {
		in := calm()
		in.Sets[1].MissingMethod = 1
		return candidate(in, "mild", figures(Exact(2.2), Exact(0), Exact(0.5)))
	}, []string{"adopt ‘calm’."}, nil},
	{"certain and uncertain people", func() *Input {
		in := calm()
		in.Changes = []Change{
			{Set: 1, Person: "a", Kind: NewlyPrompted, Delta: Between(0, 4), Certain: true},
			{Set: 1, Person: "b", Kind: NewlyPrompted, Delta: Between(0, 4)},
			{Set: 1, Person: "c", Kind: NewlyPrompted},
			{Set: 1, Person: "a", Kind: Relieved, Delta: Between(0, 1)},
		}
		return in
	}, []string{"newly blocks nobody; it newly prompts 1 person, perhaps up to 3; it relieves nobody for certain, perhaps up to 1 person."}, nil},
	{"a gain below the floor is none", func() *Input {
		in := replayed(bare(), figures(Exact(3), Exact(0), Exact(0.002)), figures(Exact(2), Exact(0), Exact(1)))
		return candidate(in, "calm", figures(Exact(1), Exact(0), Exact(0.001)))
	}, []string{"stays at about 0.002."}, []string{"goes from"}},
	{"below what is shown", func() *Input {
		in := replayed(bare(), figures(Exact(3), Exact(0), Exact(0.0002)), figures(Exact(2), Exact(0), Exact(1)))
		return candidate(in, "calm", figures(Exact(1), Exact(0), Exact(0.0001)))
	}, []string{"stays below 0.001."}, nil},
	{"results of other policies, none enforced", func() *Input {
		in := calm()
		in.Elsewhere = 1200
		in.Policies = []Policy{{Name: "CA1", State: "disabled"}, {Name: "CA2", State: "reportOnly"}}
		return in
	}, []string{"the log’s policy results are of other policies than the ones given (1,200 results), so the replay could not be checked", "none of the 2 current policies is enabled, so nothing is enforced"}, nil},
	{"conditions nobody evaluates", func() *Input {
		in := calm()
		in.Sets[1].Incomplete = 1
		return in
	}, []string{"1 policy of candidate ‘calm’ has conditions that are not evaluated; what it relieves may be too much"}, nil},
	{"reproduced prompts", func() *Input {
		in := calm()
		in.Fidelity = []Fidelity{{Policy: "CA1", Compared: 10, Agree: 9}}
		in.Prompted = PromptFidelity{Recorded: 3772, Matched: 3020, Open: 726, Missed: 26}
		return in
	}, []string{"it reproduces 80% of 3,772 recorded prompts for certain, another 19% within its bounds, and misses 0.7%"}, nil},
	{"without groups a workspace below the average does not pay", func() *Input {
		in := two(Cell{Workspace: "mlw-big", People: 30}, Cell{Workspace: "mlw-hot", People: 6})
		in.Directory, in.Cells[0].Group, in.Cells[1].Group = false, "", ""
		in.Cells[0].Recorded, in.Cells[1].Recorded = recordedFigures(30, 1, 0, 2, 0, 0), recordedFigures(6, 4, 0, 9, 0, 0)
		return in
	}, []string{"All 40 people are asked", "In mlw-hot, where 6 of the 40 sign in"}, []string{"everybody"}},
	{"a missing fact in words", func() *Input {
		in := calm()
		in.Total.Sets[0].Unknown = Exact(0.5)
		in.Quality.Missing = []MissingFact{{Fact: "users", Verdicts: 9}}
		return in
	}, []string{"above all group membership"}, []string{"most of all"}},
	{"one person, one sign-in, three days", func() *Input {
		in := bare()
		in.People, in.SignIns, in.Total.People, in.Cells, in.Days = 1, 1, 1, nil, 2.8
		return in
	}, []string{"1 sign-in of 1 person", "The one person seen is asked to authenticate 0.8 times in 3 days, 0.8 of them"}, []string{"1 sign-ins", "each", "a week each"}},
	{"weakly placed sign-ins", func() *Input {
		in := calm()
		in.Quality.Tiers = []Share{{"exact", 0.67}, {"weak", 0.2}, {"candidate", 0.13}}
		return in
	}, []string{"33% of sign-ins have only weak signs of their workspace, so workspace figures are partly split by share"}, nil},
}

// TestAdvice: what the lead must and must not say.
func TestAdvice(t *testing.T) {
	for _, c := range adviceCases {
		t.Run(c.name, func(t *testing.T) {
			m := Build(c.input())
			got := m.Subtitle + "\n"
			for _, l := range m.Lead {
				got += l.Plain() + "\n"
			}
			for _, want := range c.says {
				if !strings.Contains(got, want) {
					t.Errorf("lead lacks %q:\n%s", want, got)
				}
			}
			for _, bad := range c.not {
				if strings.Contains(got, bad) {
					t.Errorf("lead says %q:\n%s", bad, got)
				}
			}
		})
	}
}
