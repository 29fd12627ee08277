package risk

import (
	"math"
	"net/netip"
	"strings"

	"frisk/internal/rarity"
	"frisk/internal/signin"
)

// A Chain is one path of values whose rarity for the person is evidence: where a
// sign-in came from, and with what. The statistic and its sources (Freeman et
// al. 2016; Wiefling et al. 2022) are in package rarity.
type Chain uint8

// The chains.
const (
	ChainPlace Chain = iota // country, AS, network (/24 or /48), address
	ChainAgent              // device type, system, browser, user agent
	numChains
)

// levelNames are the features of each chain, coarse to fine, as outputs name them.
var levelNames = [numChains][rarity.Levels]string{
	{"country", "asn", "network", "address"},
	{"device_type", "os", "browser", "user_agent"},
}

// chainFamilies is the family whose detectors tell the same story as a chain.
var chainFamilies = [numChains]Family{ChainPlace: FamilyPlace, ChainAgent: FamilyDevice}

// rarityNeed is what the chains read beside the enums and the AS number.
func rarityNeed() signin.Need {
	return signin.NeedDims(signin.DimIP, signin.DimCountry, signin.DimUserAgent, signin.DimOS, signin.DimBrowser)
}

// placeValues hashes the levels of a row's source; 0 is a level not named.
func placeValues(r *signin.Row, sym *signin.Symbols) (v [rarity.Levels]uint64) {
	v[0] = signin.IDHash(sym.Text(r, signin.DimCountry))
	v[1] = uint64(r.ASN)
	text := sym.Text(r, signin.DimIP)
	if a, err := netip.ParseAddr(text); err == nil {
		v[2] = signin.IDHash(networkOf(a).String())
		v[3] = signin.IDHash(text)
	}
	return v
}

// agentValues hashes the levels of a row's client. System and browser count by
// family, without the version, which an update changes for everybody; the exact
// client is the user agent, or else system and browser with their versions.
func agentValues(r *signin.Row, sym *signin.Symbols) (v [rarity.Levels]uint64) {
	os, browser, agent := sym.Text(r, signin.DimOS), sym.Text(r, signin.DimBrowser), sym.Text(r, signin.DimUserAgent)
	v[0] = signin.IDHash(deviceType(os, agent))
	v[1] = signin.IDHash(familyOf(os))
	v[2] = signin.IDHash(familyOf(browser))
	switch {
	case agent != "":
		v[3] = signin.IDHash(agent)
	case os != "" || browser != "":
		v[3] = signin.IDHash(os + "\x1f" + browser)
	}
	return v
}

// familyOf is a name and version without the version: "Edge 120.0" is "edge",
// "Windows10" is "windows".
func familyOf(s string) string {
	for i := range len(s) {
		if c := s[i]; '0' <= c && c <= '9' {
			s = s[:i]
			break
		}
	}
	return strings.ToLower(strings.TrimRight(s, " ._-/"))
}

// deviceType is mobile, tablet, desktop or bot; "" when neither text tells.
func deviceType(os, agent string) string {
	for _, text := range []string{os, agent} {
		t := strings.ToLower(text)
		for i := range deviceWords {
			if strings.Contains(t, deviceWords[i].word) {
				return deviceWords[i].kind
			}
		}
	}
	return ""
}

// deviceWords are looked for in order: a bot calls itself anything, an iPad has
// "Mobile" in its agent, Android runs on top of "Linux".
var deviceWords = []struct{ word, kind string }{
	{"bot", "bot"},
	{"spider", "bot"},
	{"python", "bot"},
	{"curl/", "bot"},
	{"axios", "bot"},
	{"go-http", "bot"},
	{"ipad", "tablet"},
	{"tablet", "tablet"},
	{"iphone", "mobile"},
	{"android", "mobile"},
	{"ios", "mobile"},
	{"mobile", "mobile"},
	{"windows", "desktop"},
	{"mac", "desktop"},
	{"linux", "desktop"},
	{"cros", "desktop"},
	{"chrome os", "desktop"},
	{"x11", "desktop"},
	{"ubuntu", "desktop"},
}

// pathMemo is the path of one combination of codes, and everybody's shares on
// the day asked last.
type pathMemo struct {
	key    memoKey
	path   rarity.Path
	leaf   rarity.Node
	day    int32
	shares [rarity.Levels]float32
}

// memoKey is what of a row its path depends on: the code it is looked up by, and
// the rest.
type memoKey struct{ at, a, b uint32 }

// memos are the paths of one table of symbols, by address code, or by user agent
// code, and where the log has none by browser. The rest of a key hardly ever
// changes from row to row.
type memos struct {
	paths [numChains]interface {
		Path(values *[rarity.Levels]uint64) rarity.Path
	}
	of [numChains]struct {
		slot []uint32 // by code: which of list, plus one, was meant last
		list []pathMemo
		all  map[memoKey]uint32
	}
}

// memo is the path of a row in a chain. It is valid until the next call.
func (s *memos) memo(c Chain, r *signin.Row, sym *signin.Symbols) *pathMemo {
	k := memoKey{uint32(r.C[signin.DimIP]), uint32(r.C[signin.DimCountry]), r.ASN}
	if c == ChainAgent {
		k = memoKey{2 * uint32(r.C[signin.DimUserAgent]), uint32(r.C[signin.DimOS]), uint32(r.C[signin.DimBrowser])}
		if k.at == 0 {
			k.at = 2*uint32(r.C[signin.DimBrowser]) + 1
		}
	}
	m := &s.of[c]
	if int(k.at) >= len(m.slot) {
		m.slot = append(m.slot, make([]uint32, int(k.at)+1-len(m.slot)+len(m.slot)/2)...)
	}
	n := m.slot[k.at]
	if n == 0 || m.list[n-1].key != k {
		n = s.find(c, k, r, sym)
	}
	return &m.list[n-1]
}

// find is the slow way to a memo.
func (s *memos) find(c Chain, k memoKey, r *signin.Row, sym *signin.Symbols) uint32 {
	m := &s.of[c]
	n := m.all[k]
	if n == 0 {
		values := placeValues
		if c == ChainAgent {
			values = agentValues
		}
		v := values(r, sym)
		p := s.paths[c].Path(&v)
		m.list = append(m.list, pathMemo{key: k, path: p, leaf: p.Leaf(), day: -1})
		n = uint32(len(m.list)) //nolint:gosec // distinct combinations of one log
		if m.all == nil {
			m.all = map[memoKey]uint32{}
		}
		m.all[k] = n
	}
	m.slot[k.at] = n
	return n
}

// reset forgets the codes.
func (s *memos) reset() {
	for c := range s.of {
		m := &s.of[c]
		m.slot, m.list = m.slot[:0], m.list[:0]
		clear(m.all)
	}
}

// statistic is the rarity of one person's sign-ins in one Env.
type statistic struct {
	memos
	crowd [numChains]*rarity.Crowd // nil without a first phase
	past  [numChains]*rarity.History
	mimic float64
	at    [numChains]rarity.Path // of the row looked at last
}

func newStatistic(e *Env) *statistic {
	s := &statistic{mimic: e.Config.RarityMimic}
	c := surveyOf[*crowd](e.Networks)
	for i := range numChains {
		var base *rarity.Tree
		if c != nil {
			s.crowd[i] = c.of[i]
			base = c.of[i].Tree
		}
		s.paths[i] = rarity.NewFork(base)
		s.past[i] = rarity.NewHistory(e.Config.RarityAlpha, e.Config.RarityHalfLife)
	}
	return s
}

func (s *statistic) begin() {
	for _, h := range s.past {
		h.Begin()
	}
}

// look compares a row with the person's past in every chain.
func (s *statistic) look(r *signin.Row, sym *signin.Symbols, p *Parts) {
	d := day(r.Time)
	p.looked = true
	for c := range numChains {
		m := s.memo(c, r, sym)
		s.at[c] = m.path
		if m.day != d {
			m.day, m.shares = d, s.crowd[c].Shares(&m.path, d)
		}
		p.Ratios[c] = s.past[c].Ratios(&m.path, &m.shares, d)
		if s.past[c].Visits(d) > 0 {
			p.history |= 1 << c
		}
		p.rare[c] = float32(math.Log2((1-s.mimic)*p.Ratios[c].Product() + s.mimic))
	}
}

// forget takes back what a row of the same day taught, which a later row showed to
// be an intruder's: its place, and its client unless that was on a device of the
// person's. What an earlier day taught stays; nothing tells any more which of its
// sign-ins did.
func (s *statistic) forget(r *signin.Row, sym *signin.Symbols, device Familiarity) {
	for c := range numChains {
		if c == ChainAgent && device == Known {
			continue
		}
		m := s.memo(c, r, sym)
		s.past[c].Forget(&m.path, day(r.Time))
	}
}

// learn takes an accepted row that nothing speaks against; look came before it.
func (s *statistic) learn(d int32) {
	for c := range numChains {
		s.past[c].Learn(&s.at[c], d)
	}
}
