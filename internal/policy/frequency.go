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

// deferred says whether frequency waits for the next interaction: background
// rows of browsers and confidential clients (reference 1.10, rule 5).
func (ev *Evaluator) deferred(r *signin.Row, s *State) signin.Truth {
	return ev.waits(r).And(signin.TruthOf(s.Background))
}

// waits is deferred for a row known to be in the background: Unknown where the
// row does not say which client it is of.
func (ev *Evaluator) waits(r *signin.Row) signin.Truth {
	switch c := ev.client(r); {
	case c == clientBrowser || ev.confidential(r):
		return signin.True
	case c == clientUnsaid:
		return signin.Unknown
	}
	return signin.False
}

// frequencyCounts says whether sign-in frequency, and with it a persistent
// browser, means anything for the row: service principals have no session, legacy
// clients sign in each time anyway, and B2B direct connect supports neither
// (reference 1.3).
func (ev *Evaluator) frequencyCounts(r *signin.Row, pr *proof) signin.Truth {
	if isWorkload(r) || pr.mute {
		return signin.False
	}
	return pr.direct.Not()
}
