package geo

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"github.com/oschwald/geoip2-golang/v2"
)

func corpus(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// Every file of the MaxMind test set, broken ones included, either opens and
// answers or gives an error that names it. Nothing panics.
func TestCorpusEveryDatabase(t *testing.T) {
	files, err := filepath.Glob(corpus(t, "mmdb", "maxmind-test", "*.mmdb"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no databases: %v", err)
	}
	ips := []netip.Addr{netip.MustParseAddr("1.1.1.1"), netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("::1.1.1.1")}
	for _, f := range files {
		for _, opt := range []Options{{City: []string{f}}, {ASN: []string{f}}} {
			d, _, err := Open(opt)
			if err != nil {
				if !strings.Contains(err.Error(), filepath.Base(f)) {
					t.Errorf("error does not name the file: %v", err)
				}
				continue
			}
			e := d.Enricher()
			for _, ip := range ips {
				e.Enrich(&signin.Event{Source: signin.Source{IP: ip}})
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// The fields read here equal those of geoip2-golang on every network.
func TestCorpusAgainstGeoIP2(t *testing.T) {
	for _, name := range []string{"GeoIP2-City-Test", "GeoLite2-City-Test", "GeoIP2-Country-Test", "GeoLite2-Country-Test", "GeoIP2-Enterprise-Test"} {
		path := corpus(t, "mmdb", "maxmind-test", name+".mmdb")
		m, err := openMMDB(path, holdsPlaces)
		if err != nil {
			t.Fatal(err)
		}
		oracle, err := geoip2.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for res := range m.reader.Networks() {
			ip := res.Prefix().Addr()
			got, _, err := m.place(ip)
			if err != nil {
				t.Fatal(err)
			}
			c, err := oracle.City(ip)
			if err != nil {
				t.Fatal(err)
			}
			want := signin.Geo{Country: c.Country.ISOCode, City: c.City.Names.English, Source: signin.GeoDatabase}
			if len(c.Subdivisions) > 0 {
				want.Region = c.Subdivisions[0].Names.English
			}
			if c.Location.HasCoordinates() && signin.ValidCoordinates(*c.Location.Latitude, *c.Location.Longitude) {
				want.Located, want.Lat, want.Lon = true, *c.Location.Latitude, *c.Location.Longitude
				want.Radius = float64(c.Location.AccuracyRadius)
			}
			if diff := cmp.Diff(want, got.geo); diff != "" {
				t.Errorf("%s %s (-geoip2 +ours):\n%s", name, ip, diff)
			}
			n++
		}
		if n < 20 {
			t.Errorf("%s: only %d networks compared", name, n)
		}
	}
}

func TestCorpusNetworkLists(t *testing.T) {
	for _, c := range []struct {
		file    string
		entries int
		bad     int
	}{
		{"output_datacenter_ipv4.txt", 42566, 0},
		{"output_datacenter_ipv6.txt", 8752, 0},
		{"output_vpn_ipv4.txt", 10862, 0},
		{"output_vpn_ipv6.txt", 498, 0},
		{"tor-exit-nodes.lst", 1746, 0},
		{"input_datacenter_ASN.txt", 906, 0},
		{"bad-asn-list.csv", 742, 0},
	} {
		list, ns, err := openRanges(RangeFile{"x", corpus(t, "networks", c.file)})
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if list.len() != c.entries || len(ns) != c.bad {
			t.Errorf("%s: %d entries, %d notices %v, want %d and %d", c.file, list.len(), len(ns), ns, c.entries, c.bad)
		}
	}
}
