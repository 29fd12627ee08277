package policy

import (
	"cmp"
	"strings"

	"frisk/internal/signin"
)

// look is one full export: everything a tenant had at an instant between at
// and late. An export nobody dated was made after all others: never.
type look struct {
	at, late            signin.Time
	folder              string
	policies, locations []*object
}

func byInstant(a, b look) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.late, b.late)) }

// objectKind tells policies from named locations.
type objectKind uint8

const (
	aPolicy objectKind = iota
	aLocation
)

func (l *look) of(k objectKind) []*object {
	if k == aLocation {
		return l.locations
	}
	return l.policies
}

// object is one policy or named location as one export, or one record of the
// audit log, holds it. Exactly one of policy and location is set.
type object struct {
	key               string // id, lower case, or the name where there is none
	policy            *Policy
	location          *NamedLocation
	created, modified signin.Time
	raw               *node // nil when it was not read from JSON
	mark              string
}

// objects are the policies and locations of a loaded set; raw holds their JSON,
// where it is known.
func objects(set *Set, raw map[any]*node) (policies, locations []*object) {
	for _, p := range set.Policies {
		o := &object{key: objectKey(p.ID, p.Name), policy: p, created: p.Created, modified: p.Modified, raw: raw[p]}
		policies = append(policies, o)
	}
	for _, n := range set.Locations {
		o := &object{key: objectKey(n.ID, n.Name), location: n, raw: raw[n]}
		if o.raw != nil {
			l := &loader{set: &Set{}} // a bad time was reported when the location was read
			o.created, o.modified = l.when(o.raw, "createdDateTime"), l.when(o.raw, "modifiedDateTime")
		}
		locations = append(locations, o)
	}
	return policies, locations
}

func (o *object) kind() objectKind {
	if o.location != nil {
		return aLocation
	}
	return aPolicy
}

func objectKey(id, name string) string {
	if id != "" {
		return id
	}
	return "name " + strings.ToLower(name)
}

// same reports whether two objects mean the same: where they were read, when
// they were written and what a policy is called do not count. A location's name
// does: the log names the locations it found by it.
func (o *object) same(p *object) bool { return o.print() == p.print() }

func (o *object) print() string {
	if o.mark != "" {
		return o.mark
	}
	if o.location != nil {
		n := *o.location
		n.File, n.Path, n.Force = "", "", nil
		o.mark = fingerprint(n)
		return o.mark
	}
	p := *o.policy
	p.Unread = nil
	for _, u := range o.policy.Unread {
		p.Unread = append(p.Unread, Unread{strings.TrimPrefix(u.Path, p.Path), u.Text})
	}
	if p.State != StateOther {
		p.StateText = ""
	}
	p.Name, p.File, p.Path, p.Created, p.Modified, p.Force, p.Version = "", "", "", 0, 0, nil, 0
	o.mark = fingerprint(p)
	return o.mark
}
