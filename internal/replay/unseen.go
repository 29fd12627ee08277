package replay

import (
	"frisk/internal/policy"
)

// unseen widens the high side where the log cannot show the activity that a
// frequency interrupts: it has interactive rows only, or the set switches off
// continuous access evaluation, so that tokens current lets live for up to 28
// hours are renewed about hourly (reference 1.10). Between two rows the person may
// have worked on, under a frequency that is stricter than current's, whose prompts
// the log would show.
func (w *Worker) unseen(s *setRun, i int) {
	if s.n == 0 || s.before[high] == 0 || !w.p.onlySeen && !s.renewsHourly(w.sets[0]) {
		return
	}
	limit, now := s.hi.Frequency, w.sets[0].hi.Frequency
	if limit <= policy.EveryTime || (w.p.onlySeen && now != 0 && now <= limit) {
		return
	}
	n := int64(min(w.p.rows[i].Time-s.before[high], ActiveDay) / limit)
	if s.did[high] == policy.Prompt {
		n--
	}
	if n <= 0 {
		return
	}
	w.hint(s, limit)
	x := float64(n)
	entries := x * max(1, s.entries(s.cs[high], policy.ControlFrequency, s.hi.Match.Applies))
	for _, p := range w.cells.parts {
		o := &w.cells.table[p.cell].Sets[s.n]
		o.Prompts.High += p.weight * x
		o.Entries.High += p.weight * entries
	}
}

// renewsHourly reports whether the set switches off continuous access
// evaluation on the row at hand and current does not.
func (s *setRun) renewsHourly(current *setRun) bool { return s.caeOff() && !current.caeOff() }

func (s *setRun) caeOff() bool {
	if !s.someCAE {
		return false
	}
	for i := range s.info.match.Applies.All() {
		if s.plans[i].caeOff {
			return true
		}
	}
	return false
}
