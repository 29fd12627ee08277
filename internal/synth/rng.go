package synth

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"math/rand/v2"

	"frisk/internal/signin"
)

// dice is a seeded source with the few distributions the simulation uses. Each
// person and each actor has its own, so that one more draw for one person
// changes nobody else's history.
type dice struct{ *rand.Rand }

func newDice(seed uint64, stream string, n int) dice {
	return dice{rand.New(rand.NewPCG(seed^mix(uint64(n)+1), signin.IDHash(stream)^mix(uint64(n))))} //nolint:gosec // made-up data must be repeatable
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

// minutes draws from a normal distribution cut at two and a half deviations.
func (d dice) minutes(mean, sd float64) signin.Time {
	return signin.Time((mean + sd*math.Max(-2.5, math.Min(2.5, d.NormFloat64()))) * float64(signin.Minute))
}

func (d dice) between(lo, hi signin.Time) signin.Time {
	if hi <= lo {
		return lo
	}
	return lo + signin.Time(d.Int64N(int64(hi-lo)))
}

func pick[T any](d dice, s []T) T { return s[d.IntN(len(s))] }

// guid draws a version 4 identifier.
func (d dice) guid() signin.GUID {
	var g signin.GUID
	binary.BigEndian.PutUint64(g[:8], d.Uint64())
	binary.BigEndian.PutUint64(g[8:], d.Uint64())
	g[6] = g[6]&0x0f | 0x40
	g[8] = g[8]&0x3f | 0x80
	return g
}

// fixedGUID is the identifier of a named thing, the same for every seed, so
// that documentation and tests can name groups and policies.
func fixedGUID(name string) signin.GUID {
	return newDice(0x6672_6973_6b21, name, 0).guid()
}

// uti is the unique token identifier of a request id: base64url of the GUID's
// bytes in little-endian field order (reference 4.2).
func uti(g signin.GUID) string {
	g[0], g[1], g[2], g[3] = g[3], g[2], g[1], g[0]
	g[4], g[5] = g[5], g[4]
	g[6], g[7] = g[7], g[6]
	return base64.RawURLEncoding.EncodeToString(g[:])
}
