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
// less, for the score. It rests on nothing a score may not know (Sink.hold). A
// network used far more often wins against one with the same standing or none, even
// when it was blamed before: the first day of a log may have been the thief's. Between
// equals, in this order: the end whose network let the person in later or never; the
// end that was refused; the end without the second factor that the other gave; the
// later end; at the same instant the larger id, so that row order does not matter.
// tie reports that only the last two decided.
func (t *travel) blame(s *Sink, a, b *end) (blamed *end, tie bool) {
	wa, wb := a.weight-weightHeld*btoi(s.held[a.row]), b.weight-weightHeld*btoi(s.held[b.row])
	if max(wa, wb) < weightTrusted {
		switch {
		case usedMore(a, b):
			return b, false
		case usedMore(b, a):
			return a, false
		}
	}
	if wa != wb {
		if wb < wa {
			return b, false
		}
		return a, false
	}
	switch x, y := newer(a), newer(b); {
	case x > y:
		return a, false
	case y > x:
		return b, false
	}
	switch ra, rb := a.stopped != signin.ReasonNone, b.stopped != signin.ReasonNone; {
	case ra && !rb:
		return a, false
	case rb && !ra:
		return b, false
	}
	switch {
	case a.factor == signin.MFANotDone && b.factor == signin.MFADone:
		return a, false
	case b.factor == signin.MFANotDone && a.factor == signin.MFADone:
		return b, false
	case a.time == b.time && a.id > b.id:
		return a, true
	}
	return b, true
}

// usedMore reports that a's network was used far more often than b's, and b's
// too often for a first visit.
func usedMore(a, b *end) bool { return b.uses > 1 && a.uses >= b.uses+usesMore && 2*a.uses >= 3*b.uses }

// usesMore is an assumption: a working day has about so many sign-ins.
const usesMore = 4

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
