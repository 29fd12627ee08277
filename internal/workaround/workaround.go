// Package workaround finds the ways people take after a policy stopped them: a
// sign-in was blocked, or a prompt was abandoned, and soon afterwards the same
// person got to the same resource by another route (reference, detection 4.2).
//
// One person's rows are read in a single pass of the second phase (Worker). What
// they show is folded into a Tally that merges associatively; Tally.Result works
// out, per policy and route, how much more often the route was taken after a stop
// than at comparable times of the same people, and whether that may be chance.
//
// A person with no stop costs a look at each row's reason and device and nothing else.
//
// Nothing here says that anybody did wrong. Every case carries two readings, an
// employee's and an attacker's, with the evidence for both and a weight between
// them. What the log does not say is never evidence.
package workaround

import (
	"cmp"
	"regexp"
	"slices"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Route is one way around a policy.
type Route struct {
	Name  string // ^[a-z][a-z0-9-]*$, the word in reports, findings and docs
	Title string // the same for a reader: "legacy client"
	Doc   string // one sentence: what counts
	Needs string // what the log or the configuration must carry, for a reader
	Quiet string // what happens when it does not
	// Origin is where the rule comes from: a source, or "assumption: why".
	Origin string
	// Slow: the way takes days, not hours.
	Slow bool
	Need signin.Need
	// rank orders routes that one sign-in fits, the most telling first.
	rank int
	// says reports that row i carries what the route is told by: rows that never do
	// make the route blind.
	says func(p *person, i int) bool
	// took reports that success i goes another way than s, in a window that begins
	// at from; nil for a route that rows of the person do not show.
	took func(p *person, s *stop, from signin.Time, i int) bool
	// between finds the way in [from, until] in other records; nil for most.
	between func(p *person, s *stop, from, until signin.Time) (side, bool)
}

// side is a way that was found beside the person's rows.
type side struct {
	at   signin.Time
	fact risk.Fact
}

var routes []Route

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// register adds a route to the catalog. The result only gives a package variable
// something to hold. A wrong or duplicate name is a bug in this program.
func register(r Route) struct{} {
	if !nameShape.MatchString(r.Name) || r.Doc == "" || r.says == nil || (r.took == nil && r.between == nil) {
		panic("workaround: malformed route " + r.Name)
	}
	for i := range routes {
		if routes[i].Name == r.Name || routes[i].rank == r.rank {
			panic("workaround: duplicate route " + r.Name)
		}
	}
	if len(routes) == maxRoutes {
		panic("workaround: too many routes")
	}
	routes = append(routes, r)
	slices.SortFunc(routes, func(a, b Route) int { return cmp.Compare(a.rank, b.rank) })
	return struct{}{}
}

// maxRoutes bounds the catalog; anyRoute counts them taken together.
const (
	maxRoutes = 12
	anyRoute  = maxRoutes
)

// Routes lists the catalog, the most telling first. The slice is the caller's.
func Routes() []Route { return slices.Clone(routes) }

// routeName is the name of a route's number in results.
func routeName(n int) string {
	if n == anyRoute {
		return "any"
	}
	return routes[n].Name
}

// Need is the columns a Worker reads; the second phase has most of them anyway.
func Need() signin.Need {
	n := signin.NeedDims(signin.DimProvider, signin.DimPrincipal, signin.DimPrincipalName, signin.DimIP, signin.DimApp, signin.DimResource,
		signin.DimPolicies, signin.DimDevice, signin.DimOS, signin.DimBrowser, signin.DimUserAgent, signin.DimClient, signin.DimNetwork)
	n.IDs[signin.IDCorrelation], n.IDs[signin.IDOriginal] = true, true
	for i := range routes {
		n = n.Or(routes[i].Need)
	}
	return n
}

// Env is what a Worker knows beside the rows. Every function may be nil: nothing
// is known then. They are called for people with a stop only, and must be safe for
// concurrent use when workers share them.
type Env struct {
	Config risk.Config
	// Requested says whether the person, by stable id, asked for an exception from one
	// of the policies, ids as recorded, in [from, to]. A request whose policy cannot be
	// told counts for each. Unknown when no requests were read.
	Requested func(person string, policies []string, from, to signin.Time) signin.Truth
	// Joined lists the groups the person joined, ascending in time.
	Joined func(person string) []Join
	// Excludes reports whether a policy, by id as recorded, leaves out a group.
	Excludes func(policy, group string) bool
	// DevicePeople is how many people use a device, by its id, where several do; see
	// risk.Networks.DevicePeople.
	DevicePeople func(device string) int
}

// Join is a membership that began.
type Join struct {
	At    signin.Time
	Group string // id
	Name  string // for a reader; "" = unknown
	// Self: the person added themselves, or asked for the activation. Unknown: the
	// log does not say by whom.
	Self signin.Truth
}
