package analysis

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policytext"
)

// fill puts the tenant's own ids in the place of a template's stand-ins.
func (s *surroundings) fill(cfg *Config, src *setSource, set *policy.Set) (*policy.Set, error) {
	stands := set.Placeholders()
	s.stands = append(s.stands, nil)
	mine := &s.stands[len(s.stands)-1]
	to, err := s.placeholders(cfg)
	if err != nil {
		return nil, err
	}
	for _, n := range placeholderNotices(src.name, stands, to) {
		s.notices = append(s.notices, n)
		*mine = append(*mine, n.Message+"; "+n.Fix)
	}
	set = set.Fill(to)
	if n, ok := s.foreign(src.name, set); ok {
		s.notices = append(s.notices, n)
		*mine = append(*mine, n.Message+"; "+n.Fix)
	}
	return set, nil
}

// codeForeign marks a set that names groups the directory does not have.
const codeForeign = "foreign-groups"

// foreign says how many groups of the policies the directory does not know, as
// those of another tenant's export; ok is false when all are known or nothing is.
func (s *surroundings) foreign(set string, of *policy.Set) (n policy.Notice, ok bool) {
	if len(s.dir.Groups()) == 0 {
		return n, false
	}
	var unknown []string
	for _, p := range of.Policies {
		for _, id := range slices.Concat(p.Users.IncludeGroups, p.Users.ExcludeGroups) {
			if policytext.GUID(id) && s.dir.Group(id) == nil && !slices.Contains(unknown, id) {
				unknown = append(unknown, id)
			}
		}
	}
	if len(unknown) == 0 {
		return n, false
	}
	return policy.Notice{
		Code: codeForeign, Level: "warning",
		Message: fmt.Sprintf("set %q: %d groups of its policies are not in the directory exports (%s), so who is in them is unknown", set, len(unknown), firstOf(unknown)),
		Fix:     "export them; of another tenant's policies, say which of your groups each stands for: --placeholder ID=GROUP, an empty value is nobody",
	}, true
}

// firstOf joins the first two names.
func firstOf(names []string) string {
	const most = 2
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + ", ..."
}

// placeholders are the ids each stand-in of the configuration means, by its name in
// lower case.
func (s *surroundings) placeholders(cfg *Config) (map[string][]string, error) {
	to := make(map[string][]string, len(cfg.Policies.Placeholders))
	for _, name := range sortedKeys(cfg.Policies.Placeholders) {
		ids, err := s.placeholder(cfg.Policies.Placeholders[name])
		if err != nil {
			return nil, fmt.Errorf("placeholder %q: %w", name, err)
		}
		to[strings.ToLower(name)] = ids
	}
	return to, nil
}

// placeholder is the ids a value of the configuration stands for.
func (s *surroundings) placeholder(value string) ([]string, error) {
	if value == "" || strings.EqualFold(value, "all") {
		return strings.Fields(value), nil
	}
	if id := s.groupID(value); id != "" {
		return []string{id}, nil
	}
	if len(s.dir.Groups()) > 0 && !policytext.GUID(value) {
		return nil, fmt.Errorf("the directory exports have no group with the id %q, and not exactly one of that name", value)
	}
	return []string{value}, nil
}

// unusedPlaceholder is an error when one of names, which somebody says what they
// stand for, is in none of the sets: mostly a slip of the pen.
func unusedPlaceholder(names []string, sets ...*policy.Set) error {
	for _, name := range names {
		if slices.ContainsFunc(sets, func(set *policy.Set) bool { return set.Names(name) }) {
			continue
		}
		var known []string
		for _, set := range sets {
			for _, p := range set.Placeholders() {
				known = append(known, p.Name)
			}
		}
		slices.Sort(known)
		if known = slices.Compact(known); len(known) == 0 {
			return fmt.Errorf("placeholder %q: no policy names it, nor any other placeholder", name)
		}
		return fmt.Errorf("placeholder %q: no policy names it; the placeholders are %s", name, strings.Join(known, ", "))
	}
	return nil
}

// codePlaceholder marks the notices a user should see at once.
const codePlaceholder = "placeholder"

// placeholderNotices say how the stand-ins that to does not mention are read:
// one line for those that leave answers unknown, one for those read as empty.
func placeholderNotices(set string, stands []policy.Placeholder, to map[string][]string) []policy.Notice {
	var open, empty []string
	for _, p := range stands {
		if _, ok := to[p.Name]; ok {
			continue
		}
		if p.Include > 0 {
			open = append(open, fmt.Sprintf("%s (included by %d)", p.Name, p.Include))
		}
		if p.Exclude > 0 {
			empty = append(empty, fmt.Sprintf("%s (excluded by %d)", p.Name, p.Exclude))
		}
	}
	var out []policy.Notice
	add := func(names []string, how, fix string) {
		if len(names) > 0 {
			out = append(out, policy.Notice{
				Code: codePlaceholder, Level: "warning",
				Message: fmt.Sprintf("set %q: placeholders of a template that %s: %s", set, how, strings.Join(names, ", ")), Fix: fix,
			})
		}
	}
	add(open, "leave it unknown whether the policies apply", "say what each stands for: --placeholder 'NAME=GROUP', or policies.placeholders in frisk.yaml; All is everybody, an empty value nobody")
	add(empty, "are read as groups without members", "say so if your tenant has such a group: --placeholder 'NAME=GROUP'")
	return out
}
