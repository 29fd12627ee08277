package lint

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/signin"
)

var _ = register(Rule{
	Code: "never-matches", Level: Warning,
	Doc:    "No sign-in can meet all conditions of the policy: it includes nobody or nothing, excludes again what it includes, or asks for two things that exclude each other.",
	Fix:    "delete the policy or give it something to match",
	Source: "Conditional Access: a policy applies when every configured assignment matches (concept-conditional-access-policies)",
	check: func(p *pass) {
		for _, q := range p.policies {
			p.neverPeople(q)
			p.neverApps(q)
			p.neverChoices(q)
			p.neverDevices(q)
		}
	},
})

// nobody reports that the users condition takes nobody in.
func nobody(q *policy.Policy) bool {
	u := &q.Users
	users := slices.DeleteFunc(slices.Clone(u.IncludeUsers), func(s string) bool { return s == "none" })
	return q.Workload == nil && len(users)+len(u.IncludeGroups)+len(u.IncludeRoles) == 0 && u.IncludeGuests == nil &&
		!u.IncludeUnread && !q.Incomplete
}

// nothing reports that the policy targets no resource, action or context.
func nothing(q *policy.Policy) bool {
	a := &q.Apps
	apps := slices.DeleteFunc(slices.Clone(a.Include), func(s string) bool { return s == "none" })
	return len(apps)+len(a.UserActions)+len(a.AuthContexts) == 0 && !a.IncludeUnread && (!a.Filter || a.FilterExclude)
}

func (p *pass) neverPeople(q *policy.Policy) {
	u := &q.Users
	const path = ".conditions.users"
	switch {
	case nobody(q):
		p.about(q, note{path: path}, "the policy includes nobody")
	case q.Workload != nil:
		w := q.Workload
		if len(w.Include) > 0 && policycmp.Subset(w.Include, w.Exclude) {
			p.about(q, note{path: ".conditions.clientApplications"}, "every service principal the policy includes is excluded again")
		}
	case u.IncludeGuests == nil && !u.IncludeUnread && !q.Incomplete &&
		policycmp.Subset(u.IncludeUsers, u.ExcludeUsers, "none") && policycmp.Subset(u.IncludeGroups, u.ExcludeGroups) && policycmp.Subset(u.IncludeRoles, u.ExcludeRoles):
		p.about(q, note{path: path}, "everyone the policy includes is excluded again")
	}
}

func (p *pass) neverApps(q *policy.Policy) {
	a := &q.Apps
	const path = ".conditions.applications"
	switch {
	case nothing(q):
		p.about(q, note{path: path}, "the policy targets no resource, action or context")
	case len(a.Include) > 0 && len(a.UserActions)+len(a.AuthContexts) == 0 && !a.Filter && !a.IncludeUnread && policycmp.Subset(a.Include, a.Exclude, "none"):
		p.about(q, note{path: path}, "every resource the policy targets is excluded again")
	}
}

func (p *pass) neverChoices(q *policy.Policy) {
	for _, l := range []struct {
		key    string
		choice *policy.Choice
	}{{"platforms", q.Platforms}, {"locations", q.Locations}} {
		if l.choice != nil && (policycmp.Subset(l.choice.Include, l.choice.Exclude) || has(l.choice.Exclude, "all")) {
			p.about(q, note{path: ".conditions." + l.key}, "everything included in %s is excluded again, or nothing is included", l.key)
		}
	}
}

// neverDevices compares what a device filter demands with the other conditions.
// Only rules of comparisons joined by and are judged.
func (p *pass) neverDevices(q *policy.Policy) {
	if q.Filter == nil || q.Filter.Exclude {
		return
	}
	say := func(format string, args ...any) {
		p.about(q, note{path: ".conditions.devices.deviceFilter.rule"}, "no device can meet the conditions: "+format, args...)
	}
	if q.Filter.Unregistered() == signin.False && !policycmp.AllClients(q) && policycmp.Subset(q.ClientTypes, legacyClients) {
		// Legacy clients send no device state (reference 1.6).
		say("the filter needs a registered device, and legacy clients never show one")
		return
	}
	tests, ok := q.Filter.Conjuncts()
	if !ok {
		return
	}
	wants := map[string]policy.FilterTest{}
	for _, t := range tests {
		if !t.Equal || t.Null || len(t.Values) != 1 {
			continue
		}
		if w, seen := wants[t.Attribute]; seen {
			same := strings.EqualFold(w.Values[0], t.Values[0])
			if !w.Negative && !t.Negative && !same || w.Negative != t.Negative && same {
				say("device.%s is asked to be two things at once", t.Attribute)
				return
			}
		}
		if _, seen := wants[t.Attribute]; !seen || !t.Negative {
			wants[t.Attribute] = t
		}
	}
	if why := offPlatform(q, wants); why != "" {
		say("%s", why)
	}
}

// offPlatform says why the platforms rule out what the filter demands.
func offPlatform(q *policy.Policy, wants map[string]policy.FilterTest) string {
	if q.Platforms == nil {
		return ""
	}
	if t, ok := wants["trusttype"]; ok && !t.Negative && strings.EqualFold(t.Values[0], "ServerAD") && !onPlatform(q, "windows") {
		return "hybrid joined devices (trustType ServerAD) are Windows, and the platforms leave Windows out"
	}
	if t, ok := wants["operatingsystem"]; ok && !t.Negative {
		name := strings.ToLower(t.Values[0])
		if has(platforms, name) && !onPlatform(q, name) {
			return fmt.Sprintf("the filter asks for %s, and the platforms leave it out", t.Values[0])
		}
	}
	return ""
}

// platforms are those a policy can name.
var platforms = []string{"android", "ios", "windows", "macos", "linux"}

// legacyClients are the client types that cannot answer or prove anything (reference 1.6).
var legacyClients = []string{"exchangeactivesync", "eassupported", "easunsupported", "other"}

// onPlatform reports that a policy's platforms can match a platform.
func onPlatform(q *policy.Policy, name string) bool {
	c := q.Platforms
	return c == nil || (has(c.Include, "all") || has(c.Include, name)) && !has(c.Exclude, "all") && !has(c.Exclude, name)
}
