package geo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Range is a span of addresses of one family, both ends included.
type Range struct {
	First, Last netip.Addr
	Class       string
}

// System is an autonomous system tagged with a class.
type System struct {
	ASN   uint32
	Class string
}

// List is what a range file holds.
type List struct {
	Ranges []Range
	ASNs   []System
}

func (l *List) len() int { return len(l.Ranges) + len(l.ASNs) }

// maxNotices bounds the notices of one file: a file of another kind would
// otherwise give one per line.
const maxNotices = 20

// maxRangeLine bounds a line of a list.
const maxRangeLine = 1 << 20

// openRanges reads a list. Of a folder it reads every .json file that holds
// named locations: an export of policies and locations side by side.
func openRanges(r RangeFile) (*List, []*Notice, error) {
	info, err := os.Stat(r.Path)
	if err != nil {
		return nil, nil, fmt.Errorf("open network list: %w", err)
	}
	if !info.IsDir() {
		return openList(r)
	}
	files, err := filepath.Glob(filepath.Join(r.Path, "*.json"))
	if err != nil {
		return nil, nil, fmt.Errorf("open network lists: %w", err)
	}
	all := &List{}
	var notes []*Notice
	for _, f := range files {
		list, ns, err := openList(RangeFile{r.Class, f})
		notes = append(notes, ns...)
		switch {
		case errors.Is(err, errNoLocation):
		case err != nil:
			return nil, notes, err
		default:
			all.Ranges = append(all.Ranges, list.Ranges...)
			all.ASNs = append(all.ASNs, list.ASNs...)
		}
	}
	return all, notes, nil
}

func openList(r RangeFile) (*List, []*Notice, error) {
	f, err := os.Open(r.Path)
	if err != nil {
		return nil, nil, fmt.Errorf("open network list: %w", err)
	}
	defer func() { _ = f.Close() }()
	list, notes, err := ParseRanges(f, r.Path, r.Class)
	if err != nil {
		return nil, notes, fmt.Errorf("read network list %q: %w", r.Path, err)
	}
	return list, notes, nil
}

// ParseRanges reads a list of networks in UTF-8 or UTF-16: Graph named
// locations (JSON), or one entry per line, which is
//
//   - a network, 192.0.2.0/24 or 2001:db8::/32;
//   - an address;
//   - a span, as start,end or start-end, further columns ignored;
//   - an autonomous system, as AS64496, or as a number in the first column.
//
// Text after # and after the entry is ignored, and so is a header line. A line
// that is none of these is a notice; the error is a list that cannot be read or
// in which no line was understood.
func ParseRanges(r io.Reader, name, class string) (*List, []*Notice, error) {
	br := bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(transform.Nop)), 1<<16)
	head, _ := br.Peek(512)
	if t := bytes.TrimLeft(head, " \t\r\n"); len(t) > 0 && (t[0] == '{' || t[0] == '[') {
		return parseNamedLocations(br, name)
	}
	list := &List{}
	bad := notices{file: name}
	in := bufio.NewScanner(br)
	in.Buffer(nil, maxRangeLine)
	n, entries := int64(0), 0
	for in.Scan() {
		n++
		text, _, _ := strings.Cut(in.Text(), "#")
		text = strings.TrimSpace(text)
		if text == "" || text[0] == ';' {
			continue
		}
		entries++
		if err := list.line(text, class); err != nil && (entries > 1 || !isHeader(text)) {
			bad.add(n, err)
		}
	}
	if err := in.Err(); err != nil {
		return nil, bad.all(), fmt.Errorf("line %d: %w", n+1, err)
	}
	if list.len() == 0 && bad.count > 0 {
		return nil, bad.all(), fmt.Errorf("no line was understood, the first: line %d: %w", bad.list[0].Line, bad.list[0].Err)
	}
	if list.len() == 0 {
		bad.add(n, errors.New("the list is empty"))
	}
	return list, bad.all(), nil
}

// notices keeps the first few and counts the rest.
type notices struct {
	file  string
	list  []*Notice
	count int
}

func (b *notices) add(line int64, err error) {
	if b.count++; b.count <= maxNotices {
		b.list = append(b.list, &Notice{b.file, line, err})
	}
}

func (b *notices) all() []*Notice {
	if b.count > maxNotices {
		return append(slices.Clip(b.list), &Notice{b.file, 0, fmt.Errorf("%d more lines could not be read", b.count-maxNotices)})
	}
	return b.list
}

// isHeader reports whether a line's first column is a word, as a header has.
func isHeader(text string) bool {
	w := strings.ToLower(first(text))
	return w != "" && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz_ -") == "" && len(w) < 32
}

// first is the first column without quotes.
func first(text string) string {
	if i := strings.IndexAny(text, ",\t"); i >= 0 {
		text = text[:i]
	}
	return strings.Trim(strings.TrimSpace(text), `"`)
}

var errEntry = errors.New("want a network (192.0.2.0/24), an address, a span (start,end) or a system (AS64496)")

func (l *List) line(text, class string) error {
	fields := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\t' || r == ' ' })
	if len(fields) == 0 {
		return errEntry
	}
	for i := range fields {
		fields[i] = strings.Trim(fields[i], `"`)
	}
	f := fields[0]
	if a, b, ok := strings.Cut(f, "-"); ok && b != "" {
		fields = []string{a, b}
		f = a
	} else if len(fields) > 2 && fields[1] == "-" {
		fields = []string{f, fields[2]}
	}
	switch {
	case strings.Contains(f, "/"):
		p, err := netip.ParsePrefix(f)
		if err != nil {
			return fmt.Errorf("%w: %w", errEntry, err)
		}
		r, err := rangeOf(p, class)
		if err != nil {
			return err
		}
		l.Ranges = append(l.Ranges, r)
		return nil
	case strings.ContainsAny(f, ".:"):
		return l.span(f, fields[1:], class)
	}
	digits := f
	if len(f) > 2 && strings.EqualFold(f[:2], "AS") {
		digits = f[2:]
	} else if allDigits(f) && allDigits(second(text)) {
		return fmt.Errorf("%w; spans of whole numbers are not read", errEntry)
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || n == 0 {
		return fmt.Errorf("%w, have %.40q", errEntry, f)
	}
	l.ASNs = append(l.ASNs, System{uint32(n), class})
	return nil
}

// second is the second comma-separated column without quotes.
func second(text string) string {
	_, rest, _ := strings.Cut(text, ",")
	rest, _, _ = strings.Cut(rest, ",")
	return strings.Trim(strings.TrimSpace(rest), `"`)
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func (l *List) span(f string, rest []string, class string) error {
	a, err := parseAddr(f)
	if err != nil {
		return fmt.Errorf("%w: %w", errEntry, err)
	}
	last := a
	if len(rest) > 0 && strings.ContainsAny(rest[0], ".:") {
		if b, err := parseAddr(rest[0]); err == nil {
			last = b
		}
	}
	if a.Is4() != last.Is4() || last.Less(a) {
		return fmt.Errorf("span %s to %s runs backwards or mixes families", a, last)
	}
	l.Ranges = append(l.Ranges, Range{a, last, class})
	return nil
}

func parseAddr(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	return a.Unmap().WithZone(""), err
}

// rangeOf is the span of a prefix; an IPv4-mapped one becomes IPv4. Bits past
// the prefix length are cleared.
func rangeOf(p netip.Prefix, class string) (Range, error) {
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return Range{}, fmt.Errorf("network %s mixes families", p)
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	p = p.Masked()
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	last, _ := netip.AddrFromSlice(b)
	return Range{p.Addr(), last, class}, nil
}
