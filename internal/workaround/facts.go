package workaround

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// memo is a function of a coded column's text, worked out when first asked for.
type memo[T any] struct {
	vals []T
	done []bool
	of   func(string) T
}

// get is valid until the next call.
func (m *memo[T]) get(t *signin.Table, c signin.Code) *T {
	if int(c) >= len(m.vals) {
		n := t.Len() - len(m.vals)
		m.vals, m.done = append(m.vals, make([]T, n)...), append(m.done, make([]bool, n)...)
	}
	if !m.done[c] {
		m.vals[c], m.done[c] = m.of(t.Text(c)), true
	}
	return &m.vals[c]
}

// facts are the memoised columns of one worker.
type facts struct {
	sym      *signin.Symbols
	legacy   memo[bool]
	code     memo[bool] // device code flow, in either column
	class    memo[risk.Class]
	platform memo[string]
	outcomes memo[outcomes]
	methods  memo[[]string]
	device   memo[uint64] // hash of a device that a few people use, else 0
}

func newFacts(sym *signin.Symbols) *facts {
	f := &facts{sym: sym}
	f.legacy.of = risk.LegacyClient
	// Graph authenticationProtocol and originalTransferMethod; Log Analytics writes
	// the same words. Case folded, since exports differ in it.
	f.code.of = func(s string) bool {
		return strings.EqualFold(s, "deviceCode") || strings.EqualFold(s, "deviceCodeFlow")
	}
	f.class.of = risk.ClassOf
	f.platform.of = policy.PlatformOf
	f.outcomes.of = outcomesOf
	f.methods.of = methodsOf
	return f
}

// hasDim reports that a row has a text in a column.
func hasDim(d signin.Dim) func(*person, int) bool {
	return func(p *person, i int) bool { return p.rows[i].C[d] != 0 }
}

func (f *facts) isLegacy(r *signin.Row) bool {
	return *f.legacy.get(f.sym[signin.DimClient], r.C[signin.DimClient])
}

func (f *facts) isDeviceCode(r *signin.Row) bool {
	return *f.code.get(f.sym[signin.DimProtocol], r.C[signin.DimProtocol]) || *f.code.get(f.sym[signin.DimTransfer], r.C[signin.DimTransfer])
}

func (f *facts) classOf(r *signin.Row) risk.Class {
	return *f.class.get(f.sym[signin.DimNetwork], r.C[signin.DimNetwork])
}

// platformOf is the platform a row claims, by its system or else its agent; "" = none.
func (f *facts) platformOf(r *signin.Row) string {
	c, d := r.C[signin.DimOS], signin.DimOS
	if c == 0 {
		c, d = r.C[signin.DimUserAgent], signin.DimUserAgent
	}
	if c == 0 {
		return ""
	}
	if d == signin.DimOS {
		return *f.platform.get(f.sym[d], c)
	}
	return policy.PlatformOf(f.sym[d].Text(c)) // rare: no system was logged
}

// recordedPolicy is one enforced policy in a row's list.
type recordedPolicy struct {
	id, name string
	failed   bool
	applied  bool
	blocks   bool // its controls include block
	device   bool // they include a device state
	mfa      bool
	platform bool // it did not apply for the platform
}

// outcomes are the enforced policies a row records; nil when it records none.
type outcomes []recordedPolicy

// bitPlatform is the platform bit of Azure Monitor's condition masks (reference 2.4).
const bitPlatform = 4

func outcomesOf(list string) outcomes {
	if list == "" || list == "[]" {
		return nil
	}
	ps, err := signin.DecodeList[signin.RecordedPolicy](signin.List(list))
	if err != nil {
		return nil
	}
	var out outcomes
	for i := range ps {
		p := &ps[i]
		o := recordedPolicy{id: strings.ToLower(p.ID), name: p.Name}
		switch strings.ToLower(p.Result) {
		case "failure", "interrupt": // the workbook's word for a prompt of an enabled policy (reference 2.2)
			o.failed, o.applied = true, true
		case "success":
			o.applied = true
		case "notapplied":
			o.platform = p.NotSatisfied >= 0 && p.NotSatisfied&bitPlatform != 0
		default:
			continue // report-only, disabled
		}
		for _, g := range p.Grant {
			switch g = strings.ToLower(g); {
			case g == "block":
				o.blocks = true
			case strings.Contains(g, "device"), strings.Contains(g, "domainjoined"):
				o.device = true
			case strings.Contains(g, "mfa"), strings.Contains(g, "multifactor"), strings.Contains(g, "strength"):
				o.mfa = true
			}
		}
		if o.id == "" {
			o.id = strings.ToLower(o.name)
		}
		out = append(out, o)
	}
	return out
}

// recorded are the enforced policies of a row.
func (f *facts) recorded(r *signin.Row) outcomes {
	return *f.outcomes.get(f.sym[signin.DimPolicies], r.C[signin.DimPolicies])
}

// of is what a policy made of the row; nil when the row does not list it.
func (o outcomes) of(id string) *recordedPolicy {
	for i := range o {
		if o[i].id == id {
			return &o[i]
		}
	}
	return nil
}

// behind are the failed policies that explain why a row ended as it did. All failed
// ones when no control singles some out: a policy that also wanted MFA did not
// block a sign-in that another one blocks.
func (o outcomes) behind(reason signin.Reason) (ids []string) {
	want := func(p *recordedPolicy) bool { return true }
	switch reason {
	case signin.PolicyBlock, signin.RiskBlock:
		want = func(p *recordedPolicy) bool { return p.blocks }
	case signin.DeviceNotCompliant, signin.DeviceNotJoined:
		want = func(p *recordedPolicy) bool { return p.device }
	case signin.MFARequired, signin.MFAFailed, signin.MFADenied, signin.MFATimeout, signin.MFAEnrol:
		want = func(p *recordedPolicy) bool { return p.mfa }
	}
	for pass := range 2 {
		for i := range o {
			if o[i].failed && (pass == 1 || want(&o[i])) {
				ids = append(ids, o[i].id)
			}
		}
		if len(ids) > 0 {
			return ids
		}
	}
	return nil
}

func methodsOf(list string) []string {
	ms, err := signin.DecodeList[string](signin.List(list))
	if err != nil {
		return nil
	}
	return ms
}
