package directory

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

const (
	studio = "d7304df8-741f-47d3-9bc2-df0e24e2071f"
	mlData = "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe"
	token1 = "22608a25-1d9b-44b5-b0f2-cb94f06b2d00"
	token2 = "22608a25-1d9b-44b5-b0f2-cb94f06b2d01"
	armML  = "/subscriptions/s/resourcegroups/rg/providers/microsoft.machinelearningservices/workspaces/"
)

// office is a directory with a workspace per way of being told.
func office() *Directory {
	d := New()
	for _, u := range []string{"ana", "bo", "cy", "di"} {
		d.AddUser(User{ID: u, UserPrincipalName: u + "@example.com"})
	}
	for _, g := range []string{"fraud", "churn"} {
		d.AddGroup(Group{ID: "g-" + g, DisplayName: "Team " + g, Complete: true})
	}
	d.AddMember("g-fraud", "ana", 0, t0+10*day)
	d.AddMember("g-churn", "ana", t0+5*day, 0)
	d.AddMember("g-fraud", "bo", 0, 0)
	d.AddWorkspace(Workspace{Name: "fraud", ResourceID: armML + "fraud", Group: "team FRAUD"})
	d.AddWorkspace(Workspace{Name: "churn", ResourceID: armML + "churn", Group: "g-churn"})
	d.AddWorkspace(Workspace{Name: "notebooks", Apps: []string{"APP-nb"}})
	d.AddWorkspace(Workspace{Name: "lost", Resources: []string{"res-lost"}, Group: "nobody exported it"})
	d.Activity = []Activity{
		{Time: t0, Principal: "ana", Token: token1, Resource: armML + "fraud", IP: "192.0.2.1"},
		{Time: t0, Principal: "ana", Token: token2, Resource: armML + "fraud/jobs/1", IP: "192.0.2.1"},
		{Time: t0 + 1, Principal: "ana", Token: token2, Resource: armML + "churn", IP: "192.0.2.1"},
		{Time: t0 + 2, Principal: "ana", Token: token2, Resource: armML + "churn", IP: "192.0.2.1"},
		{Time: t0 + 20*day, Caller: "CY@example.com", Resource: armML + "churn", IP: "::ffff:192.0.2.7"},
		{Time: t0 + 21*day, Caller: "name@example.com", Resource: armML + "found", IP: "192.0.2.8"},
		{Time: t0 + 22*day, Principal: "cy", Resource: armML + "churn", IP: "192.0.2.9"},
		{Time: t0 + 22*day + 1, Principal: "cy", Resource: armML + "fraud", IP: "192.0.2.9"},
	}
	d.Seal()
	return d
}

// nearly compares weights, which are rounded to a millionth.
var nearly = cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 4e-6 })

type row struct {
	who, name, app, resource, arm, ip, token, id string
	audiences                                    []string
	at                                           signin.Time
}

func (r row) event() *signin.Event {
	ev := &signin.Event{
		Time: r.at, ID: r.id, Token: r.token, Principal: signin.Principal{ID: r.who, Name: r.name},
		App: signin.Target{ID: r.app}, Resource: signin.Target{ID: r.resource}, AzureResource: r.arm,
		Audiences: signin.EncodeList(r.audiences),
	}
	if r.ip != "" {
		ev.Source.IP = netip.MustParseAddr(r.ip)
	}
	return ev
}

func TestAttribute(t *testing.T) {
	const fraud, churn, notebooks, found = 0, 1, 2, 4
	one := func(w int, tier Tier) []Share { return []Share{{w, 1, tier}} }
	both := []Share{{fraud, 0.5, TierCandidate}, {churn, 0.5, TierCandidate}}
	unknown, other := one(UnknownWorkspace, TierNone), one(OtherWork, TierNone)
	d := office()
	if len(d.Workspaces) != 5 || d.Workspaces[found].Name != "found" {
		t.Fatalf("workspaces %+v", d.Workspaces)
	}
	a := NewAttributor(d)
	sym := signin.NewSymbols()
	for name, c := range map[string]struct {
		row  row
		want []Share
	}{
		"arm id of a resource in it":       {row{who: "di", arm: "/SUBSCRIPTIONS/S/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/Churn/computes/c1"}, one(churn, TierExact)},
		"arm id elsewhere":                 {row{who: "di", arm: armML + "fraudulent", app: "mail"}, other},
		"arm id beats the token":           {row{who: "ana", arm: armML + "churn", token: token1}, one(churn, TierExact)},
		"token":                            {row{who: "ana", token: token1, app: "anything"}, one(fraud, TierExact)},
		"token as the row's own id":        {row{who: "ana", id: token1}, one(fraud, TierExact)},
		"token of several workspaces":      {row{who: "ana", token: token2}, []Share{{fraud, 1.0 / 3, TierExact}, {churn, 2.0 / 3, TierExact}}},
		"same time and address":            {row{who: "cy", resource: armResource, ip: "192.0.2.7", at: t0 + 20*day - signin.Hour}, one(churn, TierStrong)},
		"at the moment":                    {row{who: "cy", app: studio, ip: "192.0.2.7", at: t0 + 20*day}, one(churn, TierStrong)},
		"at the end of the token":          {row{who: "cy", app: studio, ip: "192.0.2.7", at: t0 + 20*day - TokenLife}, one(churn, TierStrong)},
		"older than the token":             {row{who: "cy", app: studio, ip: "192.0.2.7", at: t0 + 20*day - TokenLife - 1}, unknown},
		"after the operation":              {row{who: "cy", app: studio, ip: "192.0.2.7", at: t0 + 20*day + 1}, unknown},
		"other address":                    {row{who: "cy", app: studio, ip: "192.0.2.77", at: t0 + 20*day}, unknown},
		"no address on the row":            {row{who: "cy", app: studio, at: t0 + 20*day}, one(churn, TierWeak)},
		"other person":                     {row{who: "di", app: studio, ip: "192.0.2.7", at: t0 + 20*day}, unknown},
		"at the same time, but to mail":    {row{who: "cy", app: "mail", ip: "192.0.2.7", at: t0 + 20*day}, other},
		"person known by name only":        {row{who: "name:name@example.com", name: "Name@example.com", app: studio, ip: "192.0.2.8", at: t0 + 21*day}, one(found, TierStrong)},
		"two workspaces at the time":       {row{who: "cy", app: studio, ip: "192.0.2.9", at: t0 + 22*day}, []Share{{fraud, 0.4, TierCandidate}, {churn, 0.6, TierCandidate}}},
		"team":                             {row{who: "bo", app: studio, at: t0}, one(fraud, TierWeak)},
		"team by resource":                 {row{who: "bo", app: "azure cli", resource: mlData, at: t0}, one(fraud, TierWeak)},
		"team by audience":                 {row{who: "bo", app: "azure cli", audiences: []string{"x", mlData}, at: t0}, one(fraud, TierWeak)},
		"one team, before":                 {row{who: "ana", app: studio, at: t0 + 4*day}, one(fraud, TierWeak)},
		"two teams":                        {row{who: "ana", app: studio, at: t0 + 5*day}, both},
		"one team, after":                  {row{who: "ana", app: studio, at: t0 + 10*day}, one(churn, TierWeak)},
		"no team":                          {row{who: "di", app: studio, at: t0}, unknown},
		"app of one workspace, no group":   {row{who: "di", app: "app-NB", at: t0}, one(notebooks, TierWeak)},
		"listed, team's members not known": {row{who: "di", resource: "RES-lost", at: t0}, unknown},
		"resource manager alone":           {row{who: "bo", app: "azure cli", resource: armResource, at: t0}, other},
		"mail":                             {row{who: "bo", app: "mail", at: t0}, other},
		"nothing said":                     {row{}, other},
	} {
		r := signin.RowOf(c.row.event(), sym)
		for range 2 {
			if diff := cmp.Diff(c.want, a.Attribute(&r, sym), nearly); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// Candidates share a sign-in by the person's own operations in each, plus one:
// whatever others do there, whatever the person does elsewhere, and by their name
// where the log does not carry their id.
func TestAttributeCandidatesByOwnRecord(t *testing.T) {
	d := New()
	d.AddGroup(Group{ID: "g", DisplayName: "Team", Complete: true})
	for _, u := range []string{"ana", "bo", "cy"} {
		d.AddUser(User{ID: u, UserPrincipalName: u + "@example.com"})
		d.AddMember("g", u, 0, 0)
	}
	for _, n := range []string{"dev", "elsewhere", "prod", "test"} {
		w := Workspace{Name: n, ResourceID: armML + n, Group: "g"}
		if n == "elsewhere" {
			w.Apps = []string{"other app"}
		}
		d.AddWorkspace(w)
	}
	op := func(who, ws string, n int) {
		for i := range n {
			d.Activity = append(d.Activity, Activity{Time: t0 + signin.Time(i)*day, Caller: who + "@example.com", Resource: armML + ws})
		}
	}
	op("ana", "prod", 7)
	op("ana", "elsewhere", 90)
	op("bo", "test", 50)
	op("bo", "dev", 1)
	d.Seal()
	a, sym := NewAttributor(d), signin.NewSymbols()
	for who, want := range map[string][]Share{
		"ana": {{0, 0.1, TierCandidate}, {2, 0.8, TierCandidate}, {3, 0.1, TierCandidate}},
		"bo":  {{0, 2.0 / 54, TierCandidate}, {2, 1.0 / 54, TierCandidate}, {3, 51.0 / 54, TierCandidate}},
		"cy":  {{0, 1.0 / 3, TierCandidate}, {2, 1.0 / 3, TierCandidate}, {3, 1.0 / 3, TierCandidate}},
	} {
		for _, name := range []string{"", who + "@example.com"} {
			r := signin.RowOf(row{who: who, name: name, app: studio, at: t0 - day}.event(), sym)
			if diff := cmp.Diff(want, a.Attribute(&r, sym), nearly); diff != "" {
				t.Errorf("%s (-want +got):\n%s", who, diff)
			}
		}
	}
}

func TestAttributeWithoutDirectory(t *testing.T) {
	a := NewAttributor(nil)
	sym := signin.NewSymbols()
	for app, want := range map[string]int{studio: UnknownWorkspace, "mail": OtherWork, armResource: OtherWork} {
		r := signin.RowOf(row{who: "u", app: app, token: token1, arm: armML + "x"}.event(), sym)
		if got := a.Attribute(&r, sym); len(got) != 1 || got[0].Workspace != want || got[0].Weight != 1 {
			t.Errorf("%s: %+v, want %d", app, got, want)
		}
	}
}

// The only workspace of an organisation is not assumed: nobody said so.
func TestAttributeDiscoveredIsNotAssumed(t *testing.T) {
	d := New()
	d.Activity = []Activity{{Time: t0, Principal: "ana", Resource: armML + "only", IP: "192.0.2.1"}}
	d.Seal()
	sym := signin.NewSymbols()
	r := signin.RowOf(row{who: "bo", app: studio, at: t0}.event(), sym)
	if got := NewAttributor(d).Attribute(&r, sym); got[0].Workspace != UnknownWorkspace {
		t.Errorf("%+v", got)
	}
}

// Of nested ARM ids the longest decides, in whatever order they were listed.
func TestAttributeNestedResources(t *testing.T) {
	for _, names := range [][2]string{{"outer", "inner"}, {"inner", "outer"}} {
		d := New()
		for _, n := range names {
			id := "/subscriptions/s"
			if n == "inner" {
				id += "/resourceGroups/RG"
			}
			d.AddWorkspace(Workspace{Name: n, ResourceID: id})
		}
		d.Seal()
		sym := signin.NewSymbols()
		r := signin.RowOf(row{arm: "/Subscriptions/S/resourcegroups/rg/providers/x/y/z"}.event(), sym)
		if got := NewAttributor(d).Attribute(&r, sym); d.Workspaces[got[0].Workspace].Name != "inner" {
			t.Errorf("%v: %+v", names, got)
		}
	}
}

// randomRows are rows that hit every tier.
func randomRows(n int) []*signin.Event {
	rnd := rand.New(rand.NewPCG(11, 12))
	pick := func(s ...string) string { return s[rnd.IntN(len(s))] }
	out := make([]*signin.Event, n)
	for i := range out {
		out[i] = row{
			who: pick("ana", "bo", "cy", "di", "name:name@example.com"), name: pick("", "name@example.com"),
			app: pick(studio, "mail", "app-nb", ""), resource: pick(mlData, armResource, "res-lost", ""),
			arm: pick("", "", "", armML+"fraud", armML+"nowhere"), ip: pick("192.0.2.1", "192.0.2.7", "192.0.2.9", ""),
			token: pick("", "", token1, token2, "00000000-0000-4000-8000-"+strconv.Itoa(100000000000+rnd.IntN(9))),
			at:    t0 + signin.Time(rnd.IntN(23*24))*signin.Hour,
		}.event()
	}
	return out
}

// Whatever a row is, its weights add up to 1, each workspace once, in order;
// and the answer depends on nothing seen before.
func TestAttributeSharesAddUp(t *testing.T) {
	d := office()
	warm, sym := NewAttributor(d), signin.NewSymbols()
	for _, ev := range randomRows(3000) {
		r := signin.RowOf(ev, sym)
		got := append([]Share(nil), warm.Attribute(&r, sym)...)
		sum, last := 0.0, math.MinInt
		for _, s := range got {
			sum += s.Weight
			if s.Weight <= 0 || s.Workspace <= last || s.Workspace >= len(d.Workspaces) {
				t.Fatalf("shares %+v of %+v", got, ev)
			}
			if s.Workspace < 0 && (len(got) != 1 || s.Tier != TierNone) {
				t.Fatalf("no workspace beside others: %+v", got)
			}
			last = s.Workspace
		}
		if sum != 1 { // exactly: see shareUnits
			t.Fatalf("weights add up to %v: %+v", sum, got)
		}
		coldSym := signin.NewSymbols()
		cr := signin.RowOf(ev, coldSym)
		if diff := cmp.Diff(warm.Fork().Attribute(&cr, coldSym), got); diff != "" {
			t.Fatalf("depends on history (-cold +warm):\n%s", diff)
		}
	}
}

// A reader that delivers just what Need asks for gives the same shares.
func TestAttributeNeed(t *testing.T) {
	a := NewAttributor(office())
	need := a.Need()
	full, sparse := signin.NewSymbols(), signin.NewSymbols()
	b := a.Fork()
	for _, ev := range randomRows(500) {
		some := signin.Event{Time: ev.Time}
		for i, c := range signin.DimColumns {
			if need.Dims[i] {
				c.Set(&some, c.Get(ev))
			}
		}
		for i, c := range signin.IDColumns {
			if need.IDs[i] {
				c.Set(&some, c.Get(ev))
			}
		}
		x, y := signin.RowOf(ev, full), signin.RowOf(&some, sparse)
		if diff := cmp.Diff(a.Attribute(&x, full), b.Attribute(&y, sparse)); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestAttributeAllocates(t *testing.T) {
	a, sym := NewAttributor(office()), signin.NewSymbols()
	var rows []signin.Row
	for _, ev := range randomRows(200) {
		ev.Time = t0 + 20*day - signin.Hour // one epoch of memberships
		rows = append(rows, signin.RowOf(ev, sym))
	}
	pass := func() {
		for i := range rows {
			a.Attribute(&rows[i], sym)
		}
	}
	pass()
	if n := testing.AllocsPerRun(10, pass); n != 0 {
		t.Errorf("%v allocations per 200 rows", n)
	}
}

func BenchmarkAttribute(b *testing.B) {
	a, sym := NewAttributor(office()), signin.NewSymbols()
	var rows []signin.Row
	for _, ev := range randomRows(4096) {
		rows = append(rows, signin.RowOf(ev, sym))
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		a.Attribute(&rows[i&4095], sym)
		i++
	}
}
