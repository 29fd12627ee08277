package replay

import (
	"slices"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// Columns of the dense cell table of one person: workspaces follow.
const (
	allWork = iota
	unknownWork
	otherWork
	firstWorkspace
)

// part is one cell's share of a row.
type part struct {
	cell   int32
	weight float64
}

// cells adds up one person's figures per group and workspace. The table is
// dense and reused; only touched cells are kept.
type cells struct {
	groups     int // those asked for, without "everybody"
	workspaces int
	sets       int
	table      []PersonCell
	touched    []int32
	parts      []part
	tiers      [5]float64 // of the row at hand

	member  []int // group numbers the person is in now
	until   signin.Time
	unknown []bool // groups whose membership of this person is not known
	changes []signin.Time
}

func newCells(groups, workspaces, sets int) cells {
	c := cells{groups: groups, workspaces: workspaces, sets: sets}
	c.table = make([]PersonCell, (groups+1)*(workspaces+firstWorkspace))
	for i := range c.table {
		c.table[i].Sets = make([]Outcome, sets)
	}
	c.unknown = make([]bool, groups)
	return c
}

func (c *cells) width() int { return c.workspaces + firstWorkspace }

// begin starts a person.
func (c *cells) begin(dir *directory.Directory, user string) {
	for _, n := range c.touched {
		sets := c.table[n].Sets
		clear(sets)
		c.table[n] = PersonCell{Sets: sets}
	}
	c.touched = c.touched[:0]
	c.until = signin.Earliest
	clear(c.unknown)
	c.changes = nil
	if c.groups > 0 {
		c.changes = dir.Changes(user)
	}
}

// join brings the person's groups up to date for time t.
func (c *cells) join(dir *directory.Directory, user string, ids []string, t signin.Time) {
	if c.groups == 0 || t < c.until {
		return
	}
	c.until = signin.Latest
	if n, _ := slices.BinarySearch(c.changes, t+1); n < len(c.changes) {
		c.until = c.changes[n]
	}
	c.member = c.member[:0]
	for g, id := range ids {
		switch dir.Member(user, id, t) {
		case signin.True:
			c.member = append(c.member, g)
		case signin.Unknown:
			c.unknown[g] = true
		}
	}
}

// split fills parts with the cells a row counts in. A person in two groups
// counts in both; a row shared by workspaces is split by share, and counts once
// in each group's column of all work.
func (c *cells) split(shares []directory.Share) {
	c.parts = c.parts[:0]
	c.tiers = [5]float64{}
	c.row(0, shares)
	for _, g := range c.member {
		c.row(g+1, shares)
	}
	for _, s := range shares {
		c.tiers[s.Tier] += s.Weight
	}
}

func (c *cells) row(group int, shares []directory.Share) {
	base := group * c.width()
	c.add(base+allWork, 1)
	for _, s := range shares {
		switch s.Workspace {
		case directory.UnknownWorkspace:
			c.add(base+unknownWork, s.Weight)
		case directory.OtherWork:
			c.add(base+otherWork, s.Weight)
		default:
			c.add(base+firstWorkspace+s.Workspace, s.Weight)
		}
	}
}

func (c *cells) add(cell int, weight float64) {
	c.parts = append(c.parts, part{int32(cell), weight}) //nolint:gosec // the table is in memory
	t := &c.table[cell]
	if t.Person == "" {
		// Any mark will do until the person's key is put in at the end.
		t.Person = "\x00"
		c.touched = append(c.touched, int32(cell)) //nolint:gosec // same
	}
}
