package risk

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"

	"frisk/internal/signin"
)

// AttackKind is what a source did.
type AttackKind uint8

// The kinds.
const (
	Spray       AttackKind = iota // few passwords, many people
	BruteForce                    // many passwords, few people
	Stuffing                      // one or two tries each on many accounts, some of which do not exist
	Enumeration                   // names that mostly do not exist
)

var attackNames = []string{"password-spray", "brute-force", "credential-stuffing", "account-enumeration"}

func (k AttackKind) String() string { return attackNames[k] }

// AttackWindow is one attack from one source: a single address, a /24 or /48
// when no single address of it was enough, or one operator (ASN) or one user
// agent over many addresses that let nobody in.
type AttackWindow struct {
	Kind AttackKind
	// Source is the address or network; the zero Prefix when ASN or Agent is the source.
	Source      netip.Prefix
	ASN         uint32
	Agent       string
	From, Until signin.Time // first and last refused try
	Users       int         // people tried
	Strangers   int         // accounts tried that do not exist
	Insiders    int         // people tried who also got in from the same network around then
	Tries       int
	MaxPerUser  int
	Unknown     int     // tries for accounts that do not exist
	Closed      int     // tries for accounts that are locked or disabled
	Addresses   int     // distinct addresses used
	Accepted    int     // sign-ins accepted from the source on those days, anybody's
	FailShare   float64 // Tries / (Tries + Accepted)
	Slow        bool    // only a window of spray.slow-days shows it
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

// Wide reports that the source is an operator or a user agent, not a network.
func (w *AttackWindow) Wide() bool { return !w.Source.IsValid() }

// SourceText names the source: "192.0.2.7", "192.0.2.0/24", "AS64500" or
// `user agent "x"`.
func (w *AttackWindow) SourceText() string {
	switch {
	case w.Source.IsValid():
		return prefixText(w.Source)
	case w.ASN != 0:
		return asnText(w.ASN)
	}
	return "user agent \"" + w.Agent + "\""
}

// Equal reports that both are the same attack; either may be nil.
func (w *AttackWindow) Equal(o *AttackWindow) bool {
	return w == o || w != nil && o != nil && compareWindows(w, o) == 0
}

func compareWindows(a, b *AttackWindow) int {
	return cmp.Or(
		cmp.Compare(a.From, b.From),
		a.Source.Addr().Compare(b.Source.Addr()),
		cmp.Compare(a.Source.Bits(), b.Source.Bits()),
		cmp.Compare(a.ASN, b.ASN),
		cmp.Compare(a.Agent, b.Agent),
		cmp.Compare(a.Kind, b.Kind),
	)
}

// Seal computes the attacks: by address, by network, by operator, by user
// agent; what a narrower source explains is not said again of a wider one.
// Nothing can be added afterwards.
func (n *Networks) Seal() {
	if n.sealed {
		return
	}
	n.flush()
	n.agents.flush()
	n.sealed = true
	// Surveys know nothing of each other or of the attacks.
	var sealing sync.WaitGroup
	defer sealing.Wait()
	for _, s := range n.surveys {
		sealing.Go(s.Seal)
	}
	n.firstOK = make([]int32, len(n.list))
	for k := range n.oks {
		if f := n.firstOK[k.addr]; f == 0 || k.day < f {
			n.firstOK[k.addr] = k.day
		}
	}
	tries := make([]try, 0, len(n.fails))
	for k, f := range n.fails {
		tries = append(tries, try{failKey: k, fail: f})
	}
	n.scan(tries, byAddress, false)
	n.scan(tries, byNetwork, false)
	rest := func() []try {
		tries = slices.DeleteFunc(tries, func(t try) bool { return n.explained(&t) })
		return tries
	}
	n.scan(rest(), byAddress, true)
	n.scan(rest(), byNetwork, true)
	tries = slices.DeleteFunc(tries, func(t try) bool { return !n.untouched(&t) })
	for _, slow := range []bool{false, true} {
		n.scan(rest(), byOperator, slow)
		n.scan(rest(), byAgent, slow)
	}
}

// untouched reports that nobody had been let in from the try's address by the end
// of its day, and the person from nowhere near it: what rotation over many
// addresses looks like, and what people on the move hardly ever do.
func (n *Networks) untouched(t *try) bool {
	first := n.firstOK[t.addr]
	return !t.inside() && (first == 0 || first > day(t.last))
}

// index sorts the windows and makes them findable.
func (n *Networks) index() {
	slices.SortFunc(n.windows, func(a, b AttackWindow) int { return compareWindows(&a, &b) })
	n.byAddr, n.byPrefix = map[netip.Addr][]*AttackWindow{}, map[netip.Prefix][]*AttackWindow{}
	for i := range n.windows {
		w := &n.windows[i]
		switch {
		case w.Wide():
			for _, a := range n.used[wideKey{w.From, w.ASN, w.Agent, w.Kind}] {
				addr := n.list[a].addr
				n.byAddr[addr] = append(n.byAddr[addr], w)
			}
		case w.Source.IsSingleIP():
			n.byAddr[w.Source.Addr()] = append(n.byAddr[w.Source.Addr()], w)
		default:
			n.byPrefix[w.Source] = append(n.byPrefix[w.Source], w)
		}
	}
}

// wideKey tells wide windows apart. The addresses they used are remembered, since
// on later days those are suspect, not everybody with the operator or the browser.
type wideKey struct {
	from  signin.Time
	asn   uint32
	agent string
	kind  AttackKind
}

// prefixText is "192.0.2.7" for a single address, "192.0.2.0/24" for a network.
func prefixText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}
