package policy

import (
	"slices"

	"frisk/internal/signin"
)

// epochs are the spans between the changes of a dated set: span n begins at
// changes[n-1] and ends before changes[n].
type epochs struct {
	changes []signin.Time
	// certain and possible are what is in force in each span, for sure and at most.
	certain, possible []Mask
	// live are those that Match begins with: enforced or in report-only.
	live []verdicts
}

// epochsOf compiles when each policy of a set counts; an undated set is one span.
func epochsOf(set *Set) epochs {
	e := epochs{changes: set.Changes()}
	for n := range len(e.changes) + 1 {
		t := -never
		if n > 0 {
			t = e.changes[n-1]
		}
		var certain, possible Mask
		for i, p := range set.Policies {
			switch p.Force.At(t) {
			case signin.True:
				certain.Add(i)
				possible.Add(i)
			case signin.Unknown:
				possible.Add(i)
			case signin.False:
			}
		}
		e.certain, e.possible = append(e.certain, certain), append(e.possible, possible)
	}
	return e
}

func spanAt(changes []signin.Time, t signin.Time) int {
	n, found := slices.BinarySearch(changes, t)
	if found {
		n++
	}
	return n
}

// begin prepares what Match begins with, from the engine's live and complete policies.
func (e *epochs) begin(complete, live Mask) {
	for n := range e.certain {
		e.live = append(e.live, verdicts{complete.And(e.certain[n]), live.And(e.possible[n])})
	}
}

// InForce are the policies, of any state, whose version counts at a time: for
// certain, and at most. An undated set has all in both.
func (e *Engine) InForce(t signin.Time) (certain, possible Mask) {
	n := spanAt(e.epochs.changes, t)
	return e.epochs.certain[n], e.epochs.possible[n]
}

// span is a span of one list of changes, remembered for neighbouring rows.
type span struct {
	from, until signin.Time // until 0 = not looked at yet
	n           int
}

// find moves to the span t is in.
func (s *span) find(changes []signin.Time, t signin.Time) int {
	if t >= s.from && t < s.until {
		return s.n
	}
	s.n = spanAt(changes, t)
	s.from, s.until = -never, never
	if s.n > 0 {
		s.from = changes[s.n-1]
	}
	if s.n < len(changes) {
		s.until = changes[s.n]
	}
	return s.n
}

// inForce says whether policy i counts at a time.
func (e *Engine) inForce(t signin.Time, i int) signin.Truth { return e.set.Policies[i].Force.At(t) }

// placeEpoch numbers the span between two changes of the named locations the
// row falls in; 0 when they are not dated.
func (ev *Evaluator) placeEpoch(r *signin.Row) uint64 {
	if len(ev.e.placeChanges) == 0 {
		return 0
	}
	return uint64(ev.places.find(ev.e.placeChanges, r.Time)) //nolint:gosec // not negative
}

// steady reports a device of which the directory holds nothing dated, looked at before.
func (d *deviceState) steady() bool { return d.known && len(d.changes) == 0 }
