package workaround

import (
	"time"

	"frisk/internal/signin"
)

// reach is how many days before and after a stop comparable times are looked for.
const reach = 35

// matched are the starts of the windows that the one after s is compared with: as
// long, at the same time of day, on a day of the same kind (workday or weekend, of
// UTC), within the person's history, clear of what follows any stop, and such that
// the person asked for the same thing in it at all. The nearest come first. For
// slow routes days are whole weeks apart.
//
// A window without an attempt is no comparison: after a stop there was one, by
// definition, and a holiday would make every route look like a reaction.
func (p *person) matched(s *stop, length signin.Time, slow bool) []signin.Time {
	out := p.windows[:0]
	first, last := p.rows[0].Time, p.rows[len(p.rows)-1].Time
	step := 1
	if slow {
		step = 7
	}
	for days := step; days <= reach && len(out) < p.w.maxWindows(); days += step {
		for _, sign := range []signin.Time{-1, 1} {
			from := s.at + sign*signin.Time(days)*signin.Day
			if from < first || from+length > last || weekend(from) != weekend(s.at) || p.busy(from, from+length, slow) || !p.active(s, from, from+length) {
				continue
			}
			if out = append(out, from); len(out) == p.w.maxWindows() {
				break
			}
		}
	}
	p.windows = out
	return out
}

func (w *Worker) maxWindows() int { return int(w.env.Config.WorkaroundWindows) }

func weekend(t signin.Time) bool {
	d := t.Time().Weekday()
	return d == time.Saturday || d == time.Sunday
}

// busy reports that a window [from, until) overlaps the time after some stop of the person.
func (p *person) busy(from, until signin.Time, slow bool) bool {
	after := p.w.within
	if slow {
		after = p.w.slow
	}
	for k := range p.stops { // ascending in at
		s := &p.stops[k]
		if s.at >= until {
			return false
		}
		if s.last+after > from {
			return true
		}
	}
	return false
}

// active reports that the person got to the same thing within a window.
func (p *person) active(s *stop, from, until signin.Time) bool {
	lo, hi := p.between(from, until)
	for _, i := range p.accepted[lo:hi] {
		if p.same(s, int(i)) {
			return true
		}
	}
	return false
}
