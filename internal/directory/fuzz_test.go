package directory

import (
	"bytes"
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/go-json-experiment/json/jsontext"
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
	f.Add("2026-05-01/x.json", []byte(`{"groups":[{"id":"g","members":["u"]}],"riskyUsers":[{"id":"u","riskLevel":"low","riskLastUpdatedDateTime":"2026-05-01T00:00:00Z"}]}`))
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
				if a.Time < signin.Earliest || a.Resource == "" || a.Principal == "" && a.Caller == "" && a.Token == "" {
					t.Fatalf("incomplete operation %+v", a)
				}
			}
			for _, a := range d.AzureRoles {
				if a.Principal == "" || a.Role == "" || a.Scope == "" || a.Scope[0] != '/' {
					t.Fatalf("incomplete role assignment %+v", a)
				}
			}
			for _, c := range files[0].Counts {
				if c.Records <= 0 {
					t.Fatalf("%d records of %s", c.Records, c.Kind)
				}
			}
			sealedShares(t, d)
			for k := range d.risk {
				for id, list := range d.risk[k] {
					if id == "" || !slices.IsSortedFunc(list, func(a, b Level) int { return cmp.Compare(a.At, b.At) }) {
						t.Fatalf("levels of %q: %v", id, list)
					}
				}
			}
			for i, e := range d.PolicyEdits() {
				if e.At < signin.Earliest || e.ID == "" || e.Old != "" && !jsontext.Value(e.Old).IsValid(jsonOptions...) || e.New != "" && !jsontext.Value(e.New).IsValid(jsonOptions...) {
					t.Fatalf("incomplete edit %+v", e)
				}
				if i > 0 && d.edits[i-1].At > e.At {
					t.Fatal("edits out of order")
				}
			}
			for user, groups := range d.transitive {
				for group, spans := range groups {
					for _, s := range spans {
						if d.Member(user, group, max(s.From, 1)) != signin.True {
							t.Fatalf("%s in %s: %v", user, group, s)
						}
						if d.maybe != nil && !holds(d.maybe[user][group], max(s.From, 1)) {
							t.Fatalf("%s in %s is certain and not possible", user, group)
						}
					}
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

// sealedShares attributes a sign-in of everybody named and of nobody: whatever was
// loaded, the parts add up to exactly one.
func sealedShares(t *testing.T, d *Directory) {
	a, sym := NewAttributor(d), signin.NewSymbols()
	try := func(r row) {
		x := signin.RowOf(r.event(), sym)
		sum := 0.0
		for _, s := range a.Attribute(&x, sym) {
			sum += s.Weight
		}
		if sum != 1 {
			t.Fatalf("%+v: parts add up to %v", r, sum)
		}
	}
	try(row{who: "nobody", app: studio, at: t0})
	for _, op := range d.Activity {
		try(row{who: op.Principal, name: op.Caller, app: studio, token: op.Token, at: op.Time})
	}
	for _, r := range d.AzureRoles {
		try(row{who: r.Principal, name: r.Principal, resource: mlData, at: t0})
	}
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

// The values of the audit log are JSON in strings in strings.
func FuzzAuditValue(f *testing.F) {
	for _, s := range []string{`"\"g1\""`, `["a"]`, `{"state":"enabled"}`, `"{\"state\":\"enabled\"}"`, `"\"{\\\"a\\\":1}\""`, `{"cut`, `"{\"cut`, `null`, ` `, `[["x"]]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = plain(s)
		text, cut := objectText(s)
		if text != "" && (cut || text[0] != '{' || !jsontext.Value(text).IsValid(jsonOptions...)) {
			t.Fatalf("%q gives %q, cut %v", s, text, cut)
		}
		if again, _ := objectText(text); again != text {
			t.Fatalf("%q gives %q, then %q", s, text, again)
		}
	})
}

func FuzzFolderDate(f *testing.F) {
	for _, s := range []string{"2026-05-01", "20260501", "2026-05-01T12-00Z", "2026-02-30", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		from, to, ok := FolderDate(s)
		if ok && (from < signin.Earliest || from >= signin.Latest || to <= from || to > from+signin.Day) {
			t.Fatalf("%q gives %s to %s", s, from, to)
		}
		if ok && !strings.Contains(s, "/") && momentOf("a/"+s+"/x.json") != (moment{from, to}) {
			t.Fatalf("%q in a path gives %v", s, momentOf("a/"+s+"/x.json"))
		}
	})
}

// Two bytes are one fact: what is told never depends on the order of the
// facts, and what is certain is possible.
func FuzzFacts(f *testing.F) {
	f.Add([]byte{10, 1, 20, 0, 15, 2})
	f.Add([]byte{5, 6, 5, 3, 90, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var facts []fact
		for i := 0; i+1 < len(data) && i < 40; i += 2 {
			at := t0 + signin.Time(data[i])*6*signin.Hour
			joined := data[i+1]&1 == 1
			if data[i+1]&2 == 0 {
				facts = append(facts, seen(moment{at, at + day}, signin.TruthOf(joined)))
				continue
			}
			c := changed(at, joined)
			c.soft = data[i+1]&4 != 0
			facts = append(facts, c)
		}
		sure, maybe := resolve(facts)
		slices.Reverse(facts)
		if s, m := resolve(facts); !slices.Equal(s, sure) || !slices.Equal(m, maybe) {
			t.Fatalf("order counts: %v %v, %v %v", sure, maybe, s, m)
		}
		for q := range 260 * 2 {
			at := t0 + signin.Time(q)*3*signin.Hour
			if holds(sure, at) && maybe != nil && !holds(maybe, at) {
				t.Fatalf("certain and not possible: %v %v", sure, maybe)
			}
		}
		for _, l := range [][]span{sure, maybe} {
			for i, s := range l {
				if s.Until != 0 && s.Until <= s.From || i > 0 && l[i-1].Until >= s.From {
					t.Fatalf("spans %v", l)
				}
			}
		}
	})
}
