package risk

import (
	"cmp"
	"maps"
	"slices"

	"frisk/internal/signin"
)

// deviceUse is one person's first accepted sign-in on a device.
type deviceUse struct {
	first   signin.Time
	person  uint64
	country uint32      // hash; 0 = not said, or an address that does not locate
	managed signin.Time // first use while compliant, at a trusted location or on a corporate network; 0 = none
}

// deviceUses is how many people of one device are kept, the first ones: more
// than any threshold asks for.
const deviceUses = 16

func compareUses(a, b deviceUse) int {
	return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.person, b.person))
}

// severalUses are the first people of a device, by first use.
type severalUses struct {
	uses    []deviceUse
	managed signin.Time // first such use by anybody, kept or not; 0 = none
}

// deviceSurvey is who used which device first when. Memory is one deviceUse per
// distinct device, and up to deviceUses for those with several people.
type deviceSurvey struct {
	cfg     *Config
	sym     *signin.Symbols
	hash    byCode[uint64]
	country byCode[uint32]
	class   byCode[Class]
	trusted byCode[bool]
	one     map[uint64]deviceUse
	more    map[uint64]*severalUses
	words   map[uint32]string // countries
	shared  map[uint64]*sharedDevice
	several map[uint64]uint8 // after Seal: devices of few people, see Networks.DevicePeople
	last    deviceSight
}

// deviceSight is what repeats from row to row.
type deviceSight struct {
	person          uint64
	device, country signin.Code
	network, named  signin.Code
	compliant       signin.Truth
}

// sharedDevice is a device that signed in many people from several countries.
type sharedDevice struct {
	from, until signin.Time // first use by the first of them, and window after that of the last
	known       signin.Time // end of the day on which it became evident
	people      int
	countries   string
	managed     signin.Time // end of the day of the first managed use; 0 = none
}

var _ = registerSurvey("shared-device",
	signin.NeedDims(signin.DimDevice, signin.DimCountry, signin.DimNetwork, signin.DimNamedLocations),
	func(c *Config) Survey { return newDeviceSurvey(c) })

func newDeviceSurvey(c *Config) *deviceSurvey {
	d := &deviceSurvey{cfg: c, one: map[uint64]deviceUse{}, more: map[uint64]*severalUses{}, words: map[uint32]string{}}
	d.hash.of = signin.IDHash
	d.class.of, d.trusted.of = classOf, trustedOf
	d.country.of = func(s string) uint32 {
		if s == "" {
			return 0
		}
		h := uint32(signin.IDHash(s)) //nolint:gosec // folded on purpose
		d.words[h] = s
		return h
	}
	return d
}

func (d *deviceSurvey) Use(sym *signin.Symbols) {
	d.sym, d.last = sym, deviceSight{}
	d.hash.vals, d.country.vals, d.class.vals, d.trusted.vals = d.hash.vals[:0], d.country.vals[:0], d.class.vals[:0], d.trusted.vals[:0]
}

func (d *deviceSurvey) Observe(s *Sighting) {
	r := s.Row
	dev := r.C[signin.DimDevice]
	if s.First {
		d.last = deviceSight{}
	}
	if s.Refused || dev == 0 {
		return
	}
	sight := deviceSight{s.Person, dev, r.C[signin.DimCountry], r.C[signin.DimNetwork], r.C[signin.DimNamedLocations], r.Compliant()}
	if sight == d.last {
		return // rows of one person come in order: this one adds nothing
	}
	d.last = sight
	key := d.hash.get(d.sym[signin.DimDevice], dev)
	if key == 0 {
		return
	}
	u := deviceUse{first: r.Time, person: s.Person, country: d.country.get(d.sym[signin.DimCountry], sight.country)}
	class := d.class.get(d.sym[signin.DimNetwork], sight.network)
	if class&NonLocating != 0 {
		u.country = 0
	}
	if sight.compliant == signin.True || class&Corporate != 0 || d.trusted.get(d.sym[signin.DimNamedLocations], sight.named) {
		u.managed = r.Time
	}
	d.add(key, u)
}

// add counts a use; the order of calls does not matter.
func (d *deviceSurvey) add(key uint64, u deviceUse) {
	if m := d.more[key]; m != nil {
		m.add(u)
		return
	}
	was, ok := d.one[key]
	switch {
	case !ok:
		d.one[key] = u
	case was.person == u.person:
		if now := joinUse(was, u); now != was {
			d.one[key] = now
		}
	default:
		delete(d.one, key)
		m := &severalUses{}
		m.add(was)
		m.add(u)
		d.more[key] = m
	}
}

func joinUse(a, b deviceUse) deviceUse {
	if b.first < a.first || b.first == a.first && b.country > a.country {
		a, b = b, a
	}
	a.managed = earlier(a.managed, b.managed)
	return a
}

// earlier is the earlier of two times, 0 being none.
func earlier(a, b signin.Time) signin.Time {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// add keeps the first deviceUses people by first use. What is left out can only
// come back earlier than it was, so the order of calls does not matter.
func (m *severalUses) add(u deviceUse) {
	m.managed = earlier(m.managed, u.managed)
	i := slices.IndexFunc(m.uses, func(o deviceUse) bool { return o.person == u.person })
	if i >= 0 {
		m.uses[i] = joinUse(m.uses[i], u)
	} else {
		m.uses = append(m.uses, u)
	}
	slices.SortFunc(m.uses, compareUses)
	m.uses = m.uses[:min(len(m.uses), deviceUses)]
}

func (d *deviceSurvey) Merge(other Survey) {
	o, ok := other.(*deviceSurvey)
	if !ok {
		return
	}
	for k, u := range o.one {
		d.add(k, u)
	}
	for k, m := range o.more {
		for _, u := range m.uses {
			d.add(k, u)
		}
		d.more[k].managed = earlier(d.more[k].managed, m.managed)
	}
	maps.Copy(d.words, o.words)
}

// Seal keeps the suspicious devices and forgets all others.
func (d *deviceSurvey) Seal() {
	d.shared = map[uint64]*sharedDevice{}
	for k, m := range d.more {
		if s := d.judge(m.uses); s != nil {
			if m.managed != 0 {
				s.managed = signin.Time(day(m.managed)+1) * signin.Day
			}
			d.shared[k] = s
		}
	}
	d.several = fewPeople(d.more)
	d.one, d.more = nil, nil
}

// judge looks for enough people from enough countries, first seen within
// shared.window; nil when there is no such time. uses are by time.
func (d *deviceSurvey) judge(uses []deviceUse) *sharedDevice {
	window := hours(24 * d.cfg.SharedDays)
	lo := 0
	for hi := range uses {
		for uses[hi].first-uses[lo].first > window {
			lo++
		}
		in := uses[lo : hi+1]
		if float64(len(in)) < d.cfg.SharedPeople || float64(d.countries(in)) < d.cfg.SharedCountries {
			continue
		}
		last := hi
		for last+1 < len(uses) && uses[last+1].first-uses[last].first <= window {
			last++
		}
		all := uses[lo : last+1]
		return &sharedDevice{
			from: all[0].first, until: all[len(all)-1].first + window, known: signin.Time(day(uses[hi].first)+1) * signin.Day,
			people: len(all), countries: d.countryText(all),
		}
	}
	return nil
}

func (d *deviceSurvey) countries(uses []deviceUse) int {
	n := 0
	for i, u := range uses {
		n += btoi(u.country != 0 && !slices.ContainsFunc(uses[:i], func(o deviceUse) bool { return o.country == u.country }))
	}
	return n
}

func (d *deviceSurvey) countryText(uses []deviceUse) string {
	var names []string
	for _, u := range uses {
		if w := d.words[u.country]; w != "" {
			names = append(names, w)
		}
	}
	slices.Sort(names)
	return joinWords(slices.Compact(names))
}

// of is what is held against a device by its id; nil for nothing.
func (d *deviceSurvey) of(id string) *sharedDevice {
	if d == nil {
		return nil
	}
	return d.shared[signin.IDHash(id)]
}
