package lint

import (
	"frisk/internal/policy"
)

// Group is one thing that several places say: the notices of one code, level
// and message, in order.
type Group struct {
	Code, Level, Message, Fix string
	// At are the places, in order; a notice about the whole set has none.
	At []policy.Notice
}

// Groups joins notices that say the same: errors first, then warnings, then
// info; within a level in the order of their first place.
func Groups(notices []policy.Notice) []Group {
	type key struct{ code, level, message string }
	index := map[key]int{}
	var all []Group
	for _, n := range notices {
		k := key{n.Code, n.Level, n.Message}
		i, seen := index[k]
		if !seen {
			i = len(all)
			index[k] = i
			all = append(all, Group{Code: n.Code, Level: n.Level, Message: n.Message, Fix: n.Fix})
		}
		all[i].At = append(all[i].At, n)
	}
	var out []Group
	for _, level := range []string{Error, Warning, Info} {
		for i := range all {
			if all[i].Level == level {
				out = append(out, all[i])
			}
		}
	}
	return out
}

// Policies are the names of the policies a group is about, each once, in order.
func (g *Group) Policies() []string {
	seen := map[string]bool{}
	var out []string
	for _, n := range g.At {
		if n.Policy != "" && !seen[n.Policy] {
			seen[n.Policy] = true
			out = append(out, n.Policy)
		}
	}
	return out
}

// Count counts notices by level.
func Count(notices []policy.Notice) (errors, warnings, infos int) {
	for _, n := range notices {
		switch n.Level {
		case Error:
			errors++
		case Warning:
			warnings++
		default:
			infos++
		}
	}
	return errors, warnings, infos
}
