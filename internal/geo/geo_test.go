package geo

import (
	"bytes"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// writeMMDB makes a database of the given type; keys of records are networks.
func writeMMDB(t *testing.T, typ string, version int, records map[string]mmdbtype.Map) string {
	t.Helper()
	w, err := mmdbwriter.New(mmdbwriter.Options{
		DatabaseType: typ, IPVersion: version, IncludeReservedNetworks: true, BuildEpoch: 1_700_000_000, RecordSize: 24,
	})
	if err != nil {
		t.Fatal(err)
	}
	// Wide networks first: a later insert replaces what it covers.
	for _, cidr := range slices.SortedFunc(maps.Keys(records), func(a, b string) int {
		return netip.MustParsePrefix(a).Bits() - netip.MustParsePrefix(b).Bits()
	}) {
		_, n, err := net.ParseCIDR(cidr)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Insert(n, records[cidr]); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, strings.ReplaceAll(typ, " ", "-")+".mmdb", b.String())
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func flatCity(country, state, city string, lat, lon float64) mmdbtype.Map {
	return mmdbtype.Map{
		"country_code": mmdbtype.String(country), "state1": mmdbtype.String(state), "city": mmdbtype.String(city),
		"latitude": mmdbtype.Float64(lat), "longitude": mmdbtype.Float64(lon),
		"state2": mmdbtype.String(""), "postcode": mmdbtype.String(""), "timezone": mmdbtype.String(""),
	}
}

func nestedCity(country, city string, lat, lon float64, radius uint16) mmdbtype.Map {
	return mmdbtype.Map{
		"country":  mmdbtype.Map{"iso_code": mmdbtype.String(country)},
		"city":     mmdbtype.Map{"names": mmdbtype.Map{"en": mmdbtype.String(city), "de": mmdbtype.String("falsch")}},
		"location": mmdbtype.Map{"latitude": mmdbtype.Float64(lat), "longitude": mmdbtype.Float64(lon), "accuracy_radius": mmdbtype.Uint16(radius)},
	}
}

func mustOpen(t *testing.T, opt Options) *Database {
	t.Helper()
	d, ns, err := Open(opt)
	if err != nil || len(ns) > 0 {
		t.Fatal(err, ns)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func event(ip string) *signin.Event {
	ev := &signin.Event{}
	if ip != "" {
		ev.Source.IP = netip.MustParseAddr(ip)
	}
	return ev
}

// One file per family and schema, as people have them.
func families(t *testing.T) Options {
	return Options{
		City: []string{
			writeMMDB(t, "city ipv4", 4, map[string]mmdbtype.Map{
				"192.0.2.0/24":  flatCity("NL", "North Holland", "Amsterdam", 52.37, 4.89),
				"192.0.2.64/26": flatCity("", "", "", 0, 0),
			}),
			writeMMDB(t, "city ipv6", 6, map[string]mmdbtype.Map{"2001:db8:1::/48": flatCity("jp", "Tokyo", "Tokyo", 35.68, 139.69)}),
			writeMMDB(t, "GeoLite2-City", 6, map[string]mmdbtype.Map{
				"198.51.100.0/25":   nestedCity("US", "Denver", 39.74, -104.99, 20),
				"198.51.100.128/25": nestedCity("DE", "", 95, 10, 5),
				"2001:db8:2::/48":   nestedCity("FR", "Paris", 48.86, 2.35, 10),
			}),
			writeMMDB(t, "country ipvAll", 6, map[string]mmdbtype.Map{"203.0.113.0/24": {"country_code": mmdbtype.String("SE")}}),
		},
		ASN: []string{
			writeMMDB(t, "GeoLite2-ASN", 6, map[string]mmdbtype.Map{"192.0.2.0/24": {
				"autonomous_system_number": mmdbtype.Uint32(64500), "autonomous_system_organization": mmdbtype.String("Example Net"),
			}}),
			writeFile(t, "asn.csv", "198.51.100.0,198.51.100.255,64501,\"Example, Inc\"\n2001:db8:2::,2001:db8:2:ffff::,64502,Six\n"),
		},
	}
}

func TestEnrichPlace(t *testing.T) {
	e := mustOpen(t, families(t)).Enricher()
	db := signin.GeoDatabase
	for _, c := range []struct {
		ip   string
		want signin.Geo
		asn  uint32
		org  string
	}{
		{"192.0.2.1", signin.Geo{Country: "NL", Region: "North Holland", City: "Amsterdam", Lat: 52.37, Lon: 4.89, Located: true, Source: db}, 64500, "Example Net"},
		{"::ffff:192.0.2.1", signin.Geo{Country: "NL", Region: "North Holland", City: "Amsterdam", Lat: 52.37, Lon: 4.89, Located: true, Source: db}, 64500, "Example Net"},
		{"192.0.2.70", signin.Geo{}, 64500, "Example Net"}, // 0,0 and nothing else
		{"2001:db8:1::5", signin.Geo{Country: "JP", Region: "Tokyo", City: "Tokyo", Lat: 35.68, Lon: 139.69, Located: true, Source: db}, 0, ""},
		{"198.51.100.1", signin.Geo{Country: "US", City: "Denver", Lat: 39.74, Lon: -104.99, Radius: 20, Located: true, Source: db}, 64501, "Example, Inc"},
		{"198.51.100.200", signin.Geo{Country: "DE", Source: db}, 64501, "Example, Inc"}, // latitude 95
		{"2001:db8:2::1", signin.Geo{Country: "FR", City: "Paris", Lat: 48.86, Lon: 2.35, Radius: 10, Located: true, Source: db}, 64502, "Six"},
		{"203.0.113.9", signin.Geo{Country: "SE", Source: db}, 0, ""},
		{"10.1.2.3", signin.Geo{}, 0, ""},
		{"2001:db8:ffff::1", signin.Geo{}, 0, ""},
		{"", signin.Geo{}, 0, ""},
	} {
		for range 2 { // cold and from the cache
			ev := event(c.ip)
			e.Enrich(ev)
			if diff := cmp.Diff(c.want, ev.Geo); diff != "" || ev.ASN != c.asn || ev.ASNOrg != c.org {
				t.Errorf("%s: asn %d %q (-want +got):\n%s", c.ip, ev.ASN, ev.ASNOrg, diff)
			}
			if ev.Network != "" {
				t.Errorf("%s: network %q without a list", c.ip, ev.Network)
			}
		}
	}
	want := Report{
		Events: 22, FromDatabase: 14, NoAddress: 2, Local: 2, NoAnswer: 4, CountryOnly: 4, RejectedDatabase: 4,
		ASNFromDatabase: 12, NoASN: 10,
	}
	if diff := cmp.Diff(want, e.Report()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// The log's word comes first and is never mixed with the database's.
func TestEnrichLogFirst(t *testing.T) {
	e := mustOpen(t, families(t)).Enricher()
	for name, c := range map[string]struct{ in, want signin.Geo }{
		"all":          {signin.Geo{Country: "BE", Lat: 50, Lon: 4, Located: true, Source: signin.GeoLog}, signin.Geo{Country: "BE", Lat: 50, Lon: 4, Located: true, Source: signin.GeoLog}},
		"country only": {signin.Geo{Country: "BE"}, signin.Geo{Country: "BE", Source: signin.GeoLog}},
		"zero, country": {
			signin.Geo{Country: "BE", Located: true, Source: signin.GeoLog}, signin.Geo{Country: "BE", Source: signin.GeoLog},
		},
		"zero alone": {
			signin.Geo{Located: true, Radius: 5, Source: signin.GeoLog},
			signin.Geo{Country: "US", City: "Denver", Lat: 39.74, Lon: -104.99, Radius: 20, Located: true, Source: signin.GeoDatabase},
		},
	} {
		ev := event("198.51.100.1")
		ev.Geo, ev.ASN = c.in, 7
		e.Enrich(ev)
		if diff := cmp.Diff(c.want, ev.Geo); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if ev.ASN != 7 || ev.ASNOrg != "" {
			t.Errorf("%s: asn %d %q, want the log's", name, ev.ASN, ev.ASNOrg)
		}
	}
	if r := e.Report(); r.FromLog != 3 || r.LogUnlocated != 2 || r.FromDatabase != 1 || r.RejectedLog != 2 || r.ASNFromLog != 4 {
		t.Errorf("report %+v", r)
	}
}

func TestEnrichNetwork(t *testing.T) {
	d := mustOpen(t, Options{
		ASN: families(t).ASN,
		Ranges: []RangeFile{
			{"vpn", writeFile(t, "vpn.txt", "# a provider\n192.0.2.0/25\n2001:db8:9::/48\n")},
			{"datacenter", writeFile(t, "dc.txt", "192.0.2.64,192.0.2.200,anything\n")},
			{"datacenter", writeFile(t, "asn.txt", "AS64501 # Example\n")},
			{"", writeFile(t, "named.json", "\ufeff"+`{"value":[{"displayName":"Office","isTrusted":true,"ipRanges":[{"@odata.type":"x","cidrAddress":"203.0.113.0/24"}]},{"displayName":"Belgium","countriesAndRegions":["BE"]}]}`)},
		},
	})
	e := d.Enricher()
	for _, c := range []struct {
		ip   string
		asn  uint32
		want signin.List
	}{
		{"192.0.2.1", 0, `["vpn"]`},
		{"192.0.2.100", 0, `["datacenter","vpn"]`},
		{"192.0.2.200", 0, `["datacenter"]`},
		{"192.0.2.201", 0, `[]`},
		{"192.0.2.201", 64501, `["datacenter"]`}, // the log's ASN counts
		{"198.51.100.7", 0, `["datacenter"]`},    // the database's ASN does
		{"203.0.113.4", 0, `["location:Office","trusted"]`},
		{"2001:db8:9::1", 0, `["vpn"]`},
		{"2001:db8:a::", 0, `[]`},
		{"", 64501, ""},
	} {
		ev := event(c.ip)
		ev.ASN = c.asn
		e.Enrich(ev)
		if ev.Network != c.want {
			t.Errorf("%s asn %d: %q, want %q", c.ip, c.asn, ev.Network, c.want)
		}
	}
	want := []ClassCount{{"vpn", 3}, {"datacenter", 4}, {"location:Office", 1}, {"trusted", 1}}
	if diff := cmp.Diff(want, e.Report().Classes); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
}

// Reports of workers add up to the report of one, whatever their caches did.
func TestReportAdds(t *testing.T) {
	opt := families(t)
	opt.CacheSize = 3
	opt.Ranges = []RangeFile{{"vpn", writeFile(t, "v.txt", "192.0.2.0/24\n")}}
	d := mustOpen(t, opt)
	ips := []string{"192.0.2.1", "192.0.2.70", "198.51.100.200", "203.0.113.1", "10.0.0.1", "2001:db8:1::1", "", "192.0.2.1"}
	one, a, b := d.Enricher(), d.Enricher(), d.Enricher()
	for i := range 50 {
		ip := ips[i*i%len(ips)]
		one.Enrich(event(ip))
		[]*Enricher{a, b}[i%2].Enrich(event(ip))
		if n := len(one.young) + len(one.old); n > 4 {
			t.Fatalf("cache holds %d addresses", n)
		}
	}
	sum := b.Report()
	sum.Add(a.Report())
	if diff := cmp.Diff(one.Report(), sum); diff != "" {
		t.Errorf("(-one +sum):\n%s", diff)
	}
	r := sum
	if r.FromLog+r.FromDatabase+r.NoAddress+r.Local+r.NoAnswer != r.Events {
		t.Errorf("does not add up: %+v", r)
	}
}

func TestNilDatabase(t *testing.T) {
	var d *Database
	ev := event("192.0.2.1")
	e := d.Enricher()
	e.Enrich(ev)
	if diff := cmp.Diff(event("192.0.2.1"), ev, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if err := d.Close(); err != nil || d.Sources() != nil || e.Report().NoAnswer != 1 {
		t.Error(err, d.Sources(), e.Report())
	}
}

func TestOpenErrors(t *testing.T) {
	asn := families(t).ASN[0]
	city := families(t).City[0]
	truncated, err := os.ReadFile(city)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		opt  Options
		want string
	}{
		"missing":     {Options{City: []string{"nowhere.mmdb"}}, "no such file"},
		"folder":      {Options{City: []string{t.TempDir()}}, "is a folder"},
		"empty":       {Options{City: []string{writeFile(t, "e.mmdb", "")}}, "not a MaxMind DB file"},
		"text":        {Options{ASN: []string{writeFile(t, "t.mmdb", "hello")}}, "not a MaxMind DB file"},
		"cut short":   {Options{City: []string{writeFile(t, "c.mmdb", string(truncated[:len(truncated)/2]))}}, "not a MaxMind DB file"},
		"asn as city": {Options{City: []string{asn}}, `type "GeoLite2-ASN" does not hold places`},
		"city as asn": {Options{ASN: []string{city}}, `type "city ipv4" does not hold autonomous systems`},
		"asn csv":     {Options{ASN: []string{writeFile(t, "a.csv", "a,b\n1,2\n")}}, "no row of start,end,asn,org"},
		"bad list":    {Options{Ranges: []RangeFile{{"x", writeFile(t, "x.txt", "a sentence about nothing, really.\nmore of it\n")}}}, "no line was understood, the first: line 2"},
	} {
		d, _, err := Open(c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if d != nil {
			t.Errorf("%s: a database beside the error", name)
		}
	}
}

// A record that cannot be read counts as failed, names the file, and the next
// database is asked.
func TestBrokenRecord(t *testing.T) {
	records := map[string]mmdbtype.Map{}
	for i := range sniffLimit + 8 {
		records[netip.AddrFrom4([4]byte{198, 51, 100, byte(i * 4)}).String()+"/30"] = nestedCity("US", "Denver", float64(i), 5, 1)
	}
	bad := nestedCity("US", "", 1, 1, 1)
	bad["location"] = mmdbtype.String("nowhere")
	records["203.0.113.0/24"] = bad
	path := writeMMDB(t, "GeoLite2-City", 6, records)
	e := mustOpen(t, Options{City: append([]string{path}, families(t).City[3])}).Enricher()
	ev := event("203.0.113.1")
	e.Enrich(ev)
	if r := e.Report(); r.Failed != 1 || !strings.HasPrefix(r.FirstError, path) || ev.Geo.Country != "SE" {
		t.Errorf("%+v, country %q", r, ev.Geo.Country)
	}
}

func BenchmarkEnrichWarm(b *testing.B) {
	d := &Database{cacheSize: defaultCache, lists: 1, classes: []string{"vpn"}, byASN: map[uint32]uint64{}}
	var tb tableBuilder
	d.ranges = tb.build()
	e := d.Enricher()
	ips := make([]netip.Addr, 4096)
	for i := range ips {
		ips[i] = netip.AddrFrom4([4]byte{192, 0, byte(i >> 8), byte(i)})
	}
	ev := &signin.Event{}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		ev.Geo, ev.Source.IP = signin.Geo{}, ips[i&4095]
		e.Enrich(ev)
		i++
	}
}
