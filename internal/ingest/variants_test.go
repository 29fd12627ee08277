package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/unicode"

	"frisk/internal/ingest/jsonscan"
)

// reversed is a JSON object with its members in the opposite order. Members of
// one name stay in order, since the last of them counts.
func reversed(rec []byte) ([]byte, bool) {
	var s jsonscan.Scanner
	var d doc
	v, err := d.parseObject(&s, rec, false)
	if err != nil {
		return nil, false
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(rec, &raw) != nil {
		return nil, false
	}
	var names []string
	for name := range v.members() {
		if slices.Contains(names, name) {
			return nil, false
		}
		names = append(names, name)
	}
	slices.Reverse(names)
	out := []byte{'{'}
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		key, _ := json.Marshal(name)
		out = append(append(append(out, key...), ':'), raw[name]...)
	}
	return append(out, '}'), true
}

// TestShapesOfJSON: the records of a fixture are the same events as JSON lines,
// as an array, indented, with their members in another order, packed and in
// UTF-16; and each record that is a sign-in is known for what it is when it
// stands alone.
func TestShapesOfJSON(t *testing.T) {
	for _, format := range []string{"m365-audit", "defender-hunting", "google-workspace", "aws-cloudtrail"} {
		for _, in := range fixtureInputs(t, format) {
			s := probe(in.Data)
			sp := splitter(newValueSplitter())
			if s.shape == shapeLines {
				sp = newLineSplitter()
			}
			var lines, turned, pretty [][]byte
			for _, r := range sp.scan(in.Data, 0, true, nil) {
				rec := in.Data[r.start:r.end]
				back, ok := reversed(rec)
				var wide, line bytes.Buffer
				if !ok || json.Indent(&wide, rec, "", "  ") != nil || json.Compact(&line, rec) != nil {
					continue
				}
				lines, turned, pretty = append(lines, line.Bytes()), append(turned, back), append(pretty, wide.Bytes())
			}
			array := func(recs [][]byte) []byte {
				return slices.Concat([]byte("[\n"), bytes.Join(recs, []byte(",\n")), []byte("\n]\n"))
			}
			plain := append(bytes.Join(lines, []byte("\n")), '\n')
			want := idsOf(t, in.Name, format, plain)
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			if _, err := z.Write(plain); err != nil || z.Close() != nil {
				t.Fatal(err)
			}
			wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(plain)
			if err != nil {
				t.Fatal(err)
			}
			for name, data := range map[string][]byte{
				"array": array(lines), "reordered": array(turned), "indented": array(pretty), "indented, one after the other": bytes.Join(pretty, []byte("\n")),
				"gzip": packed.Bytes(), "UTF-16": wide, "a byte order mark": append([]byte("\xef\xbb\xbf"), plain...),
			} {
				if got := idsOf(t, in.Name, format, data); !slices.Equal(got, want) {
					t.Errorf("%s %s, %s: %q, want %q", format, in.Name, name, got, want)
				}
			}
			for i, line := range lines {
				for _, data := range [][]byte{line, turned[i], pretty[i]} {
					if ids := idsOf(t, in.Name, "", line); len(ids) > 0 && !slices.Equal(ids, idsOf(t, in.Name, format, data)) {
						t.Errorf("%s %s: record %d alone is read as something else:\n%s", format, in.Name, i+1, data)
					}
				}
			}
		}
	}
}

// idsOf is the ids of a file's events, preceded by its format where that is not
// the one wanted ("" = any).
func idsOf(t *testing.T, name, format string, data []byte) []string {
	t.Helper()
	var ids []string
	for b := range readWhole(t, name, data, Options{Workers: 1, AsOf: fixtureAsOf}) {
		if format != "" && b.Format != format {
			ids = append(ids, fmt.Sprint("format ", b.Format, " ", b.FileErr))
		}
		for i := range b.Events {
			ids = append(ids, b.Events[i].ID)
		}
	}
	return ids
}

// TestLargeRecords: a record of some MiB that holds as much of one thing as fits
// takes no time to speak of; what took the square of its length would not end
// before the test's own limit.
func TestLargeRecords(t *testing.T) {
	const n = 2 << 20
	rep := func(s string) string { return strings.Repeat(s, n/len(s)) }
	google := func(rest string) string {
		return `{"kind":"admin#reports#activity","id":{"time":"2026-03-02T08:00:00Z","uniqueQualifier":"1","applicationName":"login"},"actor":{"email":"a@example.com"},` + rest + `}`
	}
	half := func(s string) string { return strings.Repeat(s, n/2/len(s)) }
	for name, record := range map[string]string{
		"google events":             google(`"events":[` + rep(`{"name":"login_success"},`) + `{"name":"login_success"}]`),
		"google others":             google(`"events":[` + rep(`{"name":"x"},`) + `{"name":"login_success"}]`),
		"google members and events": google(half(`"a":1,`) + `"events":[` + half(`{"name":"login_success"},`) + `{"name":"login_success"}]`),
		"google parameters":         google(`"events":[{"name":"login_success","parameters":[` + rep(`{"name":"x"},`) + `{"name":"y"}]}]`),
		"google levels":             google(`"events":[{"name":"login_success","parameters":[{"name":"login_challenge_method","multiValue":[` + rep(`"a",`) + `"password"]}]}]`),
		"aws members":               cloudTrailRecord("signin", "ConsoleLogin", `"type":"Root","arn":"a"`, rep(`"a":1,`)+`"responseElements":{"ConsoleLogin":"Success"}`),
		"aws keys":                  cloudTrailRecord("s3", "GetObject", `"type":"Root","arn":"a"`, rep(`"eventSource":1,`)+`"x":1`),
		"aws credentials": cloudTrailRecord("signin", "UserAuthentication", `"type":"Unknown","userName":"a"`,
			`"additionalEventData":{"CredentialType":"`+rep("A,")+`"},"serviceEventDetails":{"UserAuthentication":"Success"}`),
		"m365 properties": `{"CreationTime":"2026-03-02T08:00:00","Operation":"UserLoggedIn","RecordType":15,"UserId":"a","ExtendedProperties":[` + rep(`{"Name":"a"},`) + `{}]}`,
		"m365 actors":     `{"CreationTime":"2026-03-02T08:00:00","Operation":"UserLoggedIn","RecordType":15,"UserId":"a","Actor":[` + rep(`{"Type":0},`) + `{}]}`,
		"defender":        `{"Timestamp":"2026-03-02T08:00:00Z","RequestId":"r","AccountObjectId":"a","ErrorCode":0,` + rep(`"a":1,`) + `"x":1}`,
	} {
		word, _, _ := strings.Cut(name, " ")
		records := int64(0)
		for b := range decodeHere(t, "a.json", []byte(record), Options{Workers: 1, Format: largeFormats[word]}) {
			records += b.Records
			if len(b.Bad) > 0 {
				t.Errorf("%s: %.200v", name, b.Bad[0])
			}
		}
		if records == 0 {
			t.Errorf("%s: nothing was read", name)
		}
	}
}

var largeFormats = map[string]string{"google": "google-workspace", "aws": "aws-cloudtrail", "m365": "m365-audit", "defender": "defender-hunting"}
