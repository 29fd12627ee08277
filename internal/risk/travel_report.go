package risk

import (
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// write puts down everything an analyst needs to redo the sum by hand.
func (tr *tracing) write(c *conflict) {
	a, b := c.ends()
	l := &c.leg
	sym := tr.t.env.Symbols
	ia, ib := tr.order[a.hi-1], tr.order[b.lo]
	ra, rb := &tr.s.rows[ia], &tr.s.rows[ib]
	other := c.x
	if c.blamed == c.x {
		other = c.y
	}
	s := tr.s.evidence().
		text("what", "two sign-ins of one person that no journey joins: "+blamedText(c)+" blamed").
		text("from_time", ra.Time.String()).text("to_time", rb.Time.String()).
		text("from_place", placeText(sym, ra)).text("to_place", placeText(sym, rb)).
		text("from_knowledge", a.knowledge(ra)).text("to_knowledge", b.knowledge(rb)).
		num("distance_km", l.distance).
		num("from_radius_km", a.radius).text("from_radius_source", a.source.String()).
		num("to_radius_km", b.radius).text("to_radius_source", b.source.String()).
		num("lower_bound_km", l.lower).num("crude_lower_bound_km", l.crude).
		num("gap_min", l.gap).num("skew_s", tr.t.cfg.skew(ra, rb)).num("available_min", l.had).num("needed_min", l.needs).
		text("from_ip", sym.Text(ra, signin.DimIP)).text("to_ip", sym.Text(rb, signin.DimIP)).
		text("from_network", tr.networkText(ra, a)).text("to_network", tr.networkText(rb, b)).
		text("from_network_role", tr.roleText(a)).text("to_network_role", tr.roleText(b)).
		text("from_network_familiar", tr.familiarText(a)).text("to_network_familiar", tr.familiarText(b)).
		text("from_device", tr.deviceText(a)).text("to_device", tr.deviceText(b))
	if tr.t.egress != nil {
		once, _ := tr.t.egress.people(a.net, day(ra.Time))
		s.num("from_network_people", float64(once))
		once, _ = tr.t.egress.people(b.net, day(rb.Time))
		s.num("to_network_people", float64(once))
	}
	s.text("stopped_by", stopped(&tr.s.rows[c.blamed.row])).
		text("blamed", blamedText(c)).text("blamed_because", tr.because(c.blamed, other)).
		num("journey_sign_ins", float64(tr.onLen)).num("off_journey_sign_ins", float64(len(tr.order)-tr.onLen)).
		text("peer_rules", peerRules(l, ra, rb)).
		usual(c.blamed.row).after(c.blamed.row).
		text("next_step", tr.next(c)).
		num("further_sign_ins", 0) // last: close rewrites it
}

// next is what an analyst does with a raised finding, "" for a suppressed one.
func (tr *tracing) next(c *conflict) string {
	r := &tr.s.rows[c.blamed.row]
	switch {
	case c.why.kind != noExcuse:
		return ""
	case tr.kin.ownDevice(c.blamed):
		return "ask the person how this device was connected; its network is probably not where it says"
	case tr.kin.ownDevice(c.x) || tr.kin.ownDevice(c.y):
		return afterSuccess(r)
	}
	return "neither end is a device of the person's: " + afterSuccess(r)
}

func blamedText(c *conflict) string {
	if a, _ := c.ends(); a == c.blamed {
		return "earlier sign-in"
	}
	return "later sign-in"
}

func (tr *tracing) deviceText(v *visit) string {
	switch {
	case v.device != 0 && tr.kin.ownDevice(v) && !v.managed:
		return "own"
	case v.managed:
		return "compliant or managed"
	case v.device != 0:
		return "new"
	}
	return "not named"
}

// familiarText is "own", or on how many days the whole history has the network.
func (tr *tracing) familiarText(v *visit) string {
	n := tr.kin.nets[v.net]
	switch {
	case n == nil:
		return ""
	case n.own:
		return "own, on " + strconv.Itoa(n.days) + " days"
	}
	return "on " + strconv.Itoa(n.days) + " days"
}

// roleText is what the first phase learned of the visit's network.
func (tr *tracing) roleText(v *visit) string {
	var out []string
	if n := tr.t.egress.habitual(v.net, day(v.from)); float64(n) >= tr.t.cfg.EgressPeople {
		out = append(out, "shared egress of "+strconv.Itoa(n)+" people")
	}
	if r := tr.t.teleport.role(operatorKey(v.asn, v.net>>56 == 2), forever); r.teleports {
		out = append(out, r.String())
	}
	return strings.Join(out, "; ")
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
func (tr *tracing) networkText(r *signin.Row, v *visit) string {
	out := asnText(r.ASN)
	if org := tr.t.env.Symbols.Text(r, signin.DimASNOrg); org != "" {
		if out != "" {
			out += " "
		}
		out += org
	}
	if v.class != 0 {
		if out != "" {
			out += " "
		}
		out += "(" + v.class.String() + ")"
	}
	return out
}
