package policy

import (
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// What blocks is said before what prompts, and that before what may do either; a
// block names what caught the sign-in, and a prompt what is unmet for certain.
func TestReasonsInOrder(t *testing.T) {
	const all = `"clientAppTypes":["all"],"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}`
	set, _, err := Parse("p.json", []byte(`[
	 {"id":"1","displayName":"Maybe","state":"enabled","conditions":{`+all+`,"signInRiskLevels":["high"]},"grantControls":{"operator":"OR","builtInControls":["mfa"]}},
	 {"id":"2","displayName":"Ask","state":"enabled","conditions":{`+all+`},"grantControls":{"operator":"AND","builtInControls":["mfa","compliantDevice"]},
	  "sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":4}}},
	 {"id":"3","displayName":"Country","state":"enabled","conditions":{`+all+`,"locations":{"includeLocations":["jp"]}},"grantControls":{"operator":"OR","builtInControls":["block"]}},
	 {"id":"4","displayName":"All","state":"enabled","conditions":{`+all+`},"grantControls":{"operator":"OR","builtInControls":["block"]}},
	 {"id":"jp","displayName":"Japan","countriesAndRegions":["JP"]}]`))
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(set, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sym := signin.NewSymbols()
	event := signin.Event{Provider: "entra", Time: signin.Day * 20000, Client: "Browser"}
	event.Principal.ID, event.Geo.Country = "u", "JP"
	event.Device.Compliant = signin.True
	row := signin.RowOf(&event, sym)
	x := e.Evaluator(sym).Explain(&row, &State{MFA: signin.True, First: Age{20 * signin.Hour, 20 * signin.Hour}, Second: NeverAge})
	var got []string
	for _, d := range x.Deciding {
		got = append(got, d.Policy+" "+d.Does)
	}
	if want := []string{"Country blocks", "All blocks", "Ask prompts"}; !slices.Equal(got[:min(3, len(got))], want) {
		t.Errorf("%q, want %q first", got, want)
	}
	for i, want := range []string{`locations: included: country JP is in location "Japan"`, "applications: ", "signInFrequency: every 4 hours, and the last factor was given 20h ago"} {
		if i < len(x.Deciding) && !strings.HasPrefix(x.Deciding[i].Why, want) {
			t.Errorf("%s because %q, want %q", x.Deciding[i].Policy, x.Deciding[i].Why, want)
		}
	}
	if op := x.Policies[1].Operator; op != "AND" || x.Policies[0].Operator != "" {
		t.Errorf("operators %q and %q", op, x.Policies[0].Operator)
	}
}
