//go:build unix

package ingest

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A pipe or a socket inside a folder would stop a run for ever; a pipe named
// outright is what the user wants read.
func TestExpandPipesAndSockets(t *testing.T) {
	dir := tree(t, "a.json")
	pipe, sock := filepath.Join(dir, "pipe"), filepath.Join(dir, "sock")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", sock)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	names, warnings := expanded(t, dir, ".")
	if diff := cmp.Diff([]string{"a.json"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{`"pipe" is a pipe and was passed over: name it outright to read it`, `"sock" is a socket and was passed over: name it outright to read it`}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	sources, err := Expand([]string{pipe})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		if w, err := os.OpenFile(pipe, os.O_WRONLY, 0); err == nil {
			_, _ = io.WriteString(w, "through the pipe")
			_ = w.Close()
		}
	}()
	rc, err := sources[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	if b, err := io.ReadAll(rc); err != nil || string(b) != "through the pipe" {
		t.Errorf("%q, %v", b, err)
	}
	if sources[0].Size != -1 || !sources[0].ModTime.IsZero() {
		t.Errorf("a pipe has size %d and time %v", sources[0].Size, sources[0].ModTime)
	}
	for _, p := range []string{sock, "/dev/zero"} {
		if _, err := Expand([]string{p}); err == nil || !strings.Contains(err.Error(), "want a file, a folder or a pipe") {
			t.Errorf("%s: got %v", p, err)
		}
	}
	if s, err := Expand([]string{os.DevNull}); err != nil || len(s) != 1 {
		t.Errorf("%s: %v", os.DevNull, err)
	}
}
