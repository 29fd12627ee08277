package analysis

import (
	"slices"
	"strings"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// A result that could not have disagreed is said to prove little, and why; one
// that could is not.
func TestFits(t *testing.T) {
	const all = `"clientAppTypes":["all"],"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}`
	const (
		mfa     = `{"id":"1","displayName":"MFA","state":"enabled","conditions":{` + all + `},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`
		hourly  = `{"id":"2","displayName":"Hourly","state":"enabled","conditions":{` + all + `},"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":1}}}`
		block   = `{"id":"3","displayName":"Block","state":"enabled","conditions":{` + all + `},"grantControls":{"operator":"OR","builtInControls":["block"]}}`
		risky   = `{"id":"4","displayName":"Risky","state":"enabled","conditions":{` + all + `,"signInRiskLevels":["high"]},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`
		recent  = 10 * signin.Minute
		longAgo = 9 * signin.Hour
	)
	claim := func(t signin.Truth, age signin.Time) policy.State {
		return policy.State{MFA: t, First: policy.Age{Min: age, Max: age}, Second: policy.Age{Min: age, Max: age}}
	}
	back := claim(signin.False, recent)
	back.Background = true
	for name, c := range map[string]struct {
		policies []string
		state    policy.State
		recorded string // of the first policy
		loose    bool
		why      string
	}{
		"met":               {[]string{mfa}, claim(signin.True, recent), "success", false, ""},
		"asked":             {[]string{mfa}, claim(signin.False, recent), "failure", false, ""},
		"answered":          {[]string{mfa}, claim(signin.False, recent), "success", false, "answered"},
		"claim not known":   {[]string{mfa}, claim(signin.Unknown, recent), "failure", true, "mfa not known"},
		"another one asks":  {[]string{mfa, hourly}, claim(signin.True, longAgo), "failure", true, "another policy asks for the factors again"},
		"another one block": {[]string{mfa, block}, claim(signin.False, recent), "success", true, "another policy blocked first"},
		"blocks itself":     {[]string{block}, claim(signin.False, recent), "failure", false, ""},
		"background":        {[]string{mfa}, back, "success", true, "in the background"},
		"may apply":         {[]string{risky}, claim(signin.False, recent), "notApplied", true, "whether the policy applies is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			set, _, err := policy.Parse("p.json", []byte("["+strings.Join(c.policies, ",")+"]"))
			if err != nil {
				t.Fatal(err)
			}
			engine, err := policy.NewEngine(set, nil, policy.Options{})
			if err != nil {
				t.Fatal(err)
			}
			sym := signin.NewSymbols()
			e := signin.Event{Provider: "entra", Time: 20000 * signin.Day, Client: "Browser"}
			e.Principal.ID = "u"
			row := signin.RowOf(&e, sym)
			ev := engine.Evaluator(sym)
			d := ev.Decide(&row, ev.Match(&row), &c.state)
			list := []signin.RecordedPolicy{{ID: set.Policies[0].ID, Name: set.Policies[0].Name, Result: c.recorded, Satisfied: -1, NotSatisfied: -1}}
			got := checkRecorded(ev, &row, list, &d, &c.state)
			p := got.Policies[0]
			if p.Agrees != "true" || p.Loose != c.loose || !strings.Contains(p.Why, c.why) || (c.why == "") != (p.Why == "") {
				t.Errorf("%+v, want %t because %q", p, c.loose, c.why)
			}
			if words, sum := got.Words(0), got.Summary(); c.loose != strings.Contains(words, "fits either way") || c.loose != strings.Contains(sum, "could not have disagreed") {
				t.Errorf("%q, %q", words, sum)
			}
		})
	}
}

// Names are given for the ids of facts alone, whatever they are ids of.
func TestNamesIn(t *testing.T) {
	const own, azure, nobody = "aaaaaaaa-0000-4000-8000-000000000001", "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe", "aaaaaaaa-0000-4000-8000-000000000009"
	e := signin.Event{App: signin.Target{ID: own, Name: "Our app"}}
	x := &Explanation{Sets: []SetExplanation{{Explanation: policy.Explanation{Policies: []policy.PolicyExplanation{{
		Conditions: []policy.ConditionExplanation{{Name: "applications", Why: "app " + strings.ToUpper(own) + " is not included"}},
		Controls:   []policy.ControlExplanation{{Why: "apps " + azure + " and " + nobody}},
	}}}}}}
	got := namesIn(x, &surroundings{}, &e)
	if len(got) != 2 || got[strings.ToUpper(own)] != "Our app" || got[azure] != "Azure Machine Learning Services" {
		t.Error(got)
	}
	if !slices.Equal(guid.FindAllString(own+"x"+azure, -1), []string{own, azure}) {
		t.Error("ids are not found")
	}
}
