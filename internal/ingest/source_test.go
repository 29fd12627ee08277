package ingest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tree makes files (with their path as content), folders (a path that ends with
// "/") and links ("from -> to") in a new folder.
func tree(t *testing.T, paths ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, p := range paths {
		from, to, link := strings.Cut(p, " -> ")
		full := filepath.Join(dir, from)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case link:
			err = os.Symlink(to, full)
		case strings.HasSuffix(p, "/"):
			err = os.MkdirAll(full, 0o700)
		default:
			err = os.WriteFile(full, []byte(p), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// expanded are the names below dir and the warnings, without dir.
func expanded(t *testing.T, dir string, paths ...string) (names, warnings []string) {
	t.Helper()
	for i, p := range paths {
		paths[i] = filepath.Join(dir, p)
	}
	sources, err := ExpandWarn(paths, func(s string) { warnings = append(warnings, strings.ReplaceAll(s, dir+"/", "")) })
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		names = append(names, strings.TrimPrefix(s.Name, dir+"/"))
	}
	return names, warnings
}

func TestExpandLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	dir := tree(t,
		"logs/a.json", "logs/sub/b.json", "logs/sub/up -> ..", "logs/self -> .",
		"logs/gone -> nowhere", "logs/x -> y", "logs/y -> x", // a loop of links
		"logs/again.json -> a.json", "logs/out -> ../other",
		"other/c.json", "other/back -> ../logs",
	)
	names, warnings := expanded(t, dir, "logs", "logs/a.json")
	if diff := cmp.Diff([]string{"logs/a.json", "logs/out/c.json", "logs/sub/b.json"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{
		`"logs/gone" is a symbolic link that leads nowhere and was passed over`,
		`"logs/x" is a symbolic link that leads nowhere and was passed over`,
		`"logs/y" is a symbolic link that leads nowhere and was passed over`,
	}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if _, err := Expand([]string{filepath.Join(dir, "logs", "x")}); err == nil {
		t.Error("a loop named outright is no error")
	}
}

// Many folders that all link to each other are each walked once: every path
// through them would be 12 factorial.
func TestExpandMutualLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	var paths []string
	for a := range 12 {
		from := string(rune('a' + a))
		paths = append(paths, from+"/"+from+".json")
		for b := range 12 {
			to := string(rune('a' + b))
			paths = append(paths, from+"/to-"+to+" -> ../"+to)
		}
	}
	names, _ := expanded(t, tree(t, paths...), ".")
	if len(names) != 12 {
		t.Errorf("got %d files, want 12: %q", len(names), names)
	}
}

// A folder that cannot be listed and a file that cannot be opened are sources,
// so that the account shows them; the others are read.
func TestExpandUnreadable(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("permissions do not stop this user")
	}
	dir := tree(t, "a.json", "locked/b.json")
	for _, p := range []string{"a.json", "locked"} {
		if err := os.Chmod(filepath.Join(dir, p), 0); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(filepath.Join(dir, "locked"), 0o700)
	sources, err := Expand([]string{dir})
	if err != nil || len(sources) != 2 {
		t.Fatalf("got %d sources, %v", len(sources), err)
	}
	for _, s := range sources {
		if _, err := s.Open(); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: got %v, want fs.ErrPermission", s.Name, err)
		}
	}
}

// A broken source stands for what cannot be listed, whoever runs the test.
func TestBrokenSource(t *testing.T) {
	cause := errors.New("no")
	s := brokenSource("x\xff", cause)
	if _, err := s.Open(); !errors.Is(err, cause) || s.Name != `x\xff` {
		t.Errorf("%q: %v", s.Name, err)
	}
}

func TestPlainName(t *testing.T) {
	for in, want := range map[string]string{
		"a/b.json": "a/b.json", "ü": "ü", "a\xffb\xfe": `a\xffb\xfe`, "\ufffd": "\ufffd", "a\nb\x1b": "a\nb\x1b", "\x00\x80": "\x00\\x80",
	} {
		if got := plainName(in); got != want {
			t.Errorf("plainName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFileSource(t *testing.T) {
	dir := tree(t, "a.json")
	when := time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	path := filepath.Join(dir, "a.json")
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
	sources, err := Expand([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	s := sources[0]
	if s.Size != 6 || !s.ModTime.Equal(when) {
		t.Errorf("size %d, time %v", s.Size, s.ModTime)
	}
	rc, err := s.OpenAt(2)
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	if b, err := io.ReadAll(rc); err != nil || string(b) != "json" {
		t.Errorf("from byte 2: %q, %v", b, err)
	}
}
