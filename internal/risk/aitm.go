package risk

import (
	"strings"

	"frisk/internal/signin"
)

var _ = register(Detector{
	Name: "adversary-in-the-middle",
	Doc: "traces of a phishing proxy that relays the person's own sign-in, second factor included: a session begun on a rented address and " +
		"then used from a third network, or a second factor given to a program",
	Needs:      "session id, network number (ASN) and range lists; user agent for the second trace; whether the second factor was given",
	Quiet:      "without session ids or range lists only a sign-in by a program is seen; a proxy on a residential address with a copied user agent is not",
	Techniques: []string{"T1557", "T1539", "T1566.002"},
	Origin:     "Elastic (Tycoon2FA sign-ins by axios, node-fetch; non-browser agent after session start) and Panther session rules; reference, detection 3",
	Scope:      ScopePerson,
	Need: func() signin.Need {
		n := usualNeed().Or(signin.NeedDims(signin.DimUserAgent, signin.DimNetwork, signin.DimNamedLocations, signin.DimProtocol, signin.DimTransfer))
		n.IDs[signin.IDSession] = true
		return n
	}(),
	New: func(e *Env) Watcher {
		w := &aitm{env: e, clients: newClients()}
		w.program.of = programAgent
		w.noPage.of = func(p string) bool { return strings.EqualFold(p, "ropc") || strings.EqualFold(p, "deviceCode") }
		w.shown.of = func(m string) bool { return m != "" && !strings.EqualFold(m, "none") }
		return w
	},
})

// relayed is a session that began where nothing was the person's.
type relayed struct {
	id   uint64
	row  int
	net  uint32
	asn  uint32
	kind uint32 // client
	cls  Class
	away bool // the person was at work elsewhere at the time
}

// maxRelayed is how many such sessions of one person are remembered, the latest.
const maxRelayed = 16

// aitm looks for what a relaying proxy (Evilginx, Tycoon2FA) cannot help leaving:
// the sign-in comes from the proxy's rented machine and not from the victim's
// network, the second factor is given all the same since the victim gives it, and
// the cookie it won is then used by the attacker, from somewhere else again. Neither
// place is the person's: one who only switches their own VPN off goes on from a
// network of their own. Simple kits sign in with the user agent of a program, of a kind the person never used.
type aitm struct {
	env     *Env
	clients *clients
	program byCode[bool]
	noPage  byCode[bool] // protocols without a page to relay
	shown   byCode[bool] // transfers of a sign-in from another device
	first   signin.Time
	used    marks // kinds of client that were let in on something of the person's
	open    [maxRelayed]relayed
	n       int // sessions ever opened for this person
	told    stories
}

func (w *aitm) Begin()      { w.first, w.n = 0, 0; w.used.begin(); w.told.begin() }
func (w *aitm) End(s *Sink) { w.told.end(s) }

func (w *aitm) Observe(v *View, s *Sink) {
	r := v.Row
	if !v.Entered {
		return
	}
	if w.first == 0 {
		w.first = r.Time
	}
	if w.n > 0 && r.Session != 0 && r.ASN != 0 {
		w.use(v, s)
	}
	if !v.Accepted || r.Outcome() != signin.Success {
		return
	}
	if !strange(v) {
		w.used.add(w.clients.of(w.env.Symbols, r))
		return
	}
	if r.MFA() != signin.MFADone || v.addr.net == 0 || r.Time-w.first < hours(24*w.env.Config.FamiliarDays) {
		return // before that everything is new to the person
	}
	if r.Stream() == signin.Interactive && r.C[signin.DimUserAgent] != 0 {
		w.byProgram(v, s)
	}
	if v.Class&rented == 0 || r.Session == 0 || r.ASN == 0 || w.at(r.Session) != nil {
		return
	}
	w.open[w.n%maxRelayed] = relayed{
		id: r.Session, row: v.Index, net: v.addr.net, asn: r.ASN, cls: v.Class, kind: w.clients.of(w.env.Symbols, r),
		away: s.profile.presence.elsewhere(v, w.env.Config.AnonymiserElsewhereHours),
	}
	w.n++
}

// yes is "yes" or nothing to say.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func (w *aitm) at(session uint64) *relayed {
	for i := range min(w.n, maxRelayed) {
		if w.open[i].id == session {
			return &w.open[i]
		}
	}
	return nil
}

// use judges a later use of a session that began on a rented address.
func (w *aitm) use(v *View, s *Sink) {
	b := w.at(v.Row.Session)
	if b == nil || v.Row.ASN == b.asn || v.addr.net == b.net || v.addr.net == 0 ||
		v.Row.Time-s.rows[b.row].Time > hours(w.env.Config.AiTMHours) {
		return
	}
	w.env.regard(v, s.profile)
	if !strange(v) {
		return
	}
	r, cfg := v.Row, &w.env.Config
	kind := w.clients.of(w.env.Symbols, r)
	f := Finding{Detector: "adversary-in-the-middle", Severity: High, Score: scoreRelayed, Bits: cfg.BitsAiTM, Attack: true}
	what := "session began on a rented address new to the person, second factor given, and is used from a third network new to them"
	if b.honest(v.Class, kind) {
		f.Severity, f.Score, f.Bits = Medium, scoreRelayedVPN, 0
	}
	key := uint64(v.addr.net)<<2 | uint64(btoi(f.Severity == High)) //nolint:gosec // 0 or 1
	if w.told.more(s, key, FamilySource, f.Bits, signin.Day) {
		return
	}
	start := &s.rows[b.row]
	sym := w.env.Symbols
	s.evidence().text("what", what).
		text("session_began", start.Time.String()).
		num("gap_min", float64(r.Time-start.Time)/float64(signin.Minute)).
		text("began_at_ip", sym.Text(start, signin.DimIP)).
		text("began_at_network", strings.TrimSpace(asnText(start.ASN)+" "+sym.Text(start, signin.DimASNOrg))).
		text("began_at_class", b.cls.String()).
		text("person_at_work_elsewhere", yes(b.away)).
		text("began_with", sym.Text(start, signin.DimUserAgent)).
		source(v.Index).text("class", v.Class.String()).
		text("user_agent", sym.Text(r, signin.DimUserAgent)).text("device", deviceWord(v)).
		text("stopped_by", stopped(r)).
		usual(b.row).after(v.Index).
		num("further_sign_ins", 0)
	f.Events = s.refsOf(b.row, v.Index)
	idx := s.raise(f, FamilySource, v.Index)
	if s.findings[idx].Attack {
		s.label(b.row)
		s.profile.distrust(w.env, start, New) // the proxy must not become a habit
	}
	w.told.start(s, key, idx, signin.Day)
}

// honest reports that the two places may be one person's own VPN, with the same
// client: one that changes its exit, or that is switched off abroad. While the
// person is at work elsewhere only the former is left.
func (b *relayed) honest(now Class, kind uint32) bool {
	if kind != b.kind && kind != 0 && b.kind != 0 {
		return false
	}
	exit := b.cls&VPN != 0 && now&VPN != 0
	return exit || !b.away && (b.cls&rented == VPN || now&rented != 0)
}

// byProgram reports a sign-in page that a program filled in, second factor included.
func (w *aitm) byProgram(v *View, s *Sink) {
	r, sym, cfg := v.Row, w.env.Symbols, &w.env.Config
	if !w.program.get(sym[signin.DimUserAgent], r.C[signin.DimUserAgent]) ||
		w.noPage.get(sym[signin.DimProtocol], r.C[signin.DimProtocol]) ||
		w.shown.get(sym[signin.DimTransfer], r.C[signin.DimTransfer]) || w.used.has(w.clients.of(sym, r)) {
		return
	}
	f := Finding{Detector: "adversary-in-the-middle", Severity: Medium, Score: scoreProgram, Bits: cfg.BitsAiTM, Attack: true}
	if v.Class&rented != 0 {
		f.Severity, f.Score = High, scoreRelayed
	}
	key := uint64(v.addr.net)<<2 | 2 | uint64(btoi(f.Severity == High)) //nolint:gosec // 0 or 1
	if w.told.more(s, key, FamilySource, f.Bits, signin.Day) {
		return
	}
	s.evidence().text("what", "interactive sign-in by a program, second factor given, with nothing of the person's").
		text("user_agent", sym.Text(r, signin.DimUserAgent)).source(v.Index).text("class", v.Class.String()).
		text("device", deviceWord(v)).
		usual(v.Index).after(v.Index).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilySource, v.Index), signin.Day)
}

// programs are user agents of HTTP libraries and tools. axios, node, node-fetch, undici
// and python are those seen in phishing kits (Elastic, Tycoon2FA); the others are
// their kind. PowerShell and okhttp are left out: administrators' modules and phone
// apps show pages with them.
var programs = map[string]bool{
	"axios": true, "node": true, "node-fetch": true, "undici": true, "got": true, "python-requests": true, "python-urllib": true,
	"python-httpx": true, "python": true, "aiohttp": true, "go-http-client": true, "curl": true, "wget": true, "libwww-perl": true, "java": true,
	"apache-httpclient": true, "ruby": true, "httpie": true, "scrapy": true, "postmanruntime": true, "fasthttp": true, "reqwest": true,
	"guzzlehttp": true,
}

// programAgent reports whether a user agent is that of a program without a page, and
// nothing else: one that goes on to name a product ("python-requests/2.32 azurecli/2.73",
// "node-fetch/1.0 (vscode)") is a developer's tool, whose sign-in page is the system's.
func programAgent(agent string) bool {
	a := foldASCII(strings.TrimSpace(agent))
	if rest, ok := strings.CutPrefix(a, "python/"); ok && strings.Contains(rest, " aiohttp/") { // "Python/3.11 aiohttp/3.9"
		return true
	}
	name, version, _ := strings.Cut(a, "/")
	return programs[name] && !strings.ContainsAny(version, " (;")
}

// Certainty. Assumptions: two rented or foreign places in one session with the
// second factor given are hardly anything else; a VPN that changes its exit is.
const (
	scoreRelayed    = 0.8
	scoreRelayedVPN = 0.35
	scoreProgram    = 0.55
)
