package policy

import (
	"strings"
	"time"

	"frisk/internal/signin"
)

// object is the JSON object n.name, or nil; a value of another type is reported
// and treated as unread.
func (l *loader) object(n *node, name string, condition bool) *node {
	v := n.get(name)
	if v == nil || v.kind == '{' {
		return v
	}
	if !v.empty() {
		l.offType(v, "an object", condition)
	}
	return nil
}

func (l *loader) offType(v *node, want string, condition bool) {
	l.unread(v, condition)
	l.notice("off-schema", "warning", v.path, "expected %s, found %s: kept, not evaluated", want, v)
}

// unread keeps a value nobody evaluates.
func (l *loader) unread(v *node, condition bool) {
	if l.policy == nil {
		return
	}
	l.policy.Unread = append(l.policy.Unread, Unread{v.path, v.String()})
	l.policy.Incomplete = l.policy.Incomplete || condition
}

// texts is a list of strings: an array, one string, or flags joined by commas.
func (l *loader) texts(n *node, name string, condition bool) []string {
	v := n.get(name)
	if v == nil {
		return nil
	}
	var out []string
	add := func(s string) {
		for part := range strings.SplitSeq(s, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	switch v.kind {
	case '"':
		add(v.text)
	case '[':
		for _, e := range v.elems {
			switch {
			case e.kind == '"':
				add(e.text)
			case !e.empty():
				l.offType(e, "a text", condition)
			}
		}
	default:
		if !v.empty() {
			l.offType(v, "a list of texts", condition)
		}
	}
	return out
}

// ids is texts in lower case.
func (l *loader) ids(n *node, name string, condition bool) []string {
	out := l.texts(n, name, condition)
	for i, s := range out {
		out[i] = strings.ToLower(s)
	}
	return out
}

// text is a string member, "" when missing.
func (l *loader) str(n *node, name string) string {
	v := n.get(name)
	if v == nil {
		return ""
	}
	if v.kind != '"' {
		if !v.empty() {
			l.offType(v, "a text", false)
		}
		return ""
	}
	return v.text
}

// flag is a boolean member, false when missing; texts count too.
func (l *loader) flag(n *node, name string) bool {
	v := n.get(name)
	return v != nil && (v.kind == 't' || v.kind == '"' && strings.EqualFold(v.text, "true"))
}

// when is a time member; 0 when missing or not RFC 3339.
func (l *loader) when(n *node, name string) signin.Time {
	v := n.get(name)
	if v == nil || v.kind != '"' {
		return 0
	}
	t, err := time.Parse(time.RFC3339, v.text)
	if err != nil {
		l.notice("bad-time", "info", v.path, "%q is not an RFC 3339 time", v.text)
		return 0
	}
	return signin.FromTime(t)
}

// rest reports the members of n nobody asked for. Inside a condition they make
// the policy incomplete; include reports whether one of them is a list of
// things included, which widens the policy instead.
func (l *loader) rest(n *node, condition bool) (include bool) {
	if n == nil || n.kind != '{' {
		return false
	}
	for i, k := range n.names {
		v := n.elems[i]
		if n.used[i] || noise(k) || v.empty() {
			continue
		}
		widens := condition && strings.HasPrefix(strings.ToLower(k), "include")
		include = include || widens
		l.unread(v, condition && !widens)
		what := "kept, not evaluated"
		if condition {
			what = "kept, not evaluated: the policy's answer can be unknown at best where it would apply"
		}
		l.notice("unknown-key", "warning", v.path, "unknown key %q with value %s: %s", k, v, what)
	}
	return include
}

// narrow is rest for an object whose unknown lists cannot be told apart: any of
// them makes the policy incomplete.
func (l *loader) narrow(n *node) {
	if l.rest(n, true) {
		l.policy.Incomplete = true
	}
}

// choice is an include and an exclude list; nil when neither says anything.
func (l *loader) choice(n *node, include, exclude string) *Choice {
	if n == nil {
		return nil
	}
	c := &Choice{l.ids(n, include, true), l.ids(n, exclude, true)}
	if len(c.Include)+len(c.Exclude) == 0 {
		return nil
	}
	return c
}
