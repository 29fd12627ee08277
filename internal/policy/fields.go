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
	var out []string
	for _, p := range l.parts(n, name, condition) {
		out = append(out, p.text)
	}
	return out
}

// listPart is one text of a list and its path.
type listPart struct{ text, path string }

// parts is texts with their paths.
func (l *loader) parts(n *node, name string, condition bool) []listPart {
	v := n.get(name)
	if v == nil {
		return nil
	}
	var out []listPart
	add := func(e *node) {
		for part := range strings.SplitSeq(e.text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, listPart{part, e.path})
			}
		}
	}
	switch v.kind {
	case '"':
		add(v)
	case '[':
		for _, e := range v.elems {
			switch {
			case e.kind == '"':
				add(e)
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
		l.unknownKey(n, k, v, condition)
	}
	return include
}

// unevaluated are keys of Graph's schema that this program knows and does not
// evaluate, lower case, and what they are about (reference 1.4, 1.5, 1.8).
var unevaluated = map[string]string{
	"agents": "agent users", "includeagentidserviceprincipals": "agent identities", "excludeagentidserviceprincipals": "agent identities",
	"agentidserviceprincipalfilter": "agent identities", "agentcontext": "agent identities", "agentidrisklevels": "the risk of agent identities",
	"times": "the time of day",
}

func (l *loader) unknownKey(n *node, key string, v *node, condition bool) {
	what := "kept, not evaluated"
	if condition {
		what = "kept, not evaluated: the policy's answer can be unknown at best where it would apply"
	}
	if about := unevaluated[strings.ToLower(key)]; about != "" {
		l.notice("not-evaluated", "warning", v.path, "%q is about %s, which the log does not tell: %s", key, about, strings.TrimPrefix(what, "kept, not evaluated: "))
		return
	}
	word := similar(key, n.asked)
	if word != "" {
		what += "; did you mean " + word + "?"
	}
	l.notice("unknown-key", "warning", v.path, "unknown key %q%s: %s", key, brief(v), what)
	if word != "" {
		l.notices[len(l.notices)-1].Fix = "check the spelling: Graph calls it " + word
	}
}

// similar is the first of names that key may be a misspelling of: at most two
// letters apart, and one in four. "" = none.
func similar(key string, names []string) string {
	key = strings.ToLower(key)
	best, word := 3, ""
	for _, name := range names {
		if d := distance(key, strings.ToLower(name)); d < best && d*4 <= len(name) {
			best, word = d, name
		}
	}
	return word
}

// distance counts the letters to insert, delete or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
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

// brief is a short value for a message; what is long is kept in Unread.
func brief(v *node) string {
	const most = 60
	if text := v.String(); v.kind != '{' && len(text) <= most {
		return " with value " + text
	}
	return ""
}
