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

	windows  []AttackWindow
	byAddr   map[netip.Addr][]*AttackWindow
	byPrefix map[netip.Prefix][]*AttackWindow

	// memo of the codes of the Symbols seen last, and of the person seen last.
	sym     *signin.Symbols
	codes   []uint32 // IP code -> index in list + 1; 0 = not looked up; noAddr = not an address
	trusted byCode[bool]
	who     [3]signin.Code
	user    uint64
	// attempts of the account seen last, which is at.
	attempts *signin.Attempts
	at       [3]signin.Code
	lastOK   okKey
	run      uint32 // accepted rows of lastOK not yet in oks
}

type source struct {
	addr    netip.Addr
	trusted bool // the provider called it a trusted location at least once
}

type failKey struct {
	addr   uint32
	bucket int32
	user   uint64
}

type fail struct {
	n, unknown  uint32 // tries, and those for an account that does not exist
	first, last signin.Time
	ref         signin.Ref // of the first try
}

type okKey struct {
	addr uint32
	day  int32
}

const noAddr = ^uint32(0)

// NewNetworks is an empty first phase. The zero cfg means Defaults.
func NewNetworks(cfg Config) *Networks {
	if cfg == (Config{}) {
		cfg = Defaults()
	}
	n := &Networks{cfg: cfg, addrs: map[netip.Addr]uint32{}, fails: map[failKey]fail{}, oks: map[okKey]uint32{}}
	n.trusted.of = trustedOf
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
func NetworksNeed() signin.Need {
	return signin.NeedDims(signin.DimIP, signin.DimNamedLocations,
		signin.DimProvider, signin.DimTenant, signin.DimPrincipal)
}

// Observe takes one row of anybody. Accounts may come in any order, the rows of one
// in order of time and together. sym must be the row's own.
func (n *Networks) Observe(r *signin.Row, sym *signin.Symbols) {
	refused := guessFailed(r)
	if !refused && !(humanStreams[r.Stream()] && accepted(r)) {
		return
	}
	if n.sealed {
		panic("risk: Networks.Observe after Seal")
	}
	if sym != n.sym {
		n.flush()
		n.sym, n.codes = sym, n.codes[:0]
		n.trusted.vals = n.trusted.vals[:0]
		n.user = 0
		n.attempts = signin.NewAttempts(sym)
	}
	i := n.addrOf(r.C[signin.DimIP])
	if i == noAddr || n.again(r, refused) {
		return
	}
	if !refused {
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
	k := failKey{i, int32(r.Time / bucket), n.person(r)} //nolint:gosec // 2000 to 2100 in half hours
	f := fail{n: 1, first: r.Time, last: r.Time, ref: r.Ref}
	if r.Reason() == signin.NoSuchUser {
		f.unknown = 1
	}
	n.fails[k] = join(n.fails[k], f)
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
		n.list = append(n.list, source{addr: a})
	}
	return i
}

// person is a hash of who r is about, equal across workers.
func (n *Networks) person(r *signin.Row) uint64 {
	who := account(r)
	if n.user == 0 || who != n.who {
		n.who = who
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
		a.first, a.ref = b.first, b.ref
	}
	a.last = max(a.last, b.last)
	a.n += b.n
	a.unknown += b.unknown
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
	}
	for k, f := range o.fails {
		k.addr = to[k.addr]
		n.fails[k] = join(n.fails[k], f)
	}
	for k, c := range o.oks {
		k.addr = to[k.addr]
		n.oks[k] += c
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

// windowsOf lists the attacks of an address and of its network, by start.
func (n *Networks) windowsOf(a netip.Addr) []*AttackWindow {
	if n == nil {
		return nil
	}
	if !n.sealed {
		panic("risk: Networks used before Seal")
	}
	own, around := n.byAddr[a], n.byPrefix[networkOf(a)]
	if len(own) == 0 {
		return around
	}
	all := slices.Concat(own, around)
	slices.SortFunc(all, compareWindows)
	return all
}
