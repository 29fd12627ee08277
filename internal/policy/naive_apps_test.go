package policy_test

import (
	"encoding/json"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

const (
	naiveGraph    = "00000003-0000-0000-c000-000000000000"
	naiveAADGraph = "00000002-0000-0000-c000-000000000000"

	naiveDeviceRegistration = "01cb2876-7ebd-4aa4-9cc9-d28bd4d3a952"
	naiveTeams              = "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"
	naiveSharePoint         = "00000003-0000-0ff1-ce00-000000000000"
	naiveTeamsWeb           = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"
	naiveMySignIns          = "19db86c3-b2b9-44cc-b339-36da233a3be2"
)

// applications: 1.5. A request may have several targets; the policy applies when
// one of them is included and not excluded.
func (c *naiveCase) applications() answer {
	a := c.policy.Conditions.Apps
	if a == nil {
		return no
	}
	out := no
	for _, action := range a.Actions {
		out = either(out, c.action(action))
	}
	for _, id := range a.Contexts {
		out = either(out, c.authContext(id))
	}
	if says(a.Include, "None") || len(a.Include) == 0 && a.Filter == nil {
		return out
	}
	if action := c.tenant.Context.UserAction; action != "" && action != "none" && c.event.Resource.ID == "" {
		return either(out, sure(says(a.Include, "All"))) // 1.5: All policies apply to a registration too
	}
	for _, t := range c.targets() {
		out = either(out, c.target(a, t))
	}
	return out
}

// naiveTarget is a resource asked for, or the web app that signs its user in.
type naiveTarget struct {
	id     string // "" = not said
	client bool
	is     answer // whether it is a target at all
}

// targets are the audiences Entra evaluated, the best field when present; else
// the resource, and the client where it is a confidential one.
func (c *naiveCase) targets() []naiveTarget {
	var out []naiveTarget
	if c.event.Audiences != "" && c.event.Audiences != "[]" {
		var audiences []string
		if err := json.Unmarshal([]byte(c.event.Audiences), &audiences); err != nil {
			panic(err)
		}
		for _, id := range audiences {
			out = append(out, naiveTarget{id: id, is: yes})
		}
		return out
	}
	out = append(out, naiveTarget{id: c.event.Resource.ID, is: yes})
	if c.event.App.ID == "" || c.event.App.ID == c.event.Resource.ID || c.workload() {
		return out
	}
	// 1.5: a public client is never targeted, a confidential one is. Where no
	// credential is logged, docs: what runs in a browser may be either, the rest is public.
	switch credential := c.event.ClientCredential; {
	case credential == "none":
	case credential != "":
		out = append(out, naiveTarget{id: c.event.App.ID, client: true, is: yes})
	case c.event.Client == "Browser" || c.event.Client == "":
		out = append(out, naiveTarget{id: c.event.App.ID, client: true, is: maybe})
	}
	return out
}

func (c *naiveCase) target(a *naiveApps, t naiveTarget) answer {
	include := no
	for _, id := range a.Include {
		if strings.EqualFold(id, "All") {
			include = either(include, sure(!t.client)) // docs: the client counts when a policy names it
		} else {
			include = either(include, c.is(id, t.id))
		}
	}
	if a.Filter != nil && a.Filter.Mode == "include" { // 1.5: needs custom security attributes
		include = either(include, maybe)
	}
	exclude := no
	for _, id := range a.Exclude {
		exclude = either(exclude, c.is(id, t.id))
	}
	if a.Filter != nil && a.Filter.Mode == "exclude" {
		exclude = either(exclude, maybe)
	}
	return both(both(t.is, c.wide(a, t)), both(include, not(exclude)))
}

// widened says whether the 2026 change counts at the time of the row (1.5).
func (c *naiveCase) widened() bool {
	if from := c.tenant.Options.LowPrivilegeFrom; from != 0 {
		return c.event.Time >= from
	}
	return c.event.Time >= policy.DefaultLowPrivilegeFrom
}

// wide: 1.5. All with any exclusion used to skip requests for low-privilege
// directory scopes. No row lists scopes.
func (c *naiveCase) wide(a *naiveApps, t naiveTarget) answer {
	if !c.widened() && says(a.Include, "All") && len(a.Exclude) > 0 && (t.id == naiveGraph || t.id == naiveAADGraph || t.id == "") {
		return maybe
	}
	return yes
}

// is says whether an id, or a group of apps, in a policy is the target.
func (c *naiveCase) is(id, target string) answer {
	var b *policy.Bundle
	for i := range c.tenant.Bundles.List {
		if strings.EqualFold(c.tenant.Bundles.List[i].Name, id) {
			b = &c.tenant.Bundles.List[i]
		}
	}
	if b == nil {
		if target == "" {
			return maybe
		}
		if id == naiveAADGraph && target == naiveGraph && c.widened() {
			return maybe // 1.5: such a request is evaluated as one to Azure AD Graph
		}
		return sure(strings.EqualFold(id, target))
	}
	member := maybe
	if target != "" && b.Complete {
		member = no
	}
	for _, a := range b.NotMembers {
		if strings.EqualFold(a.ID, target) {
			member = no
		}
	}
	for _, a := range b.Members {
		if strings.EqualFold(a.ID, target) {
			member = yes
		}
	}
	if b.BrowserOnly && c.event.Client == "" {
		return both(member, maybe)
	}
	if b.BrowserOnly && c.event.Client != "Browser" {
		return no
	}
	return member
}

// action: 1.5, and 1.2: report-only cannot evaluate user actions.
func (c *naiveCase) action(action string) answer {
	if c.policy.State == "enabledForReportingButNotEnforced" {
		return no
	}
	if known := c.tenant.Context.UserAction; known != "" {
		return sure(strings.EqualFold(known, action))
	}
	// docs: a row of the registration services is unknown, any other is no user action.
	if c.event.App.ID == "" || c.event.Resource.ID == "" {
		return maybe
	}
	for _, id := range []string{c.event.App.ID, c.event.Resource.ID} {
		if id == naiveDeviceRegistration && action == "urn:user:registerdevice" ||
			id == naiveMySignIns && action == "urn:user:registersecurityinfo" {
			return maybe
		}
	}
	return no
}

// authContext: 1.5, a recorded context is in authenticationContextClassReferences.
func (c *naiveCase) authContext(id string) answer {
	if known := c.tenant.Context.AuthContext; known != "" {
		return sure(strings.EqualFold(known, id))
	}
	if c.event.AuthContexts == "" {
		return maybe
	}
	contexts, err := signin.DecodeList[string](c.event.AuthContexts)
	if err != nil {
		panic(err)
	}
	return sure(says(contexts, id))
}
