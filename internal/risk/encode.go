package risk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// Encoded is a finding as every output shows it (design, section 7): key order
// is field order, event ids are the provider's own.
type Encoded struct {
	Detector string  `json:"detector"`
	Severity string  `json:"severity"`
	Score    float64 `json:"score"`
	User     string  `json:"user"` // "" for a finding about a source
	// Person is who the account belongs to by identity.csv; "" = the file does not say.
	Person     string   `json:"person,omitempty"`
	Time       string   `json:"time"`
	Subject    string   `json:"subject"` // id of the event to blame
	Events     []string `json:"events"`
	Evidence   Evidence `json:"evidence"`
	Suppressed string   `json:"suppressed,omitempty"`
	// Techniques are the detector's MITRE ATT&CK techniques.
	Techniques []string `json:"techniques,omitempty"`
	// Incident is the id of the incident the finding belongs to; "" = none.
	Incident string `json:"incident,omitempty"`
	// ID names the finding in its incident (FindingID); "" where no incidents are given.
	ID string `json:"id,omitempty"`
}

// Evidence is encoded as one object, its keys in the order of the facts.
type Evidence []Fact

// MarshalJSON writes the object.
func (e Evidence) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range e {
		if i > 0 {
			b.WriteByte(',')
		}
		var v any = f.Text
		if f.IsNum {
			v = f.Num
		}
		name, err := json.Marshal(f.Name)
		if err != nil {
			return nil, fmt.Errorf("encode fact %q: %w", f.Name, err)
		}
		value, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("encode fact %q: %w", f.Name, err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Encode turns f into its output form. id resolves a ref to the provider's
// event id; user names a person by key, nil for the provider's stable id.
func (f *Finding) Encode(id func(signin.Ref) string, user func(person string) string) Encoded {
	if user == nil {
		user = PersonID
	}
	out := Encoded{
		Detector: f.Detector, Severity: f.Severity.String(), Score: f.Score,
		Time: f.Time.String(), Subject: id(f.Subject), Events: make([]string, len(f.Events)),
		Evidence: f.Evidence, Suppressed: f.Suppressed, Techniques: techniquesOf(f.Detector),
	}
	if f.Person != "" {
		out.User = user(f.Person)
	}
	for i, r := range f.Events {
		out.Events[i] = id(r)
	}
	return out
}

// PersonID is the provider's stable id in a signin.PersonKey.
func PersonID(person string) string {
	return person[strings.LastIndexByte(person, '\x1f')+1:]
}

// Refs lists every ref the findings name, subjects and events, without
// repeats, in order of first mention: what to fetch before Encode.
func Refs(fs []Finding) []signin.Ref {
	seen := map[signin.Ref]bool{}
	var out []signin.Ref
	for i := range fs {
		for _, r := range append([]signin.Ref{fs[i].Subject}, fs[i].Events...) {
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// techniquesOf are the techniques of a detector by name; nil for an unknown one.
func techniquesOf(detector string) []string {
	for i := range detectors {
		if detectors[i].Name == detector {
			return detectors[i].Techniques
		}
	}
	return nil
}
