package geo

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// systemTable is autonomous systems by address, from a CSV of
// start,end,asn,org (ip-location-db "asn" package): sorted spans.
type systemTable struct {
	spans []systemSpan
	orgs  []systemRecord
}

type systemSpan struct {
	v4          bool
	first, last key6
	system      uint32
}

func isTable(path string) bool { return strings.EqualFold(filepath.Ext(path), ".csv") }

func openSystems(path string) (*systemTable, []*Notice, error) {
	f, err := os.Open(path) //nolint:gosec // the user named it
	if err != nil {
		return nil, nil, fmt.Errorf("open asn list: %w", err)
	}
	defer func() { _ = f.Close() }()
	t, ns, err := parseSystems(f, path)
	if err != nil {
		return nil, ns, fmt.Errorf("read asn list %q: %w", path, err)
	}
	return t, ns, nil
}

func parseSystems(r io.Reader, name string) (*systemTable, []*Notice, error) {
	in := csv.NewReader(bufio.NewReaderSize(r, 1<<16))
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	t := &systemTable{}
	seen := map[systemRecord]uint32{}
	bad := notices{file: name}
	for rows := 0; ; rows++ {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if pe, ok := errors.AsType[*csv.ParseError](err); ok {
			bad.add(int64(pe.StartLine), pe.Err)
			continue
		}
		if err != nil {
			return nil, bad.all(), err
		}
		line, _ := in.FieldPos(0)
		s, sys, err := systemRow(row)
		if err != nil {
			if rows > 0 || !isHeader(row[0]) {
				bad.add(int64(line), err)
			}
			continue
		}
		id, ok := seen[sys]
		if !ok {
			id = uint32(len(t.orgs)) //nolint:gosec // there are fewer than 2^32 systems
			sys.Org = strings.Clone(sys.Org)
			seen[sys] = id
			t.orgs = append(t.orgs, sys)
		}
		s.system = id
		t.spans = append(t.spans, s)
	}
	if len(t.spans) == 0 {
		return nil, bad.all(), errors.New("no row of start,end,asn,org was understood")
	}
	slices.SortStableFunc(t.spans, func(a, b systemSpan) int { return compareSpan(a, b.v4, b.first) })
	return t, bad.all(), nil
}

// compareSpan orders by family (IPv4 first), then by first address.
func compareSpan(a systemSpan, v4 bool, first key6) int {
	if a.v4 != v4 {
		if a.v4 {
			return -1
		}
		return 1
	}
	return a.first.compare(first)
}

func systemRow(row []string) (systemSpan, systemRecord, error) {
	if len(row) < 3 {
		return systemSpan{}, systemRecord{}, fmt.Errorf("want start,end,asn,org, have %d columns", len(row))
	}
	a, err := parseAddr(strings.TrimSpace(row[0]))
	if err != nil {
		return systemSpan{}, systemRecord{}, err
	}
	b, err := parseAddr(strings.TrimSpace(row[1]))
	if err != nil {
		return systemSpan{}, systemRecord{}, err
	}
	if a.Is4() != b.Is4() || b.Less(a) {
		return systemSpan{}, systemRecord{}, fmt.Errorf("span %s to %s runs backwards or mixes families", a, b)
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(row[2]), "AS"), 10, 32)
	if err != nil {
		return systemSpan{}, systemRecord{}, fmt.Errorf("asn: %w", err)
	}
	sys := systemRecord{Number: uint32(n)}
	if len(row) > 3 {
		sys.Org = strings.TrimSpace(row[3])
	}
	return systemSpan{v4: a.Is4(), first: keyOf(a), last: keyOf(b)}, sys, nil
}

func (t *systemTable) len() int { return len(t.spans) }

// find is the system of an unmapped address; Number 0 when there is none.
// Where spans overlap, the one that starts last decides.
func (t *systemTable) find(ip netip.Addr) systemRecord {
	k, v4 := keyOf(ip), ip.Is4()
	i, ok := slices.BinarySearchFunc(t.spans, k, func(s systemSpan, k key6) int { return compareSpan(s, v4, k) })
	if !ok {
		i--
	}
	if i < 0 || t.spans[i].v4 != v4 || t.spans[i].last.compare(k) < 0 {
		return systemRecord{}
	}
	return t.orgs[t.spans[i].system]
}
