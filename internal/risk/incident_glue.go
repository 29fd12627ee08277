package risk

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// gluing finds which findings belong together: a union-find over their indices.
type gluing struct {
	fs     []Finding
	c      *IncidentContext
	span   signin.Time
	order  []int // indices by time, detector, person and event id
	from   []signin.Time
	until  []signin.Time
	parent []int
}

func newGluing(fs []Finding, c *IncidentContext) *gluing {
	g := &gluing{
		fs: fs, c: c, span: hours(c.Config.IncidentSpanHours),
		order: make([]int, len(fs)), parent: make([]int, len(fs)),
		from: make([]signin.Time, len(fs)), until: make([]signin.Time, len(fs)),
	}
	for i := range fs {
		g.order[i], g.parent[i] = i, i
		g.from[i], g.until[i] = g.extent(&fs[i])
	}
	slices.SortStableFunc(g.order, func(a, b int) int {
		x, y := &fs[a], &fs[b]
		return cmp.Or(
			cmp.Compare(x.Time, y.Time), strings.Compare(x.Detector, y.Detector), strings.Compare(x.Person, y.Person),
			strings.Compare(g.eventID(x.Subject), g.eventID(y.Subject)), strings.Compare(x.Suppressed, y.Suppressed),
		)
	})
	return g
}

func (g *gluing) event(r signin.Ref) *signin.Event {
	if g.c.Event == nil {
		return nil
	}
	return g.c.Event(r)
}

func (g *gluing) eventID(r signin.Ref) string {
	if e := g.event(r); e != nil {
		return e.ID
	}
	return ""
}

// extent is the time a finding covers: its attack, for one about a source; its
// sign-ins, for one about a person.
func (g *gluing) extent(f *Finding) (from, until signin.Time) {
	from, until = f.Time, f.Time
	if f.Person == "" && f.Window != nil {
		return f.Window.From, f.Window.Until
	}
	for _, r := range f.Events {
		if e := g.event(r); e != nil {
			from, until = min(from, e.Time), max(until, e.Time)
		}
	}
	return from, until
}

func (g *gluing) root(i int) int {
	for g.parent[i] != i {
		g.parent[i] = g.parent[g.parent[i]]
		i = g.parent[i]
	}
	return i
}

func (g *gluing) unite(a, b int) {
	if a, b = g.root(a), g.root(b); a != b {
		g.parent[max(a, b)] = min(a, b)
	}
}

// join unites weighty findings by person, attack and attacker's key.
func (g *gluing) join() {
	people, windows, keys := map[string][]int{}, map[*AttackWindow]int{}, map[glueKey][]int{}
	for _, i := range g.order {
		f := &g.fs[i]
		if !weighty(f) {
			continue
		}
		if f.Person != "" {
			people[f.Person] = append(people[f.Person], i)
		}
		if f.Window != nil {
			if first, ok := windows[f.Window]; ok {
				g.unite(first, i)
			} else {
				windows[f.Window] = i
			}
		}
		for _, k := range g.keysOf(f) {
			if at := keys[k]; len(at) == 0 || at[len(at)-1] != i {
				keys[k] = append(at, i)
			}
		}
	}
	for _, list := range people {
		g.chain(list)
	}
	pure := g.purity(keys)
	for k, list := range keys {
		if pure(k) {
			g.chain(list)
		}
	}
}

// chain unites neighbours in time that are at most the span apart.
func (g *gluing) chain(list []int) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(g.from[a], g.from[b]) })
	last, end := -1, signin.Time(0)
	for _, i := range list {
		if last >= 0 && g.from[i]-end <= g.span {
			g.unite(last, i)
		}
		if last < 0 || g.until[i] > end {
			end = g.until[i]
		}
		last = i
	}
}

// glueKey is something of the attacker's that two findings may share; one of
// the fields is set.
type glueKey struct {
	addr                   netip.Addr
	net                    netip.Prefix
	asn                    uint32 // alone, or with an agent: one tool may serve many attackers
	agent, session, device string
}

// keysOf lists the attacker's keys of a finding: of the source, for an attack;
// of the row to blame, for one about a person. Rows at a trusted location or on a
// corporate network are the organisation's, whoever sat there.
func (g *gluing) keysOf(f *Finding) []glueKey {
	if !f.Attack {
		return nil
	}
	var out []glueKey
	if w := f.Window; w != nil && f.Person == "" {
		switch {
		case w.ASN != 0:
			out = append(out, glueKey{asn: w.ASN})
		case w.Wide():
			out = append(out, glueKey{agent: w.Agent})
		case w.Source.IsSingleIP():
			out = append(out, glueKey{addr: w.Source.Addr()})
			if e := g.event(f.Subject); e != nil && !forRent(e) {
				out = append(out, glueKey{net: networkOf(w.Source.Addr())})
			}
		default:
			out = append(out, glueKey{net: w.Source})
		}
	}
	e := g.event(f.Subject)
	if e == nil || atHome(e) {
		return out
	}
	if a := e.Source.IP; a.IsValid() && f.Person != "" {
		out = append(out, glueKey{addr: a})
		if !forRent(e) {
			out = append(out, glueKey{net: networkOf(a)})
		}
	}
	if e.UserAgent != "" && e.ASN != 0 && len(e.UserAgent) <= agentText {
		out = append(out, glueKey{agent: e.UserAgent, asn: e.ASN})
	}
	if f.Person != "" && len(e.Session) >= glueID {
		out = append(out, glueKey{session: e.Provider + " " + e.Session})
	}
	if f.Person != "" && len(e.Device.ID) >= glueID && e.Device.Compliant != signin.True {
		out = append(out, glueKey{device: e.Device.ID})
	}
	return out
}

// glueID is the shortest session or device id that joins: systems that number
// their sessions from one share them by chance.
const glueID = 8

// forRent: neighbours in a network for rent are other customers, not one party.
func forRent(e *signin.Event) bool {
	return classOf(string(e.Network))&(Datacenter|Anonymiser) != 0
}

func atHome(e *signin.Event) bool {
	return trustedOf(string(e.NamedLocations)) || classOf(string(e.Network))&Corporate != 0
}

// sameSource reports that e came from where the subject of f did.
func (g *gluing) sameSource(f *Finding, e *signin.Event) bool {
	s := g.event(f.Subject)
	return s != nil && s.Source.IP.IsValid() && s.Source.IP == e.Source.IP
}

// purity says of addresses, networks and agents whether findings hold most of
// what was accepted with them; sessions and devices are one party's anyway.
func (g *gluing) purity(keys map[glueKey][]int) func(glueKey) bool {
	held := map[glueKey]map[signin.Ref]bool{}
	for _, i := range g.order {
		f := &g.fs[i]
		if !weighty(f) || !f.Attack || f.Person == "" {
			continue
		}
		for _, r := range append([]signin.Ref{f.Subject}, f.Events...) {
			e := g.event(r)
			if e == nil || !g.sameSource(f, e) || e.Outcome != signin.Success && !acceptedReasons[e.Reason] {
				continue
			}
			for _, k := range []glueKey{{addr: e.Source.IP}, {net: networkOf(e.Source.IP)}, {agent: e.UserAgent, asn: e.ASN}} {
				if keys[k] == nil {
					continue
				}
				if held[k] == nil {
					held[k] = map[signin.Ref]bool{}
				}
				held[k][r] = true
			}
		}
	}
	accepted := g.c.Networks.acceptedOf(keys)
	return func(k glueKey) bool {
		switch {
		case k.session != "" || k.device != "" || k.asn != 0 && k.agent == "":
			return true
		case g.c.Networks == nil:
			return false
		}
		return float64(len(held[k])) >= g.c.Config.IncidentPurity*float64(accepted[k])
	}
}

// acceptedOf counts the accepted sign-ins with each address, network and agent.
func (n *Networks) acceptedOf(keys map[glueKey][]int) map[glueKey]uint32 {
	out := map[glueKey]uint32{}
	if n == nil {
		return out
	}
	add := func(k glueKey, c uint32) {
		if keys[k] != nil {
			out[k] += c
		}
	}
	for k, c := range n.oks {
		a := n.list[k.addr].addr
		add(glueKey{addr: a}, c)
		add(glueKey{net: networkOf(a)}, c)
	}
	wanted := map[uint64][]glueKey{}
	for k := range keys {
		if k.agent != "" {
			h := signin.IDHash(k.agent)
			wanted[h] = append(wanted[h], k)
		}
	}
	for k, c := range n.agents.oks {
		for _, w := range wanted[k.agent] { // with any operator: a common browser joins nothing
			add(w, c)
		}
	}
	return out
}
