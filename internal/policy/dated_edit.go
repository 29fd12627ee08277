package policy

import (
	"fmt"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// edit is one record of the audit log about one object, with its JSON read.
// The log holds Graph JSON, whole or only what changed, as an object or as a
// text, with keys in any case (reference 1.11).
type edit struct {
	at       signin.Time
	kind     objectKind
	key      string
	name     string
	add, del bool
	old, new *node // nil = the log does not hold it
	file     string
}

// readEdit reads one record; notices are what does not parse.
func readEdit(e *directory.PolicyEdit) (edit, []Notice) {
	out := edit{
		at: e.At, name: e.Name, key: objectKey(strings.ToLower(e.ID), e.Name), file: e.File,
		add: strings.EqualFold(e.Action, "add"), del: strings.EqualFold(e.Action, "delete"),
	}
	if strings.EqualFold(e.Kind, "location") {
		out.kind = aLocation
	}
	var notices []Notice
	read := func(text, side string) *node {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		n, err := editJSON(text)
		if err != nil {
			notices = append(notices, Notice{
				Code: "edit-unread", Level: "warning", Policy: e.Name, File: e.File,
				Message: fmt.Sprintf("audit log line %d: the %s value of the change at %s does not parse: %v", e.Line, side, e.At, err),
				Fix:     "export the audit log again without shortening its values",
			})
			return nil
		}
		return n
	}
	if !out.add {
		out.old = read(e.Old, "old")
	}
	if !out.del {
		out.new = read(e.New, "new")
	}
	return out, notices
}

// editJSON reads the JSON of one side of a change: an object, a list of one, or
// a text that holds one of these. null and {} are nothing, without an error.
func editJSON(text string) (*node, error) {
	for range 3 {
		n, err := parseJSON([]byte(text))
		if err != nil {
			return nil, err
		}
		for n.kind == '[' && len(n.elems) == 1 {
			n = n.elems[0]
		}
		switch {
		case n.kind == '{' && !n.empty():
			if foreign(n) {
				return nil, fmt.Errorf("it is in the directory's own form (PolicyDetail, Controls), not in Graph's")
			}
			return n, nil
		case n.kind != '"' && n.empty():
			return nil, nil //nolint:nilnil // nothing was there
		case n.kind != '"':
			return nil, fmt.Errorf("expected a JSON object, found %s", clip(n.String()))
		case strings.TrimSpace(n.text) == "":
			return nil, nil //nolint:nilnil // nothing was there
		}
		text = n.text
	}
	return nil, fmt.Errorf("JSON in a text in a text")
}

// foreign reports the form in which the directory stored policies before Graph
// had them, and which old audit entries carry: read as Graph it would be a
// policy that asks for nothing.
func foreign(n *node) bool {
	apps := n.get("conditions").get("applications")
	return n.has("policyDetail") || n.has("controls") || apps.has("include") || apps.has("exclude")
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

// whole reports whether the JSON is the object, not only what changed of it.
func (e *edit) whole(n *node) bool {
	if e.kind == aLocation {
		return n.has("ipRanges") || n.has("countriesAndRegions") || n.has("compliantNetworkType")
	}
	return n.has("conditions") && n.has("state")
}

// precedes reports whether the change came before a look: on the day of an
// export without an hour, what the export shows decides.
func (e *edit) precedes(l *look, seen content) bool {
	switch {
	case e.at <= l.at || e.at > l.late:
		return e.at <= l.at
	case e.del || seen.absent:
		return e.del == seen.absent
	}
	return e.add || !e.until(seen).same(seen)
}

// after is what the object was once the edit was made; at is what it was later,
// which completes JSON that holds only what changed.
func (e *edit) after(later content) content {
	if e.del {
		return content{absent: true}
	}
	return e.read(e.new, later)
}

// until is what the object was until the edit was made.
func (e *edit) until(later content) content {
	if e.add {
		return content{absent: true}
	}
	return e.read(e.old, later)
}

// read makes an object of the JSON; one that holds only what changed is laid
// over base.
func (e *edit) read(n *node, base content) content {
	if n == nil {
		return content{}
	}
	if !e.whole(n) {
		if base.is == nil || base.is.raw == nil {
			return content{}
		}
		n = overlay(base.is.raw, n)
	}
	l := &loader{set: &Set{}, file: e.file}
	o := &object{key: e.key, raw: n}
	if e.kind == aLocation {
		l.location(n.fresh("$"))
		o.location = l.set.Locations[0]
		o.location.ID = strings.TrimPrefix(e.key, "name ")
		o.created, o.modified = l.when(n, "createdDateTime"), l.when(n, "modifiedDateTime")
		return content{is: o}
	}
	l.onePolicy(n.fresh("$"))
	p := l.set.Policies[0]
	if !strings.HasPrefix(e.key, "name ") {
		p.ID = e.key
	}
	if !n.has("displayName") && e.name != "" {
		p.Name = e.name
	}
	o.policy, o.created, o.modified = p, p.Created, p.Modified
	return content{is: o}
}

// overlay is base with the members of n put over it: objects member by member,
// everything else as a whole.
func overlay(base, n *node) *node {
	if base.kind != '{' || n.kind != '{' {
		return n
	}
	out := &node{kind: '{', path: base.path}
	out.names = append(out.names, base.names...)
	out.elems = append(out.elems, base.elems...)
next:
	for i, k := range n.names {
		for j := range out.names {
			if strings.EqualFold(out.names[j], k) {
				out.elems[j] = overlay(out.elems[j], n.elems[i])
				continue next
			}
		}
		out.names, out.elems = append(out.names, k), append(out.elems, n.elems[i])
	}
	out.used = make([]bool, len(out.names))
	return out
}
