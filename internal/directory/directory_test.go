package directory

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

const day = signin.Day

var t0 = signin.Earliest + 9000*day

func TestMissingMembershipIsUnknown(t *testing.T) {
	d := New()
	d.AddUser(User{ID: "U1"})
	d.AddGroup(Group{ID: "named"})
	d.AddGroup(Group{ID: "whole", Complete: true})
	d.AddMember("whole", "u1", 0, 0)
	d.AddMember("heard-of", "u1", 0, 0)
	d.AddRole("u1", "r1", 0, 0)
	d.Seal()
	for _, c := range []struct {
		user, group string
		want        signin.Truth
	}{
		{"u1", "WHOLE", signin.True},
		{"u2", "whole", signin.False},
		{"u1", "named", signin.Unknown},
		{"u1", "never heard of", signin.Unknown},
		{"u1", "heard-of", signin.True},
		{"u2", "heard-of", signin.Unknown},
	} {
		if got := d.Member(c.user, c.group, t0); got != c.want {
			t.Errorf("%s in %s: %v, want %v", c.user, c.group, got, c.want)
		}
	}
	if got := []signin.Truth{d.HasRole("u1", "R1", t0), d.HasRole("u1", "r2", t0)}; !cmp.Equal(got, []signin.Truth{signin.True, signin.Unknown}) {
		t.Errorf("roles %v", got)
	}
	d.SetRolesComplete()
	if d.HasRole("u1", "r2", t0) != signin.False {
		t.Error("a complete list of roles leaves none open")
	}
	var none *Directory
	if none.Member("u", "g", t0) != signin.Unknown || none.HasRole("u", "r", t0) != signin.Unknown || none.User("u") != nil ||
		none.Device("d") != nil || none.Resolve("u") != "" || none.Changes("u") != nil || none.Users() != nil || none.UserByName("u") != "" {
		t.Error("a nil directory knows something")
	}
}

// A role held by a group whose members are not all known is open for everybody.
func TestRoleOfOpenGroup(t *testing.T) {
	d := New()
	d.SetRolesComplete()
	d.AddGroup(Group{ID: "open"})
	d.AddGroup(Group{ID: "closed", Complete: true})
	d.AddMember("closed", "u1", t0, t0+day)
	d.AddRole("open", "r1", 0, 0)
	d.AddRole("closed", "inst", t0+day/2, 0)
	d.AddRoleTemplate("inst", "r2")
	d.Seal()
	if got := d.HasRole("u1", "r1", t0); got != signin.Unknown {
		t.Errorf("role of an open group: %v", got)
	}
	for at, want := range map[signin.Time]signin.Truth{t0: signin.False, t0 + day/2: signin.True, t0 + day: signin.False} {
		if got := d.HasRole("u1", "r2", at); got != want {
			t.Errorf("at %s: %v, want %v", at, got, want)
		}
	}
	if diff := cmp.Diff([]signin.Time{t0, t0 + day/2, t0 + day}, d.Changes("u1")); diff != "" {
		t.Error(diff)
	}
}

// Membership, expanded once, equals a walk over the groups at each instant, and
// does not change between two Changes.
func TestMemberAgainstWalk(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		d := New()
		type edge struct {
			g, m        string
			from, until signin.Time
		}
		var edges []edge
		id := func(p string, n int) string { return p + strconv.Itoa(rnd.IntN(n)) }
		for i := range 5 {
			d.AddGroup(Group{ID: "g" + strconv.Itoa(i), Complete: true})
		}
		for range 14 {
			e := edge{g: id("g", 5), m: id("u", 4)}
			if rnd.IntN(2) == 0 {
				e.m = id("g", 5) // cycles and self-nesting included
			}
			if rnd.IntN(2) == 0 {
				e.from = t0 + signin.Time(rnd.IntN(10))*day
			}
			if rnd.IntN(2) == 0 {
				e.until = t0 + signin.Time(10+rnd.IntN(10))*day
			}
			edges = append(edges, e)
			d.AddMember(e.g, e.m, e.from, e.until)
		}
		d.Seal()
		var walk func(g, u string, at signin.Time, seen map[string]bool) bool
		walk = func(g, u string, at signin.Time, seen map[string]bool) bool {
			if seen[g] {
				return false
			}
			seen[g] = true
			for _, e := range edges {
				if e.g == g && (span{e.from, e.until}).holds(at) && (e.m == u || e.m[0] == 'g' && walk(e.m, u, at, seen)) {
					return true
				}
			}
			return false
		}
		for range 200 {
			g, u, at := id("g", 5), id("u", 4), t0+signin.Time(rnd.IntN(44)-2)*day/2
			want := signin.TruthOf(walk(g, u, at, map[string]bool{}))
			if got := d.Member(u, g, at); got != want {
				t.Fatalf("%s in %s at %s: %v, want %v\n%v", u, g, at, got, want, edges)
			}
			next := signin.Latest
			for _, c := range d.Changes(u) {
				if c > at {
					next = c
					break
				}
			}
			if next > at+1 && d.Member(u, g, next-1) != want {
				t.Fatalf("%s in %s changes between %s and %s", u, g, at, next)
			}
		}
	}
}

// Forty layers of diamonds have 2^40 paths.
func TestSealDiamonds(t *testing.T) {
	d := New()
	for i := range 40 {
		for _, from := range []string{"a", "b"} {
			for _, to := range []string{"a", "b"} {
				d.AddMember(from+strconv.Itoa(i), to+strconv.Itoa(i+1), 0, 0)
			}
		}
	}
	d.AddMember("a40", "u", 0, 0)
	d.AddMember("b40", "u", t0, 0)
	d.Seal()
	if d.Member("u", "a0", t0-1) != signin.True || d.Member("u", "b39", t0) != signin.True {
		t.Error("a member at the bottom is none at the top")
	}
}

func TestResolve(t *testing.T) {
	d := New()
	d.AddUser(User{ID: "U1", UserPrincipalName: "Ana@example.com", Mail: "a@example.org"})
	d.AddUser(User{ID: "u1", DisplayName: "Ana"}) // completes
	d.AddUser(User{ID: "a@example.org"})          // an id that looks like another's mail
	d.AddGroup(Group{ID: "g1", DisplayName: "Twice"})
	d.AddGroup(Group{ID: "g2", DisplayName: "twice"})
	d.AddGroup(Group{ID: "g3", DisplayName: "Once"})
	for name, want := range map[string]string{
		"u1": "u1", " U1 ": "u1", "ANA@example.com": "u1", "A@example.org": "a@example.org", "nobody": "", "": "",
	} {
		if got := d.Resolve(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if d.GroupByName("once") != "g3" || d.GroupByName("twice") != "" || d.GroupByName("") != "" {
		t.Error("group names")
	}
	if diff := cmp.Diff(&User{ID: "u1", UserPrincipalName: "Ana@example.com", Mail: "a@example.org", DisplayName: "Ana"}, d.User("U1")); diff != "" {
		t.Error(diff)
	}
}

func TestParseTime(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-01T08:00:00Z":         "2026-03-01T08:00:00Z",
		"2026-03-01T08:00:00.1234567Z": "2026-03-01T08:00:00.123456Z",
		"2026-03-01T08:00:00+02:00":    "2026-03-01T06:00:00Z",
		"2026-03-01T08:00:00.000+0200": "2026-03-01T06:00:00Z",
		"2026-03-01 08:00:00":          "2026-03-01T08:00:00Z",
		"2026-03-01":                   "2026-03-01T00:00:00Z",
		"4/26/2021, 7:18:24.156 PM":    "2021-04-26T19:18:24.156Z",
		"11/4/2020 21:11":              "2020-11-04T21:11:00Z",
		"12/Mar/26 9:30 AM":            "2026-03-12T09:30:00Z",
		"0001-01-01T00:00:00Z":         "",
		"9999-12-31T23:59:59.9999999Z": "",
	} {
		got, err := parseTime(in)
		if err != nil || got.String() != want {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "soon", "26/4/2021 7:18", "1999-01-01", "2200-01-01", "2026-02-30"} {
		if got, err := parseTime(in); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
	for in, want := range map[string]signin.Time{"PT8H": 8 * signin.Hour, "P1DT30M": day + 30*signin.Minute, "P2W": 14 * day, "PT0S": 0, "PT1.5S": signin.Second} {
		if got, ok := parseDuration(in); !ok || got != want {
			t.Errorf("%q: %v %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "P", "PT", "P1M", "8H", "PT8H ", "PT99999999999H"} {
		if got, ok := parseDuration(in); ok {
			t.Errorf("%q: %v", in, got)
		}
	}
}
