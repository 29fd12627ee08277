package directory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/signin"
)

// toggle is one change of a made-up tenant: somebody joins or leaves a group.
type toggle struct {
	at         signin.Time
	group, who string
	joined     bool
}

// tenant is a made-up tenant over time: three groups nested at random without
// cycles, three users, and every change.
type tenant struct {
	start   map[[2]string]bool
	changes []toggle
}

func randomTenant(rng *rand.Rand) *tenant {
	w := &tenant{start: map[[2]string]bool{}}
	var pairs [][2]string
	for g := 1; g <= 3; g++ {
		for u := 1; u <= 3; u++ {
			pairs = append(pairs, [2]string{fmt.Sprintf("g%d", g), fmt.Sprintf("u%d", u)})
		}
		for n := g + 1; n <= 3; n++ {
			pairs = append(pairs, [2]string{fmt.Sprintf("g%d", g), fmt.Sprintf("g%d", n)})
		}
	}
	for _, who := range []string{"u1", "u2", "u3", "g1", "g2"} {
		pairs = append(pairs, [2]string{"r1", who})
	}
	now := map[[2]string]bool{}
	for _, p := range pairs {
		w.start[p] = rng.IntN(3) == 0
		now[p] = w.start[p]
	}
	at := t0
	for range rng.IntN(9) {
		at += signin.Time(1+rng.IntN(40)) * signin.Hour
		p := pairs[rng.IntN(len(pairs))]
		now[p] = !now[p]
		w.changes = append(w.changes, toggle{at, p[0], p[1], now[p]})
	}
	return w
}

func (w *tenant) direct(group, who string, at signin.Time) bool {
	v := w.start[[2]string{group, who}]
	for _, c := range w.changes {
		if c.group == group && c.who == who && c.at <= at {
			v = c.joined
		}
	}
	return v
}

func (w *tenant) member(group, who string, at signin.Time) bool {
	if w.direct(group, who, at) {
		return true
	}
	for n := 1; n <= 3; n++ {
		if g := fmt.Sprintf("g%d", n); g != who && w.direct(group, g, at) && w.member(g, who, at) {
			return true
		}
	}
	return false
}

func (w *tenant) holds(who string, at signin.Time) bool {
	held := w.direct("r1", who, at)
	for _, g := range []string{"g1", "g2"} {
		held = held || w.direct("r1", g, at) && w.member(g, who, at)
	}
	return held
}

// export is what a snapshot at a time holds of the groups chosen.
func (w *tenant) export(d *Directory, at signin.Time, groups []string, expanded bool) {
	if len(groups) != 2 {
		for _, who := range []string{"u1", "u2", "u3", "g1", "g2"} {
			if w.direct("r1", who, at) {
				if who[0] == 'g' {
					d.AddGroup(Group{ID: who})
				}
				d.AddRole(who, "r1", 0, 0)
			}
		}
		d.SetRolesComplete()
	}
	for _, g := range groups {
		d.AddGroup(Group{ID: g, Complete: true, Transitive: expanded})
		for _, who := range []string{"u1", "u2", "u3", "g1", "g2", "g3"} {
			if who != g && (!expanded && w.direct(g, who, at) || expanded && w.member(g, who, at)) {
				if who[0] == 'g' {
					d.AddGroup(Group{ID: who})
				}
				d.AddMember(g, who, 0, 0)
			}
		}
	}
}

// Whatever was exported when, and as direct or expanded lists: together with the
// whole audit log the answer is the truth or open, and with direct lists of
// every group it is the truth.
func TestExportsAndLogTellTheTruth(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	all := []string{"g1", "g2", "g3"}
	told, open := 0, 0
	for round := range 1000 {
		w := randomTenant(rng)
		exact := rng.IntN(2) == 0
		d := New()
		for i := 1; i <= 3; i++ {
			d.AddUser(User{ID: fmt.Sprintf("u%d", i)})
		}
		some := func() []string {
			if exact {
				return all
			}
			return slices.DeleteFunc(slices.Clone(all), func(string) bool { return rng.IntN(3) == 0 })
		}
		undated := rng.IntN(2) == 0
		if undated {
			w.export(d, signin.Latest, some(), !exact && rng.IntN(2) == 0)
		}
		for _, c := range w.changes {
			if c.who[0] == 'g' {
				d.AddGroup(Group{ID: c.who})
			}
			if c.group == "r1" {
				d.AddRoleChange(c.who, c.group, c.at, c.joined)
				continue
			}
			d.AddGroup(Group{ID: c.group})
			d.AddMemberChange(c.group, c.who, c.at, c.joined)
		}
		at, n := 0, rng.IntN(3)
		if !undated {
			n++
		}
		for range n {
			at += rng.IntN(12)
			from := t0 + signin.Time(at)*day
			s := New()
			w.export(s, from+signin.Time(rng.IntN(24))*signin.Hour, some(), !exact && rng.IntN(2) == 0)
			d.addSnapshot(s, moment{from, from + day})
			at++
		}
		d.Seal()
		for h := -20; h < 400; h += 3 {
			x := t0 + signin.Time(h)*signin.Hour
			for _, u := range []string{"u1", "u2", "u3"} {
				want := signin.TruthOf(w.holds(u, x))
				if got := d.HasRole(u, "r1", x); got != want && (exact || got != signin.Unknown) {
					t.Fatalf("round %d: r1 of %s at hour %d: %v, truth %v; changes %v", round, u, h, got, want, w.changes)
				}
			}
			for _, g := range all {
				for _, u := range []string{"u1", "u2", "u3"} {
					want := signin.TruthOf(w.member(g, u, x))
					got := d.Member(u, g, x)
					told++
					if got == signin.Unknown {
						open++
					}
					if got != want && (exact || got != signin.Unknown) {
						t.Fatalf("round %d: %s in %s at hour %d: %v, truth %v; changes %v; groups %+v %+v %+v", round, u, g, h, got, want, w.changes, d.groups["g1"], d.groups["g2"], d.groups["g3"])
					}
				}
			}
		}
	}
	if open*3 > told*2 {
		t.Errorf("%d of %d answers are open", open, told)
	}
}

func TestRecordsOfTheTime(t *testing.T) {
	d := New()
	d.AddUser(User{ID: "late", UserPrincipalName: "late@example.com"})
	for i, day := range []string{"2026-05-01", "2026-06-01"} {
		from, to, _ := FolderDate(day)
		s := New()
		s.AddUser(User{ID: "u", UserPrincipalName: "ana@example.com", UserType: []string{"Guest", "Member"}[i]})
		s.AddDevice(Device{ID: "d", TrustType: "AzureAD", Compliant: signin.TruthOf(i == 0)})
		d.addSnapshot(s, moment{from, to})
	}
	d.Seal()
	may, _, _ := FolderDate("2026-05-01")
	june, _, _ := FolderDate("2026-06-01")
	for _, c := range []struct {
		at   signin.Time
		kind string
		ok   signin.Truth
	}{{may - day, "Guest", signin.True}, {may, "Guest", signin.True}, {june - 1, "Guest", signin.True}, {june, "Member", signin.False}, {june + 99*day, "Member", signin.False}} {
		if u := d.UserAt("U", c.at); u.UserType != c.kind {
			t.Errorf("at %s: %+v", c.at, u)
		}
		if v := d.DeviceAt("D", c.at); v.Compliant != c.ok {
			t.Errorf("at %s: %+v", c.at, v)
		}
	}
	if d.User("u").UserType != "Member" || d.UserAt("late", may).UserPrincipalName != "late@example.com" || d.UserAt("nobody", may) != nil || d.DeviceAt("", may) != nil {
		t.Error("records without a date")
	}
	if c := d.DeviceChanges("d"); len(c) != 1 || c[0] != june {
		t.Errorf("device changes %v", c)
	}
}

func TestAnyGroupAnyRole(t *testing.T) {
	d := New()
	for _, u := range []string{"in", "none", "open"} {
		d.AddUser(User{ID: u})
	}
	d.AddGroup(Group{ID: "g", Complete: true})
	d.AddMember("g", "in", t0, t0+day)
	d.AddRole("in", "r", t0, t0+day)
	d.SetGroupsKnown("none")
	d.SetRolesKnown("none")
	d.SetGroupsKnown("in")
	d.SetRolesKnown("in")
	d.Seal()
	for _, c := range []struct {
		user string
		at   signin.Time
		want signin.Truth
	}{{"in", t0, signin.True}, {"in", t0 + day, signin.False}, {"none", t0, signin.False}, {"open", t0, signin.Unknown}} {
		if g, r := d.AnyGroup(c.user, c.at), d.AnyRole(c.user, c.at); g != c.want || r != c.want {
			t.Errorf("%s at %s: group %v role %v, want %v", c.user, c.at, g, r, c.want)
		}
	}
	d.SetRolesComplete()
	d.Seal()
	if got := d.AnyRole("open", t0); got != signin.False {
		t.Errorf("every role is listed: %v", got)
	}
}
