package replay

import (
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// A report-only policy has the figures of what it would do; nobody pays them,
// and a disabled one has none.
func TestReportOnlyPolicies(t *testing.T) {
	s := newStory()
	s.at(0, password).at(hour, password, corr("c1")).at(hour+min1, corr("c1")).at(2*hour, quiet)
	s.at(3*hour, password, app("app2"), failed("50074", signin.Challenge, signin.MFARequired))
	s.at(4*hour, password, app("app2"))
	s.attack[5], s.score[5] = true, 0.5
	off := policyJSON("off", block, `{"state":"disabled"}`)
	tl := s.run(Config{Engines: engines(t,
		[]string{reportOnly("mfa", mfa), reportOnly("no", block, apps("app2")), off, policyJSON("on", apps("app9"))},
		[]string{policyJSON("on", apps("app9")), reportOnly("mfa", mfa)})})
	got := total(t, tl)
	for n, o := range got.Sets {
		if o.Prompts != (Bounds{}) || o.Blocks != (Bounds{}) || o.Stopped != (Bounds{}) || o.Residual != (Bounds{0.5, 0.5}) {
			t.Errorf("set %d: somebody paid: %+v", n, o)
		}
	}
	// By attempts: one at 0, one of two rows, one at 3 h. The background row waits.
	// The session has no second factor for certain only where the log asked for it.
	want := []PolicyOutcome{
		{Set: 0, Policy: 0, Applied: 5, Prompts: Bounds{1, 3}, People: 1, RiskMet: 0.5, Attacks: 1, Recorded: Results{}},
		{Set: 0, Policy: 1, Applied: 1, Blocks: Bounds{1, 1}, People: 1, RiskMet: 0.5, Attacks: 1, Recorded: Results{}},
		{Set: 0, Policy: 2, Recorded: Results{}},
		{Set: 0, Policy: 3, Recorded: Results{}},
	}
	if diff := cmp.Diff(want, tl.Policies[0]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Bounds{1, 3}, tl.Policies[1][1].Prompts); diff != "" {
		t.Error("candidate:", diff)
	}
	for _, p := range Summarize(tl, SummaryOptions{}).Policies {
		if p.Rank != 0 {
			t.Errorf("%+v is ranked, and enforces nothing", p)
		}
	}
}

// A session that a report-only policy would block is blocked once, not with
// every background row.
func TestReportOnlyBlockRefreshesNothing(t *testing.T) {
	s := newStory()
	s.at(0, native).at(hour, native, quiet).at(2*hour, native, quiet).at(5*hour, native)
	tl := s.run(Config{Engines: engines(t, []string{reportOnly("no", block)})})
	if got := tl.Policies[0][0].Blocks; got != (Bounds{2, 2}) {
		t.Errorf("blocks %+v, want 2", got)
	}
}
