package policy

import "frisk/internal/signin"

// from takes in what kind of user the person may be. Where nothing tells where the
// person is from (a plain member is possible), they are taken for one of this
// tenant; see docs/policies.md.
func (pr *proof) from(kinds GuestKinds) {
	pr.kinds = kinds
	pr.external = isOneOf(kinds, allGuestKinds&^InternalGuest)
	pr.direct = isOneOf(kinds, DirectConnect)
	if pr.direct == signin.Unknown && pr.untold() {
		pr.direct = signin.False
	}
}

// untold reports that nothing tells where the person is from.
func (pr *proof) untold() bool { return pr.external == signin.Unknown && pr.kinds&notExternal != 0 }

// trusted is what a control says of the person's device: one of another tenant
// counts only with inbound trust (reference 1.3), and where it is not known whether
// there is any, whether it counts is not either.
func (pr *proof) trusted(device, trust signin.Truth) signin.Truth {
	own := pr.external.Not()
	switch {
	case trust == signin.True, trust == signin.Unknown && pr.untold():
		return device
	case trust == signin.Unknown:
		own = own.Or(signin.Unknown)
	}
	return device.And(own)
}

// outsiders applies what external users cannot do at all (reference 1.3): app
// and password controls; and, for direct connect users, terms of use, and MFA
// where this tenant does not trust that of theirs. What is not known makes it
// doubtful: whether the person is one, and what is trusted. That a person of whom
// nothing is known can answer a strength is assumed, unless this tenant is known to
// trust no other's MFA.
func (pr *proof) outsiders(trust signin.Truth) {
	const never = ControlApprovedApplication | ControlCompliantApplication | ControlPasswordChange
	switch pr.external {
	case signin.False:
		return
	case signin.Unknown:
		pr.doubt |= never
	case signin.True:
		pr.maybe &^= never
		pr.refuse |= never
	}
	// The home tenant of an external user is asked only where its MFA is trusted;
	// here fewer methods count.
	pr.here = trust == signin.False || trust == signin.Unknown && !pr.untold()
	pr.perhaps = trust == signin.Unknown || pr.external == signin.Unknown
	if pr.direct == signin.False {
		return
	}
	// Only their own tenant can ask them, and its answer may not be believed.
	pr.doubt |= ControlTermsOfUse
	if trust != signin.True {
		pr.doubt |= ControlMFA | ControlStrength
	}
	if pr.direct == signin.Unknown {
		return
	}
	pr.refuse |= ControlTermsOfUse
	pr.maybe &^= ControlTermsOfUse
	if trust == signin.False {
		pr.refuse |= ControlMFA | ControlStrength
	}
}
