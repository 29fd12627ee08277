package directory

import (
	"cmp"
	"slices"

	"frisk/internal/signin"
)

// span3 is a stretch [from, until) with one answer.
type span3 struct {
	from, until signin.Time
	is          signin.Truth
}

// heed lays witnesses over the answers of the exports. base answers without
// them and may change only at dates.
func (d *Directory) heed(list []span3, dates []moment, base func(signin.Time) signin.Truth) timeline {
	list = merged(list)
	slices.SortFunc(dates, byMoment)
	// Between two cuts everything is constant, and each gap is looked at once.
	cuts := []signin.Time{0}
	for _, s := range list {
		cuts = append(cuts, s.from, s.until)
	}
	for _, m := range dates {
		cuts = append(cuts, m.from, m.to)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var t timeline
	next := 0 // the first witness that has not ended
	for i, at := range cuts {
		for next < len(list) && list[next].until <= at {
			next++
		}
		if next < len(list) && list[next].from <= at {
			t.add(at, list[next].is)
			continue
		}
		var left, right *span3
		if next > 0 {
			left = &list[next-1]
		}
		if next < len(list) {
			right = &list[next]
		}
		end := forever
		if i+1 < len(cuts) {
			end = cuts[i+1]
		}
		t.add(at, between(base(at), left, right, at, end, dates))
	}
	return t
}

// between is the answer in [at, end), which lies between two witnesses; either
// may be missing. b is what the exports say there.
func between(b signin.Truth, left, right *span3, at, end signin.Time, dates []moment) signin.Truth {
	if b == signin.Unknown {
		if left != nil && right != nil && left.is == right.is && right.from-left.until <= witnessReach {
			return left.is
		}
		return b
	}
	if left != nil && !agree(left.is, b) && !datedWithin(dates, left.until, at) {
		return signin.Unknown
	}
	if right != nil && !agree(right.is, b) && !datedWithin(dates, end, right.from) {
		return signin.Unknown
	}
	return b
}

// datedWithin reports whether a dated fact lies in [from, to].
func datedWithin(dates []moment, from, to signin.Time) bool {
	i, _ := slices.BinarySearchFunc(dates, from, func(m moment, t signin.Time) int { return cmp.Compare(m.from, t) })
	for ; i < len(dates) && dates[i].from <= to; i++ {
		if dates[i].to <= to {
			return true
		}
	}
	return false
}

// merged sorts witnesses and joins those that overlap or touch. Where two
// contradict each other nothing is proven, and the answer is Unknown.
func merged(list []span3) []span3 {
	var cuts []signin.Time
	for _, s := range list {
		cuts = append(cuts, s.from, s.until)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b span3) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.until, b.until)) })
	var out []span3
	var yes, no signin.Time // how far a witness of either answer reaches
	next := 0
	for i := 0; i+1 < len(cuts); i++ {
		at, end := cuts[i], cuts[i+1]
		for ; next < len(list) && list[next].from <= at; next++ {
			if s := list[next]; s.is == signin.True {
				yes = max(yes, s.until)
			} else {
				no = max(no, s.until)
			}
		}
		v := signin.Unknown
		switch {
		case yes > at && no > at:
		case yes > at:
			v = signin.True
		case no > at:
			v = signin.False
		default:
			continue
		}
		if n := len(out); n > 0 && out[n-1].until == at && out[n-1].is == v {
			out[n-1].until = end
			continue
		}
		out = append(out, span3{at, end, v})
	}
	return out
}
