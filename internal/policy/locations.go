package policy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"frisk/internal/signin"

	"go4.org/netipx"
)

// locations are the compiled named locations of a set.
type locations struct {
	byID     map[string]*place
	list     []*place      // in set order
	trusted  *netipx.IPSet // MFA trusted IPs
	claim    bool
	known    bool
	recorded bool
}

// place is one compiled named location.
type place struct {
	*NamedLocation
	ips *netipx.IPSet
}

// mfaTrustedIPs is the id under which policies name the legacy MFA trusted IPs,
// compliantNetwork that of "all compliant network locations".
const (
	mfaTrustedIPs    = "00000000-0000-0000-0000-000000000000"
	compliantNetwork = "3d46dbda-8382-466a-856d-eb00cbc6b910"
)

func compileLocations(set *Set, opt Options) (*locations, error) {
	l := &locations{byID: map[string]*place{}, claim: opt.IntranetClaim, known: set.LocationsKnown, recorded: !opt.IgnoreRecordedLocations}
	for _, n := range set.Locations {
		var b netipx.IPSetBuilder
		for _, text := range n.Ranges {
			p, err := netip.ParsePrefix(text)
			if err != nil {
				return nil, fmt.Errorf("named location %q: address range %q: %w", n.Name, text, err)
			}
			b.AddPrefix(p.Masked())
		}
		ips, err := b.IPSet()
		if err != nil {
			return nil, fmt.Errorf("named location %q: %w", n.Name, err)
		}
		p := &place{n, ips}
		l.list = append(l.list, p)
		l.byID[n.ID] = p
	}
	var b netipx.IPSetBuilder
	for _, p := range opt.MFATrustedIPs {
		b.AddPrefix(p.Masked())
	}
	var err error
	l.trusted, err = b.IPSet()
	if err != nil {
		return nil, fmt.Errorf("MFA trusted IPs: %w", err)
	}
	return l, nil
}

// spot is where a row comes from, as the locations condition sees it.
type spot struct {
	ip      netip.Addr
	country string
	// stale: the address is of the first token issue, not of this request.
	stale bool
	// recorded are the names Entra logged as matching, when it logged any list.
	names   []string
	trusted bool
}

func (x *sight) spot() spot {
	s := spot{country: strings.ToUpper(x.text(signin.DimCountry))}
	if a, err := netip.ParseAddr(x.text(signin.DimIP)); err == nil {
		s.ip = a.Unmap().WithZone("")
	}
	s.stale = staleAddress(x.ev, x.r)
	if !x.ev.e.locs.recorded {
		return s
	}
	hits, err := signin.DecodeList[signin.NamedLocation](signin.List(x.text(signin.DimNamedLocations)))
	if err != nil {
		return s
	}
	for _, h := range hits {
		s.names = append(s.names, h.Names...)
		if strings.EqualFold(h.Type, "trustedNamedLocation") || strings.EqualFold(h.Type, "trusted") {
			s.trusted = true
		}
	}
	return s
}

// staleAddress: non-interactive rows of confidential clients carry the address
// of the original token issue (reference 1.7).
func staleAddress(ev *Evaluator, r *signin.Row) bool {
	return r.Stream() == signin.NonInteractive && ev.confidential(r)
}

// in says whether the row is in a place, and why.
func (x *sight) in(p *place, s *spot) signin.Truth {
	for _, n := range s.names {
		if strings.EqualFold(n, p.Name) {
			return x.say(signin.True, "the log recorded named location %q", p.Name)
		}
	}
	switch {
	case p.Kind == LocationNetwork:
		return x.say(signin.Unknown, "no row tells whether the request came through the compliant network")
	case p.GPS:
		return x.say(signin.Unknown, "location %q asks the phone for its position, which no log row carries", p.Name)
	case p.Kind == LocationCountry:
		return x.inCountry(p, s)
	case p.Kind != LocationIP:
		return x.say(signin.Unknown, "location %q is of a kind this program does not know", p.Name)
	case s.stale:
		return x.say(signin.Unknown, "the address of a confidential client's background request is that of its first token")
	case !s.ip.IsValid():
		return x.say(signin.Unknown, "the row has no address")
	}
	word := "named location"
	if p.Trusted {
		word = "trusted location"
	}
	if p.ips.Contains(s.ip) {
		return x.say(signin.True, "%s is in %s %q", s.ip, word, p.Name)
	}
	return x.say(signin.False, "%s is not in %s %q", s.ip, word, p.Name)
}

// inCountry uses the row's country, which for Entra logs is Entra's own reading
// of the address; an address without one is an unknown country (reference 1.7).
func (x *sight) inCountry(p *place, s *spot) signin.Truth {
	switch {
	case s.stale:
		return x.say(signin.Unknown, "the address of a confidential client's background request is that of its first token")
	case s.country == "" && !s.ip.IsValid():
		return x.say(signin.Unknown, "the row has neither address nor country")
	case s.country == "":
		return x.say(signin.TruthOf(p.IncludeUnknown), "the country of %s is unknown; location %q includes unknown: %t", s.ip, p.Name, p.IncludeUnknown)
	}
	if slices.Contains(p.Countries, s.country) {
		return x.say(signin.True, "country %s is in location %q", s.country, p.Name)
	}
	return x.say(signin.False, "country %s is not in location %q", s.country, p.Name)
}

// inTrusted is AllTrusted: named locations marked trusted, and MFA trusted IPs.
func (x *sight) inTrusted(s *spot) signin.Truth {
	l := x.ev.e.locs
	if s.trusted {
		return x.say(signin.True, "the log recorded a trusted location")
	}
	out, why := signin.False, ""
	for _, p := range l.list {
		if !p.Trusted {
			continue
		}
		t := x.in(p, s)
		if t == signin.True {
			return t
		}
		if t == signin.Unknown {
			out, why = t, x.why
		}
	}
	if t := x.inMFATrusted(s); t == signin.True {
		return t
	}
	switch {
	case out == signin.Unknown:
		x.why = why
		return out
	case s.stale || !s.ip.IsValid():
		return x.say(signin.Unknown, "the row has no address to judge by")
	case !l.known:
		return x.say(signin.Unknown, "no named locations were loaded, so nothing tells whether %s is trusted", s.ip)
	case l.claim:
		return x.say(signin.Unknown, "%s is in no trusted location, but an intranet claim may have made it trusted", s.ip)
	}
	return x.say(signin.False, "%s is in no trusted location", s.ip)
}

func (x *sight) inMFATrusted(s *spot) signin.Truth {
	switch {
	case s.stale || !s.ip.IsValid():
		return x.say(signin.Unknown, "the row has no address to judge by")
	case x.ev.e.locs.trusted.Contains(s.ip):
		return x.say(signin.True, "%s is in the MFA trusted IPs", s.ip)
	}
	return x.say(signin.False, "%s is not in the MFA trusted IPs", s.ip)
}
