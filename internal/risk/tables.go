package risk

import (
	"net/netip"

	"frisk/internal/signin"
)

// byCode memoises a function of a coded column's text. It grows with the
// symbol table and allocates nothing once every code has been seen.
type byCode[T any] struct {
	vals []T
	of   func(string) T
}

func (b *byCode[T]) get(t *signin.Table, c signin.Code) T { return *b.ref(t, c) }

// ref is valid until the next call.
func (b *byCode[T]) ref(t *signin.Table, c signin.Code) *T {
	if int(c) >= len(b.vals) {
		for i := len(b.vals); i < t.Len(); i++ {
			b.vals = append(b.vals, b.of(t.Text(signin.Code(i)))) //nolint:gosec // a code
		}
	}
	return &b.vals[c]
}

// addrInfo is what is known about one source address.
type addrInfo struct {
	net     uint32 // number of the network in this Env; 0 = no valid address
	windows []*AttackWindow
}

// tables are the memoised columns of one Env.
type tables struct {
	class    byCode[Class]
	trusted  byCode[bool]
	tunnel   byCode[bool] // the organisation's own VPN
	prompt   byCode[bool] // lists of methods that are yes-or-no prompts only
	addrs    byCode[addrInfo]
	keys     byCode[uint64] // network of an address, the same in every Env (egress.go)
	networks map[netip.Prefix]uint32
	asns     map[uint32]uint32
}

func (e *Env) init() {
	e.tables.networks = map[netip.Prefix]uint32{}
	e.tables.asns = map[uint32]uint32{}
	e.tables.class.of = classOf
	e.tables.trusted.of = trustedOf
	e.tables.tunnel.of = tunnelOf
	e.tables.keys.of = netKeyOf
	e.tables.prompt.of = promptMethods
	e.tables.addrs.of = func(s string) addrInfo {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return addrInfo{}
		}
		p := networkOf(a)
		n, ok := e.tables.networks[p]
		if !ok {
			n = uint32(len(e.tables.networks)) + 1 //nolint:gosec // bounded by distinct addresses
			e.tables.networks[p] = n
		}
		return addrInfo{net: n, windows: e.Networks.windowsOf(a)}
	}
}

func (e *Env) class(r *signin.Row) Class {
	return e.tables.class.get(e.Symbols[signin.DimNetwork], r.C[signin.DimNetwork])
}

func (e *Env) trusted(r *signin.Row) bool {
	return e.tables.trusted.get(e.Symbols[signin.DimNamedLocations], r.C[signin.DimNamedLocations])
}

func (e *Env) addr(r *signin.Row) *addrInfo {
	return e.tables.addrs.ref(e.Symbols[signin.DimIP], r.C[signin.DimIP])
}

// asn numbers an AS number densely, 0 for not said.
func (e *Env) asn(n uint32) uint32 {
	if n == 0 {
		return 0
	}
	i, ok := e.tables.asns[n]
	if !ok {
		i = uint32(len(e.tables.asns)) + 1 //nolint:gosec // AS numbers are 32 bits
		e.tables.asns[n] = i
	}
	return i
}
