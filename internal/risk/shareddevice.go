package risk

import (
	"strings"

	"frisk/internal/signin"
)

// Suspicious shared device: one device id that signs in several people from
// several countries within a month. An attacker's machine walks through stolen
// accounts; a kiosk or a lab serves many people too, but stands in one place and
// is managed. Entra calls the like "suspicious browser" (reference, detection 3:
// one device id, 3 people, 2 countries). Countries of addresses that do not locate
// do not count, so that a VPN on a family's computer is not it.
var _ = register(Detector{
	Name: "shared-device",
	Doc: "one unmanaged device signs in several people from several countries within a month; " +
		"attack traffic where the country and the network are new to the person too",
	Needs:      "device id, country and person of accepted interactive sign-ins of everybody",
	Quiet:      "Entra gives a device id to registered devices only, so a browser without one is never seen here; a log without countries shows none",
	Techniques: []string{"T1078.004"},
	Origin:     "Entra ID Protection, suspicious browser; reference, detection 3",
	Scope:      ScopeNetwork,
	Need:       signin.NeedDims(signin.DimDevice, signin.DimIP, signin.DimCountry).Or(usualNeed()),
	Surveys:    []string{"shared-device"},
	New:        func(e *Env) Watcher { return newSharedWatcher(e) },
})

type sharedWatcher struct {
	env    *Env
	told   stories
	survey *deviceSurvey
	device byCode[*sharedDevice]
}

func newSharedWatcher(e *Env) *sharedWatcher {
	w := &sharedWatcher{env: e, survey: surveyOf[*deviceSurvey](e.Networks)}
	w.device.of = w.survey.of
	return w
}

func (w *sharedWatcher) Begin()      { w.told.begin() }
func (w *sharedWatcher) End(s *Sink) { w.told.end(s) }

func (w *sharedWatcher) Observe(v *View, s *Sink) {
	dev := v.Row.C[signin.DimDevice]
	if !v.Accepted || dev == 0 || w.survey == nil {
		return
	}
	d := w.device.get(w.env.Symbols[signin.DimDevice], dev)
	if d == nil || v.Row.Time < d.from || v.Row.Time > d.until {
		return
	}
	f := Finding{Detector: "shared-device", Severity: Medium, Score: scoreShared, Attack: true}
	if v.Country == New && v.Network == New {
		f.Severity, f.Score = High, scoreSharedAbroad
	}
	if v.Row.Time >= d.known {
		f.Bits = w.env.Config.BitsSharedDevice
	}
	switch {
	case v.Trusted || v.Class&Corporate != 0 || v.Row.Compliant() == signin.True:
		f.Suppressed = "org: managed or at a company site"
	case d.managed != 0:
		f.Suppressed = "org: managed or at a company site"
		if v.Row.Time < d.managed { // what could be known at the time still counts
			s.asRaised(&f, FamilySource)
		}
		f.Bits = 0
	case v.Device == Known:
		f.Suppressed = "user: own device"
	}
	key := uint64(dev)<<3 | uint64(f.Severity)<<1 | uint64(btoi(f.Suppressed != "")) //nolint:gosec // small
	keep := hours(24 * w.env.Config.SharedDays)
	if w.told.more(s, key, FamilySource, f.Bits, keep) {
		return
	}
	s.evidence().
		text("what", "a device that signs in several people from several countries").
		text("shared_device", w.env.Symbols.Text(v.Row, signin.DimDevice)).
		num("people", float64(d.people)).text("countries", d.countries).
		text("first_used", d.from.String()).
		source(v.Index).text("country_familiar", v.Country.String()).
		text("device", deviceWord(v)).text("stopped_by", stopped(v.Row)).
		usual(v.Index).after(v.Index).
		text("next_step", "ask whose device it is; a kiosk or lab machine belongs on a trusted location or under management").
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilySource, v.Index), keep)
}

// Certainty. Assumptions: unmanaged shared machines exist; abroad, on a network
// nobody of these people used, hardly.
const (
	scoreShared       = 0.4
	scoreSharedAbroad = 0.65
)

func joinWords(words []string) string { return strings.Join(words, ", ") }
