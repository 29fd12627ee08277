package replay

import (
	"cmp"
	"slices"
	"strings"
)

func (a *Agreement) add(b Agreement) {
	a.Agree += b.Agree
	a.Disagree += b.Disagree
	a.Unknown += b.Unknown
}

func (p *PromptAgreement) add(o PromptAgreement) {
	p.Recorded += o.Recorded
	p.Matched += o.Matched
	p.Open += o.Open
	p.Missed += o.Missed
}

// clone is a copy that shares no memory that merge would change.
func (f *Fidelity) clone() Fidelity {
	c := *f
	c.Strangers = slices.Clone(f.Strangers)
	c.Outside = slices.Clone(f.Outside)
	c.Conditions = slices.Clone(f.Conditions)
	c.Reasons = slices.Clone(f.Reasons)
	for i := range c.Reasons {
		c.Reasons[i].Examples = slices.Clone(c.Reasons[i].Examples)
	}
	c.Policies = slices.Clone(f.Policies)
	for i := range c.Policies {
		c.Policies[i].Examples = slices.Clone(c.Policies[i].Examples)
	}
	return c
}

func (f *Fidelity) merge(o *Fidelity) {
	f.Listed += o.Listed
	f.Empty += o.Empty
	f.Silent += o.Silent
	f.Attacks += o.Attacks
	f.Hidden += o.Hidden
	f.Bare += o.Bare
	f.Prompted.add(o.Prompted)
	for i := range f.Verdicts {
		for j := range f.Verdicts[i] {
			f.Verdicts[i][j] += o.Verdicts[i][j]
		}
	}
	for i := range o.Policies {
		f.Policies[i].merge(&o.Policies[i])
	}
	f.Strangers = mergeSorted(f.Strangers, o.Strangers, compareStrangers, joinStrangers)
	f.Outside = mergeSorted(f.Outside, o.Outside, compareStrangers, joinStrangers)
	f.Reasons = mergeReasons(f.Reasons, o.Reasons)
	for i := range o.Conditions {
		for a := range f.Conditions[i].Table {
			for b := range f.Conditions[i].Table[a] {
				f.Conditions[i].Table[a][b] += o.Conditions[i].Table[a][b]
			}
		}
	}
}

func (p *PolicyFidelity) merge(q *PolicyFidelity) {
	for a := range p.Class {
		for b := range p.Class[a] {
			p.Class[a][b] += q.Class[a][b]
		}
	}
	p.Result.add(q.Result)
	p.Group.add(q.Group)
	p.Mask.add(q.Mask)
	for i := range p.Groups {
		p.Groups[i].add(q.Groups[i])
	}
	for a := range p.Results {
		for b := range p.Results[a] {
			p.Results[a][b] += q.Results[a][b]
		}
	}
	p.Changed += q.Changed
	p.Fresh.add(q.Fresh)
	p.Applied.add(q.Applied)
	for i := range p.Basis {
		p.Basis[i] += q.Basis[i]
	}
	p.Examples = joinExamples(p.Examples, q.Examples)
}

func compareStrangers(a, b Stranger) int {
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Name, b.Name))
}

func joinStrangers(x *Stranger, y Stranger) { x.Count += y.Count }

func compareReasons(a, b ReasonCount) int {
	return cmp.Or(
		cmp.Compare(reasonRank(a.Code), reasonRank(b.Code)), strings.Compare(a.Code, b.Code), cmp.Compare(a.Policy, b.Policy),
		strings.Compare(a.Item, b.Item), strings.Compare(a.Subject, b.Subject),
	)
}

func mergeReasons(a, b []ReasonCount) []ReasonCount {
	return mergeSorted(a, b, compareReasons, func(x *ReasonCount, y ReasonCount) {
		x.Disagree += y.Disagree
		x.Results += y.Results
		x.Unknown += y.Unknown
		x.Learned += y.Learned
		x.Examples = joinExamples(x.Examples, y.Examples)
	})
}

// joinExamples is the first few of both lists, in a list of its own.
func joinExamples(a, b []Disagreement) []Disagreement {
	all := append(append([]Disagreement{}, a...), b...)
	slices.SortFunc(all, func(a, b Disagreement) int { return compareDisagreements(&a, &b) })
	return all[:min(len(all), maxExamples)]
}

func compareDisagreements(a, b *Disagreement) int {
	return cmp.Or(
		cmp.Compare(a.At, b.At), strings.Compare(a.Person, b.Person),
		cmp.Compare(a.Ref.Run, b.Ref.Run), cmp.Compare(a.Ref.Row, b.Ref.Row),
	)
}
