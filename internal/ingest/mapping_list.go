package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// mapList maps the elements of a list, each a record of its own: the first into
// ev, the others beside it. A bad one is the record's error only when it is the
// first; another is counted as such by its emptiness (Validate refuses it).
func (m *Mapping) mapList(c *mapCall, list val, ev *signin.Event) (string, error) {
	n := 0
	other, err := "an empty list", error(nil)
	for e := range list.elems() {
		one := signin.Event{Provider: ev.Provider, Raw: ev.Raw}
		c.ev = &one
		get := func(p string) string { return jsonText(e, p) }
		o, oerr := "", error(nil)
		if e.kind() != '{' {
			oerr = errRecord
		} else {
			c.t.see(e)
			o, oerr = m.mapRow(c, []byte(listID(e)), get)
		}
		switch {
		case n == 0:
			*ev, other, err = one, o, oerr
		case oerr != nil:
			c.t.emit(&signin.Event{Provider: ev.Provider}) // no time, no person: quarantined with the record
		case o != "":
			c.t.alsoOther(o)
		default:
			c.t.emit(&one)
		}
		n++
	}
	return other, err
}

// listID is what the id of an element without one is made from.
func listID(e val) string {
	var b strings.Builder
	for k, v := range e.members() {
		b.WriteString(k)
		b.WriteByte(0)
		b.WriteString(jsonText(v, ""))
		b.WriteByte(0)
	}
	return b.String()
}
