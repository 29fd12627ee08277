package policy

import (
	"math/bits"
	"slices"

	"frisk/internal/signin"
)

// Controls a person can answer on the spot; the others are met or not (reference 1.9).
const interactive = ControlMFA | ControlStrength | ControlPasswordChange | ControlRiskRemediation |
	ControlTermsOfUse | ControlCustom | ControlFrequency

// Controls only a recorded result could show.
const unseen = ControlApprovedApplication | ControlCompliantApplication | ControlPasswordChange |
	ControlRiskRemediation | ControlTermsOfUse | ControlCustom | ControlOther

// deviceControls are the controls judged by the device and its platform.
const deviceControls = ControlCompliantDevice | ControlDomainJoinedDevice |
	ControlApprovedApplication | ControlCompliantApplication

// gate is the compiled grantControls of a policy, and what of its target bears on controls.
type gate struct {
	controls   Controls
	or         bool
	unsaid     bool // whether or is not known
	everything bool // for all resources
	action     bool // for the registration of security information, with a strength
}

func compileGate(p *Policy) gate {
	g := gate{everything: slices.Contains(p.Apps.Include, "all")}
	if p.Grant != nil {
		g.controls, g.or, g.unsaid = p.Grant.Controls, p.Grant.Or, p.Grant.Unsaid
		g.action = g.controls&ControlStrength != 0 && slices.Contains(p.Apps.UserActions, actionSecurityInfo)
	}
	return g
}

// proof is what one sign-in has met of the controls that do not differ by
// policy: met for certain, and not known to be unmet.
type proof struct {
	met, maybe Controls
	// mute: the client can answer nothing, so an unmet control is a block.
	mute bool
	// refuse are interactive controls this person cannot answer here, doubt those
	// the person perhaps cannot.
	refuse, doubt Controls
	kinds         GuestKinds   // what sort of user the person may be
	external      signin.Truth // of another tenant, as far as kinds tell
	direct        signin.Truth // a B2B direct connect user; False where nothing tells where the person is from
	// methods are what the person can answer a strength with; 0 = anything. Where
	// here is set, those are the methods this tenant asks an external user for, and
	// perhaps says that the home tenant may be asked instead.
	methods       MethodSet
	here, perhaps bool
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
	var pr proof
	ev.proveRow(&pr, r, devices)
	pr.claim(s.MFA)
	return pr
}

// set says of controls whether they are met.
func (pr *proof) set(c Controls, t signin.Truth) {
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

// claim adds what the session proves: whether it carries an MFA claim. Legacy
// clients cannot do MFA (reference 1.6).
func (pr *proof) claim(mfa signin.Truth) {
	if !pr.mute {
		pr.set(ControlMFA, mfa)
	}
}

// proveRow works out what the row meets, whatever the session.
func (ev *Evaluator) proveRow(pr *proof, r *signin.Row, devices bool) {
	*pr = proof{maybe: unseen}
	pr.from(ev.guestKinds(r))
	if ev.client(r).legacy() {
		// Legacy clients can answer nothing and send no device state: what they cannot
		// show blocks them (reference 1.6).
		pr.mute = true
		pr.maybe = 0
	}
	if devices && !pr.mute {
		compliant, hybrid := ev.compliantControl(r), ev.hybrid(r)
		if ev.deviceCode(r) { // cannot prove device state (reference 1.9)
			compliant, hybrid = signin.False, signin.False
		}
		compliant = pr.trusted(compliant, ev.e.opt.Inbound.CompliantDevice)
		hybrid = pr.trusted(hybrid, ev.e.opt.Inbound.HybridDevice)
		pr.set(ControlCompliantDevice, compliant)
		pr.set(ControlDomainJoinedDevice, hybrid)
		pr.set(ControlApprovedApplication, ev.appControl(r, false))
		pr.set(ControlCompliantApplication, ev.appControl(r, true))
	}
	if ev.e.strengths {
		pr.methods = ev.answersOf(r)
	}
	pr.outsiders(ev.e.opt.Inbound.MFA)
}

// appControl says whether an approved app, or one with an app protection policy,
// may have been used: both exist on iOS and Android only, the second also as Edge on
// Windows (reference 1.9). That one was used no row shows.
func (ev *Evaluator) appControl(r *signin.Row, protected bool) signin.Truth {
	switch p := ev.platform(r); {
	case p == platformUnsaid, p == platformIOS, p == platformAndroid:
		return signin.Unknown
	case p == platformWindows && protected && ev.edge(r):
		return signin.Unknown
	}
	return signin.False
}

// gradeOf is grade where a user action's strength may take the place of the
// policy's own, which then counts as met: the registration policy asks for its own
// instead, and the other controls of this one stay (reference 1.5).
func (ev *Evaluator) gradeOf(p *plan, pr *proof, s *State, preferred signin.Truth) Grade {
	if p.grant.controls&ControlStrength == 0 || !p.grant.everything || p.grant.action {
		preferred = signin.False
	}
	return ev.grade(p, pr, s, preferred)
}

// grade says what the controls of an applying policy ask beyond what is proved.
// Controls are asked for in the order of the Controls bits. waived says whether the
// strength counts as met whatever the session.
func (ev *Evaluator) grade(p *plan, pr *proof, s *State, waived signin.Truth) Grade {
	c := p.grant.controls
	if c == 0 {
		return Grade{}
	}
	if c&ControlBlock != 0 {
		return Grade{Block, Block, ControlBlock, ControlBlock}
	}
	met, maybe := pr.met, pr.maybe
	refuse, doubt := pr.refuse, pr.doubt
	if c&ControlStrength != 0 && !pr.mute {
		switch p.Grant.Strength.metBy(s) {
		case signin.True:
			met |= ControlStrength
			maybe |= ControlStrength
		case signin.Unknown:
			maybe |= ControlStrength
		case signin.False:
		}
		switch pr.canAnswer(p.Grant.Strength) {
		case signin.False:
			refuse |= ControlStrength
		case signin.Unknown:
			doubt |= ControlStrength
		case signin.True:
		}
	}
	switch waived {
	case signin.True:
		met |= ControlStrength
		maybe |= ControlStrength
	case signin.Unknown:
		maybe |= ControlStrength
	case signin.False:
	}
	a := asks{}
	if !pr.mute {
		a.best = interactive &^ refuse
		a.worst = a.best &^ doubt
	}
	met, maybe = met&c, maybe&c
	switch {
	case p.grant.unsaid:
		return a.or(c, met, maybe).either(a.and(c, met, maybe))
	case p.grant.or:
		return a.or(c, met, maybe)
	}
	return a.and(c, met, maybe)
}

// either is what is known when one of two grades holds, and nobody knows which.
func (g Grade) either(h Grade) Grade {
	return Grade{min(g.Best, h.Best), max(g.Worst, h.Worst), g.Unmet | h.Unmet, g.Sure & h.Sure}
}

// asks are the controls a person can answer, in the best and the worst case.
type asks struct{ best, worst Controls }

// or: one control is enough; when none is met, the first that can be answered is
// asked for, and when none can, access is refused.
func (a asks) or(c, met, maybe Controls) Grade {
	if met != 0 {
		return Grade{}
	}
	worst, unmet := askOne(c, a.worst)
	best, sure := askOne(c, a.best)
	g := Grade{Worst: worst, Unmet: unmet | sure}
	if maybe == 0 {
		g.Best, g.Sure = best, sure&unmet
	}
	return g
}

func askOne(c, can Controls) (Effect, Controls) {
	if ask := c & can; ask != 0 {
		return Prompt, first(ask)
	}
	return Block, c
}

// and: every control is needed; one that cannot be answered refuses.
func (a asks) and(c, met, maybe Controls) Grade {
	g := Grade{Unmet: c &^ met, Sure: c &^ maybe}
	g.Worst = effectOf(g.Unmet, a.worst)
	g.Best = effectOf(g.Sure, a.best)
	return g
}

func effectOf(unmet, can Controls) Effect {
	switch {
	case unmet == 0:
		return Allow
	case unmet&^can != 0:
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
		k.c |= ev.epoch(r) << 8
	}
	v := ev.kinds.find(k)
	if v == nil {
		ev.x.see(r, false)
		v = ev.kinds.put(k, verdicts{yes: Mask{uint64(ev.x.person().kinds)}})
	}
	return GuestKinds(v.yes[0]) //nolint:gosec // put just above
}
