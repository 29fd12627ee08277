package risk

import "frisk/internal/signin"

// What orders the two ends of an impossible journey. Each outweighs all below
// it, so only the order matters; a finding of another detector lies between a
// familiar network and a familiar operator or country, which strangers share.
const (
	weightQuarantine = 64 // the network was blamed lately
	weightDevice     = 32
	weightTrusted    = 16
	weightNetwork    = 8
	weightHeld       = 4
	weightAround     = 2 // operator or country
)

// blame picks the end that the person's past and the other detectors vouch for
// less, and puts down why in t.because where the evidence does not show it
// already. It rests on nothing a score may not know (Sink.hold). Between equals,
// in this order: the end whose network let the person in later or never; the end
// that was refused; the end without the second factor that the other gave; the
// later end; at the same instant the larger id, so that row order does not matter.
func (t *travel) blame(s *Sink) *end {
	a, b := &t.anchor, &t.cur
	ha, hb := s.held[a.row], s.held[b.row]
	wa, wb := a.weight-weightHeld*btoi(ha), b.weight-weightHeld*btoi(hb)
	if wa != wb {
		blamed, held := a, ha && !hb
		if wb < wa {
			blamed, held = b, hb && !ha
		}
		if held {
			t.because = "held against it by another finding"
		}
		return blamed
	}
	switch x, y := newer(a), newer(b); {
	case x > y:
		return t.earlier("the other network was the person's before, since " + b.since.String())
	case y > x:
		return b
	}
	switch ra, rb := a.stopped != signin.ReasonNone, b.stopped != signin.ReasonNone; {
	case ra && !rb:
		return t.earlier("it was refused, the other let in")
	case rb && !ra:
		return b
	}
	switch {
	case a.factor == signin.MFANotDone && b.factor == signin.MFADone:
		return t.earlier("the other gave the second factor")
	case b.factor == signin.MFANotDone && a.factor == signin.MFADone:
		return b
	case a.time == b.time && a.id > b.id:
		return a
	}
	return b
}

// earlier blames the anchor, which between equals takes a reason.
func (t *travel) earlier(because string) *end {
	t.because = because
	return &t.anchor
}

// newer orders ends by when their network first let the person in; never is last.
func newer(e *end) signin.Time {
	if e.since == 0 {
		return 1<<63 - 1
	}
	return e.since
}

// refusal is the reason that speaks against whoever signed in: a second factor
// not given, or a policy, risk or device check not passed. That consent, an
// assignment or an enrolment was missing says nothing about them, nor does a
// challenge, which may just not have been answered yet.
func refusal(r *signin.Row) signin.Reason {
	if r.Outcome() != signin.Failure {
		return signin.ReasonNone
	}
	switch reason := r.Reason(); reason {
	case signin.MFARequired, signin.MFAFailed, signin.MFADenied, signin.MFAFraud, signin.MFATimeout,
		signin.PolicyBlock, signin.RiskBlock, signin.DeviceNotCompliant, signin.DeviceNotJoined:
		return reason
	}
	return signin.ReasonNone
}
