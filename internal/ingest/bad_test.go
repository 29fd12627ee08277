package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

const goodLine = `{"id":"%","createdDateTime":"2026-03-02T08:00:00Z","userPrincipalName":"ada@example.com","userId":"u","ipAddress":"198.51.100.7","resourceTenantId":"T","status":{"errorCode":0}}` + "\n"

func line(id string) string { return strings.ReplaceAll(goodLine, "%", id) }

func gzipped(s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.Bytes()
}

func collect(t *testing.T, sources []Source, opt Options) map[string]*Account {
	t.Helper()
	accounts := map[string]*Account{}
	for b, err := range Read(context.Background(), sources, opt) {
		if err != nil {
			t.Fatal(err)
		}
		a := accounts[b.File]
		if a == nil {
			a = &Account{}
			accounts[b.File] = a
		}
		a.Add(b)
		others := int64(0)
		for _, o := range b.NotSignIn {
			others += o.Count
		}
		if b.Records != int64(len(b.Events)+len(b.Bad))+others {
			t.Errorf("%s: %d records are not %d events + %d bad + %d others", b.File, b.Records, len(b.Events), len(b.Bad), others)
		}
	}
	return accounts
}

// TestBadInput: each is answered with a reason, and what is good is kept.
func TestBadInput(t *testing.T) {
	header := "Date (UTC),Request ID,User ID,Username,IP address,Status,Sign-in error code\n"
	row := "2026-03-02T08:00:00Z,%,u,ada@example.com,198.51.100.7,Success,0\n"
	whole := gzipped(strings.Repeat(line("a"), 20_000))
	tests := []struct {
		name, file string
		data       []byte
		events     int64
		bad        []string // beginnings of causes, in order
		err        string   // part of the file's error
	}{
		{"empty", "a.json", nil, 0, nil, "empty"},
		{"white space", "a.json", []byte(" \n\n"), 0, nil, "nothing but white space"},
		{"empty in gzip", "a.json.gz", gzipped(""), 0, nil, "empty"},
		{"gzip header alone", "a.gz", []byte{0x1f, 0x8b, 8}, 0, nil, "cut short"},
		{"latin-1 byte", "a.jsonl", []byte(line("a") + strings.Replace(line("b"), "ada@", "ad\xe9@", 1) + line("c")), 2, []string{"invalid UTF-8 at byte 74"}, ""},
		{"NUL bytes", "a.jsonl", []byte(line("a") + "\x00\x00\x00\n" + line("b")), 2, []string{"invalid JSON: jsontext: invalid character '\\x00'"}, ""},
		{"a page among lines", "a.jsonl", []byte(line("a") + `{"value":[]}` + "\n"), 1, []string{"no creation time"}, ""},
		{"trailing data", "a.jsonl", []byte(line("a") + strings.TrimSpace(line("b")) + "x\n"), 1, []string{"invalid JSON: jsontext: invalid character 'x' after top-level value"}, ""},
		{"array cut short", "a.json", []byte("[" + strings.TrimSpace(line("a")) + "," + line("b")[:40]), 1, []string{"unexpected end of the file"}, "last bracket"},
		{"array without end", "a.json", []byte("[" + strings.TrimSpace(line("a"))), 1, nil, "last bracket"},
		{"words between records", "a.json", []byte("[" + strings.TrimSpace(line("a")) + ", oops, 17, \"x\", " + strings.TrimSpace(line("b")) + "]"), 2, []string{"invalid JSON: jsontext: invalid character 'o'", "not an object", "not an object"}, ""},
		{"closing bracket too many", "a.json", []byte("[" + strings.TrimSpace(line("a")) + "]]"), 1, []string{"a bracket is closed"}, ""},
		{"brackets crossed", "a.json", []byte("[" + strings.TrimSpace(line("a")) + `,{"status":{"errorCode":0],"x":1},` + strings.TrimSpace(line("b")) + "]"), 2, []string{"a bracket is closed"}, ""},
		{"missing column", "a.csv", []byte("Date (UTC),Request ID,Username,Status\nx,y,z,Success\n"), 0, nil, `missing the column "IP address"; found "Date (UTC)", "Request ID", "Username", "Status"`},
		{"unclosed quote", "a.csv", []byte(header + strings.ReplaceAll(row, "%", "r1") + `2026-03-02T08:00:00Z,"r2,u,ada@example.com,198.51.100.7,Success,0` + "\n" + strings.ReplaceAll(row, "%", "r3") + strings.ReplaceAll(row, "%", "r4")), 3, []string{"a quoted field is not closed"}, ""},
		{"latin-1 cell", "a.csv", []byte(header + strings.ReplaceAll(strings.ReplaceAll(row, "%", "r1"), "ada@", "ad\xe9@") + strings.ReplaceAll(row, "%", "r2")), 1, []string{"invalid UTF-8 at byte 28 (0xe9)"}, ""},
		{"NUL in a cell", "a.csv", []byte(header + strings.ReplaceAll(row, "%", "r\x001")), 0, []string{"a NUL byte at byte 22"}, ""},
		{"too many fields", "a.csv", []byte(header + strings.ReplaceAll(row, "%", "r1,x") + strings.ReplaceAll(row, "%", "r2")[:len(row)] + "\n"), 1, []string{"row has 8 fields, the header has 7"}, ""},
		{"future date", "a.jsonl", []byte(line("a") + strings.Replace(line("b"), "2026", "2226", 1)), 1, []string{"event time out of range"}, ""},
		{"policy", "policy.json", []byte(`{"id":"x","displayName":"MFA","createdDateTime":"2026-03-02T08:00:00Z","state":"enabled","conditions":{"users":{"includeUsers":["All"]}},"grantControls":{"operator":"OR"}}`), 0, nil, "nothing of a sign-in"},
		{"audit log", "audit.json", []byte(`{"value":[{"id":"x","category":"GroupManagement","activityDateTime":"2026-03-02T08:00:00Z"}]}`), 0, nil, "audit or risk records"},
		{"diagnostic audit log", "audit.json", []byte(`{"time":"2026-03-02T08:00:00Z","category":"AuditLogs","properties":{"id":"x"}}`), 0, nil, `category is "AuditLogs"`},
		{"prose", "readme.md", []byte("# Read me\nThis folder holds exports.\n"), 0, nil, `text that begins with "# Read me"`},
		{"zip", "a.zip", []byte("PK\x03\x04 and so on"), 0, nil, "zip archive"},
		{"binary", "a.bin", []byte("\x01\x00,\x02\xff"), 0, nil, "binary data"},
		{"truncated gzip", "a.jsonl.gz", whole[:len(whole)/2], -1, []string{"invalid JSON"}, "the file is cut short"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var causes []string
			var a Account
			for b, err := range Read(context.Background(), []Source{ReaderSource(tt.file, bytes.NewReader(tt.data))}, Options{Workers: 2}) {
				if err != nil {
					t.Fatal(err)
				}
				a.Add(b)
				for _, l := range b.Bad {
					causes = append(causes, l.Err.Error())
				}
			}
			if tt.events >= 0 && a.Events != tt.events || tt.events < 0 && a.Events < 1000 {
				t.Errorf("%d events, want %d", a.Events, tt.events)
			}
			if len(causes) != len(tt.bad) {
				t.Fatalf("causes %q, want %q", causes, tt.bad)
			}
			for i, c := range causes {
				if !strings.HasPrefix(c, tt.bad[i]) {
					t.Errorf("cause %q, want %q", c, tt.bad[i])
				}
			}
			switch {
			case tt.err == "" && a.Err != nil:
				t.Errorf("unexpected %v", a.Err)
			case tt.err != "" && (a.Err == nil || !strings.Contains(a.Err.Error(), tt.err)):
				t.Errorf("error %v, want %q", a.Err, tt.err)
			}
		})
	}
}

// TestNoFormatGivesReasons: the error of an unknown file says what it looks like,
// and names each format that has more to say than that it is of another shape.
func TestNoFormatGivesReasons(t *testing.T) {
	for in, about := range map[string]string{
		"hello world": `text that begins with "hello world"`, "a,b\n1,2\n": `a table with the columns "a", "b"`, `{"a":1,"b":2}`: `JSON records with the members "a", "b"`,
	} {
		a := collect(t, []Source{ReaderSource("x.txt", strings.NewReader(in))}, Options{})["x.txt"]
		if !errors.Is(a.Err, ErrFormat) || !strings.Contains(a.Err.Error(), "no format fits: "+about+"\n") {
			t.Fatalf("error %v", a.Err)
		}
		s := probe([]byte(in))
		for _, f := range Formats() {
			_, shape := errors.AsType[shapeError](f.detect(&s))
			if named := strings.Contains(a.Err.Error(), " "+f.Name+": ") || strings.Contains(a.Err.Error(), " "+f.Name+", "); named == shape && strings.Count(a.Err.Error(), "\n") <= refusalsShow {
				t.Errorf("%s is named: %v, of another shape: %v\n%v", f.Name, named, shape, a.Err)
			}
		}
	}
	for _, err := range Read(context.Background(), nil, Options{Format: "nope"}) {
		if err == nil || !strings.Contains(err.Error(), `unknown format "nope": "analyze list formats" prints them all`) {
			t.Errorf("error %v", err)
		}
	}
}

// TestBeginnings: what stands before the first record costs itself and no more,
// a page without records is none the worse, and an error answer says so.
func TestBeginnings(t *testing.T) {
	one := strings.TrimSpace(line("a"))
	for name, tt := range map[string]struct {
		in          string
		events, bad int64
		err         string
	}{
		"cut at its head":      {one[40:] + "\n" + line("b") + line("c"), 2, 1, ""},
		"a warning on top":     {"WARNING: You have 2 updates available.\n" + line("b") + line("c"), 2, 1, ""},
		"an empty array":       {"[]", 0, 0, ""},
		"an empty page":        {`{"@odata.context":"x","value":[]}`, 0, 0, ""},
		"empty Records":        {`{"Records":[]}` + "\n", 0, 0, ""},
		"an empty page first":  {"{\"value\":[]}\n{\n \"value\": [\n" + one + "\n ]\n}\n", 1, 0, ""},
		"not closed":           {`{"value":[`, 0, 0, "no format fits"},
		"not JSON":             {`{"value":[]} x`, 0, 0, "no format fits"},
		"an array too deep":    {line("b") + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + "\n" + line("c"), 2, 1, ""},
		"a page's deep array":  {`{"value":[` + one + "," + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + "]}", 1, 1, ""},
		"Graph's error answer": {`{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":"no licence"}}`, 0, 0, "an API's error answer, not a log: fetch this part again (Authentication_RequestFromNonPremiumTenantOrB2CTenant: no licence)"},
		"Okta's error answer":  {`{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit"}`, 0, 0, "E0000047: API call exceeded rate limit"},
		"an array cut short":   {`[]]`, 0, 0, "no format fits"},
	} {
		a := collect(t, []Source{ReaderSource("x", strings.NewReader(tt.in))}, Options{})["x"]
		got := ""
		if a.Err != nil {
			got = a.Err.Error()
		}
		if a.Events != tt.events || a.Bad != tt.bad || !strings.Contains(got, tt.err) || tt.err == "" && got != "" {
			t.Errorf("%s: %d events, %d bad, %q; want %d, %d, %q", name, a.Events, a.Bad, got, tt.events, tt.bad, tt.err)
		}
	}
}

// TestHugeLine: a line of 50 MB costs its limit in memory, not its length, and
// the lines around it are read. Three shapes: JSON lines, a page, a table.
func TestHugeLine(t *testing.T) {
	huge := strings.Repeat("x", 50<<20)
	obj := strings.TrimSpace(strings.Replace(line("h"), "ada@", huge, 1))
	for name, data := range map[string]string{
		"a.jsonl": line("a") + obj + "\n" + line("b"),
		"b.json":  "[\n" + strings.TrimSpace(line("a")) + ",\n" + obj + ",\n" + line("b") + "]",
		"c.csv":   "Date (UTC),Request ID,Username,IP address,Status\n2026-03-02T08:00:00Z,a,ada@example.com,,Success\nx," + huge + "\n2026-03-02T08:00:00Z,b,ada@example.com,,Success\n",
	} {
		var bad []*LineError
		var events int
		for b, err := range Read(context.Background(), []Source{ReaderSource(name, strings.NewReader(data))}, Options{Workers: 1, MaxLine: 1 << 20}) {
			if err != nil {
				t.Fatal(err)
			}
			if b.FileErr != nil {
				t.Error(b.FileErr)
			}
			events += len(b.Events)
			bad = append(bad, b.Bad...)
			if b.Bytes > 1<<20+2*chunkSize {
				t.Errorf("%s: a piece of %d bytes was held", name, b.Bytes)
			}
		}
		if events != 2 || len(bad) != 1 || !strings.Contains(bad[0].Error(), "longer than") {
			t.Errorf("%s: %d events, bad %v", name, events, bad)
			continue
		}
		if n := len(bad[0].Raw); n == 0 || n > rawKept {
			t.Errorf("%s: %d bytes kept", name, n)
		}
	}
}

func TestEncodingsAndCompression(t *testing.T) {
	text := line("a") + line("b")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16be, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	bare, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)
	z, _ := zstd.NewWriter(nil)
	for name, data := range map[string][]byte{
		"plain": []byte(text), "bom": []byte("\xef\xbb\xbf" + text), "utf16le": []byte(utf16), "utf16be": []byte(utf16be), "utf16 without mark": []byte(bare),
		"gzip": gzipped(text), "gzip members": append(gzipped(line("a")), gzipped(line("b"))...), "zstd": z.EncodeAll([]byte(text), nil),
		"gzip of utf16": gzipped(utf16), "zstd of gzip": z.EncodeAll(gzipped(text), nil), "no newline at the end": []byte(strings.TrimSpace(text)),
		"crlf": []byte(strings.ReplaceAll(text, "\n", "\r\n")),
	} {
		a := collect(t, []Source{ReaderSource(name, bytes.NewReader(data))}, Options{})[name]
		if a.Err != nil || a.Events != 2 || a.Bad != 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// TestMixedFolder: two tenants, a policy and an audit log in one folder.
func TestMixedFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"b/two.jsonl": strings.Replace(line("b"), `"T"`, `"T2"`, 1), "a.json": line("a"), "policy.json": `{"id":"x","state":"enabled"}`,
		".hidden": line("h"), "c/empty": "", ".git/x.json": line("g"),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Symlink(dir, filepath.Join(dir, "c", "loop"))
	_ = os.Symlink("nowhere", filepath.Join(dir, "dangling"))
	_ = os.Symlink(filepath.Join(dir, "a.json"), filepath.Join(dir, "again.json"))
	sources, err := Expand([]string{dir, filepath.Join(dir, "*.json")})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range sources {
		rel, _ := filepath.Rel(dir, s.Name)
		names = append(names, filepath.ToSlash(rel))
	}
	if got := strings.Join(names, " "); got != "a.json b/two.jsonl c/empty policy.json" {
		t.Errorf("sources %s", got)
	}
	accounts := collect(t, sources, Options{})
	var tenants, failed int
	for _, a := range accounts {
		tenants += len(a.Tenants)
		if a.Err != nil {
			failed++
		}
	}
	if tenants != 2 || failed != 2 {
		t.Errorf("%d tenants, %d files refused", tenants, failed)
	}
	for _, p := range []string{filepath.Join(dir, "missing"), filepath.Join(dir, "*.nothing"), "[", filepath.Join(dir, "a[")} {
		if _, err := Expand([]string{p}); err == nil {
			t.Errorf("%s is accepted", p)
		}
	}
}

// endless is a log that never ends; its reader can be told to stop.
type endless struct{ text string }

func (e *endless) Read(p []byte) (int, error) { return copy(p, e.text), nil }

func TestCancel(t *testing.T) {
	for name, stuck := range map[string]bool{"endless": false, "stuck": true} {
		ctx, cancel := context.WithCancel(context.Background())
		var src Source
		if stuck {
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			src = ReaderSource(name, r)
			time.AfterFunc(20*time.Millisecond, cancel)
		} else {
			src = ReaderSource(name, &endless{strings.Repeat(line("a"), 1)})
		}
		start := time.Now()
		var last error
		for _, err := range Read(ctx, []Source{src}, Options{Workers: 2}) {
			last = err
			cancel()
		}
		if !errors.Is(last, context.Canceled) || time.Since(start) > 2*time.Second {
			t.Errorf("%s: ended with %v after %v", name, last, time.Since(start))
		}
		cancel()
	}
	for range Read(context.Background(), []Source{ReaderSource("x", &endless{line("a")})}, Options{Workers: 2}) {
		break // the consumer may leave at any time
	}
}
