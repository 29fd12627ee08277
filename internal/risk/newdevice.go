package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "new-device",
	Doc: "a person's first sign-ins on an unmanaged device and a network both new to them (low); with no device named, with a kind of " +
		"client and on a network new to them (info)",
	Needs:      "device id or user agent, and address; network number (ASN) to tell a new connection of the same provider",
	Quiet:      "a row that names neither device nor client, or no address, is left out; so is everybody with too little history",
	Techniques: []string{"T1078.004"},
	Origin:     "Entra unfamiliarFeatures, Okta New Device and New IP, BuffaLogs new device; reference, detection 3",
	Scope:      ScopePerson,
	Need:       usualNeed().Or(clientNeed()).Or(signin.NeedDims(signin.DimNetwork, signin.DimNamedLocations)),
	New:        func(e *Env) Watcher { return &newDevice{env: e, clients: newClients()} },
})

// newDevice says little and is meant to: new phones and hotels are common, so a
// new device on the person's own network and the person's own device on a new one
// are silent. What new devices and networks are worth to the score is the matter of
// the score, so this adds nothing to it. A device that keeps coming is one finding.
type newDevice struct {
	env     *Env
	clients *clients
	used    marks // kinds of client that were let in
	first   signin.Time
	count   int
	told    stories
}

func (w *newDevice) Begin() {
	w.first, w.count = 0, 0
	w.used.begin()
	w.told.begin()
}

func (w *newDevice) End(s *Sink) { w.told.end(s) }

func (w *newDevice) Observe(v *View, s *Sink) {
	if !v.Accepted {
		return
	}
	r := v.Row
	client := w.clients.of(w.env.Symbols, r)
	if w.count > 0 && v.addr.net != 0 && strange(v) && w.learned(r.Time) {
		named := v.Device == New && r.Managed() != signin.True
		if named || v.Device == FamiliarityUnknown && client != 0 && !w.used.has(client) {
			w.report(v, s, client, named)
		}
	}
	if r.Outcome() != signin.Success || s.skip {
		return
	}
	if w.count == 0 {
		w.first = r.Time
	}
	w.count++
	if !strange(v) || !w.learned(r.Time) {
		w.used.add(client)
	}
}

// learned reports that there is history enough to tell new from old: the learning
// period of new-country.
func (w *newDevice) learned(t signin.Time) bool {
	c := &w.env.Config
	return float64(w.count) >= c.CountryLearnSignIns || w.count > 0 && t-w.first >= hours(24*c.CountryLearnDays)
}

func (w *newDevice) report(v *View, s *Sink, client uint32, named bool) {
	r := v.Row
	keep := hours(24 * w.env.Config.NewDeviceRepeatDays)
	f := Finding{Detector: "new-device", Severity: Info, Score: scoreNewClient}
	key := uint64(client)<<33 | uint64(v.addr.net)<<1
	what := "kind of client and network new to the person, no device named"
	if named {
		f.Severity, f.Score = Low, scoreNewDevice
		key = uint64(r.C[signin.DimDevice])<<1 | 1
		what = "unmanaged device and network new to the person"
	}
	if w.told.more(s, key, FamilyDevice, 0, keep) {
		return
	}
	sym := w.env.Symbols
	s.evidence().text("what", what).source(v.Index).text("class", v.Class.String()).
		text("device", sym.Text(r, signin.DimDevice)).text("os", sym.Text(r, signin.DimOS)).
		text("browser", sym.Text(r, signin.DimBrowser)).text("user_agent", sym.Text(r, signin.DimUserAgent)).
		text("second_factor", r.MFA().String()).text("stopped_by", stopped(r)).
		usual(v.Index).after(v.Index).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilyDevice, v.Index), keep)
}

// Certainty. Assumptions: nearly all are new phones and journeys.
const (
	scoreNewDevice = 0.1
	scoreNewClient = 0.05
)
