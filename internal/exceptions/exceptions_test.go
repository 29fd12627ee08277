package exceptions

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"frisk/internal/directory"
	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/synth"

	"github.com/google/go-cmp/cmp"
)

func at(t testing.TB, s string) signin.Time {
	if s == "" {
		return 0
	}
	v, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return signin.FromTime(v)
}

func req(t testing.TB, id, who, policy, created, decision, decided, until string) directory.Request {
	return directory.Request{
		ID: id, Beneficiary: who, Policy: policy, Created: at(t, created), Decision: decision,
		Decided: at(t, decided), EffectiveTo: at(t, until), Matched: true,
	}
}

func TestRepeats(t *testing.T) {
	for _, tt := range []struct {
		name string
		reqs []directory.Request
		want []string // the requests of each raised repeat
	}{
		{"asked again after a denial", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-03-01 09:00", "denied", "2026-03-02 09:00", ""),
			req(t, "R2", "ada", " mfa ", "2026-03-20 09:00", "pending", "", ""),
		}, []string{"R1 R2"}},
		{"thirty days count from the end, not from the start", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-01-01 09:00", "approved", "2026-01-02 09:00", "2026-02-10 09:00"),
			req(t, "R2", "ada", "MFA", "2026-03-10 09:00", "approved", "2026-03-11 09:00", "2026-04-10 09:00"),
		}, []string{"R1 R2"}},
		{"thirty-one days after the end", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-01-01 09:00", "denied", "2026-01-02 09:00", ""),
			req(t, "R2", "ada", "MFA", "2026-02-02 09:01", "denied", "2026-02-03 09:00", ""),
		}, nil},
		{"another policy, another person", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-03-01 09:00", "denied", "2026-03-02 09:00", ""),
			req(t, "R2", "ada", "Location", "2026-03-03 09:00", "denied", "2026-03-04 09:00", ""),
			req(t, "R3", "bob", "MFA", "2026-03-03 09:00", "denied", "2026-03-04 09:00", ""),
		}, nil},
		{"an open request long ago", []directory.Request{
			req(t, "R1", "ada", "MFA", "2025-03-01 09:00", "", "", ""),
			req(t, "R2", "ada", "MFA", "2026-03-01 09:00", "", "", ""),
		}, nil},
		{"two runs", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-01-01 09:00", "denied", "2026-01-01 10:00", ""),
			req(t, "R2", "ada", "MFA", "2026-01-10 09:00", "denied", "2026-01-10 10:00", ""),
			req(t, "R3", "ada", "MFA", "2026-05-01 09:00", "denied", "2026-05-01 10:00", ""),
			req(t, "R4", "ada", "MFA", "2026-05-10 09:00", "denied", "2026-05-10 10:00", ""),
		}, []string{"R1 R2", "R3 R4"}},
		{"a renewal chain is told once", []directory.Request{
			req(t, "R1", "ada", "MFA", "2026-01-01 09:00", "approved", "2026-01-02 09:00", "2026-02-10 09:00"),
			req(t, "R2", "ada", "MFA", "2026-02-09 09:00", "approved", "2026-02-11 09:00", "2026-03-10 09:00"),
			req(t, "R3", "ada", "MFA", "2026-03-09 09:00", "approved", "2026-03-12 09:00", "2026-04-10 09:00"),
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range Analyse(&Input{Requests: tt.reqs}, defaults()).Findings {
				if f.Detector == Repeat && f.Suppressed == "" {
					got = append(got, strings.Join(f.Requests, " "))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRepeatEvidence(t *testing.T) {
	in := &Input{
		Policies: []Policy{{Key: "pol-1", Name: "Require MFA"}}, From: at(t, "2026-02-01 00:00"), Until: at(t, "2026-04-01 00:00"),
		PolicyOf: func(*directory.Request) string { return "pol-1" },
		Blocks: func(person, policy string, from, to signin.Time) []signin.Time {
			if b := at(t, "2026-03-20 03:00"); person == "ada" && policy == "pol-1" && b >= from && b < to {
				return []signin.Time{b}
			}
			return nil
		},
		Requests: []directory.Request{
			req(t, "R3", "ada", "GRP-Exclude", "2026-03-20 09:00", "pending", "", ""),
			req(t, "R1", "ada", "MFA for all", "2026-03-01 09:00", "denied", "2026-03-02 09:00", ""),
			req(t, "R2", "ada", "mfa", "2026-03-04 09:00", "denied", "2026-03-05 09:00", ""),
		},
	}
	r := Analyse(in, defaults())
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Detector == Repeat })
	want := Finding{
		Detector: Repeat, Severity: risk.Medium, Score: 1, Person: "ada", Policy: "pol-1",
		Time: at(t, "2026-03-20 09:00"), Subject: "R3", Requests: []string{"R1", "R2", "R3"},
		Evidence: []risk.Fact{
			{Name: "policy", Text: "Require MFA"},
			{Name: "requests", Num: 3, IsNum: true},
			{Name: "first_request", Text: "2026-03-01T09:00:00Z"},
			{Name: "decisions", Text: "2 denied, 1 pending"},
			{Name: "previous_request", Text: "R2"},
			{Name: "previous_state", Text: "denied"},
			{Name: "previous_end", Text: "2026-03-05T09:00:00Z"},
			{Name: "gap_days", Num: 15, IsNum: true},
			{Name: "repeats_within_7_days", Num: 1, IsNum: true},
			{Name: "repeats_within_30_days", Num: 2, IsNum: true},
			{Name: "repeats_within_90_days", Num: 2, IsNum: true},
			{Name: "block_before", Text: "2026-03-20T03:00:00Z"},
			{Name: "hours_after_block", Num: 6, IsNum: true},
		},
		Summary: "ada asked 3 times about Require MFA between 2026-03-01 and 2026-03-20 (2 denied, 1 pending); the last request came 15 days after the one before had ended.",
		Action:  "Read the reasons together: a lasting need wants a change of the policy or a dated exception, not another request.",
	}
	if diff := cmp.Diff(want, r.Findings[i]); diff != "" {
		t.Error(diff)
	}
	got := r.Of("POL-1")
	if got.Requests != 3 || got.Repeats != 2 || got.BlockDriven != 1 || got.BlockAsked != 3 || got.MedianHours != 6 {
		t.Errorf("%+v", got)
	}
	if none := r.Of("nothing"); none.BlockDriven != -1 || none.Requests != 0 {
		t.Errorf("%+v", none)
	}
}

// What the exports do not say is counted, and nothing is left out silently.
func TestAccount(t *testing.T) {
	review := req(t, "V1", "ada", "MFA", "2026-03-01 09:00", "approved", "2026-03-01 09:00", "")
	review.Review = true
	pim := req(t, "P1", "ada", "some role", "2026-03-01 09:00", "approved", "", "2026-03-01 17:00")
	pim.System = "entra-pim-role"
	nothing := req(t, "N1", "ada", "", "2026-03-01 09:00", "denied", "", "")
	in := &Input{
		Policies: []Policy{{Key: "p", Name: "MFA"}},
		PolicyOf: func(q *directory.Request) string { return map[string]string{"MFA": "p"}[q.Policy] },
		Requests: []directory.Request{
			review, pim, nothing, req(t, "X1", "", "MFA", "2026-03-01 09:00", "", "", ""),
			req(t, "R1", "ada", "MFA", "2026-03-01 09:00", "approved", "2026-03-01 10:00", ""),
			req(t, "R2", "bob", "Something else", "2026-03-01 09:00", "", "", ""),
		},
	}
	a := Analyse(in, defaults()).Account
	left := 0
	for _, l := range a.Left {
		left += l.N
	}
	if a.Read != 6 || a.Used != 2 || left != 4 || len(a.Left) != 4 || a.NoEnd != 1 || a.NoDecision != 1 || a.UnknownPolicies != 1 {
		t.Errorf("%+v", a)
	}
	for _, p := range []string{BlockDriven, Burst, Growth, Orphan, Dead, Group, Approver} {
		if !slices.ContainsFunc(a.Silent, func(r Reason) bool { return r.Pattern == p && r.Reason != "" }) {
			t.Errorf("%s does not say why it is silent", p)
		}
	}
}

// The order of the input does not matter.
func TestShuffled(t *testing.T) {
	w := synth.NewRequestWorld(synth.RequestWorldConfig{Seed: 9, People: 2000})
	want := Analyse(inputOf(w), defaults())
	in := inputOf(w)
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(in.Requests), func(i, j int) { in.Requests[i], in.Requests[j] = in.Requests[j], in.Requests[i] })
	r.Shuffle(len(in.Dead), func(i, j int) { in.Dead[i], in.Dead[j] = in.Dead[j], in.Dead[i] })
	got := Analyse(in, defaults())
	if diff := cmp.Diff(want.Findings, got.Findings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Totals(), got.Totals()); diff != "" {
		t.Error(diff)
	}
}

func TestTests(t *testing.T) {
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6*max(1, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	near("hypergeometric", hyperTail(3, 5, 5, 20), 1126.0/15504) // (10·105 + 5·15 + 1) of C(20,5)
	near("hypergeometric, certain", hyperTail(1, 5, 5, 5), 1)
	near("binomial", binomialTail(5, 5, 0.5), 1.0/32)
	low, high := clopperPearson(7, 10) // R: binom.test(7,10)
	near("low", low, 0.3475471)
	near("high", high, 0.9332605)
	low, high = clopperPearson(0, 10)
	near("low of none", low, 0)
	near("high of none", high, 0.3084971)
	near("poisson binomial", sumTail(2, []float64{0.5, 0.5, 0.5}), 0.5)
	near("poisson binomial, uneven", sumTail(1, []float64{0.1, 0.2}), 0.28)
	ratio, low, high, p := rateRatio(11, 6, 800, 1083)
	near("ratio", ratio, 11.0/800*1083/6)
	// At either end of the interval what was seen has a chance of 2.5 %.
	share := func(ratio float64) float64 { return ratio * 800 / (ratio*800 + 1083) }
	near("ratio low", binomialTail(11, 17, share(low)), 0.025)
	near("ratio high", 1-binomialTail(12, 17, share(high)), 0.025)
	near("ratio p", p, binomialTail(11, 17, share(1)))
	// 0.02·3/2 = 0.03, 0.08·3/3 = 0.08, 0.01·3/1 = 0.03
	if diff := cmp.Diff([]float64{0.03, 0.08, 0.03}, adjust([]float64{0.02, 0.08, 0.01}, 3), cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })); diff != "" {
		t.Error(diff)
	}
}

// alike finds what comparing all pairs finds.
func TestAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var sets [][]string
	for range 300 {
		n := 3 + r.IntN(8)
		set := map[string]bool{}
		for range n {
			set[fmt.Sprintf("w%d", r.IntN(14))] = true
		}
		sets = append(sets, sortedKeys(set))
	}
	got := alike(sets, 0.8)
	want := make([]int, len(sets))
	for i := range want {
		want[i] = i
	}
	for changed := true; changed; {
		changed = false
		for i := range sets {
			for j := range sets {
				if jaccard(sets[i], sets[j]) >= 0.8 && want[i] != want[j] {
					want[i], want[j] = min(want[i], want[j]), min(want[i], want[j])
					changed = true
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Ticket 42: länger, bitte", "ticket 7 länger bitte")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := wordsOf(a), wordsOf(b)
		if s := jaccard(x, y); s < 0 || s > 1 || s != jaccard(y, x) {
			t.Fatalf("%q and %q: %v", a, b, s)
		}
		if len(x) > 0 && jaccard(x, x) != 1 {
			t.Fatalf("%q is not like itself", a)
		}
	})
}

// TestCatalog also keeps the table of patterns in docs/exceptions.md.
func TestCatalog(t *testing.T) {
	var b bytes.Buffer
	fmt.Fprint(&b, "| Pattern | Finds | Needs | Without it |\n|---|---|---|---|\n")
	names := map[string]bool{}
	for _, d := range risk.Detectors() {
		names[d.Name] = true
	}
	for _, p := range Patterns() {
		if names[p.Name] {
			t.Errorf("%s is a detector's name", p.Name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, p.Doc, p.Needs, p.Quiet)
	}
	fmt.Fprint(&b, "\nCompared with chance:\n\n| Pattern | Null and family |\n|---|---|\n")
	for _, p := range Patterns() {
		if p.Null != "" {
			fmt.Fprintf(&b, "| `%s` | %s |\n", p.Name, p.Null)
		}
	}
	generated(t, "patterns", b.String())
}
