package risk

import (
	"cmp"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// bucket is the grain of time at which refused tries are kept.
const bucket = 30 * signin.Minute

// Networks is the first phase: what each source address did to everybody. One
// goroutine fills one Networks; Merge joins them in any order; Seal computes the
// attacks. After Seal it is only read and safe for concurrent use. Memory is
// bounded by refused tries per (address, half hour, person) and by addresses
// used per day, never by the number of rows.
type Networks struct {
	cfg Config
	// PersonOf gives the key under which an account (signin.PersonKey) counts as a
	// person tried; nil means that each counts by itself. It must be a pure function.
	PersonOf func(account string) string
	addrs    map[netip.Addr]uint32
	list     []source
	fails    map[failKey]fail
	oks      map[okKey]uint32
	sealed   bool
	surveys  []Survey
	renewals []renewals // those of surveys
	sighting Sighting
	agents   agents
	nets     map[netip.Prefix]uint32

	windows  []AttackWindow
	byAddr   map[netip.Addr][]*AttackWindow
	byPrefix map[netip.Prefix][]*AttackWindow
	firstOK  []int32              // Seal: by address, the first day somebody was let in from it
	used     map[wideKey][]uint32 // addresses of wide attacks

	// memo of the codes of the Symbols seen last, and of the person seen last.
	sym     *signin.Symbols
	codes   []uint32 // IP code -> index in list + 1; 0 = not looked up; noAddr = not an address
	trusted byCode[bool]
	who     [3]signin.Code
	user    uint64
	fresh   bool // who was not seen by the surveys yet
	// attempts of the account seen last, which is at.
	attempts *signin.Attempts
	at       [3]signin.Code
	lastOK   okKey
	run      uint32 // accepted rows of lastOK not yet in oks
	home     home   // of the account who
}

type source struct {
	addr    netip.Addr
	net     uint32 // number of its network, in this Networks
	asn     uint32 // the largest the log gave for it; 0 = not said
	trusted bool   // the provider called it a trusted location at least once
}

type failKey struct {
	addr   uint32
	bucket int32
	user   uint64
}

type fail struct {
	n, unknown  uint32 // tries, and those for an account that does not exist
	closed      uint32 // tries for an account that is locked or disabled
	before      bool   // the person had been let in from this network before
	after       bool   // or was within tryHome
	first, last signin.Time
	ref         signin.Ref // of the first try
	agent       uint64     // hash of the first try's user agent; 0 = not said
}

// inside reports that the person also gets in from there.
func (f *fail) inside() bool { return f.before || f.after }

type okKey struct {
	addr uint32
	day  int32
}

const noAddr = ^uint32(0)

// NewNetworks is an empty first phase for every detector and the score. The zero
// cfg means Defaults.
func NewNetworks(cfg Config) *Networks { return newNetworks(cfg, surveyKinds) }

// NewNetworksFor is NewNetworks with only the surveys that the given detectors
// consult: for who runs a few of them and needs no score. Networks merge only
// with those made for the same detectors.
func NewNetworksFor(cfg Config, ds []Detector) *Networks { return newNetworks(cfg, surveysOf(ds)) }

func newNetworks(cfg Config, kinds []surveyKind) *Networks {
	if cfg == (Config{}) {
		cfg = Defaults()
	}
	n := &Networks{cfg: cfg, addrs: map[netip.Addr]uint32{}, fails: map[failKey]fail{}, oks: map[okKey]uint32{}}
	n.trusted.of = trustedOf
	n.agents, n.nets = newAgents(), map[netip.Prefix]uint32{}
	for i := range kinds {
		s := kinds[i].make(&n.cfg)
		n.surveys = append(n.surveys, s)
		if r, ok := s.(renewals); ok {
			n.renewals = append(n.renewals, r)
		}
	}
	return n
}

// AttemptsNeed is what tells several rows of one try apart from several tries,
// for providers that write more than one (signin.AttemptRule). Without it every
// row counts.
func AttemptsNeed() signin.Need {
	n := signin.NeedDims(signin.DimProvider, signin.DimCode, signin.DimFactors)
	n.IDs[signin.IDCorrelation], n.IDs[signin.IDOriginal] = true, true
	return n
}

// NetworksNeed is the set of columns Observe reads; see AttemptsNeed.
func NetworksNeed() signin.Need { return networksNeed(surveyKinds) }

// NetworksNeedFor is the same for NewNetworksFor.
func NetworksNeedFor(ds []Detector) signin.Need { return networksNeed(surveysOf(ds)) }

func networksNeed(kinds []surveyKind) signin.Need {
	n := signin.NeedDims(signin.DimIP, signin.DimNamedLocations, signin.DimUserAgent,
		signin.DimProvider, signin.DimTenant, signin.DimPrincipal)
	for i := range kinds {
		n = n.Or(kinds[i].need)
	}
	return n
}

// Observe takes one row of anybody. Accounts may come in any order, the rows of one
// in order of time and together. sym must be the row's own.
func (n *Networks) Observe(r *signin.Row, sym *signin.Symbols) {
	refused := guessFailed(r)
	if !refused && !(accepted(r) && personal(r)) {
		return
	}
	if n.sealed {
		panic("risk: Networks.Observe after Seal")
	}
	if sym != n.sym {
		n.flush()
		n.sym, n.codes = sym, n.codes[:0]
		n.trusted.vals = n.trusted.vals[:0]
		n.agents.use()
		n.user = 0
		n.attempts = signin.NewAttempts(sym)
		for _, s := range n.surveys {
			s.Use(sym)
		}
	}
	i := n.addrOf(r.C[signin.DimIP])
	if i == noAddr {
		return
	}
	if !refused && !humanStreams[r.Stream()] {
		// A token renewed there says that the person is at home there, no more.
		user := n.person(r)
		n.accepted(i, r.Time)
		for _, s := range n.renewals {
			s.renewal(r, user)
		}
		return
	}
	if n.again(r, refused) {
		return
	}
	user := n.person(r)
	n.survey(r, i, refused)
	if src := &n.list[i]; r.ASN > src.asn {
		src.asn = r.ASN
	}
	agent := n.agents.hash.get(sym[signin.DimUserAgent], r.C[signin.DimUserAgent])
	if !refused {
		n.accepted(i, r.Time)
		n.agents.accepted(agent, day(r.Time))
		k := okKey{i, day(r.Time)}
		if k != n.lastOK {
			n.flush()
			n.lastOK = k
		}
		n.run++
		return
	}
	if n.trusted.get(sym[signin.DimNamedLocations], r.C[signin.DimNamedLocations]) {
		n.list[i].trusted = true
	}
	k := failKey{i, int32(r.Time / bucket), user} //nolint:gosec // 2000 to 2100 in half hours
	f := fail{n: 1, first: r.Time, last: r.Time, ref: r.Ref, agent: agent, before: n.home.knows(n.list[i].net)}
	switch r.Reason() {
	case signin.NoSuchUser:
		f.unknown = 1
	case signin.Locked, signin.Disabled:
		f.closed = 1
	}
	n.agents.refused(agent, sym[signin.DimUserAgent].Text(r.C[signin.DimUserAgent]))
	n.home.refused(k)
	n.fails[k] = join(n.fails[k], f)
}

// survey shows the row to the surveys.
func (n *Networks) survey(r *signin.Row, addr uint32, refused bool) {
	if len(n.surveys) == 0 {
		return
	}
	n.sighting = Sighting{Row: r, Refused: refused, First: n.fresh, Person: n.user, Addr: n.list[addr].addr}
	n.fresh = false
	for _, s := range n.surveys {
		s.Observe(&n.sighting)
	}
}

// again reports that an earlier row of the account described the same try, or
// the same accepted login.
func (n *Networks) again(r *signin.Row, refused bool) bool {
	if n.attempts.Rule(r).EachRow {
		return false
	}
	if who := account(r); who != n.at {
		n.at = who
		n.attempts.Reset()
	}
	if refused {
		return n.attempts.Again(r)
	}
	return n.attempts.AgainAccepted(r)
}

func account(r *signin.Row) [3]signin.Code {
	return [3]signin.Code{r.C[signin.DimProvider], r.C[signin.DimTenant], r.C[signin.DimPrincipal]}
}

func (n *Networks) flush() {
	if n.run > 0 {
		n.oks[n.lastOK] += n.run
		n.run = 0
	}
}

// addrOf numbers the address of an IP code, noAddr when it is not one.
func (n *Networks) addrOf(c signin.Code) uint32 {
	if int(c) >= len(n.codes) {
		n.codes = append(n.codes, make([]uint32, int(c)+1-len(n.codes)+len(n.codes)/2)...)
	}
	i := n.codes[c]
	if i == 0 {
		i = noAddr
		if a, err := netip.ParseAddr(n.sym[signin.DimIP].Text(c)); err == nil {
			i = n.number(a) + 1
		}
		n.codes[c] = i
	}
	if i == noAddr {
		return noAddr
	}
	return i - 1
}

func (n *Networks) number(a netip.Addr) uint32 {
	i, ok := n.addrs[a]
	if !ok {
		i = uint32(len(n.list)) //nolint:gosec // distinct addresses of one log
		n.addrs[a] = i
		n.list = append(n.list, source{addr: a, net: n.netOf(a)})
	}
	return i
}

// netOf numbers the network of an address.
func (n *Networks) netOf(a netip.Addr) uint32 {
	p := networkOf(a)
	i, ok := n.nets[p]
	if !ok {
		i = uint32(len(n.nets)) //nolint:gosec // distinct networks of one log
		n.nets[p] = i
	}
	return i
}

// person is a hash of who r is about, equal across workers.
func (n *Networks) person(r *signin.Row) uint64 {
	who := account(r)
	if n.user == 0 || who != n.who {
		n.who, n.fresh = who, true
		n.home.reset()
		key := signin.PersonKey(n.sym.Text(r, signin.DimProvider), n.sym.Text(r, signin.DimTenant), n.sym.Text(r, signin.DimPrincipal))
		if n.PersonOf != nil {
			key = n.PersonOf(key)
		}
		n.user = signin.IDHash(key)
	}
	return n.user
}

// join adds two counts of the same key; either may be zero.
func join(a, b fail) fail {
	if a.n == 0 {
		return b
	}
	if c := cmp.Or(cmp.Compare(b.first, a.first), cmp.Compare(b.ref.Run, a.ref.Run), cmp.Compare(b.ref.Row, a.ref.Row)); c < 0 {
		a.first, a.ref, a.agent = b.first, b.ref, b.agent
	}
	a.last = max(a.last, b.last)
	a.n += b.n
	a.unknown += b.unknown
	a.closed += b.closed
	a.before, a.after = a.before || b.before, a.after || b.after
	return a
}

// Merge adds what o saw. It is associative and commutative; o is not changed
// by it but must not be filled further.
func (n *Networks) Merge(o *Networks) {
	if n.sealed || o.sealed {
		panic("risk: Networks.Merge after Seal")
	}
	n.flush()
	o.flush()
	to := make([]uint32, len(o.list))
	for i, s := range o.list {
		to[i] = n.number(s.addr)
		n.list[to[i]].trusted = n.list[to[i]].trusted || s.trusted
		n.list[to[i]].asn = max(n.list[to[i]].asn, s.asn)
	}
	n.agents.merge(&o.agents)
	for k, f := range o.fails {
		k.addr = to[k.addr]
		n.fails[k] = join(n.fails[k], f)
	}
	for k, c := range o.oks {
		k.addr = to[k.addr]
		n.oks[k] += c
	}
	for i := range n.surveys {
		n.surveys[i].Merge(o.surveys[i])
	}
}

// Attacks lists the attacks found, by start, source and kind. Valid after Seal;
// callers must not modify it.
func (n *Networks) Attacks() []AttackWindow {
	if n == nil {
		return nil
	}
	return n.windows
}

// windowsOf lists the attacks of an address and of its network, by start, wide
// attacks it took part in included.
func (n *Networks) windowsOf(a netip.Addr) []*AttackWindow {
	if n == nil {
		return nil
	}
	if !n.sealed {
		panic("risk: Networks used before Seal")
	}
	return n.windowsAt(a)
}

func (n *Networks) windowsAt(a netip.Addr) []*AttackWindow {
	own, around := n.byAddr[a], n.byPrefix[networkOf(a)]
	if len(own) == 0 {
		return around
	}
	if len(around) == 0 {
		return own
	}
	all := slices.Concat(own, around)
	slices.SortFunc(all, compareWindows)
	return all
}
