package replay

import (
	"net/netip"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Learner reads facts out of the recorded evaluations: what a policy's
// conditions said at the time proves who was in which group or role, which
// resources belong to an app group, and which addresses were trusted (reference
// 2.4). It is for the first phase: one per worker, a person at a time.
//
// A fact is taken only where nothing else could have made the recorded answer: a
// version of the policy is known for the time and was not edited within the day,
// no other entry of the list could be the reason, and the rules of the log, where
// it has them, agree. Facts about people that the directory says as well are
// counted and dropped.
type Learner struct {
	sym      *signin.Symbols
	dir      *directory.Directory
	policies []*policy.Policy
	epochs   []signin.Time
	lists    byCode[[]evaluation]
	proofs   map[proofKey][]proof
	audience byCode[string]
	subjects []subject // groups and roles of the set
	index    map[subject]int32
	trusted  []netip.Prefix // today's

	runs  [][]MemberFact // by subject, of the person at hand
	out   Learned
	apps  map[bundleKey]*BundleFact
	place map[string][]PlaceFact
	known map[signin.Code]signin.Truth // whether today's ranges hold an address
}

// subject is a group or a role.
type subject struct {
	id   string
	role bool
}

type proofKey struct {
	list signin.Code
	span int32
}

type bundleKey struct{ bundle, app string }

// LearnerNeed is the columns a Learner reads.
func LearnerNeed() signin.Need {
	return signin.NeedDims(signin.DimPolicies, signin.DimResource, signin.DimApp, signin.DimAudiences, signin.DimClient, signin.DimIP, signin.DimPrincipal)
}

// NewLearner learns from evaluations of set, the current policies, in rows whose
// codes are sym's. dir is what is known already; nil knows nothing.
func NewLearner(set *policy.Set, dir *directory.Directory, sym *signin.Symbols) *Learner {
	l := &Learner{
		sym: sym, dir: dir, proofs: map[proofKey][]proof{}, index: map[subject]int32{},
		apps: map[bundleKey]*BundleFact{}, place: map[string][]PlaceFact{}, known: map[signin.Code]signin.Truth{},
	}
	if set != nil {
		l.policies = set.Policies
		for _, n := range set.Locations {
			for _, text := range n.Ranges {
				if p, err := netip.ParsePrefix(text); err == nil && n.Trusted {
					l.trusted = append(l.trusted, p.Masked())
				}
			}
		}
	}
	l.epochs = epochs(l.policies)
	x := newIndex(l.policies)
	l.lists.of = x.evaluationsOf
	l.audience.of = func(s string) string {
		list, err := signin.DecodeList[string](signin.List(s))
		if err != nil || len(list) > 1 {
			return severalAudiences
		}
		return strings.ToLower(strings.Join(list, ""))
	}
	return l
}

// severalAudiences stands for a list that does not name one resource.
const severalAudiences = "*"

// Person learns from one person's rows, in time order.
func (l *Learner) Person(h History) {
	if len(l.policies) == 0 || len(h.Rows) == 0 {
		return
	}
	user := strings.ToLower(h.Principal)
	if name, ok := strings.CutPrefix(user, signin.NamePrefix); ok {
		user = l.dir.UserByName(name)
	}
	for i := range h.Rows {
		r := &h.Rows[i]
		code := r.C[signin.DimPolicies]
		if code == 0 {
			continue
		}
		k := proofKey{code, epochAt(l.epochs, r.Time)}
		ps, ok := l.proofs[k]
		if !ok {
			ps = l.prove(*l.lists.get(l.sym[signin.DimPolicies], code), r.Time)
			l.proofs[k] = ps
		}
		for n := range ps {
			p := &ps[n]
			switch {
			case p.bundle != "":
				l.learnApp(r, p)
			case p.place:
				l.learnPlace(r, p.holds)
			case user != "":
				l.learnMember(r, p)
			}
		}
	}
	l.settle(user)
}

// memberGap is the silence over which two equal proofs still make one fact: as
// long as directory.WithWitnesses lets them vouch for each other.
const memberGap = signin.Day

func (l *Learner) learnMember(r *signin.Row, p *proof) {
	for len(l.runs) <= int(p.subject) {
		l.runs = append(l.runs, nil)
	}
	run := l.runs[p.subject]
	if n := len(run) - 1; n >= 0 && run[n].Member == p.holds && r.Time-run[n].Until <= memberGap {
		run[n].Until = r.Time
		run[n].Rows++
		return
	}
	l.runs[p.subject] = append(run, MemberFact{Member: p.holds, From: r.Time, Until: r.Time, Rows: 1})
}

// settle closes a person: proofs that all say what the directory says are only counted.
func (l *Learner) settle(user string) {
	for n, run := range l.runs {
		if len(run) == 0 {
			continue
		}
		s := l.subjects[n]
		news := false
		for k := range run {
			news = news || !l.says(user, s, run[k].From, run[k].Member) || !l.says(user, s, run[k].Until, run[k].Member)
		}
		if news {
			for _, f := range run {
				f.Person = user
				if s.role {
					f.Role = s.id
				} else {
					f.Group = s.id
				}
				l.out.Members = append(l.out.Members, f)
			}
		} else {
			l.out.Confirmed++
		}
		l.runs[n] = run[:0]
	}
}

func (l *Learner) says(user string, s subject, at signin.Time, holds bool) bool {
	ask := l.dir.Member
	if s.role {
		ask = l.dir.HasRole
	}
	return ask(user, s.id, at) == signin.TruthOf(holds)
}

// learnApp takes in that the row's target is, or is not, in an app group. A web
// app is a target beside the resource, and so is every recorded audience: only a
// row with one target proves what holds for one of them (see proof.every).
func (l *Learner) learnApp(r *signin.Row, p *proof) {
	resource := strings.ToLower(l.sym.Text(r, signin.DimResource))
	if resource == "" || p.narrow && lowPrivilegeApp(resource) {
		return
	}
	audience := *l.audience.get(l.sym[signin.DimAudiences], r.C[signin.DimAudiences])
	app := strings.ToLower(l.sym.Text(r, signin.DimApp))
	web := clientOf(l.sym.Text(r, signin.DimClient))
	one := audience == resource || audience == "" && (web == clientNative || web == clientLegacy || app == resource)
	if !p.every && !one || strings.EqualFold(p.bundle, bundleNames[1]) && web != clientBrowser || !p.holds && p.listed(resource) {
		return
	}
	k := bundleKey{p.bundle, resource}
	f := l.apps[k]
	if f == nil {
		f = &BundleFact{Bundle: p.bundle, App: resource}
		l.apps[k] = f
	}
	f.add(r, p.holds)
}

// lowPrivilegeApp: the resources whose requests the rule before the 2026 change
// could skip (reference 1.5).
func lowPrivilegeApp(id string) bool {
	return id == "00000002-0000-0000-c000-000000000000" || id == "00000003-0000-0000-c000-000000000000"
}

// learnPlace takes in that an address was trusted or not, where today's ranges say otherwise.
func (l *Learner) learnPlace(r *signin.Row, trusted bool) {
	code := r.C[signin.DimIP]
	now, ok := l.known[code]
	if !ok {
		now = l.today(l.sym.Text(r, signin.DimIP))
		l.known[code] = now
	}
	if now == signin.Unknown || now == signin.TruthOf(trusted) {
		return
	}
	ip := l.sym.Text(r, signin.DimIP)
	list := l.place[ip]
	if len(list) == 0 {
		l.place[ip] = []PlaceFact{{Address: ip, Trusted: trusted, From: r.Time, Until: r.Time, Rows: 1, Example: r.Ref, At: r.Time}}
		return
	}
	list[0].join(&PlaceFact{From: r.Time, Until: r.Time, Rows: 1, Example: r.Ref, At: r.Time})
}

func (l *Learner) today(ip string) signin.Truth {
	a, err := netip.ParseAddr(ip)
	if err != nil || len(l.trusted) == 0 {
		return signin.Unknown
	}
	a = a.Unmap().WithZone("")
	for _, p := range l.trusted {
		if p.Contains(a) {
			return signin.True
		}
	}
	return signin.False
}

func (l *Learner) subject(id string, role bool) int32 {
	s := subject{id, role}
	n, ok := l.index[s]
	if !ok {
		n = int32(len(l.subjects)) //nolint:gosec // groups of a policy set
		l.subjects, l.index[s] = append(l.subjects, s), n
	}
	return n
}
