package risk

import (
	"slices"

	"frisk/internal/signin"
)

// Severity orders findings for a reader.
type Severity uint8

// The severities.
const (
	Info Severity = iota
	Low
	Medium
	High
)

var severityNames = []string{"info", "low", "medium", "high"}

func (s Severity) String() string { return severityNames[s] }

// Fact is one piece of evidence, ready to show: a name in snake_case with its
// unit as suffix (lower_bound_km, needed_min), and a text or number.
type Fact struct {
	Name  string
	Text  string
	Num   float64
	IsNum bool
}

// Finding is one thing a detector holds against one sign-in, or against a
// network. It points at rows by Ref; whoever shows it resolves refs to the
// provider's event ids (see Encode). Findings about requests are RequestFinding.
type Finding struct {
	Detector string
	Severity Severity
	Score    float64 // 0 to 1: how sure the detector is that this is hostile
	Person   string  // signin.PersonKey; "" for a finding about a network
	Time     signin.Time
	// Subject is the row to blame, Events all rows concerned, in order, Subject included.
	Subject  signin.Ref
	Events   []signin.Ref
	Evidence []Fact
	// Bits is the evidence this finding adds to the risk score of Subject, in bits
	// (log2 odds). 0 when the finding only became clear after Subject, since a
	// score never looks ahead.
	Bits float64
	// Attack marks Subject as attack traffic, taken out of friction. Which other
	// rows are attack traffic too is in Assessed.Attack.
	Attack bool
	// Suppressed is the reason the finding is not raised; "" when it is. Reasons
	// start with the tier that gave them: "system: ", "user: " or "org: ".
	Suppressed string
	// Window is the attack across people that the finding is about or follows; nil
	// for none. It joins findings into incidents.
	Window *AttackWindow
}

// Clone is a copy that outlives the Assessor call it came from.
func (f Finding) Clone() Finding {
	f.Events = slices.Clone(f.Events)
	f.Evidence = slices.Clone(f.Evidence)
	return f
}
