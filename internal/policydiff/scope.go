package policydiff

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
)

// lists compares one include or exclude list: what is new, what is gone, each
// once, keywords left to the caller.
func lists(was, is []string, keywords ...string) (added, gone []string) {
	skip := func(s string) bool { return slices.Contains(keywords, s) }
	for _, s := range is {
		if !slices.Contains(was, s) && !skip(s) && !slices.Contains(added, s) {
			added = append(added, s)
		}
	}
	for _, s := range was {
		if !slices.Contains(is, s) && !skip(s) && !slices.Contains(gone, s) {
			gone = append(gone, s)
		}
	}
	return added, gone
}

// named lists things by name, the first five of many.
func named(ids []string, name func(string) string) string {
	const most = 5
	var out []string
	for i, id := range ids {
		if i == most && len(ids) > most+1 {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(ids)-most)
		}
		out = append(out, name(id))
	}
	return policytext.Join(out, "and")
}

func (d *differ) users(c *changes, p, q *policy.Users) {
	all := func(u *policy.Users) bool { return slices.Contains(u.IncludeUsers, "all") }
	kinds := []struct {
		one      string
		was, is  []string
		out, now []string
		name     func(string) string
	}{
		{"user", p.IncludeUsers, q.IncludeUsers, p.ExcludeUsers, q.ExcludeUsers, d.userName},
		{"group", p.IncludeGroups, q.IncludeGroups, p.ExcludeGroups, q.ExcludeGroups, d.names.Group},
		{"role", p.IncludeRoles, q.IncludeRoles, p.ExcludeRoles, q.ExcludeRoles, d.names.Role},
	}
	switch {
	case all(p) && all(q):
	case all(q):
		c.add("users", Stricter, "now covers all users")
	case all(p):
		c.add("users", Looser, "no longer covers all users, only "+included(q, d.names))
	default:
		for _, k := range kinds {
			added, gone := lists(k.was, k.is, "none")
			each(added, func(id string) { c.add("users", Stricter, "now covers "+label(k.one, id, k.name)) })
			each(gone, func(id string) { c.add("users", Looser, "no longer covers "+label(k.one, id, k.name)) })
		}
		guests(c, p.IncludeGuests, q.IncludeGuests, Stricter, "now covers ", Looser, "no longer covers ")
	}
	for _, k := range kinds {
		added, gone := lists(k.out, k.now, "none")
		each(added, func(id string) { c.add("users", Looser, "now leaves out "+label(k.one, id, k.name)) })
		each(gone, func(id string) { c.add("users", Stricter, "no longer leaves out "+label(k.one, id, k.name)) })
	}
	guests(c, p.ExcludeGuests, q.ExcludeGuests, Looser, "now leaves out ", Stricter, "no longer leaves out ")
}

func (d *differ) userName(id string) string {
	if id == "guestsorexternalusers" {
		return "all guests and external users"
	}
	return d.names.User(id)
}

// label says what kind of thing a name is, unless the name says it.
func label(one, id string, name func(string) string) string {
	if id == "all" || id == "guestsorexternalusers" || one == "" {
		return name(id)
	}
	return one + " " + name(id)
}

func each(ids []string, f func(string)) {
	for _, id := range ids {
		f(id)
	}
}

func included(u *policy.Users, n *policytext.Names) string {
	return policytext.Who(&policy.Policy{Users: policy.Users{
		IncludeUsers: u.IncludeUsers, IncludeGroups: u.IncludeGroups, IncludeRoles: u.IncludeRoles, IncludeGuests: u.IncludeGuests,
	}}, n)
}

// guests compares two guest conditions; more and less say what an added or a
// removed kind does.
func guests(c *changes, p, q *policy.Guests, more Effect, moreText string, less Effect, lessText string) {
	var was, is policy.GuestKinds
	if p != nil {
		was = p.Kinds
	}
	if q != nil {
		is = q.Kinds
	}
	each((is &^ was).Names(), func(s string) { c.add("users", more, moreText+"external users of kind "+s) })
	each((was &^ is).Names(), func(s string) { c.add("users", less, lessText+"external users of kind "+s) })
	if p == nil || q == nil || p.AllTenants && q.AllTenants {
		return
	}
	switch {
	case q.AllTenants:
		c.add("users", more, moreText+"external users of every tenant, was "+policytext.Count(len(p.Tenants), "tenant", "tenants"))
	case p.AllTenants:
		c.add("users", less, "external users of "+policytext.Count(len(q.Tenants), "tenant", "tenants")+" only, was every tenant")
	default:
		added, gone := lists(p.Tenants, q.Tenants)
		each(added, func(s string) { c.add("users", more, moreText+"external users of tenant "+s) })
		each(gone, func(s string) { c.add("users", less, lessText+"external users of tenant "+s) })
	}
}

func (d *differ) workload(c *changes, p, q *policy.Workload) {
	same := func(s string) string {
		if s == "serviceprincipalsinmytenant" {
			return "all own service principals"
		}
		return "service principal " + s
	}
	switch {
	case p == nil && q == nil:
	case p == nil:
		c.add("users", Different, "is now about workload identities")
	case q == nil:
		c.add("users", Different, "is no longer about workload identities")
	default:
		added, gone := lists(p.Include, q.Include)
		each(added, func(id string) { c.add("users", Stricter, "now covers "+same(id)) })
		each(gone, func(id string) { c.add("users", Looser, "no longer covers "+same(id)) })
		added, gone = lists(p.Exclude, q.Exclude)
		each(added, func(id string) { c.add("users", Looser, "now leaves out "+same(id)) })
		each(gone, func(id string) { c.add("users", Stricter, "no longer leaves out "+same(id)) })
		if p.Filter != q.Filter {
			c.add("users", Different, "the service principal filter changes")
		}
	}
}

func (d *differ) resources(c *changes, p, q *policy.Apps) {
	all := func(a *policy.Apps) bool { return slices.Contains(a.Include, "all") }
	switch {
	case all(p) && all(q):
	case all(q):
		c.add("resources", Stricter, "now covers all resources")
	case all(p):
		c.add("resources", Looser, "no longer covers all resources, only "+policytext.What(&policy.Policy{Apps: *q}, d.names))
	default:
		added, gone := lists(p.Include, q.Include, "none")
		each(added, func(id string) { c.add("resources", Stricter, "now covers "+d.names.App(id)) })
		each(gone, func(id string) { c.add("resources", Looser, "no longer covers "+d.names.App(id)) })
	}
	added, gone := lists(p.Exclude, q.Exclude, "none")
	each(added, func(id string) { c.add("resources", Looser, "now leaves out "+d.names.App(id)) })
	each(gone, func(id string) { c.add("resources", Stricter, "no longer leaves out "+d.names.App(id)) })
	for _, l := range []struct {
		what    string
		was, is []string
	}{{"user action ", p.UserActions, q.UserActions}, {"authentication context ", p.AuthContexts, q.AuthContexts}} {
		added, gone := lists(l.was, l.is)
		each(added, func(s string) { c.add("resources", Stricter, "now covers "+l.what+s) })
		each(gone, func(s string) { c.add("resources", Looser, "no longer covers "+l.what+s) })
	}
	if p.Filter != q.Filter || p.FilterExclude != q.FilterExclude {
		c.add("resources", Different, "the app filter changes")
	}
}

func (d *differ) conditions(c *changes, p, q *policy.Policy) {
	clients := func(p *policy.Policy) []string {
		if policycmp.AllClients(p) {
			return nil
		}
		return p.ClientTypes
	}
	for _, l := range []struct {
		what    string
		was, is []string
	}{
		{"clients", clients(p), clients(q)},
		{"sign-in risk", p.SignInRisk, q.SignInRisk},
		{"user risk", p.UserRisk, q.UserRisk},
		{"insider risk", p.InsiderRisk, q.InsiderRisk},
		{"service principal risk", p.ServicePrincipalRisk, q.ServicePrincipalRisk},
		{"authentication flows", p.Flows, q.Flows},
	} {
		values(c, l.what, l.was, l.is)
	}
	choice(c, "platforms", p.Platforms, q.Platforms, policytext.Value)
	choice(c, "locations", p.Locations, q.Locations, d.names.Location)
	choice(c, "device states", p.DeviceStates, q.DeviceStates, policytext.Value)
	filter(c, p.Filter, q.Filter)
}

// values compares a list of which an empty one means any.
func values(c *changes, what string, was, is []string) {
	added, gone := lists(was, is)
	if len(added)+len(gone) == 0 {
		return
	}
	e := Different
	switch {
	case len(is) == 0 || len(was) > 0 && len(gone) == 0:
		e = Stricter
	case len(was) == 0 || len(added) == 0:
		e = Looser
	}
	word := func(list []string) string {
		if len(list) == 0 {
			return "any"
		}
		return named(list, policytext.Value)
	}
	c.add("conditions", e, what+": "+word(was)+" becomes "+word(is))
}

// choice compares include and exclude lists; a missing choice means anything.
func choice(c *changes, what string, p, q *policy.Choice, name func(string) string) {
	p, q = plain(p), plain(q)
	switch {
	case p == nil && q == nil:
		return
	case p == nil:
		c.add("conditions", Looser, "now only "+what+": "+policytext.Choice(q, name))
		return
	case q == nil:
		c.add("conditions", Stricter, "no longer only "+what+": "+policytext.Choice(p, name))
		return
	}
	in, inGone := lists(p.Include, q.Include)
	out, outGone := lists(p.Exclude, q.Exclude)
	if slices.Contains(q.Include, "all") {
		inGone = nil
	}
	if slices.Contains(p.Include, "all") {
		in = nil
	}
	wider, narrower := len(in)+len(outGone) > 0, len(inGone)+len(out) > 0
	e := Different
	switch {
	case !wider && !narrower:
		return
	case !narrower:
		e = Stricter
	case !wider:
		e = Looser
	}
	c.add("conditions", e, what+": "+policytext.Choice(p, name)+" becomes "+policytext.Choice(q, name))
}

// plain is a choice without those that take in everything.
func plain(c *policy.Choice) *policy.Choice {
	if c == nil || slices.Contains(c.Include, "all") && len(c.Exclude) == 0 {
		return nil
	}
	return c
}

func filter(c *changes, p, q *policy.DeviceFilter) {
	switch {
	case p == nil && q == nil:
	case p == nil:
		c.add("conditions", Looser, "now only "+policytext.Filter(q))
	case q == nil:
		c.add("conditions", Stricter, "no longer only "+policytext.Filter(p))
	case p.Exclude != q.Exclude || fold(p.Rule) != fold(q.Rule):
		c.add("conditions", Different, policytext.Filter(p)+" becomes "+policytext.Filter(q))
	}
}

// fold makes rules comparable: filters ignore case and the space between words.
func fold(rule string) string { return strings.ToLower(strings.Join(strings.Fields(rule), " ")) }
