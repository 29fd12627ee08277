package policy

import "testing"

// Any text is an error or a question with an answer for every policy, in both
// modes; what was read once is read again.
func FuzzWhatIf(f *testing.F) {
	for _, s := range []string{
		`{"signInIdentity":{"userId":"ann@example.com"},"signInConditions":{"country":"CH","clientAppType":"all"}}`,
		`{"signInIdentity":{"servicePrincipalId":"s"},"signInContext":{"userAction":"registerOrJoinDevices"}}`,
		`{"signInIdentity":{"userId":"u","externalUserType":"serviceProvider"},"signInContext":{"authenticationContextValue":"c1"},"signInConditions":{"deviceInfo":{"deviceId":""},"ipAddress":"::1"}}`,
		`{"signInConditions":{"contry":1}}`, `[`, `{"signInContext":{"includeApplications":["a","b"]},"signInIdentity":{"userId":"u"}}`,
	} {
		f.Add([]byte(s))
	}
	set, _, err := Parse("p.json", []byte(onePolicyEnabled))
	if err != nil {
		f.Fatal(err)
	}
	e, err := NewEngine(set, nil, Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := ParseWhatIf(data)
		if err != nil {
			return
		}
		if again, err := q.canonical(); err != nil || again.Conditions.Country != q.Conditions.Country {
			t.Fatalf("read once and not twice: %v", err)
		}
		for _, none := range []bool{false, true} {
			a, err := WhatIf(e, q, &State{}, WhatIfOptions{MissingIsNone: none})
			if err != nil || len(a.Frisk.Policies) != 1 || a.Frisk.Warnings == nil {
				t.Fatalf("%v: %+v", err, a)
			}
		}
	})
}
