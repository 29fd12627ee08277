package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

// pass is one run of the rules over one input.
type pass struct {
	in       *Input
	set      *policy.Set // as it is now
	policies []*policy.Policy
	names    *policytext.Names
	order    map[*policy.Policy]int
	rule     *Rule
	out      []found
	invalid  map[int]bool // see refused; nil = not asked yet
}

// found is a notice with where it sorts.
type found struct {
	policy.Notice
	at     int // index of the policy, past the last for the whole set
	loaded bool
}

// note is what a rule says; fields left empty come from the rule.
type note struct {
	level, path, fix string
}

// about reports something about one policy; path is below the policy's own.
func (p *pass) about(q *policy.Policy, n note, format string, args ...any) {
	p.add(p.order[q], policy.Notice{Policy: q.Name, File: q.File, Path: q.Path + n.path}, n, format, args...)
}

// location reports something about a named location.
func (p *pass) location(l *policy.NamedLocation, n note, format string, args ...any) {
	p.add(len(p.policies), policy.Notice{File: l.File, Path: l.Path + n.path}, n, format, args...)
}

// whole reports something about the set.
func (p *pass) whole(n note, format string, args ...any) {
	p.add(len(p.policies)+1, policy.Notice{}, n, format, args...)
}

func (p *pass) add(at int, n policy.Notice, say note, format string, args ...any) {
	n.Code = p.rule.Code
	n.Level = cmp.Or(say.level, p.rule.Level)
	n.Fix = cmp.Or(say.fix, p.rule.Fix)
	n.Message = fmt.Sprintf(format, args...)
	p.out = append(p.out, found{n, at, false})
}

// loaded takes over what the reader of the files said, with the fix of its rule.
func (p *pass) loaded() {
	byPlace := map[string]int{}
	for i, q := range p.policies {
		byPlace[q.File+"\x00"+q.Path] = i
	}
	for _, n := range p.in.Set.Notices {
		at := len(p.policies)
		q := p.within(byPlace, n.File, n.Path)
		if q >= 0 {
			at = q
		} else if p.in.Set.Dated && n.Policy != "" {
			continue // about an older version
		}
		if r := Find(n.Code); r != nil {
			n.Fix = cmp.Or(n.Fix, r.Fix)
		}
		if q >= 0 {
			adjust(&n, p.policies[q])
		} else if n.Code == "not-a-policy" && len(p.policies) > 0 {
			n.Level = Info // beside policies, such as a tool's migration table
		}
		p.out = append(p.out, found{n, at, true})
	}
}

// within is the index of the policy a JSON path lies in, -1 for none.
func (p *pass) within(byPlace map[string]int, file, path string) int {
	for {
		if i, ok := byPlace[file+"\x00"+path]; ok {
			return i
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut <= 0 {
			return -1
		}
		path = path[:cut]
	}
}

// adjust says more about a reader's notice than the reader could know.
func adjust(n *policy.Notice, q *policy.Policy) {
	switch {
	case n.Code == "no-controls" && q.State == policy.Enabled:
		n.Level = Warning
	case n.Code == "unknown-control" && strings.Contains(strings.ToLower(n.Message), `"compliantnetwork"`):
		n.Fix = "compliant network is a location, not a grant control: block, and exclude the location \"All Compliant Network locations\""
	}
}

func (p *pass) sorted() []policy.Notice {
	slices.SortStableFunc(p.out, func(a, b found) int {
		if c := cmp.Compare(a.at, b.at); c != 0 {
			return c
		}
		if a.loaded != b.loaded {
			if a.loaded {
				return -1
			}
			return 1
		}
		if a.loaded {
			return 0 // reading order
		}
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.File, b.File), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	var out []policy.Notice
	for _, f := range p.out {
		if len(out) == 0 || out[len(out)-1] != f.Notice {
			out = append(out, f.Notice)
		}
	}
	return out
}

// each calls f for the policies that are on, in set order; report-only ones too when asked.
func (p *pass) each(reportOnly bool, f func(*policy.Policy)) {
	for _, q := range p.policies {
		if q.State == policy.Enabled || reportOnly && q.State == policy.ReportOnly {
			f(q)
		}
	}
}

// now is the newest time anything here speaks of: the end of the log, else the
// last edit of a policy. There is no clock.
func (p *pass) now() signin.Time {
	if p.in.Facts != nil && p.in.Facts.To != 0 {
		return p.in.Facts.To
	}
	var t signin.Time
	for _, q := range p.policies {
		t = max(t, q.Modified, q.Created)
	}
	for i := range p.in.Edits {
		t = max(t, p.in.Edits[i].At)
	}
	return t
}

// day is a time as its UTC day.
func day(t signin.Time) string { return t.Time().Format("2006-01-02") }

func has(list []string, s string) bool { return slices.Contains(list, s) }

// item is the path of the i-th element of a list.
func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// allPlatforms reports that platforms do not narrow a policy.
func allPlatforms(q *policy.Policy) bool {
	return q.Platforms == nil || has(q.Platforms.Include, "all") && len(q.Platforms.Exclude) == 0
}

// anywhere reports that locations do not narrow a policy.
func anywhere(q *policy.Policy) bool {
	return q.Locations == nil || has(q.Locations.Include, "all") && len(q.Locations.Exclude) == 0
}

// risky reports that a policy looks at a risk level.
func risky(q *policy.Policy) bool {
	return len(q.SignInRisk)+len(q.UserRisk)+len(q.InsiderRisk)+len(q.ServicePrincipalRisk) > 0
}

// unconditional reports that nothing beyond users and apps narrows a policy.
func unconditional(q *policy.Policy) bool {
	return policycmp.AllClients(q) && allPlatforms(q) && anywhere(q) && !risky(q) && len(q.Flows) == 0 &&
		q.Filter == nil && q.DeviceStates == nil && !q.Incomplete
}

// controls are the grant controls of a policy, 0 for none.
func controls(q *policy.Policy) policy.Controls {
	if q.Grant == nil {
		return 0
	}
	return q.Grant.Controls
}

// everybody reports that a policy includes all users; exclusions may still take some out.
func everybody(q *policy.Policy) bool { return has(q.Users.IncludeUsers, "all") && q.Workload == nil }

// excludesNobody reports that a policy leaves nobody out.
func excludesNobody(q *policy.Policy) bool {
	u := &q.Users
	return len(u.ExcludeUsers)+len(u.ExcludeGroups)+len(u.ExcludeRoles) == 0 && u.ExcludeGuests == nil
}
