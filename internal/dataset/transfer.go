package dataset

import "frisk/internal/signin"

// transfer copies rows of several runs into a buffer without decoding them to
// events: a text is looked up once per row group, not once per row.
type transfer struct {
	b     *buffer
	w     *wholeReader
	codes [signin.NumDims][]uint32 // by symbol code: buffer code, unset = not yet
	out   rowCodes
}

// forget drops the mapping of codes: the symbols or the buffer begin anew.
func (t *transfer) forget() {
	for d := range t.codes {
		t.codes[d] = t.codes[d][:0]
	}
}

// add appends a row read by t.w to the buffer, unchecked.
func (t *transfer) add(row *signin.Row) error {
	o := &t.out
	o.time, o.line, o.asn, o.port, o.enums = int64(row.Time), row.Line, row.ASN, row.Port, row.E
	for d := range o.dims {
		o.dims[d] = t.code(d, row.C[d])
	}
	f, at := t.w.of(row.Ref.Run), int64(row.Ref.Row)
	o.place = 0
	if row.Located {
		p := place{lat: row.Lat, lon: row.Lon}
		if row.Radius != 0 {
			x, ok, err := f.radius.value(at)
			if err != nil {
				return err
			}
			if ok {
				p.radius = f.radius.floats[x]
			}
		}
		o.place = t.b.spotOf(p)
	}
	for i := range o.kinds {
		id, err := f.ids[i].at(at)
		if err != nil {
			return err
		}
		o.kinds[i], o.guids[i], o.texts[i] = id.kind, id.guid, string(id.text)
	}
	o.foldIDs()
	t.b.set(t.b.n, o)
	t.b.n++
	return nil
}

// code maps a symbol code to the buffer's code of the same text.
func (t *transfer) code(d int, c signin.Code) uint32 {
	if c == 0 {
		return 0
	}
	known := t.codes[d]
	if int(c) >= len(known) {
		n := len(known)
		known = extend(known, t.w.sym[d].Len())
		for i := n; i < len(known); i++ {
			known[i] = unset
		}
		t.codes[d] = known
	}
	if known[c] == unset {
		known[c] = t.b.words[d].code(t.w.sym[d].Text(c))
	}
	return known[c]
}
