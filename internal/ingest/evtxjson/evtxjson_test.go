package evtxjson

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"flag"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "write the sample file")

// samplePath is the sample as a file, for other programs and for the tests of ingest.
const samplePath = "testdata/security.evtx.gz"

func n16(v uint16) []byte { return binary.LittleEndian.AppendUint16(nil, v) }
func n32(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }
func n64(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v) }

func sid(parts ...uint32) []byte {
	b := []byte{1, byte(len(parts)), 0, 0, 0, 0, 0, 5}
	for _, p := range parts {
		b = append(b, n32(p)...)
	}
	return b
}

var guid = []byte{0x25, 0x96, 0x84, 0x54, 0x78, 0x54, 0x94, 0x49, 0xa5, 0xba, 0x3e, 0x3b, 0x03, 0x28, 0xc3, 0x0d}

// system is the front of every event, as the Security log has it.
var system = &tmpl{name: "Event", attrs: []any{"xmlns", "http://schemas.microsoft.com/win/2004/08/events/event"}, content: []any{
	&tmpl{name: "System", content: []any{
		&tmpl{name: "Provider", attrs: []any{"Name", "Microsoft-Windows-Security-Auditing", "Guid", fill{0, 0x0f, false}}},
		&tmpl{name: "EventID", content: []any{fill{1, 0x06, false}}},
		&tmpl{name: "Keywords", content: []any{fill{2, 0x15, false}}},
		&tmpl{name: "TimeCreated", attrs: []any{"SystemTime", fill{3, 0x11, false}}},
		&tmpl{name: "EventRecordID", content: []any{fill{4, 0x0a, false}}},
		&tmpl{name: "Correlation", attrs: []any{"ActivityID", fill{5, 0x0f, true}}},
		&tmpl{name: "Channel", content: []any{"Security"}},
		&tmpl{name: "Computer", content: []any{"srv05.corp.example.com"}},
		&tmpl{name: "Security"},
	}},
	fill{6, 0x21, false},
}}

func data(name string, i int, kind byte) *tmpl {
	return &tmpl{name: "Data", attrs: []any{"Name", name}, content: []any{fill{i, kind, false}}}
}

var logon = &tmpl{name: "EventData", content: []any{
	data("TargetUserSid", 0, 0x13), data("TargetUserName", 1, 0x01), data("TargetDomainName", 2, 0x01), data("TargetLogonId", 3, 0x15),
	data("LogonType", 4, 0x08), data("Status", 5, 0x14), data("IpAddress", 6, 0x01), data("IpPort", 7, 0x01),
}}

// 2026-03-02T08:00:00.1234567Z as a FILETIME.
const when = uint64((1772438400+11644473600)*10_000_000 + 1234567)

func event(id uint16, number uint64, user, ip string, status uint32) *instance {
	return &instance{system, []arg{
		{kind: 0x0f, data: guid},
		{kind: 0x06, data: n16(id)},
		{kind: 0x15, data: n64(0x8020000000000000)},
		{kind: 0x11, data: n64(when)},
		{kind: 0x0a, data: n64(number)},
		{kind: 0x00},
		{kind: 0x21, nested: &instance{logon, []arg{
			{kind: 0x13, data: sid(21, 1, 2, 3, 1104)},
			{kind: 0x01, data: wide(user)},
			{kind: 0x01, data: wide("CORP")},
			{kind: 0x15, data: n64(0x1a2b)},
			{kind: 0x08, data: n32(10)},
			{kind: 0x14, data: n32(status)},
			{kind: 0x01, data: wide(ip)},
			{kind: 0x01, data: wide("50001")},
		}}},
	}}
}

func sample() []byte {
	a, b := newChunk(), newChunk()
	a.record(1, when, event(4624, 1, "ada", "198.51.100.7", 0))
	a.record(2, when, event(4625, 2, "o'hära <&>\"", "203.0.113.5", 0xc000006d))
	b.record(3, when, event(4624, 3, "bo", "2001:db8::7", 0))
	return evtx(a.bytes(), b.bytes())
}

func read(t *testing.T, file []byte) ([]string, error) {
	t.Helper()
	r, err := Open(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	var lines []string
	for l := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		if l != "" {
			lines = append(lines, l)
		}
		if l != "" && !json.Valid([]byte(l)) {
			t.Errorf("not JSON: %s", l)
		}
	}
	return lines, err
}

func TestRead(t *testing.T) {
	file := sample()
	if *update {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(file)
		_ = w.Close()
		if err := os.WriteFile(samplePath, z.Bytes(), 0o644); err != nil { //nolint:gosec // test data is public
			t.Fatal(err)
		}
	}
	f, err := os.Open(samplePath)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if stored, err := io.ReadAll(z); err != nil || !bytes.Equal(stored, file) {
		t.Errorf("%s is not what this test writes (%v): run it with -update", samplePath, err)
	}
	lines, err := read(t, file)
	if err != nil || len(lines) != 3 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	want := `{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{` +
		`"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing","Guid":"{54849625-5478-4994-A5BA-3E3B0328C30D}"}},` +
		`"EventID":"4624","Keywords":"0x8020000000000000","TimeCreated":{"#attributes":{"SystemTime":"2026-03-02T08:00:00.1234567Z"}},` +
		`"EventRecordID":"1","Correlation":{"#attributes":{"ActivityID":""}},"Channel":"Security","Computer":"srv05.corp.example.com","Security":""},` +
		`"EventData":{"Data":[{"#attributes":{"Name":"TargetUserSid"},"#text":"S-1-5-21-1-2-3-1104"},{"#attributes":{"Name":"TargetUserName"},"#text":"ada"},` +
		`{"#attributes":{"Name":"TargetDomainName"},"#text":"CORP"},{"#attributes":{"Name":"TargetLogonId"},"#text":"0x1a2b"},` +
		`{"#attributes":{"Name":"LogonType"},"#text":"10"},{"#attributes":{"Name":"Status"},"#text":"0x0"},` +
		`{"#attributes":{"Name":"IpAddress"},"#text":"198.51.100.7"},{"#attributes":{"Name":"IpPort"},"#text":"50001"}]}}}`
	if diff := cmp.Diff(want, lines[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(lines[1], `o'hära`) || !strings.Contains(lines[1], "0xc000006d") {
		t.Errorf("second event: %s", lines[1])
	}
}

// TestDamage: what is damaged is reported, what is not is read.
func TestDamage(t *testing.T) {
	const second = headerSize + chunkSize
	for name, c := range map[string]struct {
		change func(b []byte) []byte
		lines  int
		err    string
	}{
		"first chunk without its mark": {func(b []byte) []byte { b[headerSize] = 'x'; return b }, 1, "chunk 1: damaged"},
		"a record's size":              {func(b []byte) []byte { b[second+chunkHeader+5] = 0xff; return b }, 2, "impossible size"},
		"a record's content":           {func(b []byte) []byte { b[second+chunkHeader+recordFront+4] = 0x77; return b }, 2, "record 3: damaged: unknown token"},
		"a record's mark":              {func(b []byte) []byte { b[second+chunkHeader] = 0; return b }, 2, "no record at byte 512"},
		"cut inside the second chunk":  {func(b []byte) []byte { return b[:second+600] }, 2, "cut short"},
		"cut inside the last record":   {func(b []byte) []byte { return b[:second+2000] }, 2, "record 3: damaged"},
		"cut behind the last record":   {func(b []byte) []byte { return b[:second+8000] }, 3, "cut short"},
		"an unused chunk":              {func(b []byte) []byte { return append(b, make([]byte, chunkSize)...) }, 3, ""},
		"a free offset past the end":   {func(b []byte) []byte { b[second+50] = 9; return b }, 3, "damaged header"},
		"checksum of a log in use":     {func(b []byte) []byte { b[120], b[second+52] = 1, b[second+52]+1; return b }, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := read(t, c.change(sample()))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if len(lines) != c.lines || !strings.Contains(got, c.err) || (c.err == "") != (err == nil) {
				t.Errorf("%d lines, %v", len(lines), err)
			}
		})
	}
	for _, head := range []string{"", "ElfFile", strings.Repeat("x", headerSize), Magic + strings.Repeat("\x00", headerSize)} {
		if _, err := Open(strings.NewReader(head)); err == nil {
			t.Errorf("a header of %d bytes is accepted", len(head))
		}
	}
}

// FuzzChunk: no chunk makes the reader panic, run for long or write what is no JSON.
func FuzzChunk(f *testing.F) {
	s := sample()
	f.Add(s[headerSize : headerSize+chunkHeader+3000])
	f.Add(s[headerSize+chunkSize : headerSize+chunkSize+chunkHeader+2500])
	f.Fuzz(func(t *testing.T, chunk []byte) {
		chunk = append(append([]byte(nil), chunk...), make([]byte, chunkSize)...)[:chunkSize]
		copy(chunk, chunkMagic)
		r, err := Open(bytes.NewReader(evtx(chunk)))
		if err != nil {
			t.Fatal(err)
		}
		out, _ := io.ReadAll(r)
		for l := range bytes.SplitSeq(out, []byte{'\n'}) {
			if len(l) > 0 && !json.Valid(l) {
				t.Fatalf("not JSON: %q", l)
			}
		}
	})
}

// TestStale: what lies behind the records of a chunk, of an earlier use of its
// space, is not read, save in a log that was in use, whose header is behind.
func TestStale(t *testing.T) {
	file := sample()
	free := headerSize + 48
	first := headerSize + chunkHeader
	binary.LittleEndian.PutUint32(file[free:], uint32(chunkHeader)+binary.LittleEndian.Uint32(file[first+4:]))
	end := int(binary.LittleEndian.Uint32(file[free:]))
	binary.LittleEndian.PutUint32(file[headerSize+52:], crc32.ChecksumIEEE(file[first:headerSize+end]))
	if lines, err := read(t, file); err != nil || len(lines) != 2 {
		t.Errorf("%d lines, %v: want the first of chunk 1 and that of chunk 2", len(lines), err)
	}
	file[120] = 1
	if lines, err := read(t, file); err != nil || len(lines) != 3 {
		t.Errorf("%d lines, %v: want all of a log in use", len(lines), err)
	}
}
