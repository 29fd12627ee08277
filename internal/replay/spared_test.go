package replay

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"

	"github.com/google/go-cmp/cmp"
)

// engineWith is engine with a directory.
func engineWith(t testing.TB, dir *directory.Directory, policies ...string) *policy.Engine {
	t.Helper()
	set, _, err := policy.Parse("set", []byte("["+strings.Join(policies, ",")+"]"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := policy.NewEngine(set, dir, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func without(groups ...string) string {
	b, _ := json.Marshal(groups)
	return fmt.Sprintf(`{"conditions":{"users":{"excludeGroups":%s}}}`, b)
}

func only(groups ...string) string {
	b, _ := json.Marshal(groups)
	return fmt.Sprintf(`{"conditions":{"users":{"includeUsers":[],"includeGroups":%s}}}`, b)
}

// Who counts as excluded, of four sign-ins an hour apart, two of them to app "x".
func TestSpared(t *testing.T) {
	dir := directory.New()
	dir.AddUser(directory.User{ID: "u1"})
	for _, g := range []string{"out", "later", "others"} {
		dir.AddGroup(directory.Group{ID: g, Complete: true})
	}
	dir.AddGroup(directory.Group{ID: "open"})
	dir.AddMember("out", "u1", 0, 0)
	dir.AddMember("later", "u1", t0+2*hour, 0)
	dir.AddRole("u1", "role", 0, 0)
	dir.SetRolesComplete()
	dir.Seal()
	const ex = `{"conditions":{"users":{"excludeUsers":["u1"]}}}`
	for name, c := range map[string]struct {
		set               []string
		excluded, perhaps float64
		policies          []float64
	}{
		"by group":                     {[]string{policyJSON("mfa", mfa, without("out"))}, 4, 0, []float64{4}},
		"by name":                      {[]string{policyJSON("mfa", mfa, ex)}, 4, 0, []float64{4}},
		"by role":                      {[]string{policyJSON("mfa", mfa, `{"conditions":{"users":{"excludeRoles":["role"]}}}`)}, 4, 0, []float64{4}},
		"for some of the time":         {[]string{policyJSON("mfa", mfa, without("later"))}, 2, 0, []float64{2}},
		"from a policy for other work": {[]string{policyJSON("mfa", mfa, without("out"), apps("x"))}, 2, 0, []float64{2}},
		"from a policy for nothing":    {[]string{policyJSON("mfa", mfa, without("out"), apps("y"))}, 0, 0, []float64{0}},
		"others are":                   {[]string{policyJSON("mfa", mfa, without("others"))}, 0, 0, []float64{0}},
		"never included":               {[]string{policyJSON("mfa", mfa, only("others"), without("out"))}, 0, 0, []float64{0}},
		"not told":                     {[]string{policyJSON("mfa", mfa, without("open"))}, 0, 4, []float64{0}},
		"from a block":                 {[]string{policyJSON("no", block, without("out"))}, 4, 0, []float64{4}},
		"from a frequency":             {[]string{policyJSON("sif", every(4), without("out"))}, 4, 0, []float64{4}},
		"from a report-only policy":    {[]string{reportOnly("mfa", mfa, without("out"))}, 0, 0, []float64{0}},
		"from what asks for nothing":   {[]string{policyJSON("app", without("out"), `{"sessionControls":{"applicationEnforcedRestrictions":{"isEnabled":true}}}`)}, 0, 0, []float64{0}},
		"another asks for as much":     {[]string{policyJSON("mfa", mfa, without("out")), policyJSON("theirs", mfa, only("out"))}, 0, 0, []float64{0, 0}},
		"another asks for less": {[]string{
			policyJSON("mfa", mfa, every(4), without("out")), policyJSON("theirs", mfa, only("out")),
		}, 4, 0, []float64{4, 0}},
		"another asks at other hours": {[]string{
			policyJSON("mfa", mfa, every(4), without("out")), policyJSON("theirs", mfa, every(24), only("out")),
		}, 0, 0, []float64{0, 0}},
		"others' hours are not theirs": {[]string{
			policyJSON("mfa", mfa, every(4), without("out", "others")), policyJSON("theirs", mfa, every(24), only("others", "later")),
		}, 4, 0, []float64{4, 0}},
		"whose hours is not told": {[]string{
			policyJSON("mfa", mfa, every(4), without("out", "open")), policyJSON("theirs", mfa, every(24), only("open"), `{"conditions":{"users":{"includeUsers":["u1"]}}}`),
		}, 0, 4, []float64{0, 0}},
		"whether another applies is not told": {[]string{
			policyJSON("mfa", mfa, without("out")), policyJSON("theirs", mfa, only("open")),
		}, 0, 4, []float64{0, 0}},
		"two ask for it together": {[]string{
			policyJSON("mfa", mfa, every(4), without("out")), policyJSON("theirs", mfa, only("out")), policyJSON("sif", every(4)),
		}, 0, 0, []float64{0, 0, 0}},
		"back to a team's hours": {[]string{
			policyJSON("mfa", mfa, every(4), without("out")), policyJSON("team", mfa, every(8), only("later")),
		}, 4, 0, []float64{4, 0}},
		"back to everybody's hours": {[]string{
			policyJSON("mfa", mfa, every(4), without("out")), policyJSON("all", mfa, every(8)),
		}, 4, 0, []float64{4, 0}},
		"a block asks for more until it leaves them out": {[]string{policyJSON("mfa", mfa, without("out")), policyJSON("no", block, apps("x"), without("later"))}, 3, 0, []float64{3, 1}},
	} {
		s := newStory()
		s.at(0, both).at(hour, claim, app("x")).at(2*hour, claim).at(3*hour, claim, app("x"))
		tl := s.run(Config{Engines: []*policy.Engine{engineWith(t, dir, c.set...)}, Directory: dir})
		got := total(t, tl)
		var spared []float64
		for i := range tl.Policies[0] {
			p := &tl.Policies[0][i]
			spared = append(spared, p.Spared)
			if want := math.Min(1, p.Spared); p.SparedPeople != want {
				t.Errorf("%s: policy %d spares %v people, want %v", name, i, p.SparedPeople, want)
			}
		}
		if got.Excluded != c.excluded || got.Perhaps != c.perhaps || !cmp.Equal(spared, c.policies) {
			t.Errorf("%s: excluded %v, perhaps %v, policies %v; want %v, %v, %v", name, got.Excluded, got.Perhaps, spared, c.excluded, c.perhaps, c.policies)
		}
	}
}

// What a candidate that ends an exclusion asks of the excluded is a forecast.
func TestForecastOfExcludedIsMarked(t *testing.T) {
	dir := directory.New()
	dir.AddGroup(directory.Group{ID: "out", Complete: true})
	dir.AddMember("out", "u1", 0, 0)
	dir.Seal()
	for _, excluded := range []bool{true, false} {
		now, then := policyJSON("mfa", mfa), policyJSON("mfa", mfa, every(1))
		if excluded {
			now, then = policyJSON("mfa", mfa, without("out")), now
		}
		s := newStory()
		s.at(0, password).at(3 * hour).at(5 * hour)
		tl := s.run(Config{Engines: []*policy.Engine{engineWith(t, dir, now), engineWith(t, dir, then)}, Directory: dir})
		if len(tl.Changes) != 1 || tl.Changes[0].Modelled != excluded {
			t.Errorf("excluded %v: %+v", excluded, tl.Changes)
		}
		sum := Summarize(tl, SummaryOptions{})
		if (sum.Total.Excluded.People == 1) != excluded || sum.Total.People+sum.Total.Excluded.People != 1 {
			t.Errorf("excluded %v: %+v", excluded, sum.Total)
		}
		if p := sum.Total.Sets[1].Sum.Prompts; excluded && (p != (Bounds{}) || sum.Total.Excluded.Sets[1].Prompts.High == 0 || sum.Candidates[1].Excluded == 0) {
			t.Errorf("the forecast is among the measured: %+v %+v", p, sum.Total.Excluded)
		}
	}
}

// crowdApart is a crowd of whom a third is excluded for two days.
func crowdApart(t testing.TB, n int) *Tally {
	cfg, sym, hs, as := crowd(t, n)
	policies := []string{policyJSON("mfa", mfa, every(8), without("g1"))}
	cfg.Engines[0] = engineWith(t, cfg.Directory, policies...)
	w := New(cfg, sym)
	for i := range hs {
		w.Person(hs[i], as[i])
	}
	return w.Tally()
}

// figures are all of a person's figures that add up, by name.
func figures(t *testing.T, rec *Recorded, sets []Outcome) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	flat := func(prefix string, v any) {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		for k, x := range m {
			switch x := x.(type) {
			case float64:
				out[prefix+k] += x
			case map[string]any:
				// One person's two worlds are put in order cell by cell, so of bounds the sum
				// of both ends is what adds up.
				out[prefix+k] += x["low"].(float64) + x["high"].(float64)
			}
		}
	}
	flat("recorded.", rec)
	for i := range sets {
		flat(fmt.Sprintf("set %d.", i), &sets[i])
	}
	return out
}

func add(m, x map[string]float64) {
	for k, v := range x {
		m[k] += v
	}
}

func same(t *testing.T, what string, a, b map[string]float64) {
	t.Helper()
	for k := range b {
		a[k] += 0
	}
	for k := range a {
		if d := math.Abs(a[k] - b[k]); d > 1e-6*math.Max(1, math.Abs(a[k])) {
			t.Errorf("%s: %s is %v and %v", what, k, a[k], b[k])
		}
	}
}

// Of every person and group, every figure of the workspaces, of the unknown
// workspace and of other work adds up to that of all work.
func TestWorkspacesAddUp(t *testing.T) {
	tl := crowdApart(t, 40)
	type who struct{ person, group string }
	all, parts := map[who]map[string]float64{}, map[who]map[string]float64{}
	for i := range tl.People {
		p := &tl.People[i]
		k, to := who{p.Person, p.Cell.Group}, parts
		if p.Cell.Workspace == "" {
			to = all
		}
		if to[k] == nil {
			to[k] = map[string]float64{}
		}
		x := figures(t, &p.Recorded, p.Sets)
		x["excluded"], x["perhaps"] = p.Excluded, p.Perhaps
		for tier, n := range p.TierWeight {
			x[fmt.Sprint("tier ", directory.Tier(tier))] += n //nolint:gosec // five tiers
		}
		add(to[k], x)
	}
	if len(all) < 40 {
		t.Fatalf("only %d people and groups", len(all))
	}
	for k := range all {
		same(t, fmt.Sprint(k), all[k], parts[k])
	}
}

// Excluded and included people are all people, in every cell and figure; risk is of everybody.
func TestExcludedAndIncludedAreAll(t *testing.T) {
	tl := crowdApart(t, 40)
	s := Summarize(tl, SummaryOptions{})
	excluded := tl.ExcludedPeople()
	if len(excluded) < 5 || len(excluded) > 35 {
		t.Fatalf("%d of 40 people are excluded", len(excluded))
	}
	risk := map[string]bool{"risk": true, "residual": true, "stopped": true, "attacks": true, "attacksThrough": true, "unknown": true, "uncovered": true}
	for i := range s.Cells {
		c := &s.Cells[i]
		all, mine := map[string]float64{}, map[string]float64{}
		people := 0
		for k := range tl.People {
			p := &tl.People[k]
			if p.Cell != c.Cell {
				continue
			}
			x := figures(t, &p.Recorded, p.Sets)
			add(all, x)
			if !excluded[p.Person] {
				add(mine, x)
			}
			if p.Recorded.SignIns > 0 || p.Recorded.Episodes > 0 {
				people++
			}
		}
		if c.People+c.Excluded.People != people {
			t.Errorf("%+v: %d counted and %d excluded of %d", c.Cell, c.People, c.Excluded.People, people)
		}
		sets := make([]Outcome, len(c.Sets))
		for k := range sets {
			sets[k] = c.Sets[k].Sum
		}
		got, apart := figures(t, &c.Recorded.Sum, sets), figures(t, &c.Excluded.Recorded, c.Excluded.Sets)
		for k := range got {
			if risk[k[strings.LastIndexByte(k, '.')+1:]] || k == "recorded.attack" {
				apart[k] = 0 // of everybody in the cell already
				mine[k] = all[k]
			}
		}
		same(t, fmt.Sprint(c.Cell, " counted"), mine, got)
		add(got, apart)
		same(t, fmt.Sprint(c.Cell), all, got)
	}
}

// Whom no exclusion spares has the figures they have without the excluded in the log.
func TestExcludedMoveNoFigure(t *testing.T) {
	tl := crowdApart(t, 40)
	excluded := tl.ExcludedPeople()
	rest := *tl
	rest.People = nil
	for i := range tl.People {
		if !excluded[tl.People[i].Person] {
			rest.People = append(rest.People, tl.People[i])
		}
	}
	a, b := Summarize(tl, SummaryOptions{}), Summarize(&rest, SummaryOptions{})
	x, y := a.Total, b.Total
	if x.Recorded.Prompts != y.Recorded.Prompts || x.Recorded.NeverPrompted != y.Recorded.NeverPrompted || x.Recorded.WorstDecile != y.Recorded.WorstDecile ||
		x.Recorded.Seconds != y.Recorded.Seconds || x.Sets[1].Prompts != y.Sets[1].Prompts || x.Sets[1].WorstDecile != y.Sets[1].WorstDecile {
		t.Errorf("with the excluded %+v, without %+v", x.Recorded, y.Recorded)
	}
	if x.Sets[0].Sum.Risk <= y.Sets[0].Sum.Risk {
		t.Error("the risk of the excluded is nobody's")
	}
}
