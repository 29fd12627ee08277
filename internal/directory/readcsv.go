package directory

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readCSV reads a table with a header line; comma, semicolon or tab.
func (l *Loader) readCSV(br *bufio.Reader, head []byte) error {
	if bytes.IndexByte(head[:min(len(head), 4096)], 0) >= 0 {
		return errors.New("the file is binary")
	}
	skipped := int64(0)
	for {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		t := strings.TrimSpace(string(line))
		// PowerShell 5 writes a type line, Excel a separator line.
		if !strings.HasPrefix(t, "#TYPE") && !strings.HasPrefix(strings.ToLower(t), "sep=") && t != "" {
			break
		}
		if _, err := readLine(br); err != nil {
			return errors.New("the file has no header line")
		}
		skipped++
		var err error
		if head, err = br.Peek(1 << 20); len(head) == 0 {
			return fmt.Errorf("the file has no header line: %w", err)
		}
	}
	in := csv.NewReader(br)
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	in.Comma = delimiter(head)
	header, err := in.Read()
	if err != nil {
		return fmt.Errorf("read header: %w", err)
	}
	keys := make([]string, len(header))
	for i, h := range header {
		keys[i] = norm(strings.TrimPrefix(h, "\ufeff"))
	}
	probe := &record{keys: keys}
	var kind *Kind
	if m := l.mapping(probe); m != nil {
		kind = m.mappedKind()
	} else if kind, err = kindByKeys(probe); err != nil {
		return err
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
			l.cur.Bad++
			l.issue(int64(bad.StartLine)+skipped, "", fmt.Errorf("%s: %w", kind.Name, bad.Err), "")
			l.damage(kind.Name, nil)
			continue
		}
		if err != nil {
			return err
		}
		line, _ := in.FieldPos(0)
		r := &record{file: l.cur.Name, line: int64(line) + skipped, keys: keys, vals: make([]value, len(row))}
		blank := true
		for i, c := range row {
			r.vals[i].text = c
			blank = blank && strings.TrimSpace(c) == ""
		}
		switch {
		case blank:
		case len(row) > len(keys):
			l.cur.Bad++
			l.issue(r.line, "", fmt.Errorf("%s: row has %d columns, the header %d", kind.Name, len(row), len(keys)),
				"quote cells that contain the separator")
			l.damage(kind.Name, r)
		default:
			l.take(r, kind)
		}
	}
}

// delimiter is the separator the header line has most of.
func delimiter(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, n := ',', bytes.Count(line, []byte(","))
	for _, c := range []rune{';', '\t'} {
		if k := bytes.Count(line, []byte(string(c))); k > n {
			best, n = c, k
		}
	}
	return best
}
