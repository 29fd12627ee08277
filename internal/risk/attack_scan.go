package risk

import (
	"cmp"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// grouping is what tries are grouped by.
type grouping uint8

const (
	byAddress grouping = iota
	byNetwork
	byOperator
	byAgent
)

// wide groupings look at tries from untouched addresses only and report nothing below
// spray.wide-addresses.
func (g grouping) wide() bool { return g >= byOperator }

// origin is the source of a try under one grouping; one of the three is set.
type origin struct {
	net   netip.Prefix
	asn   uint32
	agent uint64
}

func compareOrigins(a, b origin) int {
	return cmp.Or(
		a.net.Addr().Compare(b.net.Addr()),
		cmp.Compare(a.net.Bits(), b.net.Bits()),
		cmp.Compare(a.asn, b.asn),
		cmp.Compare(a.agent, b.agent),
	)
}

func (n *Networks) originOf(t *try, g grouping) origin {
	s := &n.list[t.addr]
	switch g {
	case byAddress:
		return origin{net: netip.PrefixFrom(s.addr, s.addr.BitLen())}
	case byNetwork:
		return origin{net: networkOf(s.addr)}
	case byOperator:
		return origin{asn: s.asn}
	}
	return origin{agent: t.agent}
}

// try is the refused tries of one person from one address in one half hour.
type try struct {
	failKey
	fail
	source origin
}

func compareTries(a, b try) int {
	return cmp.Or(
		compareOrigins(a.source, b.source),
		cmp.Compare(a.bucket, b.bucket),
		cmp.Compare(a.first, b.first),
		cmp.Compare(a.user, b.user),
		cmp.Compare(a.ref.Run, b.ref.Run),
		cmp.Compare(a.ref.Row, b.ref.Row),
	)
}

// scan looks for attacks among tries grouped by their source, and indexes what
// it finds for the scans after it.
func (n *Networks) scan(tries []try, g grouping, slow bool) {
	for i := range tries {
		tries[i].source = n.originOf(&tries[i], g)
	}
	slices.SortFunc(tries, compareTries)
	groups := n.busy(tries)
	if len(groups) == 0 {
		return
	}
	h := hunt{n: n, group: g, accepted: n.acceptedBy(groups, g)}
	for i := range groups {
		h.tries, h.number = groups[i], int32(i) //nolint:gosec // groups of tries
		if slow {
			h.runSlow()
		} else {
			h.run()
		}
	}
	n.index()
}

// busy are the runs of tries of one known source that are many enough to be
// looked at. Most sources have a typo or two.
func (n *Networks) busy(tries []try) (groups [][]try) {
	c := &n.cfg
	least := uint32(min(c.SprayTries, c.SprayManyUsers, c.SourceTries, c.EnumerateAccounts))
	for start := 0; start < len(tries); {
		end, total := start, uint32(0)
		for end < len(tries) && tries[end].source == tries[start].source {
			total += tries[end].n
			end++
		}
		if total >= least && tries[start].source != (origin{}) {
			groups = append(groups, tries[start:end])
		}
		start = end
	}
	return groups
}

// groupDay is a day of one group of tries, by its number.
type groupDay struct{ group, day int32 }

// acceptedBy sums accepted sign-ins per day for the sources of groups.
func (n *Networks) acceptedBy(groups [][]try, g grouping) map[groupDay]uint32 {
	out := map[groupDay]uint32{}
	if g == byAgent {
		at := map[uint64]int32{}
		for i := range groups {
			at[groups[i][0].source.agent] = int32(i) //nolint:gosec // groups of tries
		}
		for k, c := range n.agents.oks {
			if i, ok := at[k.agent]; ok {
				out[groupDay{i, k.day}] += c
			}
		}
		return out
	}
	group := n.groupOf(groups, g)
	for k, c := range n.oks {
		if i := group[k.addr]; i >= 0 {
			out[groupDay{i, k.day}] += c
		}
	}
	return out
}

// groupOf is the group of each address, -1 for none.
func (n *Networks) groupOf(groups [][]try, g grouping) []int32 {
	out := make([]int32, len(n.list))
	at := map[uint32]int32{}
	key := func(addr uint32) uint32 {
		switch s := &n.list[addr]; g {
		case byNetwork:
			return s.net
		case byOperator:
			return s.asn
		}
		return addr
	}
	for i := range groups {
		at[key(groups[i][0].addr)] = int32(i) //nolint:gosec // groups of tries
	}
	for a := range out {
		out[a] = -1
		if i, ok := at[key(uint32(a))]; ok { //nolint:gosec // an index
			out[a] = i
		}
	}
	return out
}

// emit turns marked tries into a window, unless narrower windows say it all.
func (h *hunt) emit(kind AttackKind, run []try, known int32) {
	w := AttackWindow{Kind: kind, Source: run[0].source.net, ASN: run[0].source.asn, Known: signin.Time(known) * signin.Day}
	if a := run[0].source.agent; a != 0 {
		w.Agent = h.n.agents.text[a]
	}
	w.From, w.Until = span(run)
	users, addrs := map[uint64]person{}, map[uint32]bool{}
	var used []uint32
	trusted := 0
	for i := range run {
		t := &run[i]
		u, seen := users[t.user]
		if !seen && len(w.Examples) < exampleCount {
			w.Examples = append(w.Examples, t.ref)
		}
		u.n, u.unknown, u.inside = u.n+int(t.n), u.unknown+int(t.unknown), u.inside || t.inside()
		users[t.user] = u
		if !addrs[t.addr] {
			addrs[t.addr] = true
			used = append(used, t.addr)
		}
		w.Tries += int(t.n)
		w.Unknown += int(t.unknown)
		w.Closed += int(t.closed)
		w.MaxPerUser = max(w.MaxPerUser, u.n)
		if h.n.list[t.addr].trusted {
			trusted += int(t.n)
		}
	}
	for _, u := range users {
		w.Strangers += btoi(u.stranger())
		w.Insiders += btoi(u.inside)
	}
	w.Users, w.Addresses = len(users), len(addrs)
	w.Trusted = trusted*2 > w.Tries
	w.Accepted = h.acceptedIn(run)
	w.FailShare = float64(w.Tries) / float64(w.Tries+w.Accepted)
	if kind == Spray {
		w.Kind = breadthKind(&h.n.cfg, &w)
		w.Slow = h.slow
	}
	if h.group == byNetwork && h.covered(kind, run) {
		return
	}
	if h.group.wide() {
		if h.n.used == nil {
			h.n.used = map[wideKey][]uint32{}
		}
		h.n.used[wideKey{w.From, w.ASN, w.Agent, w.Kind}] = used
	}
	h.n.windows = append(h.n.windows, w)
}

// covered reports that a network's attack is what was already found for single
// addresses of it.
func (h *hunt) covered(kind AttackKind, run []try) bool {
	for i := range run {
		known := slices.ContainsFunc(h.n.windowsAt(h.n.list[run[i].addr].addr), func(w *AttackWindow) bool {
			return w.Kind.broad() == kind.broad() && w.covers(&run[i])
		})
		if !known {
			return false
		}
	}
	return true
}

func (w *AttackWindow) covers(t *try) bool { return w.From <= t.first && t.first <= w.Until }

// explained reports that an attack found so far covers the try.
func (n *Networks) explained(t *try) bool {
	for _, w := range n.windowsAt(n.list[t.addr].addr) {
		if w.covers(t) {
			return true
		}
	}
	return false
}

// broad kinds are against many people.
func (k AttackKind) broad() bool { return k != BruteForce }

// breadthKind names a broad attack by whom it tried. Which passwords were tried
// no log says, so a spray and a stuffed list differ only in how well they know
// the organisation.
func breadthKind(c *Config, w *AttackWindow) AttackKind {
	share := float64(w.Strangers) / float64(w.Users)
	switch {
	case share >= c.EnumerateShare && float64(w.Strangers) >= c.EnumerateAccounts:
		return Enumeration
	case share >= c.StuffingShare && float64(w.Users) >= c.SprayManyUsers && float64(w.Tries) <= c.StuffingPerUser*float64(w.Users):
		return Stuffing
	}
	return Spray
}
