package geo

import (
	"net/netip"

	"frisk/internal/signin"
)

// Report counts what enrichment did, by event. Reports of several workers add
// up in any order.
type Report struct {
	Events int64 `json:"events"`
	// Every event is in exactly one of the next five.
	FromLog      int64 `json:"fromLog"`      // the log said where
	FromDatabase int64 `json:"fromDatabase"` // a database did
	NoAddress    int64 `json:"noAddress"`    // nowhere said and no address to ask for
	Local        int64 `json:"local"`        // a private, loopback or link-local address: no database holds it
	NoAnswer     int64 `json:"noAnswer"`     // asked, and no database knew
	// LogUnlocated counts the FromLog events without coordinates, which travel
	// analysis cannot use; the database is not mixed in.
	LogUnlocated int64 `json:"logUnlocated"`
	CountryOnly  int64 `json:"countryOnly"` // FromDatabase without coordinates
	// Rejected coordinates: 0,0 or outside the globe, by who said them.
	RejectedLog      int64 `json:"rejectedLog"`
	RejectedDatabase int64 `json:"rejectedDatabase"`
	ASNFromLog       int64 `json:"asnFromLog"`
	ASNFromDatabase  int64 `json:"asnFromDatabase"`
	NoASN            int64 `json:"noASN"`
	// Failed counts events for whose address a database gave an error, FirstError its text.
	Failed     int64  `json:"failed"`
	FirstError string `json:"firstError,omitempty"`
	// Classes counts events per network class, in the order of the lists.
	Classes []ClassCount `json:"classes,omitempty"`
}

// ClassCount is the number of events tagged with a class.
type ClassCount struct {
	Class  string `json:"class"`
	Events int64  `json:"events"`
}

// Add adds another worker's report, which must come from the same Database.
func (r *Report) Add(o Report) {
	for _, f := range []struct {
		to   *int64
		from int64
	}{
		{&r.Events, o.Events},
		{&r.FromLog, o.FromLog},
		{&r.FromDatabase, o.FromDatabase},
		{&r.NoAddress, o.NoAddress},
		{&r.Local, o.Local},
		{&r.NoAnswer, o.NoAnswer},
		{&r.LogUnlocated, o.LogUnlocated},
		{&r.CountryOnly, o.CountryOnly},
		{&r.RejectedLog, o.RejectedLog},
		{&r.RejectedDatabase, o.RejectedDatabase},
		{&r.ASNFromLog, o.ASNFromLog},
		{&r.ASNFromDatabase, o.ASNFromDatabase},
		{&r.NoASN, o.NoASN},
		{&r.Failed, o.Failed},
	} {
		*f.to += f.from
	}
	// The least text, not the first seen: workers finish in any order.
	if r.FirstError == "" || o.FirstError != "" && o.FirstError < r.FirstError {
		r.FirstError = o.FirstError
	}
	if r.Classes == nil {
		r.Classes = append(r.Classes, o.Classes...)
		return
	}
	for i := range o.Classes {
		r.Classes[i].Events += o.Classes[i].Events
	}
}

// answer is everything the files say about an address.
type answer struct {
	place    signin.Geo
	found    bool
	rejected bool // some database gave impossible coordinates
	system   systemRecord
	mask     uint64
	err      string
}

// Enricher adds place and network to events. It remembers the addresses it has
// seen, up to the bound of Options, and is for one goroutine.
type Enricher struct {
	db     *Database
	report Report
	// young and old are the two generations of the cache: when young is full it
	// becomes old, and what is asked for again moves back.
	young, old map[netip.Addr]answer
	lists      map[uint64]signin.List
}

// Enricher gives a worker its own Enricher. A nil Database has no files: events
// are counted, and impossible coordinates of the log are still dropped.
func (d *Database) Enricher() *Enricher {
	if d == nil {
		d = &Database{cacheSize: defaultCache}
	}
	e := &Enricher{db: d, young: map[netip.Addr]answer{}, lists: map[uint64]signin.List{}}
	for _, c := range d.classes {
		e.report.Classes = append(e.report.Classes, ClassCount{Class: c})
	}
	return e
}

// Report is the account so far.
func (e *Enricher) Report() Report {
	r := e.report
	r.Classes = append([]ClassCount(nil), r.Classes...)
	return r
}

// Enrich completes ev in place: Geo, unless the log said anything about the
// place; ASN and ASNOrg, unless the log gave a number; and Network, when range
// lists were loaded and the address is known, "[]" meaning in no list. Network
// classes that ev carries already are replaced.
func (e *Enricher) Enrich(ev *signin.Event) {
	e.report.Events++
	ip := ev.Source.IP.Unmap().WithZone("")
	var a answer
	if ip.IsValid() {
		a = e.ask(ip)
	}
	if a.err != "" {
		e.report.Failed++
		if e.report.FirstError == "" || a.err < e.report.FirstError {
			e.report.FirstError = a.err
		}
	}
	e.place(ev, ip, &a)
	e.system(ev, &a)
	e.network(ev, ip, &a)
}

func (e *Enricher) place(ev *signin.Event, ip netip.Addr, a *answer) {
	g := &ev.Geo
	if g.Located && !signin.ValidCoordinates(g.Lat, g.Lon) {
		e.report.RejectedLog++
		g.Located, g.Lat, g.Lon, g.Radius = false, 0, 0, 0
	}
	switch {
	case g.Located || g.Country != "" || g.Region != "" || g.City != "":
		if g.Source == signin.GeoNone {
			g.Source = signin.GeoLog
		}
		e.report.FromLog++
		if !g.Located {
			e.report.LogUnlocated++
		}
		return
	case !ip.IsValid():
		e.report.NoAddress++
	case a.found:
		e.report.FromDatabase++
		if !a.place.Located {
			e.report.CountryOnly++
		}
	case local(ip):
		e.report.Local++
	default:
		e.report.NoAnswer++
	}
	if a.rejected {
		e.report.RejectedDatabase++
	}
	said := g.Source
	*g = a.place
	if g.Source == signin.GeoNone {
		g.Source = said // the log may say that it knows no place
	}
}

func (e *Enricher) system(ev *signin.Event, a *answer) {
	switch {
	case ev.ASN != 0:
		e.report.ASNFromLog++
		if ev.ASNOrg == "" && a.system.Number == ev.ASN {
			ev.ASNOrg = a.system.Org
		}
	case a.system.Number != 0:
		e.report.ASNFromDatabase++
		ev.ASN, ev.ASNOrg = a.system.Number, a.system.Org
	default:
		e.report.NoASN++
	}
}

func (e *Enricher) network(ev *signin.Event, ip netip.Addr, a *answer) {
	if e.db.lists == 0 || !ip.IsValid() {
		return
	}
	mask := a.mask | e.db.byASN[ev.ASN]
	l, ok := e.lists[mask]
	if !ok {
		l = e.db.networkList(mask)
		e.lists[mask] = l
	}
	ev.Network = l
	for i := range e.report.Classes {
		if mask&(1<<i) != 0 {
			e.report.Classes[i].Events++
		}
	}
}

// local reports addresses that mean nothing outside one network.
func local(ip netip.Addr) bool {
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast()
}

func (e *Enricher) ask(ip netip.Addr) answer {
	if a, ok := e.young[ip]; ok {
		return a
	}
	a, ok := e.old[ip]
	if !ok {
		a = e.db.ask(ip)
	}
	if len(e.young) >= (e.db.cacheSize+1)/2 {
		e.young, e.old = e.old, e.young
		clear(e.young)
		if e.young == nil {
			e.young = map[netip.Addr]answer{}
		}
	}
	e.young[ip] = a
	return a
}

// ask asks every file about an address, which must be unmapped and zoneless.
func (d *Database) ask(ip netip.Addr) answer {
	a := answer{mask: d.ranges.find(ip)}
	fail := func(m *mmdb, err error) {
		if a.err == "" {
			a.err = m.path + ": " + err.Error()
		}
	}
	for _, m := range d.city {
		p, found, err := m.place(ip)
		if err != nil {
			fail(m, err)
			continue
		}
		a.rejected = a.rejected || p.rejected
		if found {
			a.place, a.found = p.geo, true
			break
		}
	}
	for _, t := range d.systems {
		if a.system = t.find(ip); a.system.Number != 0 {
			return a
		}
	}
	for _, m := range d.asn {
		s, err := m.system(ip)
		if err != nil {
			fail(m, err)
			continue
		}
		if s.Number != 0 {
			a.system = s
			break
		}
	}
	return a
}
