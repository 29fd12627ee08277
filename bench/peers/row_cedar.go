package peers

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
)

// newRowCedar makes one policy set, a forbid per policy, with one request per row.
func newRowCedar(policies []Policy, places []*Place, rows []Raw, demand bool) (*cedarEngine, error) {
	var text strings.Builder
	for i := range policies {
		tests := policies[i].tests(cedarText{}, places, demand)
		text.WriteString("forbid (principal, action, resource) when { " + strings.Join(tests, " && ") + " };\n")
	}
	text.WriteString("permit (principal, action, resource);\n")
	e := &cedarEngine{}
	var err error
	if e.policies, err = cedar.NewPolicySetFromBytes("policies.cedar", []byte(text.String())); err != nil {
		return nil, fmt.Errorf("read the policies: %w", err)
	}
	for i := range rows {
		e.add(&rows[i])
	}
	return e, nil
}

// add prepares the request of one row. Its ids are sets in the context: asking
// them is twice as fast in cedar-go as "principal in [...]" over parents.
func (e *cedarEngine) add(r *Raw) {
	set := func(ids []string) types.Value {
		var out []types.Value
		for _, id := range ids {
			out = append(out, types.String(id))
		}
		return types.NewSet(out...)
	}
	user := types.NewEntityUID("User", types.String(r.User))
	e.entities = append(e.entities, types.EntityMap{})
	e.requests = append(e.requests, cedar.Request{
		Principal: user, Action: types.NewEntityUID("Action", "signIn"), Resource: types.NewEntityUID("App", types.String(r.Resource)),
		Context: types.NewRecord(types.RecordMap{
			"client": types.String(r.Client), "os": types.String(r.OS), "address": types.IPAddr(netip.PrefixFrom(r.Address, r.Address.BitLen())),
			"country": types.String(r.Country), "risk": types.String(r.Risk), "compliant": types.Boolean(r.Compliant),
			"trust": types.String(r.Trust), "device": types.String(r.Device), "protocol": types.String(r.Protocol),
			"transfer": types.String(r.Transfer), "mfa": types.Boolean(r.MFA),
			"groups": set(r.Groups), "roles": set(r.Roles),
		}),
	})
}

// cedarText is the dialect of Cedar.
type cedarText struct{}

func (cedarText) is(field, text string) string { return fmt.Sprintf("context.%s == %q", field, text) }

func (cedarText) in(field string, list []string) string {
	if field == "resource" {
		return "[" + strings.Join(entities("App", list), ", ") + "].contains(resource)"
	}
	return quoted(list) + ".contains(context." + field + ")"
}

func (cedarText) starts(field, prefix string) string {
	return fmt.Sprintf("context.%s like %q", field, prefix+"*")
}

func (cedarText) flag(field string) string { return "context." + field }

func (d cedarText) who(users, groups, roles []string) string {
	var any []string
	if len(users) > 0 {
		any = append(any, "["+strings.Join(entities("User", users), ", ")+"].contains(principal)")
	}
	if len(groups) > 0 {
		any = append(any, "context.groups.containsAny("+quoted(groups)+")")
	}
	if len(roles) > 0 {
		any = append(any, "context.roles.containsAny("+quoted(roles)+")")
	}
	return d.or(any)
}

func (d cedarText) within(_ string, v4, v6 []string) string {
	any := func(ranges []string) string {
		var out []string
		for _, r := range ranges {
			out = append(out, fmt.Sprintf("context.address.isInRange(ip(%q))", r))
		}
		return d.or(out)
	}
	return "(if context.address.isIpv4() then " + any(v4) + " else " + any(v6) + ")"
}

func (cedarText) not(test string) string { return "!(" + test + ")" }

func (cedarText) and(tests []string) string { return "(" + strings.Join(tests, " && ") + ")" }

func (cedarText) or(tests []string) string { return "(" + strings.Join(tests, " || ") + ")" }

func entities(kind string, ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, fmt.Sprintf("%s::%q", kind, id))
	}
	return out
}
