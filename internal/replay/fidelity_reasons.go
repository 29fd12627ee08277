package replay

import (
	"cmp"
	"fmt"
	"slices"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Reason is one explanation of why a recorded evaluation and replayed current
// disagree, or why replay cannot tell. A new one is a new value that registers
// itself; verify, the report and the documentation test take it from Reasons.
type Reason struct {
	Code  string // stable, kebab-case
	Title string // a few words, to head a table row
	// Doc says what has happened, in a sentence or two an admin understands.
	Doc string
	// Supply says what to give frisk so that it goes away, with the command or kind of file.
	Supply string

	// order is when it is tried: the first that explains a miss is its reason.
	order int
	// explains says whether it is the reason of the miss and what of the policy is in question.
	explains func(*miss) (item string, ok bool)
	// subject is the column that tells the sign-ins concerned apart; 0 for none.
	subject signin.Dim
	hasDim  bool
}

var reasons []*Reason

func registerReason(r Reason) struct{} {
	for _, o := range reasons {
		if o.Code == r.Code {
			panic(fmt.Sprintf("replay: reason %q registered twice", r.Code))
		}
	}
	reasons = append(reasons, &r)
	slices.SortFunc(reasons, func(a, b *Reason) int { return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.Code, b.Code)) })
	return struct{}{}
}

// Reasons lists every reason in the order they are tried. The caller owns the slice.
func Reasons() []Reason {
	out := make([]Reason, 0, len(reasons))
	for _, r := range reasons {
		out = append(out, *r)
	}
	return out
}

// ReasonOf is the reason with a code; ok is false when there is none.
func ReasonOf(code string) (r Reason, ok bool) {
	for _, r := range reasons {
		if r.Code == code {
			return *r, true
		}
	}
	return Reason{}, false
}

func reasonRank(code string) int {
	for i, r := range reasons {
		if r.Code == code {
			return i
		}
	}
	return len(reasons)
}

// miss is one evaluation that disagrees or is unknown, as the reasons see it.
type miss struct {
	w   *Worker
	row *signin.Row
	p   *policy.Policy
	n   int // index of p in set 0
	e   *evaluation
	// bit is the condition in question. 0: no single one, either because the
	// conditions agree and the result does not (graded), or because the log has no masks.
	bit     uint32
	graded  bool
	unknown bool // ours cannot be told; else both sides speak and differ
	// What both sides say of the conditions; theirs are 0 where masked is false.
	yes, no, unk      uint32
	theirYes, theirNo uint32
	masked            bool
	edited            bool
	want              policy.Results
	beside            bool // another policy of the same row applied for one side only
	inner             bool // asked for the reason below policy-edited
}

// theyMatch says whether the condition in question held for the log, as far as
// the policy as a whole tells where there are no masks.
func (m *miss) theyMatch() bool {
	if m.masked && m.bit != 0 {
		return m.theirYes&m.bit != 0
	}
	return m.e.class == ClassApplied
}

// explain finds the reason of a miss. Every miss has one: the last always explains.
func (m *miss) explain() (*Reason, string) {
	for _, r := range reasons {
		if item, ok := r.explains(m); ok {
			return r, item
		}
	}
	panic("replay: a miss without a reason") // the catalog test has one that always explains
}

// on reports that the miss is about a condition.
func (m *miss) on(bits uint32) bool { return m.bit&bits != 0 }
