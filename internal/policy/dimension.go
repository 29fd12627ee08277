package policy

import "frisk/internal/signin"

// dimension is a set of facts that conditions share: those of one dimension are
// answered together, once per distinct key. A key holds as little as tells the
// answers apart, so that a column of many texts (user agents) does not make many keys.
type dimension struct {
	key func(*Evaluator, *signin.Row) key
	// small, where it is set, is the whole key as one small number: answers are
	// then found by it without hashing. ok is false for a row that needs the key.
	small func(*Evaluator, *signin.Row) (n uint32, ok bool)
}

// byPerson is everything about who: it also holds the epoch of what the
// directory knows of the person, and for what is not a person the stream, which
// tells a service principal where the kind does not.
var byPerson = &dimension{key: func(ev *Evaluator, r *signin.Row) key {
	k := key{
		a: pack(r.C[signin.DimPrincipal], r.C[signin.DimHomeTenant]),
		b: pack(r.C[signin.DimResourceTenant], r.C[signin.DimCrossTenant]),
		c: principalSort(r)<<32 | ev.epoch(r),
	}
	if ev.e.sharedChannels && ev.shared(r) {
		k.c |= 1 << 63
	}
	return k
}}

// principalSort is the kind of principal, with the stream where it is no person.
func principalSort(r *signin.Row) uint64 {
	k := r.E[signin.EnumKind]
	if k == uint8(signin.Member) || k == uint8(signin.Guest) {
		return uint64(k)
	}
	return uint64(k) | uint64(r.E[signin.EnumStream])<<8
}

// byTarget is what was asked for, by what sort of client.
var byTarget = &dimension{key: targetKey}

// unsaidCredential marks the key of a row that does not say how its client proves itself.
const unsaidCredential = 1 << 16

func targetKey(ev *Evaluator, r *signin.Row) key {
	k := key{
		a: pack(r.C[signin.DimResource], r.C[signin.DimApp]),
		b: pack(r.C[signin.DimAudiences], r.C[signin.DimAuthContexts]),
		c: uint64(ev.client(r)) << 3,
	}
	if r.C[signin.DimCredential] == 0 {
		k.c |= unsaidCredential
	}
	if r.Time >= ev.e.opt.LowPrivilegeFrom {
		k.c |= 1
	}
	if isWorkload(r) {
		k.c |= 2
	}
	if ev.confidential(r) {
		k.c |= 4
	}
	return k
}

// byClient is the client; its platform matters for Exchange ActiveSync alone.
var byClient = &dimension{
	key: func(ev *Evaluator, r *signin.Row) key {
		k := key{a: uint64(r.C[signin.DimClient])}
		if ev.client(r) == clientEAS {
			k.b = 1 + uint64(ev.platform(r))
		}
		return k
	},
	small: func(ev *Evaluator, r *signin.Row) (uint32, bool) {
		return uint32(r.C[signin.DimClient]), ev.client(r) != clientEAS
	},
}

var byPlatform = &dimension{
	key:   func(ev *Evaluator, r *signin.Row) key { return key{a: uint64(ev.platform(r))} },
	small: func(ev *Evaluator, r *signin.Row) (uint32, bool) { return uint32(ev.platform(r)), true },
}

var byPlace = &dimension{key: placeKey}

func placeKey(ev *Evaluator, r *signin.Row) key {
	k := key{a: pack(r.C[signin.DimIP], r.C[signin.DimCountry]), b: uint64(r.C[signin.DimNamedLocations])}
	if staleAddress(ev, r) {
		k.c = 1
	}
	if nowhere(r) {
		k.c |= 2
	}
	k.c |= ev.placeEpoch(r) << 2
	return k
}

var byRisk = &dimension{
	key:   func(_ *Evaluator, r *signin.Row) key { return key{a: uint64(r.C[signin.DimRiskLevel])} },
	small: func(_ *Evaluator, r *signin.Row) (uint32, bool) { return uint32(r.C[signin.DimRiskLevel]), true },
}

var byFlow = &dimension{
	key: func(_ *Evaluator, r *signin.Row) key {
		return key{a: pack(r.C[signin.DimProtocol], r.C[signin.DimTransfer])}
	},
	small: flowNumber,
}

func flowNumber(_ *Evaluator, r *signin.Row) (uint32, bool) {
	p, t := r.C[signin.DimProtocol], r.C[signin.DimTransfer]
	if p >= 32 || t >= 32 {
		return maxSmall, false
	}
	return uint32(p<<5 | t), true
}

// byDevice is everything about the device a condition reads.
var byDevice = &dimension{key: deviceKey}

func deviceKey(ev *Evaluator, r *signin.Row) key {
	k := key{
		a: pack(r.C[signin.DimDevice], r.C[signin.DimDeviceName]),
		b: uint64(osPlatform(ev, r)),
		c: uint64(r.Compliant())<<16 | uint64(r.Managed())<<8 | uint64(r.Trust()),
	}
	k.b |= ev.deviceEpoch(r) << 16
	return k
}
