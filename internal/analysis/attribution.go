package analysis

import (
	"frisk/internal/directory"
	"frisk/internal/signin"
)

// shares says which workspaces the rows of one account belong to. Both the replay
// and the table for SQL ask about each row, and finding out is among the dearer
// things done with a row, so it is done once.
type shares struct {
	of   *directory.Attributor
	rows []signin.Row
	ends []int32 // by row: where its shares end; none = other work
	all  []directory.Share
	next int // the row asked about next, mostly
}

// otherWork is the answer for a row of no workspace.
var otherWork = []directory.Share{{Workspace: directory.OtherWork, Weight: 1}}

// account works out the shares of an account's rows and keeps those with a
// workspace in out.
func (p *shares) account(rows []signin.Row, sym *signin.Symbols, out []attributed) []attributed {
	p.rows, p.next = rows, 0
	p.ends, p.all = p.ends[:0], p.all[:0]
	for i := range rows {
		s := p.of.Attribute(&rows[i], sym)
		if len(s) != 1 || s[0] != otherWork[0] {
			p.all = append(p.all, s...)
			for _, one := range s {
				if one.Workspace != directory.OtherWork {
					out = append(out, attributed{rows[i].Ref, one})
				}
			}
		}
		p.ends = append(p.ends, int32(len(p.all))) //nolint:gosec // rows of one account
	}
	return out
}

// Attribute answers for a row of the account at hand, as directory.Attributor
// does. Rows are asked about in their order, with gaps; what is asked again later
// is worked out again.
func (p *shares) Attribute(row *signin.Row, sym *signin.Symbols) []directory.Share {
	for i := p.next; i < len(p.rows) && p.rows[i].Time <= row.Time; i++ {
		if &p.rows[i] != row {
			continue
		}
		p.next = i + 1
		from := int32(0)
		if i > 0 {
			from = p.ends[i-1]
		}
		if from == p.ends[i] {
			return otherWork
		}
		return p.all[from:p.ends[i]]
	}
	return p.of.Attribute(row, sym)
}
