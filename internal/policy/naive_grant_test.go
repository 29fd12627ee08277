package policy_test

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// demand is one control of one policy: whether it is met, and what happens
// where it is not.
type demand struct {
	control policy.Controls
	met     answer
	unmet   policy.Effect // in the worst case
	least   policy.Effect // in the best case, where it is known to be unmet
}

// askingOrder is the fixed order of 1.1, with the controls it leaves out beside
// their like.
var askingOrder = []string{
	"block", "mfa", "authenticationStrength", "compliantDevice", "domainJoinedDevice", "approvedApplication",
	"compliantApplication", "passwordChange", "riskRemediation", "termsOfUse", "custom", "other",
}

var controlBits = map[string]policy.Controls{
	"block": policy.ControlBlock, "mfa": policy.ControlMFA, "authenticationStrength": policy.ControlStrength,
	"compliantDevice": policy.ControlCompliantDevice, "domainJoinedDevice": policy.ControlDomainJoinedDevice,
	"approvedApplication": policy.ControlApprovedApplication, "compliantApplication": policy.ControlCompliantApplication,
	"passwordChange": policy.ControlPasswordChange, "riskRemediation": policy.ControlRiskRemediation,
	"termsOfUse": policy.ControlTermsOfUse, "custom": policy.ControlCustom, "other": policy.ControlOther,
}

// demands lists the controls of a policy in asking order.
func (c *naiveCase) demands(s *policy.State) []demand {
	g := c.policy.Grant
	if g == nil {
		return nil
	}
	names := map[string]bool{}
	for _, b := range g.Controls {
		if _, known := controlBits[b]; known && b != "custom" && b != "other" {
			names[b] = true
		} else {
			names["other"] = true
		}
	}
	names["authenticationStrength"] = c.policy.strength() != nil
	names["termsOfUse"] = len(g.Terms) > 0
	names["custom"] = len(g.Custom) > 0
	var out []demand
	for _, n := range askingOrder {
		if names[n] {
			out = append(out, c.demand(n, s))
		}
	}
	return out
}

func (c *naiveCase) demand(name string, s *policy.State) demand {
	d := demand{control: controlBits[name], unmet: policy.Prompt}
	external := c.guest(guestKinds[1:], nil) // an internal guest is of this tenant
	direct := c.direct()
	switch name {
	case "block":
		d.met, d.unmet = no, policy.Block
	case "mfa":
		d.met = c.mfaMet(s)
		d.refusedWhere(both(direct, not(c.trustsMFA()))) // 1.3
	case "authenticationStrength":
		d.met = c.strengthMet(s)
		d.refusedWhere(both(direct, not(c.trustsMFA())))
		// docs: where nothing tells where the person is from, and nothing tells what is
		// trusted, they are taken for one of this tenant.
		if c.originTold() || c.trustsMFA() != maybe {
			d.refusedWhere(both(both(external, not(c.trustsMFA())), not(c.guestCanAnswer())))
		}
	case "compliantDevice":
		d.met, d.unmet = c.deviceMet(external, "isCompliant", "True", c.tenant.Options.Inbound.CompliantDevice), policy.Block
	case "domainJoinedDevice":
		d.met, d.unmet = c.deviceMet(external, "trustType", "ServerAD", c.tenant.Options.Inbound.HybridDevice), policy.Block
	case "approvedApplication", "compliantApplication":
		d.unmet = policy.Block
		if external == yes || !c.appControlPossible(name) { // 1.3: not supported at all
			d.met = no
		}
	case "passwordChange":
		if d.refusedWhere(external); external == yes {
			d.met = no
		}
	case "termsOfUse":
		if d.refusedWhere(direct); direct == yes {
			d.met = no
		}
	case "other":
		d.unmet = policy.Block
	}
	if c.legacy() { // 1.6: cannot answer and sends no device state
		d.met, d.unmet, d.least = no, policy.Block, policy.Block
	}
	if d.least == policy.Allow {
		d.least = d.unmet
	}
	return d
}

// refusedWhere makes an unmet control a refusal, for certain or perhaps.
func (d *demand) refusedWhere(cannot answer) {
	switch {
	case cannot == yes:
		d.unmet, d.least = policy.Block, policy.Block
	case cannot == maybe && d.unmet != policy.Block:
		d.unmet, d.least = policy.Block, policy.Prompt
	}
}

func (c *naiveCase) trustsMFA() answer {
	return map[signin.Truth]answer{signin.True: yes, signin.False: no}[c.tenant.Options.Inbound.MFA]
}

// originTold says whether anything tells if the person is of this tenant. docs:
// where nothing does, a control takes them for one.
func (c *naiveCase) originTold() bool {
	kinds := c.couldBe()
	return !slices.Contains(kinds, "") || len(kinds) == 1 || c.guest(guestKinds[1:], nil) == no
}

// direct says whether the person is a B2B direct connect user.
func (c *naiveCase) direct() answer {
	if !c.originTold() {
		return no
	}
	return c.guest([]string{"b2bDirectConnectUser"}, nil)
}

// appControlPossible: 1.9, iOS and Android only; app protection also in Edge on Windows.
func (c *naiveCase) appControlPossible(name string) bool {
	switch c.platform() {
	case "iOS", "android", "":
		return true
	case "windows":
		b := c.event.Device.Browser
		return name == "compliantApplication" && (b == "" || strings.HasPrefix(b, "Edge"))
	}
	return false
}

func (c *naiveCase) mfaMet(s *policy.State) answer {
	switch s.MFA {
	case signin.True:
		return yes
	case signin.False:
		return no
	}
	return maybe
}

// deviceMet: 1.9, and 1.3 for external users.
func (c *naiveCase) deviceMet(external answer, attribute, want string, trust signin.Truth) answer {
	if c.event.Protocol == "deviceCode" || c.event.Transfer == "deviceCodeFlow" {
		return no // cannot prove device state
	}
	is := c.attributeIs(attribute, want)
	if attribute == "isCompliant" {
		is = either(is, c.readsMethods())
	}
	switch {
	case trust == signin.False: // a device of another tenant does not count
		return both(not(external), is)
	case trust == signin.Unknown && c.originTold():
		return both(either(not(external), maybe), is)
	}
	return is
}

// grade is what one policy does to a sign-in it applies to.
type grade struct {
	best, worst policy.Effect
	asked, sure policy.Controls // asked in the worst case, in every case
}

// eitherWay is what is known when one of two grades holds, and nobody knows which.
func eitherWay(a, b grade) grade {
	return grade{min(a.best, b.best), max(a.worst, b.worst), a.asked | b.asked, a.sure & b.sure}
}

// grantGrade: 1.9, AND needs all, OR any one. preferred says whether the strength
// of a policy for the registration of security information takes the place of the
// strengths of policies for all resources (1.5).
func (c *naiveCase) grantGrade(s *policy.State, preferred answer) grade {
	list := c.demands(s)
	g := c.gradeList(list)
	if preferred == no || !says(c.policy.Conditions.Apps.Include, "All") || c.policy.strength() == nil {
		return g
	}
	// The strength is asked for by the other policy: here it counts as met, and the
	// other controls still apply.
	without := slices.Clone(list)
	for i := range without {
		if without[i].control == policy.ControlStrength {
			without[i].met = yes
		}
	}
	if preferred == yes {
		return c.gradeList(without)
	}
	return eitherWay(g, c.gradeList(without))
}

// operator is AND, OR, or "" where the JSON does not tell. An implied strength is a
// demand of its own.
func (p *naivePolicy) operator() string {
	switch o := strings.ToUpper(p.Grant.Operator); {
	case p.impliesStrength():
		return "AND"
	case o == "AND" || o == "OR":
		return o
	}
	return ""
}

func (c *naiveCase) gradeList(list []demand) grade {
	if len(list) == 0 {
		return grade{}
	}
	if list[0].control == policy.ControlBlock {
		return grade{policy.Block, policy.Block, policy.ControlBlock, policy.ControlBlock}
	}
	easy := slices.Clone(list)
	for i := range easy {
		easy[i].unmet = easy[i].least
	}
	and, or := eitherWay(allOf(list), allOf(easy)), eitherWay(anyOf(list), anyOf(easy))
	switch c.policy.operator() {
	case "AND":
		return and
	case "OR":
		return or
	}
	return eitherWay(and, or)
}

func allOf(list []demand) grade {
	var g grade
	for _, d := range list {
		if d.met == yes {
			continue
		}
		g.worst, g.asked = max(g.worst, d.unmet), g.asked|d.control
		if d.met == no {
			g.best, g.sure = max(g.best, d.unmet), g.sure|d.control
		}
	}
	return g
}

// anyOf: 1.9, a met one is enough; else the first that the person can answer;
// else refused.
func anyOf(list []demand) grade {
	g := grade{worst: policy.Block}
	open := false
	for _, d := range list {
		if d.met == yes {
			return grade{}
		}
		open = open || d.met == maybe
		g.asked |= d.control
	}
	for _, d := range list {
		if d.unmet == policy.Prompt {
			g.worst, g.asked = policy.Prompt, d.control
			break
		}
	}
	if !open {
		g.best, g.sure = g.worst, g.asked
	}
	return g
}
