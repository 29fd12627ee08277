package exceptions

import (
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Finding is one thing the requests show: not an attack, but friction that
// people spoke up about, or an exception that got out of hand. Ids of requests
// are the request system's own.
type Finding struct {
	Detector string // a Pattern's name
	Severity risk.Severity
	// Score is 1 for a fact (the definition is met, nothing is guessed) and 1 less
	// Q for an inference.
	Score  float64
	Person string // "" for a finding about a group, a policy or an approver
	Group  string
	Policy string // policy key, "" when the requests name only an app
	App    string // app key, where no policy is named
	Time   signin.Time
	// Subject is the request that completes the pattern, "" where there is none;
	// Requests are all concerned, in order of time.
	Subject  string
	Requests []string
	Evidence []risk.Fact
	// Summary is what was seen, in one sentence; Action what can be done about it.
	Summary, Action string
	// Pairs are texts to be read side by side, as people wrote them; hostile text.
	Pairs []Pair
	// P is the test's p value, and Q that after false-discovery control; both 0 for a fact.
	P, Q float64
	// Suppressed is why the finding is not raised; "" when it is.
	Suppressed string
}

// Pair is two texts that are nearly one.
type Pair struct {
	Requests   [2]string
	Texts      [2]string
	Similarity float64 // 0 to 1
}

// Encoded is a finding as JSON: the form of every finding, and what only these have.
type Encoded struct {
	risk.Encoded
	Policy  string        `json:"policy,omitempty"`
	Group   string        `json:"group,omitempty"`
	App     string        `json:"app,omitempty"`
	Summary string        `json:"summary"`
	Action  string        `json:"action,omitempty"`
	P       float64       `json:"p,omitempty"`
	Q       float64       `json:"q,omitempty"`
	Pairs   []EncodedPair `json:"pairs,omitempty"`
}

// EncodedPair is a Pair as JSON.
type EncodedPair struct {
	Requests   [2]string `json:"requests"`
	Texts      [2]string `json:"texts"`
	Similarity float64   `json:"similarity"`
}

// Encode turns f into the output form of findings; the beneficiary is the user.
func (f *Finding) Encode() Encoded {
	e := Encoded{
		Encoded: risk.Encoded{
			Detector: f.Detector, Severity: f.Severity.String(), Score: f.Score, User: f.Person,
			Time: f.Time.String(), Subject: f.Subject, Events: f.Requests, Evidence: f.Evidence, Suppressed: f.Suppressed,
		},
		Policy: f.Policy, Group: f.Group, App: f.App, Summary: f.Summary, Action: f.Action, P: f.P, Q: f.Q,
	}
	if e.Events == nil {
		e.Events = []string{}
	}
	for _, p := range f.Pairs {
		e.Pairs = append(e.Pairs, EncodedPair(p))
	}
	return e
}
