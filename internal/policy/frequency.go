package policy

import "frisk/internal/signin"

// everyTimeTolerance: no more than one prompt per five minutes for frequency
// "every time" (reference 1.10, rule 6).
const everyTimeTolerance = 5 * signin.Minute

// overdue says whether a sign-in frequency asks for the factors again. second
// says whether a second factor is part of the session's demands: a factor nobody
// ever asks for cannot be too old.
func overdue(p *plan, s *State, second signin.Truth) signin.Truth {
	limit := p.Session.Frequency
	if limit == EveryTime {
		limit = everyTimeTolerance
	}
	first, other := s.First, s.Second
	if s.DeviceSession {
		// On a joined device the clock is the last refresh of the primary refresh
		// token, which entering a factor also refreshes (reference 1.10, rule 3).
		first, other = younger(first, s.PRT), younger(other, s.PRT)
	}
	if p.Session.SecondaryOnly {
		return other.Older(limit).And(second)
	}
	return first.Older(limit).Or(other.Older(limit).And(second))
}

// younger is the age of the later of two events.
func younger(a, b Age) Age { return Age{min(a.Min, b.Min), min(a.Max, b.Max)} }

// deferred reports whether frequency waits for the next interaction: background
// rows of browsers and confidential clients (reference 1.10, rule 5).
func (ev *Evaluator) deferred(r *signin.Row, s *State) bool {
	return s.Background && (ev.client(r) == clientBrowser || ev.confidential(r))
}

// frequencyCounts reports whether sign-in frequency means anything for the row:
// service principals have no session, legacy clients sign in each time anyway, and
// B2B direct connect does not support it (reference 1.3).
func (ev *Evaluator) frequencyCounts(r *signin.Row, pr *proof) bool {
	return !isWorkload(r) && !pr.mute && pr.kinds != DirectConnect
}
