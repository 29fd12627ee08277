package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "legacy-client",
	Doc: "a person's first accepted sign-in with a client that cannot ask for a second factor; medium and attack traffic " +
		"from a country or rented network new to them",
	Needs:      "client type as Graph clientAppUsed names it",
	Quiet:      "a client the log does not name, or names in other words, is not judged",
	Techniques: []string{"T1078.004", "T1110"},
	Origin:     "Elastic, first legacy client of a user in 7 days; Microsoft Learn, block legacy authentication",
	Scope:      ScopePerson,
	Need: usualNeed().Or(signin.NeedDims(signin.DimClient, signin.DimIP, signin.DimUserAgent, signin.DimNetwork, signin.DimCountry,
		signin.DimDevice, signin.DimNamedLocations)),
	New: func(e *Env) Watcher {
		w := &legacy{env: e}
		w.is.of = LegacyClient
		return w
	},
})

var legacyNames = map[string]bool{
	"exchange activesync": true, "imap4": true, "imap": true, "pop3": true, "pop": true,
	"smtp": true, "authenticated smtp": true, "mapi over http": true, "mapi": true,
	"exchange online powershell": true, "exchange online power shell": true, "exchange web services": true,
	"outlook anywhere (rpc over http)": true, "autodiscover": true, "offline address book": true,
	"other clients": true, "reporting web services": true, "outlook service": true, "universal outlook": true,
}

// LegacyClient reports whether a Graph clientAppUsed text names legacy
// authentication (Microsoft Entra documentation, "Block legacy authentication").
func LegacyClient(client string) bool { return legacyNames[foldASCII(client)] }

// legacy watches for the first use, in any stream of a person's: legacy
// protocols are logged as non-interactive too.
type legacy struct {
	env    *Env
	is     byCode[bool]
	first  signin.Time
	last   signin.Time // of a legacy sign-in that was not foreign, let in or not
	habit  signin.Time // of one that was let in on something of the person's
	anyRow bool
	count  int // accepted sign-ins
	told   stories
}

func (w *legacy) Begin() {
	w.first, w.last, w.habit, w.anyRow, w.count = 0, 0, 0, false, 0
	w.told.begin()
}
func (w *legacy) End(s *Sink) { w.told.end(s) }

func (w *legacy) Observe(v *View, s *Sink) {
	if !v.Entered {
		return
	}
	r := v.Row
	if !w.anyRow {
		w.first, w.anyRow = r.Time, true
	}
	if r.Outcome() == signin.Success {
		w.count++ // what something stopped is no habit
	}
	if r.C[signin.DimClient] == 0 || !w.is.get(w.env.Symbols[signin.DimClient], r.C[signin.DimClient]) {
		return
	}
	quiet := hours(24 * w.env.Config.LegacyDays)
	since := max(w.first, w.last)
	if w.foreign(v, s) {
		f := Finding{Detector: "legacy-client", Severity: Medium, Score: scoreLegacyForeign, Bits: w.env.Config.BitsLegacyForeign, Attack: true}
		key := uint64(v.addr.net)
		if w.told.more(s, key, FamilyCredential, f.Bits, signin.Day) || w.habit != 0 && r.Time-w.habit < quiet {
			return
		}
		w.evidence(v, s, since).text("class", v.Class.String()).
			usual(v.Index).after(v.Index).
			num("further_sign_ins", 0)
		w.told.start(s, key, s.raise(f, FamilyCredential, v.Index), signin.Day)
		return
	}
	w.last = r.Time
	w.env.regard(v, s.profile)
	if r.Outcome() == signin.Success && !strange(v) {
		w.habit = r.Time
	}
	if r.Time-since < quiet {
		return
	}
	w.evidence(v, s, since).usual(v.Index).after(v.Index)
	s.raise(Finding{Detector: "legacy-client", Severity: Low, Score: scoreLegacy, Bits: w.env.Config.BitsLegacy, Attack: true},
		FamilyCredential, v.Index)
}

// foreign reports that nothing about the row is the person's, and that it came
// from a rented address or a country new to them, after enough sign-ins to tell
// (the learning period of new-country).
func (w *legacy) foreign(v *View, s *Sink) bool {
	c := &w.env.Config
	if float64(w.count) <= c.CountryLearnSignIns && v.Row.Time-w.first < hours(24*c.CountryLearnDays) {
		return false
	}
	w.env.regard(v, s.profile)
	return strange(v) && v.addr.net != 0 && (v.Class&rented != 0 || v.Country == New && v.Class&NonLocating == 0)
}

func (w *legacy) evidence(v *View, s *Sink, since signin.Time) *Sink {
	r := v.Row
	return s.evidence().text("what", "a client that cannot ask for a second factor, which this person has not used for days_without days").text("client", w.env.Symbols.Text(r, signin.DimClient)).
		text("user_agent", w.env.Symbols.Text(r, signin.DimUserAgent)).
		source(v.Index).
		text("device", deviceWord(v)).text("network_familiar", v.Network.String()).
		num("days_without", float64(r.Time-since)/float64(signin.Day)).
		text("stopped_by", stopped(r))
}

// Certainty. Assumptions: mostly old mail programs; but Elastic's rule for the
// first legacy client is meant for attacks, and those come from elsewhere.
const (
	scoreLegacy        = 0.15
	scoreLegacyForeign = 0.6
)
