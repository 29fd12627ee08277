package risk

import (
	"cmp"
	"slices"
)

// Knob is one number a user may change: threshold, allowance or weight.
type Knob struct {
	Name    string  // detector.what, for configuration files
	Unit    string  // "" for a plain number
	Default float64 //
	Min     float64 // smallest and largest value Set accepts
	Max     float64
	Doc     string // what it does, one sentence
	// Origin is where the default comes from: a source, or "assumption: why".
	Origin string
	field  func(*Config) *float64
}

// Knobs lists every knob by name.
func Knobs() []Knob {
	out := slices.Clone(knobs)
	slices.SortFunc(out, func(a, b Knob) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

const detectionRef = "reference, detection "

var knobs = slices.Concat(travelKnobs, attackKnobs, personKnobs, scoreKnobs, requestKnobs, workaroundKnobs)
