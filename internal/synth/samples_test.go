package synth

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite the files of sample-logs")

// TestSamples keeps sample-logs in step with the code. Run it with -update
// after a change.
func TestSamples(t *testing.T) {
	root := filepath.Join("..", "..", "sample-logs")
	total := 0
	for _, s := range Samples() {
		if s.Name == "README.md" {
			readme(t, filepath.Join(root, s.Name), s.Text)
			continue
		}
		total += len(s.Text)
		path := filepath.Join(root, filepath.FromSlash(s.Name))
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, s.Text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(have, s.Text) {
			t.Errorf("%s is not what the code writes; run the test with -update", s.Name)
		}
		checkJSON(t, s)
	}
	if total > 330_000 {
		t.Errorf("sample-logs has %d bytes, at most 330,000 are meant", total)
	}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if folder, _, _ := strings.Cut(filepath.ToSlash(rel), "/"); folder != "entra" && folder != "okta" {
			return nil // written by hand, and read by the tests of ingest
		}
		for _, s := range Samples() {
			if s.Name == filepath.ToSlash(rel) {
				return nil
			}
		}
		t.Errorf("%s belongs to no sample", rel)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// readme checks that the README of all samples has the rows of those written here.
func readme(t *testing.T, path string, ours []byte) {
	t.Helper()
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for row := range strings.SplitSeq(string(ours), "\n") {
		if strings.HasPrefix(row, "| `") && !strings.Contains(string(have), row) {
			t.Errorf("README.md lacks the row %s", row)
		}
	}
}

func checkJSON(t *testing.T, s Sample) {
	t.Helper()
	switch {
	case strings.HasSuffix(s.Name, ".json"):
		if !json.Valid(s.Text) {
			t.Errorf("%s is not JSON", s.Name)
		}
	case strings.HasSuffix(s.Name, ".jsonl"):
		for i, l := range strings.Split(strings.TrimSpace(string(s.Text)), "\n") {
			if !json.Valid([]byte(l)) {
				t.Errorf("%s line %d is not JSON", s.Name, i+1)
			}
		}
	}
}

// TestStories: the files show what the README says of them.
func TestStories(t *testing.T) {
	codes := func(tell func(*stage) (string, []byte)) (out []int32) {
		st := newStage()
		tell(st)
		for _, r := range st.records() {
			out = append(out, r.code)
		}
		return out
	}
	count := func(cs []int32, want int32) (n int) {
		for _, c := range cs {
			if c == want {
				n++
			}
		}
		return n
	}
	if c := codes((*stage).frequency); count(c, 70043) != 1 || count(c, 50074) != 1 || c[len(c)-1] != 0 {
		t.Errorf("frequency: codes %v", c)
	}
	if c := codes((*stage).trainingJob); count(c, 70043) != 3 || c[len(c)-1] != 70043 {
		t.Errorf("training job: codes %v", c)
	}
	if c := codes((*stage).spray); count(c, 50126) != 16 || count(c, 0) != 1 || count(c, 50076) != 1 {
		t.Errorf("spray: codes %v", c)
	}
	if c := codes((*stage).vpnSwitch); count(c, 0) != 4 {
		t.Errorf("vpn switch: codes %v", c)
	}
	if c := codes((*stage).trip); count(c, 0) != 3 {
		t.Errorf("trip: codes %v", c)
	}
	if c := codes((*stage).carrier); count(c, 0) != 4 {
		t.Errorf("carrier: codes %v", c)
	}
}
