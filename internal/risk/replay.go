package risk

import (
	"slices"

	"frisk/internal/signin"
)

var _ = register(Detector{
	Name: "token-replay",
	Doc: "a session goes on from a network and with a user agent that neither the session nor the person used before: " +
		"somebody holds a copy of its token",
	Needs:      "session id, user agent and network number (ASN) of sign-ins, token renewals included",
	Quiet:      "rows without session, user agent or ASN are left out; without range lists and positions it is never certain enough for attack traffic",
	Techniques: []string{"T1550.004", "T1550.001", "T1539"},
	Origin:     "Panther and Elastic session rules; reference, detection 3",
	Scope:      ScopePerson,
	Need: func() signin.Need {
		n := usualNeed().Or(signin.NeedDims(signin.DimUserAgent, signin.DimIP, signin.DimCountry, signin.DimRegion, signin.DimCity,
			signin.DimDevice, signin.DimNetwork, signin.DimNamedLocations, signin.DimASNOrg))
		n.Place = true
		n.IDs[signin.IDSession] = true
		return n
	}(),
	Surveys: []string{"teleport", "token-services"},
	New: func(e *Env) Watcher {
		return &tokenReplay{
			env: e, placer: newPlacer(e), table: make([]session, sessionSlots), services: surveyOf[*serviceSurvey](e.Networks),
		}
	},
})

// session is what is known of one session: where it was used.
type session struct {
	id     uint64
	person uint32 // generation; another one means free
	row    int    // last genuine use
	asns   [4]uint32
	nASN   uint8 // how many; past the last, new ones are taken for the person's without being kept
}

// sessionSlots is the size of the table of sessions. Two sessions of one person
// in one slot forget each other, which costs a finding, never makes one.
const sessionSlots = 1024

// tokenReplay holds that a token moves with its client: its machine may change
// networks and its user agent may be updated, hardly both at once. Reference,
// detection 3: same session id, new ASN and new user agent. Before familiar.days
// everything is new to a person, so only a distance counts.
type tokenReplay struct {
	env      *Env
	placer   placer
	person   uint32
	first    signin.Time
	table    []session
	agents   []uint32 // by user agent code: generation that used it
	told     stories
	services *serviceSurvey
}

func (w *tokenReplay) Begin()      { w.person++; w.first = 0; w.told.begin() }
func (w *tokenReplay) End(s *Sink) { w.told.end(s) }

func (w *tokenReplay) Observe(v *View, s *Sink) {
	r := v.Row
	agent := r.C[signin.DimUserAgent]
	if agent == 0 || !personal(r) || !(accepted(r) || r.Reason() == signin.SignInFrequency) {
		return // a session refused for its age was shown all the same
	}
	if w.first == 0 {
		w.first = r.Time
	}
	if int(agent) >= len(w.agents) {
		w.agents = append(w.agents, make([]uint32, int(agent)+1-len(w.agents)+len(w.agents)/2)...)
	}
	in := r.Outcome() == signin.Success
	if r.Session == 0 || r.ASN == 0 {
		if in {
			w.agents[agent] = w.person
		}
		return
	}
	e := &w.table[r.Session%sessionSlots]
	switch {
	case e.id != r.Session || e.person != w.person:
		if in {
			*e = session{id: r.Session, person: w.person}
		}
	case w.agents[agent] != w.person && r.Time-s.rows[e.row].Time <= hours(w.env.Config.ReplayHours) &&
		!slices.Contains(e.asns[:e.nASN], r.ASN) && w.judge(v, s, e):
		return // teaches nothing
	}
	if !in {
		return // nor does what something stopped
	}
	w.agents[agent] = w.person
	if int(e.nASN) < len(e.asns) && !slices.Contains(e.asns[:e.nASN], r.ASN) {
		e.asns[e.nASN] = r.ASN
		e.nASN++
	}
	e.row = v.Index
}

// judge reports a use of the session from elsewhere with another client, and
// whether it was one.
func (w *tokenReplay) judge(v *View, s *Sink, e *session) bool {
	w.env.regard(v, s.profile)
	if v.Trusted || v.Class&Corporate != 0 || v.ASN == Known || v.Network == Known {
		return false
	}
	cfg := &w.env.Config
	f := Finding{Detector: "token-replay", Severity: Medium, Score: scoreReplay, Attack: true, Bits: cfg.BitsReplay}
	what := "network new to the person"
	far := w.far(v, s, e)
	if !far && v.Row.Time-w.first < hours(24*cfg.FamiliarDays) {
		return false
	}
	switch {
	case v.Class&rented != 0:
		f.Severity, f.Score, what = High, scoreReplayFar, v.Class.String()+" network new to the person"
	case far:
		f.Severity, f.Score, what = High, scoreReplayFar, "network new to the person, too far away for the time"
	}
	tokensOf := 0
	if ever, before, people := w.service(v); ever {
		f.Suppressed = serviceReason
		tokensOf = people
		if !before { // what could be known at the time still counts
			s.asRaised(&f, FamilySource)
		}
		f.Bits = 0
	}
	key := (uint64(v.addr.net)<<1|uint64(btoi(f.Severity == High)))<<1 | uint64(btoi(f.Suppressed != "")) //nolint:gosec // 0 or 1
	if w.told.more(s, key, FamilySource, f.Bits, signin.Day) {
		return true
	}
	sym, before := w.env.Symbols, &s.rows[e.row]
	s.evidence().text("what", what).
		text("session_used_before", before.Time.String()).
		num("gap_min", float64(v.Row.Time-before.Time)/float64(signin.Minute)).
		text("from_ip", sym.Text(before, signin.DimIP)).text("to_ip", sym.Text(v.Row, signin.DimIP)).
		text("from_network", asnText(before.ASN)).text("to_network", asnText(v.Row.ASN)).
		text("from_place", placeText(sym, before)).text("to_place", placeText(sym, v.Row)).
		text("from_user_agent", sym.Text(before, signin.DimUserAgent)).
		text("to_user_agent", sym.Text(v.Row, signin.DimUserAgent)).
		text("device_claimed", deviceWord(v)).text("stopped_by", stopped(v.Row)).
		usual(v.Index).after(v.Index)
	if tokensOf > 0 {
		s.num("people_it_renews_tokens_of_at_least", float64(tokensOf))
	}
	s.num("further_sign_ins", 0)
	f.Events = s.refsOf(e.row, v.Index)
	w.told.start(s, key, s.raise(f, FamilySource, v.Index), signin.Day)
	return true
}

const serviceReason = "org: the same client there renews tokens of many people, for weeks (a service?)"

// service reports that the row may be a cloud service's that acts for the person: a
// renewal with no device named, by a client that does the same for many people.
func (w *tokenReplay) service(v *View) (ever, before bool, people int) {
	r := v.Row
	if r.Stream() != signin.NonInteractive || r.C[signin.DimDevice] != 0 || r.Compliant() == signin.True || r.Managed() == signin.True {
		return false, false, 0
	}
	return w.services.of(&w.env.Config, r.ASN, w.env.Symbols.Text(r, signin.DimUserAgent), day(r.Time))
}

// far reports that nobody could have carried the client there since the
// session's last genuine use. Unlike travel it takes token renewals.
func (w *tokenReplay) far(v *View, s *Sink, e *session) bool {
	before := View{Row: &s.rows[e.row]}
	before.Class = w.env.class(before.Row)
	if w.env.tunnel(before.Row) {
		return false
	}
	a, sa := w.placer.place(&before)
	b, sb := w.placer.place(v)
	if sa != somewhere || sb != somewhere {
		return false
	}
	cfg := &w.env.Config
	l := cfg.leg(&a, &b, v.Row.Time-before.Row.Time, cfg.TravelSkewSec)
	return l.impossible(cfg)
}

// Certainty. Assumptions: an update of the client while travelling looks the
// same as the plain case, so that one labels nothing.
const (
	scoreReplay    = 0.4
	scoreReplayFar = 0.85
)
