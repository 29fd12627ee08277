package policy

import (
	"strings"

	"frisk/internal/signin"
)

// inTrusted is AllTrusted: named locations marked trusted, MFA trusted IPs, and
// the intranet claim where it counts. What the log recorded comes first.
func (x *sight) inTrusted(s *spot) signin.Truth {
	l := x.ev.e.locs
	switch {
	case s.stale:
		return x.say(signin.Unknown, "the address of a confidential client's background request is that of its first token")
	case s.trusted:
		return x.say(signin.True, "the log recorded a trusted location")
	case s.intranet && l.claim:
		return x.say(signin.True, "the log recorded the intranet, whose claim counts as trusted")
	}
	out, why := signin.False, ""
	for _, versions := range l.list {
		t := x.trustedVersions(versions, s)
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
	case !s.ip.IsValid():
		return x.say(signin.Unknown, "the row has no address to judge by")
	case !l.known:
		return x.say(signin.Unknown, "no named locations were loaded, so nothing tells whether %s is trusted", s.ip)
	case l.claim:
		return x.say(signin.Unknown, "%s is in no trusted location, but an intranet claim may have made it trusted", s.ip)
	}
	return x.say(signin.False, "%s is in no trusted location", s.ip)
}

// trustedVersions says whether the row is in a location that was trusted then: a
// version that was not in force, or not trusted, trusts nobody. A version that may
// have been in force trusts for certain only where the one before or after it,
// which counted otherwise, does too.
func (x *sight) trustedVersions(versions []*place, s *spot) signin.Truth {
	yes, no, maybe := 0, 0, false
	why := ""
	for _, p := range versions {
		at := p.Force.At(x.r.Time)
		if at == signin.False {
			continue
		}
		t := signin.False
		if p.Trusted {
			t = x.inTrustedPlace(p, s)
		}
		if at == signin.True {
			return t
		}
		switch t {
		case signin.True:
			yes++
			why = x.why
		case signin.False:
			no++
		case signin.Unknown:
			maybe, why = true, x.why
		}
	}
	switch {
	case yes == 0 && !maybe:
		return signin.False
	case yes > 1 && no == 0 && !maybe:
		x.why = why
		return signin.True
	}
	return x.say(signin.Unknown, "the trusted locations changed around then: %s", why)
}

// inTrustedPlace is in for a location that is marked trusted: what the log recorded
// as a network that was not trusted was none then, whatever the mark says today.
func (x *sight) inTrustedPlace(p *place, s *spot) signin.Truth {
	for _, n := range s.plain {
		if strings.EqualFold(n, p.Name) {
			return x.say(signin.False, "the log recorded %q as a location that was not trusted", p.Name)
		}
	}
	return x.in(p, s)
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
