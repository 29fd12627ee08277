package replay

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"frisk/internal/policy"
)

// Interval is a 95 % bootstrap interval over people; the zero value, with OK
// false, is a cell too small for one.
type Interval struct {
	OK   bool    `json:"ok"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// SmallCell is how many people a cell needs to be ranked and to have intervals.
const SmallCell = 5

// SummaryOptions steer Summarize. The zero value is usable.
type SummaryOptions struct {
	Constants []Constant // nil = Constants()
	// Requests are exception requests by cell, for the seconds; nil = none counted.
	Requests map[Cell]float64
	Draws    int    // bootstrap draws; 0 = 1000
	Seed     uint64 // of the bootstrap; same seed, same figures
}

// Summary is what a Tally says, per cell and per policy.
type Summary struct {
	Weeks           float64         `json:"weeks"`
	InteractiveOnly bool            `json:"interactiveOnly"`
	Constants       []Constant      `json:"constants"`
	Total           CellSummary     `json:"total"` // everybody, all work
	Cells           []CellSummary   `json:"cells"` // by group, workspace; Total included
	Policies        []PolicySummary `json:"policies"`
	Candidates      []Candidate     `json:"candidates"` // by set, current included

	spared map[string]bool // people kept apart
}

// CellSummary is one cell. Rates are per person and week. Friction is that of
// People; whom an exclusion spared is in Excluded instead, see ExcludedSummary.
// Risk, and what is open or uncovered, is over everybody.
type CellSummary struct {
	Cell     Cell            `json:"cell"`
	People   int             `json:"people"` // who signed in and was not excluded; a guessed-at account is none
	Small    bool            `json:"small"`  // under SmallCell people: shown, not ranked
	Rank     int             `json:"rank"`   // by seconds per person, 1 = most; 0 = not ranked
	Recorded RecordedSummary `json:"recorded"`
	Sets     []SetSummary    `json:"sets"`
	Tiers    [5]float64      `json:"tiers"` // recorded sign-ins by attribution tier, of everybody
	Excluded ExcludedSummary `json:"excluded"`
	// Perhaps are sign-ins of People of which it is not known whether an exclusion
	// spared them.
	Perhaps float64 `json:"perhapsExcluded"`
}

// RecordedSummary is what the log says of a cell.
type RecordedSummary struct {
	Sum           Recorded `json:"sum"` // over the span, of People; Attack of everybody
	Prompts       float64  `json:"prompts"`
	Asked         float64  `json:"asked"`
	Blocks        float64  `json:"blocks"`
	Interval      Interval `json:"interval"`      // of Prompts
	NeverPrompted float64  `json:"neverPrompted"` // share of people
	WorstDecile   float64  `json:"worstDecile"`   // prompts per week of the most prompted tenth
	Blocked       int      `json:"blocked"`       // people blocked at least once
	Seconds       Seconds  `json:"seconds"`
}

// SetSummary is what one set does to a cell, by our engine.
type SetSummary struct {
	Sum      Outcome  `json:"sum"` // over the span; friction of People, the rest of everybody
	Prompts  Bounds   `json:"prompts"`
	Blocks   Bounds   `json:"blocks"`
	Interval Interval `json:"interval"` // of the middle of Prompts
	// Fewer is the share of bootstrap draws in which the set prompts less than
	// current does, Safer in which it leaves less risk; 0 for current.
	Fewer         float64 `json:"fewer"`
	Safer         float64 `json:"safer"`
	NeverPrompted Bounds  `json:"neverPrompted"`
	WorstDecile   Bounds  `json:"worstDecile"`
	Blocked       Bounds  `json:"blocked"`
	// Seconds take each constant and each bound at its low, middle and high.
	Seconds   Seconds `json:"seconds"`
	Unknown   float64 `json:"unknown"`   // share of sign-ins whose verdict hangs on a missing fact
	Uncovered float64 `json:"uncovered"` // share of sign-ins no enabled policy applied to
}

// PolicySummary ranks one policy of one set.
type PolicySummary struct {
	Set     int     `json:"set"`
	Policy  int     `json:"policy"`
	Seconds Seconds `json:"seconds"` // of its prompts and blocks, over the span
	Risk    float64 `json:"risk"`    // Σ score of the sign-ins it prompted or blocked
	// PerRisk is Seconds.Mid for each unit of Risk; -1 when it costs but
	// stops nothing, 0 when it asks for nothing or is not enforced.
	PerRisk float64 `json:"perRisk"`
	Rank    int     `json:"rank"` // within its set, 1 = most friction per risk stopped; 0 = asked for nothing, or not enforced
}

// Candidate places one set on the friction × risk picture of everybody.
type Candidate struct {
	Set      int     `json:"set"`
	Seconds  float64 `json:"seconds"`  // middle, per person and week
	Residual Bounds  `json:"residual"` // over the span, of everybody
	// Excluded is the middle of the seconds per person and week of whom an exclusion
	// of current spares: modelled, for their history holds no prompts to measure.
	Excluded  float64 `json:"excluded,omitempty"`
	Dominated bool    `json:"dominated"` // another set is at least as good in both and better in one
	// Cheaper marks the set with the least friction among those that leave no
	// more risk than current, Safest the one with the least risk among those that
	// cost no more. Current itself is marked when nothing beats it.
	Cheaper bool `json:"cheaper"`
	Safest  bool `json:"safest"`
}

// Summarize works out the figures of a tally. It is deterministic.
func Summarize(t *Tally, opt SummaryOptions) *Summary {
	if opt.Constants == nil {
		opt.Constants = Constants()
	}
	if opt.Draws == 0 {
		opt.Draws = 1000
	}
	s := &Summary{Weeks: t.Weeks(), InteractiveOnly: t.InteractiveOnly(), Constants: opt.Constants, Cells: []CellSummary{}}
	s.spared = t.ExcludedPeople()
	byCell := make([]*PersonCell, len(t.People))
	for i := range t.People {
		byCell[i] = &t.People[i]
	}
	slices.SortFunc(byCell, func(a, b *PersonCell) int {
		return cmp.Or(compareCells(a.Cell, b.Cell), strings.Compare(a.Person, b.Person))
	})
	for len(byCell) > 0 {
		n := 1
		for n < len(byCell) && byCell[n].Cell == byCell[0].Cell {
			n++
		}
		c := s.cell(byCell[:n], len(t.Sets), &opt)
		if c.Cell == (Cell{}) {
			s.Total = c
		}
		s.Cells = append(s.Cells, c)
		byCell = byCell[n:]
	}
	s.rank()
	s.policies(t, &opt)
	s.candidates()
	return s
}

// signedIn splits the people of a cell: those who signed in, and the others. An
// account that was only guessed at, or only used by an attacker, is nobody whose
// friction could be averaged. An attempt counts where it ended, which may be a
// cell none of its accepted sign-ins is in.
func signedIn(all []*PersonCell) (in, out []*PersonCell) {
	for _, p := range all {
		if p.Recorded.SignIns > 0 || p.Recorded.Episodes > 0 {
			in = append(in, p)
		} else {
			out = append(out, p)
		}
	}
	return in, out
}

// cell sums people of one cell up. Sums are over all of them, rates and shares
// over those who signed in; where nobody did there is no friction, and rates
// are 0.
func (s *Summary) cell(all []*PersonCell, sets int, opt *SummaryOptions) CellSummary {
	people, others := signedIn(all)
	people, excluded := s.keepApart(people)
	c := CellSummary{Cell: all[0].Cell, People: len(people), Small: len(people) < SmallCell, Sets: make([]SetSummary, sets)}
	per := float64(max(1, len(people))) * s.Weeks
	prompts := make([]float64, len(people))
	r := &c.Recorded
	for _, p := range all {
		for k, x := range p.TierWeight {
			c.Tiers[k] += x
		}
		if s.spared[p.Person] {
			continue
		}
		r.Sum.add(&p.Recorded)
		c.Perhaps += p.Perhaps
	}
	c.Excluded = s.excluded(all, excluded, sets, opt)
	r.Sum.Attack += c.Excluded.Recorded.Attack
	for i, p := range people {
		prompts[i] = p.Recorded.Prompts
		if p.Recorded.Blocks > 0 {
			r.Blocked++
		}
	}
	r.Prompts, r.Asked, r.Blocks = r.Sum.Prompts/per, r.Sum.Asked/per, r.Sum.Blocks/per
	r.NeverPrompted, r.WorstDecile = never0(prompts), decile(prompts)/s.Weeks
	requests := opt.Requests[c.Cell]
	r.Seconds = scale(Cost(Friction{
		Prompts: r.Sum.Prompts, Entries: r.Sum.FactorEntries - r.Sum.FailedFactors, Failed: r.Sum.FailedFactors,
		Blocks: r.Sum.Blocks, Broken: r.Sum.Broken, Requests: requests,
	}, opt.Constants), 1/per)
	lo, hi := make([]float64, len(people)), make([]float64, len(people))
	for k := range c.Sets {
		o := &c.Sets[k]
		for _, p := range all {
			if s.spared[p.Person] {
				o.Sum.addRisk(&p.Sets[k])
			} else {
				o.Sum.add(&p.Sets[k])
			}
		}
		for i, p := range people {
			x := &p.Sets[k]
			lo[i], hi[i] = x.Prompts.Low, x.Prompts.High
			if x.Blocks.Low > 0 {
				o.Blocked.Low++
			}
			if x.Blocks.High > 0 {
				o.Blocked.High++
			}
		}
		o.Prompts = Bounds{o.Sum.Prompts.Low / per, o.Sum.Prompts.High / per}
		o.Blocks = Bounds{o.Sum.Blocks.Low / per, o.Sum.Blocks.High / per}
		o.NeverPrompted = Bounds{never0(hi), never0(lo)}
		o.WorstDecile = Bounds{decile(lo) / s.Weeks, decile(hi) / s.Weeks}
		o.Seconds = o.Sum.seconds(requests, opt.Constants, 1/per)
		if seen := r.Sum.SignIns + c.Excluded.Recorded.SignIns; seen > 0 {
			o.Unknown, o.Uncovered = o.Sum.Unknown/seen, o.Sum.Uncovered/seen
		}
	}
	if !c.Small {
		s.bootstrap(&c, people, append(others, excluded...), opt)
	}
	return c
}

// seconds prices an outcome: the low bound at the low constants, the middle of
// the bounds at the middle ones, the high bound at the high ones.
func (o *Outcome) seconds(requests float64, cs []Constant, by float64) Seconds {
	at := func(pick func(Bounds) float64) Seconds {
		return Cost(Friction{
			Prompts: pick(o.Prompts), Entries: pick(o.Entries), Blocks: pick(o.Blocks), Broken: pick(o.Broken),
			Requests: requests, Guess: true,
		}, cs)
	}
	return scale(Seconds{
		Low:  at(func(b Bounds) float64 { return b.Low }).Low,
		Mid:  at(Bounds.mid).Mid,
		High: at(func(b Bounds) float64 { return b.High }).High,
	}, by)
}

func (b Bounds) mid() float64 { return (b.Low + b.High) / 2 }

func scale(s Seconds, by float64) Seconds { return Seconds{s.Low * by, s.Mid * by, s.High * by} }

// never0 is the share of zeros; of nobody, 0.
func never0(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	n := 0
	for _, x := range xs {
		if x == 0 {
			n++
		}
	}
	return float64(n) / float64(len(xs))
}

// decile is the mean of the highest tenth, at least one person; of nobody, 0.
func decile(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	xs = slices.Sorted(slices.Values(xs))
	n := max(1, len(xs)/10)
	sum := 0.0
	for _, x := range xs[len(xs)-n:] {
		sum += x
	}
	return sum / float64(n)
}

// rank orders cells of a group and a workspace by what a person pays: what the
// current policies cost by replay, or by the log where nothing was replayed.
func (s *Summary) rank() {
	var in []*CellSummary
	for i := range s.Cells {
		c := &s.Cells[i]
		if !c.Small && c.Cell.Group != "" && c.Cell.Workspace != "" &&
			c.Cell.Workspace != UnknownWorkspace && c.Cell.Workspace != OtherWork {
			in = append(in, c)
		}
	}
	slices.SortFunc(in, func(a, b *CellSummary) int {
		return cmp.Or(cmp.Compare(b.seconds(), a.seconds()), compareCells(a.Cell, b.Cell))
	})
	for i, c := range in {
		c.Rank = i + 1
	}
}

func (c *CellSummary) seconds() float64 {
	if len(c.Sets) > 0 {
		return c.Sets[0].Seconds.Mid
	}
	return c.Recorded.Seconds.Mid
}

// policies ranks policies within their set by friction per risk stopped.
func (s *Summary) policies(t *Tally, opt *SummaryOptions) {
	s.Policies = []PolicySummary{}
	for _, set := range t.Policies {
		from := len(s.Policies)
		for i := range set {
			o := &set[i]
			p := PolicySummary{Set: o.Set, Policy: o.Policy, Risk: o.RiskMet}
			asked := Outcome{Prompts: o.Prompts, Entries: o.Prompts, Blocks: o.Blocks}
			p.Seconds = asked.seconds(0, opt.Constants, 1)
			switch {
			case p.Seconds.Mid == 0 || !t.enforces(o):
			case p.Risk > 0:
				p.PerRisk = p.Seconds.Mid / p.Risk
			default:
				p.PerRisk = -1
			}
			s.Policies = append(s.Policies, p)
		}
		var in []*PolicySummary
		for i := from; i < len(s.Policies); i++ {
			if s.Policies[i].PerRisk != 0 {
				in = append(in, &s.Policies[i])
			}
		}
		slices.SortFunc(in, func(a, b *PolicySummary) int {
			return cmp.Or(
				cmp.Compare(b.burden(), a.burden()), cmp.Compare(b.Seconds.Mid, a.Seconds.Mid), cmp.Compare(a.Policy, b.Policy))
		})
		for i, p := range in {
			p.Rank = i + 1
		}
	}
}

// enforces reports whether the policy is enforced: what a report-only one would
// cost is no friction of its set. A tally that does not say is taken at its word.
func (t *Tally) enforces(o *PolicyOutcome) bool {
	if o.Set >= len(t.Sets) || o.Policy >= len(t.Sets[o.Set].Policies) {
		return true
	}
	return t.Sets[o.Set].Policies[o.Policy].State == policy.Enabled.String()
}

// burden is PerRisk with a policy that stops no risk above all others.
func (p *PolicySummary) burden() float64 {
	if p.PerRisk < 0 {
		return math.Inf(1)
	}
	return p.PerRisk
}

// candidates places the sets on the picture of everybody.
func (s *Summary) candidates() {
	s.Candidates = []Candidate{}
	for k := range s.Total.Sets {
		o := &s.Total.Sets[k]
		s.Candidates = append(s.Candidates, Candidate{Set: k, Seconds: o.Seconds.Mid, Residual: o.Sum.Residual, Excluded: s.Total.Excluded.seconds(k)})
	}
	cs := s.Candidates
	if len(cs) == 0 {
		return
	}
	cheaper, safest := 0, 0
	for i := range cs {
		for k := range cs {
			a, b := &cs[i], &cs[k]
			if b.Seconds <= a.Seconds && b.Residual.mid() <= a.Residual.mid() &&
				(b.Seconds < a.Seconds || b.Residual.mid() < a.Residual.mid()) {
				a.Dominated = true
			}
		}
		if cs[i].Residual.mid() <= cs[0].Residual.mid() && cs[i].Seconds < cs[cheaper].Seconds {
			cheaper = i
		}
		if cs[i].Seconds <= cs[0].Seconds && cs[i].Residual.mid() < cs[safest].Residual.mid() {
			safest = i
		}
	}
	cs[cheaper].Cheaper, cs[safest].Safest = true, true
}
