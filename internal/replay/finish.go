package replay

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/policy"
)

// numResults is how many recorded results there are; see policy.Results.
const numResults = 10

// policyCount adds up one policy of one set. Counts are whole numbers and
// scores multiples of a power of two, so sums are exact in any order.
type policyCount struct {
	applied, unknown int64
	prompts, blocks  Bounds
	people           int64
	only             int64
	riskMet          float64
	attacks          int64
	confirmed        int64
	spared           int64
	sparedPeople     int64
	recorded         [numResults]int64
}

// personCount is what a policy asked of the person at hand. One person's two
// worlds may have swapped: they are put in order when the person is done.
type personCount struct {
	prompts, blocks Bounds
	only            int64
	spared          int64
	hit             bool // it asked or refused for certain
}

type missingKey struct {
	policy int
	bits   uint32
}

// end closes the person at hand: what still waits, the cells, the changes.
func (w *Worker) end() {
	for _, s := range w.sets {
		w.waiting(s)
		s.keep(w.more)
		if !s.lacked && w.lacks(s) {
			s.lacked = true
			w.tally.MissingMethod[s.n]++
		}
	}
	t := w.tally
	for g, u := range w.cells.unknown {
		if u {
			t.UnknownMembers[g]++
		}
	}
	slices.Sort(w.cells.touched)
	for _, n := range w.cells.touched {
		pc := w.cells.table[n]
		pc.Person, pc.Cell = w.who, w.cellOf(int(n))
		pc.Sets = w.hold(pc.Sets)
		if n == 0 {
			w.changes(pc.Sets)
		}
		for i := range pc.Sets {
			pc.Sets[i].order()
		}
		t.People = append(t.People, pc)
	}
	w.causes.close(w.cells.table[0].Excluded == 0)
}

// keep adds the account at hand to the policies; more says that it is another one
// of the person kept last.
func (s *setRun) keep(more bool) {
	if !more {
		s.asked, s.left, s.lacked = policy.Mask{}, policy.Mask{}, false
	}
	for n := range s.touched.All() {
		m, p := &s.mine[n], &s.policies[n]
		m.prompts.order()
		m.blocks.order()
		p.prompts.sum(m.prompts)
		p.blocks.sum(m.blocks)
		p.only += m.only
		p.spared += m.spared
		if m.spared > 0 && !s.left.Has(n) {
			s.left.Add(n)
			p.sparedPeople++
		}
		if m.hit && !s.asked.Has(n) {
			s.asked.Add(n)
			p.people++
		}
		*m = personCount{}
	}
	s.touched = policy.Mask{}
}

// hold is a copy of sets to keep, from memory taken for many people at once.
func (w *Worker) hold(sets []Outcome) []Outcome {
	const people = 256
	n := len(w.outcomes)
	if n+len(sets) > cap(w.outcomes) {
		w.outcomes, n = make([]Outcome, 0, max(1, people*len(sets))), 0
	}
	w.outcomes = append(w.outcomes, sets...)
	return w.outcomes[n:len(w.outcomes):len(w.outcomes)]
}

// waiting counts, in the high world, the prompts that were still due when the
// log ended: somebody would have met them.
func (w *Worker) waiting(s *setRun) {
	for n := range s.worlds[high].clocks {
		c := &s.worlds[high].clocks[n]
		if c.pend == 0 {
			continue
		}
		w.place(int(c.row))
		w.prompt(s, high, c, c.pend, c.by, int(c.row))
	}
}

func (b *Bounds) order() {
	if b.Low > b.High {
		b.Low, b.High = b.High, b.Low
	}
}

func (o *Outcome) order() {
	for _, b := range []*Bounds{&o.Prompts, &o.Entries, &o.Blocks, &o.Broken, &o.Residual, &o.Stopped, &o.AttacksThrough} {
		b.order()
	}
}

// flush moves the worker's own counts into its tally and sorts it.
func (w *Worker) flush() {
	t := w.tally
	for _, s := range w.sets {
		for k := range s.memo {
			s.spend(&s.memo[k])
		}
		for n := range s.policies {
			c, o := &s.policies[n], &t.Policies[s.n][n]
			o.Applied += float64(c.applied)
			o.Unknown += float64(c.unknown)
			o.Prompts.sum(c.prompts)
			o.Blocks.sum(c.blocks)
			o.People += float64(c.people)
			o.Only += float64(c.only)
			o.RiskMet += c.riskMet
			o.Attacks += float64(c.attacks)
			o.Confirmed += float64(c.confirmed)
			o.Spared += float64(c.spared)
			o.SparedPeople += float64(c.sparedPeople)
			for k, x := range c.recorded {
				if x > 0 {
					o.Recorded[policy.Results(1 << k).Names()[0]] += x
				}
			}
			*c = policyCount{}
		}
		byFact := map[Missing]int64{}
		for k, x := range s.missing {
			m := Missing{Set: s.n, Policy: k.policy}
			if k.policy < 0 {
				m.Fact = SessionFact
				byFact[m] += x
			}
			for n, name := range conditionNames {
				if k.bits&(1<<n) != 0 {
					m.Fact = name
					byFact[m] += x
				}
			}
		}
		clear(s.missing)
		found := make([]Missing, 0, len(byFact))
		for m, x := range byFact {
			m.Count = x
			found = append(found, m)
		}
		t.Missing = mergeMissing(t.Missing, found)
	}
	w.flushCauses()
	slices.SortFunc(t.People, comparePeople)
	if w.join {
		t.People = sumPeople(t.People)
	}
	w.logs.flush(t)
	slices.SortFunc(t.Changes, compareChanges)
}

func (b *Bounds) sum(c Bounds) {
	b.Low += c.Low
	b.High += c.High
}

// sumPeople joins the cells of several accounts of one person in a sorted list.
func sumPeople(in []PersonCell) []PersonCell {
	out := in[:0]
	for _, p := range in {
		if n := len(out); n > 0 && comparePeople(out[n-1], p) == 0 {
			out[n-1].add(&p)
			continue
		}
		out = append(out, p)
	}
	return out
}

func comparePeople(a, b PersonCell) int {
	return cmp.Or(
		strings.Compare(a.Person, b.Person),
		strings.Compare(a.Cell.Group, b.Cell.Group),
		strings.Compare(a.Cell.Workspace, b.Cell.Workspace),
	)
}

func compareMissing(a, b Missing) int {
	return cmp.Or(cmp.Compare(a.Set, b.Set), cmp.Compare(a.Policy, b.Policy), strings.Compare(a.Fact, b.Fact))
}

// mergeMissing adds two lists up by set, policy and fact.
func mergeMissing(a, b []Missing) []Missing {
	return sumEqual(a, b, compareMissing, func(x *Missing, y Missing) { x.Count += y.Count })
}
