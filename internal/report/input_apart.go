package report

// ExcludedFigures are the people of a cell whom an exclusion spared a policy that
// would have asked something of them, at one sign-in at least. The log holds no
// prompts of that policy for them, so their history says nothing of its friction:
// they are in no other figure of the cell's friction, and stand here.
type ExcludedFigures struct {
	People int
	// Partly are those of them of whom some sign-ins in the cell were not spared.
	Partly  int
	SignIns float64
	Spared  float64 // sign-ins from which an exclusion spared them
	Prompts Range   // recorded, of what still asks them, per person and week
	// Sets are the prompts and blocks of each set, per person and week, in the order
	// of Input.Sets. They are modelled, not measured.
	Sets []ExcludedSet
}

// ExcludedSet is what one set would do to the excluded people of a cell.
type ExcludedSet struct{ Prompts, Blocks Range }

// set is the figures of set i, unknown when it was not replayed.
func (e *ExcludedFigures) set(i int) ExcludedSet {
	if i < len(e.Sets) {
		return e.Sets[i]
	}
	return ExcludedSet{}
}

// Placed says how the sign-ins of a cell came to be in its workspace.
type Placed struct {
	// Tiers are the shares of the sign-ins by confidence, strongest first (exact,
	// strong, weak, candidate), adding up to 1; nil where nothing was attributed.
	Tiers []Share
	// Unknown is the share of sign-ins to workspaces, by the people of the same
	// group, whose workspace cannot be told: what may be missing from the figure.
	Unknown Range
}

// tier is the share of one tier.
func (p *Placed) tier(name string) Range {
	if len(p.Tiers) == 0 {
		return Range{}
	}
	for _, t := range p.Tiers {
		if t.Name == name {
			return Exact(t.Share)
		}
	}
	return Exact(0)
}
