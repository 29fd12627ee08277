package dataset

import (
	"frisk/internal/signin"
)

// idReader reads one identifier of single rows. Rows in ascending order cost a
// page each at most.
type idReader struct {
	guid, text *colReader
	copies     *colReader // nil for the event id itself
	bit        int64
	event      *idReader // opened when a row repeats the event id
	run        *runFile
}

func newIDReader(run *runFile, id int) *idReader {
	r := &idReader{run: run, bit: 1 << id}
	for i := range columns {
		if columns[i].kind == colCopies && id != signin.IDEvent {
			r.copies = newColReader(run, i, nil)
		}
		if columns[i].n != id {
			continue
		}
		switch columns[i].kind {
		case colID:
			r.guid = newColReader(run, i, nil)
		case colIDText:
			r.text = newColReader(run, i, nil)
		}
	}
	return r
}

func (r *idReader) close() {
	r.guid.close()
	r.text.close()
	if r.copies != nil {
		r.copies.close()
	}
	if r.event != nil {
		r.event.close()
	}
}

// at is the identifier of a row. Its text is valid until the next call.
func (r *idReader) at(row int64) (identifier, error) {
	x, ok, err := r.guid.value(row)
	if err != nil {
		return identifier{}, err
	}
	if ok {
		return identifier{kind: idGUID, guid: signin.GUID(r.guid.bytes[16*x : 16*x+16])}, nil
	}
	x, ok, err = r.text.value(row)
	if err != nil {
		return identifier{}, err
	}
	if ok {
		return identifier{kind: idText, text: r.text.bytes[r.text.ends[x]:r.text.ends[x+1]]}, nil
	}
	if r.copies == nil {
		return identifier{}, nil
	}
	x, ok, err = r.copies.value(row)
	if err != nil || !ok || r.copies.ints[x]&r.bit == 0 {
		return identifier{}, err
	}
	if r.event == nil {
		r.event = newIDReader(r.run, signin.IDEvent)
	}
	return r.event.at(row)
}

// value finds the table entry of a row; ok is false for a null.
func (c *colReader) value(row int64) (x int32, ok bool, err error) {
	if err := c.seek(row); err != nil {
		return 0, false, err
	}
	_, chunk, err := c.avail(1)
	if err != nil || !chunk {
		return 0, false, err
	}
	if c.defs != nil && c.defs[c.pos] == 0 {
		return 0, false, nil
	}
	return c.idx[c.val], true, nil
}
