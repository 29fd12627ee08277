package peers

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
)

// cedarEngine is one policy set, a permit and a forbid per rule, with one
// request and one set of entities per row. Groups are parents of the principal,
// as Cedar means them.
type cedarEngine struct {
	policies *cedar.PolicySet
	requests []cedar.Request
	entities []types.EntityMap
	err      error
}

func newCedar(rules []Rule, facts []Fact) (*cedarEngine, error) {
	var text strings.Builder
	for i := range rules {
		text.WriteString(rules[i].cedar())
	}
	text.WriteString("permit (principal, action, resource);\n")
	e := &cedarEngine{}
	var err error
	if e.policies, err = cedar.NewPolicySetFromBytes("rules.cedar", []byte(text.String())); err != nil {
		return nil, fmt.Errorf("read the policies: %w", err)
	}
	for i := range facts {
		f := &facts[i]
		user := types.NewEntityUID("User", types.String(strconv.Itoa(i)))
		var parents []types.EntityUID
		entities := types.EntityMap{}
		for _, g := range f.Groups {
			id := types.NewEntityUID("Group", types.String(g))
			parents = append(parents, id)
			entities[id] = types.Entity{UID: id}
		}
		entities[user] = types.Entity{UID: user, Parents: types.NewEntityUIDSet(parents...)}
		e.entities = append(e.entities, entities)
		e.requests = append(e.requests, cedar.Request{
			Principal: user, Action: types.NewEntityUID("Action", "signIn"), Resource: types.NewEntityUID("App", types.String(f.Resource)),
			Context: types.NewRecord(types.RecordMap{
				"client": types.String(f.Client), "platform": types.String(f.Platform), "country": types.String(f.Country),
				"risk": types.String(f.Risk), "trusted": types.Boolean(f.Trusted), "deviceCode": types.Boolean(f.DeviceCode), "mfa": types.Boolean(f.MFA),
			}),
		})
	}
	return e, nil
}

// cedar writes the rule as a forbid, in the same order as cel.
func (r *Rule) cedar() string {
	var all []string
	in := func(name string, list []string, want bool) {
		if len(list) == 0 {
			return
		}
		text := quoted(list) + ".contains(context." + name + ")"
		if !want {
			text = "!" + text
		}
		all = append(all, text)
	}
	entities := func(kind string, list []string) string {
		var out []string
		for _, id := range list {
			out = append(out, fmt.Sprintf("%s::%q", kind, id))
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	if len(r.Apps) > 0 {
		all = append(all, entities("App", r.Apps)+".contains(resource)")
	}
	if len(r.NotApps) > 0 {
		all = append(all, "!"+entities("App", r.NotApps)+".contains(resource)")
	}
	if len(r.Include) > 0 {
		all = append(all, "principal in "+entities("Group", r.Include))
	}
	if len(r.Exclude) > 0 {
		all = append(all, "!(principal in "+entities("Group", r.Exclude)+")")
	}
	in("client", r.Clients, true)
	in("platform", r.Platforms, true)
	in("platform", r.NotPlatform, false)
	if r.Untrusted {
		all = append(all, "!context.trusted")
	}
	in("country", r.Countries, false)
	in("risk", r.Risks, true)
	if r.DeviceCode {
		all = append(all, "context.deviceCode")
	}
	if !r.Block {
		all = append(all, "!context.mfa")
	}
	return "forbid (principal, action, resource) when { " + strings.Join(all, " && ") + " };\n"
}

func (e *cedarEngine) demands(i int) Demands {
	decision, why := cedar.Authorize(e.policies, e.entities[i], e.requests[i])
	if len(why.Errors) > 0 {
		e.err = fmt.Errorf("row %d: %v", i, why.Errors)
	}
	if decision == cedar.Allow { // the permit alone decided
		return 0
	}
	var d Demands
	for _, reason := range why.Reasons {
		n, err := strconv.Atoi(strings.TrimPrefix(string(reason.PolicyID), "policy"))
		if err != nil {
			e.err = err
			continue
		}
		d |= 1 << n
	}
	return d
}
