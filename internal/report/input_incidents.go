package report

import (
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Incident is findings of one story, resolved for showing.
type Incident struct {
	ID          string
	From, Until signin.Time
	Severity    risk.Severity
	Score       float64
	// Story is the incident in one sentence, NextStep what to do first.
	Story, NextStep string
	People, GotIn   []string // names; with a finding of their own, and let in
	Tried           int      // people the largest attack tried; 0 = none
	Sources         []string
	MoreSources     int // left out of Sources
	Techniques      []string
	Findings        []int // indices into Input.Findings, by time
	Suppressed      int   // findings of its people that were not raised
}
