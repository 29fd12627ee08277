package policy

import "frisk/internal/signin"

// Conditions gives policy i's answer on the row as Azure Monitor's
// conditionsSatisfied and conditionsNotSatisfied do (reference 2.4): applications
// first, then users, each ending the evaluation when it fails, then everything
// else; a condition that is not configured has no bit. unknown are the bits
// tested whose answer is not known; testing goes on past an unknown one, so a
// comparison with a recorded mask is exact only while unknown is 0. A disabled
// policy, a version not in force at the row's time, or a row out of scope, gives
// three zeros.
func (ev *Evaluator) Conditions(r *signin.Row, i int) (satisfied, notSatisfied, unknown uint32) {
	p := &ev.e.plans[i]
	if p.State != Enabled && p.State != ReportOnly || ev.Scope(r) != InScope || ev.e.inForce(r.Time, i) == signin.False {
		return 0, 0, 0
	}
	stage := 0
	for c := range ev.e.conds {
		cond := &ev.e.conds[c]
		if !cond.configured(p) {
			continue
		}
		if cond.stage != stage && notSatisfied != 0 {
			break
		}
		stage = cond.stage
		g := &ev.groups[ev.group[c]]
		v := &g.answers[g.index(ev, r)].each[ev.place[c]]
		switch {
		case v.yes.Has(i):
			satisfied |= cond.Bit
		case v.maybe.Has(i):
			unknown |= cond.Bit
		default:
			notSatisfied |= cond.Bit
		}
	}
	return satisfied &^ (notSatisfied | unknown), notSatisfied, unknown &^ notSatisfied
}
