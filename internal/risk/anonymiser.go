package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name:  "anonymiser",
	Doc:   "an accepted sign-in from a Tor, VPN, proxy, relay or hosting address",
	Needs: "range lists given at ingest, which name the network class",
	Quiet: "without lists nothing is said; a list is as good as its date",
	Scope: ScopePerson,
	Need:  signin.NeedDims(signin.DimNetwork, signin.DimIP, signin.DimASNOrg, signin.DimDevice),
	New:   func(e *Env) Watcher { return &anonymiser{env: e} },
})

// anonymiser is the other half of what travel leaves out: an address without a
// position can still be odd (reference, detection 1.3, "Hosting, VPN, relay").
type anonymiser struct {
	env  *Env
	told stories
}

func (w *anonymiser) Begin()      { w.told.begin() }
func (w *anonymiser) End(s *Sink) { w.told.end(s) }

func (w *anonymiser) Observe(v *View, s *Sink) {
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
	tier := uint64(0)
	switch {
	case v.Trusted:
		f.Suppressed, tier = "org: trusted location", 1
	case c&Tor == 0 && own(v):
		f.Suppressed, tier = "user: own device or network", 2
	}
	key := uint64(c)<<2 | tier
	if w.told.more(s, key, FamilySource, f.Bits, signin.Day) {
		return
	}
	s.evidence().text("class", c.String()).
		text("ip", w.env.Symbols.Text(v.Row, signin.DimIP)).text("network", asnText(v.Row.ASN)).
		text("organisation", w.env.Symbols.Text(v.Row, signin.DimASNOrg)).
		text("device", deviceWord(v)).text("stopped_by", stopped(v.Row)).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilySource, v.Index), signin.Day)
}

// Certainty by class. Assumptions; only Tor reaches the attack threshold.
const (
	scoreTor        = 0.6
	scoreVPN        = 0.25
	scoreDatacenter = 0.15
)
