package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// step is one entry of a frequency case: a sign-in and what must happen.
type step struct {
	at   signin.Time
	mods []mod
	want string
}

func play(t *testing.T, e *policy.Engine, steps []step) {
	t.Helper()
	s := newStory()
	ev := e.Evaluator(s.sym)
	c := NewSession(ev, s.sym)
	for i, st := range steps {
		s.at(st.at, st.mods...)
		r := &s.rows[i]
		state := c.Before(r)
		d := ev.Decide(r, ev.Match(r), &state)
		c.After(r, &d)
		if got := d.Verdict(); got != st.want {
			t.Errorf("step %d at +%v min: %s, want %s (state %+v)", i, st.at/signin.Minute, got, st.want, state)
		}
	}
}

// The worked cases of Microsoft's session lifetime page (reference 1.10), SIF
// 1 h, and conformance cases 63 to 71 (reference 7).
func TestFrequencyCases(t *testing.T) {
	h := func(hours, minutes signin.Time) signin.Time { return hours*hour + minutes*min1 }
	dev := []mod{joined}
	web := []mod{joined}
	upload := []mod{joined, quiet}
	unlock := []mod{joined, native, app(windowsSignIn)}
	mfa1 := policyJSON("mfa", mfa, every(1))
	tests := []struct {
		name     string
		policies []string
		steps    []step
	}{
		{"keeps working", []string{mfa1}, []step{
			{0, web, "prompt"}, {h(0, 30), web, "allow"}, {h(1, 0), web, "allow"}, {h(1, 1), web, "prompt"}, {h(1, 30), web, "allow"},
		}},
		{"background upload waits for the person (65)", []string{mfa1}, []step{
			{0, web, "prompt"}, {h(0, 40), upload, "allow"}, {h(1, 10), upload, "allow"}, {h(2, 10), upload, "allow"}, {h(2, 45), web, "prompt"},
		}},
		{"unlock inside the cycle resets nothing (63)", []string{mfa1}, []step{
			{0, dev, "prompt"}, {h(0, 45), unlock, "allow"}, {h(1, 1), dev, "prompt"},
		}},
		{"unlock outside the cycle resets (64)", []string{mfa1}, []step{
			{0, dev, "prompt"}, {h(4, 45), unlock, "allow"}, {h(5, 30), dev, "allow"}, {h(5, 46), dev, "prompt"},
		}},
		{"every time tolerates five minutes (66)", []string{policyJSON("a", mfa, everyTime, apps("a")), policyJSON("b", mfa, everyTime, apps("b"))}, []step{
			{0, []mod{app("a")}, "prompt"}, {h(0, 4), []mod{app("b")}, "allow"},
		}},
		{"every time asks again (67)", []string{policyJSON("a", mfa, everyTime)}, []step{
			{0, nil, "prompt"}, {h(0, 6), nil, "prompt"},
		}},
		{"the shorter of two (68)", []string{policyJSON("a", mfa, every(12)), policyJSON("b", mfa, every(4))}, []step{
			{0, nil, "prompt"}, {h(3, 59), nil, "allow"}, {h(4, 1), nil, "prompt"},
		}},
		{"block decides (69)", []string{policyJSON("a", mfa, every(12)), policyJSON("b", block)}, []step{
			{0, nil, "block"}, {h(13, 0), nil, "block"},
		}},
		{"mfa once, no frequency", []string{policyJSON("a", mfa)}, []step{
			{0, nil, "prompt"}, {h(200, 0), nil, "allow"}, {h(200+91*24, 0), nil, "prompt"},
		}},
		{"frequency alone asks for the first factor", []string{policyJSON("a", every(2))}, []step{
			{0, nil, "prompt"}, {h(1, 0), nil, "allow"}, {h(2, 1), nil, "prompt"},
		}},
		{"two native apps have a token each", []string{policyJSON("a", mfa)}, []step{
			{0, []mod{native, app("a")}, "prompt"}, {h(1, 0), []mod{native, app("b")}, "unknown"}, {h(2, 0), []mod{native, app("b")}, "allow"},
		}},
		{"another device knows nothing", []string{policyJSON("a", mfa)}, []step{
			{0, []mod{joined}, "prompt"}, {h(1, 0), []mod{joined, func(e *signin.Event) { e.Device.ID = "dev-2" }}, "prompt"},
		}},
		{"wrong password never reaches policy (74)", []string{policyJSON("a", mfa)}, []step{
			{0, []mod{failed("50126", signin.Failure, signin.BadPassword)}, "allow"}, {min1, nil, "prompt"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { play(t, engine(t, "set", tt.policies...), tt.steps) })
	}
}
