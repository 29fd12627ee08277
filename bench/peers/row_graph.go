package peers

import (
	"fmt"
	"strings"

	"frisk/internal/policy"
)

// newRowFrisk compiles the policies for frisk, over the tenant's rows.
func newRowFrisk(policies []Policy, places []*Place, t *tenant) (*friskEngine, error) {
	var objects []object
	for i := range policies {
		objects = append(objects, policies[i].graph(i))
	}
	var locations []*policy.NamedLocation
	for _, p := range places {
		kind := policy.LocationIP
		if p.Countries != nil {
			kind = policy.LocationCountry
		}
		locations = append(locations, &policy.NamedLocation{ID: p.ID, Name: p.ID, Kind: kind, Trusted: p.Trusted, Ranges: p.Ranges, Countries: p.Countries})
	}
	return friskOf(objects, locations, t)
}

// graph writes the policy as Microsoft Graph has it.
func (p *Policy) graph(n int) object {
	all := func(list []string) []string {
		if len(list) == 0 {
			return []string{"All"}
		}
		return list
	}
	users := object{
		"includeGroups": p.IncludeGroups, "includeRoles": p.IncludeRoles,
		"excludeUsers": p.ExcludeUsers, "excludeGroups": p.ExcludeGroups, "excludeRoles": p.ExcludeRoles,
	}
	if len(p.IncludeGroups)+len(p.IncludeRoles) == 0 {
		users["includeUsers"] = []string{"All"}
	}
	conditions := object{
		"users": users, "applications": object{"includeApplications": all(p.Apps), "excludeApplications": p.NotApps},
		"clientAppTypes": p.Clients, "signInRiskLevels": p.Risks,
	}
	if len(p.Platforms)+len(p.NotPlatforms) > 0 {
		conditions["platforms"] = object{"includePlatforms": all(p.Platforms), "excludePlatforms": p.NotPlatforms}
	}
	if out := ids(p.NotPlaces); p.Untrusted || len(p.Places)+len(out) > 0 {
		if p.Untrusted {
			out = append(out, "AllTrusted")
		}
		conditions["locations"] = object{"includeLocations": all(ids(p.Places)), "excludeLocations": out}
	}
	if p.Device != nil {
		mode := "include"
		if p.Device.Exclude {
			mode = "exclude"
		}
		conditions["devices"] = object{"deviceFilter": object{"mode": mode, "rule": p.Device.rule()}}
	}
	if p.DeviceCode {
		conditions["authenticationFlows"] = object{"transferMethods": "deviceCodeFlow"}
	}
	operator, controls := "OR", []string{"compliantDevice", "mfa"}
	switch p.Grant {
	case MFA:
		controls = controls[1:]
	case Compliant:
		controls = controls[:1]
	case Block:
		controls = []string{"block"}
	case CompliantAndMFA:
		operator = "AND"
	case CompliantOrMFA:
	}
	return object{
		"id": fmt.Sprintf("p%02d", n), "displayName": p.Name, "state": "enabled", "conditions": conditions,
		"grantControls": object{"operator": operator, "builtInControls": controls},
	}
}

// rule writes the device filter in its own language.
func (d *DeviceRule) rule() string {
	var out []string
	for _, t := range d.Tests {
		value := `"` + t.Value + `"`
		if t.Attribute == "isCompliant" {
			value = t.Value
		}
		out = append(out, fmt.Sprintf("device.%s %s %s", t.Attribute, t.Operator, value))
	}
	if d.Or {
		return strings.Join(out, " -or ")
	}
	return strings.Join(out, " -and ")
}

func ids(places []*Place) []string {
	var out []string
	for _, p := range places {
		out = append(out, p.ID)
	}
	return out
}
