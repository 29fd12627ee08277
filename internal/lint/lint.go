// Package lint says what is worth knowing about a set of Conditional Access
// policies before trusting it: who could be locked out, what can never match,
// what another policy does already, what Entra refuses, and what does not mean
// what it seems to.
//
// A rule is one value in the registry; to add one, write a file that registers
// it and two fixtures, one it must find and one it must not. Rules judge the
// newest version of each policy. They report what they can prove from the JSON,
// the directory export and the facts of the log that were given, and stay silent
// where those do not tell.
package lint

import (
	"cmp"
	"slices"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

// The levels of a notice: an error is refused by Entra or locks people out, a
// warning most likely does not do what its author wants, info is worth a look.
const (
	Error   = "error"
	Warning = "warning"
	Info    = "info"
)

// Rule is one kind of notice. Code is stable and kebab-case.
type Rule struct {
	Code  string
	Level string // of its notices, unless the rule says otherwise for one
	Doc   string // what the notice means, one sentence
	Fix   string // what to do, where the notice itself does not say
	// Source is where the rule is from: a page of Microsoft's documentation, or frisk.
	Source string
	// check is nil for what the reader of policy files finds.
	check func(*pass)
}

var rules []Rule

// register puts a rule into the catalog. It panics when the code is taken.
func register(r Rule) struct{} {
	if slices.ContainsFunc(rules, func(o Rule) bool { return o.Code == r.Code }) {
		panic("lint: rule " + r.Code + " registered twice")
	}
	rules = append(rules, r)
	slices.SortFunc(rules, func(a, b Rule) int { return cmp.Compare(a.Code, b.Code) })
	return struct{}{}
}

// Rules lists every rule by code.
func Rules() []Rule { return slices.Clone(rules) }

// Find is the rule with this code, or nil.
func Find(code string) *Rule {
	i, ok := slices.BinarySearchFunc(rules, code, func(r Rule, c string) int { return cmp.Compare(r.Code, c) })
	if !ok {
		return nil
	}
	return &rules[i]
}

// Facts are what the sign-in log says that a rule can use. Counts are rows in
// scope of the tenant's policies.
type Facts struct {
	From, To                    signin.Time // of the first and the last row
	SignIns                     int64
	LegacySignIns, LegacyPeople int64
	ActiveSyncSignIns           int64 // part of LegacySignIns
	// Beside is, by id of a named location of IPv4 ranges, what the log shows of the
	// same network over IPv6.
	Beside map[string]Beside
	// Resources counts sign-ins by resource app id, lower case.
	Resources map[string]int64
}

// Beside counts sign-ins over IPv6, in no named location, from the autonomous
// system and city that sign-ins from the ranges of a named location have too.
type Beside struct{ SignIns, People int64 }

// Input is what to check.
type Input struct {
	// Set may be dated: the policies as they are now are checked, older versions only
	// tell how exclusions grew.
	Set *policy.Set
	// Directory resolves ids and counts people; nil leaves both out.
	Directory *directory.Directory
	// Facts are of the log; nil = there is none.
	Facts *Facts
	// Edits are the recorded changes of policies, oldest first; nil = those of the Directory.
	Edits []directory.PolicyEdit
	// Files are the texts the set was read from. Rules about how a value is written
	// need them; nil leaves those out.
	Files *Files
	// Inbound is the tenant's inbound trust; the zero value leaves it open.
	Inbound policy.InboundTrust
}

// Check runs every rule. Notices come in policy order, those about the whole set
// last; within a policy what the reader said first, then by code and path. The
// result is the same for the same input.
func Check(in Input) []policy.Notice {
	if in.Edits == nil {
		in.Edits = in.Directory.PolicyEdits()
	}
	set := in.Set.Present()
	p := &pass{in: &in, set: set, policies: set.Policies, names: policytext.NewNames(in.Directory, set), order: map[*policy.Policy]int{}}
	for i, q := range p.policies {
		p.order[q] = i
	}
	in.Files.Rename(p.names, set)
	p.loaded()
	for i := range rules {
		if p.rule = &rules[i]; p.rule.check != nil {
			p.rule.check(p)
		}
	}
	return p.sorted()
}
