// Package risk reads one person's sign-ins in time order and says what is
// wrong with them: findings with evidence an analyst can check by hand, a score
// per sign-in, and which rows are attack traffic.
//
// Work happens in two phases. Networks looks across people at what each source
// address did and merges associatively; an Assessor then reads one person at a
// time, with the sealed Networks as context. Two kinds of answer never mix:
//
//   - A score depends on rows up to and including its own, and on network
//     context as of the day before. It is what a policy could have known.
//   - A finding and the attack label of a row are retrospective accounting: they
//     may use the whole history, because they say what happened.
//
// What the log did not say is never evidence: a row without a position is
// silent to travel, a hidden risk level is silent to provider-risk.
package risk

import (
	"cmp"
	"regexp"
	"slices"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// Scope says what a detector needs to see.
type Scope uint8

// The scopes. A ScopeNetwork detector is silent without sealed Networks.
const (
	ScopePerson Scope = iota
	ScopeNetwork
)

func (s Scope) String() string { return [...]string{"person", "network"}[s] }

// Detector is one kind of finding: a factory of Watchers and what to know about them.
type Detector struct {
	Name  string // ^[a-z][a-z0-9-]*$, the word in findings, flags and docs
	Doc   string // one sentence, for help texts
	Needs string // what the log must carry, for a reader
	Quiet string // what happens when it does not
	// Techniques are the MITRE ATT&CK (enterprise) techniques a raised finding
	// speaks of, most specific first.
	Techniques []string
	// Origin is where the rule comes from: a source, or "assumption: why".
	Origin string
	Scope  Scope
	Need   signin.Need // columns read beside what the Assessor itself needs
	// Surveys names the surveys it consults; without them it knows less.
	Surveys []string
	New     func(*Env) Watcher
	// Last: on each row it observes after the detectors that are not, because it
	// asks what they hold against the row (Sink.held).
	Last bool
}

// Env is what a Watcher may consult. It belongs to one Assessor; nothing in it
// is safe for concurrent use.
type Env struct {
	Config    Config
	Networks  *Networks            // nil = no first phase was run
	Directory *directory.Directory // nil = nothing known
	Symbols   *signin.Symbols
	tables    tables
}

// Watcher is one detector's memory of one person. Begin forgets everything;
// Observe sees the person's rows in order; End comes after the last one. A
// Watcher is reused for the next person and must not allocate per row.
type Watcher interface {
	Begin()
	Observe(v *View, s *Sink)
	End(s *Sink)
}

var detectors []Detector

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// register adds d to the catalog. The result only gives a package variable
// something to hold. A wrong or duplicate name is a bug in this program.
func register(d Detector) struct{} {
	if !nameShape.MatchString(d.Name) || d.Doc == "" || d.New == nil {
		panic("risk: malformed detector " + d.Name)
	}
	for _, e := range detectors {
		if e.Name == d.Name {
			panic("risk: duplicate detector " + d.Name)
		}
	}
	detectors = append(detectors, d)
	return struct{}{}
}

// Detectors lists the catalog by name. The slice is the caller's.
func Detectors() []Detector {
	out := slices.Clone(detectors)
	slices.SortFunc(out, func(a, b Detector) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Need is the set of columns an Assessor with these detectors reads; it
// includes what Networks.Observe reads.
func Need(ds []Detector) signin.Need {
	n := signin.NeedDims(signin.DimIP, signin.DimDevice, signin.DimCountry,
		signin.DimNetwork, signin.DimNamedLocations, signin.DimRiskState)
	n = n.Or(NetworksNeed()).Or(AttemptsNeed())
	for _, d := range ds {
		n = n.Or(d.Need)
	}
	return n
}
