package report

import (
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Workarounds is what people did after a policy stopped them.
type Workarounds struct {
	// People is how many were stopped, Stops how often, Policies by what.
	Policies []WorkaroundPolicy
	// Cases are single occasions in order of time, names as given.
	Cases []WorkaroundCase
	// Blind are routes the log could not have shown: title and what they need.
	Blind []KeyValue
	// MinPeople is how many people a pattern takes.
	MinPeople int
}

// WorkaroundPolicy is one policy and the ways around it.
type WorkaroundPolicy struct {
	Name             string // "" when the log does not name the policy
	Blocks, Prompts  int    // occasions
	People           int
	Workarounds      int // cases that look like an employee's
	WorkaroundPeople int
	AttackLike       float64 // expected share of all cases that are an attacker's
	Routes           []WorkaroundRoute
	Any              WorkaroundRoute
}

// WorkaroundRoute is one route after one policy's stops.
type WorkaroundRoute struct {
	Title                               string
	Cases, People, Hostile              int
	Compared                            int // people with comparable times
	Rate, Base, Lift, LiftLow, LiftHigh float64
	Q                                   float64
	Named                               bool
	AttackLike                          float64
}

// WorkaroundCase is one occasion, with both readings.
type WorkaroundCase struct {
	Route, Policy, Person string
	Named                 bool // of a pattern
	Prompt                bool
	Stops                 int
	StopAt, WayAt         signin.Time
	StopID, WayID         string // event ids; WayID "" when the way is in another record
	Windows, Usual        int
	Facts                 []risk.Fact
	Attacker              float64 // weight of the attacker's reading, 0 to 1
	Evidence              []WorkaroundEvidence
	Rows                  []FindingRow
}

// WorkaroundEvidence is one piece of evidence; Bits above 0 speak for an attacker.
type WorkaroundEvidence struct {
	Text string
	Bits float64
}
