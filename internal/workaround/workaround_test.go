package workaround

import (
	"math"
	"net/netip"
	"testing"

	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/synth"

	"github.com/google/go-cmp/cmp"
)

const (
	tenant  = "10000000-0000-4000-8000-0000000000aa"
	aPolicy = "20000000-0000-4000-8000-0000000000aa"
)

// monday is a Monday at nine.
var monday = signin.Time(1_772_442_000) * signin.Second

// rowAt is a success of ann on her laptop.
func rowAt(at signin.Time, id string) signin.Event {
	return signin.Event{
		Time: at, ID: id, Provider: "entra", Tenant: tenant, Stream: signin.Interactive, Outcome: signin.Success, Code: "0",
		Principal: signin.Principal{ID: "ann", Name: "ann@example.com", Kind: signin.Member}, ResourceTenant: tenant,
		Device: signin.Device{ID: "laptop", OS: "Windows10", Browser: "Edge 1", Compliant: signin.True, Managed: signin.True, Trust: signin.AzureAD},
		App:    signin.Target{ID: "app"}, Resource: signin.Target{ID: "resource"}, Client: "Browser", Protocol: "oAuth2", Transfer: "none", ASN: 64496, Network: "[]", Source: signin.Source{IP: netip.MustParseAddr("192.0.2.1")},
		Policies: signin.EncodeList([]signin.RecordedPolicy{{ID: aPolicy, Name: "A policy", Result: "success", Satisfied: -1, NotSatisfied: -1}}),
	}
}

func blockedAt(at signin.Time, id string) signin.Event {
	e := rowAt(at, id)
	e.Outcome, e.Code, e.Reason = signin.Failure, "53003", signin.PolicyBlock
	e.Policies = signin.EncodeList([]signin.RecordedPolicy{
		{ID: "other", Name: "Another", Result: "failure", Grant: []string{"Mfa"}, Satisfied: -1, NotSatisfied: -1},
		{ID: aPolicy, Name: "A policy", Result: "failure", Grant: []string{"Block"}, Satisfied: -1, NotSatisfied: -1},
	})
	return e
}

// weeks is what ann does of three weeks at nine.
func weeks() []signin.Event {
	var out []signin.Event
	for day := range 21 {
		out = append(out, rowAt(monday+signin.Time(day)*signin.Day, "w"+string(rune('a'+day))))
	}
	return out
}

func read(t *testing.T, env Env, attack map[string]bool, events ...signin.Event) *Result {
	t.Helper()
	w := New(env, signin.NewSymbols())
	feed(w, "ann", attack, events)
	return w.Tally().Result(risk.Config{})
}

func feed(w *Worker, who string, attack map[string]bool, events []signin.Event) {
	rows := make([]signin.Row, len(events))
	marks := make([]bool, len(events))
	for i := range events {
		rows[i] = signin.RowOf(&events[i], w.facts.sym)
		rows[i].Ref = signin.Ref{Row: uint32(i)} //nolint:gosec // test data
		marks[i] = attack[events[i].ID]
	}
	w.Person(&Person{Key: signin.PersonKey("entra", tenant, who), Rows: rows, Attack: marks})
}

func TestRoutes(t *testing.T) {
	stopAt := monday + 14*signin.Day + signin.Hour
	after := func(in signin.Time, change func(*signin.Event)) []signin.Event {
		e := rowAt(stopAt+in, "way")
		change(&e)
		return append(weeks()[:15], blockedAt(stopAt, "stop"), e)
	}
	noDevice := func(e *signin.Event) {
		e.Device = signin.Device{OS: e.Device.OS, Browser: e.Device.Browser, Trust: signin.TrustNone, Compliant: signin.False, Managed: signin.False}
	}
	for _, c := range []struct {
		name, want string
		in         signin.Time
		change     func(*signin.Event)
	}{
		{"nothing else", "", signin.Hour, func(*signin.Event) {}},
		{"legacy", "legacy-client", signin.Hour, func(e *signin.Event) { e.Client = "IMAP4" }},
		{"legacy, too late", "", 5 * signin.Hour, func(e *signin.Event) { e.Client = "IMAP4" }},
		{"legacy, other resource", "", signin.Hour, func(e *signin.Event) { e.Client, e.Resource.ID = "IMAP4", "else" }},
		{"legacy, refused", "", signin.Hour, func(e *signin.Event) { e.Client, e.Outcome = "IMAP4", signin.Failure }},
		{"device code", "device-code", signin.Hour, func(e *signin.Event) { e.Transfer = "deviceCodeFlow" }},
		{"device code refreshed in the background", "", signin.Hour, func(e *signin.Event) { e.Transfer, e.Stream = "deviceCodeFlow", signin.NonInteractive }},
		{"tor", "anonymiser-egress", signin.Hour, func(e *signin.Event) { e.Network = `["tor"]` }},
		{"own VPN", "", signin.Hour, func(e *signin.Event) { e.Network = `["corporate","vpn"]` }},
		{"new private computer", "unmanaged-device", signin.Hour, noDevice},
		{"other compliant device", "", signin.Hour, func(e *signin.Event) { e.Device.ID = "desk" }},
		{"other tenant", "other-tenant", signin.Hour, func(e *signin.Event) { e.ResourceTenant = "elsewhere" }},
		{"tenant not said", "", signin.Hour, func(e *signin.Event) { e.ResourceTenant = "" }},
		{"weaker app", "other-app", signin.Hour, func(e *signin.Event) {
			e.App.ID = "app2"
			e.Policies = signin.EncodeList([]signin.RecordedPolicy{{ID: aPolicy, Result: "notApplied", Satisfied: -1, NotSatisfied: -1}})
		}},
		{"app as strict", "", signin.Hour, func(e *signin.Event) { e.App.ID = "app2" }},
		{"app without results", "", signin.Hour, func(e *signin.Event) { e.App.ID, e.Policies = "app2", "" }},
		{"other platform", "other-platform", signin.Hour, func(e *signin.Event) {
			noDevice(e)
			e.Device.OS = "Linux"
		}},
		{"other platform, other address", "unmanaged-device", signin.Hour, func(e *signin.Event) {
			noDevice(e)
			e.Device.OS, e.Source.IP = "Linux", netip.MustParseAddr("192.0.2.9")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			for _, k := range read(t, Env{}, nil, after(c.in, c.change)...).Cases() {
				got += k.Route
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestHabit: who goes a way anyway does not go around anything.
func TestHabit(t *testing.T) {
	events := weeks()[:15]
	for i := 10; i < 15; i++ {
		events[i].Network = `["vpn"]`
	}
	way := rowAt(monday+14*signin.Day+2*signin.Hour, "way")
	way.Network = `["vpn"]`
	events = append(events, blockedAt(monday+14*signin.Day+signin.Hour, "stop"), way)
	if got := read(t, Env{}, nil, events...).Cases(); len(got) != 0 {
		t.Errorf("a habit is listed: %+v", got)
	}
}

func TestBlocks(t *testing.T) {
	at := monday + signin.Hour
	a, b, c := blockedAt(at, "1"), blockedAt(at+signin.Minute, "2"), blockedAt(at+signin.Day, "3")
	r := read(t, Env{}, map[string]bool{"2": true}, a, b, c)
	for _, q := range []struct {
		person, policy string
		from, to       signin.Time
		want           []signin.Time
	}{
		{"ann", aPolicy, 0, 0, []signin.Time{at, at + signin.Day}},
		{"ANN", "a POLICY", 0, 0, []signin.Time{at, at + signin.Day}},
		{signin.PersonKey("entra", tenant, "ann"), "", at + 1, 0, []signin.Time{at + signin.Day}},
		{"ann", aPolicy, at, at + 1, []signin.Time{at}},
		{"ann", "other", 0, 0, nil}, // it wanted MFA; the other one blocked
		{"bob", "", 0, 0, nil},
	} {
		if got := r.Blocks(q.person, q.policy, q.from, q.to); !cmp.Equal(got, q.want) {
			t.Errorf("Blocks(%q, %q): got %v, want %v", q.person, q.policy, got, q.want)
		}
	}
	want := []BlockedPair{{signin.PersonKey("entra", tenant, "ann"), aPolicy, "A policy", 2, at, at + signin.Day}}
	if got := r.Blocked(); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

// TestPrompt: a prompt answered in the end stops nobody.
func TestPrompt(t *testing.T) {
	ask := rowAt(monday, "ask")
	ask.Outcome, ask.Reason, ask.Correlation = signin.Challenge, signin.MFARequired, "c"
	ask.Policies = signin.EncodeList([]signin.RecordedPolicy{{ID: aPolicy, Result: "failure", Grant: []string{"Mfa"}, Satisfied: -1, NotSatisfied: -1}})
	answer := rowAt(monday+signin.Minute, "answer")
	answer.Correlation = "c"
	if p := read(t, Env{}, nil, ask, answer).Policy(aPolicy); p != nil {
		t.Errorf("answered: %+v", p)
	}
	answer.Correlation, answer.Time = "d", monday+signin.Hour
	if p := read(t, Env{}, nil, ask, answer).Policy(aPolicy); p == nil || p.Prompts != 1 {
		t.Errorf("abandoned: %+v", p)
	}
}

// TestReadings: the same way, by an employee and by a thief.
func TestReadings(t *testing.T) {
	at := monday + 14*signin.Day + signin.Hour
	events := func(change func(*signin.Event)) []signin.Event {
		stop, way := blockedAt(at, "stop"), rowAt(at+signin.Hour, "way")
		way.Transfer = "deviceCodeFlow"
		change(&stop)
		change(&way)
		return append(weeks()[:15], stop, way)
	}
	thief := func(e *signin.Event) {
		e.ASN, e.Device = 64511, signin.Device{OS: "Windows7", Browser: "Chrome 1", Trust: signin.TrustNone, Compliant: signin.False}
	}
	never := Env{Requested: func(string, []string, signin.Time, signin.Time) signin.Truth { return signin.False }}
	filed := Env{Requested: func(string, []string, signin.Time, signin.Time) signin.Truth { return signin.True }}
	weight := func(env Env, attack map[string]bool, change func(*signin.Event)) float64 {
		cases := read(t, env, attack, events(change)...).Cases()
		if len(cases) != 1 {
			t.Fatalf("got %d cases", len(cases))
		}
		var bits float64
		for _, e := range cases[0].Reading.Evidence {
			bits += e.Bits
		}
		want := 1 / (1 + math.Exp2(-bits-risk.Defaults().WorkaroundPrior))
		if math.Abs(cases[0].Reading.Attacker-want) > 1e-9 {
			t.Errorf("evidence adds up to %v, not %v", want, cases[0].Reading.Attacker)
		}
		return cases[0].Reading.Attacker
	}
	own := func(*signin.Event) {}
	if a := weight(filed, nil, own); a > 0.01 {
		t.Errorf("known device and a request: %v", a)
	}
	if a := weight(never, nil, thief); a < 0.8 {
		t.Errorf("new device, new network, no request: %v", a)
	}
	if a, b := weight(never, nil, thief), weight(Env{}, nil, thief); a <= b {
		t.Errorf("no request weighs nothing: %v against %v", a, b)
	}
}

// TestWorkers: figures depend neither on who read whom nor on the order of merging.
func TestWorkers(t *testing.T) {
	cfg := synth.WaysConfig{Seed: 3, People: 120}
	type view struct {
		Policies []PolicySummary
		Cases    []Case
		Blocked  []BlockedPair
	}
	see := func(workers int) view {
		r, _ := play(cfg, workers)
		return view{r.Policies(), r.Cases(), r.Blocked()}
	}
	one := see(1)
	if len(one.Cases) == 0 {
		t.Fatal("nothing to compare")
	}
	for _, n := range []int{2, 5} {
		if d := cmp.Diff(one, see(n)); d != "" {
			t.Errorf("%d workers: %s", n, d)
		}
	}
}

// TestSharedDevice: somebody else's account on the same device, at most four people.
func TestSharedDevice(t *testing.T) {
	at := monday + 14*signin.Day + signin.Hour
	for _, people := range []int{2, 9} {
		env := Env{DevicePeople: func(string) int { return people }}
		a, b := New(env, signin.NewSymbols()), New(env, signin.NewSymbols())
		feed(a, "ann", nil, append(weeks()[:15], blockedAt(at, "stop"), rowAt(at+signin.Day, "later")))
		way := rowAt(at+signin.Hour, "way")
		way.Principal = signin.Principal{ID: "adm", Name: "adm-ann@example.com", Kind: signin.Member}
		feed(b, "adm", nil, []signin.Event{way})
		all := b.Tally()
		all.Merge(a.Tally())
		got := all.Result(risk.Config{})
		p := got.Policy("A policy")
		switch {
		case people == 2 && (len(got.Cases()) != 1 || got.Cases()[0].Route != otherAccount || p.WorkaroundPeople != 1):
			t.Errorf("two people: %+v, %+v", got.Cases(), p)
		case people == 9 && len(got.Cases()) != 0:
			t.Errorf("a kiosk: %+v", got.Cases())
		}
	}
}

func TestCatalog(t *testing.T) {
	if len(Routes()) != 10 {
		t.Errorf("%d routes", len(Routes()))
	}
	for _, r := range Routes() {
		if r.Title == "" || r.Needs == "" || r.Quiet == "" || r.Origin == "" {
			t.Errorf("%s is not described", r.Name)
		}
	}
}

// TestExact compares the convolution with the binomial distribution.
func TestExact(t *testing.T) {
	c := comparison{observed: 3, chances: []float64{.5, .5, .5, .5, .5}}
	if got := c.exact(); math.Abs(got-16.0/32) > 1e-12 { // C(5,3)+C(5,4)+C(5,5)
		t.Errorf("got %v", got)
	}
	c.observed = 0
	if got := c.exact(); got != 1 {
		t.Errorf("nothing observed: %v", got)
	}
}

// TestOnlyAttacked: a policy that stopped nobody but an attacker is not listed, as
// Result.Policy promises.
func TestOnlyAttacked(t *testing.T) {
	stop := blockedAt(monday+14*signin.Day+signin.Hour, "stop")
	r := read(t, Env{}, map[string]bool{"stop": true}, append(weeks()[:15], stop)...)
	if p := r.Policy(aPolicy); p != nil || len(r.Policies()) > 0 {
		t.Errorf("policies %+v, want none", r.Policies())
	}
}
