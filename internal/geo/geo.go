// Package geo adds to a sign-in what its address tells: the place, the
// autonomous system and the classes of its network (data centre, VPN, Tor and
// the user's own lists), and measures distances.
//
// Places come from mmdb files. Both schemas in use are read: MaxMind's nested
// one and the flat one of ip-location-db. MaxMind files are opened with
// geoip2-golang once, which decides by its own table whether the file is a
// kind that holds places or systems; look-ups then decode only the fields used
// here through maxminddb-golang, which measured 3.6 times faster than
// geoip2's full City record. A test holds the two to equal answers.
//
// What the log says itself always comes first, and the two sources are never
// mixed within one event.
package geo

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"frisk/internal/signin"
)

// RangeFile names a list of networks of one class.
type RangeFile struct {
	// Class is what an address in the list is tagged with: "datacenter", "vpn",
	// "tor" or a name of the user's own. For Graph named locations it is ignored:
	// every IP location is a class "location:NAME", trusted ones "trusted" too.
	Class string
	Path  string
}

// Options says which files to read.
type Options struct {
	// City are mmdb files with places, asked in this order; each is asked only
	// for address families it holds. Country-only files are welcome.
	City []string
	// ASN are mmdb files, or CSV files of start,end,asn,org, with autonomous systems.
	ASN []string
	// Ranges are lists of networks or of autonomous systems; see ParseRanges.
	Ranges []RangeFile
	// CacheSize bounds the addresses each Enricher remembers; 0 = 65,536.
	CacheSize int
}

// Database is the opened files. It is immutable and safe for concurrent use;
// Close it after the last Enricher is done.
type Database struct {
	city, asn []*mmdb
	systems   []*systemTable // ASN from CSV
	classes   []string       // class names; the bit of a class is its index
	ranges    *table
	byASN     map[uint32]uint64
	lists     int // lists of ranges or systems that were loaded
	sources   []Source
	cacheSize int
}

// Source describes one opened file.
type Source struct {
	Path string
	Use  string // city, asn, or the class of a range list
	Type string // database_type of an mmdb, else "list"
	// Built is when the database was made, zero when it does not say.
	Built   time.Time
	Entries int // entries of a list; 0 for an mmdb
}

// Notice is a line of a list that could not be read.
type Notice struct { //nolint:errname // an account entry that also reads as an error
	File string
	Line int64
	Err  error
}

// Error is "file:line: cause".
func (n *Notice) Error() string { return fmt.Sprintf("%s:%d: %v", n.File, n.Line, n.Err) }

// Unwrap gives the cause.
func (n *Notice) Unwrap() error { return n.Err }

// maxClasses is how many classes fit a mask.
const maxClasses = 64

const defaultCache = 1 << 16

// Open opens every file. An error is a file that cannot be used at all; lines
// of lists that do not parse are notices, unless no line does.
func Open(opt Options) (*Database, []*Notice, error) {
	d := &Database{byASN: map[uint32]uint64{}, cacheSize: opt.CacheSize}
	if d.cacheSize <= 0 {
		d.cacheSize = defaultCache
	}
	notices, err := d.open(opt)
	if err != nil {
		return nil, notices, errors.Join(err, d.Close())
	}
	return d, notices, nil
}

func (d *Database) open(opt Options) ([]*Notice, error) {
	for _, p := range opt.City {
		m, err := openMMDB(p, holdsPlaces)
		if err != nil {
			return nil, err
		}
		d.city = append(d.city, m)
		d.sources = append(d.sources, m.source("city"))
	}
	var notices []*Notice
	for _, p := range opt.ASN {
		if isTable(p) {
			t, ns, err := openSystems(p)
			notices = append(notices, ns...)
			if err != nil {
				return notices, err
			}
			d.systems = append(d.systems, t)
			d.sources = append(d.sources, Source{Path: p, Use: "asn", Type: "list", Entries: t.len()})
			continue
		}
		m, err := openMMDB(p, holdsSystems)
		if err != nil {
			return notices, err
		}
		d.asn = append(d.asn, m)
		d.sources = append(d.sources, m.source("asn"))
	}
	var b tableBuilder
	for _, r := range opt.Ranges {
		list, ns, err := openRanges(r)
		notices = append(notices, ns...)
		if err != nil {
			return notices, err
		}
		if err := d.addList(&b, list); err != nil {
			return notices, err
		}
		d.lists++
		d.sources = append(d.sources, Source{Path: r.Path, Use: r.Class, Type: "list", Entries: list.len()})
	}
	d.ranges = b.build()
	return notices, nil
}

func (d *Database) addList(b *tableBuilder, list *List) error {
	for _, r := range list.Ranges {
		bit, err := d.classBit(r.Class)
		if err != nil {
			return err
		}
		b.add(r.First, r.Last, bit)
	}
	for _, a := range list.ASNs {
		bit, err := d.classBit(a.Class)
		if err != nil {
			return err
		}
		d.byASN[a.ASN] |= bit
	}
	return nil
}

func (d *Database) classBit(class string) (uint64, error) {
	i := slices.Index(d.classes, class)
	if i < 0 {
		if len(d.classes) == maxClasses {
			return 0, fmt.Errorf("more than %d network classes, the last %q", maxClasses, class)
		}
		i = len(d.classes)
		d.classes = append(d.classes, class)
	}
	return 1 << i, nil
}

// networkList is the canonical list of the classes in mask: sorted names, "[]"
// for none.
func (d *Database) networkList(mask uint64) signin.List {
	names := []string{}
	for i, c := range d.classes {
		if mask&(1<<i) != 0 {
			names = append(names, c)
		}
	}
	slices.Sort(names)
	return signin.EncodeList(names)
}

// Sources lists the opened files in the order they were named.
func (d *Database) Sources() []Source {
	if d == nil {
		return nil
	}
	return slices.Clone(d.sources)
}

// Close releases the files. Enrichers must not be used afterwards.
func (d *Database) Close() error {
	if d == nil {
		return nil
	}
	var errs []error
	for _, m := range slices.Concat(d.city, d.asn) {
		errs = append(errs, m.reader.Close())
	}
	return errors.Join(errs...)
}
