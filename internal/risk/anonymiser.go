package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "anonymiser",
	Doc: "an accepted sign-in from a Tor, VPN, proxy, relay or hosting address; high when nothing about it is the person's, " +
		"who was at work elsewhere, or when the provider too called it risky; medium when they were at work elsewhere soon after",
	Needs:      "range lists given at ingest, which name the network class",
	Quiet:      "without lists nothing is said; a list is as good as its date",
	Techniques: []string{"T1090.003", "T1090.002", "T1078.004"},
	Origin:     "Elastic on sign-ins from rented servers, Defender anonymous IP address; reference, detection 1.3 and 3",
	Scope:      ScopePerson,
	Need:       signin.NeedDims(signin.DimNetwork, signin.DimIP, signin.DimASNOrg, signin.DimDevice, signin.DimRiskLevel).Or(usualNeed()),
	New:        func(e *Env) Watcher { return &anonymiser{env: e} },
})

// anonymiser is the other half of what travel leaves out: an address without a
// position can still be odd (reference, detection 1.3, "Hosting, VPN, relay").
type anonymiser struct {
	env  *Env
	told stories
	last strangers
}

func (w *anonymiser) Begin() {
	w.told.begin()
	w.last = w.last[:0]
}

func (w *anonymiser) End(s *Sink) {
	w.last.seen(s, &s.profile.presence, w.env.Config.AnonymiserElsewhereHours)
	w.told.end(s)
}

func (w *anonymiser) Observe(v *View, s *Sink) {
	if len(w.last) > 0 {
		w.last.seen(s, &s.profile.presence, w.env.Config.AnonymiserElsewhereHours)
	}
	c := v.Class & (Anonymiser | Datacenter)
	if c == 0 || !v.Accepted || v.Class&Corporate != 0 {
		return
	}
	cfg := &w.env.Config
	f := Finding{Detector: "anonymiser", Attack: true}
	switch {
	case c&Tor != 0:
		f.Severity, f.Score, f.Bits = Medium, scoreTor, cfg.BitsTor
	case c&Anonymiser != 0:
		f.Severity, f.Score, f.Bits = Low, scoreVPN, cfg.BitsVPN
	default:
		f.Severity, f.Score, f.Bits = Info, scoreDatacenter, cfg.BitsDatacenter
	}
	away, warned := false, false
	if c&rented != 0 && strange(v) {
		away = s.profile.presence.elsewhere(v, cfg.AnonymiserElsewhereHours)
		warned = levelOf(w.env.Symbols.Text(v.Row, signin.DimRiskLevel)) >= levelMedium
	}
	switch {
	case (away || warned) && c&rented == VPN && v.Row.MFA() == signin.MFADone && v.Row.Outcome() == signin.Success:
		// A stolen password does not give the second factor: it may well be the
		// person, on a machine and a VPN of their own.
		f.Severity, f.Score = Medium, scoreFactorGiven
	case away || warned:
		f.Severity, f.Score, f.Bits = High, max(f.Score, scoreElsewhere), max(f.Bits, cfg.BitsElsewhere)
	}
	tier := uint64(0)
	switch {
	case v.Trusted:
		f.Suppressed, tier = "org: trusted location", 1
	case c&Tor == 0 && own(v):
		f.Suppressed, tier = "user: own device or network", 2
	}
	switch {
	case away:
		tier = 3
	case warned:
		tier = 4
	}
	tier |= uint64(f.Severity) << 3
	key := (uint64(v.addr.net)<<16|uint64(c))<<6 | tier
	if w.told.more(s, key, FamilySource, f.Bits, signin.Day) {
		return
	}
	s.evidence()
	switch {
	case away:
		w.elsewhere(v, s)
	case warned:
		s.text("what", "nothing about this sign-in is the person's, and the provider called it risky at the time")
	default:
		s.text("what", "accepted sign-in from an address that anybody can rent or hide behind")
	}
	s.text("class", c.String()).
		source(v.Index).
		text("device", deviceWord(v)).text("network_familiar", v.Network.String()).
		text("stopped_by", stopped(v.Row)).
		usual(v.Index).after(v.Index).
		text("next_step", anonymiserStep(&f, v.Row)).
		num("further_sign_ins", 0)
	idx := s.raise(f, FamilySource, v.Index)
	w.told.start(s, key, idx, signin.Day)
	if c&rented != 0 && strange(v) && f.Severity < Medium && f.Suppressed == "" {
		w.last = append(w.last, stranger{idx, v.Index, v.Row.Time, v.addr.net, v.Row.ASN})
	}
}

func anonymiserStep(f *Finding, r *signin.Row) string {
	if f.Severity >= Medium {
		return afterSuccess(r)
	}
	return "ask the person whether they use such a service; if the organisation does, put it on the corporate list"
}

// elsewhere puts down where the person was meanwhile.
func (w *anonymiser) elsewhere(v *View, s *Sink) {
	p := &s.profile.presence
	r := &s.rows[p.row]
	sym := w.env.Symbols
	s.text("what", "nothing about this sign-in is the person's, who was at work elsewhere").
		text("person_seen", r.Time.String()).
		num("minutes_before", float64(v.Row.Time-p.at)/float64(signin.Minute)).
		text("person_ip", sym.Text(r, signin.DimIP)).text("person_network", asnText(r.ASN))
}

// Certainty by class. Assumptions; of the classes alone only Tor reaches the
// attack threshold. Elastic calls sign-ins from cheap rented servers high
// fidelity (reference, detection 1.3); with the person elsewhere at the time,
// as sure as a travel finding on a new device.
const (
	scoreElsewhere   = 0.75
	scoreFactorGiven = 0.4
	scoreTor         = 0.6
	scoreVPN         = 0.25
	scoreDatacenter  = 0.15
)
