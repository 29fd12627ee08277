package policy

import (
	"fmt"
	"slices"
)

// loadDated reads the exports of every shelf and puts the versions together.
// What l holds is the export without a date: the newest look.
func (l *loader) loadDated(shelves []shelf) (*Set, error) {
	dated := 0
	for i := range shelves {
		l.notices = append(l.notices, shelves[i].notices()...)
		dated += len(shelves[i].looks)
	}
	if dated == 0 {
		return l.done(), nil
	}
	out := &Set{Name: l.set.Name, LocationsKnown: l.set.LocationsKnown}
	h := history{}
	var notices []Notice
	var from [2]string // the shelf that holds a kind
	for _, s := range shelves {
		for _, k := range s.looks {
			one := newLoader(l.set.Name)
			one.lenient = l.lenient
			if err := one.path(k.folder); err != nil {
				return nil, fmt.Errorf("load the export of %s: %w", k.at, err)
			}
			k.take(one.done())
			for _, kind := range []objectKind{aPolicy, aLocation} {
				if len(k.of(kind)) == 0 {
					continue
				}
				if from[kind] != "" && from[kind] != s.root {
					return nil, fmt.Errorf("load policies %q: the folders by date %q and %q both hold %s; keep the exports of a tenant in one folder",
						l.set.Name, from[kind], s.root, [...]string{"policies", "named locations"}[kind])
				}
				from[kind] = s.root
			}
			h.looks = append(h.looks, k)
			notices = append(notices, one.notices...)
			out.LocationsKnown = out.LocationsKnown || one.set.LocationsKnown
		}
	}
	now := look{at: never, late: never}
	now.take(l.done())
	slices.SortStableFunc(h.looks, byInstant)
	h.looks = append(h.looks, now)
	h.write(out, false)
	out.Notices = once(append(notices, l.notices...))
	return out, nil
}

func (l *look) take(s *Set) { l.policies, l.locations = objects(s, s.raw) }

// once keeps the last of notices that say the same of the same policy: an
// export per day repeats what the day before said.
func once(list []Notice) []Notice {
	type said struct{ code, policy, message string }
	seen := map[said]bool{}
	var out []Notice
	for _, n := range slices.Backward(list) {
		k := said{n.Code, n.Policy, n.Message}
		if !seen[k] {
			seen[k] = true
			out = append(out, n)
		}
	}
	slices.Reverse(out)
	return out
}
