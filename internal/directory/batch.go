package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// batch is what the files of one moment hold: those without a date go straight
// to the directory, those in a folder named by a date are kept apart until
// Finish joins them.
type batch struct {
	at  moment
	dir *Directory

	memberships []membership
	assignments []membership // group = role template or instance
	pages       map[string]*paging
	// What was lost, see damage.
	damagedFiles  map[string]bool
	damagedGroups []membership
	rolesSeen     bool
	customRoles   map[string]bool // definitions the tenant made itself, by lower-case id
	rolesOpen     bool            // some role's holders are not all listed
}

func newBatch(at moment, d *Directory) *batch {
	return &batch{at: at, dir: d, pages: map[string]*paging{}, damagedFiles: map[string]bool{}}
}

func (l *Loader) batchAt(m moment) *batch {
	b := l.batches[m]
	if b == nil {
		b = newBatch(m, New())
		b.dir.parent = l.root
		l.batches[m] = b
	}
	return b
}

// borrow lets the current batch resolve names by the people, groups and role
// templates that other exports hold and its own do not: a member list of May
// may name people by user principal name while the users were exported in June.
func (l *Loader) borrow() {
	if len(l.batches) == 1 {
		return
	}
	d := l.dir
	own := func(m map[string]string, k, id string) {
		if _, ok := m[k]; !ok && k != "" {
			m[k] = id
		}
	}
	names := map[string]bool{}
	for _, g := range d.groups {
		names[strings.ToLower(g.DisplayName)] = true
	}
	others := slices.SortedFunc(maps.Keys(l.batches), func(a, b moment) int {
		return cmp.Or(cmp.Compare(distance(a, l.at), distance(b, l.at)), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for _, m := range others {
		other := l.batches[m].dir
		if other == d {
			continue
		}
		for _, id := range sortedKeys(other.byUPN) {
			own(d.byUPN, id, other.byUPN[id])
		}
		for _, id := range sortedKeys(other.byMail) {
			own(d.byMail, id, other.byMail[id])
		}
		for _, g := range other.Groups() {
			if n := strings.ToLower(g.DisplayName); d.groups[g.ID] == nil && n != "" && !names[n] {
				names[n] = true
				d.AddGroup(Group{ID: g.ID, DisplayName: g.DisplayName})
			}
		}
		for _, id := range sortedKeys(other.templates) {
			own(d.templates, id, other.templates[id])
		}
	}
}

func distance(a, b moment) uint64 {
	if a.from > b.from {
		a, b = b, a
	}
	return uint64(b.from - a.from) //nolint:gosec // b is not before a
}
