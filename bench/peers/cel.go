package peers

import (
	"encoding/json"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
)

// celEngine has one optimised program per rule and one activation per row.
type celEngine struct {
	programs    []cel.Program
	activations []cel.Activation
	err         error
}

func newCEL(rules []Rule, facts []Fact) (*celEngine, error) {
	env, err := cel.NewEnv(
		cel.Variable("groups", cel.ListType(cel.StringType)), cel.Variable("resource", cel.StringType),
		cel.Variable("client", cel.StringType), cel.Variable("platform", cel.StringType),
		cel.Variable("country", cel.StringType), cel.Variable("risk", cel.StringType),
		cel.Variable("trusted", cel.BoolType), cel.Variable("deviceCode", cel.BoolType), cel.Variable("mfa", cel.BoolType))
	if err != nil {
		return nil, fmt.Errorf("make the environment: %w", err)
	}
	e := &celEngine{}
	for i := range rules {
		ast, issues := env.Compile(rules[i].cel())
		if issues.Err() != nil {
			return nil, fmt.Errorf("compile %s: %w", rules[i].ID, issues.Err())
		}
		p, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", rules[i].ID, err)
		}
		e.programs = append(e.programs, p)
	}
	for i := range facts {
		a, err := cel.NewActivation(facts[i].fields())
		if err != nil {
			return nil, fmt.Errorf("bind row %d: %w", i, err)
		}
		e.activations = append(e.activations, a)
	}
	return e, nil
}

// fields are the facts by the names the texts of the rules use.
func (f *Fact) fields() map[string]any {
	return map[string]any{
		"groups": append([]string{}, f.Groups...), "resource": f.Resource, "client": f.Client, "platform": f.Platform,
		"country": f.Country, "risk": f.Risk, "trusted": f.Trusted, "deviceCode": f.DeviceCode, "mfa": f.MFA,
	}
}

// cel writes the rule as one expression, in the order Entra tests: applications, users,
// the rest, then the control.
func (r *Rule) cel() string {
	var all []string
	in := func(name string, list []string, want bool) {
		if len(list) == 0 {
			return
		}
		text := name + " in " + quoted(list)
		if !want {
			text = "!(" + text + ")"
		}
		all = append(all, text)
	}
	any := func(list []string) string {
		var out []string
		for _, g := range list {
			out = append(out, fmt.Sprintf("%q in groups", g))
		}
		return "(" + strings.Join(out, " || ") + ")"
	}
	in("resource", r.Apps, true)
	in("resource", r.NotApps, false)
	if len(r.Include) > 0 {
		all = append(all, any(r.Include))
	}
	if len(r.Exclude) > 0 {
		all = append(all, "!"+any(r.Exclude))
	}
	in("client", r.Clients, true)
	in("platform", r.Platforms, true)
	in("platform", r.NotPlatform, false)
	if r.Untrusted {
		all = append(all, "!trusted")
	}
	in("country", r.Countries, false)
	in("risk", r.Risks, true)
	if r.DeviceCode {
		all = append(all, "deviceCode")
	}
	if !r.Block {
		all = append(all, "!mfa")
	}
	return strings.Join(all, " && ")
}

func quoted(list []string) string {
	text, err := json.Marshal(list)
	if err != nil {
		panic("peers: " + err.Error()) // strings only
	}
	return string(text)
}

func (e *celEngine) demands(i int) Demands {
	var d Demands
	for n, p := range e.programs {
		v, _, err := p.Eval(e.activations[i])
		if err != nil {
			e.err = err
			continue
		}
		if v.Value() == true {
			d |= 1 << n
		}
	}
	return d
}
