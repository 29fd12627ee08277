package geo

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"frisk/internal/signin"

	"github.com/oschwald/geoip2-golang/v2"
	"github.com/oschwald/maxminddb-golang/v2"
)

// schema is how a database lays out its records.
type schema uint8

const (
	nested schema = iota + 1 // MaxMind: {country: {iso_code}, location: {latitude, …}, …}
	flat                     // ip-location-db: {country_code, latitude, …}
)

// holds is what a database is wanted for.
type holds uint8

const (
	holdsPlaces holds = iota + 1
	holdsSystems
)

func (h holds) String() string {
	if h == holdsSystems {
		return "autonomous systems (MaxMind schema: GeoLite2-ASN, GeoIP2-ISP; ip-location-db: asn)"
	}
	return "places (MaxMind schema: City, Country, Enterprise; ip-location-db: city, country)"
}

// mmdb is one opened database.
type mmdb struct {
	path   string
	reader *maxminddb.Reader
	schema schema
	v4     bool // an IPv4-only tree: asking it for IPv6 is an error
}

// place is what a database knows about an address. Rejected means that it gave
// coordinates that cannot be a place.
type place struct {
	geo      signin.Geo
	rejected bool
}

// The records below name only the fields used; nested ones follow MaxMind's
// schema (dev.maxmind.com/geoip/docs/databases/city-and-country), flat ones
// github.com/sapics/ip-location-db.
type nestedRecord struct {
	Country struct {
		ISO string `maxminddb:"iso_code"`
	} `maxminddb:"country"`
	Subdivisions []struct {
		Names names `maxminddb:"names"`
	} `maxminddb:"subdivisions"`
	City struct {
		Names names `maxminddb:"names"`
	} `maxminddb:"city"`
	Location struct {
		Lat    *float64 `maxminddb:"latitude"`
		Lon    *float64 `maxminddb:"longitude"`
		Radius uint16   `maxminddb:"accuracy_radius"`
	} `maxminddb:"location"`
}

type names struct {
	English string `maxminddb:"en"`
}

type flatRecord struct {
	Country string   `maxminddb:"country_code"`
	State   string   `maxminddb:"state1"`
	City    string   `maxminddb:"city"`
	Lat     *float64 `maxminddb:"latitude"`
	Lon     *float64 `maxminddb:"longitude"`
}

type systemRecord struct {
	Number uint32 `maxminddb:"autonomous_system_number"`
	Org    string `maxminddb:"autonomous_system_organization"`
}

// errNotMMDB explains what maxminddb says about a file of another kind.
var errNotMMDB = errors.New("not a MaxMind DB file, or cut short")

func openMMDB(path string, want holds) (*mmdb, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open geo database: %w", err)
	} else if info.IsDir() {
		return nil, fmt.Errorf("open geo database %q: is a folder, want an .mmdb file", path)
	}
	r, err := maxminddb.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open geo database %q: %w: %w", path, errNotMMDB, err)
	}
	m := &mmdb{path: path, reader: r, v4: r.Metadata.IPVersion == 4}
	if m.schema, err = schemaOf(path, r, want); err == nil {
		err = m.probe(want)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open geo database %q: %w", path, err), r.Close())
	}
	return m, nil
}

func (m *mmdb) source(use string) Source {
	s := Source{Path: m.path, Use: use, Type: m.reader.Metadata.DatabaseType}
	if m.reader.Metadata.BuildEpoch != 0 {
		s.Built = m.reader.Metadata.BuildTime()
	}
	return s
}

// schemaOf decides how to read a database and whether it holds what is wanted.
// Types that geoip2-golang knows follow its own table; the flat ones name their
// content first ("city ipv4"); of any other type the first record decides.
func schemaOf(path string, r *maxminddb.Reader, want holds) (schema, error) {
	typ := r.Metadata.DatabaseType
	g, err := geoip2.Open(path)
	if err == nil {
		defer func() { _ = g.Close() }()
		if supports(g, want) {
			return nested, nil
		}
		return 0, fmt.Errorf("database type %q does not hold %s", typ, want)
	}
	if _, unknown := errors.AsType[geoip2.UnknownDatabaseTypeError](err); !unknown {
		return 0, err
	}
	if content, _, ok := strings.Cut(typ, " ip"); ok {
		switch content {
		case "city", "country":
			if want == holdsPlaces {
				return flat, nil
			}
		case "asn":
			if want == holdsSystems {
				return flat, nil
			}
		}
		return 0, fmt.Errorf("database type %q does not hold %s", typ, want)
	}
	if s := sniff(r, want); s != 0 {
		return s, nil
	}
	return 0, fmt.Errorf("database type %q is unknown and its records hold no %s", typ, want)
}

// supports asks geoip2 whether its table allows the wanted look-up.
func supports(g *geoip2.Reader, want holds) bool {
	var err error
	if want == holdsSystems {
		_, err = g.ASN(netip.IPv4Unspecified())
	} else {
		_, err = g.City(netip.IPv4Unspecified())
	}
	_, no := errors.AsType[geoip2.InvalidMethodError](err)
	return !no
}

// sniffLimit is how many records sniff looks at.
const sniffLimit = 32

func sniff(r *maxminddb.Reader, want holds) schema {
	n := 0
	for res := range r.Networks() {
		if n++; n > sniffLimit || res.Err() != nil {
			return 0
		}
		if want == holdsSystems {
			var s systemRecord
			if res.Decode(&s) == nil && s.Number != 0 {
				return nested
			}
			continue
		}
		var a nestedRecord
		if res.Decode(&a) == nil && (a.Country.ISO != "" || a.Location.Lat != nil) {
			return nested
		}
		var b flatRecord
		if res.Decode(&b) == nil && b.Country != "" {
			return flat
		}
	}
	return 0
}

// probe reads the first records, so that a broken database is refused when it
// is opened and not in the middle of a run.
func (m *mmdb) probe(want holds) error {
	n := 0
	for res := range m.reader.Networks() {
		if err := res.Err(); err != nil {
			return fmt.Errorf("read first records: %w", err)
		}
		var err error
		if want == holdsSystems {
			_, err = m.decodeSystem(res)
		} else {
			_, err = m.decodePlace(res)
		}
		if err != nil {
			return fmt.Errorf("read first records: %w", err)
		}
		if n++; n >= sniffLimit {
			break
		}
	}
	return nil
}

func (m *mmdb) answers(ip netip.Addr) bool { return ip.Is4() || !m.v4 }

// place looks ip up; found is false when the database says nothing usable
// about it, which may be because its coordinates were rejected.
func (m *mmdb) place(ip netip.Addr) (p place, found bool, err error) {
	if !m.answers(ip) {
		return place{}, false, nil
	}
	res := m.reader.Lookup(ip)
	if err := res.Err(); err != nil || !res.Found() {
		return place{}, false, err
	}
	p, err = m.decodePlace(res)
	if err != nil {
		return place{}, false, err
	}
	g := &p.geo
	return p, g.Located || g.Country != "" || g.City != "" || g.Region != "", nil
}

func (m *mmdb) decodePlace(res maxminddb.Result) (place, error) {
	var p place
	var lat, lon *float64
	if m.schema == flat {
		var r flatRecord
		if err := res.Decode(&r); err != nil {
			return place{}, err
		}
		p.geo = signin.Geo{Country: r.Country, Region: r.State, City: r.City}
		lat, lon = r.Lat, r.Lon
	} else {
		var r nestedRecord
		if err := res.Decode(&r); err != nil {
			return place{}, err
		}
		p.geo = signin.Geo{Country: r.Country.ISO, City: r.City.Names.English, Radius: float64(r.Location.Radius)}
		if len(r.Subdivisions) > 0 {
			p.geo.Region = r.Subdivisions[0].Names.English
		}
		lat, lon = r.Location.Lat, r.Location.Lon
	}
	p.geo.Country = country(p.geo.Country)
	if lat != nil && lon != nil {
		p.geo.Located = signin.ValidCoordinates(*lat, *lon)
		p.rejected = !p.geo.Located
	}
	if p.geo.Located {
		p.geo.Lat, p.geo.Lon = *lat, *lon
	} else {
		p.geo.Radius = 0
	}
	p.geo.Source = signin.GeoDatabase
	return p, nil
}

// country is an upper-case ISO 3166-1 alpha-2 code, "" for anything else
// ("??", "-", "ZZ").
func country(s string) string {
	if len(s) != 2 {
		return ""
	}
	s = strings.ToUpper(s)
	if s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' || s == "ZZ" {
		return ""
	}
	return s
}

func (m *mmdb) system(ip netip.Addr) (s systemRecord, err error) {
	if !m.answers(ip) {
		return systemRecord{}, nil
	}
	res := m.reader.Lookup(ip)
	if err := res.Err(); err != nil || !res.Found() {
		return systemRecord{}, err
	}
	return m.decodeSystem(res)
}

func (m *mmdb) decodeSystem(res maxminddb.Result) (systemRecord, error) {
	var s systemRecord
	if err := res.Decode(&s); err != nil {
		return systemRecord{}, err
	}
	return s, nil
}
