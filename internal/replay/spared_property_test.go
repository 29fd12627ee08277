package replay

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
)

// sparedRow is what one sign-in of u1, who is in groups "a" and "b" and not in "c"
// and "d", comes to under the policies.
func sparedRow(t *testing.T, policies []string) (excluded, perhaps float64) {
	t.Helper()
	dir := directory.New()
	dir.AddUser(directory.User{ID: "u1"})
	for _, g := range []string{"a", "b", "c", "d"} {
		dir.AddGroup(directory.Group{ID: g, Complete: true})
	}
	dir.AddMember("a", "u1", 0, 0)
	dir.AddMember("b", "u1", 0, 0)
	dir.Seal()
	s := newStory()
	s.at(0, both)
	c := total(t, s.run(Config{Engines: []*policy.Engine{engineWith(t, dir, policies...)}, Directory: dir}))
	return c.Excluded, c.Perhaps
}

// madeUp is a policy as the rule of exclusions sees it.
type madeUp struct {
	everybody        bool
	include, exclude []string
	mfa              bool
	hours            int
}

func (m *madeUp) json(n int, keep func(string) bool) string {
	pick := func(from []string) []string {
		return slices.DeleteFunc(slices.Clone(from), func(g string) bool { return !keep(g) })
	}
	parts := []string{without(pick(m.exclude)...)}
	if !m.everybody {
		parts = append(parts, only(pick(m.include)...))
	}
	if m.mfa {
		parts = append(parts, mfa)
	}
	if m.hours > 0 {
		parts = append(parts, every(m.hours))
	}
	return policyJSON(fmt.Sprint("p", n), parts...)
}

// applies, and leaves out, by what u1 is in.
func (m *madeUp) included() bool { return m.everybody || anyOf(m.include, "a", "b") }
func (m *madeUp) leftOut() bool  { return anyOf(m.exclude, "a", "b") }

func anyOf(list []string, of ...string) bool {
	return slices.ContainsFunc(of, func(g string) bool { return slices.Contains(list, g) })
}

// Whether a sign-in is spared, for made-up sets of policies:
//   - it is what the rule of docs/metrics.md says, told in its own words;
//   - groups the person is not in, wherever they are named, change nothing;
//   - nor does the order of the policies;
//   - nobody is spared whom no policy leaves out;
//   - nothing is perhaps where everything is known.
func TestSparedProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 23))
	groups := []string{"a", "b", "c", "d"}
	some := func(p float64) (out []string) {
		for _, g := range groups {
			if rng.Float64() < p {
				out = append(out, g)
			}
		}
		return out
	}
	seen := map[bool]int{}
	for range 400 {
		var set []madeUp
		for range 2 + rng.IntN(3) {
			m := madeUp{everybody: rng.IntN(3) == 0, include: some(0.5), exclude: some(0.25), mfa: rng.IntN(4) > 0, hours: []int{0, 4, 8, 24}[rng.IntN(4)]}
			if m.mfa || m.hours > 0 {
				set = append(set, m)
			}
		}
		if len(set) == 0 {
			continue
		}
		want, any := 0.0, false
		for i := range set {
			p := &set[i]
			if !p.included() || !p.leftOut() {
				continue
			}
			any = true
			grant, hours := !p.mfa, p.hours == 0
			for k := range set {
				q := &set[k]
				if k == i || !q.included() || q.leftOut() {
					continue
				}
				own := slices.ContainsFunc([]string{"a", "b"}, func(g string) bool {
					return slices.Contains(p.exclude, g) && !q.everybody && slices.Contains(q.include, g)
				})
				grant = grant || q.mfa
				hours = hours || q.hours > 0 && (q.hours <= p.hours || own)
			}
			if !grant || !hours {
				want = 1
			}
		}
		var all, mine, turned []string
		for i := range set {
			all = append(all, set[i].json(i, func(string) bool { return true }))
			mine = append(mine, set[i].json(i, func(g string) bool { return g == "a" || g == "b" }))
		}
		turned = slices.Clone(all)
		slices.Reverse(turned)
		got, open := sparedRow(t, all)
		if got != want || open != 0 || !any && got != 0 {
			t.Fatalf("excluded %v, perhaps %v, want %v, 0: %+v", got, open, want, set)
		}
		if alone, _ := sparedRow(t, mine); alone != got {
			t.Fatalf("excluded %v, without groups of others %v: %+v", got, alone, set)
		}
		if other, _ := sparedRow(t, turned); other != got {
			t.Fatalf("excluded %v, in the other order %v: %+v", got, other, set)
		}
		seen[got > 0]++
	}
	if seen[true] < 50 || seen[false] < 50 {
		t.Errorf("too few of one kind: %v", seen)
	}
}
