package analysis

import (
	"regexp"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

var guid = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)

// namesIn names the ids that the facts of an explanation and the sign-in itself
// mention; nil when none has a name.
func namesIn(x *Explanation, around *surroundings, e *signin.Event) map[string]string {
	var sets []*policy.Set
	for _, engine := range around.engines {
		sets = append(sets, engine.Set())
	}
	known := policytext.NewNames(around.dir, sets...)
	out := map[string]string{}
	look := func(text string) {
		for _, id := range guid.FindAllString(text, -1) {
			if name := nameOf(strings.ToLower(id), known, e); name != "" {
				out[id] = name
			}
		}
	}
	look(x.Event.App)
	look(x.Event.Resource)
	look(x.Event.User)
	for i := range x.Sets {
		for _, p := range x.Sets[i].Policies {
			for _, c := range p.Conditions {
				look(c.Why)
			}
			for _, c := range p.Controls {
				look(c.Why)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// nameOf is the name of an id in lower case, whatever it is the id of; "" when
// nothing names it.
func nameOf(id string, known *policytext.Names, e *signin.Event) string {
	for _, s := range []struct{ id, name string }{
		{e.App.ID, e.App.Name}, {e.Resource.ID, e.Resource.Name}, {e.Principal.ID, e.Principal.Name},
	} {
		if s.name != "" && strings.EqualFold(s.id, id) {
			return s.name
		}
	}
	for _, ask := range []func(string) string{known.App, known.Group, known.Role, known.Location, known.User} {
		if name := ask(id); name != id {
			return name
		}
	}
	return ""
}
