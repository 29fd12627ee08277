package analysis

import (
	"strings"

	"frisk/internal/directory"
	"frisk/internal/exceptions"
	"frisk/internal/signin"
)

// department is how a department is told from a group of the same name.
const department = "department "

// groupsOfRequests gives the patterns the groups and departments that people may
// ask together in: the reported groups but for those a policy excludes, which
// people are in because they asked.
func (r *Result) groupsOfRequests(in *exceptions.Input) {
	dir := r.around.dir
	excluded := map[string]bool{}
	for i := range in.Policies {
		for _, g := range in.Policies[i].Groups {
			excluded[g] = true
		}
	}
	var groups []*directory.Group
	for _, id := range r.around.reportGroups() {
		if g := dir.Group(id); g != nil && !excluded[g.ID] {
			groups = append(groups, g)
		}
	}
	departments := map[string]int{}
	for _, u := range dir.Users() {
		if d := strings.TrimSpace(u.Department); d != "" {
			departments[department+d]++
		}
	}
	if len(groups) == 0 && len(departments) == 0 {
		return
	}
	in.GroupCount = len(groups) + len(departments)
	in.Groups = func(person string, at signin.Time) []string {
		var out []string
		for _, g := range groups {
			if dir.Member(person, g.ID, at) == signin.True {
				out = append(out, g.ID)
			}
		}
		if u := dir.UserAt(person, at); u != nil && strings.TrimSpace(u.Department) != "" {
			out = append(out, department+strings.TrimSpace(u.Department))
		}
		return out
	}
	sizes := map[string]int{}
	in.Size = func(group string) int {
		if n, ok := departments[group]; ok {
			return n
		}
		n, ok := sizes[group]
		if !ok {
			n = len(dir.Members(group, r.until))
			sizes[group] = n
		}
		return n
	}
}
