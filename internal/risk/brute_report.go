package risk

import (
	"slices"

	"frisk/internal/signin"
)

// maxEvents bounds the rows one finding names; its counts are of all.
const maxEvents = 100

// someRows is rows, or of too many the first and last ones.
func someRows(rows []int) []int {
	if len(rows) <= maxEvents {
		return rows
	}
	out := slices.Clone(rows[:maxEvents/2])
	return append(out, rows[len(rows)-maxEvents/2:]...)
}

// report tells of refused tries that nothing accepted was made of.
func (w *brute) report(s *Sink, what string, of []refused) {
	rows := w.list(of)
	locked := 0
	for _, i := range rows {
		locked += btoi(s.rows[i].Reason() == signin.Locked)
	}
	first, last := s.rows[rows[0]].Time, s.rows[rows[len(rows)-1]].Time
	f := Finding{Detector: "brute-force", Severity: Medium, Score: scoreAttack, Attack: true}
	// The person may mistype their own password meanwhile: that is not the attack.
	subject := rows[0]
	if i := slices.IndexFunc(of, func(r refused) bool { return !r.own }); i >= 0 {
		subject = of[i].row
	}
	addrs, agents := w.distinct(s, rows, signin.DimIP), w.distinct(s, rows, signin.DimUserAgent)
	gap, even := w.even(s, of)
	switch {
	case familiarRows(of):
		f.Suppressed = "user: mostly own device, network or client (stale password?)"
	case even && addrs == 1 && agents == 1 && last-first >= hours(w.cfg.BruteSteadyHours) && w.alone(s, rows):
		what = "one client with a refused password at even intervals (a service with an old password?)"
		f.Severity, f.Score = Low, scoreSteady
	}
	s.evidence().text("what", what).
		num("refused_tries", float64(tries(of))).num("rows_from_something_of_theirs", float64(ownRows(of))).num("locked", float64(locked)).
		text("first_try", first.String()).text("last_try", last.String()).
		num("minutes", float64(last-first)/float64(signin.Minute)).
		num("addresses", float64(addrs)).num("user_agents", float64(agents))
	if even {
		s.num("even_gap_s", float64(gap)/float64(signin.Second))
	}
	s.source(subject).text("user_agent", w.env.Symbols.Text(&s.rows[subject], signin.DimUserAgent)).
		num("own_daily_mean", w.mean).
		usual(rows[0]).after(subject)
	f.Events = s.refsOf(someRows(rows)...)
	idx := s.raise(f, FamilyCredential, subject)
	if s.findings[idx].Attack {
		for _, r := range of {
			if !r.own {
				s.label(r.row)
			}
		}
	}
}

// distinct counts the values of a column that rows name.
func (w *brute) distinct(s *Sink, rows []int, d signin.Dim) int {
	w.codes = w.codes[:0]
	for _, i := range rows {
		if c := s.rows[i].C[d]; c != 0 {
			w.codes = append(w.codes, c)
		}
	}
	slices.Sort(w.codes)
	return len(slices.Compact(w.codes))
}

// alone reports that the address of rows is not rented and attacked nobody else.
func (w *brute) alone(s *Sink, rows []int) bool {
	r := &s.rows[rows[0]]
	return w.env.class(r)&rented == 0 && len(w.env.addr(r).windows) == 0
}

// even reports that most tries came the same time after the one before, within a
// quarter: a program's retry timer, at any speed. gap is that time.
func (w *brute) even(s *Sink, of []refused) (gap signin.Time, ok bool) {
	var gaps []signin.Time
	last := signin.Time(0)
	for _, r := range of {
		if r.again {
			continue
		}
		t := s.rows[r.row].Time
		if last != 0 {
			gaps = append(gaps, t-last)
		}
		last = t
	}
	if len(gaps) < 10 {
		return 0, false
	}
	slices.Sort(gaps)
	gap = gaps[len(gaps)/2]
	near := 0
	for _, g := range gaps {
		near += btoi(g >= gap*3/4 && g <= gap*5/4)
	}
	return gap, gap > 0 && near*5 >= len(gaps)*4
}

// scoreSteady is an assumption: below the attack threshold, since an old password
// in a service is friction and not an attack.
const scoreSteady = 0.3
