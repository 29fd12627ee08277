// Package exceptions reads requests for exceptions from policies, and what the
// directory says became of them, and tells what an organisation should look at:
// who asks again and again, which group asks together, what a policy change set
// off, which exceptions never end, and which nobody needs.
//
// There are two kinds of pattern. A fact is true by its definition (the request
// came eleven days after the one before ended). An inference says that
// something is more than chance: it rests on an exact test whose null is stated
// in its Pattern, and is only raised after false-discovery control over all
// that was asked (Benjamini and Hochberg 1995); see tests.go.
//
// A finding is a reading of a policy and of a process, no accusation. What the
// exports do not say is unknown: counted in Account, and never evidence.
//
// Everything is a function of Input. Nothing here reads a clock: the present is
// Input.Now.
package exceptions

import (
	"cmp"
	"slices"

	"frisk/internal/directory"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Policy is a policy that requests may be about.
type Policy struct {
	Key  string // what Input.PolicyOf gives: the policy's id, else its name
	Name string
	// Groups are the groups the policy excludes, by id, lower case; groups nested in
	// them are not named.
	Groups []string
}

// Input is what Analyse reads. Every function may be nil, every list empty:
// then the patterns that need it say nothing, and Report.Account says so.
type Input struct {
	Requests []directory.Request
	Policies []Policy
	// PolicyOf is the key of the policy a request is about, "" when it cannot be told.
	PolicyOf func(*directory.Request) string
	// Same names the person behind a directory id (joined accounts are one person);
	// "" or a nil function: the id itself.
	Same func(id string) string

	// From and Until are the span of the sign-in log, 0 = there is none. Now is the
	// present: the last instant anything is known of; 0 = the latest time in the input.
	From, Until, Now signin.Time

	// Groups lists a person's groups at a time, in any order; Size is how many people
	// a group has, People how many there are in all (0 = not known). GroupCount is how
	// many groups there are, also those of which nobody asks: all are looked at. 0 = not
	// known; then those that ask are taken for all.
	Groups     func(person string, at signin.Time) []string
	Size       func(group string) int
	People     int
	GroupCount int

	// Member says whether a person was in a group, directly or nested. Members lists
	// who was for certain, by id; whole is false where the list may lack people.
	Member  func(person, group string, at signin.Time) signin.Truth
	Members func(group string, at signin.Time) (people []string, whole bool)
	// Changes are the logged changes of an excluded group and those nested in it,
	// oldest first.
	Changes func(group string) []directory.MemberChange
	// Edits are the changes of policies, ID being the key that PolicyOf gives.
	Edits []directory.PolicyEdit

	// Blocks lists, ascending, when the policy blocked the person in [from, to).
	Blocks func(person, policy string, from, to signin.Time) []signin.Time
	// Dead says, of each excluded person whose sign-ins were replayed without the
	// exclusion, what the policy would have caught; in any order. nil = not asked.
	Dead []Excluded
	// Emergency reports that a group is there for emergency access.
	Emergency func(group string) bool

	// Names for texts; nil gives the id.
	PersonName, GroupName, PolicyName func(string) string
}

// Report is what Analyse finds.
type Report struct {
	// Findings come by time, detector, policy, group, person and subject.
	Findings []Finding
	Account  Account
	totals   []Totals
	requests []Request
}

// Analyse reads the requests. The order of the input's lists does not matter.
func Analyse(in *Input, cfg risk.RequestConfig) *Report {
	s := newStudy(in, cfg)
	for i := range patterns {
		s.pattern = &patterns[i]
		patterns[i].find(s)
	}
	slices.SortStableFunc(s.out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Detector, b.Detector), cmp.Compare(a.Policy, b.Policy),
			cmp.Compare(a.App, b.App), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Subject, b.Subject))
	})
	r := &Report{Findings: s.out, Account: s.account, requests: s.all}
	r.Account.finish(s)
	r.totals = s.totals()
	return r
}

// Requests are the person's requests, oldest first. The slice must not be changed.
func (r *Report) Requests(person string) []Request {
	var out []Request
	for i := range r.requests {
		if r.requests[i].Person == person {
			out = append(out, r.requests[i])
		}
	}
	return out
}
