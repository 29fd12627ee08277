package risk

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"frisk/internal/signin"
)

var _ = registerSurvey("token-services", signin.NeedDims(signin.DimUserAgent),
	func(*Config) Survey { return &serviceSurvey{seen: map[serviceKey]*service{}} })

// renewals is a survey that also wants the token renewals of people that were let in.
type renewals interface {
	renewal(r *signin.Row, person uint64)
}

// serviceKey is a kind of client at an operator.
type serviceKey struct {
	asn  uint32
	kind uint64
}

// maxServicePeople is how many people of a service are remembered, those seen
// first: replay.service-people may ask for no more.
const maxServicePeople = 16

// service is who a kind of client at one operator renews tokens for.
type service struct {
	people      []servicePerson // by first day and person, without repeats
	first, last int32           // days
}

type servicePerson struct {
	day    int32
	person uint64
}

func (a servicePerson) compare(b servicePerson) int {
	return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.person, b.person))
}

// serviceSurvey knows clouds that act for people. A service that a person lets work
// for them (a notebook, a build, an assistant) renews their tokens from its own
// data centre with its own client, which looks like a stolen token in every single
// case; that it does so for many people, for weeks, is what tells them apart
// (reference, detection 1.3: non-interactive refresh from cloud hosts). Browsers
// are left out: they are nobody's service.
type serviceSurvey struct {
	seen map[serviceKey]*service
	sym  *signin.Symbols
	kind byCode[uint64]
}

// clientKind is a hash of a user agent without its digits, dots and spaces; 0 for
// one that is empty or claims to be a browser.
func clientKind(agent string) uint64 {
	if agent == "" || strings.HasPrefix(foldASCII(agent), "mozilla/") {
		return 0
	}
	h := fnv.New64a()
	for i := range len(agent) {
		if c := agent[i]; (c < '0' || c > '9') && c != '.' && c != ' ' {
			h.Write([]byte{c})
		}
	}
	return h.Sum64()
}

// Use implements Survey.
func (w *serviceSurvey) Use(sym *signin.Symbols) { w.sym, w.kind = sym, byCode[uint64]{of: clientKind} }

// Observe implements Survey: rows with somebody in front are no service's.
func (w *serviceSurvey) Observe(*Sighting) {}

func (w *serviceSurvey) renewal(r *signin.Row, person uint64) {
	if r.ASN == 0 || r.C[signin.DimUserAgent] == 0 || r.Stream() != signin.NonInteractive || r.Outcome() != signin.Success {
		return
	}
	if k := w.kind.get(w.sym[signin.DimUserAgent], r.C[signin.DimUserAgent]); k != 0 {
		d := day(r.Time)
		w.at(serviceKey{r.ASN, k}).add(servicePerson{d, person}, d, d)
	}
}

func (w *serviceSurvey) at(k serviceKey) *service {
	s := w.seen[k]
	if s == nil {
		s = &service{}
		w.seen[k] = s
	}
	return s
}

// add takes a person's day and widens the span to first and last. What is kept is
// the same in whatever order days come.
func (s *service) add(p servicePerson, first, last int32) {
	if s.first == 0 || first < s.first {
		s.first = first
	}
	s.last = max(s.last, last)
	if i := slices.IndexFunc(s.people, func(o servicePerson) bool { return o.person == p.person }); i >= 0 {
		if s.people[i].day <= p.day {
			return
		}
		s.people = slices.Delete(s.people, i, i+1)
	}
	i, _ := slices.BinarySearchFunc(s.people, p, servicePerson.compare)
	if i == maxServicePeople {
		return
	}
	s.people = slices.Insert(s.people, i, p)
	s.people = s.people[:min(len(s.people), maxServicePeople)]
}

// Merge implements Survey.
func (w *serviceSurvey) Merge(other Survey) {
	for k, o := range other.(*serviceSurvey).seen { // each by itself
		s := w.at(k)
		for _, p := range o.people {
			s.add(p, o.first, o.last)
		}
	}
}

// Seal implements Survey.
func (w *serviceSurvey) Seal() { w.sym = nil }

// of says whether a client at an operator is a service: ever, and as known before
// day d. A service ever known is one from then on. people is how many it acts for,
// up to maxServicePeople.
func (w *serviceSurvey) of(cfg *Config, asn uint32, agent string, d int32) (ever, before bool, people int) {
	if w == nil {
		return false, false, 0
	}
	s := w.seen[serviceKey{asn, clientKind(agent)}]
	if s == nil || len(s.people) < int(cfg.ServicePeople) {
		return false, false, 0
	}
	span := int32(cfg.ServiceDays)
	enough := s.people[int(cfg.ServicePeople)-1].day
	return s.last-s.first >= span, enough < d && d-1-s.first >= span && s.last-s.first >= span, len(s.people)
}
