package exceptions

import (
	"cmp"
	"fmt"
	"slices"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// BlockDriven is the name of the pattern of requests that a block set off.
const BlockDriven = "block-driven-request"

var _ = register(Pattern{
	Name:   BlockDriven,
	Doc:    "people ask for an exception from a policy within days of being blocked by it, more than chance would have it",
	Needs:  "requests that name a policy, and a sign-in log that records policy results",
	Quiet:  "requests outside the log's span are not counted, and without recorded results nothing is said",
	Origin: reference,
	Null: "each request falls at a random moment of the person's own time in the log without an exception: its chance of a block before it is the share of that time with one " +
		"(exact Poisson binomial); family: every policy",
	find: func(s *study) { s.blockDriven() },
})

// window is how long before a request blocks count.
func (s *study) blockSpan() signin.Time { return signin.Time(s.cfg.BlockHours * float64(signin.Hour)) }

// block is when the block that drove r happened: the BlockCount-th one of the
// BlockHours before it, by its policy.
func (s *study) block(r *Request) (signin.Time, bool) {
	if s.in.Blocks == nil || !r.Known {
		return 0, false
	}
	k := max(int(s.cfg.BlockCount), 1)
	times := s.in.Blocks(r.Person, r.Policy, r.Created-s.blockSpan(), r.Created)
	if len(times) < k {
		return 0, false
	}
	return times[k-1], true
}

func (s *study) blockDriven() {
	switch {
	case s.in.Blocks == nil:
		s.quiet("the sign-in log records no policy results")
		return
	case s.in.Until-s.in.From <= s.blockSpan():
		s.quiet("the sign-in log is shorter than the time before a request that is looked at")
		return
	}
	var found []tested
	size := 0
	for _, rs := range s.byTarget() {
		if !rs[0].Known {
			continue
		}
		t := s.total(rs[0].Policy)
		all, allDriven, allDelays := s.afterBlock(rs)
		t.BlockDriven, t.BlockAsked = len(allDriven), len(all)
		if len(all) == 0 {
			continue
		}
		size++
		if len(allDriven) == 0 {
			continue
		}
		t.MedianHours = days(median(allDelays)) * 24
		// Somebody who asks five times in a week was not blocked five times over: only
		// requests that are not one more of the same person's are independent trials.
		in, driven, delays := s.afterBlock(s.fresh(rs))
		if len(driven) == 0 {
			continue
		}
		spared := s.spared(rs)
		known := map[string]float64{} // by person
		chances, expected := make([]float64, len(in)), 0.0
		for i, r := range in {
			c, ok := known[r.Person]
			if !ok {
				c = s.chanceOfBlock(r, spared[r.Person])
				known[r.Person] = c
			}
			chances[i], expected = c, expected+c
		}
		found = append(found, tested{sumTail(len(driven), chances), func(float64) Finding { return s.driven(in, driven, delays, expected) }})
	}
	s.control(found, size)
}

// afterBlock are those of the requests that lie in the log, those of them that
// came soon after a block, and how long after it, ascending.
func (s *study) afterBlock(rs []*Request) (in, driven []*Request, delays []signin.Time) {
	for _, r := range rs {
		if !s.inLog(r) {
			continue
		}
		in = append(in, r)
		if t, ok := s.block(r); ok {
			driven = append(driven, r)
			delays = append(delays, r.Created-t)
		}
	}
	slices.Sort(delays)
	return in, driven, delays
}

// spared are the spells of each person's granted exceptions among the requests.
func (s *study) spared(rs []*Request) map[string][]stretch {
	out := map[string][]stretch{}
	for _, r := range rs {
		if r.granted() {
			end := r.end
			if r.open {
				end = s.in.Until
			}
			out[r.Person] = append(out[r.Person], stretch{r.from, end})
		}
	}
	return out
}

func median(sorted []signin.Time) signin.Time {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// chanceOfBlock is the share of the person's time in the log, but for spells of
// their own exceptions, at which a block lies within the time before. During an
// exception there are no blocks and no need to ask.
func (s *study) chanceOfBlock(r *Request, spared []stretch) float64 {
	from, until := s.in.From+s.blockSpan(), s.in.Until
	blocks := s.in.Blocks(r.Person, r.Policy, s.in.From, s.in.Until+1)
	k := max(int(s.cfg.BlockCount), 1)
	var shadow []stretch
	for i := k - 1; i < len(blocks); i++ {
		if end := blocks[i-k+1] + s.blockSpan(); end > blocks[i] {
			shadow = append(shadow, stretch{blocks[i], end})
		}
	}
	free := (until - from) - covered(spared, from, until)
	if free <= 0 {
		return 1 // nothing to compare with: no evidence
	}
	both := covered(append(slices.Clone(spared), shadow...), from, until) - covered(spared, from, until)
	return min(1, float64(both)/float64(free))
}

// stretch is a span of time [from, to).
type stretch struct{ from, to signin.Time }

// covered is how much of [from, until) the stretches cover together.
func covered(ss []stretch, from, until signin.Time) signin.Time {
	ss = slices.Clone(ss)
	slices.SortFunc(ss, func(a, b stretch) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	sum, at := signin.Time(0), from
	for _, x := range ss {
		a, b := max(x.from, at), min(x.to, until)
		if b > a {
			sum += b - a
			at = b
		}
	}
	return sum
}

func (s *study) driven(in, driven []*Request, delays []signin.Time, expected float64) Finding {
	last := driven[len(driven)-1]
	share := float64(len(driven)) / float64(len(in))
	low, high := clopperPearson(len(driven), len(in))
	f := Finding{Severity: risk.Low, Policy: last.Policy, Time: last.Created, Subject: last.ID, Requests: ids(driven)}
	if share >= 0.5 {
		f.Severity = risk.Medium
	}
	var e facts
	e.text("policy", s.policyName(last.Policy)).num("requests", float64(len(in))).num("after_block", float64(len(driven))).
		share("share", share).share("share_low", low).share("share_high", high).
		num("expected_by_chance", expected).num("median_hours", days(median(delays))*24).num("people", float64(people(driven))).
		text("who", s.list(driven))
	f.Evidence = e
	f.Summary = fmt.Sprintf("%d of %d requests about %s (%s) came within %s hours of a block by it, the middle one after %s hours; chance would make %s.",
		len(driven), len(in), s.policyName(last.Policy), percent(share), about(s.cfg.BlockHours), about(days(median(delays))*24), about(expected))
	f.Action = "The policy stops people at their work: look at what they were blocked from (analyze explain) before you approve one by one."
	return f
}
