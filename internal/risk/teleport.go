package risk

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// teleport learns which operators do not locate: a device cannot teleport, so
// when known devices jump inside one AS number and address family, its positions
// are those of gateways (reference, detection 1.4 step 6a). It also learns in
// which countries an operator was seen, for rows that name nothing else, and
// whether the log names cities at all.
//
// What counts as a jump depends on the points alone, not on stated radii or
// configured allowances: a wider radius must not make an operator look sound.
type teleport struct {
	cfg       *Config
	sym       *signin.Symbols
	class     byCode[Class]
	gen       uint32
	person    uint64
	devices   []deviceDay  // by code, of the person at hand
	last      [16]lastSeen // by device and operator
	lasts     int
	seen      [8]lastSeen // by device
	seens     int
	cell      teleportCell
	cur       *teleportCount
	counts    map[teleportCell]*teleportCount
	jumpers   map[teleportJumper]int32 // person without device ids -> day of the first jump
	lands     map[operatorLand]int32   // first day
	land      operatorLand
	landCode  signin.Code
	landASN   uint32
	cityDay   int32 // first day with a city, 0 = none
	roles     map[uint64][]teleportDay
	countries map[uint32][]landDay
}

type deviceDay struct {
	gen   uint32
	first int32
}

// lastSeen is where the person at hand was seen last on one device, operator and family.
type lastSeen struct {
	key      uint64
	device   signin.Code
	country  signin.Code
	lat, lon float64
	time     signin.Time
}

type teleportCell struct {
	key uint64
	day int32
}

// teleportCount counts pairs of sign-ins and jumps among them: of known devices,
// and of people who named no device at either end; jumps across a border; and rows,
// with those whose address a range list called a carrier's, a satellite's or relay's,
// or rented.
type teleportCount struct {
	pairs, jumps, silentPairs, silentJumps, abroad uint32
	rows, mobile, aloft, rented                    uint32
	cross, crossJumps, silentCross, silentCrossed  uint32 // pairs with another operator, and jumps among them
}

func (n *teleportCount) add(o *teleportCount) {
	n.pairs += o.pairs
	n.jumps += o.jumps
	n.silentPairs += o.silentPairs
	n.silentJumps += o.silentJumps
	n.abroad += o.abroad
	n.rows += o.rows
	n.mobile += o.mobile
	n.aloft += o.aloft
	n.rented += o.rented
	n.cross += o.cross
	n.crossJumps += o.crossJumps
	n.silentCross += o.silentCross
	n.silentCrossed += o.silentCrossed
}

type teleportJumper struct{ key, person uint64 }

type operatorLand struct {
	asn     uint32
	country uint16
}

// teleportDay is what had been counted by the end of a day.
type teleportDay struct {
	day int32
	teleportCount
	people, crossers int32
}

type landDay struct {
	country uint16
	first   int32
}

var _ = registerSurvey("teleport", func() signin.Need {
	n := signin.NeedDims(signin.DimIP, signin.DimDevice, signin.DimCountry, signin.DimCity, signin.DimNetwork)
	n.Place = true
	return n
}(), func(c *Config) Survey {
	t := &teleport{
		cfg: c, counts: map[teleportCell]*teleportCount{}, jumpers: map[teleportJumper]int32{}, lands: map[operatorLand]int32{},
	}
	t.class.of = classOf
	return t
})

// operatorKey joins an AS number and the address family.
func operatorKey(asn uint32, v6 bool) uint64 { return uint64(asn)<<1 | uint64(btoi(v6)) } //nolint:gosec // 0 or 1

func (t *teleport) Use(sym *signin.Symbols) {
	t.sym, t.landASN, t.landCode = sym, 0, 0
	t.devices, t.class.vals = t.devices[:0], t.class.vals[:0]
	t.gen = 0
}

func (t *teleport) Observe(s *Sighting) {
	r := s.Row
	if s.Refused {
		return
	}
	d := day(r.Time)
	if r.C[signin.DimCity] != 0 && (t.cityDay == 0 || d < t.cityDay) {
		t.cityDay = d
	}
	if r.ASN == 0 {
		return
	}
	t.observeLand(r, d)
	if s.First || s.Person != t.person || t.gen == 0 {
		t.person, t.lasts, t.seens = s.Person, 0, 0
		t.gen++
	}
	key := operatorKey(r.ASN, !s.Addr.Unmap().Is4())
	t.enter(teleportCell{key, d})
	t.cur.rows++
	if l := r.C[signin.DimNetwork]; l != 0 {
		c := t.class.get(t.sym[signin.DimNetwork], l)
		t.cur.mobile += uint32(btoi(c&Mobile != 0))           //nolint:gosec // 0 or 1
		t.cur.aloft += uint32(btoi(c&(Satellite|Relay) != 0)) //nolint:gosec // 0 or 1
		t.cur.rented += uint32(btoi(c&rented != 0))           //nolint:gosec // 0 or 1
	}
	if r.Located && signin.ValidCoordinates(r.Lat, r.Lon) && t.counted(r.C[signin.DimDevice], d) {
		t.crossing(s, key, d)
		t.pair(s, key, d)
	}
}

// crossing compares the row with the last one of the same device, when that was
// another operator's, and counts the pair for both.
func (t *teleport) crossing(s *Sighting, key uint64, d int32) {
	r := s.Row
	c := r.C[signin.DimDevice]
	l := latest(t.seen[:], &t.seens, func(l *lastSeen) bool { return l.device == c })
	if l.time != 0 && l.key != key && r.Time-l.time < signin.Day {
		jump := jumped(l, r)
		for _, at := range [...]uint64{l.key, key} {
			t.enter(teleportCell{at, d})
			if c == 0 {
				t.cur.silentCross++
				t.cur.silentCrossed += uint32(btoi(jump)) //nolint:gosec // 0 or 1
			} else {
				t.cur.cross++
				t.cur.crossJumps += uint32(btoi(jump)) //nolint:gosec // 0 or 1
			}
			if jump {
				t.jumper(at|crossKey, s.Person, d)
			}
		}
	}
	*l = lastSeen{key, c, r.C[signin.DimCountry], r.Lat, r.Lon, r.Time}
}

// crossKey marks the jumpers between operators.
const crossKey = 1 << 40

func (t *teleport) jumper(key, person uint64, d int32) {
	j := teleportJumper{key, person}
	if first, ok := t.jumpers[j]; !ok || d < first {
		t.jumpers[j] = d
	}
}

// latest is the entry of a short list that fits; when none does, a fresh one in
// the place of the one seen longest ago.
func latest(list []lastSeen, n *int, fits func(*lastSeen) bool) *lastSeen {
	for i := range list[:*n] {
		if fits(&list[i]) {
			return &list[i]
		}
	}
	if *n < len(list) {
		*n++
		list[*n-1] = lastSeen{}
		return &list[*n-1]
	}
	old := &list[0]
	for i := range list {
		if list[i].time < old.time {
			old = &list[i]
		}
	}
	*old = lastSeen{}
	return old
}

// enter makes the counts of a cell current.
func (t *teleport) enter(c teleportCell) {
	if t.cur != nil && t.cell == c {
		return
	}
	t.cell, t.cur = c, t.counts[c]
	if t.cur == nil {
		t.cur = &teleportCount{}
		t.counts[c] = t.cur
	}
}

// counted reports that the device is known from an earlier day, or not named.
func (t *teleport) counted(c signin.Code, d int32) bool {
	if c == 0 {
		return true
	}
	if int(c) >= len(t.devices) {
		n := int(c) + 1
		t.devices = append(t.devices, make([]deviceDay, n-len(t.devices)+n/2)...)
	}
	v := &t.devices[c]
	if v.gen != t.gen {
		*v = deviceDay{t.gen, d}
		return false
	}
	return d > v.first
}

// pair compares the row with the last one of the same device and operator.
func (t *teleport) pair(s *Sighting, key uint64, d int32) {
	r := s.Row
	c := r.C[signin.DimDevice]
	l := latest(t.last[:], &t.lasts, func(l *lastSeen) bool { return l.key == key && l.device == c })
	if l.time != 0 && r.Time-l.time < signin.Day {
		jump := jumped(l, r)
		t.enter(teleportCell{key, d})
		t.count(c == 0, jump, jump && l.country != r.C[signin.DimCountry])
		if jump && c == 0 {
			t.jumper(key, s.Person, d)
		}
	}
	*l = lastSeen{key, c, r.C[signin.DimCountry], r.Lat, r.Lon, r.Time}
}

// jumped reports a pair that no journey explains, with 120 km of error allowed
// for both positions together and a flight at 1,000 km/h after 45 minutes.
func jumped(l *lastSeen, r *signin.Row) bool {
	if surelyWithin(l.lat, l.lon, r.Lat, r.Lon, 220) {
		return false
	}
	km := Distance(l.lat, l.lon, r.Lat, r.Lon) - 120
	minutes := km / 1000 * 60
	if km > 300 {
		minutes += 45
	}
	return km >= 100 && float64(r.Time-l.time)/float64(signin.Minute)+2 < minutes
}

func (t *teleport) count(silent, jump, abroad bool) {
	t.cur.abroad += uint32(btoi(abroad)) //nolint:gosec // 0 or 1
	if silent {
		t.cur.silentPairs++
		t.cur.silentJumps += uint32(btoi(jump)) //nolint:gosec // 0 or 1
		return
	}
	t.cur.pairs++
	t.cur.jumps += uint32(btoi(jump)) //nolint:gosec // 0 or 1
}

// observeLand notes the country an operator was seen in.
func (t *teleport) observeLand(r *signin.Row, d int32) {
	c := r.C[signin.DimCountry]
	if c == 0 {
		return
	}
	if r.ASN != t.landASN || c != t.landCode {
		t.landASN, t.landCode = r.ASN, c
		t.land = operatorLand{r.ASN, landOf(t.sym.Text(r, signin.DimCountry))}
	}
	if first, ok := t.lands[t.land]; t.land.country != 0 && (!ok || d < first) {
		t.lands[t.land] = d
	}
}

// landOf packs an ISO code of two letters; 0 for anything else.
func landOf(s string) uint16 {
	if len(s) != 2 {
		return 0
	}
	s = strings.ToUpper(s)
	return uint16(s[0])<<8 | uint16(s[1])
}

func (t *teleport) Merge(other Survey) {
	o := other.(*teleport)
	for c, n := range o.counts {
		t.cur = nil
		m := t.counts[c]
		if m == nil {
			t.counts[c] = n
			continue
		}
		m.add(n)
	}
	for j, d := range o.jumpers {
		if first, ok := t.jumpers[j]; !ok || d < first {
			t.jumpers[j] = d
		}
	}
	for l, d := range o.lands {
		if first, ok := t.lands[l]; !ok || d < first {
			t.lands[l] = d
		}
	}
	if o.cityDay != 0 && (t.cityDay == 0 || o.cityDay < t.cityDay) {
		t.cityDay = o.cityDay
	}
}

func (t *teleport) Seal() {
	roles := map[uint64][]teleportDay{}
	for c, n := range t.counts {
		roles[c.key] = append(roles[c.key], teleportDay{day: c.day, teleportCount: *n})
	}
	for j, d := range t.jumpers { // the day has a cell: the jump was counted in it
		days := roles[j.key&^crossKey]
		for i := range days {
			if days[i].day != d {
				continue
			}
			if j.key&crossKey != 0 {
				days[i].crossers++
			} else {
				days[i].people++
			}
		}
	}
	for _, days := range roles { // each by itself
		slices.SortFunc(days, func(a, b teleportDay) int { return cmp.Compare(a.day, b.day) })
		for i := 1; i < len(days); i++ {
			a, b := &days[i-1], &days[i]
			b.add(&a.teleportCount)
			b.people += a.people
			b.crossers += a.crossers
		}
	}
	countries := map[uint32][]landDay{}
	for l, d := range t.lands {
		countries[l.asn] = append(countries[l.asn], landDay{l.country, d})
	}
	for _, l := range countries {
		slices.SortFunc(l, func(a, b landDay) int {
			return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.country, b.country))
		})
	}
	*t = teleport{cfg: t.cfg, cityDay: t.cityDay, roles: roles, countries: countries}
}
