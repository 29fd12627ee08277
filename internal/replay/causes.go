package replay

import (
	"cmp"
	"strings"

	"frisk/internal/policy"
)

// Clauses of a policy as indexes.
const (
	clauseGrant = iota
	clauseFrequency
	numClauses
)

var clauseNames = [numClauses]string{ClauseGrant, ClauseFrequency}

// causeCount adds up one clause of one policy in one cell. Weights are rounded
// to a multiple of a power of two, so that sums do not depend on the order.
type causeCount struct {
	prompts Bounds
	attacks float64
}

func (w *Worker) cause0(cell int32, n, clause int) *causeCount {
	return &w.causes[(int(cell)*len(w.sets[0].plans)+n)*numClauses+clause]
}

// blameCells counts a prompt of current for the clauses behind it, in the cells
// of the row at hand. The grant is named before the frequency: were the
// frequency gone, it would ask all the same.
func (w *Worker) blameCells(side int, ask policy.Controls, by policy.Mask) {
	s := w.sets[0]
	ask &^= policy.ControlFrequency
	for n := range by.All() {
		p := &s.plans[n]
		if !p.enforced {
			continue
		}
		clause := clauseGrant
		if p.control&ask == 0 {
			clause = clauseFrequency
		}
		for _, part := range w.cells.parts {
			w.cause0(part.cell, n, clause).prompts.add(side, quantum(part.weight))
		}
	}
}

// stopCells credits the policies of current that challenge or block the attack
// row at hand for certain.
func (w *Worker) stopCells() {
	s := w.sets[0]
	for n := range s.lo.Prompts.Or(s.lo.Blocks).All() {
		if !s.plans[n].enforced {
			continue
		}
		for _, part := range w.cells.parts {
			w.cause0(part.cell, n, clauseGrant).attacks += quantum(part.weight)
		}
	}
}

// flushCauses moves the worker's counts into its tally.
func (w *Worker) flushCauses() {
	found := []Cause{}
	for i := range w.causes {
		c := &w.causes[i]
		if *c == (causeCount{}) {
			continue
		}
		clause, rest := i%numClauses, i/numClauses
		n := rest % len(w.sets[0].plans)
		x := Cause{Cell: w.cellOf(rest / len(w.sets[0].plans)), Policy: n, Clause: clauseNames[clause], Prompts: c.prompts, Attacks: c.attacks}
		// In one cell the two worlds may have swapped; the order is taken when read.
		found = append(found, x)
		*c = causeCount{}
	}
	w.tally.Causes = mergeCauses(w.tally.Causes, found)
}

func (w *Worker) cellOf(n int) Cell {
	c := Cell{Workspace: w.tally.column(n % w.cells.width())}
	if g := n / w.cells.width(); g > 0 {
		c.Group = w.cfg.Groups[g-1]
	}
	return c
}

func compareCells(a, b Cell) int {
	return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Workspace, b.Workspace))
}

func compareCauses(a, b Cause) int {
	return cmp.Or(compareCells(a.Cell, b.Cell), cmp.Compare(a.Policy, b.Policy), strings.Compare(a.Clause, b.Clause))
}

// mergeCauses adds two lists up.
func mergeCauses(a, b []Cause) []Cause {
	return sumEqual(a, b, compareCauses, func(x *Cause, y Cause) {
		x.Prompts.sum(y.Prompts)
		x.Attacks += y.Attacks
	})
}
