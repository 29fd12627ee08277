package exceptions

import (
	"cmp"
	"fmt"
	"math"

	"frisk/internal/directory"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Burst is the name of the pattern of requests that a policy change set off.
const Burst = "request-burst"

var _ = register(Pattern{
	Name:   Burst,
	Doc:    "after a policy was changed more people a day ask for an exception from it than before",
	Needs:  "requests that name a policy, and the changes of policies (audit log)",
	Quiet:  "without changes, or with less than a week before or three days after one, nothing is said",
	Origin: reference,
	Null: "requests come at the same rate before and after, each weekday at its own (two Poisson counts, exact conditional test and Clopper-Pearson interval); " +
		"family: every change",
	find: func(s *study) { s.bursts() },
})

// The least time on either side of a change.
const (
	leastBefore = 7 * signin.Day
	leastAfter  = 3 * signin.Day
)

func (s *study) bursts() {
	if len(s.in.Edits) == 0 {
		s.quiet("no changes of policies: give the audit log, or policies by date")
		return
	}
	var found []tested
	size := 0
	for _, rs := range s.byTarget() {
		if !rs[0].Known {
			continue
		}
		from, until := s.observed(rs)
		own := s.fresh(rs)
		edits := s.edits(rs[0].Policy)
		for i, e := range edits {
			w := sides{before: stretch{max(e.At-span(s.cfg.BurstBeforeDays), from), e.At}, after: stretch{e.At, min(e.At+span(s.cfg.BurstAfterDays), until)}}
			if i > 0 {
				w.before.from = max(w.before.from, edits[i-1].At)
			}
			if i+1 < len(edits) {
				w.after.to = min(w.after.to, edits[i+1].At)
			}
			if w.before.to-w.before.from < leastBefore || w.after.to-w.after.from < leastAfter {
				continue
			}
			size++
			if b, ok := s.compare(&e, w, own, rs[0].Policy); ok {
				found = append(found, tested{b.p, func(float64) Finding { return s.burst(&b) }})
			}
		}
	}
	s.control(found, size)
}

// observed is the time in which requests about the target would have been seen:
// from the first export of the youngest system concerned to the present.
func (s *study) observed(rs []*Request) (from, until signin.Time) {
	first, last := map[string]signin.Time{}, map[string]signin.Time{}
	for i := range s.all {
		r := &s.all[i]
		if first[r.System] == 0 {
			first[r.System] = r.Created
		}
		last[r.System] = max(last[r.System], r.Created, r.Decided)
	}
	for _, r := range rs {
		from = max(from, first[r.System])
		if until == 0 || last[r.System] < until {
			until = last[r.System]
		}
	}
	return from, until
}

// again is how soon another request of the same person is no new one.
const again = 14 * signin.Day

// fresh are the requests that are not one more of the same person's.
func (s *study) fresh(rs []*Request) []*Request {
	last := map[string]signin.Time{}
	var out []*Request
	for _, r := range rs {
		if t, ok := last[r.Person]; !ok || r.Created-t > again {
			out = append(out, r)
		}
		last[r.Person] = r.Created
	}
	return out
}

type sides struct{ before, after stretch }

// comparison is what requests did around a change.
type comparison struct {
	edit                           *directory.PolicyEdit
	sides                          sides
	in                             []*Request // after the change
	before, after                  int
	exposedBefore, exposedAfter    float64 // in average days
	ratio, low, high, p            float64
	otherBefore, otherAfter        int
	otherRatio, otherLow, pAgainst float64
}

func (s *study) compare(e *directory.PolicyEdit, w sides, own []*Request, policy string) (comparison, bool) {
	c := comparison{edit: e, sides: w}
	inside := func(r *Request, x stretch) bool { return r.Created >= x.from && r.Created < x.to }
	for _, r := range own {
		switch {
		case inside(r, w.before):
			c.before++
		case inside(r, w.after):
			c.after++
			c.in = append(c.in, r)
		}
	}
	if c.after < 2 {
		return c, false
	}
	var week [7]float64
	var others []*Request
	for i := range s.all {
		if r := &s.all[i]; r.Policy != policy {
			others = append(others, r)
			week[weekday(r.Created)]++
		}
	}
	rates := ratesOf(week, float64(len(others)))
	c.exposedBefore, c.exposedAfter = exposure(w.before, rates), exposure(w.after, rates)
	c.ratio, c.low, c.high, c.p = rateRatio(c.after, c.before, c.exposedAfter, c.exposedBefore)
	quiet := map[string]bool{policy: true} // changed at that time themselves: no measure of the rest
	for i := range s.in.Edits {
		if x := &s.in.Edits[i]; x.At >= w.before.from && x.At < w.after.to {
			quiet[x.ID] = true
		}
	}
	for _, r := range s.fresh(others) {
		switch {
		case quiet[r.Policy]:
		case inside(r, w.before):
			c.otherBefore++
		case inside(r, w.after):
			c.otherAfter++
		}
	}
	if c.otherAfter+c.otherBefore > 0 {
		c.otherRatio, c.otherLow, _, _ = rateRatio(c.otherAfter, c.otherBefore, c.exposedAfter, c.exposedBefore)
	}
	c.pAgainst = hyperTail(c.after, c.after+c.before, c.after+c.otherAfter, c.after+c.before+c.otherAfter+c.otherBefore)
	return c, c.low > 1
}

func weekday(t signin.Time) int { return int(t.Time().Weekday()) }

// ratesOf are how busy each weekday is, 1 on average. With few requests elsewhere
// they tend to 1: one week's worth of requests is added evenly.
func ratesOf(week [7]float64, total float64) [7]float64 {
	var out [7]float64
	for i, n := range week {
		out[i] = (n + 1) * 7 / (total + 7)
	}
	return out
}

// exposure is a stretch in average days.
func exposure(x stretch, rates [7]float64) float64 {
	sum := 0.0
	for at := x.from; at < x.to; {
		next := min((at/signin.Day+1)*signin.Day, x.to)
		sum += days(next-at) * rates[weekday(at)]
		at = next
	}
	return sum
}

func (s *study) burst(c *comparison) Finding {
	first, last := c.in[0], c.in[len(c.in)-1]
	f := Finding{Severity: risk.Medium, Policy: first.Policy, Time: c.edit.At, Subject: first.ID, Requests: ids(c.in)}
	var e facts
	e.text("policy", s.policyName(first.Policy)).at("changed", c.edit.At).text("change", c.edit.Action).text("changed_by", c.edit.By).
		num("requests_after", float64(c.after)).num("days_after", days(c.sides.after.to-c.sides.after.from)).
		num("requests_before", float64(c.before)).num("days_before", days(c.sides.before.to-c.sides.before.from)).
		num("rate_ratio", c.ratio).num("ratio_low", c.low).num("ratio_high", c.high).
		num("other_policies_ratio", c.otherRatio).p("p", c.p).
		at("last_request", last.Created).text("who", s.list(c.in)).text("reason_given", first.Justification)
	f.Evidence = e
	times := "none came before"
	if !math.IsInf(c.ratio, 1) {
		times = fmt.Sprintf("%s times as many a day as before", about(c.ratio))
	}
	f.Summary = fmt.Sprintf("In the %s days after %s was changed on %s%s %s, against %d in the %s days before: %s, at least %s.",
		about(days(c.sides.after.to-c.sides.after.from)), s.policyName(first.Policy), date(c.edit.At), by(c.edit.By),
		count(c.after, "new person")+" asked for an exception", c.before, about(days(c.sides.before.to-c.sides.before.from)), times, about(c.low))
	f.Action = "Look at what the change did (analyze policy diff): take it back, narrow it, or prepare people for it."
	if c.otherLow > 1 && c.pAgainst > 1-confidence {
		f.Suppressed = "org: requests about the other policies that were not changed rose alike at that time"
	}
	return f
}

func by(who string) string {
	if who == "" {
		return ""
	}
	return " by " + cmp.Or(who)
}
