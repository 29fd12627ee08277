package directory

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"frisk/internal/signin"
)

func hours(h int) signin.Time { return t0 + signin.Time(h)*signin.Hour }

func TestWitnesses(t *testing.T) {
	const T, F, U = signin.True, signin.False, signin.Unknown
	build := func(f func(*Directory)) *Directory {
		d := New()
		d.AddUser(User{ID: "u"})
		f(d)
		d.Seal()
		return d
	}
	nothing := build(func(*Directory) {})
	in := build(func(d *Directory) {
		d.AddGroup(Group{ID: "g", Complete: true})
		d.AddMember("g", "u", 0, 0)
	})
	from100 := build(func(d *Directory) {
		d.AddGroup(Group{ID: "g", Complete: true})
		d.AddMember("g", "u", hours(100), 0)
	})
	dated := build(func(d *Directory) {
		for _, h := range []int{100, 300} {
			s := New()
			s.AddGroup(Group{ID: "g", Complete: true})
			s.AddMember("g", "u", 0, 0)
			d.addSnapshot(s, moment{hours(h), hours(h + 1)})
		}
	})
	w := func(from, until int, v bool) Witness {
		return Witness{User: "U", Group: "G", From: hours(from), Until: hours(until), Holds: v}
	}
	for _, c := range []struct {
		name string
		dir  *Directory
		ws   []Witness
		want map[int]signin.Truth
	}{
		{"no witness", in, nil, map[int]signin.Truth{0: T, 500: T}},
		{"agrees", in, []Witness{w(10, 20, true)}, map[int]signin.Truth{0: T, 15: T, 500: T}},
		{"contradicts: open to both sides", in, []Witness{w(10, 20, false)}, map[int]signin.Truth{0: U, 9: U, 10: F, 19: F, 20: U, 500: U}},
		{"contradicts, then agrees", in, []Witness{w(10, 20, false), w(30, 40, true)}, map[int]signin.Truth{5: U, 15: F, 25: U, 35: T, 45: T}},
		{"an instant", in, []Witness{{User: "u", Group: "g", From: hours(10)}}, map[int]signin.Truth{9: U, 10: F, 11: U}},
		{"contradicts up to a dated start", from100, []Witness{w(50, 60, true)}, map[int]signin.Truth{0: U, 55: T, 61: U, 99: U, 100: T, 150: T}},
		{"contradicts after a dated start", from100, []Witness{w(150, 160, false)}, map[int]signin.Truth{50: F, 99: F, 100: U, 155: F, 165: U}},
		{"a dated export is a fact", dated, []Witness{w(200, 210, false)}, map[int]signin.Truth{50: T, 101: U, 150: U, 205: F, 250: U, 300: U, 301: T, 500: T}},
		{"unknown, near witnesses", nothing, []Witness{w(10, 11, true), w(35, 36, true), w(61, 62, true)}, map[int]signin.Truth{9: U, 10: T, 20: T, 35: T, 50: U, 61: T, 62: U}},
		{"unknown, witnesses differ", nothing, []Witness{w(10, 11, true), w(20, 21, false)}, map[int]signin.Truth{10: T, 15: U, 20: F, 21: U}},
		{"two at once differ", in, []Witness{w(10, 20, true), w(15, 25, false)}, map[int]signin.Truth{12: T, 17: U, 22: F, 30: U, 5: T}},
	} {
		d := c.dir.WithWitnesses(c.ws)
		for h, want := range c.want {
			if got := d.Member("u", "g", hours(h)); got != want {
				t.Errorf("%s: hour %d: %v, want %v", c.name, h, got, want)
			}
		}
	}
	if got := in.Member("u", "g", hours(15)); got != T {
		t.Errorf("the directory itself changed: %v", got)
	}
	if (*Directory)(nil).WithWitnesses([]Witness{{User: "u", Group: "g", From: 1}}) != nil {
		t.Error("nil became something")
	}
}

func TestRoleWitness(t *testing.T) {
	d := New()
	d.AddUser(User{ID: "u"})
	d.AddRoleTemplate("instance", "template")
	d.SetRolesComplete()
	d.Seal()
	w := d.WithWitnesses([]Witness{{User: "u", Role: "INSTANCE", From: hours(10), Until: hours(20), Holds: true}})
	if got := w.HasRole("u", "template", hours(15)); got != signin.True {
		t.Errorf("proven role: %v", got)
	}
	if got := w.HasRole("u", "instance", hours(25)); got != signin.Unknown {
		t.Errorf("after it: %v", got)
	}
	if got := w.HasRole("u", "other", hours(15)); got != signin.False {
		t.Errorf("another role: %v", got)
	}
	if n := w.Witnesses(); n != 1 {
		t.Errorf("%d pairs", n)
	}
}

// The laid-out answers are what the rules say, asked at every hour.
func TestWitnessRules(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for round := range 200 {
		d := randomDirectory(rng)
		var ws []Witness
		at, v := 0, rng.IntN(2) == 0
		for range rng.IntN(6) {
			at += 1 + rng.IntN(60)
			w := Witness{User: "u1", Group: "g1", From: hours(at), Holds: v}
			at += 1 + rng.IntN(20)
			w.Until = hours(at)
			ws = append(ws, w)
			if rng.IntN(3) == 0 {
				v = !v
			}
		}
		got := d.WithWitnesses(ws)
		dates := d.groupDates("u1", "g1")
		for h := range 400 {
			x := hours(h)
			want := func() signin.Truth {
				var left, right *Witness
				for i := range ws {
					w := &ws[i]
					if w.From <= x && x < w.Until {
						return signin.TruthOf(w.Holds)
					}
					if w.Until <= x {
						left = w
					} else if right == nil {
						right = w
					}
				}
				b := d.Member("u1", "g1", x)
				if b == signin.Unknown {
					if left != nil && right != nil && left.Holds == right.Holds && right.From-left.Until <= signin.Day {
						return signin.TruthOf(left.Holds)
					}
					return b
				}
				wrong := func(w *Witness, from, to signin.Time) bool {
					if w == nil || signin.TruthOf(w.Holds) == b {
						return false
					}
					for _, m := range dates {
						if m.from >= from && m.to <= to {
							return false
						}
					}
					return true
				}
				if left != nil && wrong(left, left.Until, x) || right != nil && wrong(right, x+1, right.From) {
					return signin.Unknown
				}
				return b
			}()
			if g := got.Member("u1", "g1", x); g != want {
				t.Fatalf("round %d hour %d: %v, want %v; base %v; witnesses %v; dates %v", round, h, g, want, d.Member("u1", "g1", x), ws, dates)
			}
		}
	}
}

// randomDirectory has users u1 to u3, groups g1 to g3 nested at random, with
// undated lists, dated ones and an audit log.
func randomDirectory(rng *rand.Rand) *Directory {
	d := New()
	id := func(p string) string { return fmt.Sprintf("%s%d", p, 1+rng.IntN(3)) }
	for i := 1; i <= 3; i++ {
		d.AddUser(User{ID: fmt.Sprintf("u%d", i)})
	}
	fill := func(d *Directory) {
		for i := 1; i <= 3; i++ {
			d.AddGroup(Group{ID: fmt.Sprintf("g%d", i), Complete: rng.IntN(4) > 0, Transitive: rng.IntN(3) == 0})
		}
		for range rng.IntN(6) {
			who := id("u")
			if rng.IntN(3) == 0 {
				who = id("g")
			}
			from, until := signin.Time(0), signin.Time(0)
			if rng.IntN(4) == 0 {
				from = hours(rng.IntN(300))
				until = from + signin.Time(1+rng.IntN(99))*signin.Hour
			}
			d.AddMember(id("g"), who, from, until)
			d.AddRole(who, id("r"), from, until)
		}
		if rng.IntN(2) == 0 {
			d.SetRolesComplete()
		}
		if rng.IntN(4) == 0 {
			d.SetGroupsKnown(id("u"))
		}
	}
	fill(d)
	for range rng.IntN(8) {
		d.AddMemberChange(id("g"), id([]string{"u", "g"}[rng.IntN(2)]), hours(rng.IntN(350)), rng.IntN(2) == 0)
		d.AddRoleChange(id("u"), id("r"), hours(rng.IntN(350)), rng.IntN(2) == 0)
		d.AddUserRisk(id("u"), hours(rng.IntN(350)), []string{"low", "high", ""}[rng.IntN(3)])
	}
	last := 0
	for range rng.IntN(4) {
		s := New()
		fill(s)
		last += 1 + rng.IntN(100)
		d.addSnapshot(s, moment{hours(last), hours(last + 1 + rng.IntN(24))})
	}
	d.Seal()
	return d
}

// Between two instants of Changes every answer stays the same, and sealing
// again changes nothing.
func TestChangesCoverEverything(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		d := randomDirectory(rng)
		var ws []Witness
		for range rng.IntN(5) {
			from := rng.IntN(300)
			ws = append(ws, Witness{User: "u1", Group: "g1", From: hours(from), Until: hours(from + rng.IntN(30)), Holds: rng.IntN(2) == 0},
				Witness{User: "u2", Role: "r1", From: hours(from), Holds: rng.IntN(2) == 0})
		}
		d = d.WithWitnesses(ws)
		again := *d
		again.Seal()
		for i := 1; i <= 3; i++ {
			u := fmt.Sprintf("u%d", i)
			changes := d.Changes(u)
			for h := 1; h < 400; h++ {
				a, b := hours(h-1), hours(h)
				quiet := true
				for _, c := range changes {
					quiet = quiet && (c <= a || c > b)
				}
				for j := 1; j <= 3; j++ {
					g, r := fmt.Sprintf("g%d", j), fmt.Sprintf("r%d", j)
					for name, f := range map[string]func(*Directory, signin.Time) any{
						"member":   func(d *Directory, at signin.Time) any { return d.Member(u, g, at) },
						"role":     func(d *Directory, at signin.Time) any { return d.HasRole(u, r, at) },
						"anygroup": func(d *Directory, at signin.Time) any { return d.AnyGroup(u, at) },
						"risk":     func(d *Directory, at signin.Time) any { l, ok := d.UserRisk(u, at); return fmt.Sprint(l, ok) },
					} {
						if x, y := f(d, a), f(d, b); quiet && x != y {
							t.Fatalf("%s of %s %s: %v at hour %d, %v an hour later; changes %v", name, u, g, x, h-1, y, changes)
						}
						if x, y := f(d, a), f(&again, a); x != y {
							t.Fatalf("%s of %s %s hour %d: %v, sealed again %v", name, u, g, h-1, x, y)
						}
					}
				}
			}
		}
	}
}
