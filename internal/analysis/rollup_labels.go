package analysis

import (
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// confirmed knows which sign-ins of the person at hand a label calls compromised.
type confirmed struct {
	answered int // answers of earlier people
	rows     map[signin.Ref]bool
}

// confirm lets the replay count the incidents that each policy meets; call it
// between the assessment of a person and their replay.
func (w *personWorker) confirm() {
	c := &w.confirmed
	answers, _ := w.assessor.Answers()
	clear(c.rows)
	for _, a := range answers[c.answered:] {
		if a.Verdict == risk.ConfirmedCompromised {
			if c.rows == nil {
				c.rows = map[signin.Ref]bool{}
			}
			c.rows[a.Ref] = true
		}
	}
	c.answered = len(answers)
	w.replay.Confirmed = nil
	if len(c.rows) > 0 {
		w.replay.Confirmed = func(ref signin.Ref) bool { return c.rows[ref] }
	}
}
