package geo

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parse(s string) (ranges []string, systems []uint32, bad []string, err error) {
	list, ns, err := ParseRanges(strings.NewReader(s), "list.txt", "x")
	if list != nil {
		for _, r := range list.Ranges {
			ranges = append(ranges, r.First.String()+" "+r.Last.String())
		}
		for _, a := range list.ASNs {
			systems = append(systems, a.ASN)
		}
	}
	for _, n := range ns {
		bad = append(bad, n.Error())
	}
	return ranges, systems, bad, err
}

func TestParseRanges(t *testing.T) {
	ranges, systems, bad, err := parse("\ufeffip_range_start,ip_range_end\r\n" + `
# comment
; comment
192.0.2.0/24
192.0.2.77/24 # host bits are cleared
192.0.2.9
  2001:db8::1
2001:db8::/32 a provider
198.51.100.1,198.51.100.9,"A, B",US
198.51.100.1 - 198.51.100.9
198.51.100.1-198.51.100.9
"198.51.100.1","198.51.100.9"
::ffff:192.0.2.0/120
0.0.0.0/0
::/0
AS64496 # a host
as64497
64498,"A, B"
64499, 1st Host
64500 2 Hosts
`)
	if err != nil || bad != nil {
		t.Fatal(err, bad)
	}
	if diff := cmp.Diff([]string{
		"192.0.2.0 192.0.2.255", "192.0.2.0 192.0.2.255", "192.0.2.9 192.0.2.9", "2001:db8::1 2001:db8::1",
		"2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
		"198.51.100.1 198.51.100.9", "198.51.100.1 198.51.100.9", "198.51.100.1 198.51.100.9", "198.51.100.1 198.51.100.9",
		"192.0.2.0 192.0.2.255", "0.0.0.0 255.255.255.255", ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	}, ranges); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint32{64496, 64497, 64498, 64499, 64500}, systems); diff != "" {
		t.Error(diff)
	}
}

func TestParseRangesBadLines(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.1\n192.0.2.0/33":                 "list.txt:2: ",
		"192.0.2.1\n192.0.2.9,192.0.2.1":          "list.txt:2: span 192.0.2.9 to 192.0.2.1 runs backwards",
		"192.0.2.1\n192.0.2.9,2001:db8::1":        "list.txt:2: span 192.0.2.9 to 2001:db8::1 runs backwards or mixes families",
		"192.0.2.1\n::ffff:0:0/90":                "mixes families",
		"192.0.2.1\n16777216,16777471,AU":         "spans of whole numbers are not read",
		"192.0.2.1\nhello":                        `have "hello"`,
		"192.0.2.1\nAS0":                          `have "AS0"`,
		"192.0.2.1\n192.0.2.300":                  "list.txt:2: ",
		"":                                        "the list is empty",
		"192.0.2.1\n" + strings.Repeat("x\n", 30): "list.txt:2: ",
	} {
		_, _, bad, err := parse(in)
		if err != nil || len(bad) == 0 || !strings.Contains(bad[0], want) {
			t.Errorf("%q: %q, %v; want %q", in, bad, err, want)
		}
		if len(bad) > maxNotices+1 {
			t.Errorf("%d notices", len(bad))
		}
	}
	for in, want := range map[string]string{
		"hello\nworld":                            "no line was understood",
		`[{"displayName":"a policy"}]`:            "no named location",
		`{"id":"a policy"}`:                       "no named location",
		`{"value":`:                               "parse named locations",
		"x" + strings.Repeat("y", maxRangeLine+1): "token too long",
	} {
		if _, _, _, err := parse(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", in, err, want)
		}
	}
}

func TestNamedLocations(t *testing.T) {
	for in, want := range map[string][]string{
		`{"value":[]}`: nil,
		`[]`:           nil,
		`{"displayName":"Belgium","countriesAndRegions":["BE"]}`:                   nil,
		`{"displayName":"Office","ipRanges":[{"cidrAddress":"192.0.2.0/24"}]}`:     {"192.0.2.0 192.0.2.255"},
		`[{"displayName":"Office","ipRanges":[{"cidrAddress":"2001:db8::/127"}]}]`: {"2001:db8:: 2001:db8::1"},
	} {
		got, _, bad, err := parse(in)
		if err != nil || bad != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: %v %v %v, want %v", in, got, bad, err, want)
		}
	}
	_, _, bad, err := parse(`{"displayName":"Office","ipRanges":[{"cidrAddress":"here"},{"cidrAddress":"::ffff:0:0/90"}]}`)
	if err != nil || len(bad) != 2 || !strings.Contains(bad[0], `named location "Office"`) {
		t.Error(bad, err)
	}
}

// A folder of exported policies and locations gives its locations.
func TestNamedLocationsFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"policy.json": `{"id":"p","displayName":"MFA","conditions":{}}`,
		"a.json":      `{"displayName":"A","ipRanges":[{"cidrAddress":"192.0.2.0/24"}]}`,
		"b.json":      `{"displayName":"B","isTrusted":true,"ipRanges":[{"cidrAddress":"192.0.2.0/25"}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e := mustOpen(t, Options{Ranges: []RangeFile{{Path: dir}}}).Enricher()
	ev := event("192.0.2.1")
	e.Enrich(ev)
	if ev.Network != `["location:A","location:B","trusted"]` {
		t.Errorf("network %s", ev.Network)
	}
}

// The table answers as a walk over all ranges does.
func TestTableAgainstWalk(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	addr := func(v4 bool) netip.Addr {
		// Few bits, so that ranges touch, nest and overlap; the ends of the space included.
		n := byte(rnd.IntN(12))
		edge := byte(rnd.IntN(3)) * 127
		if edge == 254 {
			edge, n = 255, 255-n
		}
		if v4 {
			b := [4]byte{edge, edge, edge, n}
			return netip.AddrFrom4(b)
		}
		b := [16]byte{}
		for i := range b {
			b[i] = edge
		}
		b[15] = n
		return netip.AddrFrom16(b)
	}
	type r struct {
		a, b netip.Addr
		mask uint64
	}
	for range 300 {
		var rs []r
		var b tableBuilder
		for range rnd.IntN(12) {
			v4 := rnd.IntN(2) == 0
			x, y := addr(v4), addr(v4)
			if y.Less(x) {
				x, y = y, x
			}
			m := uint64(1) << []int{0, 1, 2, 63}[rnd.IntN(4)]
			rs = append(rs, r{x, y, m})
			b.add(x, y, m)
		}
		tab := b.build()
		for range 200 {
			v4 := rnd.IntN(2) == 0
			ip := addr(v4)
			var want uint64
			for _, r := range rs {
				if r.a.Is4() == ip.Is4() && !ip.Less(r.a) && !r.b.Less(ip) {
					want |= r.mask
				}
			}
			if got := tab.find(ip); got != want {
				t.Fatalf("%s: %b, want %b in %v", ip, got, want, rs)
			}
		}
	}
}

func FuzzParseRanges(f *testing.F) {
	for _, s := range []string{
		"192.0.2.0/24\n", "a,b\n192.0.2.1,192.0.2.9\n", "AS64496 # x\n64497,\"x\"\n", "::/0", "0.0.0.0/0", "1-2", "-", ",", "\"\"", "/",
		`[{"displayName":"a","isTrusted":true,"ipRanges":[{"cidrAddress":"2001:db8::/32"}]}]`, "\xff\xfe1\x00", "fe80::1%eth0/64",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, _, err := ParseRanges(strings.NewReader(s), "f", "c")
		if err != nil {
			return
		}
		var b tableBuilder
		for _, r := range list.Ranges {
			if !r.First.IsValid() || r.First.Is4() != r.Last.Is4() || r.Last.Less(r.First) || r.First.Is4In6() || r.First.Zone() != "" {
				t.Fatalf("bad range %v", r)
			}
			b.add(r.First, r.Last, 1)
		}
		tab := b.build()
		for _, r := range list.Ranges {
			if tab.find(r.First) != 1 || tab.find(r.Last) != 1 {
				t.Fatalf("range %v is not found again", r)
			}
		}
		for _, a := range list.ASNs {
			if a.ASN == 0 {
				t.Fatal("asn 0")
			}
		}
	})
}

func FuzzParseSystems(f *testing.F) {
	f.Add("192.0.2.0,192.0.2.255,64496,Example\n")
	f.Add("start,end,asn\n2001:db8::,2001:db8::f,64496\n")
	f.Fuzz(func(t *testing.T, s string) {
		tab, _, err := parseSystems(strings.NewReader(s), "f")
		if err == nil && tab.len() == 0 {
			t.Fatal("neither rows nor an error")
		}
	})
}

func BenchmarkTableFind(b *testing.B) {
	var tb tableBuilder
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		p, err := rangeOf(netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(rnd.Uint32()), byte(rnd.Uint32()), byte(rnd.Uint32())}), 20+rnd.IntN(5)), "x")
		if err != nil {
			b.Fatal(err)
		}
		tb.add(p.First, p.Last, 1)
	}
	tab := tb.build()
	ips := make([]netip.Addr, 4096)
	for i := range ips {
		ips[i] = netip.MustParseAddr(fmt.Sprintf("%d.%d.%d.%d", rnd.IntN(256), rnd.IntN(256), rnd.IntN(256), rnd.IntN(256)))
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		tab.find(ips[i&4095])
		i++
	}
}
