package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestGolden renders the sample through every renderer, twice.
func TestGolden(t *testing.T) {
	for _, r := range Renderers() {
		t.Run(r.Name, func(t *testing.T) {
			var a, b bytes.Buffer
			if err := r.Render(&a, Build(sampleInput())); err != nil {
				t.Fatal(err)
			}
			if err := r.Render(&b, Build(sampleInput())); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Error("two renderings of the same input differ")
			}
			golden(t, "sample"+r.Ext, a.Bytes())
		})
	}
}

// goldenArchive compares named texts with a txtar file.
func goldenArchive(t *testing.T, name, comment string, files []txtar.File) {
	t.Helper()
	golden(t, name, txtar.Format(&txtar.Archive{Comment: []byte(comment), Files: files}))
}

// TestSections renders each section of the sample on its own, as text and as Markdown.
func TestSections(t *testing.T) {
	m := Build(sampleInput())
	for _, b := range Builders() {
		t.Run(b.Name, func(t *testing.T) {
			i := slices.IndexFunc(m.Sections, func(s Section) bool { return s.Name == b.Name })
			if i < 0 {
				t.Fatal("the sample does not show this section")
			}
			one := &Model{Title: "Sample", Sections: m.Sections[i : i+1]}
			var files []txtar.File
			for _, name := range []string{"text", "markdown"} {
				r, err := RendererFor(name)
				if err != nil {
					t.Fatal(err)
				}
				var out bytes.Buffer
				if err := r.Render(&out, one); err != nil {
					t.Fatal(err)
				}
				files = append(files, txtar.File{Name: name, Data: out.Bytes()})
			}
			goldenArchive(t, b.Name+".txtar", b.Doc+"\n", files)
		})
	}
}
