package dataset

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Whatever a source is called, its quarantine file is one plain name in the
// quarantine folder, and two sources never share one.
func TestQuarantineNames(t *testing.T) {
	d := create(t)
	names := []string{
		"../../etc/passwd", "a/../b.json", "..", ".", "", "-", "a\nb.json", "a\x1b[2Jb.json", "C:\\logs\\a.json", "a b.json", "ä\u202eb.json",
		"a\x00b", "NUL", "x" + string(make([]byte, 4096)), "s3://bucket/key?versionId=1",
	}
	a, err := d.Append(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if err := a.Quarantine(name, BadRecord{Line: int64(i + 1), Cause: "bad"}); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
	}
	if _, err := a.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	plain := regexp.MustCompile(`^[A-Za-z0-9_.-]{1,120}$`)
	seen := map[string]bool{}
	for _, s := range d.Manifest().Sources {
		if !plain.MatchString(s.QuarantineFile) || seen[s.QuarantineFile] {
			t.Errorf("%q: file %q", s.Name, s.QuarantineFile)
		}
		seen[s.QuarantineFile] = true
	}
	entries, err := os.ReadDir(filepath.Join(d.Dir(), quarantineDir))
	if err != nil || len(entries) != len(names) {
		t.Errorf("%d files of %d: %v", len(entries), len(names), err)
	}
	rep, err := Repair(t.Context(), d.Dir(), RepairOptions{CheckOnly: true})
	if err != nil || len(rep.Damage) > 0 {
		t.Errorf("check: %+v %v", rep, err)
	}
}
