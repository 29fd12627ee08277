package directory

import (
	"cmp"
	"slices"

	"frisk/internal/signin"
)

// fact is what one source tells of a membership: at some instant in [from, to)
// it was so. A change (audit log) is exact, from == to: before it the answer is
// before, from it on after. A look (snapshot) has the same answer on both sides.
type fact struct {
	moment
	before, after signin.Truth
	change        bool
	soft          bool // a change that may not be one of this membership, see resolve
}

func seen(m moment, v signin.Truth) fact { return fact{moment: m, before: v, after: v} }

func changed(at signin.Time, joined bool) fact {
	v := signin.TruthOf(joined)
	return fact{moment: moment{at, at}, before: v.Not(), after: v, change: true}
}

// sameChange is how far apart two records of one change may lie: Privileged
// Identity Management and the core directory both log an activation.
const sameChange = 5 * signin.Minute

// resolve turns what is told of one membership into the time it certainly was
// so, and the time it may have been. Between two facts that agree the answer is
// theirs; between two that do not it is open. Before the first fact it is what
// the first says, after the last what the last says: nothing older or newer is
// known, so no change is assumed. Soft changes are those that may have been one
// of this membership: they open the answer where they may have turned it, and
// date a difference that must be theirs. maybe is nil when nothing is open.
func resolve(facts []fact) (sure, maybe []span) {
	hard, soft := settled(facts)
	if len(hard) == 0 {
		return nil, nil
	}
	var t timeline
	for i := range len(hard) + 1 {
		switch {
		case i == 0:
			t.add(0, hard[0].before)
			_, back := moves(soft, hard[0].before, 0, hard[0].to)
			if back != nil {
				t.add(0, signin.Unknown)
				t.add(back[len(back)-1], hard[0].before)
			}
		case i == len(hard):
			away, _ := moves(soft, hard[i-1].after, hard[i-1].from, forever)
			if away != nil {
				t.add(away[0], signin.Unknown)
			}
		default:
			t.bridge(hard[i-1], hard[i], soft)
		}
		if i < len(hard) && hard[i].change {
			t.add(hard[i].from, hard[i].after)
		}
	}
	sure = t.spans(func(v signin.Truth) bool { return v == signin.True })
	if slices.ContainsFunc(t, func(s step) bool { return s.is == signin.Unknown }) {
		maybe = t.spans(func(v signin.Truth) bool { return v != signin.False })
	}
	return sure, maybe
}

// bridge lays out the time between two facts.
func (t *timeline) bridge(p, q fact, soft []fact) {
	away, back := moves(soft, p.after, p.from, q.to)
	switch {
	case p.after == q.before:
		if away != nil && back != nil && away[0] < back[len(back)-1] {
			t.add(away[0], signin.Unknown)
			t.add(back[len(back)-1], q.before)
		}
	case away != nil: // it was one of these
		t.add(away[0], signin.Unknown)
		t.add(away[len(away)-1], q.before)
	default:
		t.add(p.from, signin.Unknown)
		t.add(max(p.to, q.to), q.before)
	}
}

// moves are the soft changes in [from, to) that could lead away from v, and
// those that could lead back to it; nil when there are none.
func moves(soft []fact, v signin.Truth, from, to signin.Time) (away, back []signin.Time) {
	for _, c := range soft {
		switch {
		case c.from < from || c.from >= to:
		case c.after == v:
			back = append(back, c.from)
		default:
			away = append(away, c.from)
		}
	}
	return away, back
}

// settled puts facts in order, counts a change that two services logged once,
// and drops a look that a change within its time already explains: who was
// added at ten is both absent and present on that day.
func settled(facts []fact) (hard, soft []fact) {
	facts = slices.Clone(facts)
	slices.SortStableFunc(facts, func(a, b fact) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.before, b.before), cmp.Compare(a.after, b.after))
	})
	var changes []fact
	for _, f := range facts {
		switch n := len(changes); {
		case !f.change:
		case f.soft:
			soft = append(soft, f)
		case n == 0 || changes[n-1].after != f.after || f.from-changes[n-1].from > sameChange:
			changes = append(changes, f)
		}
	}
	for _, f := range facts {
		explained := slices.ContainsFunc(changes, func(c fact) bool { return c.from >= f.from && c.from < f.to })
		if !f.change && !explained {
			hard = append(hard, f)
		}
	}
	hard = append(hard, changes...)
	slices.SortStableFunc(hard, func(a, b fact) int { return cmp.Compare(a.from, b.from) })
	return hard, soft
}

func agree(a, b signin.Truth) bool { return a == b || a == signin.Unknown || b == signin.Unknown }

// timeline is an answer over time: steps in ascending order, each holding from
// its instant to the next.
type timeline []step

type step struct {
	from signin.Time
	is   signin.Truth
}

// add continues the timeline from a time on. What was said for a later time is
// dropped: the caller knows better now.
func (t *timeline) add(from signin.Time, v signin.Truth) {
	for len(*t) > 0 && (*t)[len(*t)-1].from >= from {
		*t = (*t)[:len(*t)-1]
	}
	if n := len(*t); n > 0 && (*t)[n-1].is == v {
		return
	}
	*t = append(*t, step{from, v})
}

// at is the answer at a time; Unknown before the first step.
func (t timeline) at(when signin.Time) signin.Truth {
	i, ok := slices.BinarySearchFunc(t, when, func(s step, w signin.Time) int { return cmp.Compare(s.from, w) })
	if ok {
		i++
	}
	if i == 0 {
		return signin.Unknown
	}
	return t[i-1].is
}

// spans are the stretches whose answer is wanted, joined where they touch. A
// step at forever is no end: nobody asks about that time.
func (t timeline) spans(want func(signin.Truth) bool) []span {
	var out []span
	open := false
	for _, s := range t {
		switch w := want(s.is) && s.from < forever; {
		case w && !open:
			out = append(out, span{From: s.from})
			open = true
		case !w && open && s.from < forever:
			out[len(out)-1].Until = s.from
			open = false
		}
	}
	return out
}
