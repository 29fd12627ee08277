package policy_test

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// naiveAsked is what each condition of one policy says; one that is not
// configured is missing.
type naiveAsked map[string]answer

// ask asks every configured condition of a policy.
func (c *naiveCase) ask() naiveAsked {
	k := &c.policy.Conditions
	out := naiveAsked{"applications": c.applications()}
	if k.Workload != nil {
		out["clientApplications"] = c.workloadIdentity()
	} else {
		out["users"] = c.users()
	}
	if len(k.ClientTypes) > 0 && !says(k.ClientTypes, "all") {
		out["clientAppTypes"] = c.client()
	}
	if k.Platforms != nil {
		out["platforms"] = c.platforms()
	}
	if k.Locations != nil {
		out["locations"] = c.locations()
	}
	if len(k.SignInRisk) > 0 {
		out["signInRiskLevels"] = c.signInRisk()
	}
	if len(k.UserRisk) > 0 {
		out["userRiskLevels"] = c.userRisk()
	}
	if len(k.ServiceRisk) > 0 {
		out["servicePrincipalRiskLevels"] = c.serviceRisk()
	}
	if k.InsiderRisk != "" {
		out["insiderRiskLevels"] = c.insiderRisk()
	}
	if k.Devices != nil && k.Devices.Filter != nil {
		out["deviceFilter"] = c.deviceFilter()
	}
	if k.Devices != nil && len(k.Devices.Include) > 0 {
		out["deviceStates"] = c.deviceStates()
	}
	if k.Flows != nil && k.Flows.Methods != "" {
		out["authenticationFlows"] = c.flows()
	}
	if k.Times != nil && len(k.Times.Include) > 0 || k.Agents != nil && len(k.Agents.Include) > 0 {
		out["unread"] = maybe // docs: may be narrower than what is evaluated
	}
	return out
}

// applies: 1.1, every configured assignment must match.
func (c *naiveCase) applies(asked naiveAsked) answer {
	state := strings.ToLower(c.policy.State)
	if state != "enabled" && state != "enabledforreportingbutnotenforced" {
		return no // 1.2
	}
	if c.outOfScope() {
		return no
	}
	out := yes
	for _, a := range asked {
		out = both(out, a)
	}
	return out
}

// frequency is the policy's sign-in frequency (1.10), 0 = none.
func (p *naivePolicy) frequency() signin.Time {
	if p.Session == nil || p.Session.Frequency == nil || !p.Session.Frequency.Enabled {
		if p.Grant != nil && says(p.Grant.Controls, "riskRemediation") {
			return policy.EveryTime // 1.9: implied
		}
		return 0
	}
	f := p.Session.Frequency
	if f.Interval == "everyTime" { // type and value are null then
		return policy.EveryTime
	}
	if f.Value == nil || f.Type == nil {
		return 0
	}
	unit := signin.Hour
	if *f.Type == "days" {
		unit = signin.Day
	}
	return signin.Time(*f.Value) * unit
}

// tooOld says whether the session's proof is older than the policy's frequency
// lets it be (1.10). second says whether anything enforced asks for a second
// factor: one that nobody asks for cannot be too old.
func (c *naiveCase) tooOld(s *policy.State, second answer) answer {
	limit := c.policy.frequency()
	if limit == 0 {
		return no
	}
	cred := c.event.ClientCredential
	if s.Background && (c.event.Client == "Browser" || cred != "" && cred != "none") {
		return no // rule 5: deferred to the next interaction
	}
	now := c.hasSession()
	if s.Background && c.event.Client == "" { // perhaps a browser
		now = both(now, maybe)
	}
	if limit == policy.EveryTime {
		limit = 5 * signin.Minute // rule 6
	}
	first, other := older(s.First, limit), older(s.Second, limit)
	if s.DeviceSession { // rule 3: the clock is the token's refresh, which a factor refreshes too
		token := older(s.PRT, limit)
		first, other = both(first, token), both(other, token)
	}
	other = both(other, second)
	if p := c.policy.Session; p != nil && p.Frequency != nil && p.Frequency.Enabled && p.Frequency.Factors == "secondaryAuthentication" { // rule 2
		return both(now, other)
	}
	return both(now, either(first, other))
}

func older(a policy.Age, limit signin.Time) answer {
	if a.Min > limit {
		return yes
	}
	if a.Max <= limit {
		return no
	}
	return maybe
}

// hasSession: 1.1, legacy clients are evaluated at every token request; 1.3, B2B
// direct connect has neither sign-in frequency nor a persistent browser.
func (c *naiveCase) hasSession() answer {
	if c.workload() || c.legacy() {
		return no
	}
	return not(c.direct())
}

// asksSecond says whether the policy's grant asks for a second factor: not where
// another control it accepts instead is met.
func (c *naiveCase) asksSecond(s *policy.State) answer {
	asks, instead := no, no
	for _, d := range c.demands(s) {
		if d.control == policy.ControlMFA || d.control == policy.ControlStrength {
			asks = yes
		} else {
			instead = either(instead, d.met)
		}
	}
	switch {
	case asks == no || c.policy.operator() == "AND" || instead == no:
		return asks
	case c.policy.operator() == "OR":
		return not(instead)
	}
	return maybe
}

// gradeOf adds the session's demand to the grant's.
func (c *naiveCase) gradeOf(s *policy.State, second, preferred answer) grade {
	g := c.grantGrade(s, preferred)
	if p := c.policy.Session; p != nil && p.Token != nil && p.Token.Enabled && !c.workload() {
		switch c.bound() { // nobody is asked: an unbound session is refused
		case no:
			g = grade{policy.Block, policy.Block, g.asked | policy.ControlTokenProtection, g.sure | policy.ControlTokenProtection}
		case maybe:
			g.worst, g.asked = policy.Block, g.asked|policy.ControlTokenProtection
		}
	}
	switch c.tooOld(s, second) {
	case yes:
		g.best, g.sure = max(g.best, policy.Prompt), g.sure|policy.ControlFrequency
		g.worst, g.asked = max(g.worst, policy.Prompt), g.asked|policy.ControlFrequency
	case maybe:
		g.worst, g.asked = max(g.worst, policy.Prompt), g.asked|policy.ControlFrequency
	}
	return g
}

// bound: 1.10, token protection at the resources that support it.
func (c *naiveCase) bound() answer {
	if c.event.TokenBinding == "bound" {
		return yes
	}
	covered := false
	for _, t := range c.targets() {
		covered = covered || t.is == yes && slices.Contains([]string{
			"00000002-0000-0ff1-ce00-000000000000", "00000003-0000-0ff1-ce00-000000000000", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", // Exchange, SharePoint, Teams
			"9cdead84-a844-4324-93f2-b2e6bb768d07", "0af06dc6-e4b5-4f28-818e-e78e62d137a5", "270efc09-cd0d-444b-a71f-39af4910ec45", // AVD, W365
		}, t.id)
	}
	if !covered {
		return maybe
	}
	if c.platform() != "windows" { // the page is about Windows
		return maybe
	}
	if c.event.TokenBinding == "unbound" || c.event.Client == "Browser" && c.event.App.ID == naiveTeamsWeb {
		return no
	}
	return maybe
}

// inForce says whether a version of a policy counted at the time: certain inside
// [From, Until), possible inside [MaybeFrom, MaybeUntil).
func inForce(f *policy.Force, at signin.Time) answer {
	if f == nil {
		return yes
	}
	if (f.From == 0 || at >= f.From) && (f.Until == 0 || at < f.Until) {
		return yes
	}
	if (f.MaybeFrom == 0 || at >= f.MaybeFrom) && (f.MaybeUntil == 0 || at < f.MaybeUntil) {
		return maybe
	}
	return no
}

// naiveVerdict is what the naive evaluator says of a whole set.
type naiveVerdict struct {
	Best, Worst   policy.Effect
	Unmet, Maybe  policy.Controls
	Frequency     signin.Time
	NotPersistent bool
	Applies       []answer
}

// decideNaive: 1.1, all applicable policies together, the strictest wins.
func decideNaive(w *world, e *signin.Event, s *policy.State, saw func(string, answer)) naiveVerdict {
	var v naiveVerdict
	second, preferred := no, no
	for i := range w.policies {
		c := &naiveCase{tenant: w.tenant, policy: &w.policies[i], event: e, rules: w.rules}
		asked := c.ask()
		for name, a := range asked {
			saw(name, a)
		}
		is := both(c.applies(asked), inForce(w.forces[i], e.Time))
		v.Applies = append(v.Applies, is)
		if strings.EqualFold(c.policy.State, "enabled") {
			second = either(second, both(is, c.asksSecond(s)))
		}
		if strings.EqualFold(c.policy.State, "enabled") && c.policy.strength() != nil && says(c.policy.Conditions.Apps.Actions, "urn:user:registersecurityinfo") {
			preferred = either(preferred, is)
		}
	}
	var certain policy.Controls
	for i := range w.policies {
		c := &naiveCase{tenant: w.tenant, policy: &w.policies[i], event: e, rules: w.rules}
		is := v.Applies[i]
		if is == no || !strings.EqualFold(c.policy.State, "enabled") {
			continue
		}
		g := c.gradeOf(s, second, preferred)
		v.Worst, v.Unmet = max(v.Worst, g.worst), v.Unmet|g.asked
		if is == maybe {
			continue
		}
		v.Best, certain = max(v.Best, g.best), certain|g.sure
		if f := c.policy.frequency(); f != 0 && c.hasSession() != no && (v.Frequency == 0 || f < v.Frequency) { // rule 8
			v.Frequency = f
		}
		if p := c.policy.Session; p != nil && p.Persistent != nil && p.Persistent.Enabled && p.Persistent.Mode == "never" && c.hasSession() != no &&
			says(c.policy.Conditions.Apps.Include, "All") { // 1.10: needs all cloud apps
			v.NotPersistent = true
		}
	}
	v.Maybe = v.Unmet &^ certain
	return v
}
