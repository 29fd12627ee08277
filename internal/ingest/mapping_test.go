package ingest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestMappings reads testdata/mapping/CASE.txtar: mapping.yaml, the input, and
// "want": what came out and what a trial says.
func TestMappings(t *testing.T) {
	paths, err := filepath.Glob("testdata/mapping/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m, err := ParseMapping(ar.Files[0].Data)
			if err != nil {
				t.Fatal(err)
			}
			in := ar.Files[1]
			opt := Options{Workers: 1, AsOf: fixtureAsOf, Mappings: []*Mapping{m}}
			got := result(t, in.Name, in.Data, opt)
			trial, err := Try(context.Background(), ReaderSource(in.Name, strings.NewReader(string(in.Data))), opt, 100)
			if err != nil {
				t.Fatal(err)
			}
			if trial.Account.Format != m.Name() {
				t.Errorf("read as %q: %v", trial.Account.Format, trial.Account.Err)
			}
			for _, u := range trial.Unused {
				got += "unused: " + u.Path + " = " + u.Example + "\n"
			}
			for _, u := range trial.Unmapped {
				got += "unmapped: " + u.Field + " " + u.Value + "\n"
			}
			if *update {
				ar.Files = []txtar.File{ar.Files[0], in, {Name: "want", Data: []byte(got)}}
				if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil { //nolint:gosec // test data is public
					t.Fatal(err)
				}
				return
			}
			if len(ar.Files) != 3 {
				t.Fatal("the fixture has no expectation: run the test with -update and review")
			}
			if diff := cmp.Diff(string(ar.Files[2].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMappingErrors(t *testing.T) {
	const ok = "name: x\nkind: json\nfields:\n  time: t\n  outcome: {from: o, map: {y: success}}\n  user.name: u\n"
	if _, err := ParseMapping([]byte(ok)); err != nil {
		t.Fatal(err)
	}
	for edit, want := range map[[2]string]string{
		{"name: x", "name: X"}:                             "lower-case letters",
		{"name: x", "name: entra-graph"}:                   "built-in",
		{"kind: json", "kind: xml"}:                        `kind "xml": want json, csv or keyvalue`,
		{"kind: json", "kind: csv\nrecord: a"}:             "record is for kind json",
		{"user.name: u", "user.nmae: u"}:                   `"user.nmae" is none of time, id`,
		{"  user.name: u\n", ""}:                           "one of",
		{"  time: t\n", ""}:                                `"time" is missing`,
		{"y: success", "y: succes"}:                        `"succes" is none of success, failure, challenge`,
		{"from: o,", ""}:                                   "either from or value",
		{"time: t", "time: {from: t, pattern: x}"}:         "no group",
		{"time: t", "time: {from: t, pattern: (}"}:         "pattern",
		{"time: t", "time: {from: t, split: x}"}:           "split is for lists",
		{"time: t", "time: {from: t, layout: dd.MM.yyyy}"}: `layout "dd.MM.yyyy" is not Go's form`,
		{"time: t", "time: {from: t, layout: unix_ms}"}:    `layout "unix_ms" is not Go's form`,
		{"kind: json", "kind: json\nkidn: x"}:              "kidn",
		{"kind: json", "kind: json\ntimeZone: Mars/Base"}:  "timeZone",
		{"kind: json", "kind: json\nmatch: {file: '['}"}:   "match.file",
		{ok, "\t"}: "",
	} {
		_, err := ParseMapping([]byte(strings.Replace(ok, edit[0], edit[1], 1)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", edit[1], err, want)
		}
	}
}

// FuzzMapping: any mapping file gives a mapping or an error, and a mapping reads
// any file without panic.
func FuzzMapping(f *testing.F) {
	paths, err := filepath.Glob("testdata/mapping/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range paths {
		ar, err := txtar.ParseFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(ar.Files[0].Data, ar.Files[1].Data)
	}
	f.Fuzz(func(t *testing.T, spec, data []byte) {
		m, err := ParseMapping(spec)
		if err != nil {
			return
		}
		trial, err := Try(context.Background(), ReaderSource("x", strings.NewReader(string(data))), Options{Format: m.Name(), Mappings: []*Mapping{m}, AsOf: fixtureAsOf, MaxLine: 1 << 16}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for i := range trial.Events {
			if err := trial.Events[i].Validate(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestPairs(t *testing.T) {
	for in, want := range map[string][]pair{
		`a=1 b="x y" c='q"' d=`:                  {{"a", "1"}, {"b", "x y"}, {"c", `q"`}, {"d", ""}},
		`Mar  2 host app[1]: type=LOGIN, ip=::1`: {{"type", "LOGIN"}, {"ip", "::1"}},
		`m="say \"hi\" \\ there" k=v`:            {{"m", `say "hi" \ there`}, {"k", "v"}},
		`m="open k=v`:                            {{"m", `"open`}, {"k", "v"}},
		`= == a==b`:                              {{"a", "=b"}},
		`user=it's k=v`:                          {{"user", "it's"}, {"k", "v"}},
	} {
		if diff := cmp.Diff(want, splitPairs(in, nil), cmp.AllowUnexported(pair{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in, diff)
		}
	}
}
