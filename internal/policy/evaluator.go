package policy

import (
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// Context is what no sign-in row tells and a caller may know all the same: a
// policy test, a what-if question. "" means not known; "none" is a level, and
// for UserAction and AuthContext the statement that there is none.
type Context struct {
	UserRisk, InsiderRisk, ServicePrincipalRisk string
	UserAction                                  string // urn:user:registersecurityinfo, urn:user:registerdevice, none
	AuthContext                                 string // c1 to c99, none
	// SingleTenant says whether a service principal is a single-tenant one of this tenant.
	SingleTenant signin.Truth
	// ActionOnly says that the request names no application: the action or the
	// context is the whole target, as in the Graph evaluate request.
	ActionOnly bool
	// Device stands for the device of the rows that follow, instead of what the
	// directory holds under their device id; nil leaves the directory's.
	Device *directory.Device
}

// Evaluator asks an Engine about rows of one Symbols. It remembers answers per
// dictionary code, so it belongs to one goroutine and lives as long as its
// Symbols. It allocates only when it meets a combination of codes for the first time.
type Evaluator struct {
	e      *Engine
	sym    *signin.Symbols
	ctx    Context
	groups []group
	single []*table // one condition each, parallel to e.conds; for Conditions
	scopes *table
	people []person // by principal code
	x      sight

	clients []clientClass // by DimClient code
	creds   []byteFact    // by DimCredential code
	flows   [2][]byteFact // device code flow by DimProtocol, DimTransfer
	devices []deviceState // by DimDevice code
	systems []platformID  // by DimOS code
	agents  []platformID  // by DimUserAgent code
	kinds   *table        // guest kinds, in verdicts.yes[0]
}

// person is what does not change for one principal.
type person struct {
	known   bool
	changes []signin.Time
}

// Evaluator makes an evaluator for rows whose codes are sym's.
func (e *Engine) Evaluator(sym *signin.Symbols) *Evaluator {
	ev := &Evaluator{e: e, sym: sym, kinds: newTable()}
	ev.x.ev = ev
	ev.reset()
	return ev
}

func (ev *Evaluator) reset() {
	ev.groups = groups(ev.e.conds)
	ev.single = make([]*table, len(ev.e.conds))
	ev.scopes = newTable()
}

// SetContext supplies facts for the rows that follow and forgets remembered
// answers, so it is for tests and single questions, not for replay.
func (ev *Evaluator) SetContext(c Context) {
	ev.ctx = c
	ev.devices = nil
	ev.reset()
}

// Engine is the engine asked.
func (ev *Evaluator) Engine() *Engine { return ev.e }

// Symbols are the worker's tables the evaluator reads rows by.
func (ev *Evaluator) Symbols() *signin.Symbols { return ev.sym }

// Match says which policies apply to the row, as far as conditions can tell;
// see Match. A row out of scope (Scope) matches nothing.
func (ev *Evaluator) Match(r *signin.Row) Match {
	if ev.Scope(r) != InScope {
		return Match{}
	}
	m := Match{Applies: ev.e.complete, Unknown: ev.e.live}
	for i := range ev.groups {
		g := &ev.groups[i]
		k := g.dim.key(ev, r)
		v := g.t.find(k)
		if v == nil {
			v = g.t.put(k, ev.compute(g.conds, r))
		}
		for w := range ev.e.words {
			m.Applies[w] &= v.yes[w]
			m.Unknown[w] &= v.maybe[w]
		}
	}
	for w := range ev.e.words {
		m.Unknown[w] &^= m.Applies[w]
	}
	return m
}

// verdicts is one condition alone.
func (ev *Evaluator) verdicts(cond int, r *signin.Row) *verdicts {
	t := ev.single[cond]
	if t == nil {
		t = newTable()
		ev.single[cond] = t
	}
	k := ev.e.conds[cond].dim.key(ev, r)
	if v := t.find(k); v != nil {
		return v
	}
	return t.put(k, ev.compute([]int{cond}, r))
}

// compute asks the conditions of every policy; those not configured are True.
func (ev *Evaluator) compute(conds []int, r *signin.Row) verdicts {
	var v verdicts
	ev.x.see(r, false)
	for i := range ev.e.plans {
		p := &ev.e.plans[i]
		t := signin.True
		for _, n := range conds {
			if c := &ev.e.conds[n]; t != signin.False && c.configured(p) {
				t = t.And(c.test(&ev.x, p))
			}
		}
		if t != signin.False {
			v.maybe.Add(i)
		}
		if t == signin.True {
			v.yes.Add(i)
		}
	}
	return v
}

// epoch numbers the span between two membership changes the row falls in.
func (ev *Evaluator) epoch(r *signin.Row) uint64 {
	c := r.C[signin.DimPrincipal]
	for int(c) >= len(ev.people) {
		ev.people = append(ev.people, person{})
	}
	p := &ev.people[c]
	if !p.known {
		p.known = true
		p.changes = ev.e.dir.Changes(ev.userID(r))
	}
	if len(p.changes) == 0 {
		return 0
	}
	n, found := slices.BinarySearch(p.changes, r.Time)
	if found {
		n++
	}
	return uint64(n) //nolint:gosec // not negative
}

// userID is the object id of who signed in, lower case; "" when the row knows
// the person only by a name the directory cannot resolve.
func (ev *Evaluator) userID(r *signin.Row) string {
	id := strings.ToLower(ev.sym.Text(r, signin.DimPrincipal))
	if name, ok := strings.CutPrefix(id, signin.NamePrefix); ok {
		return ev.e.dir.UserByName(name)
	}
	return id
}

// Scope says whether a tenant's policies decided a row at all.
type Scope uint8

// The scopes.
const (
	InScope Scope = iota
	// OtherProvider is a row Entra did not write.
	OtherProvider
	// Outbound is one of our people at another tenant's resource: its policies
	// decided, not ours (reference 1.3).
	Outbound
	// FirstFactor is a row whose first factor failed: it never reached
	// Conditional Access (reference 1.1).
	FirstFactor
)

var scopeTexts = []string{
	"in scope",
	"not a Microsoft Entra sign-in",
	"the resource belongs to another tenant, whose policies decided",
	"the first factor failed, so Conditional Access was never reached",
}

func (s Scope) String() string { return scopeTexts[s] }

// Scope says whether the policies had a say in the row.
func (ev *Evaluator) Scope(r *signin.Row) Scope {
	if r.Reason().FirstFactorFailed() {
		return FirstFactor
	}
	k := key{a: uint64(r.C[signin.DimProvider]), b: uint64(r.C[signin.DimResourceTenant])}
	v := ev.scopes.find(k)
	if v == nil {
		v = ev.scopes.put(k, verdicts{yes: Mask{uint64(ev.scope(r))}})
	}
	return Scope(v.yes[0]) //nolint:gosec // put just above
}

func (ev *Evaluator) scope(r *signin.Row) Scope {
	if p := ev.sym.Text(r, signin.DimProvider); p != "" && p != "entra" {
		return OtherProvider
	}
	t := ev.sym.Text(r, signin.DimResourceTenant)
	if ev.e.opt.Tenant != "" && t != "" && !strings.EqualFold(t, ev.e.opt.Tenant) {
		return Outbound
	}
	return InScope
}
