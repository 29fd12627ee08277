package policy

import (
	"fmt"
	"strings"
	"testing"
)

// example is a policy that configures one property of the schema.
func example(p SchemaPart) string {
	path, _, _ := strings.Cut(p.Path, "[")
	keys := strings.Split(path, ".")
	value := p.Example
	for i := len(keys) - 1; i > 0; i-- {
		value = fmt.Sprintf("{%q:%s}", keys[i], value)
	}
	if keys[0] == "conditions" {
		return fmt.Sprintf(`{"displayName":"P","state":"enabled","conditions":%s,"grantControls":{"operator":"OR","builtInControls":["block"]}}`, value)
	}
	return fmt.Sprintf(`{"displayName":"P","state":"enabled","conditions":{},%q:%s}`, keys[0], value)
}

// The schema table says what the reader of policies does: what it calls unknown
// is kept as unread, and nothing else is.
func TestSchema(t *testing.T) {
	var controls Controls
	for _, part := range Schema() {
		if part.Doc == "" || part.Example == "" {
			t.Errorf("%s is not complete", part.Path)
		}
		set, notices, err := Parse("x.json", []byte(example(part)))
		if err != nil {
			t.Errorf("%s: %v", part.Path, err)
			continue
		}
		p := set.Policies[0]
		unread := len(p.Unread) > 0 || p.Incomplete || p.Users.IncludeUnread || p.Apps.IncludeUnread
		if p.Workload != nil {
			unread = unread || p.Workload.IncludeUnread
		}
		condition := strings.HasPrefix(part.Path, "conditions.")
		if want := condition && part.Support == UnknownOnly; unread != want {
			t.Errorf("%s: kept as unread: %t, want %t (%v)", part.Path, unread, want, notices)
		}
		have := ControlFrequency | ControlTokenProtection
		if p.Grant != nil {
			have |= p.Grant.Controls
		}
		if p.Session.Frequency == 0 {
			have &^= ControlFrequency
		}
		if !p.Session.TokenProtection {
			have &^= ControlTokenProtection
		}
		if part.control&^have != 0 {
			t.Errorf("%s: is not read as %s", part.Path, part.control.Names())
		}
		if part.Support == NotEvaluated && len(p.Session.Words()) == 0 {
			t.Errorf("%s: is not shown", part.Path)
		}
		if strings.HasPrefix(part.Path, "grantControls.builtInControls") && builtIn(part.Path) != part.control {
			t.Errorf("%s stands for %s", part.Path, part.control.Names())
		}
		controls |= part.control
	}
	for i, name := range controlNames {
		if c := Controls(1) << i; c != ControlOther && controls&c == 0 {
			t.Errorf("control %s has no schema part", name)
		}
	}
	for _, c := range Conditions() {
		found := false
		for _, part := range Schema() {
			found = found || strings.Contains(strings.ToLower(part.Path), "conditions.") && strings.Contains(strings.ToLower(part.Path), strings.ToLower(c.Name))
		}
		if !found {
			t.Errorf("condition %s has no schema part", c.Name)
		}
	}
}

// builtIn is the control a builtInControls path names.
func builtIn(path string) Controls {
	_, name, _ := strings.Cut(path, "[")
	return controlOf(strings.TrimSuffix(name, "]"))
}
