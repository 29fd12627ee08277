package analysis

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

func explainedEvent(e *signin.Event) ExplainedEvent {
	row := findingRowOf(e)
	recorded, err := signin.DecodeList[signin.RecordedPolicy](e.Policies)
	if err != nil {
		recorded = nil // the stored list is ours; an unreadable one is shown as absent
	}
	return ExplainedEvent{
		ID: e.ID, Time: e.Time.String(), Provider: e.Provider, Stream: e.Stream.String(),
		User: cmp.Or(e.Principal.Name, e.Principal.ID), UserID: e.Principal.ID,
		App: row.App, Resource: cmp.Or(e.Resource.Name, e.Resource.ID), IP: row.IP, Place: row.Place,
		Client: e.Client, Device: row.Device, Compliant: e.Device.Compliant.String(), Trust: e.Device.Trust.String(),
		Outcome: e.Outcome.String(), Code: e.Code, Reason: e.Reason.String(), MFA: e.MFA.State.String(),
		Correlation: e.Correlation, File: e.Raw.File, Line: e.Raw.Line, Recorded: recorded,
	}
}

func explainState(s *policy.State) *StateExplanation {
	x := &StateExplanation{
		MFA: s.MFA.String(), FirstFactor: age(s.First), SecondFactor: age(s.Second), PRT: age(s.PRT),
		Joined: s.DeviceSession, Background: s.Background,
	}
	if s.MethodsKnown {
		x.Methods = s.Methods.Names()
	}
	return x
}

// age says how long ago something was: "2h10m ago", "10m to 4h ago", "never",
// "unknown".
func age(a policy.Age) string {
	switch {
	case a.Min >= policy.Never:
		return "never, as far as is known"
	case a.Max >= policy.Never && a.Min <= 0:
		return "unknown"
	case a.Max >= policy.Never:
		return "at least " + span(a.Min) + " ago"
	case a.Min == a.Max:
		return span(a.Min) + " ago"
	}
	return span(a.Min) + " to " + span(a.Max) + " ago"
}

func span(t signin.Time) string {
	d := (time.Duration(t) * time.Microsecond).Round(time.Second)
	if d >= 48*time.Hour {
		return fmt.Sprintf("%.1f days", d.Hours()/24)
	}
	s := d.String()
	if d >= time.Minute {
		s = strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return s
}
