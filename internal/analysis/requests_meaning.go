package analysis

import (
	"strings"

	"frisk/internal/directory"
	"frisk/internal/exceptions"
	"frisk/internal/policy"
)

// meaning finds the policy a request is about: by the group it asks for, which
// the policy excludes; by the policy's id, its name or the beginning of the name
// up to a separator ("CA203"); by the tables of a mapping file.
type meaning struct {
	dir     *directory.Directory
	byGroup map[string][]string // excluded group or role -> policy keys
	byName  map[string]string   // folded id or name -> key
	byHead  map[string]string   // folded beginning -> key, "" when shared
	names   map[string]string   // folded group name -> id
}

func newMeaning(ps []exceptions.Policy, set *policy.Set, dir *directory.Directory) *meaning {
	m := &meaning{dir: dir, byGroup: map[string][]string{}, byName: map[string]string{}, byHead: map[string]string{}, names: map[string]string{}}
	for i := range ps {
		p := &ps[i]
		m.byName[folded(p.Key)], m.byName[folded(p.Name)] = p.Key, p.Key
		if head := headOf(p.Name); head != "" {
			if _, taken := m.byHead[head]; taken {
				m.byHead[head] = ""
			} else {
				m.byHead[head] = p.Key
			}
		}
		for _, g := range p.Groups {
			m.exclude(g, p.Key)
		}
	}
	if set != nil {
		for _, p := range set.Policies {
			for _, role := range p.Users.ExcludeRoles {
				m.exclude(role, policyKey(p))
			}
		}
	}
	for _, g := range dir.Groups() {
		n := folded(g.DisplayName)
		if _, taken := m.names[n]; taken {
			m.names[n] = ""
		} else {
			m.names[n] = g.ID
		}
	}
	return m
}

// exclude notes that a policy leaves out a group, and whoever is in a group nested in it.
func (m *meaning) exclude(group, policy string) {
	for _, g := range append([]string{group}, m.dir.Within(group)...) {
		if ks := m.byGroup[g]; len(ks) == 0 || ks[len(ks)-1] != policy {
			m.byGroup[g] = append(ks, policy)
		}
	}
}

func folded(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// headOf is the beginning of a policy's name that people write instead of it:
// "CA203" of "CA203 Production: block". "" when the name has one word only.
func headOf(name string) string {
	head, _, ok := strings.Cut(folded(name), " ")
	if head = strings.TrimRight(head, ":-–,;."); !ok || len(head) < 3 {
		return ""
	}
	return head
}

// group is the id of a group by id or name; the text itself when none is known.
func (m *meaning) group(text string) string {
	t := folded(text)
	if m.dir.Group(t) == nil && m.names[t] != "" {
		return m.names[t]
	}
	return t
}

// of is exceptions.Input.PolicyOf. A group that several policies exclude means
// the one the request names as well; if it names none, the first of them.
func (m *meaning) of(q *directory.Request) string {
	named := m.text(q.Policy)
	if q.Group != "" {
		keys := m.byGroup[m.group(q.Group)]
		for _, k := range keys {
			if k == named {
				return k
			}
		}
		if len(keys) > 0 {
			return keys[0]
		}
	}
	for _, k := range []string{named, m.text(q.Group), m.text(q.Mapped)} {
		if k != "" {
			return k
		}
	}
	return ""
}

// text is the policy a text is the id, name or beginning of the name of; "" for none.
func (m *meaning) text(s string) string {
	t := folded(s)
	if t == "" {
		return ""
	}
	if k := m.byName[t]; k != "" {
		return k
	}
	if k := m.byHead[t]; k != "" {
		return k
	}
	return m.byHead[headOf(t)]
}
