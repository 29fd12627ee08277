package replay

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// hand is a tally of n people in one cell over two weeks: person i prompted i
// times by the log and by current, half as often by the candidate.
func hand(n int) *Tally {
	t := &Tally{
		Schema: 1, From: t0, To: t0 + 14*signin.Day, Sets: []SetInfo{{Name: "now"}, {Name: "then"}},
		Policies: [][]PolicyOutcome{{
			{Policy: 0, Prompts: Bounds{10, 10}, RiskMet: 2},
			{Policy: 1, Prompts: Bounds{1, 1}},
			{Policy: 2, Prompts: Bounds{10, 10}, RiskMet: 1},
			{Policy: 3},
		}},
	}
	for i := range n {
		x := float64(i)
		for _, c := range []Cell{{}, {"g", ""}, {"g", "w"}} {
			t.People = append(t.People, PersonCell{
				Person: fmt.Sprintf("p%03d", i), Cell: c,
				Recorded: Recorded{SignIns: 10, Prompts: x, FactorEntries: x, Asked: x},
				Sets: []Outcome{
					{Prompts: Bounds{x, x}, Entries: Bounds{x, x}, Residual: Bounds{1, 1}, Unknown: 5},
					{Prompts: Bounds{0, x}, Entries: Bounds{0, x}, Residual: Bounds{1, 1}, Blocks: Bounds{0, 1}},
				},
			})
		}
	}
	return t
}

func TestSummarize(t *testing.T) {
	s := Summarize(hand(20), SummaryOptions{})
	c := s.Total
	// 190 prompts, 20 people, 2 weeks; one never prompted; the top two average 18.5.
	if c.People != 20 || c.Recorded.Prompts != 4.75 || c.Recorded.NeverPrompted != 0.05 || c.Recorded.WorstDecile != 9.25 {
		t.Errorf("recorded %+v", c.Recorded)
	}
	if got := c.Recorded.Seconds; got != (Seconds{4.75 * 5, 4.75 * 8, 4.75 * 20}) {
		t.Errorf("seconds %+v", got)
	}
	a, b := c.Sets[0], c.Sets[1]
	if a.Prompts != (Bounds{4.75, 4.75}) || b.Prompts != (Bounds{0, 4.75}) || a.Unknown != 0.5 {
		t.Errorf("sets %+v %+v", a, b)
	}
	if b.NeverPrompted != (Bounds{0.05, 1}) || b.Blocked != (Bounds{0, 20}) {
		t.Errorf("candidate %+v", b)
	}
	if b.Fewer < 0.95 || b.Safer != 0 {
		t.Errorf("fewer %v safer %v", b.Fewer, b.Safer)
	}
	// The standard error of the mean is 5.92/sqrt(20)/2 = 0.66 a week.
	iv := c.Recorded.Interval
	if !iv.OK || math.Abs(iv.Low-(4.75-1.3)) > 0.3 || math.Abs(iv.High-(4.75+1.3)) > 0.3 {
		t.Errorf("interval %+v", iv)
	}
	var ranks []int
	for _, c := range s.Cells {
		ranks = append(ranks, c.Rank)
	}
	if diff := cmp.Diff([]int{0, 0, 1}, ranks); diff != "" {
		t.Error("only group × workspace is ranked:", diff)
	}
	ranks = nil
	for _, p := range s.Policies {
		ranks = append(ranks, p.Rank)
	}
	// Friction that stops nothing first, then ten prompts for one, then for two.
	if diff := cmp.Diff([]int{3, 1, 2, 0}, ranks); diff != "" {
		t.Error(diff)
	}
}

// Few people: shown, not ranked, no interval; and the same input gives the same bytes.
func TestSummarizeSmallAndStable(t *testing.T) {
	s := Summarize(hand(4), SummaryOptions{})
	for _, c := range s.Cells {
		if !c.Small || c.Rank != 0 || c.Recorded.Interval.OK || c.Sets[0].Interval.OK {
			t.Errorf("%+v", c)
		}
	}
	one, _ := json.Marshal(Summarize(hand(50), SummaryOptions{Seed: 7}))
	two, _ := json.Marshal(Summarize(hand(50), SummaryOptions{Seed: 7}))
	if string(one) != string(two) {
		t.Error("two runs differ")
	}
	if _, err := json.Marshal(Summarize(&Tally{}, SummaryOptions{})); err != nil {
		t.Error(err)
	}
}

// Accounts nobody of the organisation used are not averaged over, but what an
// attacker reached through them is risk, and drawn with the rest.
func TestSummarizeCountsWhoSignedIn(t *testing.T) {
	h := hand(20)
	with := hand(20)
	for i := range 30 {
		with.People = append(with.People, PersonCell{
			Person: fmt.Sprintf("guessed%02d", i), Recorded: Recorded{Attack: 10},
			Sets: []Outcome{{Residual: Bounds{2, 2}}, {Residual: Bounds{1, 1}}},
		})
	}
	with.People = append(with.People, PersonCell{
		Person: "guessed", Cell: Cell{"g", "lab"}, Recorded: Recorded{Attack: 10}, Sets: []Outcome{{Residual: Bounds{1, 1}}, {}},
	})
	a, b := Summarize(h, SummaryOptions{}), Summarize(with, SummaryOptions{})
	x, y := a.Total, b.Total
	if y.People != 20 || y.Recorded.Sum.Attack != 300 || y.Sets[0].Sum.Residual != (Bounds{80, 80}) {
		t.Errorf("people and sums: %+v", y)
	}
	if x.Sets[1].Safer != 0 || y.Sets[1].Safer < 0.99 {
		t.Errorf("safer %v, with the accounts taken over %v", x.Sets[1].Safer, y.Sets[1].Safer)
	}
	near := func(what string, a, b Interval) {
		if math.Abs(a.Low-b.Low) > 0.3 || math.Abs(a.High-b.High) > 0.3 {
			t.Errorf("%s: interval %+v, want about %+v", what, b, a)
		}
	}
	near("recorded", x.Recorded.Interval, y.Recorded.Interval)
	near("current", x.Sets[0].Interval, y.Sets[0].Interval)
	// Everything that is per person is as if the accounts did not exist.
	clear := func(c CellSummary) CellSummary {
		c.Recorded.Sum, c.Recorded.Interval = Recorded{}, Interval{}
		c.Sets = slices.Clone(c.Sets)
		for i := range c.Sets {
			s := &c.Sets[i]
			s.Sum, s.Interval, s.Fewer, s.Safer = Outcome{}, Interval{}, 0, 0
		}
		return c
	}
	if diff := cmp.Diff(clear(x), clear(y)); diff != "" {
		t.Error(diff)
	}
	for _, c := range b.Cells {
		if c.Cell.Workspace != "lab" {
			continue
		}
		want := CellSummary{Cell: c.Cell, Small: true, Sets: []SetSummary{{Sum: Outcome{Residual: Bounds{1, 1}}}, {}}}
		want.Recorded.Sum.Attack = 10
		if diff := cmp.Diff(want, c); diff != "" {
			t.Error("a cell in which nobody signed in:", diff)
		}
	}
}

// An attempt counts for a person even in a cell that holds none of its accepted rows.
func TestAttemptWithoutSignInCounts(t *testing.T) {
	in, out := signedIn([]*PersonCell{{Recorded: Recorded{Episodes: 1}}, {Recorded: Recorded{SignIns: 0.5}}, {Recorded: Recorded{FirstFactor: 3}}})
	if len(in) != 2 || len(out) != 1 {
		t.Errorf("%d signed in, %d did not", len(in), len(out))
	}
}

func TestCandidates(t *testing.T) {
	set := func(prompts, residual float64) SetSummary {
		return SetSummary{Seconds: Seconds{Mid: prompts}, Sum: Outcome{Residual: Bounds{residual, residual}}}
	}
	s := &Summary{Total: CellSummary{Sets: []SetSummary{set(10, 5), set(8, 5), set(10, 3), set(12, 6), set(20, 1)}}}
	s.candidates()
	want := []Candidate{
		{Set: 0, Seconds: 10, Residual: Bounds{5, 5}, Dominated: true},
		{Set: 1, Seconds: 8, Residual: Bounds{5, 5}, Cheaper: true},
		{Set: 2, Seconds: 10, Residual: Bounds{3, 3}, Safest: true},
		{Set: 3, Seconds: 12, Residual: Bounds{6, 6}, Dominated: true},
		{Set: 4, Seconds: 20, Residual: Bounds{1, 1}},
	}
	if diff := cmp.Diff(want, s.Candidates); diff != "" {
		t.Error(diff)
	}
}

func TestCost(t *testing.T) {
	f := Friction{Prompts: 10, Entries: 15, Failed: 2, Blocks: 1, Requests: 1}
	want := Seconds{
		Low:  10*5 + 5*3 + 2*8 + 60 + 120 + 60,
		Mid:  10*8 + 5*6 + 2*15 + 300 + 300 + 180,
		High: 10*20 + 5*12 + 2*30 + 1800 + 900 + 600,
	}
	if got := Cost(f, nil); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	// An edited constant counts, the others keep their default.
	if got := Cost(Friction{Prompts: 1}, []Constant{{Name: SecondsPrompt, Low: 1, Mid: 2, High: 3}}); got != (Seconds{1, 2, 3}) {
		t.Errorf("%+v", got)
	}
	for i, c := range Constants() {
		if c.Doc == "" || c.Origin == "" || c.Low > c.Mid || c.Mid > c.High || (i > 0 && Constants()[i-1].Name >= c.Name) {
			t.Errorf("constant %+v", c)
		}
	}
}

// The documentation's table of constants is the one the program uses.
func TestConstantsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Constants() {
		row := fmt.Sprintf("| %v | %v | %v |", c.Low, c.Mid, c.High)
		found := false
		for line := range strings.Lines(string(text)) {
			found = found || strings.HasPrefix(line, "| `"+c.Name+"`") && strings.Contains(line, row)
		}
		if !found {
			t.Errorf("docs/metrics.md has no line for %s with %s", c.Name, row)
		}
	}
}
