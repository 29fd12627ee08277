package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func TestSteps(t *testing.T) {
	push := signin.Factor{Method: "Mobile app notification", Succeeded: "true"}
	tests := []struct {
		name string
		in   signin.List
		want steps
	}{
		{"nothing said", "", steps{}},
		{"none", "[]", steps{said: true}},
		{"not a list", "{", steps{}},
		{"previously satisfied is no entry", factors(signin.Factor{Method: "Previously satisfied", Succeeded: "true"}), steps{said: true}},
		{"a demand without a method is no entry", factors(signin.Factor{Detail: "MFA required in Azure AD", Succeeded: "false"}), steps{said: true}},
		{
			"password and push", factors(signin.Factor{Method: "Password", Succeeded: "true", Requirement: "Primary authentication"}, push),
			steps{said: true, entries: 2, first: true, second: true, apart: true, methods: policy.MethodPassword | policy.MethodAuthenticatorPush},
		},
		{
			"a failed push, then one that worked", factors(signin.Factor{Method: "Mobile app notification", Succeeded: "false"}, push),
			steps{said: true, entries: 2, failed: 1, second: true, apart: true, declined: true, methods: policy.MethodAuthenticatorPush},
		},
		{
			"a passkey is both at once", factors(signin.Factor{Method: "FIDO2 security key", Succeeded: "true"}),
			steps{said: true, entries: 1, first: true, second: true, strong: true, methods: policy.MethodFIDO2},
		},
		{
			"Windows Hello after a password counts for no strength",
			factors(signin.Factor{Method: "Password", Succeeded: "true", Requirement: "Primary authentication"}, signin.Factor{Method: "Windows Hello for Business", Succeeded: "true", Requirement: "Multifactor authentication"}),
			steps{said: true, entries: 2, first: true, second: true, apart: true, later: true, methods: policy.MethodPassword},
		},
		{
			"Windows Hello as the first method", factors(signin.Factor{Method: "Windows Hello for Business", Succeeded: "true", Requirement: "Primary authentication"}),
			steps{said: true, entries: 1, first: true, second: true, strong: true, methods: policy.MethodWindowsHello},
		},
		{
			"a passkey as second factor, asked for by policy", factors(signin.Factor{Method: "FIDO2 security key", Succeeded: "true", Requirement: "MultiConditionalAccess"}),
			steps{said: true, entries: 1, second: true, apart: true, methods: policy.MethodFIDO2, by: demandPolicy},
		},
		{
			"asked for by per-user MFA", factors(signin.Factor{Method: "Text message", Requirement: "user"}),
			steps{said: true, entries: 1, second: true, apart: true, undecided: true, methods: policy.MethodSMS, by: demandOther},
		},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, stepsOf(string(tt.in)), cmp.AllowUnexported(steps{})); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// No list makes more failures than entries, or factors out of no entry.
func FuzzSteps(f *testing.F) {
	for _, s := range []string{"", "[]", "{", `[{"method":"Password","succeeded":"true"}]`, `[{"method":"Previously satisfied"}]`, `[{"requirement":"user"}]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := stepsOf(text)
		if s.failed > s.entries || (s.entries == s.failed && (s.first || s.second)) {
			t.Errorf("%q: %+v", text, s)
		}
	})
}

func TestDemanders(t *testing.T) {
	for in, want := range map[string]demander{
		"": demandUnknown, `["user"]`: demandOther, `["user","multiConditionalAccess"]`: demandPolicy,
		`["securityDefaults"]`: demandOther, `["authenticationStrengths"]`: demandPolicy, `[`: demandUnknown,
	} {
		if got := demandersOf(in); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}
