package peers

import (
	"encoding/json"
	"fmt"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// friskEngine answers from the rows themselves: frisk works out groups,
// networks, clients and platforms on its own.
type friskEngine struct {
	ev     *policy.Evaluator
	rows   []signin.Row
	states []policy.State
	last   policy.Decision
}

type object = map[string]any

func newFrisk(rules []Rule, t *tenant) (*friskEngine, error) {
	var policies []object
	var places []*policy.NamedLocation
	for i := range rules {
		p, place := rules[i].graph()
		policies = append(policies, p)
		if place != nil {
			places = append(places, place)
		}
	}
	return friskOf(policies, append(places, t.locations...), t)
}

// friskOf compiles policies in Graph's form, over the tenant's rows.
func friskOf(policies []object, places []*policy.NamedLocation, t *tenant) (*friskEngine, error) {
	data, err := json.Marshal(policies)
	if err != nil {
		return nil, fmt.Errorf("write the policies: %w", err)
	}
	set, _, err := policy.Parse("rules.json", data)
	if err != nil {
		return nil, fmt.Errorf("read the policies: %w", err)
	}
	set.Locations, set.LocationsKnown = places, true
	// The peers know neither scopes nor networks recorded under other policies.
	e, err := policy.NewEngine(set, t.dir, policy.Options{IgnoreRecordedLocations: true, LowPrivilegeFrom: 1})
	if err != nil {
		return nil, fmt.Errorf("compile the policies: %w", err)
	}
	sym := signin.NewSymbols()
	f := &friskEngine{ev: e.Evaluator(sym)}
	for i := range t.rows {
		f.rows = append(f.rows, signin.RowOf(&t.rows[i], sym))
		f.states = append(f.states, policy.State{MFA: signin.TruthOf(t.facts[i].MFA)})
	}
	return f, nil
}

// graph writes the rule as Microsoft Graph has it, with the country location it
// refers to.
func (r *Rule) graph() (object, *policy.NamedLocation) {
	users := object{"includeUsers": []string{"All"}, "excludeGroups": r.Exclude}
	if len(r.Include) > 0 {
		users = object{"includeGroups": r.Include, "excludeGroups": r.Exclude}
	}
	apps := object{"includeApplications": []string{"All"}, "excludeApplications": r.NotApps}
	if len(r.Apps) > 0 {
		apps = object{"includeApplications": r.Apps}
	}
	conditions := object{"users": users, "applications": apps, "clientAppTypes": r.Clients, "signInRiskLevels": r.Risks}
	if len(r.Platforms) > 0 {
		conditions["platforms"] = object{"includePlatforms": r.Platforms}
	} else if len(r.NotPlatform) > 0 {
		conditions["platforms"] = object{"includePlatforms": []string{"all"}, "excludePlatforms": r.NotPlatform}
	}
	var place *policy.NamedLocation
	if r.Untrusted {
		conditions["locations"] = object{"includeLocations": []string{"All"}, "excludeLocations": []string{"AllTrusted"}}
	} else if len(r.Countries) > 0 {
		place = &policy.NamedLocation{ID: "countries-" + r.ID, Name: r.ID, Kind: policy.LocationCountry, Countries: r.Countries}
		conditions["locations"] = object{"includeLocations": []string{"All"}, "excludeLocations": []string{place.ID}}
	}
	if r.DeviceCode {
		conditions["authenticationFlows"] = object{"transferMethods": "deviceCodeFlow"}
	}
	control := "mfa"
	if r.Block {
		control = "block"
	}
	return object{
		"id": r.ID, "displayName": r.ID, "state": "enabled", "conditions": conditions,
		"grantControls": object{"operator": "OR", "builtInControls": []string{control}},
	}, place
}

func (f *friskEngine) demands(i int) Demands {
	m := f.ev.Match(&f.rows[i])
	f.ev.DecideInto(&f.last, &f.rows[i], &m, &f.states[i]) // as the replay asks
	return Demands(f.last.Blocks[0] | f.last.Prompts[0])   // up to 64 policies
}

// matches is the stateless part alone: what applies.
func (f *friskEngine) matches(i int) Demands {
	m := f.ev.Match(&f.rows[i])
	return Demands(m.Applies[0])
}

// unsure reports that frisk's answer on row i is not certain.
func (f *friskEngine) unsure(i int) bool {
	d := f.ev.Decide(&f.rows[i], f.ev.Match(&f.rows[i]), &f.states[i])
	return !d.Match.Unknown.Empty() || !d.MaybeBlocks.Empty() || !d.MaybePrompts.Empty()
}
