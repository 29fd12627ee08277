package analysis

import (
	"maps"

	"frisk/internal/risk"
)

// gather joins what the workers found into one result that does not depend on
// which worker saw whom.
func (r *Result) gather(workers []*personWorker, nets *risk.Networks, rc risk.Config) {
	r.findings = nets.Findings()
	r.Tally = workers[0].replay.Tally()
	r.names = map[string]string{}
	ways := workers[0].ways.Tally()
	for i, w := range workers {
		if i > 0 {
			ways.Merge(w.ways.Tally())
			r.Tally.Merge(w.replay.Tally())
		}
		r.findings = append(r.findings, w.findings...)
		maps.Copy(r.names, w.names)
	}
	r.workarounds = ways.Result(rc)
	sortFindings(r.findings)
}
