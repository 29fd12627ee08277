package policy

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// TestResult is the outcome of one test of a policy test file.
type TestResult struct {
	File string `json:"file"`
	Name string `json:"name"`
	// Case is the number of the conformance case it is (docs/policies.md), 0 = none.
	Case int `json:"case,omitempty"`
	// Soft: the source of the expectation leaves room, so a miss is worth a look and
	// no failure. Passed is then true all the same, and Misses tell.
	Soft   bool `json:"soft"`
	Passed bool `json:"passed"`
	// Misses say what was expected and what came instead, with the deciding facts;
	// empty and not nil when there is none.
	Misses []string `json:"misses"`
}

// Clock keeps the session state of one person through a history, for tests with
// a history: the replay package has it. Before is the state just before the row,
// After learns what was decided; a prompt counts as answered.
type Clock interface {
	Before(r *signin.Row) State
	After(r *signin.Row, d *Decision)
}

// TestOptions steer RunTests.
type TestOptions struct {
	// Clock makes the session state for a test with a history; nil makes such a
	// test fail with a miss that says so.
	Clock func(ev *Evaluator) Clock
	// Bundles replaces the built-in app groups; nil = DefaultBundles.
	Bundles *Bundles
	// Notices checks a set as policy check does, for tests that expect notices; nil
	// leaves what Load says.
	Notices func(*Set, *directory.Directory) []Notice
}

// RunTests runs every test of the files, in order. The error is a file that
// cannot be read or does not parse; a test that cannot be run is a result with a miss.
func RunTests(files []string, opt TestOptions) ([]TestResult, error) {
	var out []TestResult
	for _, path := range files {
		f, err := readTestFile(path)
		if err != nil {
			return out, err
		}
		for i := range f.Tests {
			t := &f.Tests[i]
			r := TestResult{File: path, Name: t.Name, Case: t.Case, Soft: t.Soft, Misses: []string{}}
			if r.Name == "" {
				r.Name = "test " + strconv.Itoa(i+1)
			}
			run := testRun{file: f, test: t, dir: filepath.Dir(path), opt: opt, miss: &r.Misses}
			if err := run.run(); err != nil {
				r.Misses = append(r.Misses, "cannot run: "+err.Error())
			}
			r.Passed = len(r.Misses) == 0 || r.Soft
			out = append(out, r)
		}
	}
	return out, nil
}

type testRun struct {
	file *testFile
	test *testCase
	dir  string
	opt  TestOptions
	miss *[]string
	ev   *Evaluator
	sym  *signin.Symbols
	know *directory.Directory
}

func (t *testRun) run() error {
	policies := t.test.Policies
	if len(policies) == 0 {
		policies = t.file.Policies
	}
	set, err := loadSources(t.dir, policies, t.file.Locations)
	if err != nil {
		return err
	}
	opt, err := t.file.Options.options(t.file.Tenant)
	if err != nil {
		return err
	}
	opt.Bundles = t.opt.Bundles
	dir, err := t.directory()
	if err != nil {
		return err
	}
	e, err := NewEngine(set, dir, opt)
	if err != nil {
		return err
	}
	t.know = dir
	t.sym = signin.NewSymbols()
	t.ev = e.Evaluator(t.sym)
	context, err := t.test.Context.context()
	if err != nil {
		return err
	}
	t.ev.SetContext(context)
	if len(t.test.History) > 0 {
		return t.history()
	}
	if t.test.SignIn == nil {
		if t.test.Expect.Notices == nil && t.test.Expect.NoNotices == nil {
			return fmt.Errorf("the test has neither signIn nor history, nor notices to expect")
		}
		t.test.Expect.notices(t, nil, t.missing(""))
		return nil
	}
	row, err := t.row(t.test.SignIn)
	if err != nil {
		return err
	}
	s, err := t.test.State.state()
	if err != nil {
		return err
	}
	return t.test.Expect.check(t, "", t.test.SignIn, &row, &s)
}

func (t *testRun) row(s *testSignIn) (signin.Row, error) {
	e, err := s.event()
	if err != nil {
		return signin.Row{}, fmt.Errorf("signIn: %w", err)
	}
	return signin.RowOf(&e, t.sym), nil
}

func (t *testRun) history() error {
	if t.opt.Clock == nil {
		return fmt.Errorf("tests with a history need session clocks, which this caller does not supply")
	}
	clock := t.opt.Clock(t.ev)
	for i := range t.test.History {
		h := &t.test.History[i]
		if h.SignIn == nil {
			return fmt.Errorf("history entry %d has no signIn", i+1)
		}
		row, err := t.row(h.SignIn)
		if err != nil {
			return fmt.Errorf("history entry %d: %w", i+1, err)
		}
		if row.Time, err = clockTime(h.At, row.Time); err != nil {
			return fmt.Errorf("history entry %d: %w", i+1, err)
		}
		s := clock.Before(&row)
		if err := h.Expect.check(t, fmt.Sprintf("entry %d (%s): ", i+1, h.At), h.SignIn, &row, &s); err != nil {
			return err
		}
		d := t.ev.Decide(&row, t.ev.Match(&row), &s)
		clock.After(&row, &d)
	}
	return nil
}

// clockTime reads "HH:MM" as an offset from the row's own time; hours may pass 24.
func clockTime(at string, base signin.Time) (signin.Time, error) {
	if at == "" {
		return base, nil
	}
	h, m, ok := strings.Cut(at, ":")
	hours, err1 := strconv.ParseUint(h, 10, 16)
	minutes, err2 := strconv.ParseUint(m, 10, 16)
	if !ok || err1 != nil || err2 != nil || minutes > 59 {
		return 0, fmt.Errorf("at: %q is not HH:MM", at)
	}
	return base + signin.Time(hours)*signin.Hour + signin.Time(minutes)*signin.Minute, nil //nolint:gosec // 16 bits each
}

func find(x *Explanation, name string) *PolicyExplanation {
	for i := range x.Policies {
		if p := &x.Policies[i]; p.Name == name || strings.EqualFold(p.ID, name) {
			return p
		}
	}
	return nil
}

func policyNames(x *Explanation) string {
	var out []string
	for i := range x.Policies {
		out = append(out, quote(x.Policies[i].Name))
	}
	return strings.Join(out, ", ")
}

// because says every condition of a policy in one line.
func because(p *PolicyExplanation) string {
	var out []string
	for _, c := range p.Conditions {
		out = append(out, fmt.Sprintf("%s %s (%s)", c.Name, c.Is, c.Why))
	}
	return strings.Join(out, "; ")
}

func (c *testContext) context() (Context, error) {
	said := func(s *string) string {
		switch {
		case s == nil:
			return ""
		case *s == "":
			return "none"
		}
		return strings.ToLower(*s)
	}
	var methods MethodSet
	if c.Methods != nil {
		methods = MethodPassword
		for _, text := range *c.Methods {
			m := MethodOf(text)
			if m == 0 || m == MethodOther {
				return Context{}, fmt.Errorf("context: unknown method %q, want one of %s", text, strings.Join(methodNames[:len(methodNames)-1], ", "))
			}
			methods |= m
		}
	}
	return Context{
		Methods: methods, Scopes: c.Scopes, UserRisk: c.UserRisk, InsiderRisk: c.InsiderRisk, ServicePrincipalRisk: c.ServicePrincipalRisk,
		SingleTenant: truthOf(c.SingleTenant), UserAction: said(c.UserAction), AuthContext: said(c.AuthContext),
	}, nil
}

// state reads the session before the sign-in; what is not said is not known.
func (s *testState) state() (State, error) {
	out := State{First: AnyAge, Second: AnyAge, PRT: AnyAge, Background: s.Background}
	switch s.MFA {
	case "":
	case "none":
		out.MFA, out.Second = signin.False, NeverAge
	case "claim":
		out.MFA = signin.True
	default:
		return out, fmt.Errorf("state: mfa %q is neither none nor claim", s.MFA)
	}
	if s.MFAMethods != nil {
		out.MethodsKnown = true
		for _, m := range *s.MFAMethods {
			out.Methods |= MethodOf(m)
		}
		out.Methods = out.Methods.OneSignIn()
	}
	for _, a := range []struct {
		text string
		age  *Age
	}{{s.LastFirstFactor, &out.First}, {s.LastSecondFactor, &out.Second}, {s.LastPRTRefresh, &out.PRT}} {
		if a.text == "" {
			continue
		}
		d, err := time.ParseDuration(a.text)
		if err != nil || d < 0 {
			return out, fmt.Errorf("state: %q is not a span like 2h or 30m", a.text)
		}
		*a.age = Age{signin.Time(d.Microseconds()), signin.Time(d.Microseconds())}
	}
	out.DeviceSession = s.LastPRTRefresh != ""
	return out, nil
}
