package rba

import (
	"math"
	"testing"

	"frisk/internal/rarity"
)

// levelOrder is where each level of package rarity stands among the authors'
// weights of a feature; -1 is a level they do not have.
var levelOrder = [2][rarity.Levels]int{{2, 1, -1, 0}, {3, 2, 1, 0}}

// TestRankAgreement: with the authors' levels and weights, every login counted and
// nothing forgotten, the counts that frisk's score rests on rank honest logins and
// attacks as the authors' formula does. What is left is that frisk knows everybody
// only up to the day before, and smooths otherwise.
func TestRankAgreement(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		b := &run{opt: Options{Every: 5}, model: newModel(), own: newOwn(), from: newAttackers(seed), ids: map[uint64]uint32{}}
		for f := range b.own.past {
			b.own.crowd[f] = rarity.NewCrowd(1e9)
			b.own.past[f] = rarity.NewHistory(ownAlpha, 1e9)
			b.own.past[f].Each = true
		}
		for l, err := range Read(made(t, seed, 400)) {
			if err != nil {
				t.Fatal(err)
			}
			b.row(l)
		}
		for f := range b.own.crowd {
			b.own.crowd[f].Seal()
		}
		logins := map[int32]float64{} // of everybody before a day
		first := map[int32]float64{}  // users before it
		for n := range b.users {
			for i, v := range b.users[n].past {
				for d := v.day + 1; d < v.day+2*madeDays; d++ {
					logins[d]++
					if i == 0 {
						first[d]++
					}
				}
			}
		}
		tried := map[[2]uint32][]trial{}
		for _, tr := range b.trials {
			tried[[2]uint32{tr.user, tr.seen}] = append(tried[[2]uint32{tr.user, tr.seen}], tr)
		}
		var das, own []float64
		for n := range b.users {
			u := &b.users[n]
			for f := range b.own.past {
				b.own.past[f].Begin()
			}
			for i, v := range u.past {
				for _, tr := range tried[[2]uint32{uint32(n), uint32(i)}] {
					das, own = append(das, tr.das), append(own, b.mixed(tr.at, tr.day, logins, first))
				}
				if i > 0 && i <= len(u.das) {
					das, own = append(das, float64(u.das[i-1])), append(own, b.mixed(v.at, v.day, logins, first))
				}
				for f := range b.own.past {
					b.own.past[f].Learn(&b.own.paths[f][v.at[f]], v.day)
				}
			}
		}
		if got := spearman(das, own); got < 0.99 {
			t.Errorf("seed %d: rank correlation %.4f over %d logins", seed, got, len(das))
		} else {
			t.Logf("seed %d: rank correlation %.4f over %d logins", seed, got, len(das))
		}
	}
}

// mixed is frisk's counts put together with the authors' weights, in bits.
func (b *run) mixed(at [2]uint32, day int32, logins, users map[int32]float64) float64 {
	bits := 0.0
	n := float32(0)
	for f := range b.own.past {
		p := &b.own.paths[f][at[f]]
		var c [rarity.Levels]float32
		n, c = b.own.past[f].Counts(p, day)
		shares := b.own.crowd[f].Shares(p, day)
		global, local, everybody := 0.0, 0.0, 1.0
		for l, at := range levelOrder[f] {
			if p[l] != 0 {
				everybody *= float64(shares[l])
			}
			if at >= 0 {
				w := weights[features[f][0]+at]
				global += w * everybody
				local += w * float64(c[l]/n)
			}
		}
		if local == 0 {
			local = global / 4
		}
		bits += math.Log2(global / local)
	}
	return bits + math.Log2(max(1, logins[day])/max(1, users[day])/float64(n))
}
