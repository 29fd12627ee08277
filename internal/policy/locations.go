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
	byID     map[string][]*place // the versions of each, oldest first
	list     [][]*place          // the same, in set order
	trusted  *netipx.IPSet       // MFA trusted IPs
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
	l := &locations{byID: map[string][]*place{}, claim: opt.IntranetClaim, known: set.LocationsKnown, recorded: !opt.IgnoreRecordedLocations}
	var order []string
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
		// Versions of one location follow each other with one id; two undated ones
		// are a mistake Load reports, and the last one counts.
		if old := l.byID[n.ID]; n.ID != "" && len(old) > 0 && (n.Force != nil || old[0].Force != nil) {
			l.byID[n.ID] = append(old, p)
		} else {
			l.byID[n.ID] = []*place{p}
		}
		order = append(order, n.ID)
		if n.ID == "" {
			l.list = append(l.list, []*place{p})
		}
	}
	seen := map[string]bool{"": true}
	for _, id := range order {
		if !seen[id] {
			seen[id] = true
			l.list = append(l.list, l.byID[id])
		}
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
	// nowhere: the log says of the address that its country is not known.
	nowhere bool
	// stale: the address is of the first token issue, not of this request.
	stale bool
	// recorded says that Entra logged which named locations matched, names are
	// those it named, plain those of them it named as not trusted, trusted that one
	// of them was a trusted one, intranet that the request claimed to come from there.
	recorded          bool
	names, plain      []string
	trusted, intranet bool
}

func (x *sight) spot() spot {
	s := spot{country: strings.ToUpper(x.text(signin.DimCountry)), nowhere: nowhere(x.r)}
	if a, err := netip.ParseAddr(x.text(signin.DimIP)); err == nil {
		s.ip = a.Unmap().WithZone("")
	}
	s.stale = staleAddress(x.ev, x.r)
	if !x.ev.e.locs.recorded {
		return s
	}
	list := x.text(signin.DimNamedLocations)
	hits, err := signin.DecodeList[signin.NamedLocation](signin.List(list))
	if err != nil {
		return s
	}
	s.recorded = list != ""
	for _, h := range hits {
		s.names = append(s.names, h.Names...)
		switch strings.ToLower(h.Type) { // Graph networkType
		case "trustednamedlocation", "trusted":
			s.trusted = true
		case "namednetwork":
			s.plain = append(s.plain, h.Names...)
		case "intranet":
			s.intranet = true
		}
	}
	return s
}

// staleAddress: non-interactive rows of confidential clients carry the address
// of the original token issue (reference 1.7).
func staleAddress(ev *Evaluator, r *signin.Row) bool {
	return r.Stream() == signin.NonInteractive && ev.confidential(r)
}

// nowhere reports a row of which the log says that nobody knows the country: it
// has a location, and no country in it. A row without a location says nothing.
func nowhere(r *signin.Row) bool {
	return r.C[signin.DimCountry] == 0 && r.E[signin.EnumGeoSource] == uint8(signin.GeoLog)
}

// inVersions says whether the row is in a location of which the set may hold
// several versions: the one in force at the time answers, and where its change
// falls between two looks, the versions that may have been in force must agree.
func (x *sight) inVersions(versions []*place, s *spot) signin.Truth {
	in, first := signin.Unknown, true
	for _, p := range versions {
		at := p.Force.At(x.r.Time)
		if at == signin.False {
			continue
		}
		t := x.in(p, s)
		if at == signin.True {
			return t
		}
		if first {
			in, first = t, false
		} else if in != t {
			in = x.say(signin.Unknown, "named location %q changed around then, and its versions disagree", p.Name)
		}
	}
	if first {
		return x.say(signin.Unknown, "no version of named location %q was in force then", versions[0].Name)
	}
	return in
}

// in says whether the row is in a place, and why.
func (x *sight) in(p *place, s *spot) signin.Truth {
	if s.stale { // and so are the networks recorded for it
		return x.say(signin.Unknown, "the address of a confidential client's background request is that of its first token")
	}
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
	case !s.ip.IsValid():
		return x.say(signin.Unknown, "the row has no address")
	}
	word := "named location"
	if p.Trusted {
		word = "trusted location"
	}
	switch {
	case !p.ips.Contains(s.ip):
		return x.say(signin.False, "%s is not in %s %q", s.ip, word, p.Name)
	case s.recorded:
		return x.say(signin.Unknown, "%s is in today's range of %s %q, but the log recorded %s: the range or the name has changed since", s.ip, word, p.Name, s.others())
	}
	return x.say(signin.True, "%s is in %s %q", s.ip, word, p.Name)
}

// others is what the log recorded, for people.
func (s *spot) others() string {
	if len(s.names) == 0 {
		return "no named location"
	}
	return `"` + strings.Join(s.names, `", "`) + `"`
}

// inCountry uses the row's country, which for Entra logs is Entra's own reading
// of the address; an empty one is an unknown country, a missing one says nothing
// (reference 1.7).
func (x *sight) inCountry(p *place, s *spot) signin.Truth {
	switch {
	case s.country == "" && !s.ip.IsValid():
		return x.say(signin.Unknown, "the row has neither address nor country")
	case s.nowhere:
		return x.say(signin.TruthOf(p.IncludeUnknown), "the country of %s is unknown; location %q includes unknown: %t", s.ip, p.Name, p.IncludeUnknown)
	case s.country == "":
		return x.say(signin.Unknown, "the row has no location, so the country of %s is not known", s.ip)
	}
	if slices.Contains(p.Countries, s.country) {
		return x.say(signin.True, "country %s is in location %q", s.country, p.Name)
	}
	return x.say(signin.False, "country %s is not in location %q", s.country, p.Name)
}
