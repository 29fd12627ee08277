package analysis

import (
	"cmp"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// riskConfig is the detectors' thresholds with the configuration's changes.
func (c *Config) riskConfig() (risk.Config, error) {
	rc := risk.Defaults()
	if c.Detect.Sensitivity != "" {
		s, err := risk.ParseSensitivity(c.Detect.Sensitivity)
		if err != nil {
			return rc, &ConfigError{c.file(), fmt.Errorf("detect.sensitivity: %w", err)}
		}
		rc.Sensitivity = s
	}
	for _, name := range sortedKeys(c.Detect.Knobs) {
		if err := rc.Set(name, c.Detect.Knobs[name]); err != nil {
			return rc, &ConfigError{c.file(), fmt.Errorf("detect.knobs: %w", err)}
		}
	}
	return rc, nil
}

// constants are the numbers the figures rest on, with the configuration's
// changes: seconds of friction, and what gets past each control.
type constants struct {
	seconds []replay.Constant
	pass    []risk.PassThrough
}

// passPrefix names pass-through constants, to tell them from the seconds.
const passPrefix = "pass_through."

func (c *Config) constants() (*constants, error) {
	k := &constants{replay.Constants(), risk.PassThroughs()}
	var names []string
	for i := range k.seconds {
		names = append(names, k.seconds[i].Name)
	}
	for i := range k.pass {
		names = append(names, passPrefix+k.pass[i].Control)
	}
	for _, name := range sortedKeys(c.Constants) {
		v := c.Constants[name]
		if v.Mid == nil {
			return nil, &ConfigError{c.file(), fmt.Errorf("constants: %s needs at least mid", name)}
		}
		low, mid, high := *v.Mid, *v.Mid, *v.Mid
		if v.Low != nil {
			low = *v.Low
		}
		if v.High != nil {
			high = *v.High
		}
		if low < 0 || low > mid || mid > high {
			return nil, &ConfigError{c.file(), fmt.Errorf("constants: %s: want 0 <= low <= mid <= high", name)}
		}
		if !k.set(name, low, mid, high) {
			return nil, &ConfigError{c.file(), fmt.Errorf("constants: unknown constant %q, want one of %s", name, strings.Join(names, ", "))}
		}
	}
	return k, nil
}

// fromConfig is the origin of a constant that the user set.
const fromConfig = "frisk.yaml"

func (k *constants) set(name string, low, mid, high float64) bool {
	for i := range k.seconds {
		if s := &k.seconds[i]; s.Name == name {
			s.Low, s.Mid, s.High, s.Origin, s.Cited = low, mid, high, fromConfig, true
			return true
		}
	}
	for i := range k.pass {
		if p := &k.pass[i]; passPrefix+p.Control == name {
			p.Estimate, p.Origin = risk.Estimate{Low: low, Mid: mid, High: high}, fromConfig
			return true
		}
	}
	return false
}

// passes is the share of hostile sign-ins that get past a control, at the middle.
func (k *constants) passes(control string) float64 {
	for i := range k.pass {
		if k.pass[i].Control == control {
			return k.pass[i].Mid
		}
	}
	return 1 // nothing is known of the control: it stops nobody
}

// policyOptions turns the configuration's facts about the tenant into the engine's.
func (c *Config) policyOptions() (policy.Options, error) {
	o := &c.Policies.Options
	out := policy.Options{
		Tenant: c.Tenant, IntranetClaim: o.IntranetClaim, DevicesComplete: o.DevicesComplete,
		Inbound: policy.InboundTrust{
			MFA: truthOf(o.InboundTrust.MFA), CompliantDevice: truthOf(o.InboundTrust.CompliantDevice), HybridDevice: truthOf(o.InboundTrust.HybridDevice),
		},
	}
	fail := func(key string, err error) (policy.Options, error) {
		return out, &ConfigError{c.file(), fmt.Errorf("policies.options.%s: %w", key, err)}
	}
	if o.AppGroups != "" {
		data, err := os.ReadFile(c.path(o.AppGroups))
		if err != nil {
			return fail("appGroups", err)
		}
		if out.Bundles, err = policy.ParseBundles(data); err != nil {
			return fail("appGroups", err)
		}
	}
	for _, text := range o.MFATrustedIPs {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return fail("mfaTrustedIPs", err)
		}
		out.MFATrustedIPs = append(out.MFATrustedIPs, p)
	}
	if o.RememberMFADays < 0 || o.RememberMFADays > 365 {
		return fail("rememberMfaDays", fmt.Errorf("%d days: want 1 to 365, or 0 for off", o.RememberMFADays))
	}
	out.RememberMFA = signin.Time(o.RememberMFADays) * signin.Day
	var err error
	if out.Assume, err = assumptions(o.Assume); err != nil {
		return fail("assume", err)
	}
	if o.LowPrivilegeFrom != "" {
		t, err := time.Parse(time.DateOnly, o.LowPrivilegeFrom)
		if err != nil {
			return fail("lowPrivilegeFrom", err)
		}
		out.LowPrivilegeFrom = signin.FromTime(t)
	}
	return out, nil
}

// riskLevels are Graph's riskLevel values, and those of insider risk.
var riskLevels = []string{"none", "low", "medium", "high", "minor", "moderate", "elevated"}

// assumptions reads the risk levels to take where nothing tells.
func assumptions(from map[string]string) (policy.Assumptions, error) {
	var a policy.Assumptions
	fields := map[string]*string{
		"userrisk": &a.UserRisk, "insiderrisk": &a.InsiderRisk, "serviceprincipalrisk": &a.ServicePrincipalRisk, "signinrisk": &a.SignInRisk,
	}
	for _, name := range sortedKeys(from) {
		f := fields[strings.ToLower(name)]
		if f == nil {
			return a, fmt.Errorf("%q: want userRisk, insiderRisk, servicePrincipalRisk or signInRisk", name)
		}
		level := strings.ToLower(from[name])
		if !slices.Contains(riskLevels, level) {
			return a, fmt.Errorf("%s %q: want one of %s", name, from[name], strings.Join(riskLevels, ", "))
		}
		*f = level
	}
	return a, nil
}

func truthOf(b *bool) signin.Truth {
	if b == nil {
		return signin.Unknown
	}
	return signin.TruthOf(*b)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
