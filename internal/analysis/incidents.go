package analysis

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/report"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// groupIncidents groups the findings into incidents once their sign-ins are at hand.
func (r *Result) groupIncidents(nets *risk.Networks, cfg risk.Config) {
	r.incidents = risk.Incidents(r.findings, risk.IncidentContext{
		Config: cfg, Networks: nets, Event: func(ref signin.Ref) *signin.Event { return r.events[ref] },
	})
	r.incidentOf = make([]string, len(r.findings))
	for k := range r.incidents {
		in := &r.incidents[k]
		for _, list := range [][]int{in.Findings, in.Suppressed} {
			for _, i := range list {
				r.incidentOf[i] = in.ID
			}
		}
	}
}

func (r *Result) findingID(i int) string {
	f := &r.findings[i]
	return risk.FindingID(f, r.events.id(f.Subject))
}

// encodeIncidents is the incidents in their documented form, by time.
func (r *Result) encodeIncidents() []risk.EncodedIncident {
	out := make([]risk.EncodedIncident, len(r.incidents))
	for k := range r.incidents {
		out[k] = r.incidents[k].Encode(r.findings, r.findingID, nil)
	}
	return out
}

// suppressedCount is how many findings one detector did not raise for one reason.
type suppressedCount struct {
	Detector string `json:"detector"`
	Reason   string `json:"reason"`
	Findings int    `json:"findings"`
}

// countSuppressed counts the findings not raised by detector and reason, most
// first.
func (r *Result) countSuppressed() []suppressedCount {
	at := map[suppressedCount]int{}
	out := []suppressedCount{}
	for i := range r.findings {
		f := &r.findings[i]
		if f.Suppressed == "" {
			continue
		}
		k := suppressedCount{Detector: f.Detector, Reason: f.Suppressed}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, k)
		}
		out[n].Findings++
	}
	slices.SortFunc(out, func(a, b suppressedCount) int {
		return cmp.Or(cmp.Compare(b.Findings, a.Findings), strings.Compare(a.Detector, b.Detector), strings.Compare(a.Reason, b.Reason))
	})
	return out
}

// reportIncidents resolves incidents for showing: names instead of keys.
func (r *Result) reportIncidents() []report.Incident {
	out := make([]report.Incident, len(r.incidents))
	for k := range r.incidents {
		in := &r.incidents[k]
		out[k] = report.Incident{
			ID: in.ID, From: in.From, Until: in.Until, Severity: in.Severity, Score: in.Score,
			Story: in.Story(r.findings, r.accountName), NextStep: in.NextStep(r.accountName),
			People: r.accountNames(in.People), GotIn: r.accountNames(in.GotIn), Tried: in.Tried,
			Sources: in.Sources, MoreSources: in.MoreSources, Techniques: in.Techniques,
			Findings: in.Findings, Suppressed: len(in.Suppressed),
		}
	}
	return out
}

func (r *Result) accountNames(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = r.accountName(k)
	}
	return out
}
