package directory

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxLine bounds one line of JSON lines.
const maxLine = 64 << 20

// pageKeys are the properties that hold the records of a page: Graph and ARM
// lists, az graph query, Event Hub batches, ServiceNow.
var pageKeys = []string{"value", "data", "records", "result"}

// sectionKind is the kind of record that an array of a hand-written directory
// file holds, by the kind's name without its hyphens: users, riskyUsers. nil
// when it is none.
func sectionKind(name string) *Kind {
	for i := range kinds {
		if kinds[i].section == name {
			return &kinds[i]
		}
	}
	return nil
}

// readJSON reads JSON lines, or any sequence of objects, pages and arrays of them.
func (l *Loader) readJSON(br *bufio.Reader, head []byte) error {
	if isLines(head) {
		return l.readLines(br)
	}
	lr := &lineReader{r: br, first: 1}
	return l.document(jsontext.NewDecoder(lr, jsonOptions...), lr)
}

// isLines reports whether the first line is a JSON object of its own and
// something follows it.
func isLines(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	line, rest, ok := bytes.Cut(head, []byte("\n"))
	return ok && len(bytes.TrimSpace(rest)) > 0 && line[0] == '{' && jsontext.Value(line).IsValid(jsonOptions...)
}

// readLines reads one JSON value per line; a bad line costs only itself.
func (l *Loader) readLines(br *bufio.Reader) error {
	for n := int64(1); ; n++ {
		line, err := readLine(br)
		if errors.Is(err, errLongLine) {
			l.cur.Bad++
			l.issue(n, "", err, "")
			continue
		}
		if len(bytes.TrimSpace(line)) > 0 {
			lr := &lineReader{r: bytes.NewReader(bytes.TrimRight(line, "\r\n")), first: n}
			if err := l.document(jsontext.NewDecoder(lr, jsonOptions...), lr); err != nil {
				l.cur.Bad++
				l.issue(n, "", err, "")
			}
		}
		if errors.Is(err, io.EOF) {
			return l.nothing()
		}
		if err != nil {
			return err
		}
	}
}

var errLongLine = fmt.Errorf("line longer than %d MB", maxLine>>20)

func readLine(br *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		if len(line) <= maxLine {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if len(line) > maxLine && (err == nil || errors.Is(err, io.EOF)) {
				return nil, errLongLine
			}
			return line, err
		}
	}
}

// nothing is the error of a file none of whose records was understood.
func (l *Loader) nothing() error {
	if l.cur.understood() > 0 || l.cur.Bad == 0 {
		return nil
	}
	if len(l.cur.Issues) == 0 {
		return errNoKind
	}
	return fmt.Errorf("none of %d records was understood, the first: %w", l.cur.Bad, l.cur.Issues[0].Err)
}

// document reads every top-level value of dec.
func (l *Loader) document(dec *jsontext.Decoder, lr *lineReader) error {
	depth := 0
	for {
		switch dec.PeekKind() {
		case '{':
			if err := l.object(dec, lr); err != nil {
				return err
			}
		case '[':
			depth++
			if _, err := dec.ReadToken(); err != nil {
				return err
			}
		case ']':
			depth--
			if _, err := dec.ReadToken(); err != nil {
				return err
			}
		case 0:
			_, err := dec.ReadToken()
			if errors.Is(err, io.EOF) && depth == 0 {
				return l.nothing()
			}
			return lr.fail(dec, err)
		default:
			v, err := dec.ReadValue()
			if err != nil {
				return err
			}
			l.cur.Bad++
			l.issue(lr.line(dec.InputOffset()), string(dec.StackPointer()),
				fmt.Errorf("want a JSON object, have %.40q", string(v)), "")
		}
	}
}

// object reads a top-level object: a page, a hand-written directory file, or
// one record.
func (l *Loader) object(dec *jsontext.Decoder, lr *lineReader) error {
	fail := func(err error) error { return lr.fail(dec, err) }
	if _, err := dec.ReadToken(); err != nil {
		return fail(err)
	}
	r := &record{file: l.cur.Name, line: lr.line(dec.InputOffset()), path: string(dec.StackPointer())}
	var p *page
	var issues jsontext.Value // of Jira
	var issuesAt int64
	for dec.PeekKind() != '}' {
		token, err := dec.ReadToken()
		if err != nil {
			return fail(err)
		}
		name := token.String()
		n := jsonKey(name)
		if n == "issues" && dec.PeekKind() == '[' {
			if issues, err = dec.ReadValue(); err != nil {
				return fail(err)
			}
			issues, issuesAt = issues.Clone(), lr.line(dec.InputOffset()-int64(len(issues)))
			continue
		}
		if dec.PeekKind() == '[' && l.isPage(n) && !r.has("id", "userprincipalname") {
			p = &page{context: r.text("@odata.context")}
			if err := l.elements(dec, lr, p); err != nil {
				return fail(err)
			}
			continue
		}
		v, err := dec.ReadValue()
		if err != nil {
			return fail(err)
		}
		r.put(name, v)
	}
	if _, err := dec.ReadToken(); err != nil {
		return fail(err)
	}
	switch {
	case issues != nil:
		l.jiraPage(r, issues, issuesAt)
	case p != nil:
		p.context = r.text("@odata.context")
		p.next = r.text("@odata.nextlink", "nextlink")
		p.group = r.text("groupid")
		p.whole = strings.EqualFold(r.text("complete"), "true")
		l.endPage(p)
	case l.sections(r):
	default:
		l.element(r, nil)
	}
	return nil
}

// isPage reports whether a property holds the records of a page.
func (l *Loader) isPage(name string) bool {
	return slices.Contains(pageKeys, name) ||
		slices.ContainsFunc(l.mappings, func(m *RequestMapping) bool { return m.spec.Record != "" && norm(m.spec.Record) == name })
}

// elements reads the array of a page.
func (l *Loader) elements(dec *jsontext.Decoder, lr *lineReader, p *page) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			return err
		}
		at := lr.line(dec.InputOffset() - int64(len(v)))
		if v.Kind() != '{' {
			l.cur.Bad++
			l.issue(at, string(dec.StackPointer()), fmt.Errorf("want a JSON object, have %.40q", string(v)), "")
			continue
		}
		r, err := parseObject(v)
		if err != nil {
			return err
		}
		r.file, r.line, r.path = l.cur.Name, at, string(dec.StackPointer())
		l.element(r, p)
	}
	_, err := dec.ReadToken()
	return err
}

// element adds one record, found in page p or alone.
func (l *Loader) element(r *record, p *page) {
	context := r.text("@odata.context")
	if p != nil {
		p.collect(r)
		if context == "" {
			context = p.context
		}
	}
	var k *Kind
	var err error
	if m := l.mapping(r); m != nil {
		k = m.mappedKind()
	} else {
		if isIssue(r) {
			r = issueRecord(r, nil)
		}
		k, err = kindOf(r, context)
	}
	switch {
	case err == nil:
		if p != nil {
			p.kind = k.Name
		}
		l.take(r, k)
	case errors.Is(err, errOtherKind):
		l.cur.Other++
	case p != nil:
		p.pending = append(p.pending, r)
	default:
		l.cur.Bad++
		l.issue(r.line, r.path, err, "")
	}
}

// sections reads r as a directory file with one array per kind; false when it is not one.
func (l *Loader) sections(r *record) bool {
	if r.has("id", "userprincipalname", "deviceid", "groupid") {
		return false
	}
	found := false
	for i, name := range r.keys {
		kind := sectionKind(name)
		if kind == nil || r.vals[i].structure().Kind() != '[' {
			continue
		}
		found = true
		vs, _ := r.items(name)
		for j, v := range vs {
			path := fmt.Sprintf("%s/%s/%d", r.path, name, j)
			o := v.object()
			if o == nil {
				l.cur.Bad++
				l.issue(r.line, path, errors.New("want a JSON object"), "")
				continue
			}
			o.file, o.line, o.path = r.file, r.line, path
			l.take(o, kind)
		}
	}
	return found
}

// lineReader remembers where lines end, to name the line of an offset.
type lineReader struct {
	r     io.Reader
	first int64 // number of the first line
	off   int64
	ends  []int64
}

func (l *lineReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.ends = append(l.ends, l.off+int64(i))
		}
	}
	l.off += int64(n)
	return n, err
}

// fail says on which line parsing stopped.
func (l *lineReader) fail(dec *jsontext.Decoder, err error) error {
	off := dec.InputOffset()
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		off = max(off, e.ByteOffset)
	}
	return fmt.Errorf("parse JSON at line %d: %w", l.line(off), err)
}

func (l *lineReader) line(off int64) int64 {
	return l.first + int64(sort.Search(len(l.ends), func(i int) bool { return l.ends[i] >= off }))
}
