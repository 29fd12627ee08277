package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// opaEngine is one prepared query over one module that holds a rule each, and
// one parsed input per row.
type opaEngine struct {
	query  rego.PreparedEvalQuery
	inputs []ast.Value
	err    error
}

func newOPA(rules []Rule, facts []Fact) (*opaEngine, error) {
	var text strings.Builder
	text.WriteString("package ca\n\ndemands contains -1 if false\n")
	for n := range rules {
		fmt.Fprintf(&text, "\ndemands contains %d if {\n%s}\n", n, rules[n].rego())
		if len(rules[n].Include) > 0 {
			fmt.Fprintf(&text, "\nincluded%d if {\n\tsome g in input.groups\n\tg in %s\n}\n", n, set(rules[n].Include))
		}
		if len(rules[n].Exclude) > 0 {
			fmt.Fprintf(&text, "\nexcluded%d if {\n\tsome g in input.groups\n\tg in %s\n}\n", n, set(rules[n].Exclude))
		}
	}
	e := &opaEngine{}
	var err error
	if e.query, err = rego.New(rego.Query("data.ca.demands"), rego.Module("ca.rego", text.String())).PrepareForEval(context.Background()); err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	for i := range facts {
		v, err := ast.InterfaceToValue(facts[i].fields())
		if err != nil {
			return nil, fmt.Errorf("read row %d: %w", i, err)
		}
		e.inputs = append(e.inputs, v)
	}
	return e, nil
}

func set(list []string) string {
	text := quoted(list)
	return "{" + text[1:len(text)-1] + "}"
}

// rego writes the body of the rule, in the same order as cel.
func (r *Rule) rego() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "\t"+format+"\n", args...) }
	in := func(name string, list []string, not string) {
		if len(list) > 0 {
			line("%sinput.%s in %s", not, name, set(list))
		}
	}
	n, err := strconv.Atoi(r.ID[1:])
	if err != nil {
		panic("peers: rule id " + r.ID)
	}
	in("resource", r.Apps, "")
	in("resource", r.NotApps, "not ")
	if len(r.Include) > 0 {
		line("included%d", n)
	}
	if len(r.Exclude) > 0 {
		line("not excluded%d", n)
	}
	in("client", r.Clients, "")
	in("platform", r.Platforms, "")
	in("platform", r.NotPlatform, "not ")
	if r.Untrusted {
		line("not input.trusted")
	}
	in("country", r.Countries, "not ")
	in("risk", r.Risks, "")
	if r.DeviceCode {
		line("input.deviceCode")
	}
	if !r.Block {
		line("not input.mfa")
	}
	return b.String()
}

func (e *opaEngine) demands(i int) Demands {
	out, err := e.query.Eval(context.Background(), rego.EvalParsedInput(e.inputs[i]))
	if err != nil || len(out) != 1 {
		e.err = fmt.Errorf("row %d: %d results: %w", i, len(out), err)
		return 0
	}
	list, _ := out[0].Expressions[0].Value.([]any)
	var d Demands
	for _, v := range list {
		number, _ := v.(json.Number)
		n, err := number.Int64()
		if err != nil {
			e.err = err
			continue
		}
		d |= 1 << n
	}
	return d
}
