package replay

import (
	"slices"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// spread adds what was counted to the figures and forgets the comparisons.
func (c *comparer) spread() {
	if c.set == nil {
		return
	}
	fid := &c.w.tally.Fidelity
	for k := range c.entries {
		e := &c.entries[k]
		if e.rows == 0 {
			continue
		}
		for n := range e.judged {
			c.count(fid, &e.judged[n], e.rows)
		}
		for _, a := range e.away {
			list := &fid.Strangers
			if a.outside {
				list = &fid.Outside
			}
			stranger(list, Stranger{a.id, a.name, e.rows})
			if a.hidden {
				fid.Hidden += e.rows
			}
		}
		for n := range e.whys {
			if y := &e.whys[n]; !y.each {
				c.counters[y.counter].add(y, e.rows)
			}
		}
	}
	c.entries = c.entries[:0]
	clear(c.memo)
	c.front = [memoFront]memoSlot{}
}

// count adds a comparison that rows rows had.
func (c *comparer) count(fid *Fidelity, j *judged, rows int64) {
	pf := &fid.Policies[j.policy]
	c.set.policies[j.policy].recorded[j.bit] += rows
	if j.bit == bitOf(policy.ResultUnknown) {
		fid.Hidden += rows
	}
	pf.Class[j.class][j.ours] += rows
	if j.edited {
		pf.Changed += rows
	}
	if !c.masks {
		return
	}
	if j.bare {
		fid.Bare += rows
	}
	pf.Results[j.bit][j.outcome] += rows
	j.result.count(&pf.Result, rows)
	if j.applied() {
		j.result.count(&pf.Applied, rows)
		if j.edited {
			j.result.count(&pf.Fresh, rows)
		}
		if j.result == agrees {
			pf.Basis[j.basis] += rows
		}
	}
	j.group.count(&pf.Group, rows)
	j.mask.count(&pf.Mask, rows)
	for g := range j.groups {
		j.groups[g].count(&pf.Groups[g], rows)
	}
	if !j.masked {
		return
	}
	both := j.both()
	for n := range conditionNames {
		bit := uint32(1) << n
		if both&bit == 0 {
			continue
		}
		row, col := 2, 3
		switch {
		case j.theirYes&bit != 0:
			row = 0
		case j.theirNo&bit != 0:
			row = 1
		}
		switch {
		case j.yes&bit != 0:
			col = 0
		case j.no&bit != 0:
			col = 1
		case j.unk&bit != 0:
			col = 2
		}
		if row != 2 || col != 3 {
			fid.Conditions[n].Table[row][col] += rows
		}
	}
}

func stranger(list *[]Stranger, s Stranger) {
	n, ok := slices.BinarySearchFunc(*list, s, compareStrangers)
	if !ok {
		*list = slices.Insert(*list, n, s)
		return
	}
	(*list)[n].Count += s.Count
}

// flush brings the tally up to date.
func (c *comparer) flush() {
	c.spread()
	out := make([]ReasonCount, 0, len(c.counters))
	for k := range c.counters {
		if x := &c.counters[k]; x.disagree+x.unknown > 0 {
			out = append(out, x.count(c))
		}
		x := &c.counters[k]
		x.disagree, x.results, x.unknown, x.learned = 0, 0, 0, 0
	}
	slices.SortFunc(out, compareReasons)
	fid := &c.w.tally.Fidelity
	fid.Reasons = mergeReasons(fid.Reasons, out)
	for n := range fid.Policies {
		slices.SortFunc(fid.Policies[n].Examples, func(a, b Disagreement) int { return compareDisagreements(&a, &b) })
	}
}

// reasonKey is what a ReasonCount is about.
type reasonKey struct {
	reason  *Reason
	policy  int32
	item    string
	subject signin.Code
}

// counter is a ReasonCount in the making.
type counter struct {
	key                                 reasonKey
	disagree, results, unknown, learned int64
	examples                            []Disagreement // sorted
}

func (x *counter) add(y *why, n int64) {
	if y.unknown {
		x.unknown += n
		return
	}
	x.disagree += n
	if y.result {
		x.results += n
	}
}

func (x *counter) count(c *comparer) ReasonCount {
	out := ReasonCount{
		Code: x.key.reason.Code, Policy: int(x.key.policy), Item: x.key.item,
		Disagree: x.disagree, Results: x.results, Unknown: x.unknown, Learned: x.learned, Examples: slices.Clone(x.examples),
	}
	if x.key.reason.hasDim {
		out.Subject = c.w.t.sym[x.key.reason.subject].Text(x.key.subject)
	}
	return out
}

// late reports whether d comes after the examples kept, so that it need not be made.
func late(list []Disagreement, d *Disagreement) bool {
	return len(list) == maxExamples && compareDisagreements(d, &list[maxExamples-1]) >= 0
}

func keep(list []Disagreement, d Disagreement) []Disagreement {
	n, _ := slices.BinarySearchFunc(list, d, func(a, b Disagreement) int { return compareDisagreements(&a, &b) })
	list = slices.Insert(list, n, d)
	return list[:min(len(list), maxExamples)]
}
