package ingest

import (
	"bytes"
	"errors"
)

// typeLine begins the line that Windows PowerShell's Export-Csv writes before the
// header unless it is told not to.
var typeLine = []byte("#TYPE ")

var errQuote = errors.New("a quoted field is not closed, or text follows its closing quote")

// tableSplitter cuts delimited text into rows (RFC 4180): a newline inside
// quotes does not end a row. A quote inside an unquoted field is text.
//
// Where the quoting breaks, the row's first line alone is given up and reading
// starts over at the next line, so that one stray quote does not swallow the
// rest of the file.
type tableSplitter struct {
	delim  byte
	header bool  // the next row is the header, not a record
	max    int   // a quoted field that runs longer is taken for one never closed
	start  int   // of the unfinished row
	line   int64 // number of its first line
	lines  int64 // newlines inside it so far
	state  uint8
	skip   bool
}

const (
	fieldStart uint8 = iota
	fieldPlain
	fieldQuoted
	fieldQuote  // a quote inside a quoted field: its end, or half of an escaped quote
	fieldBroken // the row is given up; its line's end has not been seen
)

func newTableSplitter(delim byte, maxLine int) *tableSplitter {
	return &tableSplitter{delim: delim, header: true, max: maxLine, line: 1}
}

func (t *tableSplitter) scan(b []byte, from int, eof bool, spans []span) []span {
	i := from
	if t.skip { // pass over one line
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			t.start = len(b)
			return spans
		}
		t.skip = false
		i += n + 1
		t.next(i)
	}
	for {
		for i < len(b) {
			c := b[i]
			switch t.state {
			case fieldQuoted:
				// An escaped quote, of which a cell of JSON has hundreds, is passed over
				// here; one at the very end of the piece is settled with the next.
				end := nextQuote(b, i)
				for end+1 < len(b) && b[end+1] == '"' {
					end = nextQuote(b, end+2)
				}
				end = min(end, len(b))
				t.lines += int64(bytes.Count(b[i:end], newline))
				i = end
				if end == len(b) {
					continue
				}
				t.state = fieldQuote
			case fieldQuote:
				switch {
				case c == '"':
					t.state = fieldQuoted
				case c == t.delim:
					t.state = fieldStart
				case c == '\n':
					spans = t.row(b, i, spans)
				case c != '\r':
					i, spans = t.broken(b, eof, spans)
					continue
				}
			case fieldBroken:
				i, spans = t.broken(b, eof, spans)
				continue
			default:
				switch {
				case c == '\n':
					spans = t.row(b, i, spans)
				case c == t.delim:
					t.state = fieldStart
				case c == '"' && t.state == fieldStart:
					t.state = fieldQuoted
				default:
					t.state = fieldPlain
				}
			}
			i++
		}
		switch {
		case t.start >= len(b):
			return spans
		case t.state == fieldBroken && !eof:
			return spans
		case t.state == fieldBroken, t.state == fieldQuoted && (eof || t.lines > 0 && len(b)-t.start > t.max):
		case eof:
			return t.row(b, len(b), spans)
		default:
			return spans
		}
		i, spans = t.broken(b, eof, spans)
	}
}

var newline = []byte{'\n'}

func (t *tableSplitter) next(start int) {
	t.start = start
	t.line += t.lines + 1
	t.lines = 0
	t.state = fieldStart
}

// row adds the row that ends before end.
func (t *tableSplitter) row(b []byte, end int, spans []span) []span {
	if len(bytes.Trim(b[t.start:end], "\r \t")) == 0 || t.header && bytes.HasPrefix(b[t.start:end], typeLine) {
		t.next(min(end+1, len(b)))
		return spans
	}
	if t.header {
		t.header = false
	} else {
		spans = append(spans, span{start: t.start, end: end, line: t.line})
	}
	t.next(min(end+1, len(b)))
	return spans
}

// broken gives up the first line of the unfinished row, once its end is there,
// and returns where to go on.
func (t *tableSplitter) broken(b []byte, eof bool, spans []span) (int, []span) {
	end := len(b)
	if n := bytes.IndexByte(b[t.start:], '\n'); n >= 0 {
		end = t.start + n
	} else if !eof {
		t.state = fieldBroken
		return len(b), spans
	}
	if t.header {
		t.header = false // a header that cannot be read is refused before
	} else {
		spans = append(spans, span{start: t.start, end: end, line: t.line, err: errQuote})
	}
	t.lines = 0
	t.next(min(end+1, len(b)))
	return t.start, spans
}

func (t *tableSplitter) pending() int { return t.start }

func (t *tableSplitter) drop(n int) { t.start -= n }

func (t *tableSplitter) abandon() int64 {
	t.skip = true
	return t.line
}

func (t *tableSplitter) finish() error { return nil }
