package risk

import "frisk/internal/signin"

// rented is the classes anybody can hire an address of by the hour, without
// being anywhere near it. Privacy relays are left out: Apple's is switched on for
// whole phones, and its egress is in the person's own country (reference,
// detection 1.3).
const rented = Datacenter | VPN | Tor | Proxy

// presence is where the person was last seen to be themselves, at an address
// that is nobody's to rent.
type presence struct {
	has bool
	at  signin.Time
	net uint32
	asn uint32
	row int
}

// vouches reports that the row shows the person at work: an accepted sign-in on
// a device or network of their own or at a trusted location, or a compliant
// device renewing its token.
func vouches(v *View) bool {
	if v.Accepted {
		return own(v) || v.Trusted
	}
	return v.Entered && v.Row.Compliant() == signin.True
}

// witness takes a row that vouches for the person.
func (p *presence) witness(e *Env, v *View) {
	c, trusted := v.Class, v.Trusted
	if !v.regarded {
		c, trusted = e.class(v.Row), e.trusted(v.Row)
	}
	if c&rented == 0 || c&Corporate != 0 || trusted {
		p.has, p.at, p.net, p.asn, p.row = true, v.Row.Time, v.addr.net, v.Row.ASN, v.Index
	}
}

// elsewhere reports that the person was at work on another network within the
// hours before v.
func (p *presence) elsewhere(v *View, within float64) bool {
	return p.has && v.Row.Time-p.at <= hours(within) && p.net != v.addr.net &&
		(p.asn != v.Row.ASN || p.asn == 0)
}

// strange reports that nothing about v is the person's or the organisation's:
// not the device, not the network, not its operator, no trusted location.
func strange(v *View) bool {
	return !own(v) && v.ASN != Known && !v.Trusted && v.Class&Corporate == 0
}

// regard fills the familiarity part of a view that the Assessor left out,
// because nobody sat in front of the row.
func (e *Env) regard(v *View, p *profile) {
	if v.regarded {
		return
	}
	v.regarded = true
	v.Class, v.Trusted = e.class(v.Row), e.trusted(v.Row)
	p.look(e, v)
}
