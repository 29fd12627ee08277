package ingest

import (
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// risk reads debugData.risk and debugData.behaviors, which look like
// {reasons=Anomalous Location, level=MEDIUM} and are not JSON, and where they
// are absent debugData.logOnlySecurityData, JSON text of the same.
func (r *oktaRow) risk() {
	k := &r.ev.Risk
	var events []string
	for _, p := range oktaPairs(r.v[oRisk]) {
		switch p.key {
		case "level":
			k.Level = strings.ToLower(p.value)
		case "reasons":
			k.Detail = p.value
		}
	}
	behaviors := oktaPairs(r.v[oBehaviors])
	if only := r.v[oLogOnly]; strings.HasPrefix(only, "{") && (k.Level == "" || behaviors == nil) {
		logged := r.logOnly(only)
		if k.Level == "" {
			k.Level, k.Detail = strings.ToLower(logged.level), logged.reasons
		}
		if behaviors == nil {
			behaviors = logged.behaviors
		}
	}
	if behaviors != nil {
		events = []string{}
	}
	for _, b := range behaviors {
		if b.value == "POSITIVE" {
			events = append(events, b.key)
		}
	}
	if signin.ParseTruth(r.v[oThreat]) == signin.True {
		events = append(events, "threatSuspected")
	}
	events = r.hops(events)
	k.Events = r.sc.memo.set(events)
}

type oktaPair struct{ key, value string }

// oktaPairs reads {a=b, c=d}. Values may hold commas: a piece without an equals
// sign belongs to the value before it.
func oktaPairs(s string) []oktaPair {
	s = strings.TrimSpace(s)
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil
	}
	out := []oktaPair{}
	for piece := range strings.SplitSeq(s[1:len(s)-1], ", ") {
		key, value, ok := strings.Cut(piece, "=")
		switch {
		case ok:
			out = append(out, oktaPair{strings.TrimSpace(key), strings.TrimSpace(value)})
		case len(out) > 0:
			out[len(out)-1].value += ", " + piece
		}
	}
	return out
}

type oktaLogOnly struct {
	level, reasons string
	behaviors      []oktaPair
}

// logOnly reads logOnlySecurityData. Text that is not JSON says nothing.
func (r *oktaRow) logOnly(text string) oktaLogOnly {
	var out oktaLogOnly
	s := &r.sc.cell
	s.Reset(bytesOf(text))
	for s.Object(); s.Next(); {
		switch string(s.Key) {
		case "risk":
			if s.Kind() != '{' {
				s.Skip()
				continue
			}
			for s.Object(); s.Next(); {
				switch string(s.Key) {
				case "level":
					out.level = s.Text()
				case "reasons":
					out.reasons = s.Text()
				default:
					s.Skip()
				}
			}
		case "behaviors":
			out.behaviors = []oktaPair{}
			for s.Object(); s.Next(); {
				key := string(s.Key)
				out.behaviors = append(out.behaviors, oktaPair{key, scalar(s)})
			}
		default:
			s.Skip()
		}
	}
	if s.End() != nil {
		return oktaLogOnly{}
	}
	return out
}

// scalar reads text and passes over anything else.
func scalar(s *jsonscan.Scanner) string {
	if k := s.Kind(); k == '{' || k == '[' {
		s.Skip()
		return ""
	}
	return s.Text()
}
