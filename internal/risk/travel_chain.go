package risk

import (
	"math/bits"

	"frisk/internal/signin"
)

// Bounds of the search. A person with more stops in a day than that is a shared
// account: the chain is then the best among those looked at, still feasible.
const (
	chainBack = 96 // stops looked back for the one before
	chainWalk = 48 // stops of a chain that a new one is checked against
)

// What vouches for a stop, as weight on the chain: it only orders chains. A
// device outweighs a network, which outweighs the rest, but many stops outweigh few.
const (
	chainBase   = 3
	chainOwn    = 32
	chainTrust  = 16
	chainNet    = 8
	chainAround = 2
)

// link finds the maximum-weight feasible chain of stops by dynamic programming
// (reference, detection 1.4 step 5): each stop extends the best chain that ends
// in an earlier one and none of whose stops of the last day rules it out. Checking
// the whole day and not the neighbour alone keeps a wide position from standing
// between two narrow ones that exclude each other. Of equal chains the one with
// the earlier stops wins, so that the later sign-in is blamed.
func (tr *tracing) link() {
	horizon := tr.horizon()
	st := tr.stops
	far, farBest := -1, int64(0) // best chain end beyond the horizon
	old := 0                     // first stop not yet considered for it
	end, endBest := -1, int64(-1)
	for i := range st {
		x := &st[i]
		if x.moving {
			continue
		}
		x.weight = tr.weigh(x)
		from := tr.visits[x.lo].from
		for old < i && (i-old > chainBack || from-tr.visits[st[old].hi-1].to >= horizon) {
			if !st[old].moving && from-tr.visits[st[old].hi-1].to >= horizon && st[old].best > farBest {
				far, farBest = old, st[old].best
			}
			old++
		}
		x.prev, x.best = far, farBest
		for j := i - 1; j >= old; j-- {
			if !st[j].moving && (st[j].best > x.best || st[j].best == x.best && j < x.prev) && tr.follows(j, i, horizon) {
				x.prev, x.best = j, st[j].best
			}
		}
		x.best += x.weight
		if x.best > endBest {
			end, endBest = i, x.best
		}
	}
	tr.onLen = 0
	for i := end; i >= 0; i = st[i].prev {
		st[i].on = true
		tr.onLen += tr.visits[st[i].hi-1].hi - tr.visits[st[i].lo].lo
	}
}

// follows reports that stop i is possible after the best chain that ends in j.
func (tr *tracing) follows(j, i int, horizon signin.Time) bool {
	from := tr.visits[tr.stops[i].lo].from
	for n := 0; j >= 0 && n < chainWalk; n++ {
		if from-tr.visits[tr.stops[j].hi-1].to >= horizon {
			return true
		}
		if _, bad := tr.between(j, i); bad {
			return false
		}
		j = tr.stops[j].prev
	}
	return true
}

// weigh is how far the person's history vouches for a stop: by its best visit,
// then by its number of sign-ins. The lower half orders equals: the network that
// let the person in earlier, then not refused, then the second factor given.
func (tr *tracing) weigh(x *stop) int64 {
	best, rows := int64(0), 0
	for i := x.lo; i < x.hi; i++ {
		v := &tr.visits[i]
		best = max(best, tr.kin.weight(tr, v)<<32|tr.kin.nuance(tr, v))
		rows += v.hi - v.lo
	}
	return best + int64(min(bits.Len(uint(rows))-1, 3))<<32 //nolint:gosec // positive
}
