package exceptions

import (
	"cmp"
	"fmt"
	"slices"

	"frisk/internal/risk"
)

// Approver is the name of the pattern of one person who decides nearly all.
const Approver = "request-approver"

var _ = register(Pattern{
	Name:   Approver,
	Doc:    "one approver decides most requests about a policy and approves next to all of them: for review, it says nothing about guilt",
	Needs:  "decided requests with an approver",
	Quiet:  "requests decided without a named person are not counted",
	Origin: reference,
	find:   func(s *study) { s.approvers() },
})

// nobody are the names of approvers that are no person.
var nobody = []string{"", "system", "auto", "automatic", "automatically approved", "policy", "azure ad", "microsoft entra id", "workflow"}

func (s *study) approvers() {
	any := false
	for _, rs := range s.byTarget() {
		decided := map[string][]*Request{}
		var names []string
		total := 0
		reviews := s.reviewsOf(rs[0])
		for _, r := range append(slices.Clone(rs), reviews...) {
			who := s.person(r.Approver)
			if slices.Contains(nobody, fold(who)) || !r.granted() && !r.refused() {
				continue
			}
			if decided[who] == nil {
				names = append(names, who)
			}
			decided[who] = append(decided[who], r)
			total++
		}
		any = any || total > 0
		slices.Sort(names)
		for _, who := range names {
			mine := decided[who]
			yes := 0
			for _, r := range mine {
				if r.granted() {
					yes++
				}
			}
			low, high := clopperPearson(len(mine), total)
			rate := float64(yes) / float64(len(mine))
			if len(mine) < int(s.cfg.ApproverMinimum) || low <= s.cfg.ApproverShare || rate <= s.cfg.ApproverRate {
				continue
			}
			all := 0
			for _, n := range names {
				for _, r := range decided[n] {
					if r.granted() {
						all++
					}
				}
			}
			s.raise(s.approver(who, mine, yes, all, total, len(names), low, high))
		}
	}
	if !any {
		s.quiet("no decision names its approver")
	}
}

func (s *study) reviewsOf(r *Request) []*Request {
	var out []*Request
	for i := range s.reviews {
		if v := &s.reviews[i]; v.target() == r.target() {
			out = append(out, v)
		}
	}
	return out
}

func (s *study) approver(who string, mine []*Request, yes, all, total, approvers int, low, high float64) Finding {
	last := slices.MaxFunc(mine, func(a, b *Request) int { return cmp.Or(cmp.Compare(a.Decided, b.Decided), compareRequests(*a, *b)) })
	f := Finding{Severity: risk.Info, Policy: last.Policy, App: appOf(last), Time: cmp.Or(last.Decided, last.Created), Subject: last.ID, Requests: ids(mine)}
	self := 0
	for _, r := range mine {
		if r.Person == who {
			self++
		}
	}
	if self > 0 {
		f.Severity = risk.Low
	}
	var e facts
	e.text("approver", s.personName(who)).text("policy", s.policyName(last.Policy)).text("app", f.App).
		num("decisions", float64(len(mine))).num("of_all", float64(total)).share("share", float64(len(mine))/float64(total)).
		share("share_low", low).share("share_high", high).share("approved", float64(yes)/float64(len(mine)))
	if others := total - len(mine); others > 0 {
		e.share("approved_by_others", float64(all-yes)/float64(others))
	}
	e.num("approvers", float64(approvers)).num("own_requests_approved", float64(self))
	f.Evidence = e
	f.Summary = fmt.Sprintf("For review, not a reproach: %s decided %d of %d requests about %s and approved %s of them.",
		s.personName(who), len(mine), total, s.about(last), percent(float64(yes)/float64(len(mine))))
	f.Action = "Add a second approver or look at a sample of the decisions; if every request deserves approval, the policy asks for too many."
	return f
}
