package peers

import (
	"slices"
	"strings"
)

// dialect writes the tests of a policy in one engine's language. Fields have the
// same names everywhere: user, groups, roles, resource, client, os, address,
// country, risk, compliant, trust, device, protocol, transfer, mfa.
type dialect interface {
	is(field, text string) string
	in(field string, list []string) string
	starts(field, prefix string) string
	flag(field string) string
	// who is one of these users, or has one of these groups or roles.
	who(users, groups, roles []string) string
	// within says that the address is in one of the ranges.
	within(place string, v4, v6 []string) string
	not(test string) string
	and(tests []string) string
	or(tests []string) string
}

// tests writes everything the policy says, with the cheap and selective tests
// first: all three engines stop at the first one that fails. demand adds that the
// control is not met, which is as cheap as a test can be, in front.
func (p *Policy) tests(d dialect, places []*Place, demand bool) []string {
	var out []string
	add := func(test string) { out = append(out, test) }
	flow := func() string {
		return d.or([]string{d.is("protocol", "deviceCode"), d.is("transfer", "deviceCodeFlow")})
	}
	if demand {
		// A device code flow proves no device.
		proven := func() string { return d.and([]string{d.flag("compliant"), d.not(flow())}) }
		switch p.Grant {
		case MFA:
			add(d.not(d.flag("mfa")))
		case Compliant:
			add(d.not(proven()))
		case CompliantOrMFA:
			add(d.not(d.flag("mfa")))
			add(d.not(proven()))
		case CompliantAndMFA:
			add(d.not(d.and([]string{d.flag("mfa"), proven()})))
		case Block:
		}
	}
	if p.DeviceCode {
		add(flow())
	}
	if len(p.Risks) > 0 {
		add(d.in("risk", p.Risks))
	}
	if len(p.Clients) > 0 {
		add(p.clients(d))
	}
	if len(p.Apps) > 0 {
		add(d.in("resource", p.Apps))
	}
	if len(p.Platforms) > 0 {
		add(d.or(systems(d, p.Platforms)))
	}
	if p.Device != nil {
		add(p.Device.tests(d))
	}
	if list := countries(p.Places); list != nil {
		add(d.in("country", list))
	}
	if list := countries(p.NotPlaces); list != nil {
		add(d.not(d.in("country", list)))
	}
	if len(p.NotPlatforms) > 0 {
		add(d.not(d.or(systems(d, p.NotPlatforms))))
	}
	if len(p.NotApps) > 0 {
		add(d.not(d.in("resource", p.NotApps)))
	}
	if len(p.IncludeGroups)+len(p.IncludeRoles) > 0 {
		add(d.who(nil, p.IncludeGroups, p.IncludeRoles))
	}
	add(d.not(d.who(p.ExcludeUsers, p.ExcludeGroups, p.ExcludeRoles)))
	for _, place := range p.NotPlaces {
		if place.Ranges != nil {
			add(d.not(place.within(d)))
		}
	}
	if p.Untrusted {
		for _, place := range places {
			if place.Trusted {
				add(d.not(place.within(d)))
			}
		}
	}
	return out
}

// clients is the mapping of clientAppUsed to client types, worked into constants:
// whatever has no name of its own is "other".
func (p *Policy) clients(d dialect) string {
	var texts, rest []string
	other := false
	for _, c := range []string{"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"} {
		in := slices.Contains(p.Clients, c)
		switch text := clientTexts[c]; {
		case text == "":
			other = in
		case in:
			texts = append(texts, text)
		default:
			rest = append(rest, text)
		}
	}
	if other {
		return d.not(d.in("client", rest))
	}
	return d.in("client", texts)
}

// systems is the mapping of the operating system text to platforms.
func systems(d dialect, platforms []string) []string {
	var out []string
	for _, p := range platforms {
		out = append(out, d.starts("os", systemTexts[p]))
	}
	return out
}

func (r *DeviceRule) tests(d dialect) string {
	var out []string
	for _, t := range r.Tests {
		test := ""
		switch t.Attribute {
		case "isCompliant":
			test = d.flag("compliant")
		case "trustType":
			test = d.is("trust", trustTexts[t.Value])
		case "displayName":
			test = d.starts("device", strings.ToLower(t.Value))
		}
		if t.Operator == "-ne" {
			test = d.not(test)
		}
		out = append(out, test)
	}
	test := ""
	switch {
	case len(out) == 1:
		test = out[0]
	case r.Or:
		test = d.or(out)
	default:
		test = d.and(out)
	}
	if r.Exclude {
		return d.not(test)
	}
	return test
}

// within splits the ranges by family, so that an address meets only its own.
func (p *Place) within(d dialect) string {
	var v4, v6 []string
	for _, r := range p.Ranges {
		if strings.Contains(r, ":") {
			v6 = append(v6, r)
		} else {
			v4 = append(v4, r)
		}
	}
	return d.within(p.ID, v4, v6)
}

func countries(places []*Place) []string {
	var out []string
	for _, p := range places {
		out = append(out, p.Countries...)
	}
	return out
}
