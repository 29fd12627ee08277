package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func prompts(pc PersonCell) []Bounds {
	var out []Bounds
	for _, o := range pc.Sets {
		out = append(out, o.Prompts)
	}
	return out
}

func exactly(ns ...float64) []Bounds {
	var out []Bounds
	for _, n := range ns {
		out = append(out, Bounds{n, n})
	}
	return out
}

func engines(t *testing.T, sets ...[]string) []*policy.Engine {
	var out []*policy.Engine
	for i, s := range sets {
		out = append(out, engine(t, string(rune('A'+i)), s...))
	}
	return out
}

// Ten sign-ins, 90 minutes apart, the first with both factors. Counted by hand:
// with no frequency one prompt; with one hour every sign-in asks; with twelve
// hours the first and the one after 13.5 h (12 h to the minute is not too old).
func TestOnlyFrequencyDiffers(t *testing.T) {
	s := newStory()
	s.at(0, both)
	for i := signin.Time(1); i < 10; i++ {
		s.at(i*90*min1, claim)
	}
	tl := s.run(Config{Engines: engines(t,
		[]string{policyJSON("mfa", mfa)},
		[]string{policyJSON("mfa", mfa, every(1))},
		[]string{policyJSON("mfa", mfa, every(12))})})
	got := total(t, tl)
	if diff := cmp.Diff(exactly(1, 10, 2), prompts(got)); diff != "" {
		t.Error(diff)
	}
	want := Recorded{SignIns: 10, Episodes: 10, FactorEntries: 2, Prompts: 1, Asked: 1, NoRecord: 10}
	if diff := cmp.Diff(want, got.Recorded); diff != "" {
		t.Error(diff)
	}
	// The first prompt asks for the second factor only: the password is a new
	// session's. Frequency asks for both.
	if diff := cmp.Diff(exactly(1, 19, 3), []Bounds{got.Sets[0].Entries, got.Sets[1].Entries, got.Sets[2].Entries}); diff != "" {
		t.Error(diff)
	}
}

// Current asks every eight hours and the log says so; a candidate of 24 h must
// not take those entries for fresh ones, one of 8 h must repeat them, and a
// password nobody demanded stays under both.
func TestEntriesCausedByFrequencyAreNotKept(t *testing.T) {
	s := newStory()
	s.at(0, both)
	s.at(7*hour, claim)
	s.at(9*hour, both, label)
	s.at(16*hour, claim)
	s.at(18*hour, both, label)
	s.at(25*hour, claim)
	s.at(26*hour, claim)
	sif8, sif24 := []string{policyJSON("mfa", mfa, every(8))}, []string{policyJSON("mfa", mfa, every(24))}
	got := total(t, s.run(Config{Engines: engines(t, sif8, sif8, sif24, []string{policyJSON("mfa", mfa)})}))
	if diff := cmp.Diff(exactly(3, 3, 2, 1), prompts(got)); diff != "" {
		t.Error(diff)
	}
	if got.Recorded.Frequency != 2 {
		t.Errorf("recorded frequency prompts: %v, want 2", got.Recorded.Frequency)
	}

	// The same without labels: replayed current explains the entries.
	s = newStory()
	s.at(0, both).at(7*hour, claim).at(9*hour, both).at(16*hour, claim).at(18*hour, both).at(25*hour, claim).at(26*hour, claim)
	got = total(t, s.run(Config{Engines: engines(t, sif8, sif8, sif24, []string{policyJSON("mfa", mfa)})}))
	if diff := cmp.Diff(exactly(3, 3, 2, 1), prompts(got)); diff != "" {
		t.Error("unlabelled:", diff)
	}

	// A password nobody demanded, five hours in, is a new session under every set.
	s = newStory()
	s.at(0, both).at(5*hour, both).at(12*hour, claim).at(28*hour, claim)
	got = total(t, s.run(Config{Engines: engines(t, sif8, sif24)}))
	if diff := cmp.Diff(exactly(3, 2), prompts(got)); diff != "" {
		t.Error("own entry:", diff)
	}
}

// A refused refresh (70043) blames the next entry of the session on frequency.
func TestRefusedRefresh(t *testing.T) {
	s := newStory()
	s.at(0, both, native).at(7*hour, claim, native, quiet)
	s.at(8*hour+min1, native, quiet, failed("70043", signin.Challenge, signin.SignInFrequency))
	s.at(8*hour+3*min1, both, native).at(9*hour, claim, native, quiet)
	got := total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa, every(8))}, []string{policyJSON("mfa", mfa)})}))
	if got.Recorded.Frequency != 1 || got.Recorded.Broken != 1 || got.Recorded.Prompts != 2 {
		t.Errorf("recorded %+v", got.Recorded)
	}
	if diff := cmp.Diff(exactly(2, 1), prompts(got)); diff != "" {
		t.Error(diff)
	}
	if got.Sets[0].Broken != (Bounds{1, 1}) || got.Sets[1].Broken != (Bounds{}) {
		t.Errorf("broken %+v, %+v", got.Sets[0].Broken, got.Sets[1].Broken)
	}
}

// Rows of one attempt ask once, and a log that starts in the middle of a
// session gives bounds.
func TestEpisodesAndLeftCensoring(t *testing.T) {
	s := newStory()
	s.at(0, corr("c1"), failed("50074", signin.Challenge, signin.MFARequired), password)
	s.at(min1, corr("c1"), both)
	s.at(11*min1, corr("c1"), claim)
	got := total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)})}))
	if got.Recorded.Episodes != 2 || got.Recorded.Prompts != 1 || got.Recorded.FactorEntries != 3 {
		t.Errorf("recorded %+v", got.Recorded)
	}
	if diff := cmp.Diff(exactly(1), prompts(got)); diff != "" {
		t.Error(diff)
	}

	s = newStory()
	s.at(0).at(hour).at(2 * hour)
	got = total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)})}))
	if diff := cmp.Diff([]Bounds{{0, 1}}, prompts(got)); diff != "" {
		t.Error("nothing known:", diff)
	}
	if got.Sets[0].Unknown != 1 {
		t.Errorf("unknown %v, want 1", got.Sets[0].Unknown)
	}

	// A claim nobody in the log gave was there before it, under every set.
	s = newStory()
	s.at(0, claim).at(hour, claim)
	got = total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)}, []string{policyJSON("mfa", mfa, every(8))})}))
	if diff := cmp.Diff([]Bounds{{0, 0}, {0, 1}}, prompts(got)); diff != "" {
		t.Error("claim:", diff)
	}
}

// Attack rows are risk, never friction, and leave the person's session alone.
func TestAttackIsNotFriction(t *testing.T) {
	s := newStory()
	s.at(0, both)
	s.at(hour, password, app("mail"), func(e *signin.Event) { e.Device.Browser = "Firefox 121" })
	s.at(2*hour, claim)
	s.at(3*hour, failed("50126", signin.Failure, signin.BadPassword))
	s.attack[1], s.attack[3] = true, true
	s.score[1] = 0.5
	got := total(t, s.run(Config{Engines: engines(t,
		nil, []string{policyJSON("mfa", mfa)}, []string{policyJSON("block", block)})}))
	want := []Outcome{
		{Risk: 0.5, Residual: Bounds{0.5, 0.5}, Attacks: 1, AttacksThrough: Bounds{1, 1}, Uncovered: 2},
		{Prompts: Bounds{1, 1}, Entries: Bounds{1, 1}, Risk: 0.5, Residual: Bounds{0.0072, 0.0072}, Attacks: 1},
		{Blocks: Bounds{2, 2}, Risk: 0.5, Stopped: Bounds{0.5, 0.5}, Attacks: 1},
	}
	if diff := cmp.Diff(want, got.Sets); diff != "" {
		t.Error(diff)
	}
	if got.Recorded.Attack != 2 || got.Recorded.SignIns != 2 || got.Recorded.FirstFactor != 0 {
		t.Errorf("recorded %+v", got.Recorded)
	}
}

// What is not the policies' business is counted and not judged (74, 78).
func TestScope(t *testing.T) {
	s := newStory()
	s.at(0, failed("50126", signin.Failure, signin.BadPassword))
	s.at(min1, func(e *signin.Event) { e.Provider = "okta" })
	s.at(2*min1, func(e *signin.Event) {
		e.Principal.Kind, e.Stream = signin.Machine, signin.ManagedIdentity
	})
	s.at(3*min1, failed("50058", signin.Challenge, signin.Silent), quiet)
	set := []string{policyJSON("block", block)}
	tl := s.run(Config{Engines: engines(t, set)})
	got := total(t, tl)
	if got.Sets[0].Blocks != (Bounds{}) || got.Recorded.FirstFactor != 1 {
		t.Errorf("%+v", got)
	}
	if want := (OutOfScope{OtherProvider: 1, ManagedIdentity: 1}); tl.OutOfScope != want {
		t.Errorf("out of scope %+v, want %+v", tl.OutOfScope, want)
	}
}

// A block ends a session: background rows right after it would not exist.
func TestBlockedSessionRefreshesNothing(t *testing.T) {
	s := newStory()
	s.at(0, native).at(hour, native, quiet).at(2*hour, native, quiet).at(5*hour, native)
	got := total(t, s.run(Config{Engines: engines(t, nil, []string{policyJSON("block", block)})}))
	if got.Sets[1].Blocks != (Bounds{2, 2}) {
		t.Errorf("blocks %+v, want 2", got.Sets[1].Blocks)
	}
}

// A native app's background demand waits for the person in the low world and
// shows at once in the high one; a browser's waits in both.
func TestBackgroundDemand(t *testing.T) {
	cfg := Config{Engines: engines(t, nil, []string{policyJSON("sif", every(1))})}
	s := newStory()
	s.at(0, native, password).at(90*min1, native, quiet).at(3*hour, native, quiet)
	got := total(t, s.run(cfg))
	if diff := cmp.Diff([]Bounds{{}, {0, 2}}, prompts(got)); diff != "" {
		t.Error("native:", diff)
	}
	s = newStory()
	s.at(0, password).at(90*min1, quiet).at(3*hour, quiet).at(4 * hour)
	got = total(t, s.run(cfg))
	if diff := cmp.Diff([]Bounds{{}, {1, 1}}, prompts(got)); diff != "" {
		t.Error("browser:", diff)
	}
}

// A browser that a candidate no longer lets stay signed in: nothing at best,
// one first factor per morning at worst (71).
func TestNotPersistent(t *testing.T) {
	s := newStory()
	s.at(9*hour, password).at(12*hour, claim).at(33*hour, claim).at(57*hour, claim)
	got := total(t, s.run(Config{Engines: engines(t, nil, []string{policyJSON("np", never90)})}))
	if diff := cmp.Diff([]Bounds{{}, {0, 2}}, prompts(got)); diff != "" {
		t.Error(diff)
	}
}

// With interactive rows only the high side allows for work nobody logged.
func TestInteractiveOnly(t *testing.T) {
	s := newStory()
	s.at(0, both).at(24*hour, claim)
	tl := s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)}, []string{policyJSON("mfa", mfa, every(4))})})
	if !tl.InteractiveOnly() {
		t.Error("not flagged")
	}
	// Seen: one at 0, one at 24 h. Unseen: ten hours of work hold one more at 4 h
	// besides the one that is seen.
	if diff := cmp.Diff([]Bounds{{1, 1}, {2, 3}}, prompts(total(t, tl))); diff != "" {
		t.Error(diff)
	}
}

func TestChanges(t *testing.T) {
	s := newStory()
	s.at(0, both).at(hour, claim).at(10*hour, claim)
	tl := s.run(Config{Engines: engines(t,
		[]string{policyJSON("mfa", mfa)}, []string{policyJSON("sif", mfa, every(8))}, nil, []string{policyJSON("no", block)})})
	want := []Change{
		{Set: 1, Kind: NewlyPrompted, Delta: Bounds{1, 1}, Example: signin.Ref{Row: 2}, Policy: 0, Control: "signInFrequency", At: t0 + 10*hour},
		{Set: 2, Kind: Relieved, Delta: Bounds{1, 1}, Policy: 0, Control: "mfa", At: t0},
		{Set: 3, Kind: NewlyBlocked, Delta: Bounds{3, 3}, Policy: 0, Control: "block", At: t0},
	}
	for i := range want {
		want[i].Certain, want[i].Person = true, signin.PersonKey("entra", "t", "u1")
	}
	if diff := cmp.Diff(want, tl.Changes); diff != "" {
		t.Error(diff)
	}
}
