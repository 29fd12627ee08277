package risk

import (
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// hunt looks for attacks among the tries of one source, in time order.
type hunt struct {
	n        *Networks
	tries    []try
	accepted map[sourceDay]uint32
	// known is, per kind and try, the day (plus one) at whose end the first
	// positive window around the try was complete; 0 = none.
	known [2][]int32
}

// The windows looked at: an hour, for fast attacks, and a day, for slow ones.
const (
	shortWindow = 2
	longWindow  = 48
)

func (h *hunt) run() {
	total := 0
	for i := range h.tries {
		total += int(h.tries[i].n)
	}
	c := &h.n.cfg
	if float64(total) < min(c.SprayTries, c.SprayManyUsers, c.SourceTries) {
		return
	}
	for k := range h.known {
		h.known[k] = make([]int32, len(h.tries))
	}
	h.slide(shortWindow)
	h.slide(longWindow)
	for _, k := range []AttackKind{Spray, BruteForce} {
		h.collect(k)
	}
}

// slide moves a window of so many buckets over the tries and marks what a
// positive one covers.
func (h *hunt) slide(buckets int32) {
	counts := map[uint64]int{}
	var st windowStats
	lo := 0
	for hi := 0; hi < len(h.tries); {
		b := h.tries[hi].bucket
		for hi < len(h.tries) && h.tries[hi].bucket == b {
			st.add(counts, h.tries[hi].user, int(h.tries[hi].n))
			hi++
		}
		for h.tries[lo].bucket <= b-buckets {
			st.add(counts, h.tries[lo].user, -int(h.tries[lo].n))
			lo++
		}
		in := h.tries[lo:hi]
		if k, ok := h.judge(&st, in, buckets == shortWindow); ok {
			d := day(signin.Time(b)*bucket) + 1
			for i := lo; i < hi; i++ {
				if h.known[k][i] == 0 {
					h.known[k][i] = d
				}
			}
		}
	}
}

// windowStats are kept up to date as tries enter and leave the window.
type windowStats struct{ users, tries, some int }

func (st *windowStats) add(counts map[uint64]int, user uint64, n int) {
	was := counts[user]
	now := was + n
	counts[user] = now
	st.tries += n
	st.users += btoi(now > 0) - btoi(was > 0)
	st.some += btoi(twoToSix(now)) - btoi(twoToSix(was))
	if now == 0 {
		delete(counts, user)
	}
}

func twoToSix(n int) bool { return n >= 2 && n <= 6 }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// judge applies the published thresholds to one window. A source most of whose
// sign-ins are accepted is an office with typos, whatever the counts.
func (h *hunt) judge(st *windowStats, in []try, short bool) (AttackKind, bool) {
	c := &h.n.cfg
	users, tries := float64(st.users), float64(st.tries)
	each := tries / max(users, 1)
	var kind AttackKind
	switch {
	case users >= c.SprayUsers && tries >= c.SprayTries && each <= c.SprayPerUser &&
		float64(st.some) >= c.SpraySpread*users && lasted(in) >= c.SprayMinMinutes:
		kind = Spray
	case short && users >= c.SprayManyUsers && each <= c.SprayPerUser:
		kind = Spray
	case short && tries >= c.SourceTries && each > c.SprayPerUser:
		kind = BruteForce
	default:
		return 0, false
	}
	ok := h.acceptedIn(in)
	return kind, tries/(tries+float64(ok)) >= c.SprayFailShare
}

func lasted(in []try) float64 {
	first, last := span(in)
	return float64(last-first) / float64(signin.Minute)
}

func span(in []try) (first, last signin.Time) {
	first, last = in[0].first, in[0].last
	for i := range in {
		first, last = min(first, in[i].first), max(last, in[i].last)
	}
	return first, last
}

// acceptedIn counts accepted sign-ins from the source on the days of the window.
func (h *hunt) acceptedIn(in []try) int {
	sum := 0
	for d := day(signin.Time(in[0].bucket) * bucket); d <= day(signin.Time(in[len(in)-1].bucket)*bucket); d++ {
		sum += int(h.accepted[sourceDay{in[0].source, d}])
	}
	return sum
}

// collect joins marked tries of one kind, less than a day apart, into windows.
func (h *hunt) collect(k AttackKind) {
	var run []try
	var known int32
	for i := range h.tries {
		d := h.known[k][i]
		if d == 0 {
			continue
		}
		if len(run) > 0 && h.tries[i].bucket-run[len(run)-1].bucket > longWindow {
			h.emit(k, run, known)
			run = run[:0]
		}
		if len(run) == 0 || d < known {
			known = d
		}
		run = append(run, h.tries[i])
	}
	if len(run) > 0 {
		h.emit(k, run, known)
	}
}

func (h *hunt) emit(k AttackKind, run []try, known int32) {
	w := AttackWindow{Kind: k, Source: run[0].source, Known: signin.Time(known) * signin.Day}
	w.From, w.Until = span(run)
	users, addrs := map[uint64]int{}, map[uint32]bool{}
	trusted := 0
	for i := range run {
		t := &run[i]
		if users[t.user] == 0 && len(w.Examples) < exampleCount {
			w.Examples = append(w.Examples, t.ref)
		}
		users[t.user] += int(t.n)
		addrs[t.addr] = true
		w.Tries += int(t.n)
		w.Unknown += int(t.unknown)
		w.MaxPerUser = max(w.MaxPerUser, users[t.user])
		if h.n.list[t.addr].trusted {
			trusted += int(t.n)
		}
	}
	w.Users, w.Addresses = len(users), len(addrs)
	w.Trusted = trusted*2 > w.Tries
	w.Accepted = h.acceptedIn(run)
	w.FailShare = float64(w.Tries) / float64(w.Tries+w.Accepted)
	if !w.Source.IsSingleIP() && h.covered(k, run) {
		return
	}
	h.n.windows = append(h.n.windows, w)
}

// covered reports that a network's attack is what was already found for single
// addresses of it.
func (h *hunt) covered(k AttackKind, run []try) bool {
	for i := range run {
		known := slices.ContainsFunc(h.n.byAddr[h.n.list[run[i].addr].addr], func(w *AttackWindow) bool {
			return w.Kind == k && w.From <= run[i].first && run[i].first <= w.Until
		})
		if !known {
			return false
		}
	}
	return true
}

// prefixText is "192.0.2.7" for a single address, "192.0.2.0/24" for a network.
func prefixText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}
