package ingest

import "bytes"

// xmlSplitter finds <Event …>…</Event> elements, whatever stands around them (an
// XML declaration, <Events>, white space). Records are numbered by the line
// they begin on. Markup is not parsed here: CDATA with such a tag inside does
// not occur in event logs, and a decoder would refuse the piece.
type xmlSplitter struct {
	start   int // of the unfinished element, -1 between elements
	at      int // scanned so far
	line    int64
	began   int64 // line the unfinished element begins on
	skip    bool
	unended bool
}

var (
	xmlOpen  = []byte("<Event")
	xmlClose = []byte("</Event>")
)

func newXMLSplitter() *xmlSplitter { return &xmlSplitter{start: -1, line: 1} }

func (x *xmlSplitter) scan(b []byte, _ int, eof bool, spans []span) []span {
	for {
		if x.start < 0 && !x.skip {
			i := x.opening(b[x.at:])
			if i < 0 {
				// A tag may be cut in two by the end of the piece.
				x.pass(b, max(x.at, len(b)-len(xmlOpen)))
				break
			}
			x.pass(b, x.at+i)
			x.start, x.began = x.at, x.line
		}
		i := bytes.Index(b[x.at:], xmlClose)
		if i < 0 {
			x.pass(b, max(x.at, len(b)-len(xmlClose)))
			break
		}
		end := x.at + i + len(xmlClose)
		x.pass(b, end)
		if !x.skip {
			spans = append(spans, span{start: x.start, end: end, line: x.began})
		}
		x.start, x.skip = -1, false
	}
	if eof && x.start >= 0 {
		spans = append(spans, span{start: x.start, end: len(b), line: x.began, err: errEnd})
		x.start, x.at, x.unended = -1, len(b), true
	}
	return spans
}

// opening finds "<Event" followed by a blank or '>', which <Events> and
// <EventID> are not.
func (x *xmlSplitter) opening(b []byte) int {
	for from := 0; ; {
		i := bytes.Index(b[from:], xmlOpen)
		if i < 0 || from+i+len(xmlOpen) >= len(b) {
			return -1
		}
		switch b[from+i+len(xmlOpen)] {
		case ' ', '>', '\t', '\r', '\n':
			return from + i
		}
		from += i + len(xmlOpen)
	}
}

// pass moves on to offset to, counting lines.
func (x *xmlSplitter) pass(b []byte, to int) {
	if to > x.at {
		x.line += int64(bytes.Count(b[x.at:to], []byte{'\n'}))
		x.at = to
	}
}

func (x *xmlSplitter) pending() int {
	if x.start >= 0 {
		return x.start
	}
	return x.at
}

func (x *xmlSplitter) drop(n int) {
	x.at = max(x.at-n, 0)
	if x.start >= 0 {
		x.start = max(x.start-n, 0)
	}
}

func (x *xmlSplitter) abandon() int64 {
	x.skip, x.start = true, -1
	return x.began
}

func (x *xmlSplitter) finish() error {
	if x.unended {
		return errXMLEnd
	}
	return nil
}
