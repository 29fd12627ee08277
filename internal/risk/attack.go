package risk

import (
	"cmp"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// AttackKind is what a source did.
type AttackKind uint8

// The kinds.
const (
	Spray      AttackKind = iota // few passwords, many people
	BruteForce                   // many passwords, few people
)

var attackNames = []string{"password-spray", "brute-force"}

func (k AttackKind) String() string { return attackNames[k] }

// AttackWindow is one attack from one source: a single address, or a /24 or /48
// when no single address of it was enough.
type AttackWindow struct {
	Kind        AttackKind
	Source      netip.Prefix
	From, Until signin.Time // first and last refused try
	Users       int         // people tried
	Tries       int
	MaxPerUser  int
	Unknown     int     // tries for accounts that do not exist
	Addresses   int     // distinct addresses used
	Accepted    int     // sign-ins accepted from the source on those days, anybody's
	FailShare   float64 // Tries / (Tries + Accepted)
	// Known is the end of the day on which the attack became evident: a score may
	// use it from then on.
	Known signin.Time
	// Trusted: the provider called the source a trusted location, so it is
	// reported as suppressed and labels nothing.
	Trusted bool
	// Examples are the first tries against up to exampleCount people, in time order.
	Examples []signin.Ref
}

const exampleCount = 20

func compareWindows(a, b *AttackWindow) int {
	return cmp.Or(
		cmp.Compare(a.From, b.From),
		a.Source.Addr().Compare(b.Source.Addr()),
		cmp.Compare(a.Source.Bits(), b.Source.Bits()),
		cmp.Compare(a.Kind, b.Kind),
	)
}

// Seal computes the attacks. Nothing can be added afterwards.
func (n *Networks) Seal() {
	if n.sealed {
		return
	}
	n.flush()
	n.sealed = true
	tries := make([]try, 0, len(n.fails))
	for k, f := range n.fails {
		tries = append(tries, try{failKey: k, fail: f, source: netip.PrefixFrom(n.list[k.addr].addr, n.list[k.addr].addr.BitLen())})
	}
	n.scan(tries)
	n.index()
	for i := range tries {
		tries[i].source = networkOf(n.list[tries[i].addr].addr)
	}
	n.scan(tries)
	n.index()
}

// scan looks for attacks among tries grouped by their source.
func (n *Networks) scan(tries []try) {
	slices.SortFunc(tries, compareTries)
	accepted := n.acceptedBy(tries)
	for start := 0; start < len(tries); {
		end := start
		for end < len(tries) && tries[end].source == tries[start].source {
			end++
		}
		(&hunt{n: n, tries: tries[start:end], accepted: accepted}).run()
		start = end
	}
}

// index sorts the windows and makes them findable.
func (n *Networks) index() {
	slices.SortFunc(n.windows, func(a, b AttackWindow) int { return compareWindows(&a, &b) })
	n.byAddr, n.byPrefix = map[netip.Addr][]*AttackWindow{}, map[netip.Prefix][]*AttackWindow{}
	for i := range n.windows {
		w := &n.windows[i]
		if w.Source.IsSingleIP() {
			n.byAddr[w.Source.Addr()] = append(n.byAddr[w.Source.Addr()], w)
		} else {
			n.byPrefix[w.Source] = append(n.byPrefix[w.Source], w)
		}
	}
}

// try is the refused tries of one person from one address in one half hour.
type try struct {
	failKey
	fail
	source netip.Prefix
}

func compareTries(a, b try) int {
	return cmp.Or(
		a.source.Addr().Compare(b.source.Addr()),
		cmp.Compare(a.source.Bits(), b.source.Bits()),
		cmp.Compare(a.bucket, b.bucket),
		cmp.Compare(a.first, b.first),
		cmp.Compare(a.user, b.user),
		cmp.Compare(a.ref.Run, b.ref.Run),
		cmp.Compare(a.ref.Row, b.ref.Row),
	)
}

// acceptedBy sums accepted sign-ins per (source, day) for sources that have tries.
func (n *Networks) acceptedBy(tries []try) map[sourceDay]uint32 {
	relevant := map[netip.Prefix]bool{}
	for i := range tries {
		relevant[tries[i].source] = true
	}
	single := len(tries) == 0 || tries[0].source.IsSingleIP()
	out := map[sourceDay]uint32{}
	for k, c := range n.oks {
		a := n.list[k.addr].addr
		p := networkOf(a)
		if single {
			p = netip.PrefixFrom(a, a.BitLen())
		}
		if relevant[p] {
			out[sourceDay{p, k.day}] += c
		}
	}
	return out
}

type sourceDay struct {
	source netip.Prefix
	day    int32
}
