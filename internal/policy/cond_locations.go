package policy

import "frisk/internal/signin"

// locations: the network a request comes from (reference 1.7, Entra "network
// assignment").
var _ = register(Condition{
	Name:    "locations",
	Doc:     "the network: IP ranges (v4 and v6), countries as the log gives them, all trusted locations with the MFA trusted IPs; what the log itself recorded as matching comes first; the version of a location that was in force",
	Unknown: "a named location missing from the export, a location by phone position or compliant network, a row without address or, for a country, without location, a confidential client's background request, an address in today's range of a location that the log did not record",
	Bit:     BitLocation,
	Dims: []signin.Dim{
		signin.DimIP, signin.DimCountry, signin.DimNamedLocations,
		signin.DimCredential,
	},
	stage:      2,
	configured: func(p *plan) bool { return p.Locations != nil },
	dim:        byPlace,
	test:       testLocations,
})

func testLocations(x *sight, p *plan) signin.Truth {
	s := x.spot()
	in := x.anywhere(p.Locations.Include, &s)
	if in == signin.False {
		return x.say(signin.False, "not included: %s", x.why)
	}
	included := x.why
	out := x.anywhere(p.Locations.Exclude, &s)
	switch {
	case out == signin.True:
		return x.say(signin.False, "excluded: %s", x.why)
	case out == signin.Unknown:
		return x.say(signin.Unknown, "perhaps excluded: %s", x.why)
	case in == signin.Unknown:
		return x.say(in, "perhaps included: %s", included)
	case len(p.Locations.Exclude) > 0:
		return x.say(signin.True, "included: %s; not excluded: %s", included, x.why)
	}
	return x.say(signin.True, "included: %s", included)
}

// anywhere says whether the spot is in one of the listed locations.
func (x *sight) anywhere(list []string, s *spot) signin.Truth {
	out, why, note := signin.False, "", ""
	for _, id := range list {
		t := x.at(id, s)
		switch t {
		case signin.True:
			return t
		case signin.Unknown:
			out, why = t, x.why
		default:
			note = x.why
		}
	}
	if out == signin.Unknown {
		x.why = why
	} else {
		x.why = note
	}
	return out
}

func (x *sight) at(id string, s *spot) signin.Truth {
	switch id {
	case "all":
		return x.say(signin.True, "any location")
	case "alltrusted":
		return x.inTrusted(s)
	}
	if versions := x.ev.e.locs.byID[id]; versions != nil {
		return x.inVersions(versions, s)
	}
	switch id {
	case mfaTrustedIPs:
		return x.inMFATrusted(s)
	case compliantNetwork:
		return x.say(signin.Unknown, "no row tells whether the request came through the compliant network")
	}
	return x.say(signin.Unknown, "named location %s is not in the export", id)
}
