package policy

import "frisk/internal/signin"

// editTolerance is how far a modifiedDateTime and the audit log's own time of
// the same change may lie apart. An assumption: both are written by the service
// within seconds.
const editTolerance = 5 * signin.Minute

// content is what one object was during some span: an object, known to be
// absent, or (the zero value) not known.
type content struct {
	is     *object
	absent bool
}

func (c content) known() bool { return c.is != nil || c.absent }

func (c content) same(d content) bool {
	return c.absent && d.absent || c.is != nil && d.is != nil && c.is.same(d.is)
}

// change is when one content gave way to the next: after maybe, at sure at the
// latest; exactly then where both are equal.
type change struct{ maybe, sure signin.Time }

// story is the life of one object, oldest first: contents and the changes
// between them, one fewer.
type story struct {
	contents []content
	changes  []change
}

func (s *story) add(ch change, c content) {
	if len(s.contents) > 0 {
		s.changes = append(s.changes, ch)
	}
	s.contents = append(s.contents, c)
}

// tell puts the life of one object together. seen are what the looks show of
// it, edits what the audit log says, both oldest first.
func tell(looks []look, seen []content, edits []edit) story {
	var s story
	for i := 0; i <= len(looks); i++ {
		w := window{to: never}
		if i > 0 {
			w.from, w.left = looks[i-1].at, seen[i-1]
		}
		if i < len(looks) {
			w.to, w.right = looks[i].late, seen[i]
		}
		n := 0
		for n < len(edits) && (i == len(looks) || edits[n].precedes(&looks[i], seen[i])) {
			n++
		}
		w.edits, edits = edits[:n], edits[n:]
		w.tell(&s)
	}
	return s
}

// window is the time between two looks, or before the first or after the last,
// where left or right is not known.
type window struct {
	from, to    signin.Time
	left, right content
	edits       []edit
}

// tell appends what happened in the window: the left content is in the story
// already, the right one is in it afterwards.
func (w *window) tell(s *story) {
	if len(w.edits) == 0 {
		switch {
		case !w.right.known():
		case !w.left.known():
			s.add(change{}, w.right)
		case w.left.same(w.right): // told again, for the newest name and file
			s.add(change{w.from, w.from}, w.right)
		default:
			s.add(when(w.left, w.right, w.from, w.to), w.right)
		}
		return
	}
	states := w.states()
	first := states[0]
	switch {
	case !w.left.known():
		s.add(change{}, first)
	case !first.known() || first.same(w.left):
	default: // the log begins late: something changed between the look and its first record
		s.add(when(w.left, first, w.from, w.edits[0].at), first)
	}
	for i := range w.edits {
		s.add(change{w.edits[i].at, w.edits[i].at}, states[i+1])
	}
	n := len(w.edits)
	if w.right.known() && !w.right.same(states[n]) { // and one after the last record
		s.add(when(states[n], w.right, w.edits[n-1].at, w.to), w.right)
	}
}

// states is what the object was before each edit, and after the last. An export
// is believed before the log, whose JSON is often less than whole, unless the
// dates say that a change between them was not recorded.
func (w *window) states() []content {
	n := len(w.edits)
	last := &w.edits[n-1]
	out := make([]content, n+1)
	out[n] = last.after(w.right)
	if w.right.is != nil && w.right.is.touched() <= last.at+editTolerance && !last.del {
		out[n] = w.right
	}
	for i := n - 1; i >= 0; i-- {
		out[i] = w.edits[i].until(out[i+1])
		if i > 0 && !out[i].known() {
			out[i] = w.edits[i-1].after(content{})
		}
	}
	if w.left.is != nil && (out[0].is == nil && !out[0].absent || out[0].is != nil && out[0].is.touched() <= w.from) {
		out[0] = w.left
	}
	return out
}

// touched is when the object says it was last written; 0 = it does not.
func (o *object) touched() signin.Time { return max(o.created, o.modified) }

// when is the change from one content to the next somewhere in (from, to]: at
// the newer one's modifiedDateTime, or createdDateTime where nothing was there,
// if that lies inside.
func when(old, c content, from, to signin.Time) change {
	if c.is != nil {
		t := c.is.modified
		if old.absent {
			t = c.is.created
		}
		if t > from && t <= to {
			return change{t, t}
		}
	}
	return change{from, to}
}
