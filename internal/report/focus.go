package report

import "math"

// Move says what a candidate does to a cell against replayed current.
type Move uint8

// The moves, best first.
const (
	MoveBetter  Move = iota // costs less, lets no more through
	MoveSafer               // lets less through, costs no less
	MoveTrade               // costs less, lets more through
	MoveSame                // no difference worth a word
	MoveUnclear             // the bounds leave the direction open
	MoveBlocks              // blocks legitimate people more often
	MoveWorse               // costs more, lets no less through
)

var moveNames = []string{
	"less friction, risk kept", "less risk, no less friction", "less friction, more risk", "no change",
	"cannot be told", "blocks people", "more friction, no less risk",
}

func (m Move) String() string { return moveNames[m] }

// Tolerances of a Move. They keep rounding noise out of the words; they are
// printed among the assumptions.
const (
	// promptTolerance is the change in prompts (or blocks) per person and week
	// that counts as none: one in twenty weeks.
	promptTolerance = 0.05
	// riskTolerance is the share of the current residual risk by which a
	// candidate may exceed it and still be called risk kept.
	riskTolerance = 0.10
	// riskFloor is the change in residual risk, in expected hostile sign-ins per
	// window, that counts as none.
	riskFloor = 0.05
)

// moveOf classifies candidate b against replayed current a. Bounds are compared
// with the same assumption on both sides (Range.Change).
func moveOf(a, b ReplayedFigures) Move {
	prompts, risk := a.Prompts.Change(b.Prompts), a.Residual.Change(b.Residual)
	blocks := a.Blocks.Change(b.Blocks)
	if !prompts.Known {
		return MoveUnclear
	}
	if blocks.Known && blocks.High > promptTolerance {
		return MoveBlocks
	}
	slack := max(riskFloor, riskTolerance*a.Residual.Mid())
	less, more := prompts.High < -promptTolerance, prompts.Low > promptTolerance
	even := math.Abs(prompts.Low) <= promptTolerance && math.Abs(prompts.High) <= promptTolerance
	riskier, kept, safer := risk.Known && risk.Low > slack, risk.Known && risk.High <= slack, risk.Known && risk.High < -slack
	switch {
	case less && kept:
		return MoveBetter
	case less && riskier:
		return MoveTrade
	case safer && (more || even):
		return MoveSafer
	case even && kept:
		return MoveSame
	case more && (riskier || kept), even && riskier:
		return MoveWorse
	}
	return MoveUnclear
}

// focus is what the lead is about: one cell, and the candidate that helps it
// most, if any does.
type focus struct {
	cell *Cell // nil when there are no figures at all
	set  int   // candidate; 0 = none helps, or none was given
	move Move  // of set, when not 0
	// whole reports that cell is the total, because no cell can be ranked.
	whole bool
}

// findFocus picks the cell and candidate with the largest certain saving: first
// among moves that keep risk, then among trades. Without either it is the cell
// that pays most.
func findFocus(v *view) focus {
	cells := v.ranked
	f := focus{}
	if len(cells) == 0 {
		if v.in.People == 0 && v.in.Total.People == 0 {
			return f
		}
		cells, f.whole = []*Cell{&v.in.Total}, true
	}
	f.cell = cells[0]
	for _, want := range []Move{MoveBetter, MoveTrade} {
		best := 0.0
		for _, c := range cells {
			for _, i := range v.candidates() {
				if moveOf(c.set(0), c.set(i)) != want {
					continue
				}
				saved := -c.set(0).Prompts.Change(c.set(i).Prompts).High * float64(c.People)
				if saved > best {
					best, f.cell, f.set, f.move = saved, c, i, want
				}
			}
		}
		if f.set != 0 {
			return f
		}
	}
	return f
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
