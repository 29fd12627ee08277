package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "dormant-account",
	Doc: "the first accepted sign-in after a silence far longer than the account ever kept; medium with nothing of the person's, " +
		"high from a rented address",
	Needs:      "a history longer than the silence, token renewals included: they show that the account was in use",
	Quiet:      "without non-interactive sign-ins somebody who only renews tokens seems away; a row that names neither address nor device is left out; an account that never signed in before is not dormant but new",
	Techniques: []string{"T1078.004"},
	Origin:     "reference, detection 3: success after > max(45 d, 3x own longest gap)",
	Scope:      ScopePerson,
	Need: usualNeed().Or(signin.NeedDims(signin.DimIP, signin.DimDevice, signin.DimCountry, signin.DimNetwork,
		signin.DimNamedLocations)),
	New: func(e *Env) Watcher { return &dormant{env: e} },
})

// dormant holds that an account nobody has used for long is one whose owner does
// not notice a stranger. The silence is measured from the last sign-in of any kind
// that let the person in; refused ones neither end it nor make it shorter, so that
// guessing does not keep an account awake. Familiarity fades in a shorter time than
// a silence takes, so devices, networks and countries are remembered here for good.
type dormant struct {
	env     *Env
	last    signin.Time // last sign-in that let the person in; 0 = none yet
	longest signin.Time // gap between two of them
	count   int
	device  marks
	network marks
	country marks
	told    stories
}

func (w *dormant) Begin() {
	w.last, w.longest, w.count = 0, 0, 0
	w.device.begin()
	w.network.begin()
	w.country.begin()
	w.told.begin()
}

func (w *dormant) End(s *Sink) { w.told.end(s) }

func (w *dormant) Observe(v *View, s *Sink) {
	if !v.Entered {
		return
	}
	r := v.Row
	in := r.Outcome() == signin.Success
	named := v.addr.net != 0 || r.C[signin.DimDevice] != 0 || r.Compliant() == signin.True
	if gap := r.Time - w.last; w.last != 0 && v.Accepted && named && gap > w.bound() {
		w.report(v, s, gap)
	}
	if !in {
		return
	}
	if w.last != 0 {
		w.longest = max(w.longest, r.Time-w.last)
	}
	w.last = r.Time
	w.count++
	if v.Human && !s.skip {
		w.device.add(uint32(r.C[signin.DimDevice]))
		w.network.add(v.addr.net)
		w.country.add(uint32(r.C[signin.DimCountry]))
	}
}

// bound is the silence beyond which the account is dormant.
func (w *dormant) bound() signin.Time {
	c := &w.env.Config
	return max(hours(24*c.DormantDays), signin.Time(c.DormantFactor*float64(w.longest)))
}

func (w *dormant) report(v *View, s *Sink, gap signin.Time) {
	r := v.Row
	f := Finding{Detector: "dormant-account", Severity: Low, Score: scoreDormant, Attack: true}
	usedDevice := w.device.has(uint32(r.C[signin.DimDevice])) || r.Compliant() == signin.True
	usedNetwork := w.network.has(v.addr.net)
	newCountry := r.C[signin.DimCountry] != 0 && !w.country.has(uint32(r.C[signin.DimCountry])) && v.Class&NonLocating == 0
	device := "not named"
	switch {
	case r.Compliant() == signin.True:
		device = "compliant"
	case usedDevice:
		device = "used before the silence"
	case r.C[signin.DimDevice] != 0:
		device = "new"
	}
	network := "new"
	switch {
	case v.addr.net == 0:
		network = "not named"
	case usedNetwork:
		network = "used before the silence"
	}
	switch {
	case usedDevice:
		f.Suppressed = "user: a device used before the silence, or a compliant one"
	case usedNetwork || v.Trusted || v.Class&Corporate != 0:
		f.Severity = Info
	case v.addr.net == 0: // nothing says where
	case v.Class&rented != 0:
		f.Severity, f.Score, f.Bits = High, scoreDormantRented, w.env.Config.BitsDormant
	case newCountry:
		f.Severity, f.Score, f.Bits = Medium, scoreDormantAbroad, w.env.Config.BitsDormant
	default:
		f.Bits = w.env.Config.BitsDormant
	}
	key := uint64(v.addr.net)<<3 | uint64(f.Severity)<<1 | uint64(btoi(f.Suppressed != "")) //nolint:gosec // 0 or 1
	if w.told.more(s, key, FamilyCredential, f.Bits, signin.Day) {
		return
	}
	s.evidence().text("what", "sign-in to an account that nobody used for long").text("last_let_in", w.last.String()).
		num("days_without", float64(gap)/float64(signin.Day)).
		num("longest_gap_before_days", float64(w.longest)/float64(signin.Day)).
		num("sign_ins_before", float64(w.count)).
		source(v.Index).text("class", v.Class.String()).
		text("device", device).text("network_was", network).
		text("stopped_by", stopped(r)).
		usual(v.Index).after(v.Index).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilyCredential, v.Index), signin.Day)
}

// Certainty. Assumptions: most who come back are the person, back from leave; a
// rented address is what tells.
const (
	scoreDormant       = 0.2
	scoreDormantAbroad = 0.4
	scoreDormantRented = 0.6
)
