package analysis

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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
		r.attacks = append(r.attacks, w.attacks...)
		r.attribution = append(r.attribution, w.attribution...)
		maps.Copy(r.names, w.names)
	}
	sortFindings(r.findings)
	slices.SortFunc(r.attacks, func(a, b attackRow) int {
		return cmp.Or(strings.Compare(a.Run, b.Run), cmp.Compare(a.Row, b.Row))
	})
	slices.SortStableFunc(r.attribution, func(a, b attributionRow) int {
		return cmp.Or(strings.Compare(a.Run, b.Run), cmp.Compare(a.Row, b.Row), strings.Compare(a.Workspace, b.Workspace))
	})
}
