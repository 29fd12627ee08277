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
	switch {
	case !blocks.Known || blocks.High <= promptTolerance:
	case blocks.Low > promptTolerance:
		return MoveBlocks
	default:
		return MoveUnclear // perhaps it blocks people
	}
	slack := riskSlack(a.Residual)
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

// riskSlack is the change of residual risk that counts as none.
func riskSlack(now Range) float64 { return max(riskFloor, riskTolerance*now.Mid()) }
