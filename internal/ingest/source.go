package ingest

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Source is one input, opened only when its turn comes.
type Source struct {
	Name string // as the user gave it; kept in signin.Raw
	Size int64  // bytes on disk; -1 when not known
	Open func() (io.ReadCloser, error)
}

// Stdin is the name that stands for standard input.
const Stdin = "-"

// FileSource reads the file at path.
func FileSource(path string, size int64) Source {
	return Source{Name: path, Size: size, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// ReaderSource reads r, which must be good for one reading and is not closed.
func ReaderSource(name string, r io.Reader) Source {
	return Source{Name: name, Size: -1, Open: func() (io.ReadCloser, error) {
		if c, ok := r.(io.ReadCloser); ok {
			return c, nil
		}
		return io.NopCloser(r), nil
	}}
}

// Expand turns command-line paths into sources: files, folders (recursive,
// sorted by name, hidden files, hidden folders and notes (.md) skipped, symbolic links followed but
// never round a loop), glob patterns and "-" for standard input. Order is that
// of paths; a file named twice is read once. A path that names nothing is an error.
func Expand(paths []string) ([]Source, error) {
	x := expander{files: map[string]bool{}}
	for _, p := range paths {
		if err := x.path(p); err != nil {
			return nil, err
		}
	}
	return x.out, nil
}

type expander struct {
	out   []Source
	files map[string]bool // resolved paths already listed
	open  []string        // resolved folders being walked, outermost first
}

func (x *expander) path(p string) error {
	if p == Stdin {
		if !x.files[Stdin] {
			x.files[Stdin] = true
			x.out = append(x.out, ReaderSource(Stdin, os.Stdin))
		}
		return nil
	}
	_, err := os.Stat(p)
	if err == nil {
		return x.walk(p)
	}
	if !strings.ContainsAny(p, "*?[") {
		return fmt.Errorf("open input: %w", err)
	}
	matches, err := filepath.Glob(p)
	if err != nil {
		return fmt.Errorf("expand pattern %q: %w", p, err)
	}
	if len(matches) == 0 {
		return fmt.Errorf("expand pattern %q: no file matches", p)
	}
	for _, m := range matches {
		if err := x.walk(m); err != nil {
			return err
		}
	}
	return nil
}

func (x *expander) walk(p string) error {
	info, err := os.Stat(p)
	if err != nil {
		return fmt.Errorf("open input: %w", err)
	}
	real, err := filepath.EvalSymlinks(p)
	if err != nil {
		return fmt.Errorf("open input: %w", err)
	}
	if abs, err := filepath.Abs(real); err == nil {
		real = abs
	}
	if !info.IsDir() {
		if !x.files[real] {
			x.files[real] = true
			size := int64(-1)
			if info.Mode().IsRegular() {
				size = info.Size()
			}
			x.out = append(x.out, FileSource(p, size))
		}
		return nil
	}
	if slices.Contains(x.open, real) {
		return nil // a link back to a folder we are inside of
	}
	x.open = append(x.open, real)
	defer func() { x.open = x.open[:len(x.open)-1] }()
	entries, err := os.ReadDir(p) // sorted by name
	if err != nil {
		return fmt.Errorf("list folder: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || strings.EqualFold(filepath.Ext(e.Name()), ".md") {
			continue
		}
		child := filepath.Join(p, e.Name())
		if err := x.walk(child); err != nil {
			if os.IsNotExist(err) || e.Type()&os.ModeSymlink != 0 {
				continue // a dangling link inside a folder is not the user's request
			}
			return err
		}
	}
	return nil
}
