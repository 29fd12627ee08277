package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Expand is ExpandWarn without an ear for warnings.
func Expand(paths []string) ([]Source, error) { return ExpandWarn(paths, nil) }

// ExpandWarn turns command-line paths into sources: files, folders (recursive,
// sorted by name, hidden files, hidden folders and notes (.md) skipped, symbolic
// links followed but never round a loop), glob patterns and "-" for standard
// input. Order is that of paths; a file named twice is read once.
//
// A path that names nothing is an error, as is a device or a socket; a pipe is
// read. Inside a folder such things are no request of the user's: pipes, devices,
// sockets, links that point nowhere and files that vanish meanwhile are left out
// and warn hears of each. A folder inside that cannot be listed becomes a source
// that cannot be opened, so that the account names it. warn may be nil.
func ExpandWarn(paths []string, warn func(string)) ([]Source, error) {
	if warn == nil {
		warn = func(string) {}
	}
	x := expander{warn: warn, seen: map[string]bool{}}
	for _, p := range paths {
		if err := x.path(p); err != nil {
			return nil, err
		}
	}
	return x.out, nil
}

// Hidden reports whether a file or folder of this base name inside a folder is
// passed over: hidden ones, and notes (.md).
func Hidden(base string) bool {
	return strings.HasPrefix(base, ".") || strings.EqualFold(filepath.Ext(base), ".md")
}

type expander struct {
	out  []Source
	warn func(string)
	// seen are the resolved paths of listed files and of folders walked or being
	// walked: what links lead to again has been listed already.
	seen map[string]bool
}

func (x *expander) path(p string) error {
	if p == Stdin {
		if !x.seen[Stdin] {
			x.seen[Stdin] = true
			x.out = append(x.out, ReaderSource(Stdin, os.Stdin))
		}
		return nil
	}
	_, err := os.Stat(p)
	if err == nil {
		return x.walk(p, false)
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
		if err := x.walk(m, true); err != nil {
			return err
		}
	}
	return nil
}

// walk adds what is at p. found says that the user did not name it outright.
func (x *expander) walk(p string, found bool) error {
	info, err := os.Stat(p)
	var real string
	if err == nil {
		real, err = filepath.EvalSymlinks(p)
	}
	if err != nil {
		return x.missing(p, found, err)
	}
	if abs, err := filepath.Abs(real); err == nil {
		real = abs
	}
	if info.IsDir() {
		return x.folder(p, real, found)
	}
	if kind := kindOf(info.Mode()); found && kind != "" {
		x.warn(fmt.Sprintf("%q is %s and was passed over: name it outright to read it", p, kind))
		return nil
	}
	if err := readable(p, info.Mode()); err != nil {
		return err
	}
	if x.seen[real] {
		return nil
	}
	x.seen[real] = true
	src := FileSource(p, -1)
	if info.Mode().IsRegular() {
		src.Size, src.ModTime = info.Size(), info.ModTime()
	}
	x.out = append(x.out, src)
	return nil
}

// missing deals with a path that cannot be looked at.
func (x *expander) missing(p string, found bool, err error) error {
	if !found {
		return fmt.Errorf("open input: %w", err)
	}
	link, lerr := os.Lstat(p)
	switch {
	case lerr == nil && link.Mode()&fs.ModeSymlink != 0 && !errors.Is(err, fs.ErrPermission):
		x.warn(fmt.Sprintf("%q is a symbolic link that leads nowhere and was passed over", p))
	case errors.Is(err, fs.ErrNotExist):
		x.warn(fmt.Sprintf("%q vanished while its folder was listed", p))
	default:
		x.out = append(x.out, brokenSource(p, err))
	}
	return nil
}

func (x *expander) folder(p, real string, found bool) error {
	if x.seen[real] {
		return nil
	}
	x.seen[real] = true
	entries, err := os.ReadDir(p) // sorted by name
	switch {
	case err != nil && found && errors.Is(err, fs.ErrNotExist):
		x.warn(fmt.Sprintf("%q vanished while its folder was listed", p))
		return nil
	case err != nil && found:
		x.out = append(x.out, brokenSource(p, fmt.Errorf("list folder: %w", err)))
		return nil
	case err != nil:
		return fmt.Errorf("list folder: %w", err)
	}
	for _, e := range entries {
		if Hidden(e.Name()) {
			continue
		}
		if err := x.walk(filepath.Join(p, e.Name()), true); err != nil {
			return err
		}
	}
	return nil
}
