package replay

import (
	"testing"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Labelled incidents count for the policies that challenge or refuse them, whether
// a finding calls them hostile or not.
func TestConfirmedIncidents(t *testing.T) {
	s := newStory()
	s.at(0, password).at(hour, password, app("x")).at(2*hour, password, app("y"))
	s.attack[1] = true
	w := New(Config{Engines: engines(t, []string{policyJSON("no", block, apps("x", "y")), policyJSON("mfa", mfa, apps("z"))})}, s.sym)
	w.Confirmed = func(ref signin.Ref) bool { return ref.Row >= 1 }
	w.Person(History{"entra", "t", "u1", s.rows}, risk.Assessed{Score: s.score, Attack: s.attack})
	ps := w.Tally().Policies[0]
	if ps[0].Confirmed != 2 || ps[1].Confirmed != 0 {
		t.Errorf("confirmed %v and %v, want 2 and 0", ps[0].Confirmed, ps[1].Confirmed)
	}
}
