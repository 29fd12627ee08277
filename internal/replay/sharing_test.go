package replay

import (
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func sid(id string) mod       { return func(e *signin.Event) { e.Session = id } }
func prt(e *signin.Event)     { e.IncomingToken = "primaryRefreshToken" }
func refused(e *signin.Event) { failed("70043", signin.Challenge, signin.SignInFrequency)(e); quiet(e) }

func workplace(e *signin.Event) {
	e.Device.ID, e.Device.Trust = "dev-1", signin.Workplace
}

// Which apps share a proof: by sessionId and by the device's token.
func TestSharedClocks(t *testing.T) {
	a, b := app("a"), app("b")
	half := hour / 2
	for _, tt := range []struct {
		name  string
		story *story
		want  Bounds // of prompts, under a frequency of eight hours that nobody asks for today
	}{
		{"apps of one device may share or not", newStory().
			at(0, native, a, both).at(7*hour, native, b, claim), Bounds{1, 2}},
		{"one sessionId is one proof", newStory().
			at(0, native, a, both, sid("s1")).at(7*hour, native, b, claim, sid("s1")), Bounds{1, 1}},
		{"a sessionId on another device proves nothing", newStory().
			at(0, native, a, both, sid("s1")).at(7*hour, native, b, claim, sid("s1"), workplace), Bounds{1, 2}},
		{"two sessionIds at one time are two proofs", newStory().
			at(0, native, a, both, sid("s1")).at(7*hour, native, b, both, sid("s2")).
			at(7*hour+half, native, a, claim, sid("s1")).at(9*hour, native, a, claim, sid("s1")), Bounds{3, 3}},
		{"without sessionIds they may be one", newStory().
			at(0, native, a, both).at(7*hour, native, b, both).
			at(7*hour+half, native, a, claim).at(9*hour, native, a, claim), Bounds{2, 3}},
		{"one after the other they may be one", newStory().
			at(0, native, a, both, sid("s1")).at(7*hour, native, b, both, sid("s2")).at(9*hour, native, a, claim, sid("s3")), Bounds{2, 3}},
		{"tabs of a browser are one", newStory().
			at(0, a, both, sid("s1")).at(7*hour, b, both, sid("s2")).
			at(7*hour+half, a, claim, sid("s1")).at(9*hour, a, claim, sid("s1")), Bounds{2, 3}},
		{"apps on the device's token share it", newStory().
			at(0, joined, native, prt, a, both).at(7*hour, joined, native, prt, b, claim), Bounds{1, 1}},
	} {
		sets := engines(t, nil, []string{policyJSON("sif", mfa, every(8))})
		if diff := cmp.Diff([]Bounds{{}, tt.want}, prompts(total(t, tt.story.run(Config{Engines: sets})))); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// What the log says of the age of a session's proof: a refused refresh that it
// is older than current's frequency, a row that passed that it is no older.
func TestEvidenceOfAge(t *testing.T) {
	four := []string{policyJSON("sif", mfa, every(4))}
	for _, tt := range []struct {
		name  string
		story *story
		want  Bounds
	}{
		{"a label says that it was not", newStory().
			at(0, joined, both).at(3*hour, joined, claim, quiet, native).at(5*hour, joined, both, label), Bounds{2, 2}},
		{"a refused refresh says so too, and waits for the person", newStory().
			at(0, joined, prt, both).at(3*hour, joined, prt, claim, quiet, native).
			at(5*hour, joined, prt, refused, native).at(5*hour+min1, joined, native, both, label), Bounds{2, 2}},
		{"an app that passed unasked has another app's proof", newStory().
			at(0, native, app("a"), both).at(3*hour, native, app("b"), claim).
			at(5*hour, native, app("b"), refused).at(5*hour+min1, native, app("b"), both, label), Bounds{2, 2}},
		{"an unlock over night ends the wait", newStory().
			at(0, joined, prt, both).at(5*hour, joined, prt, refused, native).
			at(16*hour, joined, prt, claim, quiet, native).at(17*hour, joined, prt, claim), Bounds{1, 1}},
	} {
		tl := tt.story.run(Config{Engines: engines(t, four, four)})
		if diff := cmp.Diff([]Bounds{tt.want, tt.want}, prompts(total(t, tl))); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if p := tl.Fidelity.Prompted; p.Matched != p.Recorded {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
}

// A report-only policy of which nobody knows whether it applies takes nothing
// from what a refused refresh says.
func TestReportOnlyLeavesEvidence(t *testing.T) {
	four := []string{policyJSON("sif", mfa, every(4)), reportOnly("risk", mfa, every(1), risky)}
	s := newStory().at(0, joined, both).at(3*hour, joined, claim, quiet, native).at(5*hour, joined, both, label)
	if p := s.run(Config{Engines: engines(t, four)}).Fidelity.Prompted; p.Matched != 2 {
		t.Errorf("%+v", p)
	}
}

// A demand that waited over night is met by the password the person types anew
// next morning, if nobody asked for that.
func TestPasswordAnewEndsTheWait(t *testing.T) {
	sif := []string{policyJSON("sif", every(4))}
	for _, tt := range []struct {
		name  string
		story *story
		want  Bounds
	}{
		{"nothing typed", newStory().at(0, password).at(5*hour, quiet).at(16 * hour), Bounds{1, 1}},
		{"typed anew", newStory().at(0, password).at(5*hour, quiet).at(16*hour, password), Bounds{}},
		{"typed because current refused", newStory().at(0, password).at(5*hour, refused).at(16*hour, password), Bounds{1, 1}},
	} {
		got := prompts(total(t, tt.story.run(Config{Engines: engines(t, nil, sif)})))
		if diff := cmp.Diff([]Bounds{{}, tt.want}, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// A sessionId that began with a device code stays tracked (reference 1.6, case 54).
func TestProtocolTracking(t *testing.T) {
	code := func(e *signin.Event) { e.Protocol = "deviceCode" }
	none := func(e *signin.Event) { e.Transfer = "none" }
	flow := `{"conditions":{"authenticationFlows":{"transferMethods":"deviceCodeFlow"},"applications":{"includeApplications":["All"],"excludeApplications":["sharepoint"]}}}`
	set := [][]string{nil, {policyJSON("flows", block, flow)}}
	for _, tt := range []struct {
		name  string
		story *story
		want  Bounds
	}{
		{"the same session", newStory().at(0, app("sharepoint"), code, none, sid("s1")).at(hour, app("exchange"), sid("s1")), Bounds{1, 1}},
		{"where the log refused it as well", newStory().at(0, app("sharepoint"), code, none, sid("s1")).
			at(hour, app("exchange"), sid("s1"), failed("53003", signin.Failure, signin.PolicyBlock)), Bounds{1, 1}},
		{"another session", newStory().at(0, app("sharepoint"), code, none, sid("s1")).at(hour, app("exchange"), none, sid("s2")), Bounds{}},
		{"a session that is not said may be it", newStory().at(0, app("sharepoint"), code, none, sid("s1")).at(hour, app("exchange")), Bounds{0, 1}},
		{"what the row itself says counts", newStory().at(0, app("sharepoint"), code, none, sid("s1")).at(hour, app("exchange"), none, sid("s1")), Bounds{}},
		{"a code nobody answered tracks nothing", newStory().
			at(0, app("sharepoint"), code, none, sid("s1"), failed("70016", signin.Failure, signin.OtherReason)).at(hour, app("exchange"), sid("s1")), Bounds{0, 1}},
	} {
		got := bounds(func(o Outcome) Bounds { return o.Blocks }, total(t, tt.story.run(Config{Engines: engines(t, set...)})))
		if diff := cmp.Diff([]Bounds{{}, tt.want}, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	s := newStory().at(0, code, none, sid("s1")).at(hour, sid("s1"))
	if r := Tracked(s.sym, s.rows, 1); s.sym.Text(&r, signin.DimTransfer) != "deviceCodeFlow" || s.sym.Text(&s.rows[1], signin.DimTransfer) != "" {
		t.Errorf("tracked %q, the log's own %q", s.sym.Text(&r, signin.DimTransfer), s.sym.Text(&s.rows[1], signin.DimTransfer))
	}
}
