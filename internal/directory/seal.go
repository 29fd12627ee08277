package directory

import (
	"maps"
	"slices"
)

// edges are the direct members of groups (or the holders of roles): left ->
// right -> spans.
type edges = map[string]map[string][]span

// Seal expands nested groups, gives the members of role-holding groups their
// roles, and adds the workspaces that only the activity log names. Call it
// after the last Add and before the first query; calling it again after more
// Adds starts over. Cycles of groups are followed once.
func (d *Directory) Seal() {
	direct, open := d.settleMembers()
	d.transitive, d.maybe = d.expandAll(direct), nil
	if open != nil {
		d.maybe = d.expandAll(open)
	}
	d.closed = map[string]bool{}
	for g, v := range d.groups {
		d.closed[g] = v.Complete && (d.expanded(v) || d.nestedComplete(g, map[string]bool{g: true}))
	}
	d.sealRoles()
	d.sealRisk()
	d.discover()
}

// expanded reports whether every whole list of the group was transitive, so that
// groups in it need no list of their own.
func (d *Directory) expanded(g *Group) bool {
	return g.Transitive && !d.listedDirect[g.ID] && !d.regrouped(g.ID)
}

// nestedComplete reports whether every group nested in g was listed completely.
func (d *Directory) nestedComplete(g string, seen map[string]bool) bool {
	whole := func(id string) bool {
		nested := d.groups[id]
		if nested == nil || seen[id] {
			return true
		}
		seen[id] = true
		return nested.Complete && (d.expanded(nested) || d.nestedComplete(id, seen))
	}
	for id := range d.members[g] {
		if !whole(id) {
			return false
		}
	}
	for _, l := range d.past.groups[g] {
		for id := range l.has {
			if !whole(id) {
				return false
			}
		}
	}
	for id := range d.past.members[g] {
		if !whole(id) {
			return false
		}
	}
	return true
}

func (d *Directory) expandAll(direct edges) edges {
	out := edges{}
	for _, g := range slices.Sorted(maps.Keys(direct)) {
		x := &expansion{direct: direct, out: out, root: g, path: map[string]bool{g: true}, done: map[groupSpan]bool{}}
		d.expand(x, g, span{})
	}
	return out
}

// expansion is the walk from one group down to its members. A group on the path
// is not entered again (a cycle adds nobody), nor is one that was expanded for
// the same period before, or diamonds of groups would cost exponential time.
type expansion struct {
	direct, out edges
	root        string
	path        map[string]bool
	done        map[groupSpan]bool
}

type groupSpan struct {
	group  string
	within span
}

func (d *Directory) expand(x *expansion, group string, within span) {
	for _, id := range slices.Sorted(maps.Keys(x.direct[group])) {
		for _, s := range x.direct[group][id] {
			in, ok := intersect(within, s)
			switch {
			case !ok:
			case !d.isGroup(id):
				addSpan(x.out, id, x.root, in)
			case !x.path[id] && !x.done[groupSpan{id, in}]:
				x.done[groupSpan{id, in}] = true
				x.path[id] = true
				d.expand(x, id, in)
				delete(x.path, id)
			}
		}
	}
}

func (d *Directory) isGroup(id string) bool {
	if d.users[id] != nil {
		return false
	}
	_, listed := d.members[id]
	return listed || d.groups[id] != nil
}

// holder is a group that holds a role while its members are not all known.
type holder struct {
	group string
	spans []span
}

// sealRoles hands the roles of groups to the members, and keeps the groups
// whose other members may hold the role too.
func (d *Directory) sealRoles() {
	direct, open := d.settleRoles()
	d.roles, d.maybeRoles = d.handOut(direct, d.transitive), nil
	if open != nil || d.maybe != nil {
		d.maybeRoles = d.handOut(orElse(open, direct), orElse(d.maybe, d.transitive))
	}
	d.openRoles = map[string][]holder{}
	for role, holders := range orElse(open, direct) {
		for _, who := range sortedKeys(holders) {
			if d.isGroup(who) && !d.closed[who] {
				d.openRoles[role] = append(d.openRoles[role], holder{who, holders[who]})
			}
		}
	}
}

func orElse(a, b edges) edges {
	if a != nil {
		return a
	}
	return b
}

// handOut gives the holders of roles, and the members of groups that hold
// them, their roles: user -> role -> spans.
func (d *Directory) handOut(holders, members edges) edges {
	out, held := edges{}, edges{} // held: group -> role -> spans
	for role, who := range holders {
		for id, spans := range who {
			to := out
			if d.isGroup(id) {
				to = held
			}
			for _, s := range spans {
				addSpan(to, id, role, s)
			}
		}
	}
	if len(held) == 0 {
		return out
	}
	for user, groups := range members {
		for g, in := range groups {
			for role, spans := range held[g] {
				for _, a := range in {
					for _, b := range spans {
						if s, ok := intersect(a, b); ok {
							addSpan(out, user, role, s)
						}
					}
				}
			}
		}
	}
	return out
}

func intersect(a, b span) (span, bool) {
	out := span{From: max(a.From, b.From), Until: a.Until}
	if out.Until == 0 || (b.Until != 0 && b.Until < out.Until) {
		out.Until = b.Until
	}
	return out, out.Until == 0 || out.From < out.Until
}
