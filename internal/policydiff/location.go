package policydiff

import (
	"net/netip"
	"slices"
	"strings"

	"frisk/internal/policy"

	"go4.org/netipx"
)

func (d *differ) locations() {
	pairs, removed := match(d.a.Locations, d.b.Locations, func(l *policy.NamedLocation) (string, string) { return l.ID, l.Name })
	for i, q := range d.b.Locations {
		item := Item{What: "location", Name: q.Name, ID: q.ID}
		c := &changes{}
		if p := pairs[i]; p != nil {
			d.location(c, p, q)
		} else {
			c.add("added", NoEffect, "added")
		}
		if item.Changes = c.list; len(c.list) > 0 {
			d.out.Items = append(d.out.Items, item)
		}
	}
	for _, p := range removed {
		e := NoEffect
		if in, out := uses(d.a, p); in+out > 0 {
			e = Different
		}
		d.out.Items = append(d.out.Items, Item{What: "location", Name: p.Name, ID: p.ID, Changes: []Change{{"removed", e, "removed"}}})
	}
}

func (d *differ) location(c *changes, p, q *policy.NamedLocation) {
	in, out := uses(d.b, q)
	wider, narrower := effects(in, out)
	if p.Name != q.Name {
		c.add("name", NoEffect, "renamed, was "+p.Name)
	}
	if p.Trusted != q.Trusted {
		text := "is no longer trusted"
		if q.Trusted {
			text = "is now trusted"
		}
		c.add("trust", Different, text)
	}
	a, b := ipSet(p), ipSet(q)
	for _, r := range minus(b, a) {
		c.add("range", wider, r.String()+" added")
	}
	for _, r := range minus(a, b) {
		c.add("range", narrower, r.String()+" removed")
	}
	added, gone := lists(p.Countries, q.Countries)
	if len(added) > 0 {
		c.add("countries", wider, strings.Join(added, ", ")+" added")
	}
	if len(gone) > 0 {
		c.add("countries", narrower, strings.Join(gone, ", ")+" removed")
	}
	if p.IncludeUnknown != q.IncludeUnknown {
		if q.IncludeUnknown {
			c.add("countries", wider, "addresses of unknown country are now in it")
		} else {
			c.add("countries", narrower, "addresses of unknown country are no longer in it")
		}
	}
	if p.GPS != q.GPS {
		c.add("countries", Different, "the way the country is found changes (address, or position of the phone)")
	}
}

// uses counts the enabled policies that include and that exclude a location.
func uses(s *policy.Set, l *policy.NamedLocation) (in, out int) {
	has := func(list []string) bool {
		return slices.Contains(list, l.ID) || l.Trusted && slices.Contains(list, "alltrusted")
	}
	for _, p := range s.Policies {
		if p.State != policy.Enabled || p.Locations == nil {
			continue
		}
		if has(p.Locations.Include) {
			in++
		}
		if has(p.Locations.Exclude) {
			out++
		}
	}
	return in, out
}

// effects are those of a wider and of a narrower location: one that policies
// exclude frees whom it takes in.
func effects(in, out int) (wider, narrower Effect) {
	switch {
	case in == 0 && out == 0:
		return NoEffect, NoEffect
	case out == 0:
		return Stricter, Looser
	case in == 0:
		return Looser, Stricter
	}
	return Different, Different
}

func ipSet(l *policy.NamedLocation) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, text := range l.Ranges {
		if r, err := netip.ParsePrefix(text); err == nil { // the reader has left out what does not parse
			b.AddPrefix(r.Masked())
		}
	}
	s, err := b.IPSet()
	if err != nil {
		return &netipx.IPSet{}
	}
	return s
}

// minus is what a has and b has not.
func minus(a, b *netipx.IPSet) []netip.Prefix {
	var s netipx.IPSetBuilder
	s.AddSet(a)
	s.RemoveSet(b)
	out, err := s.IPSet()
	if err != nil {
		return nil
	}
	return out.Prefixes()
}
