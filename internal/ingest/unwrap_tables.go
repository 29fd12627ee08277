package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"
)

// Answers of the Log Analytics query API (and of Kusto, its engine) keep rows as
// lists of cells beside a list of columns; they become one object a row:
// learn.microsoft.com/azure/azure-monitor/logs/api/response-format.
var _ = registerUnwrapper(unwrapper{
	name:  "query result",
	match: tablesHead.Match,
	open: func(in *wrapped, opt *Options) (io.ReadCloser, error) {
		return io.NopCloser(newTablesReader(in, opt.MaxLine)), nil
	},
})

var tablesHead = regexp.MustCompile(`^\s*\{\s*"[tT]ables"\s*:\s*\[`)

var (
	errRowsFirst = errors.New("rows stand before the columns that name them")
	errTableRow  = errors.New("the query result is cut short or broken")
)

// tablesReader writes the rows of the first table, and of any other that is
// called PrimaryResult, as JSON lines. The further tables of an answer hold
// statistics and render hints, no records.
type tablesReader struct {
	dec   *jsontext.Decoder
	guard *rowGuard
	out   bytes.Buffer // lines not yet read
	next  func() error // makes the next line, or io.EOF
	err   error

	tables  int
	primary bool
	columns []jsontext.Value // names as JSON texts
}

// newTablesReader reads rows of at most maxLine bytes.
func newTablesReader(r io.Reader, maxLine int) *tablesReader {
	if maxLine <= 0 {
		maxLine = DefaultMaxLine
	}
	g := &rowGuard{r: r, most: int64(maxLine) + headSize}
	t := &tablesReader{guard: g, dec: jsontext.NewDecoder(g, jsontext.AllowDuplicateNames(true))}
	t.next = t.begin
	return t
}

func (t *tablesReader) Read(p []byte) (int, error) {
	for t.out.Len() == 0 {
		if t.err != nil {
			return 0, t.err
		}
		t.out.Reset()
		if t.err = t.next(); t.err != nil && t.err != io.EOF { //nolint:errorlint // our own mark
			t.err = fmt.Errorf("%w: %w", errTableRow, t.err)
		}
	}
	return t.out.Read(p)
}

// want reads one token of a kind.
func (t *tablesReader) want(kind jsontext.Kind) error {
	tok, err := t.dec.ReadToken()
	if err != nil {
		return noEOF(err)
	}
	if tok.Kind() != kind {
		return fmt.Errorf("found %s where %s is expected", tok.Kind(), kind)
	}
	return nil
}

func noEOF(err error) error {
	if err == io.EOF { //nolint:errorlint // the decoder gives it bare
		return io.ErrUnexpectedEOF
	}
	return err
}

// begin enters the list of tables.
func (t *tablesReader) begin() error {
	if err := t.want('{'); err != nil {
		return err
	}
	if _, err := t.dec.ReadToken(); err != nil { // "tables", as match saw
		return noEOF(err)
	}
	if err := t.want('['); err != nil {
		return err
	}
	t.next = t.table
	return nil
}

// table enters the next table or ends.
func (t *tablesReader) table() error {
	if t.dec.PeekKind() == ']' {
		return io.EOF // statistics may follow; they are no records
	}
	if err := t.want('{'); err != nil {
		return err
	}
	t.tables++
	t.primary, t.columns = t.tables == 1, nil
	t.next = t.member
	return nil
}

// member reads one member of a table.
func (t *tablesReader) member() error {
	if t.dec.PeekKind() == '}' {
		t.next = t.table
		return t.want('}')
	}
	tok, err := t.dec.ReadToken()
	if err != nil {
		return noEOF(err)
	}
	switch tok.String() {
	case "name", "TableName":
		name, err := t.dec.ReadValue()
		t.primary = t.primary || string(name) == `"PrimaryResult"`
		return noEOF(err)
	case "columns", "Columns":
		return t.readColumns()
	case "rows", "Rows":
		if !t.primary {
			return noEOF(t.dec.SkipValue())
		}
		if t.columns == nil {
			return errRowsFirst
		}
		t.next = t.row
		return t.want('[')
	}
	return noEOF(t.dec.SkipValue())
}

func (t *tablesReader) readColumns() error {
	t.columns = []jsontext.Value{}
	if err := t.want('['); err != nil {
		return err
	}
	for t.dec.PeekKind() != ']' {
		if err := t.want('{'); err != nil {
			return err
		}
		name := jsontext.Value(`""`)
		for t.dec.PeekKind() != '}' {
			tok, err := t.dec.ReadToken()
			if err != nil {
				return noEOF(err)
			}
			key := tok.String()
			v, err := t.dec.ReadValue()
			if err != nil {
				return noEOF(err)
			}
			if (key == "name" || key == "ColumnName") && v.Kind() == '"' {
				name = v.Clone()
			}
		}
		if err := t.want('}'); err != nil {
			return err
		}
		t.columns = append(t.columns, name)
	}
	return t.want(']')
}

// row writes one row as a line.
func (t *tablesReader) row() error {
	if t.dec.PeekKind() == ']' {
		t.next = t.member
		return t.want(']')
	}
	if err := t.want('['); err != nil {
		return err
	}
	b := t.out.AvailableBuffer()
	b = append(b, '{')
	n := 0
	for t.dec.PeekKind() != ']' {
		v, err := t.dec.ReadValue()
		if err != nil {
			return noEOF(err)
		}
		if n >= len(t.columns) {
			return fmt.Errorf("row %d has more than %d cells", n, len(t.columns))
		}
		if n > 0 {
			b = append(b, ',')
		}
		b = append(append(b, t.columns[n]...), ':')
		for _, c := range v { // a cell that is an object may be indented
			if c == '\n' || c == '\r' {
				c = ' '
			}
			b = append(b, c)
		}
		n++
	}
	t.out.Write(append(b, '}', '\n'))
	t.guard.read = 0
	return t.want(']')
}

// rowGuard stops reading when one row takes more than most bytes, which the
// decoder would keep in memory.
type rowGuard struct {
	r          io.Reader
	read, most int64
}

func (g *rowGuard) Read(p []byte) (int, error) {
	if g.read > g.most {
		return 0, fmt.Errorf("a row is longer than the limit of %d bytes", g.most-headSize)
	}
	n, err := g.r.Read(p)
	g.read += int64(n)
	return n, err
}
