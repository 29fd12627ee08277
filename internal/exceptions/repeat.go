package exceptions

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/risk"
)

// Repeat is the name of the pattern of people who ask again.
const Repeat = "repeat-request"

var _ = register(Pattern{
	Name:   Repeat,
	Doc:    "a person asks again for an exception from the same policy (or app) soon after their request before ended",
	Needs:  "exception requests with beneficiary, policy or app, and date",
	Quiet:  "a request without one of these is left out and counted",
	Origin: reference,
	find:   func(s *study) { s.repeats() },
})

// gapDays are the spans repeats are counted for.
var gapDays = []float64{7, 30, 90}

// repeats makes one finding of each run of requests of a person about a target
// in which every one came within RepeatDays of the end of the one before.
func (s *study) repeats() {
	for _, chain := range s.chains() {
		start := 0
		for i := 1; i <= len(chain); i++ {
			if i < len(chain) && gap(chain[i-1], chain[i]) <= s.cfg.RepeatDays {
				s.total(keyOf(chain[i])).Repeats++
				continue
			}
			if i-start > 1 {
				s.raise(s.repeat(chain, start, i))
			}
			start = i
		}
	}
}

func keyOf(r *Request) string {
	if r.Policy != "" {
		return r.Policy
	}
	return r.App
}

// gap is the days from the end of one request to the next one's creation, 0
// when the earlier was still in force.
func gap(prev, r *Request) float64 { return max(0, days(r.Created-prev.end)) }

func (s *study) repeat(chain []*Request, from, to int) Finding {
	run := chain[from:to]
	first, last := run[0], run[len(run)-1]
	prev := run[len(run)-2]
	f := Finding{Severity: risk.Low, Person: last.Person, Policy: last.Policy, Time: last.Created, Subject: last.ID, Requests: ids(run)}
	if last.Policy == "" {
		f.App = last.App
	}
	if len(run) > 2 {
		f.Severity = risk.Medium
	}
	var e facts
	e.text("policy", s.policyName(last.Policy)).text("app", last.App).
		num("requests", float64(len(run))).at("first_request", first.Created).
		text("decisions", decided(run)).
		text("previous_request", prev.ID).text("previous_state", prev.words()).
		at("previous_end", prev.end).num("gap_days", gap(prev, last))
	for _, d := range gapDays {
		n := 0
		for i := 1; i < to; i++ {
			if gap(chain[i-1], chain[i]) <= d {
				n++
			}
		}
		e.num(fmt.Sprintf("repeats_within_%d_days", int(d)), float64(n))
	}
	if t, ok := s.block(last); ok {
		e.at("block_before", t).num("hours_after_block", days(last.Created-t)*24)
	}
	e.text("reason_given", last.Justification)
	f.Evidence = e
	f.Summary = fmt.Sprintf("%s asked %d times about %s between %s and %s (%s); the last request came %s days after the one before had ended.",
		s.personName(f.Person), len(run), s.about(last), date(first.Created), date(last.Created), decided(run), about(gap(prev, last)))
	switch {
	case !slices.ContainsFunc(run, func(r *Request) bool { return !native(r.System) }):
		f.Suppressed = "system: time-bound activations are meant to be repeated (a chain of them is a renewal-chain)"
	case s.isChain(run):
		f.Suppressed = "system: the requests are the approvals of one renewal-chain, shown there"
	}
	f.Action = "Read the reasons together: a lasting need wants a change of the policy or a dated exception, not another request."
	return f
}

// decided counts decisions for people: "2 denied, 1 approved".
func decided(rs []*Request) string {
	var words []string
	n := map[string]int{}
	for _, r := range rs {
		w := r.state
		if w == "" {
			w = "open"
		}
		if n[w] == 0 {
			words = append(words, w)
		}
		n[w]++
	}
	slices.SortStableFunc(words, func(a, b string) int { return n[b] - n[a] })
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fmt.Sprintf("%d %s", n[w], w)
	}
	return strings.Join(out, ", ")
}
