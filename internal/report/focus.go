package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// focus is what the lead is about: one cell, and the candidate that helps it
// most, if any does.
type focus struct {
	cell *Cell // nil when there are no figures at all
	set  int   // candidate; 0 = none helps, or none was given
	move Move  // of set, when not 0: MoveBetter, or MoveTrade when it costs risk there or overall
	// whole reports that cell is the total, because no cell can be ranked.
	whole bool
	// passed is a candidate that would save more there and is not advised, with
	// the reason; 0 for none.
	passed int
}

// Rules of the choice; printed among the assumptions.
const (
	// nearSaving is how much less a cell may save and still be as good an example.
	nearSaving = 0.10
	// registerSaving is how much less a candidate may save and still be preferred
	// to one for which people have to register a method first.
	registerSaving = 0.25
)

// option is a candidate and the cell it saves most in.
type option struct {
	set   int
	cell  *Cell
	saved float64 // prompts a week of the whole cell, for certain
}

// findFocus picks a candidate, then the cell to show it by. First come
// candidates that keep risk there and overall, then those that cost risk;
// candidates that block people are never picked. Without either it is the cell
// that pays most.
func findFocus(v *view) focus {
	cells := payers(v)
	f := focus{}
	if len(cells) == 0 {
		if v.in.People == 0 && v.in.Total.People == 0 {
			return f
		}
		cells, f.whole = []*Cell{&v.in.Total}, true
	}
	f.cell = cells[0]
	var blocking []option
	for _, want := range []Move{MoveBetter, MoveTrade} {
		var open []option
		for _, i := range v.candidates() {
			o := v.best(cells, i, want)
			switch {
			case o.cell == nil:
			case v.blocks(i):
				blocking = append(blocking, o)
			default:
				open = append(open, o)
			}
		}
		if len(open) == 0 {
			continue
		}
		best := pick(v, open)
		f.set, f.move, f.cell = best.set, want, v.example(cells, best, want)
		for _, o := range slices.Concat(open, blocking) {
			if o.set != best.set && o.saved > best.saved && (v.blocks(o.set) || v.in.Sets[o.set].MissingMethod > 0) {
				f.passed = o.set
			}
		}
		return f
	}
	return f
}

// payers are the ranked cells whose people are asked at least as often as the
// average: a group by all its work against everybody's, a workspace against the
// other workspaces. All of them when none is or nothing is known.
func payers(v *view) []*Cell {
	var out []*Cell
	workspaces, everybody := v.workspaceAverage(), rate(&v.in.Total)
	for _, c := range v.ranked {
		own, average := rate(c), workspaces
		if c.Group != "" {
			own, average = rate(v.allWork(c)), everybody
		}
		if !own.Known || !average.Known || own.Mid() >= average.Mid() {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return v.ranked
	}
	return out
}

// rate is prompts per person and week: recorded, else replayed.
func rate(c *Cell) Range {
	if c == nil {
		return Range{}
	}
	if c.Recorded.Prompts.Known {
		return c.Recorded.Prompts
	}
	return c.set(0).Prompts
}

// workspaceAverage is the rate of the ranked cells without a group, by people.
func (v *view) workspaceAverage() Range {
	sum, people := 0.0, 0.0
	for _, c := range v.ranked {
		if r := rate(c); c.Group == "" && r.Known {
			sum, people = sum+r.Mid()*float64(c.People), people+float64(c.People)
		}
	}
	if people == 0 {
		return Range{}
	}
	return Exact(sum / people)
}

// allWork is the cell of c's group over all its work; nil when it is not given.
func (v *view) allWork(c *Cell) *Cell {
	if c.Group == "" {
		return &v.in.Total
	}
	return v.groups[c.Group]
}

// blocks reports that candidate i is not to be advised because it blocks
// people: more often over everybody, or somebody for certain who is not blocked
// today. Whatever risk it takes away may be taken away with them.
func (v *view) blocks(i int) bool {
	n := v.changed(i)
	return v.overallMove(i) == MoveBlocks || n.people[NewlyBlocked].Low > 0
}

func (v *view) overallMove(i int) Move { return moveOf(v.in.Total.set(0), v.in.Total.set(i)) }

// moveFor is what candidate i is to c, as far as advice goes: a cell that gains
// while everybody together pays in risk is a trade.
func (v *view) moveFor(c *Cell, i int) Move {
	m := moveOf(c.set(0), c.set(i))
	if o := v.overallMove(i); m == MoveBetter && (o == MoveTrade || o == MoveWorse) {
		return MoveTrade
	}
	return m
}

func saving(c *Cell, i int) float64 {
	return -c.set(0).Prompts.Change(c.set(i).Prompts).High * float64(c.People)
}

// best is the cell that candidate i saves most in by a move of that kind.
func (v *view) best(cells []*Cell, i int, want Move) option {
	o := option{set: i}
	for _, c := range cells {
		if v.moveFor(c, i) != want {
			continue
		}
		if s := saving(c, i); s > o.saved {
			o.cell, o.saved = c, s
		}
	}
	return o
}

// pick is the candidate that saves most; one nobody has to register a method
// for comes first when it saves nearly as much.
func pick(v *view, open []option) option {
	most := slices.MaxFunc(open, func(a, b option) int { return cmp.Or(cmp.Compare(a.saved, b.saved), cmp.Compare(b.set, a.set)) })
	if v.in.Sets[most.set].MissingMethod == 0 {
		return most
	}
	out := most
	for _, o := range open {
		ready := v.in.Sets[o.set].MissingMethod == 0
		if ready && o.saved >= (1-registerSaving)*most.saved && (out.set == most.set || o.saved > out.saved) {
			out = o
		}
	}
	return out
}

// example is the cell to show candidate o by. Cells that save nearly as much as
// the best, or that pay as much within the noise of who happened to be
// prompted, are as good; among them the one where the costliest policy has the
// largest share (to a tenth), then a production workspace, then the larger
// saving.
func (v *view) example(cells []*Cell, o option, want Move) *Cell {
	var near []*Cell
	for _, c := range cells {
		s := saving(c, o.set)
		if v.moveFor(c, o.set) == want && s > 0 && (s >= (1-nearSaving)*o.saved || overlap(pays(c), pays(o.cell))) {
			near = append(near, c)
		}
	}
	return slices.MinFunc(near, func(a, b *Cell) int {
		return cmp.Or(cmp.Compare(tenthOf(b), tenthOf(a)), cmp.Compare(production(b), production(a)),
			cmp.Compare(saving(b, o.set), saving(a, o.set)), compareNames(a, b))
	})
}

// pays is the bootstrap interval of what the whole cell is asked in a week.
func pays(c *Cell) Range {
	i := c.Recorded.Interval
	if !i.Known {
		i = c.set(0).Interval
	}
	return i.Times(float64(c.People))
}

func overlap(a, b Range) bool { return a.Known && b.Known && a.Low <= b.High && b.Low <= a.High }

// tenthOf is the share of the cell's costliest policy, in tenths.
func tenthOf(c *Cell) float64 {
	if k := causeOf(c); k != nil {
		return math.Round(k.Share.Mid() * 10)
	}
	return 0
}

func production(c *Cell) int {
	if e := strings.ToLower(c.Environment); e == "prod" || e == "production" {
		return 1
	}
	return 0
}

// shown is the candidate that pictures draw an arrow to: the lead's, else the
// first, else 0.
func (v *view) shown() int {
	if v.focus.set != 0 {
		return v.focus.set
	}
	if len(v.in.Sets) > 1 {
		return 1
	}
	return 0
}

// causeOf is the policy that asks for most of the cell's prompts, or nil.
func causeOf(c *Cell) *Cause {
	var best *Cause
	for i := range c.Causes {
		k := &c.Causes[i]
		if !k.Share.Known {
			continue
		}
		if best == nil || k.Share.Mid() > best.Share.Mid() ||
			k.Share.Mid() == best.Share.Mid() && k.Policy+"\x00"+k.Clause < best.Policy+"\x00"+best.Clause {
			best = k
		}
	}
	return best
}
