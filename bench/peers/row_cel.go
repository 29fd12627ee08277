package peers

import (
	"fmt"
	"net/netip"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
	"cel.dev/cel-go/interpreter"
)

// newRowCEL makes one optimised program per policy and one activation per row, of
// ready values. Ranges are of cel-go's own network extension; with native a
// place is instead a function written in Go, over ranges parsed beforehand.
func newRowCEL(policies []Policy, places []*Place, rows []Raw, demand, native bool) (*celEngine, error) {
	options := []cel.EnvOption{ext.Network(), cel.Variable("address", ext.IPType)}
	for _, name := range []string{"groups", "roles"} {
		options = append(options, cel.Variable(name, cel.MapType(cel.StringType, cel.BoolType)))
	}
	for _, name := range []string{"user", "resource", "client", "os", "country", "risk", "trust", "device", "protocol", "transfer"} {
		options = append(options, cel.Variable(name, cel.StringType))
	}
	for _, name := range []string{"compliant", "mfa"} {
		options = append(options, cel.Variable(name, cel.BoolType))
	}
	for _, p := range places {
		name := function(p.ID)
		options = append(options, cel.Function(name, cel.Overload(name+"_ip", []*cel.Type{ext.IPType}, cel.BoolType, cel.UnaryBinding(p.contains()))))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("make the environment: %w", err)
	}
	e := &celEngine{}
	for i := range policies {
		text := strings.Join(policies[i].tests(celText{native}, places, demand), " && ")
		ast, issues := env.Compile(text)
		if issues.Err() != nil {
			return nil, fmt.Errorf("compile %s: %w", policies[i].Name, issues.Err())
		}
		p, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CustomDecoratorV2(constantRanges))
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", policies[i].Name, err)
		}
		e.programs = append(e.programs, p)
	}
	for i := range rows {
		e.activations = append(e.activations, celRowOf(&rows[i]))
	}
	return e, nil
}

// constantRanges parses cidr("...") once, when the program is planned, which
// cel-go itself does for its built-in conversions only.
func constantRanges(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	call, ok := i.(interpreter.InterpretableCall)
	if !ok || call.Function() != "cidr" {
		return i, nil
	}
	v := i.Eval(interpreter.EmptyActivation())
	if types.IsError(v) {
		return nil, fmt.Errorf("range: %v", v)
	}
	return interpreter.NewConstValue(i.ID(), v), nil
}

// contains is the place as a function of an address.
func (p *Place) contains() func(ref.Val) ref.Val {
	var ranges []netip.Prefix
	for _, r := range p.Ranges {
		ranges = append(ranges, netip.MustParsePrefix(r))
	}
	return func(v ref.Val) ref.Val {
		ip := v.(ext.IP) //nolint:forcetypeassert // the overload says so
		for _, r := range ranges {
			if r.Contains(ip.Addr) {
				return types.True
			}
		}
		return types.False
	}
}

func function(place string) string { return "in_" + strings.ReplaceAll(place, "-", "_") }

// celText is the dialect of CEL.
type celText struct{ native bool }

func (celText) is(field, text string) string { return fmt.Sprintf("%s == %q", field, text) }

func (celText) in(field string, list []string) string { return field + " in " + quoted(list) }

func (celText) starts(field, prefix string) string {
	return fmt.Sprintf("%s.startsWith(%q)", field, prefix)
}

func (celText) flag(field string) string { return field }

func (d celText) who(users, groups, roles []string) string {
	var any []string
	if len(users) > 0 {
		any = append(any, d.in("user", users))
	}
	any = append(any, d.oneOf("groups", groups)...)
	return d.or(append(any, d.oneOf("roles", roles)...))
}

// oneOf looks a few ids up among the person's, or the person's few among many ids.
func (d celText) oneOf(field string, ids []string) []string {
	if len(ids) > 5 {
		return []string{field + ".exists(id, " + d.in("id", ids) + ")"}
	}
	var any []string
	for _, id := range ids {
		any = append(any, fmt.Sprintf("%q in %s", id, field))
	}
	return any
}

func (d celText) within(place string, v4, v6 []string) string {
	if d.native {
		return function(place) + "(address)"
	}
	any := func(ranges []string) string {
		var out []string
		for _, r := range ranges {
			out = append(out, fmt.Sprintf("cidr(%q).containsIP(address)", r))
		}
		return d.or(out)
	}
	return "(address.family() == 4 ? " + any(v4) + " : " + any(v6) + ")"
}

func (celText) not(test string) string { return "!(" + test + ")" }

func (celText) and(tests []string) string { return "(" + strings.Join(tests, " && ") + ")" }

func (celText) or(tests []string) string { return "(" + strings.Join(tests, " || ") + ")" }
