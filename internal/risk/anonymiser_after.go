package risk

import "frisk/internal/signin"

// strangers are the findings below medium about rented addresses where nothing was
// the person's. Whoever is at work elsewhere soon after a sign-in was no more
// there than who was soon before; only the score cannot wait for that.
type strangers []stranger

type stranger struct {
	finding int
	row     int
	at      signin.Time
	net     uint32
	asn     uint32
}

// seen raises to medium what the person's latest own sign-in, on another network,
// speaks against, and forgets what it came too late for. The rows get no label: a
// person's first hours with a VPN, on a machine of their own, look the same.
func (st *strangers) seen(s *Sink, p *presence, within float64) {
	if !p.has {
		return
	}
	left := (*st)[:0]
	for _, x := range *st {
		switch {
		case p.at <= x.at || p.net == x.net || p.asn == x.asn && p.asn != 0:
			left = append(left, x)
		case p.at-x.at <= hours(within):
			x.elsewhere(p, s)
		}
	}
	*st = left
}

func (x *stranger) elsewhere(p *presence, s *Sink) {
	f, r := &s.findings[x.finding], &s.rows[p.row]
	f.Severity, f.Score = Medium, max(f.Score, scoreFactorGiven)
	for i := range f.Evidence {
		switch e := &f.Evidence[i]; e.Name {
		case "what":
			e.Text = "nothing about this sign-in is the person's, who was at work elsewhere soon after: " + r.Time.String() +
				" from " + s.env.Symbols.Text(r, signin.DimIP)
		case "next_step":
			e.Text = afterSuccess(&s.rows[x.row])
		}
	}
}
