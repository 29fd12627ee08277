package policy

import (
	"net/netip"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

const day0 = testEpoch

// everyone is a policy for all users and resources, to be narrowed.
func everyone(f func(*Policy)) *Set {
	p := &Policy{
		Name: "P", State: Enabled, Users: Users{IncludeUsers: []string{"all"}},
		Apps: Apps{Include: []string{"all"}}, Grant: &Grant{Controls: ControlBlock},
	}
	f(p)
	return &Set{Policies: []*Policy{p}, LocationsKnown: true}
}

// The level that held at the time of the sign-in counts, and what nobody
// exported is Unknown.
func TestRiskAtTheTime(t *testing.T) {
	dir := directory.New()
	dir.AddUser(directory.User{ID: "u1", UserPrincipalName: "ann@example.com", UserType: "Member"})
	for at, level := range map[signin.Time]string{day0: "low", day0 + signin.Day: "high", day0 + 2*signin.Day: "none", day0 + 3*signin.Day: "hidden"} {
		dir.AddUserRisk("u1", at, level)
		dir.AddServicePrincipalRisk("sp1", at, level)
	}
	dir.AddInsiderRisk("u1", day0, "minor")
	dir.AddInsiderRisk("u1", day0+signin.Day, "elevated")
	dir.Seal()
	user := signin.Principal{ID: "u1", Kind: signin.Member}
	service := signin.Principal{ID: "sp1", Kind: signin.Service}
	high := func(p *Policy) { p.UserRisk = []string{"high"} }
	insider := func(p *Policy) { p.InsiderRisk = []string{"elevated"} }
	workload := func(p *Policy) {
		p.Users.IncludeUsers = []string{"none"}
		p.Workload = &Workload{Include: []string{"sp1"}}
		p.ServicePrincipalRisk = []string{"high"}
	}
	for i, c := range []struct {
		policy func(*Policy)
		who    signin.Principal
		home   string
		at     signin.Time
		want   signin.Truth
	}{
		{high, user, "t1", -signin.Hour, signin.Unknown},
		{high, user, "t1", signin.Hour, signin.False},
		{high, user, "t1", signin.Day, signin.True},
		{high, user, "t1", 2*signin.Day - 1, signin.True},
		{high, user, "t1", 2 * signin.Day, signin.False},
		{high, user, "t1", 3 * signin.Day, signin.Unknown},
		{high, signin.Principal{ID: "u2", Kind: signin.Member}, "t1", 0, signin.Unknown},
		{high, signin.Principal{ID: "guest", Kind: signin.Guest}, "t2", 0, signin.Unknown},
		{insider, user, "t1", 0, signin.False},
		{insider, user, "t1", signin.Day, signin.True},
		{workload, service, "t1", 0, signin.False},
		{workload, service, "t1", signin.Day, signin.True},
		{workload, signin.Principal{ID: "sp1", Kind: signin.Machine}, "t1", signin.Day, signin.False},
	} {
		ev, sym := asked(t, everyone(c.policy), dir, Options{})
		for range 2 { // the second time from memory
			r := signin.RowOf(&signin.Event{Time: day0 + c.at, Principal: c.who, HomeTenant: c.home, ResourceTenant: "t1", Resource: signin.Target{ID: "a"}}, sym)
			if got := truthIn(ev.Match(&r)); got != c.want {
				t.Errorf("case %d: got %s, want %s", i, got, c.want)
			}
		}
	}
}

func truthIn(m Match) signin.Truth {
	switch {
	case m.Applies.Has(0):
		return signin.True
	case m.Unknown.Has(0):
		return signin.Unknown
	}
	return signin.False
}

// Each row is judged by the version of a named location that was in force.
func TestDatedLocations(t *testing.T) {
	place := func(cidr string, f *Force) *NamedLocation {
		return &NamedLocation{ID: "hq", Name: "HQ", Kind: LocationIP, Trusted: true, Ranges: []string{cidr}, Force: f}
	}
	// Seen on day 0 and 2 with one range, on day 4 with another.
	versions := []*NamedLocation{
		place("203.0.113.0/24", &Force{Until: day0 + 2*signin.Day, MaybeUntil: day0 + 4*signin.Day}),
		place("203.0.113.0/28", &Force{MaybeFrom: day0 + 2*signin.Day, From: day0 + 4*signin.Day}),
	}
	for _, list := range [][]string{{"hq"}, {"alltrusted"}} {
		set := everyone(func(p *Policy) { p.Locations = &Choice{Include: list} })
		set.Locations, set.Dated = versions, true
		ev, sym := asked(t, set, nil, Options{})
		for _, c := range []struct {
			ip   string
			day  signin.Time
			want signin.Truth
		}{
			{"203.0.113.9", 1, signin.True},
			{"203.0.113.9", 3, signin.True},
			{"203.0.113.9", 5, signin.True},
			{"203.0.113.99", 1, signin.True},
			{"203.0.113.99", 3, signin.Unknown},
			{"203.0.113.99", 5, signin.False},
			{"198.51.100.1", 1, signin.False},
			{"198.51.100.1", 3, signin.False},
			{"198.51.100.1", 5, signin.False},
		} {
			r := signin.RowOf(&signin.Event{Time: day0 + c.day*signin.Day, Source: signin.Source{IP: netip.MustParseAddr(c.ip)}}, sym)
			if got := truthIn(ev.Match(&r)); got != c.want {
				t.Errorf("%v, %s on day %d: got %s, want %s", list, c.ip, c.day, got, c.want)
			}
		}
	}
}

// A location that came into being between two looks trusts nobody for certain.
func TestNewLocation(t *testing.T) {
	for id, want := range map[string][]signin.Truth{
		"hq":         {signin.Unknown, signin.True, signin.True},
		"alltrusted": {signin.False, signin.Unknown, signin.True},
	} {
		set := everyone(func(p *Policy) { p.Locations = &Choice{Include: []string{id}} })
		set.Dated = true
		set.Locations = []*NamedLocation{{
			ID: "hq", Name: "HQ", Kind: LocationIP, Trusted: true, Ranges: []string{"203.0.113.0/24"},
			Force: &Force{MaybeFrom: day0 + signin.Day, From: day0 + 2*signin.Day},
		}}
		ev, sym := asked(t, set, nil, Options{})
		for day, want := range want {
			at := day0 + signin.Time(day)*signin.Day //nolint:gosec // 0 to 2
			r := signin.RowOf(&signin.Event{Time: at, Source: signin.Source{IP: netip.MustParseAddr("203.0.113.9")}}, sym)
			if got := truthIn(ev.Match(&r)); got != want {
				t.Errorf("%s on day %d: got %s, want %s", id, day, got, want)
			}
		}
	}
}

// Registered methods decide whether a strength can be answered at all: Windows
// Hello cannot be set up when asked, a security key can.
func TestRegisteredMethods(t *testing.T) {
	dir := directory.New()
	dir.SetRegistered("phone", []string{"mobilePhone", "microsoftAuthenticatorPush"})
	dir.SetRegistered("hello", []string{"windowsHelloForBusiness"})
	dir.Seal()
	hello, key := &Strength{Combinations: []MethodSet{MethodWindowsHello}}, &Strength{Combinations: []MethodSet{MethodFIDO2, MethodWindowsHello}}
	for _, c := range []struct {
		user string
		s    *Strength
		want Effect
	}{
		{"phone", hello, Block}, {"hello", hello, Prompt}, {"nobody", hello, Prompt}, {"phone", key, Prompt},
	} {
		ev, sym := asked(t, everyone(func(p *Policy) { p.Grant = &Grant{Controls: ControlStrength, Strength: c.s} }), dir, Options{})
		for range 2 {
			r := signin.RowOf(&signin.Event{Principal: signin.Principal{ID: c.user, Kind: signin.Member}}, sym)
			d := ev.Decide(&r, ev.Match(&r), &State{MFA: signin.True, MethodsKnown: true, Methods: MethodPassword | MethodSMS})
			if d.Best != c.want || d.Worst != c.want {
				t.Errorf("%s: got %s to %s, want %s", c.user, d.Best, d.Worst, c.want)
			}
		}
	}
}
