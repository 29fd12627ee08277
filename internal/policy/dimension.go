package policy

import "frisk/internal/signin"

// dimension is a set of facts that conditions share: those of one dimension are
// answered together, once per distinct key. A key holds as little as tells the
// answers apart, so that a column of many texts (user agents) does not make many keys.
type dimension struct {
	key func(*Evaluator, *signin.Row) key
}

// byContext is the dimension of conditions that read nothing of the row, only the Context.
var byContext = &dimension{func(*Evaluator, *signin.Row) key { return key{} }}

// byPerson is everything about who: it also holds the stream, which tells a
// service principal where the kind does not, and the membership epoch.
var byPerson = &dimension{func(ev *Evaluator, r *signin.Row) key {
	return key{
		a: pack(r.C[signin.DimPrincipal], r.C[signin.DimHomeTenant]),
		b: pack(r.C[signin.DimResourceTenant], r.C[signin.DimCrossTenant]),
		c: uint64(r.Kind())<<56 | uint64(r.Stream())<<48 | ev.epoch(r),
	}
}}

// byTarget is what was asked for, by what sort of client.
var byTarget = &dimension{func(ev *Evaluator, r *signin.Row) key {
	k := key{
		a: pack(r.C[signin.DimResource], r.C[signin.DimApp]),
		b: pack(r.C[signin.DimAudiences], r.C[signin.DimAuthContexts]),
		c: uint64(ev.client(r)) << 2,
	}
	if r.Time >= ev.e.opt.LowPrivilegeFrom {
		k.c |= 1
	}
	if isWorkload(r) {
		k.c |= 2
	}
	return k
}}

// byClient is the client; its platform matters for Exchange ActiveSync alone.
var byClient = &dimension{func(ev *Evaluator, r *signin.Row) key {
	k := key{a: uint64(r.C[signin.DimClient])}
	if ev.client(r) == clientEAS {
		k.b = 1 + uint64(ev.platform(r))
	}
	return k
}}

var byPlatform = &dimension{func(ev *Evaluator, r *signin.Row) key { return key{a: uint64(ev.platform(r))} }}

var byPlace = &dimension{func(ev *Evaluator, r *signin.Row) key {
	k := key{a: pack(r.C[signin.DimIP], r.C[signin.DimCountry]), b: uint64(r.C[signin.DimNamedLocations])}
	if staleAddress(ev, r) {
		k.c = 1
	}
	return k
}}

var byRisk = &dimension{func(_ *Evaluator, r *signin.Row) key { return key{a: uint64(r.C[signin.DimRiskLevel])} }}

var byFlow = &dimension{func(_ *Evaluator, r *signin.Row) key {
	return key{a: pack(r.C[signin.DimProtocol], r.C[signin.DimTransfer])}
}}

// byDevice is everything about the device a condition reads.
var byDevice = &dimension{func(ev *Evaluator, r *signin.Row) key {
	k := key{
		a: pack(r.C[signin.DimDevice], r.C[signin.DimDeviceName]),
		b: uint64(osPlatform(ev, r)),
		c: uint64(r.Compliant())<<16 | uint64(r.Managed())<<8 | uint64(r.Trust()),
	}
	if ev.registered(r) == signin.False {
		k.b |= 1 << 8
	}
	return k
}}

// group is the conditions of one dimension and what they said together.
type group struct {
	dim   *dimension
	conds []int // indexes into Engine.conds
	t     *table
}

// groups sorts an engine's conditions by dimension, keeping their order.
func groups(conds []Condition) []group {
	var out []group
next:
	for i := range conds {
		for g := range out {
			if out[g].dim == conds[i].dim {
				out[g].conds = append(out[g].conds, i)
				continue next
			}
		}
		out = append(out, group{conds[i].dim, []int{i}, newTable()})
	}
	return out
}
