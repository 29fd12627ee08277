package ingest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"frisk/internal/ingest/jsonscan"
)

// shape is what the beginning of a file looks like, before any format is asked.
type shape uint8

const (
	shapeOther shape = iota
	shapeLines       // JSON, one value a line
	shapeValues
	shapeTable
)

// sample is what detection knows of a file.
type sample struct {
	name   string // of the file, a hint only
	head   []byte // up to 64 KiB, decompressed and in UTF-8
	shape  shape
	why    string   // of shapeOther: what it is instead
	header []string // of a table, trimmed
	delim  byte
	keys   []string          // top-level keys of the first records, sorted
	words  map[string]string // some values: the first text under each of wordKeys
	recs   [][]byte          // the first records of JSON, the last of them perhaps cut off
	props  bool              // "properties" is an object or a text
	none   bool              // JSON without a single record
	census *census           // made by linesOf
}

// wordKeys are the members whose value tells formats apart.
var wordKeys = []string{"category", "Category", "Type", "operationName", "OperationName", "eventType", "@odata.type"}

// probeRecords is how many records of the head are looked at.
const probeRecords = 40

// probe looks at the beginning of a file.
func probe(head []byte) sample {
	s := look(head)
	s.head = head
	return s
}

func look(head []byte) sample {
	body := bytes.TrimLeft(head, " \t\r\n")
	if len(body) == 0 {
		return sample{why: "nothing but white space"}
	}
	for _, m := range magics {
		if len(head) >= m.at+len(m.text) && string(head[m.at:m.at+len(m.text)]) == m.text {
			return sample{why: m.what}
		}
	}
	if body[0] == '{' || body[0] == '[' {
		return probeJSON(head, body)
	}
	if rest := afterJunk(body); rest != nil {
		return probeJSON(head, rest)
	}
	return probeTable(body)
}

// junkLines is how many lines that are no JSON may stand before it: the rest of a
// line that was cut at the beginning of the file, a warning of the tool that
// wrote it. They become bad records; the rest is read.
const junkLines = 5

// afterJunk is what follows some lines of junk when it is clearly JSON lines, a
// whole object on a line of its own; else nil. A table's header is no junk:
// cells may hold JSON, over several lines even.
func afterJunk(body []byte) []byte {
	first, _, _ := bytes.Cut(body, []byte{'\n'})
	if !bytes.Contains(first, []byte(`":`)) && bytes.Count(first, []byte{','})+bytes.Count(first, []byte{';'})+bytes.Count(first, []byte{'\t'}) > 1 {
		return nil
	}
	for range junkLines {
		_, rest, ok := bytes.Cut(body, []byte{'\n'})
		if !ok {
			return nil
		}
		body = rest
		line, _, _ := bytes.Cut(body, []byte{'\n'})
		var s jsonscan.Scanner
		s.Reset(line)
		if s.Kind() != '{' || line[0] != '{' {
			continue
		}
		if s.Skip(); s.End() == nil {
			return body
		}
	}
	return nil
}

var magics = []struct {
	at   int
	text string
	what string
}{
	{0, "PK\x03\x04", "a zip archive or an Excel workbook: unpack it, or save it as CSV"},
	{0, "PAR1", "a Parquet file"},
	{0, "SQLite format 3", "a SQLite database"},
	{0, "%PDF", "a PDF"},
	{0, "Obj\x01", "an Avro file (Event Hubs Capture): convert it to JSON lines"},
	{257, "ustar", "a tar archive: unpack it"},
}

func probeJSON(head, body []byte) sample {
	s := sample{shape: shapeValues, words: map[string]string{}}
	var spans []span
	if body[0] == '{' && onePerLine(body) {
		s.shape = shapeLines
		l := newLineSplitter()
		spans = l.scan(head, 0, false, spans)
		spans = append(spans, span{start: l.pending(), end: len(head)})
	} else {
		v := newValueSplitter()
		spans = v.scan(head, 0, false, spans)
		if v.start >= 0 {
			spans = append(spans, span{start: v.start, end: len(head)})
		}
	}
	s.none = true
	for _, r := range spans[:min(len(spans), probeRecords)] {
		s.recs = append(s.recs, head[r.start:r.end])
		s.look(head[r.start:r.end])
	}
	slices.Sort(s.keys)
	s.keys = slices.Compact(s.keys)
	return s
}

// onePerLine reports whether one of the first lines is a whole object that is
// not a page of records.
func onePerLine(b []byte) bool {
	for range 5 {
		end := bytes.IndexByte(b, '\n')
		line := b
		if end >= 0 {
			line = b[:end]
		}
		v := newValueSplitter()
		spans := v.scan(line, 0, false, nil)
		switch {
		case v.pages:
			return false
		case end < 0: // a single line, perhaps longer than the head
			return len(spans) > 0 || bytes.Count(line, []byte{','}) > 0
		case len(spans) == 1 && len(v.stack) == 0 && line[0] == '{':
			return true
		}
		b = bytes.TrimLeft(b[end:], "\r\n")
		if len(b) == 0 {
			return false
		}
	}
	return false
}

// look adds what one record, perhaps cut off, tells.
func (s *sample) look(rec []byte) {
	var sc jsonscan.Scanner
	sc.Reset(rec)
	sc.AllowNaN = true
	if sc.Kind() != '{' {
		return
	}
	s.none = false
	for sc.Object(); sc.Next(); {
		key := string(sc.Key)
		s.keys = append(s.keys, key)
		if key == "properties" && (sc.Kind() == '{' || sc.Kind() == '"') {
			s.props = true
		}
		if slices.Contains(wordKeys, key) && sc.Kind() == '"' {
			if text := strings.Clone(sc.Text()); s.words[key] == "" {
				s.words[key] = text
			} else if isSignInWord(text) {
				s.words[key] = text // one sign-in among other records is enough
			}
			continue
		}
		sc.Skip()
	}
}

func (s *sample) has(keys ...string) bool {
	for _, k := range keys {
		if _, ok := slices.BinarySearch(s.keys, k); !ok {
			return false
		}
	}
	return true
}

func (s *sample) hasAny(keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return s.has(k) })
}

// wantJSON is the first reason a JSON format has for refusing the file.
func (s *sample) wantJSON() error {
	switch s.shape {
	case shapeOther:
		return shapeError(fmt.Sprintf("not JSON but %s", s.why))
	case shapeTable:
		return shapeError("not JSON but a table")
	default:
		if s.none {
			return fmt.Errorf("JSON without a record")
		}
		return nil
	}
}

// wantTable is the first reason a table format has for refusing the file.
func (s *sample) wantTable() error {
	switch s.shape {
	case shapeOther:
		return shapeError(fmt.Sprintf("not a table but %s", s.why))
	case shapeTable:
		return nil
	default:
		return shapeError("not a table but JSON")
	}
}

func probeTable(body []byte) sample {
	if bytes.HasPrefix(body, typeLine) {
		_, body, _ = bytes.Cut(body, []byte{'\n'})
	}
	line := body
	if before, _, ok := bytes.Cut(body, []byte{'\n'}); ok {
		line = before
	}
	text := bytes.TrimRight(line, "\r")
	if bytes.IndexByte(text, 0) >= 0 {
		return sample{why: "binary data"}
	}
	delim := byte(0)
	most := 0
	for _, d := range []byte{',', ';', '\t'} {
		if n := bytes.Count(text, []byte{d}); n > most {
			delim, most = d, n
		}
	}
	if most == 0 {
		return sample{why: fmt.Sprintf("text that begins with %s", strconv.Quote(clip(text, 40)))}
	}
	header, err := splitRow(text, delim, nil)
	if err != nil {
		return sample{why: "a table whose header cannot be read: " + err.Error()}
	}
	for i, h := range header {
		header[i] = strings.Join(strings.Fields(strings.ToValidUTF8(h, "\ufffd")), " ")
	}
	return sample{shape: shapeTable, header: header, delim: delim}
}

// list names columns in an error: all of a portal CSV's, a part of what is longer.
func list(names []string) string {
	const most = 60
	var b strings.Builder
	for i, n := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(clip([]byte(n), 60)))
	}
	return b.String()
}

// clip is the beginning of b, cut between characters.
func clip(b []byte, n int) string {
	if len(b) <= n {
		return string(b)
	}
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return string(b[:n]) + "…"
}
