package ingest

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// ErrFormat is wrapped by the error of a file that no format fits.
var ErrFormat = errors.New("no format fits")

// detect chooses the format of a file by its beginning, or the one forced.
func detect(head []byte, name, forced string) (*Format, error) {
	if forced != "" {
		for _, f := range formats {
			if f.Name == forced {
				return f, nil
			}
		}
		return nil, knownFormat(forced)
	}
	var b strings.Builder
	for _, f := range formats {
		err := f.Detect(head, name)
		if err == nil {
			return f, nil
		}
		fmt.Fprintf(&b, "\n  %s: %v", f.Name, err)
	}
	return nil, fmt.Errorf("%w:%s", ErrFormat, b.String())
}

// knownFormat is an error that lists the names when name is none of them.
func knownFormat(name string) error {
	names := make([]string, len(formats))
	for i, f := range formats {
		if f.Name == name {
			return nil
		}
		names[i] = f.Name
	}
	return fmt.Errorf("unknown format %q, want one of %q", name, names)
}

// prepare makes the decoder factory and the splitter of a file whose beginning
// is head.
func prepare(head []byte, name string, opt *Options) (*file, func(*scratch) decoder, splitter, error) {
	f := &file{name: name, opt: opt}
	s := probe(head)
	format, err := detect(head, name, opt.Format)
	if err != nil {
		return f, nil, nil, err
	}
	f.format = format
	f.header, f.delim = s.header, s.delim
	if format.table {
		if err := s.wantTable(); err != nil {
			return f, nil, nil, fmt.Errorf("read as %s: %w", format.Name, err)
		}
	} else if s.shape == shapeTable || s.shape == shapeOther {
		return f, nil, nil, fmt.Errorf("read as %s: %w", format.Name, s.wantJSON())
	}
	open, err := format.open(f)
	if err != nil {
		return f, nil, nil, fmt.Errorf("read as %s: %w", format.Name, err)
	}
	switch s.shape {
	case shapeTable:
		return f, open, newTableSplitter(f.delim, opt.MaxLine), nil
	case shapeLines:
		return f, open, newLineSplitter(), nil
	default:
		return f, open, newValueSplitter(), nil
	}
}

// baseName is a file's name without folders and compression suffix, lower case,
// for hints such as "NonInteractiveSignIns".
func baseName(name string) string {
	b := strings.ToLower(filepath.Base(filepath.ToSlash(name)))
	for _, ext := range []string{".gz", ".zst", ".gzip", ".zstd"} {
		b = strings.TrimSuffix(b, ext)
	}
	return b
}
