package analysis

import (
	"maps"

	"frisk/internal/risk"
)

// gather joins what the workers found into one result that does not depend on
// which worker saw whom.
func (r *Result) gather(workers []*personWorker, nets *risk.Networks) {
	r.findings = nets.Findings()
	r.Tally = workers[0].replay.Tally()
	r.names = map[string]string{}
	for i, w := range workers {
		if i > 0 {
			r.Tally.Merge(w.replay.Tally())
		}
		r.findings = append(r.findings, w.findings...)
		maps.Copy(r.names, w.names)
	}
	sortFindings(r.findings)
}
