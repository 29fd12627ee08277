package ingest

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Decoders of formats that let their input be used again keep nothing of it: the
// same fixtures, read over and over by the same workers while every released
// batch is spoiled, give the same events each time.
func TestReleasedMemoryIsNotKept(t *testing.T) {
	poison = true
	defer func() { poison = false }()
	const passes = 12
	for _, f := range Formats() {
		if !f.reuse {
			continue
		}
		paths, err := filepath.Glob(filepath.Join("testdata", f.Name, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		var sources []Source
		for range passes {
			for _, p := range paths {
				ar, err := txtar.ParseFile(p)
				if err != nil {
					t.Fatal(err)
				}
				sources = append(sources, ReaderSource(ar.Files[0].Name, bytes.NewReader(ar.Files[0].Data)))
			}
		}
		// One worker, so that what it remembers of a file meets the next one.
		first, files, released := make([]string, len(paths)), 0, 0
		var events strings.Builder
		for b, err := range Read(context.Background(), sources, Options{Format: f.Name, Workers: 1}) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range b.Events {
				events.WriteString(dump(&b.Events[i]) + "\n")
			}
			if len(b.bufs) > 0 {
				released++
			}
			b.Release()
			if !b.Last {
				continue
			}
			got := events.String()
			events.Reset()
			was := &first[files%len(paths)]
			if files < len(paths) {
				*was = got
			} else if got != *was {
				t.Errorf("%s, %s: read again it gave\n%s\nat first\n%s", f.Name, b.File, got, *was)
			}
			files++
		}
		if released < passes*len(paths) {
			t.Errorf("%s: %d of %d batches were released", f.Name, released, passes*len(paths))
		}
	}
}

// Lists are put together from parts seen in input that is long gone: new
// combinations of known policies, methods and networks, chunk after chunk.
func TestListsOutliveTheirInput(t *testing.T) {
	results := []string{"success", "notApplied", "failure", "reportOnlyNotApplied", "notEnabled"}
	var data bytes.Buffer
	for i := range 4000 {
		var policies, steps, networks []string
		for p := range 6 {
			policies = append(policies, fmt.Sprintf(`{"id":"%08d-1111-4111-8111-111111111111","displayName":"policy %d, %s","result":%q}`,
				p, p, strings.Repeat("x", 200), results[(p+i>>(2*p))%len(results)]))
			if i>>p&1 == 1 {
				steps = append(steps, fmt.Sprintf(`{"authenticationMethod":"method %d","succeeded":true}`, p))
				networks = append(networks, fmt.Sprintf(`{"networkType":"namedNetwork","networkNames":["network %d"]}`, p))
			}
		}
		fmt.Fprintf(&data, `{"id":"%08d-2222-4222-8222-222222222222","createdDateTime":"2026-03-02T08:00:00Z","userId":"u%d","ipAddress":"198.51.100.7","status":{"errorCode":0},`+
			`"appliedConditionalAccessPolicies":[%s],"authenticationDetails":[%s],"networkLocationDetails":[%s],"conditionalAccessAudiences":["audience %d"]}`+"\n",
			i, i%90, strings.Join(policies, ","), strings.Join(steps, ","), strings.Join(networks, ","), i/100)
	}
	read := func(release bool) []string {
		var events []string
		for b, err := range Read(context.Background(), []Source{ReaderSource("x.jsonl", bytes.NewReader(data.Bytes()))}, Options{Workers: 1}) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range b.Events {
				events = append(events, dump(&b.Events[i]))
			}
			if release {
				b.Release()
			}
		}
		return events
	}
	want := read(false)
	poison = true
	defer func() { poison = false }()
	got := read(true)
	if len(want) != 4000 || len(got) != len(want) {
		t.Fatalf("%d and %d events", len(want), len(got))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("event %d:\n got %s\nwant %s", i, got[i], want[i])
		}
	}
}
