package policydiff

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
)

// changes collects what changed of one policy.
type changes struct {
	list []Change
}

func (c *changes) add(kind string, e Effect, text string) {
	c.list = append(c.list, Change{kind, e, text})
}

// policy lists the changes from p to q in the order a reader asks: name, state,
// who, what, when, what for.
func (d *differ) policy(p, q *policy.Policy) []Change {
	c := &changes{}
	if p.Name != q.Name {
		c.add("name", NoEffect, "renamed, was "+p.Name)
	}
	if p.State != q.State || p.State == policy.StateOther && p.StateText != q.StateText {
		e := NoEffect
		switch {
		case q.State == policy.Enabled:
			e = Stricter
		case p.State == policy.Enabled:
			e = Looser
		}
		c.add("state", e, policytext.State(p)+" becomes "+policytext.State(q))
	}
	scope := len(c.list)
	d.users(c, &p.Users, &q.Users)
	d.workload(c, p.Workload, q.Workload)
	d.resources(c, &p.Apps, &q.Apps)
	d.conditions(c, p, q)
	d.grant(c, p.Grant, q.Grant)
	session(c, &p.Session, &q.Session)
	unread(c, p, q)
	if p.State != policy.Enabled && q.State != policy.Enabled {
		for i := scope; i < len(c.list); i++ {
			c.list[i].Effect = NoEffect
		}
	}
	return c.list
}

func (d *differ) grant(c *changes, p, q *policy.Grant) {
	was, is := grantText(p), grantText(q)
	harder, softer := policycmp.GrantAsStrict(q, p), policycmp.GrantAsStrict(p, q)
	switch {
	case harder && softer:
	case harder:
		c.add("grant", Stricter, was+" becomes "+is)
	case softer:
		c.add("grant", Looser, was+" becomes "+is)
	case was != is:
		c.add("grant", Different, was+" becomes "+is)
	default:
		c.add("grant", Different, is+": what it accepts changes")
	}
}

func grantText(g *policy.Grant) string {
	if g == nil {
		return "no grant control"
	}
	return policytext.Grant(g)
}

func session(c *changes, p, q *policy.Session) {
	if *p == *q {
		return
	}
	e := Different
	switch harder, softer := policycmp.SessionAsStrict(q, p), policycmp.SessionAsStrict(p, q); {
	case harder && !softer:
		e = Stricter
	case softer && !harder:
		e = Looser
	}
	added, gone := lists(policytext.Session(p), policytext.Session(q))
	c.add("session", e, join(gone)+" becomes "+join(added))
}

func join(list []string) string {
	if len(list) == 0 {
		return "no session control"
	}
	return strings.Join(list, ", ")
}

// unread compares what nobody evaluates, by key and value.
func unread(c *changes, p, q *policy.Policy) {
	below := func(p *policy.Policy) []string {
		var out []string
		for _, u := range p.Unread {
			out = append(out, strings.TrimPrefix(u.Path, p.Path)+" "+u.Text)
		}
		slices.Sort(out)
		return out
	}
	was, is := below(p), below(q)
	if slices.Equal(was, is) {
		return
	}
	var keys []string
	for _, s := range slices.Concat(was, is) {
		key, _, _ := strings.Cut(s, " ")
		key = key[strings.LastIndexByte(key, '.')+1:]
		if !slices.Contains(keys, key) && (!slices.Contains(was, s) || !slices.Contains(is, s)) {
			keys = append(keys, key)
		}
	}
	c.add("conditions", Different, "not evaluated, but changed: "+strings.Join(keys, ", "))
}
