package risk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// role is what the first phase learned of an operator and address family.
type role struct {
	teleports    bool
	abroad       bool // its jumps cross borders: its country says nothing either
	crossing     bool // most journeys to and from it are impossible
	honest       bool // few are, of enough
	jumps, pairs uint32
	class        Class // Mobile, Satellite or rented, when lists name enough of its addresses
}

// String is the role for evidence, "" when there is none.
func (r role) String() string {
	if !r.teleports {
		return ""
	}
	return "does not locate: " + strconv.Itoa(int(r.jumps)) + " of " + strconv.Itoa(int(r.pairs)) + " are jumps"
}

// forever asks for everything learned: findings may look at the whole history.
const forever = 1<<31 - 1

// silentPeople is how many people without device ids must have jumped before
// their word is taken: one of them might be two persons, the second a thief.
const silentPeople = 3

// role is what was known of key by the day before d. A nil survey knows nothing.
func (t *teleport) role(key uint64, d int32) role {
	if t == nil || key < 2 {
		return role{}
	}
	days := t.roles[key]
	i := len(days)
	if d != forever {
		i, _ = slices.BinarySearchFunc(days, d, func(x teleportDay, d int32) int { return cmp.Compare(x.day, d) })
	}
	if i == 0 {
		return role{}
	}
	n := &days[i-1]
	out := role{}
	switch {
	case t.enough(n.pairs, n.jumps):
		out.teleports, out.jumps, out.pairs = true, n.jumps, n.pairs
	case n.people >= silentPeople && t.enough(n.silentPairs, n.silentJumps):
		out.teleports, out.jumps, out.pairs = true, n.silentJumps, n.silentPairs
	}
	out.abroad = out.teleports && t.enough(out.pairs, n.abroad)
	out.crossing = n.crossers >= silentPeople && (t.crosses(n.cross, n.crossJumps, crossShare) ||
		float64(n.cross) < t.cfg.TeleportLeast && t.crosses(n.silentCross, n.silentCrossed, silentShare))
	cross, crossed := n.cross, n.crossJumps
	if float64(cross) < t.cfg.TeleportLeast {
		cross, crossed = n.silentCross, n.silentCrossed
	}
	out.honest = float64(cross) >= 2*t.cfg.TeleportLeast && float64(crossed) <= crossShare/2*float64(cross)
	listed := func(k uint32) bool { return k >= listedRows && k*listedShare >= n.rows }
	if listed(n.mobile) {
		out.class |= Mobile
	}
	if listed(n.aloft) {
		out.class |= Satellite
	}
	if listed(n.rented) {
		out.class |= Proxy
	}
	return out
}

// crossShare of the journeys between an operator and others must be impossible
// before it is the operator that is not where it says. A provider whose customers
// use a VPN has some such journeys, the VPN has little else. Assumption.
const (
	crossShare  = 0.6
	silentShare = 0.4
)

// A range list knows some prefixes of an operator and not its newest. From one
// sign-in in five on, the rest is taken to be alike. Assumption.
const (
	listedRows  = 3
	listedShare = 5
)

func (t *teleport) crosses(pairs, jumps uint32, share float64) bool {
	return float64(jumps) >= t.cfg.TeleportLeast && float64(jumps) >= share*float64(pairs)
}

func (t *teleport) enough(pairs, jumps uint32) bool {
	return float64(pairs) >= t.cfg.TeleportLeast && float64(jumps) >= t.cfg.TeleportJumps &&
		float64(jumps) >= t.cfg.TeleportShare*float64(pairs)
}

// country is the only country an operator was seen in before day d, "" when none
// or several.
func (t *teleport) country(asn uint32, d int32) string {
	if t == nil || asn == 0 {
		return ""
	}
	seen := t.countries[asn]
	if len(seen) == 0 || seen[0].first >= d || len(seen) > 1 && seen[1].first < d {
		return ""
	}
	return string([]byte{byte(seen[0].country >> 8), byte(seen[0].country)})
}

// cities reports that the log named a city before day d. Without a first phase it
// is taken to.
func (t *teleport) cities(d int32) bool { return t == nil || t.cityDay != 0 && t.cityDay < d }

// nameClasses are words by which an operator's name says what it is. Only classes
// that widen a position, never hosting or VPN: an attacker may rent those.
var nameClasses = []struct {
	word  string
	class Class
}{
	{"mobile", Mobile},
	{"mobil", Mobile},
	{"wireless", Mobile},
	{"cellular", Mobile},
	{"mobility", Mobile},
	{"satellite", Satellite},
	{"inflight", Satellite},
	{"in-flight", Satellite},
	{"avionics", Satellite},
	{"intelsat", Satellite},
	{"inmarsat", Satellite},
	{"gogo", Satellite},
}

// nameClass is the class in an operator's name; 0 = none.
func nameClass(org string) Class {
	words := strings.FieldsFunc(strings.ToLower(org), func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') })
	var c Class
	for _, n := range nameClasses {
		if slices.ContainsFunc(words, func(w string) bool { return w == n.word || strings.HasSuffix(w, "-"+n.word) }) {
			c |= n.class
		}
	}
	return c
}
