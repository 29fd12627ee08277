//go:build unix

package ingest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe that is named outright is read; one that lies in a folder is not
// waited for.
func TestPipes(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.jsonl")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	go func() {
		if f, err := os.OpenFile(pipe, os.O_WRONLY, 0); err == nil { // waits for the reader
			_, _ = f.WriteString(line("a") + line("b"))
			_ = f.Close()
		}
	}()
	sources, err := Expand([]string{pipe})
	if err != nil {
		t.Fatal(err)
	}
	if a := collect(t, sources, Options{})[pipe]; a == nil || a.Events != 2 || a.Err != nil {
		t.Errorf("named outright: %+v", a)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.jsonl"), []byte(line("a")), 0o600); err != nil {
		t.Fatal(err)
	}
	if sources, err = Expand([]string{dir}); err != nil {
		t.Fatal(err)
	}
	accounts := collect(t, sources, Options{}) // would wait for ever
	if a := accounts[filepath.Join(dir, "a.jsonl")]; a == nil || a.Events != 1 {
		t.Errorf("beside a pipe: %+v", a)
	}
}
