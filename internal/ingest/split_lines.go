package ingest

import "bytes"

// lineSplitter cuts at newlines. Blank lines are not records.
type lineSplitter struct {
	start int   // of the unfinished line
	line  int64 // its number
	skip  bool  // inside a line that was given up
}

func newLineSplitter() *lineSplitter { return &lineSplitter{line: 1} }

func (l *lineSplitter) scan(b []byte, from int, eof bool, spans []span) []span {
	for from < len(b) {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			break
		}
		spans = l.add(b, from+i, spans)
		from += i + 1
		l.start, l.skip = from, false
		l.line++
	}
	if l.skip {
		l.start = len(b)
	}
	if eof && l.start < len(b) {
		spans = l.add(b, len(b), spans)
		l.start = len(b)
	}
	return spans
}

func (l *lineSplitter) add(b []byte, end int, spans []span) []span {
	if l.skip || len(bytes.TrimSpace(b[l.start:end])) == 0 {
		return spans
	}
	return append(spans, span{start: l.start, end: end, line: l.line})
}

func (l *lineSplitter) pending() int { return l.start }

func (l *lineSplitter) drop(n int) { l.start -= n }

func (l *lineSplitter) abandon() int64 {
	l.skip = true
	return l.line
}

func (l *lineSplitter) finish() error { return nil }
