package peers

import (
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// newRowOPA writes one module: a rule per policy, and a helper rule for whatever
// several policies share (an exclusion, a place), which OPA answers once per row.
func newRowOPA(policies []Policy, places []*Place, rows []Raw, demand bool) (*opaEngine, error) {
	d := &regoText{names: map[string]string{}}
	var text strings.Builder
	text.WriteString("package ca\n\ndemands contains -1 if false\n")
	for n := range policies {
		tests := policies[n].tests(d, places, demand)
		fmt.Fprintf(&text, "\ndemands contains %d if {\n\t%s\n}\n", n, strings.Join(tests, "\n\t"))
	}
	text.WriteString(d.helpers.String())
	e := &opaEngine{}
	var err error
	if e.query, err = rego.New(rego.Query("data.ca.demands"), rego.Module("ca.rego", text.String())).PrepareForEval(context.Background()); err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	for i := range rows {
		v, err := ast.InterfaceToValue(rows[i].fields())
		if err != nil {
			return nil, fmt.Errorf("read row %d: %w", i, err)
		}
		e.inputs = append(e.inputs, v)
	}
	return e, nil
}

// fields are the row by the names the texts use.
func (r *Raw) fields() map[string]any {
	return map[string]any{
		"user": r.User, "groups": append([]string{}, r.Groups...), "roles": append([]string{}, r.Roles...), "resource": r.Resource,
		"client": r.Client, "os": r.OS, "address": r.Address.String(), "country": r.Country, "risk": r.Risk, "compliant": r.Compliant,
		"trust": r.Trust, "device": r.Device, "protocol": r.Protocol, "transfer": r.Transfer, "mfa": r.MFA,
	}
}

// regoText is the dialect of Rego. A test is one statement; what is not becomes
// a helper rule, one for equal tests.
type regoText struct {
	helpers strings.Builder
	names   map[string]string // of helpers, by their bodies
}

// helper is a rule that holds when one of the bodies does.
func (d *regoText) helper(bodies []string) string {
	key := strings.Join(bodies, "\n\n")
	name := d.names[key]
	if name == "" {
		name = fmt.Sprintf("test_%d", len(d.names))
		d.names[key] = name
		for _, b := range bodies {
			fmt.Fprintf(&d.helpers, "\n%s if {\n\t%s\n}\n", name, b)
		}
	}
	return name
}

func (d *regoText) is(field, text string) string { return fmt.Sprintf("input.%s == %q", field, text) }

func (d *regoText) in(field string, list []string) string {
	return "input." + field + " in " + set(list)
}

func (d *regoText) starts(field, prefix string) string {
	return fmt.Sprintf("startswith(input.%s, %q)", field, prefix)
}

func (d *regoText) flag(field string) string { return "input." + field }

func (d *regoText) who(users, groups, roles []string) string {
	var bodies []string
	if len(users) > 0 {
		bodies = append(bodies, d.in("user", users))
	}
	if len(groups) > 0 {
		bodies = append(bodies, "some g in input.groups\n\tg in "+set(groups))
	}
	if len(roles) > 0 {
		bodies = append(bodies, "some r in input.roles\n\tr in "+set(roles))
	}
	return d.helper(bodies)
}

func (d *regoText) within(_ string, v4, v6 []string) string {
	some := func(family string, ranges []string) string {
		return family + "contains(input.address, \":\")\n\tsome r in " + quoted(ranges) + "\n\tnet.cidr_contains(r, input.address)"
	}
	return d.helper([]string{some("not ", v4), some("", v6)})
}

func (d *regoText) not(test string) string { return "not " + test }

func (d *regoText) and(tests []string) string { return d.helper([]string{strings.Join(tests, "\n\t")}) }

func (d *regoText) or(tests []string) string { return d.helper(tests) }
