package dataset

import (
	"frisk/internal/signin"
)

// fill reads the next len(rows) rows of the column into rows.
func (c *colReader) fill(rows []signin.Row) error {
	for len(rows) > 0 {
		k, chunk, err := c.avail(len(rows))
		if err != nil {
			return err
		}
		part := rows[:k]
		switch {
		case chunk:
			c.advance(k, c.put(part))
			c.wrote = true
		default:
			if c.wrote {
				c.zero(part)
			}
			c.row += int64(k)
		}
		rows = rows[k:]
	}
	return nil
}

// put writes one piece of a page and returns the number of values read.
func (c *colReader) put(rows []signin.Row) int {
	idx := c.idx[c.val:]
	var defs []byte
	if c.defs != nil {
		defs = c.defs[c.pos : c.pos+len(rows)]
	}
	switch c.kind {
	case colText:
		return c.putText(rows, idx, defs)
	case colEnum:
		return c.putEnum(rows, idx, defs)
	case colTime:
		for i, v := range c.ints[c.val : c.val+len(rows)] {
			rows[i].Time = signin.Time(v)
		}
		return len(rows)
	}
	return c.putOther(rows, idx, defs)
}

func (c *colReader) putText(rows []signin.Row, idx []int32, defs []byte) int {
	d, codes := c.n, c.codes
	if defs == nil {
		idx = idx[:len(rows)]
		for i, x := range idx {
			code := codes[x]
			if code == unset {
				code = c.lookUp(x)
			}
			rows[i].C[d] = signin.Code(code)
		}
		return len(rows)
	}
	v := 0
	for i := range rows {
		if defs[i] == 0 {
			rows[i].C[d] = 0
			continue
		}
		x := idx[v]
		v++
		code := codes[x]
		if code == unset {
			code = c.lookUp(x)
		}
		rows[i].C[d] = signin.Code(code)
	}
	return v
}

func (c *colReader) putEnum(rows []signin.Row, idx []int32, defs []byte) int {
	e, codes := c.n, c.codes
	if defs == nil {
		idx = idx[:len(rows)]
		for i, x := range idx {
			code := codes[x]
			if code == unset {
				code = c.lookUp(x)
			}
			rows[i].E[e] = uint8(code) //nolint:gosec // enums have under 256 values
		}
		return len(rows)
	}
	v := 0
	for i := range rows {
		if defs[i] == 0 {
			rows[i].E[e] = 0
			continue
		}
		x := idx[v]
		v++
		code := codes[x]
		if code == unset {
			code = c.lookUp(x)
		}
		rows[i].E[e] = uint8(code) //nolint:gosec // enums have under 256 values
	}
	return v
}

// putOther writes the columns that few engines read.
func (c *colReader) putOther(rows []signin.Row, idx []int32, defs []byte) int {
	v := 0
	for i := range rows {
		r := &rows[i]
		if defs != nil && defs[i] == 0 {
			c.putNull(r)
			continue
		}
		x := idx[v]
		v++
		switch c.kind {
		case colASN:
			r.ASN = uint32(c.ints[x]) //nolint:gosec // written from one
		case colPort:
			r.Port = uint16(c.ints[x]) //nolint:gosec // written from one
		case colLine:
			r.Line = c.ints[x]
		case colLat:
			r.Lat, r.Located = c.floats[x], true
		case colLon:
			r.Lon = c.floats[x]
		case colRadius:
			r.Radius = float32(c.floats[x])
		case colID:
			*idField(r, c.n) = signin.GUIDHash(signin.GUID(c.bytes[16*x : 16*x+16]))
		case colIDText:
			*idField(r, c.n) = signin.IDHash(string(c.bytes[c.ends[x]:c.ends[x+1]]))
		}
	}
	return v
}

// putNull writes "the log did not say". The text column of an identifier is
// read after the 16 bytes and leaves them alone.
func (c *colReader) putNull(r *signin.Row) {
	switch c.kind {
	case colText:
		r.C[c.n] = 0
	case colEnum:
		r.E[c.n] = 0
	case colASN:
		r.ASN = 0
	case colPort:
		r.Port = 0
	case colLine:
		r.Line = 0
	case colLat:
		r.Lat, r.Located = 0, false
	case colLon:
		r.Lon = 0
	case colRadius:
		r.Radius = 0
	case colID:
		*idField(r, c.n) = 0
	}
}

func (c *colReader) zero(rows []signin.Row) {
	for i := range rows {
		c.putNull(&rows[i])
	}
}

// locate reads only whether there is a position, for readers that do not ask
// for the place itself.
func (c *colReader) locate(rows []signin.Row) error {
	for len(rows) > 0 {
		k, chunk, err := c.avail(len(rows))
		if err != nil {
			return err
		}
		if !chunk {
			for i := range k {
				rows[i].Located = false
			}
			c.row += int64(k)
			rows = rows[k:]
			continue
		}
		v := 0
		for i := range k {
			ok := c.defs == nil || c.defs[c.pos+i] != 0
			rows[i].Located = ok
			if ok {
				v++
			}
		}
		c.advance(k, v)
		rows = rows[k:]
	}
	return nil
}

// copies completes identifiers that repeat the event id, after the columns of
// identifiers were read.
func (c *colReader) copies(rows []signin.Row) error {
	for len(rows) > 0 {
		k, chunk, err := c.avail(len(rows))
		if err != nil {
			return err
		}
		if !chunk {
			c.row += int64(k)
			rows = rows[k:]
			continue
		}
		v := 0
		for i := range k {
			if c.defs != nil && c.defs[c.pos+i] == 0 {
				continue
			}
			bits := c.ints[c.idx[c.val+v]]
			v++
			r := &rows[i]
			for id := 1; id < signin.NumIDs; id++ {
				if bits&(1<<id) != 0 {
					*idField(r, id) = r.ID
				}
			}
		}
		c.advance(k, v)
		rows = rows[k:]
	}
	return nil
}

func idField(r *signin.Row, id int) *uint64 {
	switch id {
	case signin.IDEvent:
		return &r.ID
	case signin.IDCorrelation:
		return &r.Correlation
	case signin.IDOriginal:
		return &r.Original
	case signin.IDSession:
		return &r.Session
	case signin.IDToken:
		return &r.Token
	}
	panic("dataset: signin.Row has no field for this identifier")
}
