package analysis

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/dataset"
)

// accounts are the sources of the dataset, without what differs from one way of
// reading to another.
func (f *following) accounts() []dataset.Source {
	f.t.Helper()
	d, err := dataset.Open(f.data)
	if err != nil {
		f.t.Fatal(err)
	}
	m := d.Manifest()
	for i := range m.Sources {
		s := &m.Sources[i]
		s.Follow, s.Ingests, s.QuarantineFile, s.QuarantineSum = nil, 0, "", ""
	}
	return m.Sources
}

// quarantined are the raw texts in quarantine, by file.
func (f *following) quarantined() string {
	f.t.Helper()
	files, err := filepath.Glob(filepath.Join(f.data, "quarantine", "*"))
	if err != nil {
		f.t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

// A file that was read in many pieces has the account, and the bad records, that
// it has when it is read at once.
func TestFollowAccountsLikeOneIngest(t *testing.T) {
	bad := func(n string) string { return `{"id":"` + n + `","createdDateTime":"never"}` + "\n" }
	pieces := []string{
		signInLines(1, 2) + bad("one"), signInLines(2, 4), bad("two") + bad("three") + signInLine(5)[:50],
		signInLine(5)[50:] + "\n", signInLines(6, 6) + bad("four"), signInLines(7, 7),
	}
	header := "Date (UTC),Request ID,User ID,Username,Application,IP address,Status,Sign-in error code\r\n"
	row := func(n string) string {
		return "2026-05-04T08:00:0" + n + "Z,11111111-0000-4000-8000-00000000010" + n + ",aaaaaaaa-0000-4000-8000-000000000001,ann@example.com,Mail,192.0.2.7,Success,\r\n"
	}
	table := []string{header + row("1"), "never" + row("2") + row("3"), row("4")}

	f := newFollowing(t)
	f.write("a.jsonl", pieces[0])()
	f.write("t.csv", table[0])()
	var steps []func()
	for i, p := range pieces[1:] {
		steps = append(steps, func() {
			f.add("a.jsonl", p)()
			if i+1 < len(table) {
				f.add("t.csv", table[i+1])()
			}
		})
	}
	f.run(steps[:2]...)
	f.run(steps[2:]...) // another process goes on
	one := newFollowing(t)
	one.dir = f.dir // under the same names
	one.run()
	if diff := cmp.Diff(one.accounts(), f.accounts()); diff != "" {
		t.Errorf("accounts (-one ingest +followed):\n%s", diff)
	}
	if diff := cmp.Diff(one.quarantined(), f.quarantined()); diff != "" {
		t.Errorf("quarantine (-one ingest +followed):\n%s", diff)
	}
	for _, n := range []string{"one", "two", "three", "four"} {
		if !strings.Contains(f.quarantined(), n) {
			t.Errorf("the bad record %q is lost", n)
		}
	}
	if r, err := dataset.Repair(t.Context(), f.data, dataset.RepairOptions{CheckOnly: true}); err != nil || len(r.Damage) > 0 {
		t.Errorf("check: %+v, %v", r, err)
	}
	// A file that began anew has an account of its own.
	f.run(f.write("a.jsonl", signInLines(30, 31)))
	if s := f.accounts()[0]; s.Records != 2 || s.Quarantined != 0 {
		t.Errorf("after rotation: %+v", s)
	}
}
