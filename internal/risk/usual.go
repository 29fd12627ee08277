package risk

import (
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// usualNeed is the columns that usual and after read.
func usualNeed() signin.Need {
	return signin.NeedDims(signin.DimIP, signin.DimCountry, signin.DimASNOrg, signin.DimDevice, signin.DimAppName)
}

// The most rows looked at for one finding, so that a busy account costs no more
// than another.
const (
	usualRows = 500
	afterRows = 500
	afterApps = 4
)

// tally counts codes in order of first sight.
type tally struct {
	codes [32]uint32
	n     [32]int
	len   int
	total int
}

func (t *tally) add(c uint32) {
	if c == 0 {
		return
	}
	t.total++
	for i := range t.len {
		if t.codes[i] == c {
			t.n[i]++
			return
		}
	}
	if t.len < len(t.codes) {
		t.codes[t.len], t.n[t.len] = c, 1
		t.len++
	}
}

// most is the code counted most often, of equals the one seen first.
func (t *tally) most() (code uint32, n int) {
	for i := range t.len {
		if t.n[i] > n {
			code, n = t.codes[i], t.n[i]
		}
	}
	return code, n
}

// of says "NO, 40 of 46 sign-ins", "" when nothing was counted.
func (t *tally) of(name string, n int) string {
	if n == 0 || name == "" {
		return ""
	}
	return fmt.Sprintf("%s, %d of %d sign-ins", name, n, t.total)
}

// usual writes down what is usual for the person: the country, network and device
// of most of the sign-ins that let them in during evidence.usual-days before row
// at, and how long ago the last was. Rows held or labelled as attack traffic by
// then are not the person's. A person without earlier sign-ins is said to have none.
func (s *Sink) usual(at int) *Sink {
	now := s.rows[at].Time
	var country, network, device tally
	last, seen := -1, 0
	span := hours(24 * s.env.Config.UsualDays)
	for i := at - 1; i >= 0 && seen < usualRows; i-- {
		r := &s.rows[i]
		if last >= 0 && now-r.Time > span {
			break
		}
		seen++
		if r.Outcome() != signin.Success || !personal(r) || s.attack[i] || s.held[i] {
			continue
		}
		if last < 0 {
			last = i
			if now-r.Time > span {
				span = now - r.Time + hours(24*s.env.Config.UsualDays) // back after a long time: the month before that
			}
		}
		if !humanStreams[r.Stream()] {
			continue
		}
		country.add(uint32(r.C[signin.DimCountry]))
		network.add(r.ASN)
		device.add(uint32(r.C[signin.DimDevice]))
	}
	if last < 0 {
		return s.text("last_sign_in_before", "none known")
	}
	sym := s.env.Symbols
	if c, n := country.most(); n > 0 {
		s.text("usual_country", country.of(sym[signin.DimCountry].Text(signin.Code(c)), n))
	}
	if a, n := network.most(); n > 0 {
		s.text("usual_network", network.of(s.operator(at, a), n))
	}
	if d, n := device.most(); n > 0 {
		s.text("usual_device", device.of(sym[signin.DimDevice].Text(signin.Code(d)), n))
	}
	s.text("last_sign_in_before", s.rows[last].Time.String())
	if gap := now - s.rows[last].Time; gap < 2*signin.Day {
		return s.num("hours_since", float64(gap)/float64(signin.Hour))
	}
	return s.num("days_since", float64(now-s.rows[last].Time)/float64(signin.Day))
}

// operator is "AS64500 Example" with the name the nearest row before at gives it.
func (s *Sink) operator(at int, asn uint32) string {
	for i := at - 1; i >= 0; i-- {
		if r := &s.rows[i]; r.ASN == asn {
			return strings.TrimSpace(asnText(asn) + " " + s.env.Symbols.Text(r, signin.DimASNOrg))
		}
	}
	return asnText(asn)
}

// after writes down what happened next: whether row at or a later one from its
// network within evidence.after was let in, and to which apps. It looks ahead,
// which evidence may and a score may not.
func (s *Sink) after(at int) *Sink {
	r := &s.rows[at]
	net := s.env.addr(r).net
	let, let0 := 0, r.Outcome() == signin.Success
	var apps tally
	if let0 {
		apps.add(uint32(r.C[signin.DimAppName]))
	}
	reach := hours(s.env.Config.AfterHours)
	for i := at + 1; i < len(s.rows) && i-at <= afterRows && net != 0; i++ {
		n := &s.rows[i]
		if n.Time-r.Time > reach {
			break
		}
		if n.Outcome() == signin.Success && s.env.addr(n).net == net {
			let++
			apps.add(uint32(n.C[signin.DimAppName]))
		}
	}
	switch {
	case let0:
		s.text("got_in", "yes")
	case let > 0:
		s.text("got_in", "later, from the same network")
	default:
		s.text("got_in", "no")
	}
	if let > 0 {
		s.num("sign_ins_next", float64(let))
	}
	return s.text("apps", s.appNames(&apps))
}

// appNames lists a few apps in order of use.
func (s *Sink) appNames(t *tally) string {
	var names []string
	for i := range min(t.len, afterApps) {
		names = append(names, s.env.Symbols[signin.DimAppName].Text(signin.Code(t.codes[i])))
	}
	if t.len > afterApps {
		names = append(names, fmt.Sprintf("%d more", t.len-afterApps))
	}
	return strings.Join(names, ", ")
}

// source writes down where a row came from, as far as the log says.
func (s *Sink) source(at int) *Sink {
	r, sym := &s.rows[at], s.env.Symbols
	return s.text("ip", sym.Text(r, signin.DimIP)).
		text("network", strings.TrimSpace(asnText(r.ASN)+" "+sym.Text(r, signin.DimASNOrg))).
		text("country", sym.Text(r, signin.DimCountry))
}
