package analysis

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/exceptions"
	"frisk/internal/report"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// sortFindings puts findings in one order whatever worker made them.
func sortFindings(fs []risk.Finding) {
	slices.SortStableFunc(fs, func(a, b risk.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Time, b.Time), strings.Compare(a.Detector, b.Detector), strings.Compare(a.Person, b.Person),
			cmp.Compare(a.Subject.Run, b.Subject.Run), cmp.Compare(a.Subject.Row, b.Subject.Row),
		)
	})
}

// resolver turns row places into events, fetched once.
type resolver map[signin.Ref]*signin.Event

// fetch reads the events of refs into the resolver.
func (v resolver) fetch(ctx context.Context, r *dataset.Reader, refs []signin.Ref) error {
	missing := slices.DeleteFunc(slices.Clone(refs), func(ref signin.Ref) bool { return v[ref] != nil })
	events, err := r.Fetch(ctx, missing)
	if err != nil {
		return fmt.Errorf("fetch sign-ins: %w", err)
	}
	for i := range events {
		v[missing[i]] = &events[i]
	}
	return nil
}

// id is the provider's own id of a row; "" for the zero event.
func (v resolver) id(ref signin.Ref) string {
	if e := v[ref]; e != nil {
		return e.ID
	}
	return ""
}

// FindingsJSON is the findings in their documented form, suppressed ones included.
func (r *Result) FindingsJSON() any {
	out := struct {
		Schema   string         `json:"schema"`
		Findings []risk.Encoded `json:"findings"`
		// Scores are those of the sign-ins that findings blame and the highest others, highest first.
		Scores      []SignInScore `json:"scores"`
		Calibration *Calibrated   `json:"calibration,omitempty"`
		// Incidents group them; Suppressed counts those not raised.
		Incidents  []risk.EncodedIncident `json:"incidents"`
		Suppressed []suppressedCount      `json:"suppressed"`
	}{
		Schema: "frisk.findings/v1", Findings: make([]risk.Encoded, len(r.findings)),
		Scores: r.signInScores(), Calibration: r.calibrated,
		Incidents: r.encodeIncidents(), Suppressed: r.countSuppressed(),
	}
	for i := range r.findings {
		out.Findings[i] = r.findings[i].Encode(r.events.id, nil)
		out.Findings[i].Person = r.around.joins.name(r.findings[i].Person)
		out.Findings[i].ID, out.Findings[i].Incident = r.findingID(i), r.incidentOf[i]
	}
	return out
}

// ExceptionsJSON is the findings about requests in their documented form.
func (r *Result) ExceptionsJSON() any {
	out := struct {
		Schema   string               `json:"schema"`
		Requests int                  `json:"requests"`
		Account  requestAccount       `json:"account"`
		Policies []requestLine        `json:"policies"`
		Findings []exceptions.Encoded `json:"findings"`
		// What people do instead of asking.
		Workarounds WorkaroundsEncoded `json:"workarounds"`
	}{"frisk.exceptions/v1", len(r.around.dir.Requests), r.requestAccount(), r.requestLines(), make([]exceptions.Encoded, len(r.exceptions)), r.WorkaroundsJSON()}
	for i := range r.exceptions {
		out.Findings[i] = r.exceptions[i].Encode()
	}
	return out
}

// CountFindings counts raised findings of a severity or above.
func (r *Result) CountFindings(severity string) (int, error) {
	names := []string{risk.Info.String(), risk.Low.String(), risk.Medium.String(), risk.High.String()}
	level := slices.Index(names, severity)
	if level < 0 {
		return 0, fmt.Errorf("unknown severity %q, want one of %q", severity, names)
	}
	n := 0
	for i := range r.findings {
		if int(r.findings[i].Severity) >= level && r.findings[i].Suppressed == "" {
			n++
		}
	}
	return n, nil
}

func (r *Result) findingRows() []findingRow {
	out := make([]findingRow, 0, len(r.findings))
	for i := range r.findings {
		f := &r.findings[i]
		e := f.Encode(r.events.id, nil)
		provider, tenant, principal := splitPerson(f.Person)
		out = append(out, findingRow{
			Detector: e.Detector, Severity: e.Severity, Score: e.Score, Provider: provider, Tenant: tenant,
			PrincipalID: principal, Time: int64(f.Time), EventID: e.Subject, Events: mustJSON(e.Events),
			Attack: f.Attack, Suppressed: e.Suppressed, Evidence: mustJSON(e.Evidence),
		})
	}
	for i := range r.exceptions {
		f := &r.exceptions[i]
		e := f.Encode()
		out = append(out, findingRow{
			Detector: e.Detector, Severity: e.Severity, Score: e.Score, PrincipalID: f.Person, Time: int64(f.Time),
			EventID: e.Subject, Events: mustJSON(e.Events), Evidence: mustJSON(e.Evidence), Suppressed: e.Suppressed,
		})
	}
	return out
}

func splitPerson(key string) (provider, tenant, principal string) {
	provider, rest, _ := strings.Cut(key, "\x1f")
	tenant, principal, _ = strings.Cut(rest, "\x1f")
	return provider, tenant, principal
}

// mustJSON encodes strings, numbers and lists of them, which cannot fail.
func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("analysis: encode: " + err.Error())
	}
	return string(b)
}

// reportFindings resolves findings for showing: names instead of keys, and the
// sign-ins concerned.
func (r *Result) reportFindings() []report.Finding {
	out := make([]report.Finding, 0, len(r.findings))
	for i := range r.findings {
		f := &r.findings[i]
		e := f.Encode(r.events.id, nil)
		rf := report.Finding{
			Detector: f.Detector, Severity: f.Severity, Score: f.Score, Person: r.accountName(f.Person), Time: f.Time,
			Subject: e.Subject, Events: e.Events, Evidence: f.Evidence, Attack: f.Attack, Suppressed: f.Suppressed,
		}
		for _, ref := range f.Events {
			if ev := r.events[ref]; ev != nil {
				rf.Rows = append(rf.Rows, findingRowOf(ev))
			}
		}
		out = append(out, rf)
	}
	for i := range r.exceptions {
		f := &r.exceptions[i]
		out = append(out, report.Finding{
			Detector: f.Detector, Severity: f.Severity, Score: f.Score, Person: r.userName(f.Person), Time: f.Time,
			Subject: f.Subject, Events: f.Requests, Evidence: f.Evidence, Suppressed: f.Suppressed,
			Summary: f.Summary, Action: f.Action, Pairs: pairsOf(f),
		})
	}
	return out
}

func findingRowOf(e *signin.Event) report.FindingRow {
	row := report.FindingRow{
		ID: e.ID, Time: e.Time, App: cmp.Or(e.App.Name, e.App.ID), Outcome: e.Outcome.String(),
		Network: e.ASNOrg, Device: cmp.Or(e.Device.Name, e.Device.ID, strings.TrimSpace(e.Device.OS+" "+e.Device.Browser)),
	}
	if e.Source.IP.IsValid() {
		row.IP = e.Source.IP.String()
	}
	if row.Network == "" && e.ASN != 0 {
		row.Network = fmt.Sprintf("AS%d", e.ASN)
	}
	var place []string
	for _, p := range []string{e.Geo.City, e.Geo.Region, e.Geo.Country} {
		if p != "" {
			place = append(place, p)
		}
	}
	row.Place = strings.Join(place, ", ")
	if e.Reason != signin.ReasonNone {
		row.Outcome += " (" + e.Reason.String() + ")"
	}
	return row
}
