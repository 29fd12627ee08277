package policy_test

import (
	"net/netip"
	"strings"

	"frisk/internal/signin"
)

// locations: 1.7.
func (c *naiveCase) locations() answer {
	l := c.policy.Conditions.Locations
	return both(c.somewhere(l.Include), not(c.somewhere(l.Exclude)))
}

func (c *naiveCase) somewhere(list []string) answer {
	out := no
	for _, id := range list {
		switch {
		case strings.EqualFold(id, "All"): // any address
			out = yes
		case strings.EqualFold(id, "AllTrusted"):
			out = either(out, c.trusted())
		default:
			out = either(out, c.named(id))
		}
	}
	return out
}

// stale: 1.7, background rows of confidential clients carry the address of the
// original token.
func (c *naiveCase) stale() bool {
	cred := c.event.ClientCredential
	return c.event.Stream == signin.NonInteractive && cred != "" && cred != "none"
}

// recorded lists the names of the named locations Entra recorded as matching,
// those of them it recorded as plain networks, and the types of network.
func (c *naiveCase) recorded() (names, plain, types []string) {
	if c.tenant.Options.IgnoreRecordedLocations {
		return nil, nil, nil
	}
	list, err := signin.DecodeList[signin.NamedLocation](c.event.NamedLocations)
	if err != nil {
		panic(err)
	}
	for _, l := range list {
		names = append(names, l.Names...)
		types = append(types, l.Type)
		if l.Type == "namedNetwork" {
			plain = append(plain, l.Names...)
		}
	}
	return names, plain, types
}

// changed reports that Entra recorded the networks of the row and this one was
// not among them, though it holds the address today: it has changed since, so
// nobody knows (1.7, recorded hits).
func (c *naiveCase) changed(name string) bool {
	if c.tenant.Options.IgnoreRecordedLocations || c.event.NamedLocations == "" {
		return false
	}
	names, _, _ := c.recorded()
	return !says(names, name)
}

// trusted: 1.7, named locations marked trusted plus MFA trusted IPs.
func (c *naiveCase) trusted() answer {
	if c.stale() { // whatever was recorded belongs to that address
		return maybe
	}
	_, plain, types := c.recorded()
	if says(types, "trustedNamedLocation") {
		return yes
	}
	if says(types, "intranet") && c.tenant.Options.IntranetClaim {
		return yes // the claim makes the request trusted
	}
	ip := c.event.Source.IP
	told := ip.IsValid()
	out := no
	for i := range c.tenant.Locations {
		is, any := c.versions(c.tenant.Locations[i].ID, func(l *naiveLocation) answer {
			if !l.Trusted || says(plain, l.Name) { // 1.7 (a): what was recorded is the truth of the time
				return no
			}
			return c.inLocation(l)
		})
		if any {
			out = either(out, is)
		}
	}
	for _, p := range c.tenant.Options.MFATrustedIPs {
		if told && p.Contains(ip) {
			return yes
		}
	}
	if out == no && (!told || c.tenant.Options.IntranetClaim || !c.tenant.LocationsKnown) {
		return maybe
	}
	return out
}

// holds says whether an IP location has the address: families do not mix, and
// an IPv4-mapped range is the IPv4 range.
func (l *naiveLocation) holds(ip netip.Addr) bool {
	for _, r := range l.Ranges {
		p, err := netip.ParsePrefix(r.CIDR)
		if err != nil {
			continue // docs: left out
		}
		if p.Addr().Is4In6() {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// versions asks every version of a location that may have counted at the time:
// the certain one decides, else all have to agree.
func (c *naiveCase) versions(id string, ask func(l *naiveLocation) answer) (is answer, any bool) {
	for i := range c.tenant.Locations {
		if !strings.EqualFold(c.tenant.Locations[i].ID, id) {
			continue
		}
		at := yes
		if i < len(c.tenant.LocationForces) {
			at = inForce(c.tenant.LocationForces[i], c.event.Time)
		}
		if at == no {
			continue
		}
		one := ask(&c.tenant.Locations[i])
		if at == yes {
			return one, true
		}
		if any && one != is {
			one = maybe
		}
		is, any = one, true
	}
	return is, any
}

func (c *naiveCase) named(id string) answer {
	is, _ := c.versions(id, c.inLocation)
	return is // maybe where it was not exported
}

func (c *naiveCase) inLocation(l *naiveLocation) answer {
	if c.stale() {
		return maybe
	}
	if names, _, _ := c.recorded(); says(names, l.Name) {
		return yes
	}
	switch l.Type {
	case "#microsoft.graph.ipNamedLocation":
		if !c.event.Source.IP.IsValid() {
			return maybe
		}
		if l.holds(c.event.Source.IP) && c.changed(l.Name) {
			return maybe
		}
		return sure(l.holds(c.event.Source.IP))
	case "#microsoft.graph.countryNamedLocation":
		if l.Lookup == "authenticatorAppGps" { // not replayable
			return maybe
		}
		country := c.event.Geo.Country
		if country == "" && !c.event.Source.IP.IsValid() {
			return maybe
		}
		if country == "" && c.event.Geo.Source != signin.GeoLog { // no location at all
			return maybe
		}
		if country == "" { // the log has a location and no country in it: an unknown country
			return sure(l.Unknown)
		}
		return sure(says(l.Countries, country))
	}
	return maybe // compliant network, and kinds nobody knows
}
