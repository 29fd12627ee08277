package replay

import (
	"frisk/internal/signin"
)

// keys numbers what a person's clocks belong to. A session is a device or a
// browser. In it, each app is a clock of its own unless the log shows that it
// shares one: rows of one sessionId come from one root authentication, and on a
// joined device every app that comes with the primary refresh token lives on that
// token (reference 1.10 and 2.1). The high world has one clock for what is proved
// to share, the low one joins all of a session but native apps that are proved
// to have a root authentication each.
type keys struct {
	session, app idTable
	owner        []int32 // by app: its session
	web          []bool  // by app: it is used in a browser
	prt          []int32 // by session: an app that came with its primary refresh token, -1 = none
	sids         idTable // sessionId in a session
	spans        []span
	linked       bool
	parent       []int32 // by app: union-find
	clock        []int32 // by app that is a root: its clock
	low          []int32 // by clock: its group of the low world
	of           []int32 // by clock: its session
	groups       int
	reach        []int32 // by clock: the last row of any of its sessionIds so far
	apart        []uint64
	members      []lowGroup // the low groups of native clocks
}

// span is where one sessionId is seen in one session.
type span struct{ app, first, last int32 }

// lowGroup is one low group: whose, and which clocks.
type lowGroup struct {
	session, n int32
	clocks     uint64
}

func (k *keys) reset() {
	k.session.reset()
	k.app.reset()
	k.sids.reset()
	k.owner, k.web, k.prt, k.spans = k.owner[:0], k.web[:0], k.prt[:0], k.spans[:0]
	k.parent = k.parent[:0]
	k.linked = false
}

func (k *keys) sessions() int { return len(k.prt) }

// of numbers the session a row belongs to: the device where a primary refresh
// token is possible; else the browser on its device or operating system, with
// native apps together, since those two never share a token; else the user
// agent. app is that and the app in it.
func (k *keys) number(t *tables, r *signin.Row, web, share bool) (session, app int32, joined bool) {
	joined = r.Trust() == signin.AzureAD || r.Trust() == signin.ServerAD
	device := uint64(r.C[signin.DimDevice])
	br := uint64(*t.family[1].get(t.sym[signin.DimBrowser], r.C[signin.DimBrowser])) & 0xffff
	var id uint64
	switch {
	case device != 0 && joined:
		id = 1<<62 | device
	case device != 0:
		id = 1<<63 | device
	default:
		id = uint64(*t.family[0].get(t.sym[signin.DimOS], r.C[signin.DimOS]))
		if id == 0 && br == 0 {
			id = 1<<61 | uint64(*t.family[2].get(t.sym[signin.DimUserAgent], r.C[signin.DimUserAgent]))
		}
	}
	if web && !joined {
		id |= 1<<60 | br<<40
	}
	s, known := k.session.at(id, int32(len(k.prt))) //nolint:gosec // sessions of one person
	if !known {
		k.prt = append(k.prt, -1)
	}
	session = *s
	code := uint64(r.C[signin.DimApp])
	if share {
		code = 0
	}
	a, known := k.app.at(uint64(session)<<32|code, int32(len(k.owner))) //nolint:gosec // not negative
	if !known {
		k.owner = append(k.owner, session)
		k.web = append(k.web, web)
		k.parent = append(k.parent, *a)
	}
	return session, *a, joined
}

// note takes in what row i proves about its app: the sessionId it came with, and
// whether it lives on the device's primary refresh token. A refused attempt has a
// sessionId of its own that no session came of, so only rows that passed, or whose
// token was too old, count.
func (k *keys) note(r *signin.Row, f *rowFact, i int32) {
	if f.flag&(token|device) == token|device {
		if first := &k.prt[f.key]; *first < 0 {
			*first = f.clock
		} else {
			k.join(*first, f.clock)
		}
	}
	if r.Session == 0 || r.Outcome() != signin.Success && r.Reason() != signin.SignInFrequency {
		return
	}
	n, known := k.sids.at(r.Session^spread(uint64(f.key)+1), int32(len(k.spans))) //nolint:gosec // not negative
	if !known {
		k.spans = append(k.spans, span{f.clock, i, i})
		return
	}
	s := &k.spans[*n]
	s.last = i
	k.join(s.app, f.clock)
}

func (k *keys) root(a int32) int32 {
	for k.parent[a] != a {
		k.parent[a] = k.parent[k.parent[a]]
		a = k.parent[a]
	}
	return a
}

func (k *keys) join(a, b int32) {
	if a == b {
		return
	}
	if a, b = k.root(a), k.root(b); a != b {
		k.linked = true
		k.parent[max(a, b)] = min(a, b)
	}
}

// settle numbers the clocks and low groups and writes them into the facts, whose
// clock is the app until then.
func (k *keys) settle(facts []rowFact) {
	k.clock = resize(k.clock, len(k.owner))
	k.of = k.of[:0]
	for a := range k.owner {
		if root := k.root(int32(a)); int(root) == a { //nolint:gosec // apps of one person
			k.clock[a] = int32(len(k.of)) //nolint:gosec // same
			k.of = append(k.of, k.owner[a])
		} else {
			k.clock[a] = k.clock[root] // roots come first
			k.web[root] = k.web[root] || k.web[a]
		}
	}
	split := k.group()
	if !k.linked && !split {
		return // every app a clock, every session a group
	}
	for i := range facts {
		if f := &facts[i]; f.key >= 0 {
			f.clock = k.clock[f.clock]
			f.low = k.low[f.clock]
		}
	}
}

// group finds the clocks of the low world. Native apps of one session with
// sessionIds in use at the same time do not share a token; each joins the first
// group of apps that it may share with. A browser is one cookie, whose
// applications keep the sessionId they began with, so it stays together.
func (k *keys) group() (split bool) {
	k.groups = k.sessions()
	k.low = k.low[:0]
	k.low = append(k.low, k.of...)
	if len(k.of) > 64 || len(k.spans) < 2 {
		return false
	}
	k.reach, k.apart = resize(k.reach, len(k.of)), resize(k.apart, len(k.of))
	some := false
	for i := range k.spans {
		s := &k.spans[i]
		b := k.clock[s.app]
		if k.web[k.root(s.app)] {
			continue
		}
		for a := range k.of {
			if k.of[a] == k.of[b] && int32(a) != b && k.reach[a] > s.first { //nolint:gosec // at most 64
				k.apart[a] |= 1 << b
				k.apart[b] |= 1 << a
				some = true
			}
		}
		k.reach[b] = max(k.reach[b], s.last)
	}
	if !some {
		return false
	}
	k.members = k.members[:0]
next:
	for c, session := range k.of {
		n := session // the session's own number for its first group
		for g := range k.members {
			m := &k.members[g]
			if m.session != session {
				continue
			}
			if m.clocks&k.apart[c] == 0 {
				m.clocks |= 1 << c
				k.low[c] = m.n
				continue next
			}
			n = int32(k.groups) //nolint:gosec // at most 64 more than sessions
		}
		if n != session {
			k.groups++
		}
		k.members = append(k.members, lowGroup{session, n, 1 << c})
		k.low[c] = n
	}
	return true
}
