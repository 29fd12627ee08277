package risk

import (
	"slices"

	"frisk/internal/signin"
)

// incident is a finding still open to more rows of the same story: the same
// blamed place within travel.incident hours. Without it a morning's work from a
// badly located network would be fifty findings.
type incident struct {
	finding  int
	lat, lon float64
	why      excuse
	until    signin.Time
	rows     []int
	done     bool
}

func (o *incident) covers(v *visit, why excuse) bool {
	return !o.done && o.why.kind == why.kind && o.why.class == why.class && v.from <= o.until &&
		surelyWithin(o.lat, o.lon, v.lat, v.lon, 2*sameKm)
}

// judge holds every stop that is not on the chain against those that are.
func (tr *tracing) judge() {
	tr.open = tr.open[:0]
	for i := range tr.stops {
		if tr.stops[i].on {
			continue
		}
		for j := tr.stops[i].lo; j < tr.stops[i].hi; j++ {
			tr.hold(i, &tr.visits[j])
		}
	}
	for i := range tr.open {
		tr.close(&tr.open[i])
	}
}

// around calls f for each visit on the chain, next to stop i on either side within
// the horizon, that x, a visit of that stop, cannot be with; before says that it is the earlier.
func (tr *tracing) around(i int, x *visit, horizon signin.Time, f func(y *visit, l leg, before bool)) {
	for j := i - 1; j >= max(0, i-chainBack); j-- {
		y := &tr.visits[tr.stops[j].hi-1]
		if x.from-y.to >= horizon {
			break
		}
		if !tr.stops[j].on {
			continue
		}
		if l, bad := tr.journey(y, x); bad {
			f(y, l, true)
		}
	}
	for j := i + 1; j < min(len(tr.stops), i+chainBack); j++ {
		y := &tr.visits[tr.stops[j].lo]
		if y.from-x.to >= horizon {
			break
		}
		if !tr.stops[j].on {
			continue
		}
		if l, bad := tr.journey(x, y); bad {
			f(y, l, false)
		}
	}
}

// hold compares a visit of stop i with the chain around it. Raised is raised: a
// neighbour that explains it does not excuse what another does not.
func (tr *tracing) hold(i int, x *visit) {
	var worst, excused conflict
	tr.around(i, x, tr.horizon(), func(y *visit, l leg, before bool) {
		c := conflict{x: x, y: y, leg: l, short: l.needs - l.had, before: before}
		c.why, c.blamed = tr.explain(x, y)
		into := &worst
		if c.why.kind != noExcuse {
			into = &excused
		}
		if into.x == nil || into.before == before && c.short > into.short {
			*into = c
		}
	})
	switch {
	case worst.x != nil:
		tr.report(&worst)
	case excused.x != nil:
		tr.report(&excused)
	}
}

// conflict is a visit off the chain that cannot be with one on it.
type conflict struct {
	x, y, blamed *visit
	before       bool // y is the earlier one
	leg          leg
	short        float64 // minutes missing
	why          excuse
}

// ends are the two visits in order of time.
func (c *conflict) ends() (a, b *visit) {
	if c.before {
		return c.y, c.x
	}
	return c.x, c.y
}

// report opens a finding about the conflict, or adds the blamed rows to one.
func (tr *tracing) report(c *conflict) {
	severity, score := tr.certainty(c)
	rows := tr.order[c.blamed.lo:c.blamed.hi]
	other := c.x
	if c.blamed == c.x {
		other = c.y
	}
	at := other.row // the sign-in next to the blamed one
	if a, _ := c.ends(); a == other {
		at = tr.order[other.hi-1]
	}
	for i := range tr.open {
		o := &tr.open[i]
		if !o.covers(c.blamed, c.why) {
			continue
		}
		o.rows = append(o.rows, rows...)
		if c.why.kind == noExcuse && tr.vouch(other).kind == noExcuse {
			o.rows = append(o.rows, at) // it may be the other one after all
		}
		o.until = max(o.until, c.blamed.to+tr.window())
		f := &tr.s.findings[o.finding]
		f.Severity, f.Score = max(f.Severity, severity), max(f.Score, score)
		tr.charge(c, f, rows)
		return
	}
	for i := len(tr.open) - 1; i >= 0; i-- { // what nothing can join any more
		if o := &tr.open[i]; c.x.from > o.until+tr.window() {
			tr.close(o)
			tr.open[i] = tr.open[len(tr.open)-1]
			tr.open = tr.open[:len(tr.open)-1]
		}
	}
	s := tr.s
	tr.write(c)
	subject := c.blamed.row
	idx := s.raise(Finding{
		Detector: "impossible-travel", Severity: severity, Score: score, Attack: true, Suppressed: c.why.String(),
	}, FamilyPlace, subject)
	tr.open = append(tr.open, incident{
		finding: idx, lat: c.blamed.lat, lon: c.blamed.lon, why: c.why,
		until: c.blamed.to + tr.window(), rows: append([]int{at}, rows...),
	})
	tr.charge(c, &s.findings[idx], rows)
}

// charge labels the blamed rows of a raised finding, and notes on the finding
// whether the score of its subject knew.
func (tr *tracing) charge(c *conflict, f *Finding, rows []int) {
	if c.why.kind != noExcuse {
		return
	}
	if f.Score >= tr.t.cfg.AttackScore {
		f.Attack = true
		for _, r := range rows {
			tr.s.label(r)
		}
	}
	for _, r := range rows {
		if tr.s.rows[r].Ref == f.Subject && in(tr.t.charged, r) {
			f.Bits = tr.t.cfg.BitsTravel
		}
	}
}

// close lists every row of the incident in its finding.
func (tr *tracing) close(o *incident) {
	if o.done {
		return
	}
	o.done = true
	slices.Sort(o.rows)
	o.rows = slices.Compact(o.rows)
	f := &tr.s.findings[o.finding]
	f.Evidence[len(f.Evidence)-1].Num = float64(len(o.rows) - 2)
	f.Events = tr.s.refsOf(o.rows...)
}

func (tr *tracing) window() signin.Time {
	return signin.Time(tr.t.cfg.TravelIncidentHours * float64(signin.Hour))
}

// certainty rates the blamed end by its device and by whether it got in.
func (tr *tracing) certainty(c *conflict) (Severity, float64) {
	cfg, v := tr.t.cfg, c.blamed
	severity, score := Medium, cfg.TravelScore
	switch {
	case tr.kin.ownDevice(v):
		severity, score = Low, cfg.TravelScoreOwnDevice
	case c.x.device != 0 && c.x.device == c.y.device:
		score = cfg.TravelScoreSameDevice
	case v.device != 0:
		severity, score = High, cfg.TravelScoreNewDevice
	}
	if severity == High && stopped(&tr.s.rows[v.row]) != "" {
		severity = Medium
	}
	return severity, score
}
