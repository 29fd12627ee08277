package policy

import (
	"cmp"
	"path/filepath"
	"strings"
)

// onePolicy reads a conditionalAccessPolicy.
func (l *loader) onePolicy(n *node) {
	p := &Policy{File: l.file, Path: n.path}
	l.policy = p
	defer func() { l.policy = nil }()
	p.ID = strings.ToLower(l.str(n, "id"))
	p.Name = cmp.Or(l.str(n, "displayName"), p.ID, filepath.Base(l.file)+n.path[1:])
	p.Created, p.Modified = l.when(n, "createdDateTime"), l.when(n, "modifiedDateTime")
	p.State = l.state(n, p)
	conditions := l.object(n, "conditions", true)
	if conditions == nil {
		p.Incomplete = true
		l.notice("no-conditions", "warning", n.path, "the policy has no conditions")
	}
	l.conditions(conditions, p)
	p.Grant = l.grant(l.object(n, "grantControls", false), p)
	p.Session = l.session(l.object(n, "sessionControls", false))
	l.implied(p, n.path)
	if p.Grant == nil && p.Session == (Session{}) {
		l.notice("no-controls", "info", n.path, "the policy asks for nothing: no grant and no session control")
	}
	// Kept by Graph beside the policy; they do not change what it does.
	for _, k := range []string{"templateId", "description", "deletedDateTime", "partialEnablementStrategy"} {
		n.get(k)
	}
	l.rest(n, false)
	l.set.Policies = append(l.set.Policies, p)
}

func (l *loader) state(n *node, p *Policy) Enforcement {
	p.StateText = l.str(n, "state")
	switch strings.ToLower(p.StateText) {
	case "enabled":
		return Enabled
	case "disabled":
		return Disabled
	case "enabledforreportingbutnotenforced":
		return ReportOnly
	case "":
		l.notice("no-state", "warning", n.path, "the policy has no state: treated as not enforced")
	default:
		l.notice("unknown-state", "warning", n.path+".state",
			"state %q is none of enabled, disabled, enabledForReportingButNotEnforced: treated as not enforced", p.StateText)
	}
	return StateOther
}

// location reads a namedLocation.
func (l *loader) location(n *node) {
	l.policy = nil
	p := &NamedLocation{File: l.file, Path: n.path, ID: strings.ToLower(l.str(n, "id"))}
	p.Name = cmp.Or(l.str(n, "displayName"), p.ID)
	kind := ""
	if t := n.get("@odata.type"); t != nil {
		kind = strings.ToLower(t.text)
	}
	switch {
	case n.has("ipRanges") || strings.Contains(kind, "ipnamedlocation"):
		p.Kind = LocationIP
		p.Trusted = l.flag(n, "isTrusted")
		l.ranges(n, p)
	case n.has("countriesAndRegions") || strings.Contains(kind, "countrynamedlocation"):
		p.Kind = LocationCountry
		for _, c := range l.texts(n, "countriesAndRegions", false) {
			p.Countries = append(p.Countries, strings.ToUpper(c))
		}
		p.IncludeUnknown = l.flag(n, "includeUnknownCountriesAndRegions")
		p.GPS = strings.EqualFold(l.str(n, "countryLookupMethod"), "authenticatorAppGps")
	case n.has("compliantNetworkType") || strings.Contains(kind, "compliantnetwork"):
		p.Kind = LocationNetwork
		n.get("compliantNetworkType")
		p.Trusted = l.flag(n, "isTrusted")
	default:
		l.notice("unknown-location", "warning", n.path, "named location %q is of a kind this program does not know", p.Name)
	}
	if p.ID == "" {
		l.notice("no-id", "warning", n.path, "named location %q has no id: no policy can refer to it", p.Name)
	}
	for _, k := range []string{"createdDateTime", "modifiedDateTime", "deletedDateTime"} {
		n.get(k)
	}
	l.rest(n, false)
	l.set.Locations = append(l.set.Locations, p)
	l.set.LocationsKnown = true
}
