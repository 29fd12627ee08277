package exceptions

import (
	"cmp"
	"slices"
)

// Account says what was read and what could be used: nothing is lost silently.
type Account struct {
	Read int // requests handed in
	Used int // those that were compared
	// Left counts the others by reason, most frequent first.
	Left []Reason
	// Of those used: People unknown to the directory, Policies that no policy of the
	// set is meant by, without an end though approved, without a decision.
	UnknownPeople, UnknownPolicies, NoEnd, NoDecision int
	// MembershipUnknown are exceptions past their end of which the exports do not
	// tell whether the membership is still there.
	MembershipUnknown int
	// AddsNotJudged are additions to exclusion groups at a time of which no requests were exported.
	AddsNotJudged int
	// DeadUnknown are excluded people of whom it cannot be told whether the policy would have caught them.
	DeadUnknown int
	// Tests are the families of tests behind the inferences, by pattern.
	Tests []Family
	// Silent are the patterns that had nothing to look at, and why, by pattern.
	Silent []Reason

	left   map[string]int
	silent map[string]string
}

// Reason is a counted reason. For Account.Silent Pattern is set and N is 0.
type Reason struct {
	Pattern string
	Reason  string
	N       int
}

// Family is one kind of inference: how many tests were made and how many
// candidates chance explains, so that they were not raised.
type Family struct {
	Pattern       string
	Tests, Chance int
}

// The reasons for leaving a request out.
const (
	leftReview    = "a decision of an access review: nobody asked (used for approvers and for what still holds)"
	leftNobody    = "nobody it is for, or no date"
	leftNoTarget  = "names no policy, group or application"
	leftElsewhere = "a privileged role or group that no policy excludes"
)

func (a *Account) leave(reason string) {
	if a.left == nil {
		a.left = map[string]int{}
	}
	a.left[reason]++
}

func (a *Account) count(r *Request) {
	a.Used++
	if !r.Matched {
		a.UnknownPeople++
	}
	if !r.Known && r.Policy != "" {
		a.UnknownPolicies++
	}
	if r.open {
		a.NoEnd++
	}
	if r.Decision == "" {
		a.NoDecision++
	}
}

// quiet says why the pattern at work has nothing to say.
func (s *study) quiet(why string) {
	if s.account.silent == nil {
		s.account.silent = map[string]string{}
	}
	s.account.silent[s.pattern.Name] = why
}

func (a *Account) finish(*study) {
	for r, n := range a.left {
		a.Left = append(a.Left, Reason{Reason: r, N: n})
	}
	slices.SortFunc(a.Left, func(x, y Reason) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Reason, y.Reason)) })
	for p, r := range a.silent {
		a.Silent = append(a.Silent, Reason{Pattern: p, Reason: r})
	}
	slices.SortFunc(a.Silent, func(x, y Reason) int { return cmp.Compare(x.Pattern, y.Pattern) })
	a.left, a.silent = nil, nil
}
