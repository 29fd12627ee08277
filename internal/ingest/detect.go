package ingest

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// ErrFormat is wrapped by the error of a file that no format fits.
var ErrFormat = errors.New("no format fits")

// catalog is the formats of a run in the order they are asked: the user's
// mappings, then ours, then the generic ones.
func (o *Options) catalog() []*Format {
	all := make([]*Format, 0, len(o.Mappings)+len(formats))
	for _, m := range o.Mappings {
		all = append(all, m.format)
	}
	for _, generic := range []bool{false, true} {
		for _, f := range formats {
			if f.generic == generic {
				all = append(all, f)
			}
		}
	}
	return all
}

// detect chooses the format of a file by its beginning, or the one forced.
func detect(s *sample, opt *Options) (*Format, error) {
	all := opt.catalog()
	if opt.Format != "" {
		for _, f := range all {
			if f.Name == opt.Format {
				return f, nil
			}
		}
		return nil, knownFormat(opt)
	}
	if why := s.answer(); why != nil {
		return nil, why
	}
	var why refusals
	for _, f := range all {
		err := f.accepts(s)
		if err == nil {
			return f, nil
		}
		why.add(f.Name, f.Page == mappingPage, err)
	}
	return nil, fmt.Errorf("%w: %s%s", ErrFormat, s.about(), why.String())
}

// knownFormat is an error with the names nearest to the forced one when it is none of them.
func knownFormat(opt *Options) error {
	var names []string
	for _, f := range opt.catalog() {
		if f.Name == opt.Format {
			return nil
		}
		names = append(names, f.Name)
	}
	const list = `"analyze list formats" prints them all`
	if near := nearFormats(opt.Format, names); len(near) > 0 {
		return fmt.Errorf("unknown format %q: did you mean %s? %s", opt.Format, strings.Join(near, ", "), list)
	}
	return fmt.Errorf("unknown format %q: %s", opt.Format, list)
}

// prepare makes the decoder factory and the splitter of a file whose beginning
// is head. f has its name, options and asOf already.
func prepare(f *file, head []byte) (splitter, error) {
	s := probe(head)
	s.name = f.name
	format, err := detect(&s, f.opt)
	if err != nil {
		return nil, err
	}
	f.format, f.head = format, head
	var sp splitter
	switch format.cut {
	case cutTable:
		if err := s.wantTable(); err != nil {
			return nil, fmt.Errorf("read as %s: %w", format.Name, err)
		}
		f.header, f.delim = s.header, s.delim
		sp = newTableSplitter(f.delim, f.opt.MaxLine)
	case cutLines:
		sp = newLineSplitter()
	case cutXML:
		sp = newXMLSplitter()
	case cutJSON:
		switch s.shape {
		case shapeLines:
			sp = newLineSplitter()
		case shapeValues:
			sp = newValueSplitter()
		default:
			return nil, fmt.Errorf("read as %s: %w", format.Name, s.wantJSON())
		}
	}
	f.decoder, err = format.open(f)
	if err != nil {
		return nil, fmt.Errorf("read as %s: %w", format.Name, err)
	}
	if f.kinds, err = f.lineKinds(); err != nil {
		return nil, err
	}
	return sp, nil
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
