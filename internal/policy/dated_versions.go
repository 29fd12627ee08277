package policy

import "frisk/internal/signin"

// versions turns the life of an object into versions, oldest first: equal
// neighbours are one, and what nobody saw is stood in for by what came next.
func (s *story) versions(h *history) []*object {
	s.merge()
	var out []*object
	for i := range s.contents {
		c := s.contents[i]
		if c.is == nil {
			continue
		}
		f := &Force{}
		if i > 0 {
			f.MaybeFrom, f.From = s.changes[i-1].maybe, s.changes[i-1].sure
		}
		if i < len(s.changes) {
			f.Until, f.MaybeUntil = s.changes[i].maybe, s.changes[i].sure
		}
		begin := i
		if i > 0 && !s.contents[i-1].known() { // stands in for what nobody saw
			begin, f.Assumed = i-1, f.From
			f.MaybeFrom, f.From = 0, 0
			if begin > 0 {
				f.MaybeFrom, f.From = s.changes[begin-1].maybe, s.changes[begin-1].sure
			}
		}
		if n := i + 1; n < len(s.contents) && !s.contents[n].known() && (n+1 == len(s.contents) || s.contents[n+1].absent) {
			// Changed to nobody knows what, then deleted: nothing stands in for it.
			f.MaybeUntil = never
			if n < len(s.changes) {
				f.MaybeUntil = s.changes[n].sure
			}
		}
		if begin == 0 || s.contents[begin-1].absent {
			s.origin(f, c.is, h)
		}
		if *f == (Force{}) {
			f = nil
		}
		out = append(out, c.is.version(f))
	}
	for i := range out {
		if o := out[i]; len(out) > 1 && o.policy != nil {
			o.policy.Version = i + 1
		}
	}
	return out
}

// merge joins equal neighbours. The newest of them gives name and file, the
// oldest the date of the change.
func (s *story) merge() {
	var out story
	for i, c := range s.contents {
		n := len(out.contents)
		if n == 0 || !out.contents[n-1].same(c) && (c.known() || out.contents[n-1].known()) {
			var ch change
			if i > 0 {
				ch = s.changes[i-1]
			}
			out.add(ch, c)
			continue
		}
		if c.is != nil {
			o := *c.is
			o.created, o.modified = out.contents[n-1].is.created, out.contents[n-1].is.modified
			out.contents[n-1].is = &o
		}
	}
	*s = out
}

// origin dates the first version after nothing: from its createdDateTime on,
// and standing in for what nobody saw until its modifiedDateTime.
func (s *story) origin(f *Force, o *object, h *history) {
	if o.created > f.MaybeFrom && f.From == 0 && (f.MaybeUntil == 0 || o.created < f.MaybeUntil) {
		f.MaybeFrom, f.From = o.created, o.created
	}
	known := o.modified
	if known == 0 && o.created == 0 {
		known = h.known(o)
	}
	if known > f.From && known > f.Assumed {
		f.Assumed = known
	}
}

// known is since when an object without dates of its own is known to have been
// what it is: the first export with a date that holds it, or the beginning of
// the log; 0 = neither tells.
func (h *history) known(o *object) signin.Time {
	for i := range h.looks {
		l := &h.looks[i]
		for _, p := range l.of(o.kind()) {
			if l.at != never && p.key == o.key && p.same(o) {
				return l.at
			}
		}
	}
	for i := range h.edits {
		if h.edits[i].key == o.key && h.edits[i].kind == o.kind() {
			return h.edits[0].at
		}
	}
	return 0
}

// version is a copy of the object that counts for a while.
func (o *object) version(f *Force) *object {
	c := *o
	if o.policy != nil {
		p := *o.policy
		p.Force, p.Created, p.Modified = f, o.created, o.modified
		c.policy = &p
		return &c
	}
	n := *o.location
	n.Force = f
	c.location = &n
	return &c
}
