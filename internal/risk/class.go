package risk

import (
	"net/netip"
	"strings"

	"frisk/internal/signin"
)

// Class is a set of network classes, as the range lists named them (Event.Network).
type Class uint16

// The classes a list may name. Aliases are in classNames.
const (
	Datacenter Class = 1 << iota
	VPN
	Tor
	Proxy
	Relay     // a privacy relay, whose egress is near nobody
	Satellite // in-flight and ship networks
	Anycast
	Mobile    // carrier gateway: somewhere in the country
	Corporate // the organisation's own egress, by the user's own list
)

// NonLocating classes say nothing about where a person sits: their position is
// unbounded, never evidence of travel. Defender for Cloud Apps, Datadog and
// Panther leave the same classes out (reference, detection 1.3).
const NonLocating = Datacenter | VPN | Tor | Proxy | Relay | Satellite | Anycast

// Anonymiser classes hide who signs in.
const Anonymiser = VPN | Tor | Proxy | Relay

var classNames = []struct {
	name string
	c    Class
}{
	{"anycast", Anycast},
	{"corporate", Corporate},
	{"datacenter", Datacenter},
	{"mobile", Mobile},
	{"proxy", Proxy},
	{"relay", Relay},
	{"satellite", Satellite},
	{"tor", Tor},
	{"vpn", VPN},
	// Aliases after the names, so that String uses the names.
	{"hosting", Datacenter},
	{"cloud", Datacenter},
	{"data-center", Datacenter},
	{"private-relay", Relay},
	{"cellular", Mobile},
	{"tor-exit", Tor},
}

// String lists the classes in alphabetical order, joined by "+".
func (c Class) String() string {
	var b strings.Builder
	for _, n := range classNames {
		if c&n.c == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('+')
		}
		b.WriteString(n.name)
		c &^= n.c
	}
	return b.String()
}

// classOf reads a Network list. Classes it does not know are left out: a user's
// own tag is not a statement about locating.
func classOf(l string) Class {
	names, err := signin.DecodeList[string](signin.List(l))
	if err != nil {
		return 0
	}
	var c Class
	for _, n := range names {
		for _, k := range classNames {
			if strings.EqualFold(n, k.name) {
				c |= k.c
			}
		}
	}
	return c
}

// trustedOf reports whether a NamedLocations list holds a trusted location.
func trustedOf(l string) bool {
	if l == "" || l == "[]" {
		return false
	}
	locs, err := signin.DecodeList[signin.NamedLocation](signin.List(l))
	if err != nil {
		return false
	}
	for _, n := range locs {
		if isTrusted(n.Type) {
			return true
		}
	}
	return false
}

func isTrusted(kind string) bool {
	return strings.EqualFold(kind, "trustedNamedLocation") || strings.EqualFold(kind, "trusted")
}

// networkOf is the /24 (IPv4) or /48 (IPv6) an address belongs to: the grain
// at which one site or one rented range usually sits.
func networkOf(a netip.Addr) netip.Prefix {
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
