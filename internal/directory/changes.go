package directory

import (
	"cmp"
	"slices"

	"frisk/internal/signin"
)

// MemberChange is one entry of the directory audit log about a group's list:
// somebody, or a nested group, was added or taken out.
type MemberChange struct {
	At     signin.Time
	Group  string // id, lower case
	Member string // object id of a person or group, lower case
	Joined bool
	By     string // who did it: user principal name or app name; "" = the log does not say
	File   string
	Line   int64
}

// AddMemberChangeBy is AddMemberChange with who did it and where it is written.
func (d *Directory) AddMemberChangeBy(c MemberChange) {
	c.Group, c.Member = key(c.Group), key(c.Member)
	d.AddMemberChange(c.Group, c.Member, c.At, c.Joined)
	if c.Group == "" || c.Member == "" || c.At <= 0 {
		return
	}
	if d.changes == nil {
		d.changes = map[string][]MemberChange{}
	}
	d.changes[c.Group] = append(d.changes[c.Group], c)
}

// MemberChanges lists what the audit log says of the group's own list, oldest
// first; changes of groups nested in it are theirs (see Within). A change that
// two services logged within five minutes comes once, with the name of a person
// where one of them has it. The slice is the caller's.
func (d *Directory) MemberChanges(groupID string) []MemberChange {
	if d == nil {
		return nil
	}
	all := slices.Clone(d.changes[key(groupID)])
	slices.SortFunc(all, func(a, b MemberChange) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Member, b.Member), cmp.Compare(a.By, b.By), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	last := map[string]int{} // member -> place in out
	out := all[:0]
	for _, c := range all {
		i, seen := last[c.Member]
		if seen && out[i].Joined == c.Joined && c.At-out[i].At <= sameChange {
			if d.UserByName(out[i].By) == "" && d.UserByName(c.By) != "" {
				out[i].By = c.By
			}
			continue
		}
		last[c.Member] = len(out)
		out = append(out, c)
	}
	return out
}

// Within lists the group and all groups that were ever nested in it, by id:
// whoever joins one of them joins the group.
func (d *Directory) Within(groupID string) []string {
	if d == nil {
		return nil
	}
	return sortedKeys(d.everWithin(key(groupID)))
}

// Members lists the people who were in the group for certain at a time,
// directly or nested, by id. It says nothing of those it leaves out: ask Whole.
func (d *Directory) Members(groupID string, at signin.Time) []string {
	if d == nil {
		return nil
	}
	group := key(groupID)
	var out []string
	for _, id := range sortedKeys(d.transitive) {
		if holds(d.transitive[id][group], at) {
			out = append(out, id)
		}
	}
	return out
}

// Whole reports whether the group's list was exported completely, nested
// groups too, so that Members misses nobody.
func (d *Directory) Whole(groupID string) bool { return d != nil && d.closed[key(groupID)] }

// HasMemberChanges reports whether an audit log told of any group's changes.
func (d *Directory) HasMemberChanges() bool { return d != nil && len(d.changes) > 0 }
