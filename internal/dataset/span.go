package dataset

import "frisk/internal/signin"

// LiveSpan is the time of the first and last event that is not replaced, and
// whether that is known: the manifest does not say which rows of a run are
// replaced, so a run with such rows must not reach beyond the others. Both are
// zero in an empty dataset.
func (m *Manifest) LiveSpan() (first, last signin.Time, known bool) {
	for i := range m.Runs {
		r := &m.Runs[i]
		if r.Dead > 0 || r.Rows == 0 {
			continue
		}
		if first == 0 || r.MinTime < first {
			first = r.MinTime
		}
		last = max(last, r.MaxTime)
	}
	for i := range m.Runs {
		r := &m.Runs[i]
		if r.Live() > 0 && r.Dead > 0 && (first == 0 || r.MinTime < first || r.MaxTime > last) {
			return 0, 0, false
		}
	}
	return first, last, true
}
