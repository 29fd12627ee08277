package ingest

import "frisk/internal/signin"

// table makes a tree of one row: an object with the headings as names and the
// cells as texts.
func (d *doc) table(header, cells []string) val {
	d.nodes = append(d.nodes[:0], node{}, node{kind: '{'}) // index 0 is nothing
	for i, name := range header {
		j := int32(len(d.nodes)) //nolint:gosec // rows have few cells
		d.nodes = append(d.nodes, node{key: name, text: cells[i], kind: '"'})
		if i == 0 {
			d.nodes[1].sub = j
		} else {
			d.nodes[j-1].next = j
		}
	}
	return val{d, 1}
}

// tableDocs makes decoders for rows of a table read as trees, so that the CSV
// of a log and its JSON share one decoder; header names the cells of a file.
// row follows the contract of decoder.
func tableDocs(header func(f *file) ([]string, error), row func(r *docRow, v val, ev *signin.Event) (other string, err error)) func(*file) (func(*scratch) decoder, error) {
	return func(f *file) (func(*scratch) decoder, error) {
		names, err := header(f)
		if err != nil {
			return nil, err
		}
		return func(sc *scratch) decoder {
			r := &docRow{kit: kit{f: f, sc: sc}}
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				if err := readRow(sc, rec, f); err != nil {
					return "", err
				}
				r.t = t
				return row(r, sc.doc.table(names, sc.fields[:len(names)]), ev)
			}
		}, nil
	}
}

// entraDocs is docRows for records that are Entra sign-ins in another
// product's words: row hands the facts to an entraRow, which settles outcome,
// factors and tenants for every export alike.
func entraDocs(row func(r *docRow, e *entraRow, v val) (other string, err error)) func(*file) (func(*scratch) decoder, error) {
	return func(f *file) (func(*scratch) decoder, error) {
		return func(sc *scratch) decoder { return entraDoc(f, sc, row).json }, nil
	}
}

// entraTables is entraDocs for the rows of a table.
func entraTables(header func(f *file) ([]string, error), row func(r *docRow, e *entraRow, v val) (other string, err error)) func(*file) (func(*scratch) decoder, error) {
	return func(f *file) (func(*scratch) decoder, error) {
		names, err := header(f)
		if err != nil {
			return nil, err
		}
		return func(sc *scratch) decoder {
			d := entraDoc(f, sc, row)
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				if err := readRow(sc, rec, f); err != nil {
					return "", err
				}
				return d.row(sc.doc.table(names, sc.fields[:len(names)]), ev, t)
			}
		}, nil
	}
}

// entraDocRow is one worker's decoder of such records.
type entraDocRow struct {
	r    docRow
	e    entraRow
	fill func(r *docRow, e *entraRow, v val) (other string, err error)
}

func entraDoc(f *file, sc *scratch, row func(r *docRow, e *entraRow, v val) (string, error)) *entraDocRow {
	return &entraDocRow{r: docRow{kit: kit{f: f, sc: sc}}, e: entraRow{sc: sc, f: f, utc: true}, fill: row}
}

func (d *entraDocRow) json(rec []byte, ev *signin.Event, t *tally) (string, error) {
	v, err := d.r.sc.doc.parseObject(&d.r.sc.scan, rec, true)
	if err != nil {
		return "", notObject(err)
	}
	return d.row(v, ev, t)
}

func (d *entraDocRow) row(v val, ev *signin.Event, t *tally) (string, error) {
	d.r.t = t
	d.e.begin(ev, t)
	return d.fill(&d.r, &d.e, v)
}
