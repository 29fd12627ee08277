package ingest

import "errors"

var (
	errUnended = errors.New("the JSON ends before its last bracket closes: the file is cut short")
	errBracket = errors.New("a bracket is closed by the wrong one")
	errRaw     = errors.New("a string runs over the end of its line: a quote is missing")
	errDeep    = errors.New("nesting too deep")
	errEnd     = errors.New("unexpected end of the file inside this record")
	errXMLEnd  = errors.New("the last event element is not closed: the file is cut short")
)

// maxNesting bounds the structural stack; the scanner's own limit is lower.
const maxNesting = 1024

// valueSplitter finds the records of JSON values that are not one to a line:
// arrays of records, pages ({"value": [...]} and the like, see isPageKey), any of these one after the other, inside an
// array or spread over lines, and plain objects. It follows strings and
// brackets only; each record is validated by its decoder. Commas and white
// space between records are not checked.
//
// Where each value stood on one line of its own so far, a line that ends inside
// a value is a broken one, and reading starts over at the next line.
type valueSplitter struct {
	stack []byte // open brackets, outermost first
	over  int    // brackets open beyond maxNesting
	kinds []byte // what each open bracket is: kindArray, kindPage or kindInside

	start int // of the unfinished record, -1 between records
	index int64
	bad   error // of the unfinished record
	skip  bool  // the unfinished record was given up
	at    int   // scanned so far

	inString bool
	escaped  bool // the last byte of the previous piece was a backslash
	scalar   bool // the record is a bare word

	wantKey bool   // the next string is a key worth knowing
	key     []byte // the last such key, at most maxKey bytes
	keyDone bool
	wrapped bool // the key above is followed by its colon
	noPages bool // elements of the current array were seen not to be pages

	since   int64 // records before the current top-level value
	newline bool  // a newline was seen inside the current top-level value
	fresh   bool  // the last byte was a newline outside strings
	compact bool  // top-level containers stood on one line each so far
	pretty  bool  // one did not
	pages   bool  // a page was met
}

const (
	kindInside byte = iota // part of a record, or of a page's other members
	kindArray              // its elements are records
	kindPage               // an object with an array of records in it
)

const maxKey = 12

func newValueSplitter() *valueSplitter { return &valueSplitter{start: -1} }

func (v *valueSplitter) scan(b []byte, from int, eof bool, spans []span) []span {
	for i := from; i < len(b); {
		if v.inString {
			i, spans = v.str(b, i, spans)
			continue
		}
		c := b[i]
		if v.fresh {
			v.fresh = false
			if v.compact && len(v.stack) > 0 && (c == '{' || c == '[') {
				spans = v.restart(i-1, errEnd, spans)
			}
		}
		if v.scalar {
			switch c {
			case ' ', '\t', '\r', '\n', ',', '[', ']', '{', '}', '"':
				spans = v.end(i, spans)
			default:
				i++
				continue
			}
		}
		if class[c] == 0 {
			if v.start < 0 && v.place() == kindArray && c > ' ' {
				v.begin(i)
				v.scalar = true
			}
			i++
			continue
		}
		i++
		switch c {
		case '\n':
			v.newline, v.fresh = true, true
			continue
		case '"':
			if v.start < 0 && v.place() == kindArray {
				v.begin(i - 1)
			}
			v.inString = true
			if v.wantKey {
				v.key = v.key[:0]
			}
		case '{', '[':
			v.open(c, i-1)
		case '}', ']':
			spans = v.close(c, i, spans)
		case ':':
			v.keyDone = true
		case ',':
			v.wantKey = v.tracking()
			v.keyDone = false
		}
	}
	v.at = len(b)
	if eof {
		if v.scalar {
			spans = v.end(len(b), spans)
		} else if v.start >= 0 {
			if v.bad == nil {
				v.bad = errEnd
			}
			spans = v.end(len(b), spans)
		}
	}
	return spans
}

// class marks the bytes outside strings that mean something to the splitter.
var class = func() (t [256]byte) {
	for _, c := range []byte("{}[]\":,\n") {
		t[c] = 1
	}
	return t
}()

// place is what the innermost open bracket is; at the top it is an array of records.
func (v *valueSplitter) place() byte {
	if len(v.kinds) == 0 {
		return kindArray
	}
	return v.kinds[len(v.kinds)-1]
}

// tracking reports whether keys at the present depth can make the object a page:
// the first level of an object where a record may stand, and of its "data".
func (v *valueSplitter) tracking() bool {
	n := len(v.stack)
	if n == 0 || v.stack[n-1] != '{' {
		return false
	}
	if v.kinds[n-1] == kindPage {
		return true
	}
	if v.noPages {
		return false
	}
	return n == 1 || v.kinds[n-2] == kindArray || v.wrapped && (n == 2 || v.kinds[n-3] == kindArray)
}

func (v *valueSplitter) begin(i int) {
	v.start, v.bad, v.skip = i, nil, false
}

// open enters a bracket at offset i.
func (v *valueSplitter) open(c byte, i int) {
	if len(v.stack) >= maxNesting {
		v.over++
		if v.start < 0 && v.place() == kindArray {
			v.begin(i) // arrays within arrays: what is too deep is a record, and a bad one
		}
		if v.bad == nil {
			v.bad = errDeep
		}
		return
	}
	kind := kindInside
	top := v.place()
	switch {
	case c == '[' && v.start < 0 && top == kindArray:
		kind = kindArray
		v.noPages = false
	case c == '[' && v.keyDone && v.tracking() && isPageKey(v.key, v.wrapped):
		// The object that holds this array is a page, and so is what holds it when
		// this is "events" within "data".
		v.kinds[len(v.kinds)-1] = kindPage
		if v.wrapped && len(v.kinds) > 1 {
			v.kinds[len(v.kinds)-2] = kindPage
		}
		kind = kindArray
		v.pages = true
		v.start, v.bad, v.skip = -1, nil, false
		v.noPages = true // a page within a page does not occur
	case c == '{' && v.keyDone && isWrapperKey(v.key) && v.tracking() && !v.wrapped:
		v.wrapped = true
	case c == '{' && v.start < 0 && top == kindArray:
		v.begin(i)
	}
	v.stack = append(v.stack, c)
	v.kinds = append(v.kinds, kind)
	v.wantKey = c == '{' && v.tracking()
	v.keyDone = false
	v.key = v.key[:0]
}

// isPageKey names the arrays of records that exports put into an object: "value"
// (Graph), "records" (Azure), "Records" (CloudTrail), "items" and "activities"
// (Google), "authlogs" and "response" (Duo), "data" (OneLogin), "logs" (Auth0), "Results" and
// "results" (Defender hunting), "Events" (lookups in CloudTrail); and within
// another object data.events (Okta), response.authlogs (Duo),
// _embedded.activities (PingOne), hits.hits (Elasticsearch).
func isPageKey(key []byte, wrapped bool) bool {
	switch string(key) {
	case "events", "hits":
		return wrapped
	case "activities", "authlogs":
		return true
	case "value", "records", "Records", "items", "response", "data", "Results", "results", "Events", "logs":
		return !wrapped
	}
	return false
}

// isWrapperKey names the objects that hold such an array one level down.
func isWrapperKey(key []byte) bool {
	switch string(key) {
	case "data", "response", "_embedded", "hits":
		return true
	}
	return false
}

// close leaves a bracket that ends before offset i.
func (v *valueSplitter) close(c byte, i int, spans []span) []span {
	if v.over > 0 {
		v.over--
		return spans
	}
	n := len(v.stack)
	if n == 0 {
		v.begin(i - 1)
		v.bad = errBracket
		return v.end(i, spans)
	}
	if c-v.stack[n-1] != 2 && v.bad == nil { // '{' '}' and '[' ']' are two apart
		v.bad = errBracket
	}
	kind := v.kinds[n-1]
	v.stack, v.kinds = v.stack[:n-1], v.kinds[:n-1]
	v.wantKey, v.keyDone = false, false
	v.key = v.key[:0]
	if n := len(v.stack); v.wrapped && (n == 1 || n > 1 && v.kinds[n-2] == kindArray) {
		v.wrapped = false // the wrapper ends here
	}
	if v.start >= 0 && v.place() == kindArray {
		v.wrapped = false
		v.noPages = len(v.stack) > 0
		spans = v.end(i, spans)
	}
	if kind == kindArray {
		v.noPages = len(v.stack) > 1 && v.place() != kindPage
	}
	if len(v.stack) == 0 {
		v.wrapped, v.noPages = false, false
		if v.newline {
			v.pretty, v.compact = true, false
		} else if !v.pretty && v.index > v.since {
			v.compact = true // an empty page tells nothing of how the next is written
		}
		v.newline, v.since = false, v.index
	}
	return spans
}

// end adds the record that ends before offset i.
func (v *valueSplitter) end(i int, spans []span) []span {
	if !v.skip {
		v.index++
		spans = append(spans, span{start: v.start, end: i, line: v.index, err: v.bad})
	}
	v.start, v.bad, v.skip, v.scalar = -1, nil, false, false
	return spans
}

// restart gives up every open bracket at the end of a line, offset i.
func (v *valueSplitter) restart(i int, why error, spans []span) []span {
	if v.start >= 0 {
		v.bad = why
		spans = v.end(i, spans)
	}
	v.stack, v.kinds, v.over = v.stack[:0], v.kinds[:0], 0
	v.inString, v.escaped, v.wantKey, v.keyDone, v.wrapped, v.noPages, v.newline = false, false, false, false, false, false, false
	return spans
}

func (v *valueSplitter) pending() int {
	if v.start >= 0 && !v.skip {
		return v.start
	}
	return v.at
}

func (v *valueSplitter) drop(n int) {
	v.at -= n
	if v.start >= 0 {
		v.start = max(v.start-n, 0)
	}
}

func (v *valueSplitter) abandon() int64 {
	v.skip = true
	v.index++
	return v.index
}

func (v *valueSplitter) finish() error {
	if len(v.stack) > 0 {
		return errUnended
	}
	return nil
}
