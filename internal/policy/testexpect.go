package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"frisk/internal/signin"
)

// testExpect is what a test wants of a sign-in; what is missing is not checked.
type testExpect struct {
	Decision string            `yaml:"decision"`
	Controls []string          `yaml:"controls"`
	Policies map[string]string `yaml:"policies"`
	// Scope is inScope, otherProvider, outbound or firstFactor.
	Scope string `yaml:"scope"`
	// Results are the results Entra would record, by policy: one word, which has to
	// be among those the engine takes for possible, or a list, which has to be all of them.
	Results map[string]words `yaml:"results"`
	// Masks are conditionsSatisfied and conditionsNotSatisfied, by policy.
	Masks map[string][2]uint32 `yaml:"masks"`
	// Persistent is whether the browser session outlives the browser: always, never, or
	// choice (no policy says, so the person's answer to "stay signed in" does).
	Persistent string `yaml:"persistent"`
	// Frequency is the strictest sign-in frequency: a span, everyTime or none.
	Frequency string `yaml:"frequency"`
	// Notices are codes of policy check, or about the recorded evaluations.
	Notices []string `yaml:"notices"`
	// NoNotices are codes that must not be among them.
	NoNotices []string `yaml:"noNotices"`
	// Recorded is what the recorded evaluations say, by policy name: applied,
	// notApplied, unknown; Demanded the controls they show as demanded.
	Recorded map[string]string `yaml:"recorded"`
	Demanded []string          `yaml:"demanded"`
}

// words is one word or a list of them.
type words struct {
	list []string
	all  bool
}

// UnmarshalYAML takes a text or a list.
func (w *words) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if err := unmarshal(&one); err == nil {
		w.list = []string{one}
		return nil
	}
	w.all = true
	return unmarshal(&w.list)
}

// missing says what a check found, after where in the test it was.
func (t *testRun) missing(where string) func(format string, args ...any) {
	return func(format string, args ...any) {
		*t.miss = append(*t.miss, where+fmt.Sprintf(format, args...))
	}
}

// check compares what the engine says of a row with what is expected of it.
func (want *testExpect) check(t *testRun, where string, src *testSignIn, r *signin.Row, s *State) error {
	x := t.ev.Explain(r, s)
	miss := t.missing(where)
	if err := want.decision(&x, miss); err != nil {
		return err
	}
	if err := want.policies(&x, miss); err != nil {
		return err
	}
	if err := want.record(t, &x, r, s, miss); err != nil {
		return err
	}
	if err := want.session(&x, miss); err != nil {
		return err
	}
	if want.Scope != "" {
		names := []string{"inScope", "otherProvider", "outbound", "firstFactor"}
		if !slices.Contains(names, want.Scope) {
			return fmt.Errorf("expect: scope %q is none of %s", want.Scope, strings.Join(names, ", "))
		}
		if got := names[t.ev.Scope(r)]; got != want.Scope {
			miss("scope: want %s, got %s", want.Scope, got)
		}
	}
	want.notices(t, src, miss)
	return want.log(src, miss)
}

func (want *testExpect) decision(x *Explanation, miss func(string, ...any)) error {
	switch want.Decision {
	case "", "block", "prompt", "allow", "unknown":
	default:
		return fmt.Errorf("expect: decision %q is none of block, prompt, allow, unknown", want.Decision)
	}
	if want.Decision != "" && want.Decision != x.Verdict {
		got := x.Verdict
		if got == "unknown" {
			got = fmt.Sprintf("unknown (%s to %s)", x.Best, x.Worst)
		}
		miss("decision: want %s, got %s: %s", want.Decision, got, strings.Join(x.Reasons, "; "))
	}
	if want.Controls != nil {
		sameWords("controls", want.Controls, x.Decision.Unmet.Names(), func(format string, args ...any) {
			miss(format+"%s", append(args, whoAsks(x))...)
		})
	}
	return nil
}

// whoAsks says which policies ask for each unmet control; "" when none is unmet.
func whoAsks(x *Explanation) string {
	var out []string
	for _, name := range x.Decision.Unmet.Names() {
		var by []string
		for i := range x.Policies {
			p := &x.Policies[i]
			counts := p.State == Enabled.String() && (p.Result == "applied" || p.Result == "unknown")
			if counts && slices.ContainsFunc(p.Controls, func(c ControlExplanation) bool { return c.Name == name && c.Met != "true" }) {
				by = append(by, quote(p.Name))
			}
		}
		if len(by) > 0 {
			out = append(out, name+" by "+strings.Join(by, ", "))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return ": " + strings.Join(out, "; ")
}

func sameWords(what string, want, have []string, miss func(string, ...any)) {
	a, b := slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(have))
	if !slices.Equal(a, b) {
		miss("%s: want [%s], got [%s]", what, strings.Join(a, ", "), strings.Join(b, ", "))
	}
}

func (want *testExpect) policies(x *Explanation, miss func(string, ...any)) error {
	for _, n := range sorted(want.Policies) {
		p, err := named(x, n)
		if err != nil {
			return err
		}
		switch want.Policies[n] {
		case "applied", "notApplied", "unknown", "notEnabled":
		default:
			return fmt.Errorf("expect: result %q of policy %q is none of applied, notApplied, unknown, notEnabled", want.Policies[n], n)
		}
		if p.Result != want.Policies[n] {
			miss("policy %q: want %s, got %s: %s", n, want.Policies[n], p.Result, because(p))
		}
	}
	return nil
}

// record checks results and masks, as Entra would record them.
func (want *testExpect) record(t *testRun, x *Explanation, r *signin.Row, s *State, miss func(string, ...any)) error {
	for _, n := range sorted(want.Results) {
		p, err := named(x, n)
		if err != nil {
			return err
		}
		have := t.ev.Expected(r, p.Index, x.Decision.Match, s)
		w := want.Results[n]
		for _, text := range w.list {
			if ParseResult(text) == ResultUnknown {
				return fmt.Errorf("expect: result %q of policy %q is none of %s", text, n, strings.Join(resultNames[:len(resultNames)-1], ", "))
			}
			if have&ParseResult(text) == 0 {
				miss("policy %q: want the recorded result %s, got %s: %s", n, text, strings.Join(have.Names(), " or "), because(p))
			}
		}
		if w.all {
			sameWords(fmt.Sprintf("policy %q: recorded results", n), w.list, have.Names(), miss)
		}
	}
	for _, n := range sorted(want.Masks) {
		p, err := named(x, n)
		if err != nil {
			return err
		}
		yes, no, unknown := t.ev.Conditions(r, p.Index)
		if got := [2]uint32{yes, no}; got != want.Masks[n] || unknown != 0 {
			miss("policy %q: want the masks %d, got %d (unknown: %d)", n, want.Masks[n], got, unknown)
		}
	}
	return nil
}

func (want *testExpect) session(x *Explanation, miss func(string, ...any)) error {
	d := &x.Decision
	if want.Persistent != "" {
		got := "choice"
		if d.NotPersistent {
			got = "never"
		} else if d.Persistent {
			got = "always"
		}
		if !slices.Contains([]string{"always", "never", "choice"}, want.Persistent) {
			return fmt.Errorf("expect: persistent %q is none of always, never, choice", want.Persistent)
		}
		if got != want.Persistent {
			miss("persistent browser: want %s, got %s", want.Persistent, got)
		}
	}
	if want.Frequency == "" {
		return nil
	}
	limit := signin.Time(0)
	switch want.Frequency {
	case "none":
	case "everyTime":
		limit = EveryTime
	default:
		span, err := time.ParseDuration(want.Frequency)
		if err != nil || span <= 0 {
			return fmt.Errorf("expect: frequency %q is none of everyTime, none, or a span like 4h", want.Frequency)
		}
		limit = signin.Time(span.Microseconds())
	}
	if d.Frequency != limit {
		miss("sign-in frequency: want %s, got %s", want.Frequency, frequencyText(d.Frequency))
	}
	return nil
}

func frequencyText(t signin.Time) string {
	switch t {
	case 0:
		return "none"
	case EveryTime:
		return "everyTime"
	}
	return spanText(t)
}

// notices checks codes of the policies' notices, and of the recorded evaluations' where src has any.
func (want *testExpect) notices(t *testRun, src *testSignIn, miss func(string, ...any)) {
	if want.Notices == nil && want.NoNotices == nil {
		return
	}
	set := t.ev.Engine().Set()
	have := slices.Clone(set.Notices)
	if t.opt.Notices != nil {
		have = append(have, t.opt.Notices(set, t.know)...)
	}
	if src != nil {
		have = append(have, RecordedNotices(src.recorded())...)
	}
	var codes []string
	for _, n := range have {
		codes = append(codes, n.Code)
	}
	for _, code := range want.Notices {
		if !slices.Contains(codes, code) {
			slices.Sort(codes)
			miss("notices: want %s, got [%s]", code, strings.Join(slices.Compact(codes), ", "))
		}
	}
	for _, code := range want.NoNotices {
		if slices.Contains(codes, code) {
			miss("notices: want no %s", code)
		}
	}
}

// log checks how the row's recorded evaluations are read.
func (want *testExpect) log(src *testSignIn, miss func(string, ...any)) error {
	list := src.recorded()
	var demands Controls
	for i := range list {
		_, d := RecordedSays(&list[i])
		demands |= d
	}
	if want.Demanded != nil {
		sameWords("recorded demands", want.Demanded, demands.Names(), miss)
	}
	for _, n := range sorted(want.Recorded) {
		i := slices.IndexFunc(list, func(p signin.RecordedPolicy) bool { return p.Name == n || p.ID == n })
		if i < 0 {
			return fmt.Errorf("expect: the sign-in records no evaluation of %q", n)
		}
		result, _ := RecordedSays(&list[i])
		got := map[signin.Truth]string{signin.True: "applied", signin.False: "notApplied", signin.Unknown: "unknown"}[result.Class()]
		if got != want.Recorded[n] {
			miss("recorded policy %q: want %s, got %s", n, want.Recorded[n], got)
		}
	}
	return nil
}

func (s *testSignIn) recorded() []signin.RecordedPolicy {
	var out []signin.RecordedPolicy
	for _, a := range s.Applied {
		p := signin.RecordedPolicy{ID: a.ID, Name: a.Name, Result: a.Result, Grant: a.Grant, Session: a.Session, Satisfied: -1, NotSatisfied: -1}
		if a.Yes != nil && a.No != nil {
			p.Satisfied, p.NotSatisfied = *a.Yes, *a.No
		}
		out = append(out, p)
	}
	return out
}

// sorted is the keys of m in order.
func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func named(x *Explanation, name string) (*PolicyExplanation, error) {
	if p := find(x, name); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("expect: no policy is called %q, want one of %s", name, policyNames(x))
}
