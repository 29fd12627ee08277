package ingest

import (
	"errors"
	"slices"
	"strings"

	"frisk/internal/signin"
)

func globalProtectLine(k *kit, line string, ev *signin.Event) (string, error) {
	start := gpStart(line)
	if start < 0 {
		if kind := panType(line); kind != "" {
			return kind, nil
		}
		return "", errors.New("no GLOBALPROTECT record")
	}
	var err error
	if k.sc.fields, err = splitRow([]byte(line[start:]), ',', k.sc.fields); err != nil {
		return "", err
	}
	var v [numGP]string
	for i, f := range k.sc.fields {
		if at, ok := gpPlaces[i]; ok {
			v[at] = f
		}
	}
	return k.globalProtect(&v, line[start:], ev)
}

// gpStart is where a record begins, -1 for none: at the comma two fields before
// its type, "… host 1,TIME,SERIAL,GLOBALPROTECT".
func gpStart(line string) int {
	start := strings.Index(line, ",GLOBALPROTECT,")
	for range 2 {
		if start >= 0 {
			start = strings.LastIndexByte(line[:start], ',')
		}
	}
	if start < 0 {
		return -1
	}
	head := line[:start]
	if i := strings.LastIndexByte(head, ' '); i >= 0 { // FUTURE_USE, a number, belongs to the record
		head = head[:i+1]
	} else {
		head = ""
	}
	if !headerOnly(head) {
		return -1
	}
	return start
}

// panType is the type of another log of the same firewall.
func panType(line string) string {
	for _, t := range []string{"TRAFFIC", "THREAT", "SYSTEM", "CONFIG", "HIPMATCH", "HIP-MATCH", "USERID", "AUTHENTICATION", "DECRYPTION", "CORRELATION", "GTP", "SCTP", "IPTAG"} {
		if strings.Contains(line, ","+t+",") {
			return strings.ToLower(t)
		}
	}
	return ""
}

var _ = register(Format{
	Name:     "globalprotect",
	Doc:      "Palo Alto Networks GlobalProtect logs as syslog lines (PAN-OS 9.1 and later)",
	Provider: "globalprotect",
	cut:      cutLines,
	detect: func(s *sample) error {
		if len(s.recs) > 0 {
			return shapeError("not text lines but JSON")
		}
		for _, l := range s.sampleLines(headLines) {
			if gpStart(l) >= 0 && strings.Count(l, ",") > 20 {
				if s.shape == shapeTable && gpColumns(s.header) {
					return errors.New("a table with headings")
				}
				return nil
			}
		}
		return errors.New("no line is a GLOBALPROTECT record")
	},
	open: lineRows(globalProtectLine),
	claims: func(line string) int {
		if at := gpStart(line); at >= 0 && plainFront(line, at) {
			return at
		}
		return -1
	},
})

func gpColumns(header []string) bool {
	var have [numGP]bool
	for _, h := range header {
		if f, ok := gpHeadings[fold(h)]; ok {
			have[f] = true
		}
	}
	return have[gpEvent] && have[gpStatus] && have[gpUser] && have[gpGenerated] && have[gpPublic4]
}

var _ = register(Format{
	Name:     "globalprotect-csv",
	Doc:      "GlobalProtect logs exported as CSV from the firewall, Panorama or Strata Logging Service",
	Provider: "globalprotect",
	cut:      cutTable,
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		if !gpColumns(s.header) {
			return errors.New("no columns Event ID, Status, Source User, Generate Time and Public IP")
		}
		return nil
	},
	open: func(f *file) (func(*scratch) decoder, error) {
		at := map[int]gpField{}
		for i, h := range f.header {
			if field, ok := gpHeadings[fold(h)]; ok && !slices.Contains(valuesOf(at), field) {
				at[i] = field
			}
		}
		return func(sc *scratch) decoder {
			k := &kit{f: f, sc: sc}
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				k.t = t
				if err := readRow(sc, rec, f); err != nil {
					return "", err
				}
				var v [numGP]string
				for i, field := range at {
					v[field] = sc.fields[i]
				}
				return k.globalProtect(&v, viewText(rec), ev)
			}
		}, nil
	},
})

func valuesOf(m map[int]gpField) []gpField {
	var out []gpField
	for _, f := range m {
		out = append(out, f)
	}
	return out
}
