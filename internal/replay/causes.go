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

// causes adds up clauses of the policies of set 0, by cell, policy and clause: of
// the person at hand, whose two worlds are put in order at the end, and of all.
type causes struct {
	policies int
	mine     []causeCount
	all      []causeCount
	touched  []int32
}

func newCauses(cells, policies int) causes {
	n := cells * policies * numClauses
	return causes{policies: policies, mine: make([]causeCount, n), all: make([]causeCount, n)}
}

func (c *causes) at(cell int32, n, clause int) *causeCount {
	i := (int(cell)*c.policies+n)*numClauses + clause
	x := &c.mine[i]
	if *x == (causeCount{}) {
		c.touched = append(c.touched, int32(i)) //nolint:gosec // the table is in memory
	}
	return x
}

// close adds the account at hand to all; its prompts only where they are friction
// that a cell counts: who is excluded is kept apart.
func (c *causes) close(counted bool) {
	for _, i := range c.touched {
		m, all := &c.mine[i], &c.all[i]
		if counted {
			m.prompts.order()
			all.prompts.sum(m.prompts)
		}
		all.attacks += m.attacks
		*m = causeCount{}
	}
	c.touched = c.touched[:0]
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
			w.causes.at(part.cell, n, clause).prompts.add(side, quantum(part.weight))
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
			w.causes.at(part.cell, n, clauseGrant).attacks += quantum(part.weight)
		}
	}
}

// flushCauses moves the worker's counts into its tally.
func (w *Worker) flushCauses() {
	found := []Cause{}
	for i := range w.causes.all {
		c := &w.causes.all[i]
		if *c == (causeCount{}) {
			continue
		}
		clause, rest := i%numClauses, i/numClauses
		n := rest % w.causes.policies
		found = append(found, Cause{
			Cell: w.cellOf(rest / w.causes.policies), Policy: n, Clause: clauseNames[clause],
			Prompts: c.prompts, Attacks: c.attacks,
		})
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
