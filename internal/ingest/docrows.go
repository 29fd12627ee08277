package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"frisk/internal/signin"
)

// docRows makes decoders for JSON records read as trees: row fills ev from one
// record's root and follows the contract of decoder.
func docRows(row func(r *docRow, v val, ev *signin.Event) (other string, err error)) func(*file) (func(*scratch) decoder, error) {
	return func(f *file) (func(*scratch) decoder, error) {
		return func(sc *scratch) decoder {
			r := &docRow{kit: kit{f: f, sc: sc}}
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				v, err := sc.doc.parseObject(&sc.scan, rec, true)
				if err != nil {
					return "", notObject(err)
				}
				r.t = t
				return row(r, v, ev)
			}
		}, nil
	}
}

func notObject(err error) error {
	if err == errRecord { //nolint:errorlint // exactly this
		return err
	}
	return fmt.Errorf("%w", err)
}

// docRow is the surroundings of one record that is read as a tree.
type docRow struct{ kit }

// lineRows makes decoders for lines of text. parse follows the contract of decoder.
func lineRows(parse func(r *kit, line string, ev *signin.Event) (other string, err error)) func(*file) (func(*scratch) decoder, error) {
	return func(f *file) (func(*scratch) decoder, error) {
		return func(sc *scratch) decoder {
			r := &kit{f: f, sc: sc}
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				r.t = t
				if err := checkText(rec); err != nil {
					return "", err
				}
				line := viewText(rec)
				for len(line) > 0 && (line[len(line)-1] == '\r' || line[len(line)-1] == ' ') {
					line = line[:len(line)-1]
				}
				return parse(r, line, ev)
			}
		}, nil
	}
}

// kit is what decoders share: notes, times, addresses, places, lists and ids.
type kit struct {
	f  *file
	sc *scratch
	t  *tally
}

// time reads an absolute time (parseTime), noting a missing zone.
func (k *kit) time(text string) (signin.Time, error) {
	t, zoned, err := parseTime(text)
	if err == nil && !zoned {
		k.t.note(noteNoZone)
	}
	return t, err
}

// address sets the source address from text; what is none is noted and left unsaid.
func (k *kit) address(ev *signin.Event, text string) {
	a, port, ok := parseAddr(text)
	if !ok {
		k.t.note(noteBadAddress)
		return
	}
	ev.Source.IP = a
	if port != 0 {
		ev.Source.Port = port
	}
}

// place sets the log's own geolocation. country is a code or an English name;
// lat and lon are decimal texts or "". What says nothing leaves GeoNone.
func (k *kit) place(ev *signin.Event, country, region, city, lat, lon string) {
	g := &ev.Geo
	g.Country, g.Region, g.City = countryCode(country), region, city
	coordinates(g, lat, lon, k.t)
	if g.Country != "" || g.City != "" || g.Region != "" || g.Located {
		g.Source = signin.GeoLog
	}
}

// set is the canonical list of a set of texts; nil is a list the log did not give.
func (k *kit) set(texts ...string) signin.List {
	k.sc.memo.texts = append(k.sc.memo.texts[:0], texts...)
	if len(texts) == 0 {
		return ""
	}
	return k.sc.memo.set(k.sc.memo.texts)
}

// factors is the canonical list of authentication steps, "" for none.
func (k *kit) factors(steps ...signin.Factor) signin.List {
	if len(steps) == 0 {
		return ""
	}
	key := append(k.sc.memo.key[:0], 'F')
	for _, f := range steps {
		for _, part := range []string{f.Method, f.Detail, f.Succeeded, f.Result, f.Requirement} {
			key = keyPart(key, part)
		}
	}
	k.sc.memo.key = key
	if l, ok := k.sc.memo.get(key); ok {
		return l
	}
	return k.sc.memo.put(key, signin.EncodeList(steps))
}

// deriveID makes the id of a record that has none, from what tells it apart from
// others; the same record gives the same id wherever it is read.
func (k *kit) deriveID(parts ...string) string {
	k.t.note(noteDerivedID)
	return derivedIDOf(parts...)
}

// treeID is deriveID for a whole record: it differs when anything in the record
// does, save what is below the members named (paths with dots), which an export
// adds and may add anew, and it does not depend on the order of members.
func (k *kit) treeID(format string, v val, without ...string) string {
	var leaves []string
	var walk func(path string, v val)
	walk = func(path string, v val) {
		if slices.Contains(without, path) {
			return
		}
		switch v.kind() {
		case '{':
			for name, m := range v.members() {
				p := name
				if path != "" {
					p = path + "." + name
				}
				walk(p, m)
			}
		case '[':
			i := 0
			for e := range v.elems() {
				walk(path+"["+strconv.Itoa(i)+"]", e)
				i++
			}
		default:
			if t := v.text(); t != "" { // null, "" and absent say the same
				leaves = append(leaves, path+"\x00"+t)
			}
		}
	}
	walk("", v)
	slices.Sort(leaves)
	return k.deriveID(append([]string{format}, leaves...)...)
}

// derivedIDOf is deriveID for logs that never have ids, where saying so for each
// row would only be noise.
func derivedIDOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // never fails
	}
	var sum [sha256.Size]byte
	return "derived-" + hex.EncodeToString(h.Sum(sum[:0])[:16])
}
