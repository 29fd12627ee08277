package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/analysis"
)

// factColumn is where the facts of a sign-in begin.
const factColumn = 11

// signIn says what the log holds of the sign-in and what is thought of it.
func (s *screen) signIn(x *analysis.Explanation) {
	e := &x.Event
	s.fact("sign-in", e.ID, e.Time, e.Stream)
	s.fact("person", s.named(e.User))
	if app, resource := s.named(e.App), s.named(e.Resource); app == resource {
		s.fact("to", app)
	} else {
		s.fact("to", app, resource)
	}
	s.fact("from", e.IP, e.Place)
	s.fact("with", e.Client, e.Device, complianceWords[e.Compliant], trustWords[e.Trust])
	s.fact("log says", e.Outcome, said("code ", strings.TrimPrefix(e.Code, "0")), strings.ReplaceAll(e.Reason, "_", " "), mfaWords[e.MFA])
	s.fact("read from", origin(e.File, e.Line))
	var work []string
	for _, w := range x.Work {
		work = append(work, fmt.Sprintf("%s (%s, %.0f %%)", w.Workspace, w.Tier, 100*w.Weight))
	}
	s.fact("workspace", work...)
	s.fact("risk", riskWords(x))
	s.score(&x.Score)
	for _, f := range x.Finding {
		s.fact("finding", f.Detector, f.Severity, f.Suppressed)
	}
}

// fact writes one line of facts; none when every part is empty.
func (s *screen) fact(name string, parts ...string) {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" })
	if len(parts) > 0 {
		s.line(fmt.Sprintf("%-*s", factColumn, name), strings.Join(parts, ", "))
	}
}

// said puts a word before what it is about; "" where there is nothing.
func said(word, what string) string {
	if what == "" {
		return ""
	}
	return word + what
}

// Facts of the row in words; what is not known has none.
var (
	complianceWords = map[string]string{"true": "compliant", "false": "not compliant"}
	trustWords      = map[string]string{"none": "not registered", "Workplace": "registered", "AzureAD": "joined", "ServerAD": "hybrid joined"}
	mfaWords        = map[string]string{"done": "MFA done", "claim": "MFA by claim of the session", "not-done": "no MFA"}
)

// origin says where the record is: by line where a file has a record per line,
// else by number.
func origin(file string, n int64) string {
	name := strings.ToLower(file)
	for _, packed := range []string{".gz", ".zst", ".bz2", ".xz"} {
		name = strings.TrimSuffix(name, packed)
	}
	switch filepath.Ext(name) {
	case ".jsonl", ".ndjson", ".log", ".csv":
		return fmt.Sprintf("line %d of %s", n, file)
	}
	return fmt.Sprintf("record %d of %s", n, file)
}

// riskWords is the score: how likely the sign-in is hostile.
func riskWords(x *analysis.Explanation) string {
	share := fmt.Sprintf("%.1f %%", 100*x.Risk)
	switch {
	case x.Attack:
		return "taken for an attack, whose session is not followed (" + share + " likely hostile)"
	case x.Risk < 0.001:
		return "below 0.1 % likely hostile"
	}
	return share + " likely hostile"
}

// sessionWords is what the session carried before the sign-in.
func sessionWords(st *analysis.StateExplanation) string {
	factors := "first factor " + st.FirstFactor + ", second factor " + st.SecondFactor
	if st.FirstFactor == st.SecondFactor {
		factors = "first factor and second factor " + st.FirstFactor
	}
	parts := []string{strings.ReplaceAll(factors, " 0s ago", " just now")}
	switch st.MFA {
	case "true":
		parts = append(parts, "carries an MFA claim")
	case "false":
		parts = append(parts, "carries no MFA claim")
	default:
		parts = append(parts, "MFA claim unknown")
	}
	if len(st.Methods) > 0 {
		parts = append(parts, "methods "+strings.Join(st.Methods, ", "))
	}
	if st.Joined {
		parts = append(parts, "joined device, token refreshed "+st.PRT)
	}
	if st.Background {
		parts = append(parts, "in the background")
	}
	return strings.Join(parts, "; ")
}
