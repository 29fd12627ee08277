package risk

import "frisk/internal/signin"

// tryHome is how long after a refused try a sign-in of the same person from the
// same network still says that the two belong together: a working day. It may reach
// past midnight, and so past the day that an attack is known from
// (AttackWindow.Known): the one thing scores may owe to a later day, and it can only
// lower them.
const tryHome = 12 * signin.Hour

// home is what the account at hand has done so far: where it was let in, and its
// refused tries that a later sign-in may yet explain. It tells an office full of
// stale passwords from a spray: at a desk nearly everybody gets in before or
// after, of a spray's targets hardly anybody does.
type home struct {
	in    [4]uint32 // the last networks it was let in from, plus one; 0 = none
	last  uint32    // the last of them
	next  int
	tries []failKey // refused tries not explained so far, oldest first
}

// homeTries bounds home.tries. Somebody with more open tries is not typing.
const homeTries = 16

func (h *home) reset() { *h = home{tries: h.tries[:0]} }

// knows reports that the account was let in from the network before.
func (h *home) knows(net uint32) bool {
	for _, n := range h.in {
		if n == net+1 {
			return true
		}
	}
	return false
}

// accepted notes that the account was let in from an address at time t, and marks
// the tries that this explains.
func (n *Networks) accepted(addr uint32, t signin.Time) {
	h := &n.home
	net := n.list[addr].net
	if h.last == net+1 && len(h.tries) == 0 {
		return
	}
	h.last = net + 1
	if !h.knows(net) {
		h.in[h.next] = net + 1
		h.next = (h.next + 1) % len(h.in)
	}
	if len(h.tries) == 0 {
		return
	}
	kept := h.tries[:0]
	for _, k := range h.tries {
		f := n.fails[k]
		switch {
		case t-f.last > tryHome:
		case n.list[k.addr].net == net:
			f.after = true
			n.fails[k] = f
		default:
			kept = append(kept, k)
		}
	}
	h.tries = kept
}

// refused notes a refused try of the account.
func (h *home) refused(k failKey) {
	if l := len(h.tries); l > 0 && h.tries[l-1] == k {
		return
	}
	if len(h.tries) < homeTries {
		h.tries = append(h.tries, k)
	}
}
