package analysis

import (
	"fmt"
	"strings"

	"frisk/internal/policydiff"
	"frisk/internal/policytext"
)

// diff lists what set n changes against the current set, one line per policy
// or location added, removed or changed in meaning.
func (r *Result) diff(n int) []string {
	if n == 0 {
		return nil
	}
	d := policydiff.Compare(r.around.engines[0].Set(), r.around.engines[n].Set(), r.around.dir)
	controls := map[string]string{}
	for _, p := range r.around.engines[n].Set().Policies {
		controls[p.Name] = policytext.Controls(p)
	}
	var out, added, removed []string
	for i := range d.Items {
		it := &d.Items[i]
		switch kind := it.Changes[0].Kind; {
		case kind == "added" && it.What == "policy":
			added = append(added, fmt.Sprintf("%s (%s)", it.Name, controls[it.Name]))
		case kind == "removed" && it.What == "policy":
			removed = append(removed, it.Name)
		default:
			var words []string
			for _, c := range it.Changes {
				if c.Effect == policydiff.NoEffect && len(it.Changes) > 1 {
					continue // a new name says nothing beside what it names
				}
				words = append(words, fmt.Sprintf("%s (%s)", c.Text, c.Effect))
			}
			out = append(out, it.Name+": "+strings.Join(words, "; "))
		}
	}
	// One that another organisation made shares nothing: names say little then.
	return append(append(someLines("adds", added), out...), someLines("removes", removed)...)
}

// someLines says a verb of each name in a line of its own, or in one line of
// them all when they are many.
func someLines(verb string, names []string) []string {
	const most, shown = 6, 3
	if len(names) > most {
		return []string{fmt.Sprintf("%s %d policies: %s, and %d more", verb, len(names), strings.Join(names[:shown], "; "), len(names)-shown)}
	}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = verb + " " + n
	}
	return out
}
