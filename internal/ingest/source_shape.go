package ingest

// Shape tells, from the beginning of a file (decompressed, UTF-8, at most 64
// KiB are looked at), its format's name and whether its records end with its
// lines, so that a longer version of it can be read on from where it was. A
// table's header is its first row that is not blank. The error says why no
// format fits.
func Shape(name string, head []byte, opt Options) (format string, lines, table bool, err error) {
	for _, u := range unwrappers {
		if u.match(head) {
			return "", false, false, nil
		}
	}
	s := probe(head[:min(len(head), headSize)])
	s.name = name
	f, err := detect(&s, &opt)
	if err != nil {
		return "", false, false, err
	}
	switch f.cut {
	case cutTable:
		return f.Name, s.shape == shapeTable, s.shape == shapeTable, nil
	case cutLines:
		return f.Name, true, false, nil
	case cutJSON:
		return f.Name, s.shape == shapeLines, false, nil
	}
	return f.Name, false, false, nil
}
