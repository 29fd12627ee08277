package lint

import (
	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

const excludeFix = "exclude the emergency access accounts, best as a group of their own"

var _ = register(Rule{
	Code: "lockout", Level: Error,
	Doc: "The policy can lock out everybody, or every Global Administrator, with a control that not everyone can meet (block, a device or an app), " +
		"at every resource, and nobody is left out who could undo it. Of a report-only policy it is a warning: it would once enabled.",
	Fix:    excludeFix,
	Source: "Conditional Access: plan a deployment, exclude emergency access accounts",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			if hard(q.Grant) && q.Workload == nil && unconditional(q) && everything(q) {
				p.lockout(q)
			}
		})
	},
})

var _ = register(Rule{
	Code: "no-break-glass", Level: Warning,
	Doc: "An enabled policy covers everybody at every resource and leaves no emergency access account out; or no account or group at all is left out " +
		"of all such policies together, so that every account depends on each control working.",
	Fix:    excludeFix,
	Source: "Microsoft Entra: manage emergency access accounts",
	check:  (*pass).breakGlass,
})

// interactive are the controls a person can meet by answering.
const interactive = policy.ControlMFA | policy.ControlStrength | policy.ControlPasswordChange |
	policy.ControlRiskRemediation | policy.ControlTermsOfUse | policy.ControlCustom

// hard reports that a grant has a control not everyone can meet by answering.
func hard(g *policy.Grant) bool {
	const others = policy.ControlBlock | policy.ControlCompliantDevice | policy.ControlDomainJoinedDevice |
		policy.ControlCompliantApplication | policy.ControlApprovedApplication
	return g != nil && g.Controls&others != 0 && (!g.Or || g.Controls&interactive == 0 || g.Controls&policy.ControlBlock != 0)
}

// everything reports that a policy covers every resource.
func everything(q *policy.Policy) bool {
	return has(q.Apps.Include, "all") && len(q.Apps.Exclude) == 0 && !q.Apps.Filter
}

func (p *pass) lockout(q *policy.Policy) {
	n := note{path: ".conditions.users"}
	would := "can lock"
	if q.State == policy.ReportOnly {
		n.level, would = Warning, "would, once enabled, lock"
	}
	u := &q.Users
	switch {
	case everybody(q) && excludesNobody(q):
		p.about(q, n, "the policy %s out everybody, administrators included: all users, all resources, nobody excluded, and a control not everyone can meet", would)
		return
	case has(u.IncludeRoles, policytext.GlobalAdministrator) && excludesNobody(q):
		p.about(q, n, "the policy %s out every Global Administrator: nobody excluded, and a control not everyone can meet", would)
		return
	}
	if p.in.Directory == nil {
		return
	}
	at := p.now()
	if r := policytext.ReachOf(u, p.in.Directory, at); everybody(q) && r.All > 0 && r.Covered == r.All {
		p.about(q, n, "the policy %s out everybody: nobody in the directory export is behind its exclusions", would)
		return
	}
	admins := p.administrators(at)
	for _, a := range admins {
		if policytext.Covers(u, p.in.Directory, a, at) != signin.True {
			return
		}
	}
	if len(admins) > 0 {
		p.about(q, n, "the policy %s out all %s of the directory export", would, policytext.Count(len(admins), "Global Administrator", "Global Administrators"))
	}
}

func (p *pass) breakGlass() {
	var catching []*policy.Policy
	bare := false
	p.each(false, func(q *policy.Policy) {
		if !catches(q) {
			return
		}
		catching = append(catching, q)
		if !excludesNobody(q) {
			return
		}
		bare = true
		if !hard(q.Grant) || !unconditional(q) || !everything(q) { // else it is a lockout
			p.about(q, note{path: ".conditions.users"}, "the policy covers all users and leaves no emergency access account out")
		}
	})
	if bare || len(catching) == 0 {
		return
	}
	if p.in.Directory != nil && len(p.in.Directory.Users()) > 0 {
		p.breakGlassPeople(catching)
		return
	}
	users, groups := catching[0].Users.ExcludeUsers, catching[0].Users.ExcludeGroups
	for _, q := range catching[1:] {
		users, groups = common(users, q.Users.ExcludeUsers), common(groups, q.Users.ExcludeGroups)
	}
	if len(users)+len(groups) == 0 {
		p.whole(note{}, "no one account or group is excluded from all %d enabled policies that cover everybody: as far as their ids tell, no account works when a control fails", len(catching))
	}
}

// breakGlassPeople looks for an account that no catching policy covers.
func (p *pass) breakGlassPeople(catching []*policy.Policy) {
	at := p.now()
	for _, a := range policytext.Accounts(p.in.Directory) {
		free := signin.True
		for _, q := range catching {
			free = free.And(policytext.Covers(&q.Users, p.in.Directory, a, at).Not())
		}
		if free != signin.False {
			return // one is left out, or may be
		}
	}
	p.whole(note{}, "no account of the directory export is left out of all %d enabled policies that cover everybody", len(catching))
}

// catches reports that a policy can stand in the way of an emergency access
// account wherever it signs in: everybody, the admin portals, a browser on any
// platform, and something to meet.
func catches(q *policy.Policy) bool {
	admin := has(q.Apps.Include, "all") || has(q.Apps.Include, "microsoftadminportals") || has(q.Apps.Include, armResource)
	return everybody(q) && q.Grant != nil && admin && (policycmp.AllClients(q) || has(q.ClientTypes, "browser")) &&
		allPlatforms(q) && !risky(q) && len(q.Flows) == 0 && q.DeviceStates == nil &&
		(q.Filter == nil || q.Filter.Exclude) && !q.Incomplete
}

func common(a, b []string) []string {
	var out []string
	for _, s := range a {
		if has(b, s) && s != "guestsorexternalusers" {
			out = append(out, s)
		}
	}
	return out
}
