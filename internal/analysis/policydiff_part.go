package analysis

import (
	"cmp"
	"slices"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/risk"
)

// teller names the people and the sign-ins of changes.
type teller struct {
	names  map[string]string // last seen in the log, by person
	dir    *directory.Directory
	events resolver
}

func (t *teller) person(key string) string {
	id := risk.PersonID(key)
	if u := t.dir.User(id); u != nil {
		return cmp.Or(u.UserPrincipalName, u.DisplayName, id)
	}
	return cmp.Or(t.names[key], id)
}

// part counts the changes of one kind; behind is the set whose policies are named.
func (t *teller) part(changes []replay.Change, kind string, behind *policy.Set) TouchedPart {
	var out TouchedPart
	people := make([]int, len(behind.Policies))
	for i := range changes {
		c := &changes[i]
		if c.Kind != kind {
			continue
		}
		if c.Certain {
			out.People++
		} else {
			out.Maybe++
		}
		who := TouchedPerson{Person: t.person(c.Person), Certain: c.Certain, Control: c.Control}
		if c.Policy >= 0 && c.Policy < len(people) {
			people[c.Policy]++
			who.Policy = behind.Policies[c.Policy].Name
		}
		if c.At != 0 {
			who.SignIn, who.Time = t.events.id(c.Example), c.At.String()
		}
		out.Who = append(out.Who, who)
	}
	for i, n := range people {
		if n > 0 {
			out.Policies = append(out.Policies, TouchedPolicy{behind.Policies[i].Name, n})
		}
	}
	slices.SortStableFunc(out.Policies, func(a, b TouchedPolicy) int { return cmp.Compare(b.People, a.People) })
	slices.SortStableFunc(out.Who, func(a, b TouchedPerson) int {
		if a.Certain != b.Certain {
			if a.Certain {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Person, b.Person)
	})
	return out
}
