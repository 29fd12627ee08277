package blobstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"
)

// memory is a Store whose only bucket lives in memory.
func memory(t *testing.T, objects map[string]string) (*Store, *blob.Bucket) {
	t.Helper()
	b := memblob.OpenBucket(nil)
	s := New(Options{Bucket: func(context.Context, string) (*blob.Bucket, error) { return b, nil }})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for key, text := range objects { // order does not matter
		if err := b.WriteAll(t.Context(), key, []byte(text), nil); err != nil {
			t.Fatal(err)
		}
	}
	return s, b
}

func names(objects []Object) []string {
	var out []string
	for _, o := range objects {
		out = append(out, o.Name)
	}
	return out
}

func TestExpand(t *testing.T) {
	s, _ := memory(t, map[string]string{
		"a/2026/b.json": "b", "a/2026/a.json": "a", "a/.hidden/x.json": "x", "a/README.md": "notes",
		"a/2026":      "", // the folder's own object in a hierarchical namespace
		"a/c.json.gz": "c", "ab.json": "ab", "a/.x": "x", "empty.json": "",
	})
	for _, c := range []struct {
		url  string
		want []string
	}{
		{"az://logs/a/", []string{"az://logs/a/2026/a.json", "az://logs/a/2026/b.json", "az://logs/a/c.json.gz"}},
		{"az://logs/a", []string{"az://logs/a/2026/a.json", "az://logs/a/2026/b.json", "az://logs/a/c.json.gz"}},
		{"az://logs/ab.json", []string{"az://logs/ab.json"}},
		{"az://logs/a/2026", []string{"az://logs/a/2026/a.json", "az://logs/a/2026/b.json"}},
		{"az://logs/a/*/a.json", []string{"az://logs/a/2026/a.json"}},
		{"az://logs/a/*.gz", []string{"az://logs/a/c.json.gz"}},
		{"az://logs", []string{"az://logs/a/2026/a.json", "az://logs/a/2026/b.json", "az://logs/a/c.json.gz", "az://logs/ab.json", "az://logs/empty.json"}},
	} {
		got, err := s.Expand(t.Context(), c.url)
		if err != nil {
			t.Errorf("%s: %v", c.url, err)
			continue
		}
		if diff := cmp.Diff(c.want, names(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.url, diff)
		}
	}
	for _, url := range []string{"az://logs/none/", "az://logs/none.json", "az://logs/*.csv"} {
		if _, err := s.Expand(t.Context(), url); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want fs.ErrNotExist", url, err)
		}
	}
	for _, url := range []string{"az://logs/[", "az:///x", "s3://u:p@bucket/x", "az://logs/x?sig=abc", "az://logs/x?X-Amz-Signature=a"} {
		if _, err := s.Expand(t.Context(), url); err == nil || strings.Contains(err.Error(), "abc") || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: got %v, want an error without the secret", url, err)
		}
	}
}

func TestReadFromAnOffset(t *testing.T) {
	s, b := memory(t, map[string]string{"x.jsonl": "0123456789"})
	objects, err := s.Expand(t.Context(), "az://logs/x.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for offset, want := range map[int64]string{0: "0123456789", 4: "456789", 10: ""} {
		r, err := objects[0].OpenAt(t.Context(), offset)
		if err != nil {
			t.Fatalf("at %d: %v", offset, err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != want {
			t.Errorf("at %d: got %q, %v, want %q", offset, got, err, want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := b.Delete(t.Context(), "x.jsonl"); err != nil {
		t.Fatal(err)
	}
	if _, err := objects[0].OpenAt(t.Context(), 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a vanished object: got %v, want fs.ErrNotExist", err)
	}
}

// A write that fails leaves what stood there before.
func TestWriteIsWholeOrNothing(t *testing.T) {
	s, b := memory(t, map[string]string{"out.parquet": "old"})
	broken := errors.New("broken")
	err := s.Write(t.Context(), "az://logs/out.parquet", func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if got, err := b.ReadAll(t.Context(), "out.parquet"); err != nil || string(got) != "old" {
		t.Errorf("after a failed write: %q, %v", got, err)
	}
	if err := s.Write(t.Context(), "az://logs/out.parquet", func(w io.Writer) error {
		_, err := io.WriteString(w, "new")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := b.ReadAll(t.Context(), "out.parquet"); err != nil || string(got) != "new" {
		t.Errorf("after a write: %q, %v", got, err)
	}
	if err := s.Write(t.Context(), "https://example.com/x", nil); err == nil {
		t.Error("a write to https succeeded")
	}
}

// The file driver reads and writes real files.
func TestFileDriver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with space")
	s := New(Options{})
	defer s.Close()
	url := "file://" + filepath.ToSlash(dir) + "/"
	if empty, err := s.Empty(t.Context(), url); !empty || err != nil {
		t.Fatalf("empty: %v, %v", empty, err)
	}
	if err := s.Write(t.Context(), url+"sub/a.jsonl", func(w io.Writer) error { _, err := io.WriteString(w, "a\n"); return err }); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.jsonl"), []byte("b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, u := range []string{url, strings.TrimSuffix(url, "/")} {
		got, err := s.Expand(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{url + "b.jsonl", url + "sub/a.jsonl"}
		if diff := cmp.Diff(want, names(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", u, diff)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "sub", "a.jsonl")); err != nil || string(b) != "a\n" {
		t.Errorf("the file: %q, %v", b, err)
	}
}

func TestRedact(t *testing.T) {
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2024&sig=TopSecret")
	for in, want := range map[string]string{
		"plain/path?x=y": "plain/path?x=y",
		"https://u:p@example.com/a?sig=abc&day=2026-05-04": "https://example.com/a?sig=…&day=2026-05-04",
		"https://example.com/a?token=123&n=4":              "https://example.com/a?token=…&n=4",
		"https://example.com/a?x=anything":                 "https://example.com/a?x=…",
		"https://u:p@exa mple.com/%zz?sig=abc":             "https://exa mple.com/%zz?…",
		"az://logs/a b.json":                               "az://logs/a%20b.json",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
	text := scrub(errors.New("Get \"https://u:p@h.example.com/c?sv=2024&sig=TopSecret\": no route\n----\nsv=2024&sig=TopSecret")).Error()
	if strings.Contains(text, "TopSecret") || strings.Contains(text, "u:p") || strings.Contains(text, "\n") {
		t.Errorf("scrubbed: %s", text)
	}
	if want := `Get "https://h.example.com/c?…": no route; …`; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

func TestRemote(t *testing.T) {
	for path, want := range map[string]bool{
		"az://c/": true, "azblob://c": true, "s3://b/k": true, "gs://b": true, "file:///x": true, "http://h/x": true, "https://h/x": true,
		"a/b": false, "-": false, "C:/logs": false, "ftp://h/x": false, "logs/s3:/x": false,
	} {
		if got := Remote(path); got != want {
			t.Errorf("Remote(%q) = %v", path, got)
		}
	}
}
