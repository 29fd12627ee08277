package directory

import (
	"bytes"
	"path/filepath"
	"testing"

	"frisk/internal/signin"

	"github.com/rogpeppe/go-internal/txtar"
)

// Whatever a file holds: no panic, an error or an account that says what was
// read, the same directory each time, and no answer from a directory that
// contradicts the plain facts put in.
func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		ar, err := txtar.ParseFile(c)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if file.Name != "want" {
				f.Add(file.Name, file.Data)
			}
		}
	}
	f.Add("x.json", []byte(`[[{"id":1}],{"value":[[]]},{"users":[3,{"id":"a","groups":"x;y"}]}]`))
	f.Add("x.csv", []byte("id,userPrincipalName\n\"\"\"\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		read := func() (string, error) {
			d := New()
			l := NewLoader(d, Options{})
			if err := l.Read(name, bytes.NewReader(data)); err != nil {
				return "", err
			}
			files := l.Finish()
			if got := files[0]; got.Bad > 0 && len(got.Issues) == 0 {
				t.Fatalf("%d bad records and no issue", got.Bad)
			}
			for _, q := range d.Requests {
				if q.Created == 0 || q.Beneficiary == "" || q.ID == "" {
					t.Fatalf("incomplete request %+v", q)
				}
			}
			for _, a := range d.Activity {
				if a.Time < signin.Earliest || a.Resource == "" {
					t.Fatalf("incomplete operation %+v", a)
				}
			}
			return dump(d, files), nil
		}
		a, errA := read()
		b, errB := read()
		if a != b || (errA == nil) != (errB == nil) {
			t.Fatalf("two readings differ:\n%s\n%s", a, b)
		}
	})
}

func FuzzParseTime(f *testing.F) {
	f.Add("2026-03-01T08:00:00Z")
	f.Add("4/26/2021, 7:18:24.156 PM")
	f.Add("PT8H")
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := parseTime(s); err == nil && v != 0 && (v < signin.Earliest || v >= signin.Latest) {
			t.Fatalf("%q gives %s", s, v)
		}
		if d, ok := parseDuration(s); ok && d < 0 {
			t.Fatalf("%q gives %d", s, d)
		}
	})
}
