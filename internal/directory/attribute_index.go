package directory

import (
	"cmp"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// TokenLife is how long after a sign-in its access token can still be at work:
// the default life is a random 60 to 90 minutes. Source: learn.microsoft.com
// entra/identity-platform/configurable-token-lifetimes. Tokens of clients with
// continuous access evaluation live up to 28 hours; taking that as the bound
// would tie a whole day's work to every sign-in, so such late operations are
// attributed by token identifier only.
const TokenLife = 90 * signin.Minute

// visit is one operation in a workspace, as the time-based tier needs it.
type visit struct {
	time      signin.Time
	workspace int
	ip        string
}

// past is what the Activity log holds of one person.
type past struct {
	visits []visit // those with an address, by time
	counts []int   // operations per workspace, as far as the last one used
}

// count is the person's operations in a workspace over the whole log; 0 for nil.
// Candidate workspaces share a sign-in in proportion to it, each counted once
// more so that none is left out (Laplace's rule; equal parts for a person without
// operations). Assumption: people sign in to a workspace about as often as they
// do something in it.
func (r *past) count(w int) int {
	if r == nil || w >= len(r.counts) {
		return 0
	}
	return r.counts[w]
}

// index is the immutable part of an Attributor, shared by all workers.
type index struct {
	dir    *Directory
	tokens map[uint64][]Share // exact: IDHash of the token -> shares by number of operations
	people map[string]*past   // object id or user principal name, lower case
	// targets: lower-case app or resource id -> what it says
	targets map[string]target
	groups  []string // workspace -> group id, "" when none
}

// target is what an app or resource id says about a row.
type target struct {
	listed  bool  // some workspace claims the id
	ml      bool  // the id belongs to Azure ML
	arm     bool  // Azure Resource Manager
	claimed []int // workspaces that claim it, ascending
}

func newIndex(d *Directory) *index {
	x := &index{
		dir: d, tokens: map[uint64][]Share{}, people: map[string]*past{}, targets: map[string]target{},
	}
	for _, k := range WellKnown {
		if k.ML || k.ID == armResource {
			x.targets[k.ID] = target{ml: k.ML, arm: k.ID == armResource}
		}
	}
	if d == nil {
		return x
	}
	x.claim()
	for i := range d.Workspaces {
		x.groups = append(x.groups, d.groupKey(d.Workspaces[i].Group))
	}
	x.operations()
	return x
}

// groupKey is the id of a group named by id or display name; a name nobody
// exported stays as it is, and membership in it is then unknown.
func (d *Directory) groupKey(name string) string {
	if d.groups[key(name)] != nil {
		return key(name)
	}
	return cmp.Or(d.GroupByName(name), key(name))
}

// claim says which workspaces each id may stand for. A workspace that lists no app and no resource is taken
// to be used through the well-known Azure ML ids.
func (x *index) claim() {
	add := func(id string, w int) {
		id = key(id)
		t := x.targets[id]
		t.listed = true
		if !slices.Contains(t.claimed, w) {
			t.claimed = append(t.claimed, w)
		}
		x.targets[id] = t
	}
	for i := range x.dir.Workspaces {
		w := &x.dir.Workspaces[i]
		for _, id := range w.Apps {
			add(id, i)
		}
		for _, id := range w.Resources {
			add(id, i)
		}
		if len(w.Apps) == 0 && len(w.Resources) == 0 {
			for _, k := range WellKnown {
				if k.ML {
					add(k.ID, i)
				}
			}
		}
	}
}

// workspaceOf is the workspace an ARM id lies in: the one with the longest
// matching id, or -1.
func (x *index) workspaceOf(resource string) int {
	best, length := -1, 0
	id := key(resource)
	if id == "" || x.dir == nil {
		return -1
	}
	for i := range x.dir.Workspaces {
		if w := key(x.dir.Workspaces[i].ResourceID); w != "" && len(w) > length && within(id, w) {
			best, length = i, len(w)
		}
	}
	return best
}

// operations reads the activity log into tokens and people.
func (x *index) operations() {
	counts := map[uint64]map[int]int{}
	where := map[string]int{} // resource -> workspace
	for i := range x.dir.Activity {
		a := &x.dir.Activity[i]
		w, ok := where[a.Resource]
		if !ok {
			w = x.workspaceOf(a.Resource)
			where[a.Resource] = w
		}
		if w < 0 {
			continue
		}
		if h := signin.IDHash(a.Token); h != 0 {
			if counts[h] == nil {
				counts[h] = map[int]int{}
			}
			counts[h][w]++
		}
		if who := cmp.Or(key(a.Principal), x.dir.UserByName(a.Caller), key(a.Caller)); who != "" {
			x.person(who).add(w, a)
		}
	}
	for h, ws := range counts {
		x.tokens[h] = byCount(ws)
	}
	for _, r := range x.people {
		slices.SortFunc(r.visits, func(a, b visit) int {
			return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.workspace, b.workspace), cmp.Compare(a.ip, b.ip))
		})
	}
}

func (x *index) person(who string) *past {
	r := x.people[who]
	if r == nil {
		r = &past{}
		x.people[who] = r
	}
	return r
}

func (r *past) add(w int, a *Activity) {
	if w >= len(r.counts) {
		r.counts = append(r.counts, make([]int, w+1-len(r.counts))...)
	}
	r.counts[w]++
	if a.IP != "" {
		r.visits = append(r.visits, visit{a.Time, w, canonicalIP(a.IP)})
	}
}

// byCount splits a token between the workspaces it was used in, by the number
// of operations in each.
func byCount(ws map[int]int) []Share {
	total := 0
	var out []Share
	for w, n := range ws {
		total += n
		out = append(out, Share{Workspace: w, Weight: float64(n), Tier: TierExact})
	}
	for i := range out {
		out[i].Weight /= float64(total)
	}
	slices.SortFunc(out, func(a, b Share) int { return cmp.Compare(a.Workspace, b.Workspace) })
	return out
}

// canonicalIP is the text sign-in rows have for the same address: unmapped,
// without zone or port. Text that is no address is returned as it is.
func canonicalIP(s string) string {
	if p, err := netip.ParseAddrPort(s); err == nil {
		return p.Addr().Unmap().WithZone("").String()
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return s
	}
	return a.Unmap().WithZone("").String()
}
