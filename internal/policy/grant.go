package policy

import (
	"math/bits"

	"frisk/internal/signin"
)

// Controls a person can answer on the spot; the others are met or not (reference 1.9).
const interactive = ControlMFA | ControlStrength | ControlPasswordChange | ControlRiskRemediation |
	ControlTermsOfUse | ControlCustom | ControlFrequency

// Controls only a recorded result could show.
const unseen = ControlApprovedApplication | ControlCompliantApplication | ControlPasswordChange |
	ControlRiskRemediation | ControlTermsOfUse | ControlCustom | ControlOther

// gate is the compiled grantControls of a policy.
type gate struct {
	controls Controls
	or       bool
}

func compileGate(p *Policy) gate {
	if p.Grant == nil {
		return gate{}
	}
	return gate{controls: p.Grant.Controls, or: p.Grant.Or}
}

// proof is what one sign-in has met of the controls that do not differ by
// policy: met for certain, and not known to be unmet.
type proof struct {
	met, maybe Controls
	// mute: the client can answer nothing, so an unmet control is a block.
	mute bool
	// refuse are interactive controls this person cannot answer here.
	refuse Controls
	kinds  GuestKinds // what sort of user the person may be
}

// Grade is what one policy does to one sign-in it applies to, as bounds.
type Grade struct {
	Best, Worst Effect
	// Unmet are the controls asked for in the worst case, Sure those asked for in
	// every case.
	Unmet, Sure Controls
}

// prove works out which controls the row and the session meet.
func (ev *Evaluator) prove(r *signin.Row, s *State, devices bool) proof {
	pr := proof{maybe: unseen, kinds: ev.guestKinds(r)}
	set := func(c Controls, t signin.Truth) {
		switch t {
		case signin.True:
			pr.met |= c
			pr.maybe |= c
		case signin.Unknown:
			pr.maybe |= c
		case signin.False:
			pr.maybe &^= c
		}
	}
	mfa := s.MFA
	if ev.client(r).legacy() {
		// Legacy clients cannot do MFA and send no device state: what they cannot
		// show blocks them (reference 1.6).
		pr.mute = true
		mfa = signin.False
		pr.maybe = 0
	}
	set(ControlMFA, mfa)
	if devices && !pr.mute {
		compliant, hybrid := ev.compliant(r), ev.hybrid(r)
		if ev.deviceCode(r) { // cannot prove device state (reference 1.9)
			compliant, hybrid = signin.False, signin.False
		}
		if isOneOf(pr.kinds, allGuestKinds&^InternalGuest) == signin.True {
			// A device of another tenant counts only with inbound trust (reference 1.3).
			if ev.e.opt.Inbound.CompliantDevice == signin.False {
				compliant = signin.False
			}
			if ev.e.opt.Inbound.HybridDevice == signin.False {
				hybrid = signin.False
			}
		}
		set(ControlCompliantDevice, compliant)
		set(ControlDomainJoinedDevice, hybrid)
	}
	pr.outsiders(ev.e.opt.Inbound)
	return pr
}

// outsiders applies what external users cannot do at all (reference 1.3): app
// and password controls; and, for direct connect users, MFA in this tenant or
// terms of use.
func (pr *proof) outsiders(trust InboundTrust) {
	if isOneOf(pr.kinds, allGuestKinds&^InternalGuest) != signin.True {
		return
	}
	const never = ControlApprovedApplication | ControlCompliantApplication | ControlPasswordChange
	pr.maybe &^= never
	pr.refuse |= never
	if pr.kinds == DirectConnect {
		pr.refuse |= ControlTermsOfUse
		if trust.MFA != signin.True {
			// Only their own tenant can ask them, and its answer is not believed.
			pr.refuse |= ControlMFA | ControlStrength
		}
		pr.maybe &^= ControlTermsOfUse
	}
}

// grade says what an applying policy asks beyond what is proved. Controls are
// asked for in the order of the Controls bits.
func (ev *Evaluator) grade(p *plan, pr *proof, s *State) Grade {
	c := p.grant.controls
	if c == 0 {
		return Grade{}
	}
	if c&ControlBlock != 0 {
		return Grade{Block, Block, ControlBlock, ControlBlock}
	}
	met, maybe := pr.met, pr.maybe
	if c&ControlStrength != 0 && !pr.mute {
		switch p.Grant.Strength.metBy(s) {
		case signin.True:
			met |= ControlStrength
			maybe |= ControlStrength
		case signin.Unknown:
			maybe |= ControlStrength
		case signin.False:
		}
	}
	met, maybe = met&c, maybe&c
	if p.grant.or {
		return gradeOr(c, met, maybe, pr)
	}
	return gradeAnd(c, met, maybe, pr)
}

func (pr *proof) answerable(c Controls) Controls {
	if pr.mute {
		return 0
	}
	return c & interactive &^ pr.refuse
}

// gradeOr: one control is enough; when none is met, the first that can be
// answered is asked for, and when none can, access is refused.
func gradeOr(c, met, maybe Controls, pr *proof) Grade {
	if met != 0 {
		return Grade{}
	}
	g := Grade{Worst: Block, Unmet: c}
	if ask := pr.answerable(c); ask != 0 {
		g.Worst, g.Unmet = Prompt, first(ask)
	}
	if maybe == 0 {
		g.Best, g.Sure = g.Worst, g.Unmet
	}
	return g
}

// gradeAnd: every control is needed; one that cannot be answered refuses.
func gradeAnd(c, met, maybe Controls, pr *proof) Grade {
	g := Grade{Unmet: c &^ met, Sure: c &^ maybe}
	g.Worst = effectOf(g.Unmet, pr)
	g.Best = effectOf(g.Sure, pr)
	return g
}

func effectOf(unmet Controls, pr *proof) Effect {
	switch {
	case unmet == 0:
		return Allow
	case unmet&^pr.answerable(unmet) != 0:
		return Block
	}
	return Prompt
}

func first(c Controls) Controls { return 1 << bits.TrailingZeros16(uint16(c)) }

// guestKinds is what kind of user the row's person may be, remembered.
func (ev *Evaluator) guestKinds(r *signin.Row) GuestKinds {
	k := key{
		a: pack(r.C[signin.DimHomeTenant], r.C[signin.DimResourceTenant]),
		b: pack(r.C[signin.DimCrossTenant], 0), c: uint64(r.Kind()),
	}
	if r.Kind() == signin.KindUnknown || r.C[signin.DimHomeTenant] == 0 || r.C[signin.DimResourceTenant] == 0 {
		k.b |= uint64(r.C[signin.DimPrincipal]) // then the directory has a say
	}
	v := ev.kinds.find(k)
	if v == nil {
		ev.x.see(r, false)
		v = ev.kinds.put(k, verdicts{yes: Mask{uint64(ev.x.person().kinds)}})
	}
	return GuestKinds(v.yes[0]) //nolint:gosec // put just above
}
