package replay

import (
	"slices"

	"frisk/internal/signin"
)

// Merge adds o to t. Both must come from the same Config. The people of the
// two are normally disjoint; a cell that is in both is added up. Merging is
// associative and commutative, and o stays as it was (t may share its memory).
func (t *Tally) Merge(o *Tally) {
	if t.Schema == 0 {
		*t = *o.clone()
		return
	}
	t.Rows += o.Rows
	for i, n := range o.Streams {
		t.Streams[i] += n
	}
	if o.From != 0 && (t.From == 0 || o.From < t.From) {
		t.From = o.From
	}
	t.To = max(t.To, o.To)
	t.People = mergePeople(t.People, o.People)
	t.Causes = mergeCauses(t.Causes, o.Causes)
	t.Changes = mergeSorted(t.Changes, o.Changes, compareChanges, nil)
	t.Missing = mergeMissing(t.Missing, o.Missing)
	for s := range t.Policies {
		for n := range t.Policies[s] {
			t.Policies[s][n].merge(&o.Policies[s][n])
		}
	}
	t.Providers = mergeProviders(t.Providers, o.Providers)
	t.OutOfScope.OtherProvider += o.OutOfScope.OtherProvider
	t.OutOfScope.Outbound += o.OutOfScope.Outbound
	t.OutOfScope.OtherTenant += o.OutOfScope.OtherTenant
	t.OutOfScope.ManagedIdentity += o.OutOfScope.ManagedIdentity
	t.Workload.SignIns += o.Workload.SignIns
	for i, b := range o.Workload.Blocks {
		t.Workload.Blocks[i].sum(b)
	}
	for i, n := range o.UnknownMembers {
		t.UnknownMembers[i] += n
	}
	for i, n := range o.MissingMethod {
		t.MissingMethod[i] += n
	}
	t.Labelled.Frequency += o.Labelled.Frequency
	t.Labelled.Remembered += o.Labelled.Remembered
	t.Fidelity.merge(&o.Fidelity)
}

// clone is a copy that shares no memory that Merge would change.
func (t *Tally) clone() *Tally {
	c := *t
	c.People = slices.Clone(t.People)
	c.Causes = slices.Clone(t.Causes)
	c.Changes = slices.Clone(t.Changes)
	c.Missing = slices.Clone(t.Missing)
	c.Providers = slices.Clone(t.Providers)
	c.UnknownMembers = slices.Clone(t.UnknownMembers)
	c.MissingMethod = slices.Clone(t.MissingMethod)
	c.Workload.Blocks = slices.Clone(t.Workload.Blocks)
	c.Policies = nil
	for _, ps := range t.Policies {
		ps = slices.Clone(ps)
		for i := range ps {
			if ps[i].Recorded != nil {
				r := Results{}
				r.add(ps[i].Recorded)
				ps[i].Recorded = r
			}
		}
		c.Policies = append(c.Policies, ps)
	}
	c.Fidelity = t.Fidelity.clone()
	return &c
}

func (r Results) add(o Results) {
	for k, n := range o {
		r[k] += n
	}
}

func (p *PolicyOutcome) merge(o *PolicyOutcome) {
	p.Applied += o.Applied
	p.Unknown += o.Unknown
	p.Prompts.sum(o.Prompts)
	p.Blocks.sum(o.Blocks)
	p.People += o.People
	p.Only += o.Only
	p.RiskMet += o.RiskMet
	p.Attacks += o.Attacks
	p.Confirmed += o.Confirmed
	p.Spared += o.Spared
	p.SparedPeople += o.SparedPeople
	if p.Recorded != nil {
		p.Recorded.add(o.Recorded)
	}
}

// mergeSorted interleaves two sorted lists; equal elements are joined when join is given.
func mergeSorted[T any](a, b []T, compare func(T, T) int, join func(*T, T)) []T {
	out := make([]T, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := compare(a[0], b[0]); {
		case c == 0 && join != nil:
			x := a[0]
			join(&x, b[0])
			out, a, b = append(out, x), a[1:], b[1:]
		case c <= 0:
			out, a = append(out, a[0]), a[1:]
		default:
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// sumEqual sorts two lists into one and joins what compares equal.
func sumEqual[T any](a, b []T, compare func(T, T) int, join func(*T, T)) []T {
	all := make([]T, 0, len(a)+len(b))
	all = append(append(all, a...), b...)
	slices.SortFunc(all, compare)
	out := all[:0]
	for _, x := range all {
		if n := len(out); n > 0 && compare(out[n-1], x) == 0 {
			join(&out[n-1], x)
			continue
		}
		out = append(out, x)
	}
	return out
}

func mergePeople(a, b []PersonCell) []PersonCell {
	return mergeSorted(a, b, comparePeople, func(x *PersonCell, y PersonCell) {
		x.Sets = slices.Clone(x.Sets)
		x.add(&y)
	})
}

// add sums another cell into p, which must own its Sets.
func (p *PersonCell) add(o *PersonCell) {
	p.Recorded.add(&o.Recorded)
	p.Excluded += o.Excluded
	p.Perhaps += o.Perhaps
	for i := range o.Sets {
		p.Sets[i].add(&o.Sets[i])
	}
	for i, x := range o.TierWeight {
		p.TierWeight[i] += x
	}
}

func (r *Recorded) add(o *Recorded) {
	r.SignIns += o.SignIns
	r.Episodes += o.Episodes
	r.FactorEntries += o.FactorEntries
	r.Prompts += o.Prompts
	r.Asked += o.Asked
	r.FailedFactors += o.FailedFactors
	r.Interrupts += o.Interrupts
	r.Blocks += o.Blocks
	r.Frequency += o.Frequency
	r.Broken += o.Broken
	r.FirstFactor += o.FirstFactor
	r.Attack += o.Attack
	r.Legacy += o.Legacy
	r.NoRecord += o.NoRecord
}

func (o *Outcome) add(x *Outcome) {
	o.Prompts.sum(x.Prompts)
	o.Entries.sum(x.Entries)
	o.Blocks.sum(x.Blocks)
	o.Broken.sum(x.Broken)
	o.Unknown += x.Unknown
	o.Risk += x.Risk
	o.Residual.sum(x.Residual)
	o.Stopped.sum(x.Stopped)
	o.Attacks += x.Attacks
	o.AttacksThrough.sum(x.AttacksThrough)
	o.Uncovered += x.Uncovered
}

// Span is the time between the first and the last row.
func (t *Tally) Span() signin.Time { return t.To - t.From }
