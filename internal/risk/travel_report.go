package risk

import (
	"slices"

	"frisk/internal/signin"
)

// incident is a finding still open to more rows of the same story: the same
// blamed place within travel.incident hours. Without it a morning's work from a
// badly located network would be fifty findings.
type incident struct {
	on       bool
	finding  int
	lat, lon float64
	reason   string
	until    signin.Time
	rows     []int
}

func (in *incident) covers(e *end, reason string, now signin.Time) bool {
	return in.on && in.lat == e.lat && in.lon == e.lon && in.reason == reason && now <= in.until
}

// close lists every row of the incident in its finding.
func (in *incident) close(s *Sink) {
	if !in.on {
		return
	}
	in.on = false
	f := &s.findings[in.finding]
	f.Evidence[len(f.Evidence)-1].Num = float64(len(in.rows) - 2)
	slices.Sort(in.rows)
	in.rows = slices.Compact(in.rows)
	f.Events = s.refsOf(in.rows...)
}

// report opens a finding about the journey, or adds the blamed row to one.
func (t *travel) report(s *Sink, l *leg, blamed *end, reason string) {
	in := &t.open[0]
	if reason != "" {
		in = &t.open[1]
	}
	now := t.cur.time
	severity, score := t.certainty(s, blamed)
	if in.covers(blamed, reason, now) {
		in.rows = append(in.rows, blamed.row)
		in.until = now + t.window()
		f := &s.findings[in.finding]
		f.Severity, f.Score = max(f.Severity, severity), max(f.Score, score)
		if reason == "" {
			t.charge(s, blamed, f)
		}
		return
	}
	in.close(s)
	t.write(s, l, blamed)
	idx := s.raise(Finding{
		Detector: "impossible-travel", Severity: severity, Score: score,
		Bits: t.cfg.BitsTravel, Attack: true, Suppressed: reason,
	}, FamilyPlace, blamed.row)
	*in = incident{
		on: true, finding: idx, lat: blamed.lat, lon: blamed.lon, reason: reason,
		until: now + t.window(), rows: append(in.rows[:0], t.anchor.row, t.cur.row),
	}
}

// charge weighs and labels one more blamed row of an open incident.
func (t *travel) charge(s *Sink, blamed *end, f *Finding) {
	if blamed.row == s.cur {
		s.weigh(FamilyPlace, t.cfg.BitsTravel)
	}
	if f.Score >= t.cfg.AttackScore {
		f.Attack = true
		s.label(blamed.row)
		s.skip = s.skip || blamed.row == s.cur
	}
}

func (t *travel) window() signin.Time {
	return signin.Time(t.cfg.TravelIncidentHours * float64(signin.Hour))
}

// certainty rates the blamed end by its device and by whether it got in.
func (t *travel) certainty(s *Sink, blamed *end) (Severity, float64) {
	severity, score := Medium, t.cfg.TravelScore
	switch {
	case blamed.own:
		severity, score = Low, t.cfg.TravelScoreOwnDevice
	case t.sameDevice():
		score = t.cfg.TravelScoreSameDevice
	case blamed.device == New:
		severity, score = High, t.cfg.TravelScoreNewDevice
	}
	if severity == High && stopped(&s.rows[blamed.row]) != "" {
		severity = Medium
	}
	return severity, score
}

// write puts down everything an analyst needs to redo the sum by hand.
func (t *travel) write(s *Sink, l *leg, blamed *end) {
	a, b := &t.anchor, &t.cur
	sym := t.env.Symbols
	ra, rb := &s.rows[a.row], &s.rows[b.row]
	s.evidence().
		text("from_time", a.time.String()).text("to_time", b.time.String()).
		text("from_place", placeText(sym, ra)).text("to_place", placeText(sym, rb)).
		num("distance_km", l.distance).
		num("from_radius_km", a.radius).text("from_radius_source", a.source.String()).
		num("to_radius_km", b.radius).text("to_radius_source", b.source.String()).
		num("lower_bound_km", l.lower).num("crude_lower_bound_km", l.crude).
		num("gap_min", l.gap).num("available_min", l.had).num("needed_min", l.needs).
		text("from_ip", sym.Text(ra, signin.DimIP)).text("to_ip", sym.Text(rb, signin.DimIP)).
		text("from_network", t.networkText(ra, a)).text("to_network", t.networkText(rb, b)).
		text("from_network_familiar", a.network.String()).text("to_network_familiar", b.network.String()).
		text("from_device", deviceText(a)).text("to_device", deviceText(b)).
		text("stopped_by", stopped(&s.rows[blamed.row])).
		text("blamed", blamedText(t, blamed)).text("blamed_because", t.because).
		text("peer_rules", peerRules(l, ra, rb))
	s.num("further_sign_ins", 0) // last: incident.close rewrites it
}

func blamedText(t *travel, blamed *end) string {
	if blamed == &t.anchor {
		return "earlier sign-in"
	}
	return "later sign-in"
}

func deviceText(e *end) string {
	switch {
	case e.device == Known:
		return "own"
	case e.own:
		return "compliant"
	case e.device == New:
		return "new"
	}
	return "not named"
}

func placeText(sym *signin.Symbols, r *signin.Row) string {
	out := sym.Text(r, signin.DimCity)
	for _, d := range []signin.Dim{signin.DimRegion, signin.DimCountry} {
		part := sym.Text(r, d)
		if part == "" {
			continue
		}
		if out != "" {
			out += ", "
		}
		out += part
	}
	return out
}

// networkText is "AS64500 Example (vpn)", with the parts the log has.
func (t *travel) networkText(r *signin.Row, e *end) string {
	out := asnText(r.ASN)
	if org := t.env.Symbols.Text(r, signin.DimASNOrg); org != "" {
		if out != "" {
			out += " "
		}
		out += org
	}
	if e.class != 0 {
		if out != "" {
			out += " "
		}
		out += "(" + e.class.String() + ")"
	}
	return out
}
