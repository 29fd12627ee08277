package replay

import (
	"encoding/json"
	"fmt"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// t0 is 2026-03-02T00:00:00Z, a Monday.
const t0 = signin.Time(1772409600) * signin.Second

const (
	hour = signin.Hour
	min1 = signin.Minute
)

// policyJSON is one policy in Graph form; parts are merged over the defaults.
func policyJSON(name string, parts ...string) string {
	m := map[string]any{}
	for _, p := range append([]string{fmt.Sprintf(`{"id":"id-%s","displayName":%q,"state":"enabled","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]},"clientAppTypes":["all"]}}`, name, name)}, parts...) {
		var x map[string]any
		if err := json.Unmarshal([]byte(p), &x); err != nil {
			panic(p + ": " + err.Error())
		}
		overlay(m, x)
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func overlay(m, x map[string]any) {
	for k, v := range x {
		a, ok1 := m[k].(map[string]any)
		b, ok2 := v.(map[string]any)
		if ok1 && ok2 {
			overlay(a, b)
			continue
		}
		m[k] = v
	}
}

const (
	mfa       = `{"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`
	block     = `{"grantControls":{"operator":"OR","builtInControls":["block"]}}`
	everyTime = `{"sessionControls":{"signInFrequency":{"isEnabled":true,"type":null,"value":null,"frequencyInterval":"everyTime","authenticationType":"primaryAndSecondaryAuthentication"}}}`
	never90   = `{"sessionControls":{"persistentBrowser":{"isEnabled":true,"mode":"never"}}}`
)

func every(hours int) string {
	return fmt.Sprintf(`{"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":%d,"frequencyInterval":"timeBased","authenticationType":"primaryAndSecondaryAuthentication"}}}`, hours)
}

func apps(ids ...string) string {
	b, _ := json.Marshal(ids)
	return fmt.Sprintf(`{"conditions":{"applications":{"includeApplications":%s}}}`, b)
}

func engine(t testing.TB, name string, policies ...string) *policy.Engine {
	t.Helper()
	text := "["
	for i, p := range policies {
		if i > 0 {
			text += ","
		}
		text += p
	}
	set, _, err := policy.Parse(name, []byte(text+"]"))
	if err != nil {
		t.Fatal(err)
	}
	set.Name = name
	e, err := policy.NewEngine(set, nil, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// story is a history under construction.
type story struct {
	sym    *signin.Symbols
	rows   []signin.Row
	attack []bool
	score  []float32
}

func newStory() *story { return &story{sym: signin.NewSymbols()} }

type mod func(*signin.Event)

// at adds a successful interactive browser sign-in to app "app" at t0 + d.
func (s *story) at(d signin.Time, mods ...mod) *story {
	e := signin.Event{
		Time: t0 + d, ID: fmt.Sprintf("row-%d", len(s.rows)), Provider: "entra", Tenant: "t",
		Principal: signin.Principal{ID: "u1", Kind: signin.Member}, Stream: signin.Interactive,
		Outcome: signin.Success, Code: "0", Client: "Browser",
		App: signin.Target{ID: "app"}, Resource: signin.Target{ID: "app"},
		Device: signin.Device{OS: "Windows 11", Browser: "Edge 120.0"},
	}
	for _, m := range mods {
		m(&e)
	}
	r := signin.RowOf(&e, s.sym)
	r.Ref = signin.Ref{Row: uint32(len(s.rows))}
	s.rows = append(s.rows, r)
	s.attack = append(s.attack, false)
	s.score = append(s.score, 0)
	return s
}

func quiet(e *signin.Event)  { e.Stream = signin.NonInteractive }
func native(e *signin.Event) { e.Client = "Mobile Apps and Desktop clients"; e.Device.Browser = "" }
func joined(e *signin.Event) {
	e.Device.ID, e.Device.Trust, e.Device.Compliant = "dev-1", signin.AzureAD, signin.True
}

func claim(e *signin.Event) {
	e.MFA.State, e.MFA.Requirement = signin.MFAByClaim, signin.MultiFactor
	e.MFA.Factors = factors(signin.Factor{Method: "Previously satisfied", Succeeded: "true"})
}

func password(e *signin.Event) {
	e.MFA.Requirement, e.MFA.State = signin.SingleFactor, signin.MFANotDone
	e.MFA.Factors = factors(signin.Factor{Method: "Password", Succeeded: "true", Requirement: "Primary authentication"})
}

func both(e *signin.Event) {
	e.MFA.Requirement, e.MFA.State = signin.MultiFactor, signin.MFADone
	e.MFA.Factors = factors(
		signin.Factor{Method: "Password", Succeeded: "true", Requirement: "Primary authentication"},
		signin.Factor{Method: "Mobile app notification", Succeeded: "true", Requirement: "MultiConditionalAccess"})
}

func label(e *signin.Event) {
	e.Lifetimes = signin.EncodeList([]string{"signInFrequencyPeriodicReauthentication"})
}

func app(id string) mod {
	return func(e *signin.Event) { e.App.ID, e.Resource.ID = id, id }
}
func corr(id string) mod { return func(e *signin.Event) { e.Correlation = id } }
func failed(code string, o signin.Outcome, r signin.Reason) mod {
	return func(e *signin.Event) { e.Code, e.Outcome, e.Reason = code, o, r }
}
func factors(fs ...signin.Factor) signin.List { return signin.EncodeList(fs) }

func (s *story) history() History {
	return History{Provider: "entra", Tenant: "t", Principal: "u1", Rows: s.rows}
}

func (s *story) run(cfg Config) *Tally {
	w := New(cfg, s.sym)
	w.Person(s.history(), risk.Assessed{Score: s.score, Attack: s.attack})
	return w.Tally()
}

// total is the person's figures over everything.
func total(t *testing.T, tl *Tally) PersonCell {
	t.Helper()
	for _, p := range tl.People {
		if p.Cell == (Cell{}) {
			return p
		}
	}
	t.Fatal("no total cell")
	return PersonCell{}
}
