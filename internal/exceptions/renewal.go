package exceptions

import (
	"cmp"
	"fmt"
	"slices"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Renewal is the name of the pattern of exceptions that are renewed and renewed.
const Renewal = "renewal-chain"

var _ = register(Pattern{
	Name:   Renewal,
	Doc:    "an exception is approved again and again with next to no gap: temporary in name only",
	Needs:  "approved requests with an end (effective_to), and a beginning or decision date",
	Quiet:  "an approval without an end ends a chain; it is counted, and permanent-exclusion speaks of it",
	Origin: reference,
	find:   func(s *study) { s.renewals() },
})

func (s *study) renewals() {
	for _, chain := range s.chains() {
		var run []*Request
		flush := func() {
			if len(run) >= int(s.cfg.ChainLength) {
				s.raise(s.renewal(run))
			}
			run = nil
		}
		for _, r := range approvals(chain) {
			if len(run) > 0 && days(r.from-runEnd(run)) >= s.cfg.ChainGapDays {
				flush()
			}
			run = append(run, r)
		}
		flush()
	}
}

// approvals are the granted requests with an end, by beginning.
func approvals(chain []*Request) []*Request {
	var out []*Request
	for _, r := range chain {
		if r.granted() && !r.open && r.end > r.from {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *Request) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.end, b.end)) })
	return out
}

func runEnd(run []*Request) signin.Time {
	end := run[0].end
	for _, r := range run[1:] {
		end = max(end, r.end)
	}
	return end
}

// isChain reports whether the requests, all of them, make a renewal chain.
func (s *study) isChain(rs []*Request) bool {
	ok := approvals(rs)
	if len(ok) != len(rs) || len(ok) < int(s.cfg.ChainLength) {
		return false
	}
	for i := 1; i < len(ok); i++ {
		if days(ok[i].from-runEnd(ok[:i])) >= s.cfg.ChainGapDays {
			return false
		}
	}
	return true
}

func (s *study) renewal(run []*Request) Finding {
	first, last := run[0], run[len(run)-1]
	var asked, covered, until signin.Time
	for _, r := range run {
		asked += r.end - r.from
		if r.end > until {
			covered += r.end - max(r.from, until)
			until = r.end
		}
	}
	latest := slices.MaxFunc(run, func(a, b *Request) int { return compareRequests(*a, *b) })
	f := Finding{Severity: risk.Medium, Person: last.Person, Policy: last.Policy, Time: last.from, Subject: latest.ID, Requests: ids(run)}
	if last.Policy == "" {
		f.App = last.App
	}
	var e facts
	e.text("policy", s.policyName(last.Policy)).text("app", last.App).
		num("approvals", float64(len(run))).at("first_from", first.from).at("last_until", until).
		num("first_asked_days", days(first.end-first.from)).num("covered_days", days(covered)).num("requested_days", days(asked)).
		text("system", last.System).text("approver", s.personName(last.Approver)).text("reason_given", last.Justification)
	f.Evidence = e
	f.Summary = fmt.Sprintf("%s was granted %s for %s days first, and by %s has had it for %s days.",
		s.personName(f.Person), s.aboutException(last), about(days(first.end-first.from)), count(len(run), "approval"), about(days(covered)))
	f.Action = "Decide it once: remove the need (device, method, route), change the policy, or record a reviewed standing exception."
	return f
}

// aboutException is "an exception from X" for a sentence.
func (s *study) aboutException(r *Request) string { return "an exception from " + s.about(r) }
