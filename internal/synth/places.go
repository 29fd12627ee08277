package synth

import (
	"math"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// place is a real city. Offset is the zone in minutes from UTC; daylight saving
// does not change within the default span.
type place struct {
	city, state, country string
	lat, lon             float64
	offset               int
}

const (
	zurich = iota
	basel
	london
	bristol
	toronto
	montreal
	bengaluru
	berlin
	newYork
	seattle
	paris
	singapore
	tokyo
	lisbon
	ashburn
	amsterdam
	saoPaulo
	warsaw
	johannesburg
)

var places = []place{
	{"Zurich", "Zurich", "CH", 47.3769, 8.5417, 120},
	{"Basel", "Basel-Stadt", "CH", 47.5596, 7.5886, 120},
	{"London", "England", "GB", 51.5072, -0.1276, 60},
	{"Bristol", "England", "GB", 51.4545, -2.5879, 60},
	{"Toronto", "Ontario", "CA", 43.6532, -79.3832, -240},
	{"Montreal", "Quebec", "CA", 45.5019, -73.5674, -240},
	{"Bengaluru", "Karnataka", "IN", 12.9716, 77.5946, 330},
	{"Berlin", "Berlin", "DE", 52.5200, 13.4050, 120},
	{"New York", "New York", "US", 40.7128, -74.0060, -240},
	{"Seattle", "Washington", "US", 47.6062, -122.3321, -420},
	{"Paris", "Ile-de-France", "FR", 48.8566, 2.3522, 120},
	{"Singapore", "Singapore", "SG", 1.3521, 103.8198, 480},
	{"Tokyo", "Tokyo", "JP", 35.6762, 139.6503, 540},
	{"Lisbon", "Lisboa", "PT", 38.7223, -9.1393, 60},
	{"Ashburn", "Virginia", "US", 39.0438, -77.4874, -240},
	{"Amsterdam", "Noord-Holland", "NL", 52.3676, 4.9041, 120},
	{"Sao Paulo", "Sao Paulo", "BR", -23.5505, -46.6333, -180},
	{"Warsaw", "Mazowieckie", "PL", 52.2297, 21.0122, 120},
	{"Johannesburg", "Gauteng", "ZA", -26.2041, 28.0473, 120},
}

// businessCountries is the country named location of the production policy.
var businessCountries = []string{"CA", "CH", "DE", "FR", "GB", "IN", "US"}

// otherCountries are those of the exported location under PerturbLocation.
func otherCountries() []string {
	return []string{"BR", "CA", "CH", "DE", "FR", "GB", "JP", "PT", "SG", "US", "ZA"}
}

func (p *place) business() bool {
	return slices.Contains(businessCountries, p.country)
}

// distance is the great-circle distance in kilometres on a sphere of 6371 km.
func distance(a, b int) float64 {
	const rad = math.Pi / 180
	p, q := &places[a], &places[b]
	h := math.Pow(math.Sin((q.lat-p.lat)*rad/2), 2) +
		math.Cos(p.lat*rad)*math.Cos(q.lat*rad)*math.Pow(math.Sin((q.lon-p.lon)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(h)))
}

// flightTime is door to door: 800 km/h and three hours around it.
func flightTime(a, b int) signin.Time {
	return signin.Time(distance(a, b)/800*float64(signin.Hour)) + 3*signin.Hour
}

type netKind uint8

const (
	netOffice netKind = iota
	netVPN
	netHome
	netMobile
	netHotel
	netHosting
	netCommercialVPN
	netTor
)

// network is a made-up operator's addresses in one place.
type network struct {
	kind    netKind
	place   int
	asn     uint32
	org     string
	v4      netip.Prefix
	v6      netip.Prefix // zero: IPv4 only
	trusted string       // name of the trusted named location that holds it
}

var networks = makeNetworks()

// Index ranges of networks: offices, VPN and so on come first and are named;
// home networks are found by place.
const (
	officeZurich = iota
	officeLondon
	officeToronto
	officeBengaluru
	vpnZurich
	vpnLondon
	vpnToronto
	commercialVPN
	torExit
	hostAshburn
	hostAmsterdam
	hostSingapore
	hostSaoPaulo
	hostWarsaw
	hostJohannesburg
	firstMobile
)

const (
	officeLocation      = "Offices"
	bengaluruLocation   = "Bengaluru office"
	vpnLocation         = "Corporate VPN"
	countryLocationName = "Business countries"
)

// makeNetworks gives every operator /24s of its own: nothing smaller is routed
// on the internet, so no two operators share one.
func makeNetworks() []network {
	pre := netip.MustParsePrefix
	ns := []network{
		{netOffice, zurich, 64512, "Northwind ML AG", pre("192.0.2.0/26"), pre("2001:db8:10::/48"), officeLocation},
		{netOffice, london, 64512, "Northwind ML AG", pre("192.0.2.64/26"), pre("2001:db8:11::/48"), officeLocation},
		{netOffice, toronto, 64512, "Northwind ML AG", pre("192.0.2.128/26"), pre("2001:db8:12::/48"), officeLocation},
		{netOffice, bengaluru, 64512, "Northwind ML AG", pre("192.0.2.192/26"), pre("2001:db8:13::/48"), bengaluruLocation},
		{netVPN, zurich, 64513, "Northwind ML Remote Access", pre("198.51.100.0/27"), netip.Prefix{}, vpnLocation},
		{netVPN, london, 64513, "Northwind ML Remote Access", pre("198.51.100.32/27"), netip.Prefix{}, vpnLocation},
		{netVPN, toronto, 64513, "Northwind ML Remote Access", pre("198.51.100.64/27"), netip.Prefix{}, vpnLocation},
		{netCommercialVPN, amsterdam, 64520, "Hidewell VPN", pre("198.19.192.0/26"), netip.Prefix{}, ""},
		{netTor, warsaw, 64521, "Onion Relay Society", pre("198.19.198.0/28"), netip.Prefix{}, ""},
		{netHosting, ashburn, 64530, "Rentarack Hosting", pre("203.0.113.0/27"), netip.Prefix{}, ""},
		{netHosting, amsterdam, 64531, "Poldercloud Hosting", pre("198.19.193.0/27"), netip.Prefix{}, ""},
		{netHosting, singapore, 64532, "Straitserver Hosting", pre("198.19.194.0/27"), netip.Prefix{}, ""},
		{netHosting, saoPaulo, 64533, "Nuvem Barata Hosting", pre("198.19.195.0/27"), netip.Prefix{}, ""},
		{netHosting, warsaw, 64534, "Wisla Compute Hosting", pre("198.19.196.0/27"), netip.Prefix{}, ""},
		{netHosting, johannesburg, 64535, "Highveld Hosting", pre("198.19.197.0/27"), netip.Prefix{}, ""},
	}
	// A carrier's gateway stands in one city of the country, wherever the phone is.
	for i, gw := range []int{zurich, london, toronto, bengaluru, berlin, newYork, paris} {
		ns = append(ns, network{netMobile, gw, 64540 + uint32(i), places[gw].country + " Mobile", //nolint:gosec // few
			netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 19, byte(128 + i), 0}), 24), //nolint:gosec // few
			v6net(0x200 + i), ""})
	}
	for i := range lisbon + 1 {
		ns = append(ns, network{netHome, i, 64560 + uint32(i), places[i].city + " Broadband", //nolint:gosec // few
			netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18, byte(i * 16), 0}), 20), v6net(0x300 + i), ""}) //nolint:gosec // few
	}
	for i := range lisbon + 1 {
		ns = append(ns, network{netHotel, i, 64600 + uint32(i), places[i].city + " Hospitality Networks", //nolint:gosec // few
			netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 19, byte(i * 4), 0}), 22), netip.Prefix{}, ""}) //nolint:gosec // few
	}
	// The last one: see detours.go.
	return append(ns, network{netCommercialVPN, paris, 64520, "Hidewell VPN", pre("198.19.199.0/26"), netip.Prefix{}, ""})
}

func v6net(n int) netip.Prefix {
	a := [16]byte{0x20, 0x01, 0x0d, 0xb8, byte(n >> 8), byte(n)} //nolint:gosec // split in bytes
	return netip.PrefixFrom(netip.AddrFrom16(a), 48)
}

func homeNet(place int) int   { return firstMobile + 7 + place }
func hotelNet(place int) int  { return firstMobile + 7 + lisbon + 1 + place }
func mobileNet(place int) int { return firstMobile + mobileOf[places[place].country] }

var mobileOf = map[string]int{"CH": 0, "GB": 1, "CA": 2, "IN": 3, "DE": 4, "US": 5, "FR": 6}

// address picks host n of a network; the same n is always the same address.
func (nw *network) address(n uint32) netip.Addr {
	size := uint32(1) << (32 - nw.v4.Bits())
	a := nw.v4.Addr().As4()
	host := 1 + n%(size-2)
	for i := 3; i >= 0 && host > 0; i-- {
		sum := uint32(a[i]) + host&0xff
		a[i] = byte(sum)
		host = host>>8 + sum>>8
	}
	return netip.AddrFrom4(a)
}

// address6 is the same in the network's IPv6 block, one /64 per n, or the IPv4
// address where there is none.
func (nw *network) address6(n uint32) netip.Addr {
	if !nw.v6.IsValid() {
		return nw.address(n)
	}
	a := nw.v6.Addr().As16()
	a[6], a[7] = byte(n>>8), byte(n)
	h := mix(uint64(n))
	for i := range 8 {
		a[8+i] = byte(h >> (8 * i))
	}
	return netip.AddrFrom16(a)
}

// where is a network and one address on it.
type where struct {
	net int
	ip  netip.Addr
}

func (w where) place() *place     { return &places[networks[w.net].place] }
func (w where) network() *network { return &networks[w.net] }
