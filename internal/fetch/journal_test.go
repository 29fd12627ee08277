package fetch

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"frisk/internal/fetch/graphtest"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// Rows on the border of two slices, to the last digit, come once.
func TestSliceBorders(t *testing.T) {
	s := graphtest.Sample(now, 0)
	border := now.Truncate(DefaultSlice)
	for i, d := range []time.Duration{-time.Second, -100 * time.Nanosecond, 0, 100 * time.Nanosecond, time.Second} {
		s.Add(graphtest.SignIns, graphtest.SignIn("interactiveUser", i, border.Add(d)))
	}
	o := testOptions(t, s, "signins-interactive")
	mustRun(t, o)
	wantOnce(t, tree(t, o.Out, false), 5)
}

// Pages of a walk that began again, and half-written ones, are not published.
func TestLeftoversAreNotPublished(t *testing.T) {
	f, err := openFolder(t.TempDir(), "host", "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.unlock()
	j, err := newJournal(f.job("users"), head{Part: "users", Host: "host", Started: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"users-0001.json", "users-0002.json"} {
		if err := j.page("users", p, &page{data: []byte("old"), rows: 1, next: "x" + p}); err != nil {
			t.Fatal(err)
		}
	}
	// Killed after the line that the walk begins again and before its files are gone.
	if err := j.add(entry{Unit: "users", Again: true}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(j.filesDir(), "users-0003.json.part"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := j.page("users", "users-0001.json", &page{data: []byte("new"), rows: 1}); err != nil {
		t.Fatal(err)
	}
	if err := j.add(entry{Done: true}); err != nil {
		t.Fatal(err)
	}
	j.close()
	if err := f.recover(0); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"directory/" + now.Format(stamp) + "/users/users-0001.json": "new"}
	if d := cmp.Diff(want, tree(t, f.out, false)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if l, ok := f.state.snapshot("users"); !ok || l.Rows != 1 || l.Pages != 1 {
		t.Errorf("state %+v", l)
	}
}

// Whatever a log holds, what is understood of it is kept and can be gone on with.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"head":{"part":"users","host":"h","request":"r","started":"2026-05-01T00:00:00Z"}}` + "\n" +
		`{"unit":"users","file":"users-0001.json","rows":3,"next":"https://x/y"}` + "\n" + `{"unit":"users","again":true}` + "\n" + `{"unit":"us`))
	f.Add([]byte(`{"unit":"users"}` + "\n"))
	f.Add([]byte(`{"head":{}}` + "\n" + `{"head":{}}` + "\n" + `{"done":true}` + "\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		j, good := parseLog(data)
		if good == 0 {
			return
		}
		line, err := json.Marshal(&entry{Unit: "more", Rows: 1})
		if err != nil {
			t.Fatal(err)
		}
		again, all := parseLog(append(append(bytes.Clone(data[:good]), line...), '\n'))
		if all != good+int64(len(line))+1 || again.rows() != j.rows()+1 || !again.units["more"].whole || again.done != j.done {
			t.Errorf("%d bytes and %d rows, then %d bytes and %d rows", good, j.rows(), all, again.rows())
		}
		for _, f := range again.files() {
			if !filepath.IsLocal(f) {
				t.Errorf("a file %q", f)
			}
		}
	})
}
