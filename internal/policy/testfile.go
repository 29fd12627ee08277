package policy

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/signin"

	"github.com/goccy/go-yaml"
)

// testFile is a policy test file: policies, and sign-ins with the decision
// expected of them. The format is described in docs/policies.md.
type testFile struct {
	Policies  []source    `yaml:"policies"`
	Locations *source     `yaml:"locations"`
	Directory *source     `yaml:"directory"`
	Tenant    string      `yaml:"tenant"`
	Options   testOptions `yaml:"options"`
	Tests     []testCase  `yaml:"tests"`
}

// testOptions are the tenant's facts a test may state; see Options.
type testOptions struct {
	MFATrustedIPs    []string `yaml:"mfaTrustedIPs"`
	IntranetClaim    bool     `yaml:"intranetClaim"`
	LowPrivilegeFrom string   `yaml:"lowPrivilegeFrom"`
	DevicesComplete  bool     `yaml:"devicesComplete"`
	RememberMFADays  uint16   `yaml:"rememberMfaDays"`
	Assume           struct {
		UserRisk             string `yaml:"userRisk"`
		InsiderRisk          string `yaml:"insiderRisk"`
		ServicePrincipalRisk string `yaml:"servicePrincipalRisk"`
		SignInRisk           string `yaml:"signInRisk"`
	} `yaml:"assume"`
	InboundTrust struct {
		MFA             *bool `yaml:"mfa"`
		CompliantDevice *bool `yaml:"compliantDevice"`
		HybridDevice    *bool `yaml:"hybridDevice"`
	} `yaml:"inboundTrust"`
}

// testCase is one test: a sign-in, or a history of several.
type testCase struct {
	Name     string        `yaml:"name"`
	Case     int           `yaml:"case"`     // number of the conformance case it is, 0 = none
	Soft     bool          `yaml:"soft"`     // the source leaves room: a miss is reported and does not fail
	Source   string        `yaml:"source"`   // where the expectation comes from; for the reader
	Note     string        `yaml:"note"`     // for the reader
	Policies []source      `yaml:"policies"` // instead of the file's
	SignIn   *testSignIn   `yaml:"signIn"`
	Context  testContext   `yaml:"context"`
	State    testState     `yaml:"state"`
	Expect   testExpect    `yaml:"expect"`
	History  []testHistory `yaml:"history"`
}

type testHistory struct {
	At     string      `yaml:"at"`
	SignIn *testSignIn `yaml:"signIn"`
	Expect testExpect  `yaml:"expect"`
}

// testContext is what the row cannot tell; a nil field is not known.
type testContext struct {
	Groups               *[]string `yaml:"groups"`
	Roles                *[]string `yaml:"roles"`
	UserRisk             string    `yaml:"userRisk"`
	InsiderRisk          string    `yaml:"insiderRisk"`
	ServicePrincipalRisk string    `yaml:"servicePrincipalRisk"`
	SingleTenant         *bool     `yaml:"singleTenant"`
	UserAction           *string   `yaml:"userAction"`
	AuthContext          *string   `yaml:"authContext"`
	Scopes               []string  `yaml:"scopes"`  // delegated permissions asked for
	Methods              *[]string `yaml:"methods"` // all the person has registered or can register
}

type testState struct {
	MFA              string    `yaml:"mfa"`
	MFAMethods       *[]string `yaml:"mfaMethods"`
	LastFirstFactor  string    `yaml:"lastFirstFactor"`
	LastSecondFactor string    `yaml:"lastSecondFactor"`
	LastPRTRefresh   string    `yaml:"lastPrtRefresh"`
	Background       bool      `yaml:"background"`
}

// source is a path, relative to the test file, or the Graph JSON itself
// written in the test file.
type source struct {
	path   string
	inline []byte
}

// UnmarshalYAML takes a text as a path and anything else as inline data.
func (s *source) UnmarshalYAML(data []byte) error {
	var path string
	if err := yaml.Unmarshal(data, &path); err == nil && !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		s.path = path
		return nil
	}
	j, err := yaml.YAMLToJSON(data)
	if err != nil {
		return err
	}
	s.inline = j
	return nil
}

func readTestFile(path string) (*testFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read policy tests: %w", err)
	}
	f := &testFile{}
	if err := unknownYAML(data, f); err != nil {
		return nil, fmt.Errorf("parse policy tests %q: %w", path, err)
	}
	if err := yaml.UnmarshalWithOptions(data, f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("parse policy tests %q: %w", path, err)
	}
	if len(f.Tests) == 0 {
		return nil, fmt.Errorf("parse policy tests %q: no tests", path)
	}
	return f, nil
}

// loadSources reads policies and locations of a test.
func loadSources(dir string, policies []source, locations *source) (*Set, error) {
	l := newLoader("test")
	if locations != nil {
		l.set.LocationsKnown = true
		policies = append(slices.Clip(policies), *locations)
	}
	for _, s := range policies {
		var err error
		if s.inline != nil {
			err = l.text("(in the test)", s.inline)
		} else {
			err = l.path(filepath.Join(dir, s.path))
		}
		if err != nil {
			return nil, err
		}
	}
	for _, p := range l.set.Policies {
		p.Name = strings.TrimSpace(p.Name)
	}
	l.set.Notices = l.notices
	return l.set, nil
}

func (o *testOptions) options(tenant string) (Options, error) {
	opt := Options{Tenant: tenant, IntranetClaim: o.IntranetClaim, DevicesComplete: o.DevicesComplete}
	opt.Assume = Assumptions(o.Assume)
	opt.RememberMFA = signin.Time(o.RememberMFADays) * signin.Day
	for _, text := range o.MFATrustedIPs {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return opt, fmt.Errorf("options: mfaTrustedIPs: %w", err)
		}
		opt.MFATrustedIPs = append(opt.MFATrustedIPs, p)
	}
	if o.LowPrivilegeFrom != "" {
		t, err := parseTestTime(o.LowPrivilegeFrom)
		if err != nil {
			return opt, fmt.Errorf("options: lowPrivilegeFrom: %w", err)
		}
		opt.LowPrivilegeFrom = t
	}
	opt.Inbound.MFA = truthOf(o.InboundTrust.MFA)
	opt.Inbound.CompliantDevice = truthOf(o.InboundTrust.CompliantDevice)
	opt.Inbound.HybridDevice = truthOf(o.InboundTrust.HybridDevice)
	return opt, nil
}

func truthOf(b *bool) signin.Truth {
	if b == nil {
		return signin.Unknown
	}
	return signin.TruthOf(*b)
}
