package dataset

import (
	"encoding/json"
	"errors"
	"testing"
)

// A manifest may come from anybody, and its names become paths: one that leads
// out of the folder is damage.
func TestManifestNamesStayInside(t *testing.T) {
	d := create(t)
	ingest(t, d, AppendOptions{}, newGenerator(3, 5).events(10))
	good := d.Manifest()
	good.Sources[0].QuarantineFile = "a.ndjson-1.ndjson"
	for name, spoil := range map[string]func(*Manifest, string){
		"run":        func(m *Manifest, s string) { m.Runs[0].Name = s },
		"tombstones": func(m *Manifest, s string) { m.Tombstones = s },
		"quarantine": func(m *Manifest, s string) { m.Sources[0].QuarantineFile = s },
	} {
		for _, text := range []string{"../x", "a/../../x", "/etc/passwd", "..", ".", `..\x`, "a\x00b"} {
			b, err := json.Marshal(good)
			if err != nil {
				t.Fatal(err)
			}
			var m Manifest
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			m.Sum = ""
			if b, err = json.Marshal(m); err != nil {
				t.Fatal(err)
			}
			if _, err := parseManifest(b); err != nil {
				t.Fatal(err)
			}
			spoil(&m, text)
			if b, err = json.Marshal(m); err != nil {
				t.Fatal(err)
			}
			if _, err := parseManifest(b); !errors.Is(err, errOutside) {
				t.Errorf("%s %q: %v", name, text, err)
			}
		}
	}
}

// FuzzManifest: any bytes are a manifest that can be written again, or an error.
func FuzzManifest(f *testing.F) {
	d := create(f)
	ingest(f, d, AppendOptions{}, newGenerator(3, 5).events(10))
	m := d.Manifest()
	m.Sum = ""
	b, err := json.Marshal(m)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parseManifest(b)
		if err != nil {
			return
		}
		m.Span()
		m.Rows()
		for i := range m.Runs {
			for s := range m.Runs[i].Shards {
				if lo, hi := m.Runs[i].shard(s); lo < 0 || lo > hi || hi > m.Runs[i].Rows {
					t.Fatalf("run %d, shard %d is [%d, %d) of %d", i, s, lo, hi, m.Runs[i].Rows)
				}
			}
		}
		if _, err := json.Marshal(m); err != nil {
			t.Fatal(err)
		}
	})
}
