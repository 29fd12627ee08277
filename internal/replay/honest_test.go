package replay

import (
	"testing"

	"frisk/internal/signin"
)

const compliantOnly = `{"grantControls":{"operator":"OR","builtInControls":["compliantDevice"]}}`

// A soft interrupt that lacks the device is a step on the way: the attempt's
// outcome is its last row's.
func TestPassingInterruptIsNoBlock(t *testing.T) {
	s := newStory()
	for n := range 3 {
		at, id := signin.Time(n)*hour, string(rune('a'+n))
		s.at(at, corr(id), failed("50097", signin.Challenge, signin.Interrupt), func(e *signin.Event) { e.PolicyStatus = "failure" })
		s.at(at+2*signin.Second, corr(id), joined, both)
	}
	tl := s.run(Config{Engines: engines(t, []string{policyJSON("device", compliantOnly)})})
	if got := total(t, tl).Sets[0].Blocks; got != (Bounds{}) {
		t.Errorf("blocks %+v, want none", got)
	}
	// An attempt that ends without the device is blocked all the same.
	s = newStory().at(0, corr("a"), func(e *signin.Event) { e.Device.Compliant = signin.False }, both)
	tl = s.run(Config{Engines: engines(t, []string{policyJSON("device", compliantOnly)})})
	if got := total(t, tl).Sets[0].Blocks; got != (Bounds{1, 1}) {
		t.Errorf("blocks %+v, want one", got)
	}
}

// Conditional Access is not evaluated when a primary refresh token is issued
// or renewed (reference 1.1): an unlock only moves the clock.
func TestUnlockIsNotDecided(t *testing.T) {
	s := newStory()
	for n := range 5 {
		s.at(signin.Time(n)*8*hour, joined, password, func(e *signin.Event) { e.App.ID = windowsSignIn })
	}
	for _, controls := range []string{block, mfa} {
		tl := s.run(Config{Engines: engines(t, []string{policyJSON("p", controls)})})
		if got := total(t, tl).Sets[0]; got.Blocks != (Bounds{}) || got.Prompts != (Bounds{}) || got.Uncovered != 0 {
			t.Errorf("%s: %+v", controls, got)
		}
	}
}

// Recorded and replayed speak of the same sign-ins: what another tenant or
// provider decided is in neither.
func TestOutOfScopeIsNotRecorded(t *testing.T) {
	s := newStory().at(0, both)
	for n := range 9 {
		s.at(signin.Time(n+1)*hour, both, func(e *signin.Event) { e.Provider = "okta" })
	}
	tl := s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)})})
	got := total(t, tl)
	if got.Recorded.SignIns != 1 || got.Recorded.Prompts != 1 || tl.OutOfScope.OtherProvider != 9 {
		t.Errorf("recorded %+v, out of scope %+v", got.Recorded, tl.OutOfScope)
	}
}

// A report-only policy that asks every time changes nothing that is enforced.
func TestReportOnlyEveryTimeChangesNothing(t *testing.T) {
	s := newStory().at(0, native, both).
		at(2*min1, native, func(e *signin.Event) { e.App.ID, e.Resource.ID = "app-2", "app-2" })
	plain := []string{policyJSON("mfa", mfa)}
	watched := append([]string{policyJSON("watch", mfa, everyTime, `{"state":"enabledForReportingButNotEnforced"}`)}, plain...)
	a, b := total(t, s.run(Config{Engines: engines(t, plain)})), total(t, s.run(Config{Engines: engines(t, watched)}))
	if a.Sets[0].Prompts != b.Sets[0].Prompts || a.Sets[0].Blocks != b.Sets[0].Blocks {
		t.Errorf("alone %+v, with a report-only policy %+v", a.Sets[0].Prompts, b.Sets[0].Prompts)
	}
}
