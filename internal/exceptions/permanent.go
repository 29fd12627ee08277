package exceptions

import (
	"fmt"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Permanent is the name of the pattern of exceptions that do not end.
const Permanent = "permanent-exclusion"

var _ = register(Pattern{
	Name:   Permanent,
	Doc:    "an exception was approved for some days and the membership is still there long after, or it was approved without an end",
	Needs:  "approved requests that name a policy or its exclusion group, and the group's members over time",
	Quiet:  "where membership cannot be told only an approval without an end is listed; the others are counted as not known",
	Origin: reference,
	find:   func(s *study) { s.permanents() },
})

func (s *study) permanents() {
	unknown := 0
	for _, chain := range s.chains() {
		last := lastGranted(chain)
		if last == nil {
			continue
		}
		groups := s.groupsOf(last)
		if last.open {
			s.unending(last, chain, groups)
			continue
		}
		check := last.end + span(s.cfg.StayDays)
		if check > s.now || s.confirmed(last, check) {
			continue
		}
		group, in := s.member(last.Person, groups, check)
		switch in {
		case signin.True:
			s.raise(s.outlived(last, chain, group))
			s.total(keyOf(last)).Permanent++
		case signin.Unknown:
			unknown++
		}
	}
	s.account.MembershipUnknown = unknown
}

// lastGranted is the approval that lasts longest: it is the one in force.
func lastGranted(chain []*Request) *Request {
	var best *Request
	for _, r := range chain {
		if !r.granted() {
			continue
		}
		switch {
		case best == nil, r.from >= best.from && (r.open || !best.open && r.end >= best.end):
			best = r
		case best.open && !r.open && r.from >= best.from: // a later one with an end takes the place of one without
			best = r
		}
	}
	return best
}

// groupsOf are the groups by which a request would be carried out.
func (s *study) groupsOf(r *Request) []string {
	if p := s.policies[r.Policy]; p != nil && len(p.Groups) > 0 {
		return p.Groups
	}
	if r.Group != "" {
		return []string{fold(r.Group)}
	}
	return nil
}

// member says whether the person was in one of the groups, and in which.
func (s *study) member(person string, groups []string, at signin.Time) (string, signin.Truth) {
	if s.in.Member == nil || len(groups) == 0 {
		return "", signin.Unknown
	}
	out := signin.False
	for _, g := range groups {
		t := s.in.Member(person, g, at)
		if t == signin.True {
			return g, t
		}
		out = out.Or(t)
	}
	return "", out
}

// confirmed reports an access review that kept the person in after the
// exception's end, not later than a time: somebody decided anew.
func (s *study) confirmed(r *Request, until signin.Time) bool {
	for i := range s.reviews {
		v := &s.reviews[i]
		if v.Person == r.Person && v.Policy == r.Policy && v.granted() && v.Created >= r.end && v.Created <= until {
			return true
		}
	}
	return false
}

func (s *study) outlived(r *Request, chain []*Request, group string) Finding {
	f := Finding{
		Severity: risk.Medium, Person: r.Person, Group: s.groupName(group), Policy: r.Policy, App: appOf(r),
		Time: r.end + span(s.cfg.StayDays), Subject: r.ID, Requests: ids(chain),
	}
	_, still := s.member(r.Person, []string{group}, s.now)
	var e facts
	e.text("policy", s.policyName(r.Policy)).text("app", r.App).text("group", f.Group).at("approved_until", r.end).
		num("approved_days", days(r.end-r.from)).num("days_since_end", days(s.now-r.end)).text("still_member", still.String()).
		text("approver", s.personName(r.Approver)).text("reason_given", r.Justification)
	f.Evidence = e
	f.Summary = fmt.Sprintf("%s was excluded for %s days until %s and was still in %s %s days later.",
		s.personName(r.Person), about(days(r.end-r.from)), date(r.end), f.Group, about(s.cfg.StayDays))
	f.Action = "Take the membership back, or approve it anew with an end; memberships with an end (PIM for groups, access packages) go by themselves."
	if still == signin.False {
		f.Severity = risk.Info
		f.Action = "It is gone now: nothing to take back. Memberships with an end (PIM for groups, access packages) do not stay."
	}
	return f
}

func (s *study) unending(r *Request, chain []*Request, groups []string) {
	group, in := s.member(r.Person, groups, s.now)
	if in == signin.False {
		return // it was taken back
	}
	f := Finding{
		Severity: risk.Medium, Person: r.Person, Group: s.groupName(group), Policy: r.Policy, App: appOf(r),
		Time: r.from, Subject: r.ID, Requests: ids(chain),
	}
	state := "and is still in " + f.Group
	if in == signin.Unknown {
		f.Severity = risk.Low
		state = "; whether it still holds cannot be told"
	}
	var e facts
	e.text("policy", s.policyName(r.Policy)).text("app", r.App).text("group", f.Group).at("approved", r.from).
		num("age_days", days(s.now-r.from)).text("still_member", in.String()).
		text("approver", s.personName(r.Approver)).text("reason_given", r.Justification)
	f.Evidence = e
	if in == signin.True {
		state = " " + state
	}
	f.Summary = fmt.Sprintf("%s got an exception from %s on %s without an end%s: %s days by now.",
		s.personName(r.Person), s.about(r), date(r.from), state, about(days(s.now-r.from)))
	f.Action = "Give it an end, or make it a reviewed standing exception."
	s.raise(f)
	s.total(keyOf(r)).Permanent++
}

func appOf(r *Request) string {
	if r.Policy == "" {
		return r.App
	}
	return ""
}
