package directory

import (
	"cmp"
	"math"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// TokenLife is how long after a sign-in its access token can still be at work:
// the default life is a random 60 to 90 minutes. Source: learn.microsoft.com
// entra/identity-platform/configurable-token-lifetimes.
const TokenLife = 90 * signin.Minute

// LongTokenLife bounds the tokens of clients with continuous access evaluation,
// which live up to 28 hours. An operation reaches back that far only to the
// sign-ins at which its token was issued, by the token's own claims: taking it as
// the bound of every token would tie a whole day's work to every sign-in.
// Source: learn.microsoft.com entra/identity/conditional-access/concept-continuous-access-evaluation.
const LongTokenLife = 28 * signin.Hour

// issueSlack is how far a sign-in may lie from the time its token says it was
// issued. Assumption: tokens are dated back about five minutes against clocks
// that differ, and rows are stamped when the request began.
const issueSlack = 10 * signin.Minute

// visit is one operation in a workspace, as the time-based tiers need it.
type visit struct {
	time      signin.Time
	workspace int
	ip        string      // "" = not said
	issued    signin.Time // of a token that lives longer than TokenLife; 0 otherwise
}

// longAfter reports whether the operation's token, one of a long life, was issued
// at a sign-in at t.
func (v *visit) longAfter(t signin.Time) bool {
	return v.issued != 0 && t >= v.issued-issueSlack && t <= v.issued+issueSlack
}

// past is what the Activity log and the Azure ML tables hold of one person.
type past struct {
	visits []visit     // by time
	counts []int       // operations per workspace, as far as the last one used
	reach  signin.Time // how long after a sign-in an operation may come
}

// count is the person's operations in a workspace over the whole log, with one
// for what stands there of theirs (Activity.Standing); 0 for nil.
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
	sieve  sieve              // of the keys of tokens
	people map[string]*past   // object id or user principal name, lower case
	// targets: lower-case app or resource id -> what it says
	targets map[string]target
	groups  []string // workspace -> group id, "" when none
	// identities: object or ARM id of a managed identity -> the workspaces it works for
	identities map[string][]int
	held       map[string][]grant // by holder of an Azure role: object id or user principal name
	holders    []string           // those of them that are groups
	starts     []signin.Time      // when groups were given roles, ascending
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
		dir: d, tokens: map[uint64][]Share{}, people: map[string]*past{}, targets: map[string]target{}, identities: map[string][]int{},
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
		for _, id := range d.Workspaces[i].Identities {
			x.identities[key(id)] = append(x.identities[key(id)], i)
		}
	}
	x.grants()
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

// noToken is written where there is no token: it ties nothing together.
const noToken = "00000000-0000-0000-0000-000000000000"

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
		if h := signin.IDHash(a.Token); h != 0 && a.Token != noToken {
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
	x.sieve = newSieve(x.tokens)
	for _, r := range x.people {
		slices.SortFunc(r.visits, func(a, b visit) int {
			return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.workspace, b.workspace), cmp.Compare(a.ip, b.ip), cmp.Compare(a.issued, b.issued))
		})
	}
}

func (x *index) person(who string) *past {
	r := x.people[who]
	if r == nil {
		r = &past{reach: TokenLife}
		x.people[who] = r
	}
	return r
}

func (r *past) add(w int, a *Activity) {
	if w >= len(r.counts) {
		r.counts = append(r.counts, make([]int, w+1-len(r.counts))...)
	}
	r.counts[w]++
	if a.Standing {
		return
	}
	v := visit{time: a.Time, workspace: w, ip: canonicalIP(a.IP)}
	if life := a.Expires - a.Issued; a.Issued != 0 && life > TokenLife+issueSlack && a.Time >= a.Issued && a.Time <= a.Issued+min(life, LongTokenLife) {
		v.issued = a.Issued
		r.reach = max(r.reach, a.Time-a.Issued+issueSlack)
	}
	r.visits = append(r.visits, v)
}

// byCount splits a token between the workspaces it was used in, by the number
// of operations in each.
func byCount(ws map[int]int) []Share {
	var out []Share
	for w, n := range ws {
		out = append(out, Share{Workspace: w, Weight: float64(n), Tier: TierExact})
	}
	slices.SortFunc(out, func(a, b Share) int { return cmp.Compare(a.Workspace, b.Workspace) })
	weigh(out)
	return out
}

// shareUnits: weights are multiples of 1/shareUnits. Sums of multiples of a power of two
// are exact in any order, so the parts of a sign-in add up to 1, and workspaces
// to the total, to the last bit.
const shareUnits = 1 << 20

// weigh turns the counts of one sign-in's shares, all positive, into weights that
// add up to 1; each is at least one unit, and what rounding leaves goes to the
// largest.
func weigh(list []Share) {
	total, largest := 0.0, 0
	for i := range list {
		total += list[i].Weight
		if list[i].Weight > list[largest].Weight {
			largest = i
		}
	}
	left := float64(shareUnits)
	for i := range list {
		units := max(1, math.Floor(list[i].Weight/total*shareUnits))
		left -= units
		list[i].Weight = units / shareUnits
	}
	list[largest].Weight += left / shareUnits
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
