package directory

import (
	"cmp"
	"maps"
	"slices"

	"frisk/internal/signin"
)

// Witness is a fact that the sign-in log itself proves: a recorded policy
// result that could only come about because the user was, or was not, in a
// group, or held a role.
type Witness struct {
	User string // object id
	// One of Group (object id) and Role (template or instance id).
	Group, Role string
	// From and Until bound the time for which it is proven, Until not included.
	// Until 0 or not after From means just the instant From.
	From, Until signin.Time
	Holds       bool
}

// witnessReach is how far two witnesses that agree may lie apart to vouch for
// the time between them where no export does. Ours: a day is what Entra itself
// takes to carry a membership to every service (reference 1.1).
const witnessReach = signin.Day

// overlay is what witnesses make of the answers: user -> group or role ->
// answer over time. It holds an entry only where there are witnesses.
type overlay struct {
	groups, roles map[string]map[string]timeline
}

// WithWitnesses is a sealed copy of the directory, sharing everything else,
// whose Member and HasRole also heed facts from the sign-in log:
//
//   - inside a witness its answer counts; where two contradict, Unknown;
//   - outside, the answer of the exports stands where the nearest witness on
//     either side agrees with it;
//   - where the nearest witness on a side contradicts it, the answer is Unknown
//     between that witness and the next dated fact of the exports (an audit
//     event, the start or end of a membership, a dated export of the group);
//   - where the exports tell nothing, two neighbouring witnesses that agree and
//     lie at most a day apart vouch for the time between them.
//
// The receiver is not changed and must be sealed. A second call starts from the
// exports again. Witnesses may come in any order; of a nil Directory nil comes back.
func (d *Directory) WithWitnesses(ws []Witness) *Directory {
	if d == nil {
		return nil
	}
	out := *d
	out.witness = nil
	if len(ws) == 0 {
		return &out
	}
	type pair struct{ user, of string }
	groups, roles := map[pair][]span3{}, map[pair][]span3{}
	for _, w := range ws {
		until := w.Until
		if until <= w.From {
			until = w.From + 1
		}
		s := span3{w.From, until, signin.TruthOf(w.Holds)}
		switch user := key(w.User); {
		case user == "" || w.From <= 0:
		case w.Group != "":
			p := pair{user, key(w.Group)}
			groups[p] = append(groups[p], s)
		case w.Role != "":
			p := pair{user, d.template(key(w.Role))}
			roles[p] = append(roles[p], s)
		}
	}
	o := &overlay{map[string]map[string]timeline{}, map[string]map[string]timeline{}}
	put := func(m map[string]map[string]timeline, p pair, t timeline) {
		if m[p.user] == nil {
			m[p.user] = map[string]timeline{}
		}
		m[p.user][p.of] = t
	}
	for p, list := range groups {
		put(o.groups, p, d.heed(list, d.groupDates(p.user, p.of), func(t signin.Time) signin.Truth { return d.member(p.user, p.of, t) }))
	}
	for p, list := range roles {
		put(o.roles, p, d.heed(list, d.roleDates(p.user, p.of), func(t signin.Time) signin.Truth { return d.hasRole(p.user, p.of, t) }))
	}
	out.witness = o
	return &out
}

// Witnesses counts the memberships and roles that WithWitnesses gave proof of.
func (d *Directory) Witnesses() int {
	if d == nil || d.witness == nil {
		return 0
	}
	n := 0
	for _, m := range []map[string]map[string]timeline{d.witness.groups, d.witness.roles} {
		for _, of := range m {
			n += len(of)
		}
	}
	return n
}

func (o *overlay) group(user, group string, at signin.Time) (signin.Truth, bool) {
	if o == nil {
		return signin.Unknown, false
	}
	t, ok := o.groups[user][group]
	return t.at(at), ok
}

func (o *overlay) role(user, role string, at signin.Time) (signin.Truth, bool) {
	if o == nil {
		return signin.Unknown, false
	}
	t, ok := o.roles[user][role]
	return t.at(at), ok
}

func (o *overlay) groupsOf(user string) map[string]bool {
	if o == nil {
		return nil
	}
	return keysOf(o.groups[user])
}

func (o *overlay) rolesOf(user string) map[string]bool {
	if o == nil {
		return nil
	}
	return keysOf(o.roles[user])
}

func (o *overlay) changes(user string, out []signin.Time) []signin.Time {
	if o == nil {
		return out
	}
	for _, m := range []map[string]map[string]timeline{o.groups, o.roles} {
		for _, t := range m[user] {
			for _, s := range t {
				out = append(out, s.from)
			}
		}
	}
	return out
}

// groupDates are the dated facts of a membership in the exports.
func (d *Directory) groupDates(user, group string) []moment {
	out := bounds(d.transitive[user][group], d.maybe[user][group])
	for _, l := range d.past.groups[group] {
		if l.whole || l.has[user] {
			out = append(out, l.moment)
		}
	}
	return out
}

func (d *Directory) roleDates(user, role string) []moment {
	out := bounds(d.roles[user][role], d.maybeRoles[user][role])
	for _, l := range d.past.roles {
		if l.whole || slices.ContainsFunc(slices.Collect(maps.Keys(l.holders)), func(r string) bool { return d.template(r) == role && l.holders[r][user] }) {
			out = append(out, l.moment)
		}
	}
	return out
}

func bounds(lists ...[]span) []moment {
	var out []moment
	for _, ss := range lists {
		for _, s := range ss {
			for _, t := range []signin.Time{s.From, s.Until} {
				if t != 0 {
					out = append(out, moment{t, t})
				}
			}
		}
	}
	return out
}

func byMoment(a, b moment) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) }
