package lint

import (
	"net/netip"
	"slices"

	"frisk/internal/policy"
	"frisk/internal/policytext"

	"go4.org/netipx"
)

var _ = register(Rule{
	Code: "ipv4-only", Level: Info,
	Doc: "A named location that policies use has IPv4 ranges only. Clients prefer IPv6 as soon as their network has it, and an IPv6 address from the same office is then outside. " +
		"A warning when the log has sign-ins over IPv6 in no named location, from the autonomous system and city of sign-ins from this one.",
	Fix:    "add the IPv6 ranges of the same networks",
	Source: "IPv6 support in Microsoft Entra ID; Conditional Access: network (concept-assignment-network)",
	check: func(p *pass) {
		for _, l := range p.set.Locations {
			if l.Kind != policy.LocationIP || len(l.Ranges) == 0 {
				continue
			}
			users := p.usersOf(l)
			if len(users) == 0 || slices.ContainsFunc(l.Ranges, func(s string) bool { r, err := netip.ParsePrefix(s); return err == nil && r.Addr().Is6() }) {
				continue
			}
			used := policytext.Count(len(users), "policy", "policies")
			if f := p.in.Facts; f != nil && f.Beside[l.ID].SignIns > 0 {
				b := f.Beside[l.ID]
				p.location(l, note{level: Warning, path: ".ipRanges"},
					"named location %q, used by %s, has IPv4 ranges only, and the log has %s over IPv6 from the same network (autonomous system and city), by %s",
					l.Name, used, policytext.Count(int(b.SignIns), "sign-in", "sign-ins"), policytext.Count(int(b.People), "person", "people"))
				continue
			}
			p.location(l, note{path: ".ipRanges"}, "named location %q, used by %s, has IPv4 ranges only: an IPv6 client of the same network is outside", l.Name, used)
		}
	},
})

// usersOf are the policies that are on, or report-only, and depend on a location.
func (p *pass) usersOf(l *policy.NamedLocation) []*policy.Policy {
	var out []*policy.Policy
	p.each(true, func(q *policy.Policy) {
		if q.Locations == nil {
			return
		}
		list := slices.Concat(q.Locations.Include, q.Locations.Exclude)
		if has(list, l.ID) || l.Trusted && has(list, "alltrusted") {
			out = append(out, q)
		}
	})
	return out
}

// Entra's limits of named locations (reference 1.7, concept-assignment-network).
const (
	maxLocations = 195
	maxRanges    = 2000
	minMask      = 9 // masks longer than /8
)

var _ = register(Rule{
	Code: "location-limit", Level: Error,
	Doc:    "Named locations beyond Entra's limits: 195 locations, 2000 ranges each, and only masks longer than /8.",
	Fix:    "join neighbouring ranges, or split the location",
	Source: "Conditional Access: network (concept-assignment-network)",
	check: func(p *pass) {
		if n := len(p.set.Locations); n > maxLocations {
			p.whole(note{fix: "remove those no policy uses"}, "%d named locations, at most %d are allowed", n, maxLocations)
		}
		for _, l := range p.set.Locations {
			if n := len(l.Ranges); n > maxRanges {
				p.location(l, note{path: ".ipRanges"}, "named location %q has %d ranges, at most %d are allowed", l.Name, n, maxRanges)
			}
			for i, r := range prefixes(l) {
				if r.IsValid() && r.Bits() < minMask {
					p.location(l, note{path: item(".ipRanges", i), fix: "split it into masks of /9 or longer"},
						"range %s of named location %q is too wide: only masks longer than /8 are allowed", r, l.Name)
				}
			}
		}
	},
})

var _ = register(Rule{
	Code: "private-range", Level: Warning,
	Doc:    "A named location holds addresses that no sign-in comes from: private, loopback or link-local ones. Entra sees the public address of a network only.",
	Fix:    "use the public (egress) addresses of the network",
	Source: "Conditional Access: network (concept-assignment-network)",
	check: func(p *pass) {
		for _, l := range p.set.Locations {
			for i, r := range prefixes(l) {
				if a := r.Addr(); r.IsValid() && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || carrierNAT.Overlaps(r) && r.Bits() >= carrierNAT.Bits()) {
					p.location(l, note{path: item(".ipRanges", i)}, "range %s of named location %q is not public: no sign-in comes from it", r, l.Name)
				}
			}
		}
	},
})

// carrierNAT is the shared address space of providers (RFC 6598).
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// prefixes are the ranges of a location by their index; one that does not parse is invalid.
func prefixes(l *policy.NamedLocation) []netip.Prefix {
	out := make([]netip.Prefix, len(l.Ranges))
	for i, s := range l.Ranges {
		out[i], _ = netip.ParsePrefix(s) // the reader has left out what does not parse
	}
	return out
}

var _ = register(Rule{
	Code: "location-overlap", Level: Warning,
	Doc:    "The same addresses are in a trusted and in an untrusted named location. They count as trusted.",
	Fix:    "take them out of one of the two",
	Source: "Conditional Access: network (concept-assignment-network)",
	check: func(p *pass) {
		var trusted, others []*policy.NamedLocation
		for _, l := range p.set.Locations {
			switch {
			case l.Kind != policy.LocationIP:
			case l.Trusted:
				trusted = append(trusted, l)
			default:
				others = append(others, l)
			}
		}
		sets := make([]*netipx.IPSet, len(trusted))
		for i, l := range trusted {
			sets[i] = ipSet(l)
		}
		for _, l := range others {
			for i, t := range trusted {
				for k, r := range prefixes(l) {
					if r.IsValid() && sets[i].OverlapsPrefix(r) {
						p.location(l, note{path: item(".ipRanges", k)}, "range %s of the untrusted named location %q overlaps the trusted one %q: there it counts as trusted", r, l.Name, t.Name)
					}
				}
			}
		}
	},
})

func ipSet(l *policy.NamedLocation) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, r := range prefixes(l) {
		if r.IsValid() {
			b.AddPrefix(r.Masked())
		}
	}
	s, err := b.IPSet()
	if err != nil {
		return &netipx.IPSet{}
	}
	return s
}
