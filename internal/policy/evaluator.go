package policy

import (
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
	// Methods are what the person has registered or may register; 0 = not known,
	// and a strength is then taken for one the person can satisfy.
	Methods MethodSet
	// Scopes are the delegated permissions the request asked for; nil = not known.
	Scopes []string
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
	quick  quick
	row    tuple  // the answers of the row Match saw last
	told   tuples // see Told
	// What match asks of the engine for every row.
	lowPrivilegeFrom signin.Time
	placesDated      bool

	group  []int // of each of e.conds, with its place there; see verdicts
	place  []int
	scopes lastScope
	people []person // by principal code
	x      sight
	now    span // of the policies in force
	places span // of the named locations in force

	clients []clientClass // by DimClient code
	creds   []byteFact    // by DimCredential code
	flows   [2][]byteFact // device code flow by DimProtocol, DimTransfer
	devices []deviceState // by DimDevice code
	systems []platformID  // by DimOS code
	agents  []platformID  // by DimUserAgent code
	kinds   *table        // guest kinds, in verdicts.yes[0]

	browsers []byteFact    // Edge, by DimBrowser code
	channels [2][]byteFact // Teams or SharePoint, by DimAudiences and DimResource code
	answers  []MethodSet   // what a person can answer with, by DimPrincipal code
	bindings *table        // token protection, in verdicts.yes[0]
}

// person is what does not change for one principal.
type person struct {
	known   bool
	changes []signin.Time
	now     span
}

// still reports whether what the directory knows of the person is what it was
// in the row before.
func (p *person) still(t signin.Time) bool { return t >= p.now.from && t < p.now.until }

// Evaluator makes an evaluator for rows whose codes are sym's.
func (e *Engine) Evaluator(sym *signin.Symbols) *Evaluator {
	ev := &Evaluator{e: e, sym: sym, kinds: newTable(), bindings: newTable()}
	ev.x.ev = ev
	ev.reset()
	return ev
}

func (ev *Evaluator) reset() {
	ev.groups = groups(ev.e.conds)
	ev.quick = quickOf(ev.groups)
	if atOthers+len(ev.quick.others) > maxGroups {
		panic("policy: more dimensions than maxGroups")
	}
	ev.told, ev.row = tuples{next: ev.told.next}, tuple{}
	ev.lowPrivilegeFrom, ev.placesDated = ev.e.opt.LowPrivilegeFrom, len(ev.e.placeChanges) > 0
	ev.group, ev.place = make([]int, len(ev.e.conds)), make([]int, len(ev.e.conds))
	for g := range ev.groups {
		for i, c := range ev.groups[g].conds {
			ev.group[c], ev.place[c] = g, i
		}
	}
}

// SetContext supplies facts for the rows that follow and forgets remembered
// answers, so it is for tests and single questions, not for replay.
func (ev *Evaluator) SetContext(c Context) {
	ev.ctx = c
	ev.devices, ev.answers = nil, nil
	ev.reset()
}

// Engine is the engine asked.
func (ev *Evaluator) Engine() *Engine { return ev.e }

// Symbols are the worker's tables the evaluator reads rows by.
func (ev *Evaluator) Symbols() *signin.Symbols { return ev.sym }

// Match says which policies apply to the row, as far as conditions can tell;
// see Match. A row out of scope (Scope) matches nothing, and a version that is
// not in force at the row's time (Policy.Force) is in neither mask.
func (ev *Evaluator) Match(r *signin.Row) (m Match) {
	if ev.Scope(r) != InScope {
		return m
	}
	n := ev.now.find(ev.e.epochs.changes, r.Time)
	f := &ev.e.epochs.live[n]
	if ev.e.words <= 1 {
		p := ev.match(r, pair{f.yes[0], f.maybe[0]})
		m.Applies[0], m.Unknown[0] = p.yes, p.maybe&^p.yes
		return m
	}
	ev.matchWords(&m, r, f)
	return m
}

// epoch numbers the span between two changes of what the directory knows of the
// person that the row falls in.
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
	return uint64(p.now.find(p.changes, r.Time)) //nolint:gosec // not negative
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
	l := &ev.scopes
	if !l.known || l.provider != r.C[signin.DimProvider] || l.tenant != r.C[signin.DimResourceTenant] {
		*l = lastScope{true, r.C[signin.DimProvider], r.C[signin.DimResourceTenant], ev.scope(r)}
	}
	return l.is
}

// lastScope is the scope of the row before: neighbours share it.
type lastScope struct {
	known            bool
	provider, tenant signin.Code
	is               Scope
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
