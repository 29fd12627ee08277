package directory

import (
	"slices"

	"frisk/internal/signin"
)

// Attributor says which workspaces a sign-in belongs to, by the confidence
// ladder of the reference, section 4.3. From strong to weak:
//
//   - exact: the row carries the ARM id of a resource in the workspace or of a
//     managed identity that works for it, or is of such an identity, or its token
//     did operations there (Azure Activity log; a token that served several
//     workspaces is split by operations);
//   - strong: the row is to an Azure ML or listed app or resource or to Azure
//     Resource Manager, and within the life of a token issued then (see visit)
//     the same person did operations from the same address, in exactly one workspace;
//   - weak: the same where the address of one side is not known; else the row is
//     to an app or resource of exactly one workspace on which the person held an
//     Azure role; else of one whose team group the person was in (or which names
//     no group and shares the app with nobody);
//   - candidate: several workspaces are possible by the same rule; parts by the
//     person's own operations in each (see past.count);
//   - none: UnknownWorkspace when the app or resource is one that workspaces are
//     used through, else OtherWork.
//
// An Attributor is for one goroutine; Fork gives another worker its own, which
// shares the index. It allocates only when it sees a code for the first time or
// when a person's membership changes.
type Attributor struct {
	*index
	sym *signin.Symbols

	resources []resourceEntry // by DimAzureResource code
	identity  []resourceEntry // by DimPrincipal code
	visits    []visitEntry    // by DimPrincipal code
	byName    []visitEntry    // by DimPrincipalName code
	targets   map[targetKey]target
	teams     map[teamKey]teamEntry
	scratch   []Share
	seen      []int
	near      []int
}

type targetKey struct{ app, resource, audiences signin.Code }

type teamKey struct {
	principal, name signin.Code
	target          targetKey
}

// teamEntry is an answer of the weak tier and the time for which it holds.
type teamEntry struct {
	during span
	shares []Share
}

type resourceEntry struct {
	known  bool
	shares []Share
}

type visitEntry struct {
	known bool
	*past
}

// maxTeams bounds the weak tier's cache; past it the cache starts over.
const maxTeams = 1 << 17

// NewAttributor reads the workspaces and the activity of a sealed directory,
// which must not change afterwards. A nil directory gives OtherWork or, for
// Azure ML apps, UnknownWorkspace.
func NewAttributor(d *Directory) *Attributor {
	return &Attributor{index: newIndex(d)}
}

// Fork is an Attributor for another goroutine.
func (a *Attributor) Fork() *Attributor { return &Attributor{index: a.index} }

// Need is what Attribute reads of a row.
func (a *Attributor) Need() signin.Need {
	n := signin.NeedDims(signin.DimPrincipal, signin.DimPrincipalName, signin.DimIP, signin.DimApp,
		signin.DimResource, signin.DimAudiences, signin.DimAzureResource)
	n.IDs[signin.IDEvent], n.IDs[signin.IDToken] = true, true
	return n
}

// Attribute gives the row's shares, at least one, ordered by workspace, with
// weights that add up to 1. The slice is valid until the next call and must not
// be modified. sym is the worker's own table; changing it drops the caches.
func (a *Attributor) Attribute(row *signin.Row, sym *signin.Symbols) []Share {
	if sym != a.sym {
		*a = Attributor{index: a.index, sym: sym, targets: map[targetKey]target{}, teams: map[teamKey]teamEntry{}}
	}
	if c := row.C[signin.DimAzureResource]; c != 0 {
		if s := a.byResource(c); s != nil {
			return s
		}
	}
	if len(a.identities) > 0 {
		if s := a.byIdentity(row.C[signin.DimPrincipal]); s != nil {
			return s
		}
	}
	if len(a.tokens) > 0 {
		if s := a.byToken(row); s != nil {
			return s
		}
	}
	tk := targetKey{row.C[signin.DimApp], row.C[signin.DimResource], row.C[signin.DimAudiences]}
	t, ok := a.targets[tk]
	if !ok {
		t = a.target(tk)
		a.targets[tk] = t
	}
	if !t.listed && !t.ml && !t.arm {
		return otherWork
	}
	if len(a.people) > 0 {
		if s := a.byTime(row); s != nil {
			return s
		}
	}
	if len(t.claimed) > 0 {
		if s := a.byRights(row, teamKey{row.C[signin.DimPrincipal], row.C[signin.DimPrincipalName], tk}, t.claimed); s != nil {
			return s
		}
	}
	if t.ml || t.listed {
		return unknownWorkspace
	}
	return otherWork
}

func (a *Attributor) byResource(c signin.Code) []Share {
	for int(c) >= len(a.resources) {
		a.resources = append(a.resources, resourceEntry{})
	}
	e := &a.resources[c]
	if !e.known {
		e.known = true
		id := a.sym[signin.DimAzureResource].Text(c)
		if w := a.workspaceOf(id); w >= 0 {
			e.shares = []Share{{Workspace: w, Weight: 1, Tier: TierExact}}
		} else {
			e.shares = slices.Clone(a.split(a.identities[key(id)], TierExact, nil))
		}
	}
	return e.shares
}

// byIdentity knows the sign-ins of a workspace's own managed identity.
func (a *Attributor) byIdentity(c signin.Code) []Share {
	for int(c) >= len(a.identity) {
		a.identity = append(a.identity, resourceEntry{})
	}
	e := &a.identity[c]
	if !e.known {
		e.known = true
		e.shares = slices.Clone(a.split(a.identities[key(a.sym[signin.DimPrincipal].Text(c))], TierExact, nil))
	}
	return e.shares
}

// byToken looks the row's token up, and the row's own id, which is the token
// identifier in another encoding where the log carries none (reference 4.2 A).
func (a *Attributor) byToken(row *signin.Row) []Share {
	if row.Token != 0 && a.sieve.may(row.Token) {
		if s := a.tokens[row.Token]; s != nil {
			return s
		}
	}
	if !a.sieve.may(row.ID) {
		return nil
	}
	return a.tokens[row.ID]
}

// target joins what the row's app, resource and audiences say.
func (a *Attributor) target(k targetKey) target {
	var out target
	add := func(id string) {
		t := a.index.targets[key(id)]
		out.listed, out.ml, out.arm = out.listed || t.listed, out.ml || t.ml, out.arm || t.arm
		for _, w := range t.claimed {
			if !slices.Contains(out.claimed, w) {
				out.claimed = append(out.claimed, w)
			}
		}
	}
	add(a.sym[signin.DimApp].Text(k.app))
	add(a.sym[signin.DimResource].Text(k.resource))
	// A list that does not parse says nothing; ingest wrote it, so it parses.
	audiences, _ := signin.DecodeList[string](signin.List(a.sym[signin.DimAudiences].Text(k.audiences)))
	for _, id := range audiences {
		add(id)
	}
	slices.Sort(out.claimed)
	return out
}

// byTime finds the operations of the same person within the life of a token
// issued by this row: from the same address, and those of which one side does not
// tell the address. The latter alone are only a weak sign, and in another
// workspace they make the former no certain one.
func (a *Attributor) byTime(row *signin.Row) []Share {
	rec := a.recordOf(row)
	if rec == nil {
		return nil
	}
	ip, vs := a.sym.Text(row, signin.DimIP), rec.visits
	i, _ := slices.BinarySearchFunc(vs, row.Time, func(v visit, t signin.Time) int {
		if v.time < t {
			return -1
		}
		return 1
	})
	a.seen, a.near = a.seen[:0], a.near[:0]
	for ; i < len(vs) && vs[i].time <= row.Time+rec.reach; i++ {
		v := &vs[i]
		switch {
		case v.time > row.Time+TokenLife && !v.longAfter(row.Time):
		case v.ip == "" || ip == "":
			a.near = with(a.near, v.workspace)
		case v.ip == ip:
			a.seen = with(a.seen, v.workspace)
		}
	}
	if len(a.seen) == 0 {
		return a.split(a.near, TierWeak, rec)
	}
	for _, w := range a.near { // somewhere else as well, for all that is known
		a.seen = with(a.seen, w)
	}
	return a.split(a.seen, TierStrong, rec)
}

func with(list []int, w int) []int {
	if slices.Contains(list, w) {
		return list
	}
	return append(list, w)
}

// recordOf is what the Activity log holds of the row's person, by id, else by
// name; nil when nothing.
func (a *Attributor) recordOf(row *signin.Row) *past {
	if r := a.lookUp(&a.visits, signin.DimPrincipal, row); r != nil {
		return r
	}
	return a.lookUp(&a.byName, signin.DimPrincipalName, row)
}

func (a *Attributor) lookUp(cache *[]visitEntry, d signin.Dim, row *signin.Row) *past {
	c := row.C[d]
	if c == 0 {
		return nil
	}
	for int(c) >= len(*cache) {
		*cache = append(*cache, visitEntry{})
	}
	e := &(*cache)[c]
	if !e.known {
		*e = visitEntry{true, a.people[key(a.sym[d].Text(c))]}
	}
	return e.past
}

// byRights keeps the claiming workspaces in which the person may work: by Azure
// role where the assignments tell of any, else by team.
func (a *Attributor) byRights(row *signin.Row, k teamKey, claimed []int) []Share {
	if e, ok := a.teams[k]; ok && e.during.holds(row.Time) {
		return e.shares
	}
	person := a.sym.Text(row, signin.DimPrincipal)
	holder := key(person)
	if len(a.held[holder]) == 0 { // an export or a row may know the person by name only
		if name := key(a.sym.Text(row, signin.DimPrincipalName)); len(a.held[name]) > 0 {
			holder = name
		}
	}
	during := a.epoch(person, a.held[holder], row.Time)
	in := a.byRole(holder, person, row.Time, claimed)
	if len(in) == 0 {
		in = a.byTeam(person, row.Time, claimed)
	}
	e := teamEntry{during: during, shares: slices.Clone(a.split(in, TierWeak, a.recordOf(row)))}
	if len(a.teams) >= maxTeams {
		clear(a.teams)
	}
	a.teams[k] = e
	return e.shares
}

// byTeam keeps those whose team the person was in.
func (a *Attributor) byTeam(person string, at signin.Time, claimed []int) []int {
	var in []int
	for _, w := range claimed {
		switch g := a.groups[w]; {
		case g == "":
			// The admin's word that this app is this workspace; shared apps need a group to tell.
			if len(claimed) == 1 && a.named(w) {
				in = append(in, w)
			}
		case a.dir.Member(person, g, at) == signin.True:
			in = append(in, w)
		}
	}
	return in
}

// named reports whether the workspace's apps or resources were listed by the
// admin rather than assumed.
func (a *Attributor) named(w int) bool {
	v := &a.dir.Workspaces[w]
	return len(v.Apps) > 0 || len(v.Resources) > 0
}

// epoch is the time around at in which neither the person's memberships nor what
// roles they hold change.
func (a *Attributor) epoch(person string, own []grant, at signin.Time) span {
	var s span
	for _, list := range [3][]signin.Time{a.dir.Changes(person), starts(own), a.starts} {
		for _, t := range list {
			if t <= at {
				s.From = max(s.From, t)
			} else {
				if s.Until == 0 || t < s.Until {
					s.Until = t
				}
				break
			}
		}
	}
	return s
}

// split shares a row out: one workspace keeps the tier, several are candidates.
// No workspace gives nil.
func (a *Attributor) split(workspaces []int, tier Tier, rec *past) []Share {
	if len(workspaces) > 1 {
		tier = TierCandidate
		slices.Sort(workspaces)
	}
	a.scratch = a.scratch[:0]
	for _, w := range workspaces {
		a.scratch = append(a.scratch, Share{Workspace: w, Weight: float64(1 + rec.count(w)), Tier: tier})
	}
	if len(a.scratch) == 0 {
		return nil
	}
	weigh(a.scratch)
	return a.scratch
}
