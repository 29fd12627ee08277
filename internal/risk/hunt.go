package risk

import "frisk/internal/signin"

// hunt looks for attacks among the tries of one source, in time order.
type hunt struct {
	n        *Networks
	group    grouping
	tries    []try
	number   int32 // of the group of tries
	accepted map[groupDay]uint32
	slow     bool         // in runSlow
	marks    [2]huntMarks // Spray stands for every broad kind until emit
}

// huntMarks say, per try, which positive window covers it.
type huntMarks struct {
	known []int32 // the day (plus one) at whose end the first one was complete; 0 = none
}

// The windows looked at: an hour, for fast attacks, a day, for slow ones, and
// spray.slow-days, for those paced to pass the two.
const (
	shortWindow = 2
	longWindow  = 48
)

func (h *hunt) run() {
	if !h.worth() {
		return
	}
	for k := range h.marks {
		h.marks[k] = huntMarks{known: make([]int32, len(h.tries))}
	}
	h.slide(shortWindow)
	h.slide(longWindow)
	for k := range h.marks {
		h.collect(AttackKind(k)) //nolint:gosec // two
	}
}

// runSlow looks for what is paced to pass the hour and the day. It is shown
// the tries that nothing found so far explains.
func (h *hunt) runSlow() {
	if !h.worth() {
		return
	}
	h.slow = true
	h.marks[Spray] = huntMarks{known: make([]int32, len(h.tries))}
	h.slide(h.slowWindow())
	h.collect(Spray)
	h.slow = false
}

func (h *hunt) slowWindow() int32 { return int32(h.n.cfg.SpraySlowDays) * longWindow }

// worth rules most sources out at once: not one day on which enough of the
// sign-ins were refused. The share over several days is never
// above that of the worst of them.
func (h *hunt) worth() bool {
	c := &h.n.cfg
	share := min(c.SprayFailShare, c.SpraySlowShare)
	today, at := 0, int32(-1)
	refused := false
	check := func() {
		ok := h.accepted[groupDay{h.number, at}]
		refused = refused || today > 0 && float64(today) >= share*float64(today+int(ok))
	}
	for i := range h.tries {
		if d := day(signin.Time(h.tries[i].bucket) * bucket); d != at {
			check()
			at, today = d, 0
		}
		today += int(h.tries[i].n)
	}
	check()
	return refused
}

// slide moves a window of so many buckets over the tries and marks what a
// positive one covers.
func (h *hunt) slide(buckets int32) {
	st := windowStats{people: map[uint64]person{}}
	if h.group.wide() {
		st.addrs = map[uint32]int{}
	}
	lo := 0
	for hi := 0; hi < len(h.tries); {
		b := h.tries[hi].bucket
		for hi < len(h.tries) && h.tries[hi].bucket == b {
			st.add(&h.tries[hi], 1)
			hi++
		}
		for h.tries[lo].bucket <= b-buckets {
			st.add(&h.tries[lo], -1)
			lo++
		}
		if k, ok := h.judge(&st, h.tries[lo:hi], buckets); ok {
			m := &h.marks[k]
			d := day(signin.Time(b)*bucket) + 1
			for i := lo; i < hi; i++ {
				if m.known[i] == 0 {
					m.known[i] = d
				}
			}
		}
	}
}

// judge applies the published thresholds to one window. A source most of whose
// sign-ins are accepted is an office with typos, whatever the counts, and so is
// one where those who were refused get in before or after.
func (h *hunt) judge(st *windowStats, in []try, buckets int32) (AttackKind, bool) {
	c := &h.n.cfg
	short, slow := buckets == shortWindow, buckets > longWindow
	users, tries := float64(st.users), float64(st.tries)
	each := tries / max(users, 1)
	few := each <= c.SprayPerUser
	kind, share := Spray, c.SprayFailShare
	switch {
	case h.group.wide():
		if users < c.SprayManyUsers || !few || float64(len(st.addrs)) < c.WideAddresses {
			return 0, false
		}
		if slow {
			share = c.SpraySlowShare
		}
	case slow:
		if users < c.SprayManyUsers || !few {
			return 0, false
		}
		share = c.SpraySlowShare
	case users >= c.SprayUsers && tries >= c.SprayTries && few &&
		float64(st.some) >= c.SpraySpread*users && lasted(in) >= c.SprayMinMinutes:
	case short && users >= c.SprayManyUsers && few:
	case float64(st.strangers) >= c.EnumerateAccounts && float64(st.strangers) >= c.EnumerateShare*users && few:
	case short && tries >= c.SourceTries && !few:
		kind = BruteForce
	default:
		return 0, false
	}
	at := float64(st.inside)
	if kind == BruteForce {
		// Somebody who guesses long enough gets in as well: only having been in before counts.
		at = float64(st.before)
	}
	if at > c.SprayInsiders*users {
		return 0, false
	}
	ok := h.acceptedIn(in)
	return kind, tries/(tries+float64(ok)) >= share
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
		sum += int(h.accepted[groupDay{h.number, d}])
	}
	return sum
}

// collect joins marked tries of one kind into windows: less than a day apart, or
// than the slow window.
func (h *hunt) collect(k AttackKind) {
	m := &h.marks[k]
	var run []try
	var known int32
	apart := int32(longWindow)
	if h.slow {
		apart = h.slowWindow()
	}
	for i := range h.tries {
		d := m.known[i]
		if d == 0 {
			continue
		}
		if len(run) > 0 && h.tries[i].bucket-run[len(run)-1].bucket > apart {
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
