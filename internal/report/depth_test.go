package report

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"frisk/internal/risk"
)

// many is the sample with long lists.
func many() *Input {
	in := sampleInput()
	for i := range 40 {
		c := in.Cells[1]
		c.Workspace = fmt.Sprintf("mlw-%02d", i)
		in.Cells = append(in.Cells, c)
		in.Changes = append(in.Changes, Change{Set: 1, Person: fmt.Sprintf("p%02d@example.com", i), Kind: NewlyPrompted, Delta: Between(0, float64(i)), Certain: i%20 == 0})
		reason := "user: own device"
		if i%3 == 0 {
			reason = "org: own proxy"
		}
		in.Findings = append(in.Findings, Finding{
			Detector: "impossible-travel", Severity: risk.Low, Person: fmt.Sprintf("q%02d@example.com", i), Subject: fmt.Sprintf("id-%02d", i), Suppressed: reason,
		})
	}
	return in
}

func renderText(t *testing.T, m *Model, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteText(&b, m, TextOptions{Width: width}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTextDropsColumns: a table too wide for the screen stays one table, says
// what it leaves out, and never shows one half of a comparison.
func TestTextDropsColumns(t *testing.T) {
	for _, width := range []int{60, 80, 100, 160} {
		out := renderText(t, Build(many()), width)
		if n := strings.Count(out, "What the log says people pay"); n != 1 {
			t.Errorf("%d columns: caption %d times", width, n)
		}
		for i, l := range strings.Split(out, "\n") {
			if w := len([]rune(l)); w > width {
				t.Errorf("%d columns: line %d has %d: %q", width, i+1, w, l)
			}
		}
		table := compareCells(newView(many()), 1)
		g, _ := gridOf(table, textRows)
		cols, _ := g.narrow(table, width)
		shown := map[string]int{}
		for _, i := range cols {
			if c := table.Columns[i]; c.Minor > 0 && compared(c) {
				shown[c.Name]++
			}
		}
		for name, n := range shown {
			if n != 2 {
				t.Errorf("%d columns: %q is shown on one side of the comparison only", width, name)
			}
		}
		if width == 100 && !strings.Contains(out, "Not shown for lack of width: env., sign-ins,") {
			t.Error("dropped columns are not named")
		}
	}
}

// TestTextIsShort: long lists are cut in text, and what is left out is named.
func TestTextIsShort(t *testing.T) {
	out := renderText(t, Build(many()), 100)
	if n := strings.Count(out, "\n"); n > 660 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{"38 more rows in the JSON output.", "In the HTML and JSON output: Today’s policies against candidate trusted-office (48 rows)"} {
		if !strings.Contains(out, want) {
			t.Errorf("text lacks %q", want)
		}
	}
	if n := strings.Count(out, "id-"); n != suppressedLines {
		t.Errorf("%d suppressed findings in text, want %d", n, suppressedLines)
	}
}

// TestQueryTextKeepsColumns: the answer of a query loses no column.
func TestQueryTextKeepsColumns(t *testing.T) {
	q := &QueryTable{Name: "wide"}
	row := []Value{}
	for i := range 12 {
		q.Columns = append(q.Columns, Column{Key: fmt.Sprintf("c%d", i), Name: fmt.Sprintf("column_%d", i), Unit: UnitText, Minor: 1})
		row = append(row, text("some words to show"))
	}
	q.Rows = append(q.Rows, row)
	var b bytes.Buffer
	if err := WriteQueryText(&b, q, TextOptions{Width: 60}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "Not shown") {
		t.Error("columns are dropped")
	}
	for i := range 12 {
		if !strings.Contains(b.String(), fmt.Sprintf("column_%d", i)) {
			t.Errorf("column %d is lost", i)
		}
	}
}

// TestHTMLFolds: twenty rows are open, the rest is behind a details element, and
// so are the lists nobody needs first.
func TestHTMLFolds(t *testing.T) {
	page := renderHTML(t, many())
	checkMarkup(t, page)
	for _, want := range []string{
		`<summary>28 more rows</summary>`, `<summary>What was not raised, by reason (41 rows)</summary>`,
		`<summary>Today’s policies against candidate trusted-office (48 rows)</summary>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

// TestCertainFirst: within a kind of change, people for whom it is certain come first.
func TestCertainFirst(t *testing.T) {
	in := many()
	rows := peopleTable(newView(in), 1).Rows
	if len(rows) != 42 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, r := range rows[:40] {
		if got, want := r.Cells[3].Text == "yes", i < 2; got != want {
			t.Errorf("row %d (%s): certain %v, want %v", i, r.Cells[0].Text, got, want)
		}
	}
}

// TestSuppressedByReason: the most frequent reason first, reasons together.
func TestSuppressedByReason(t *testing.T) {
	_, fs := newView(many()).findingsOf(isTravel)
	var runs []string
	for _, r := range suppressedList("x", fs).Rows {
		if s := r.Cells[0].Text; len(runs) == 0 || runs[len(runs)-1] != s {
			runs = append(runs, s)
		}
	}
	if got := strings.Join(runs, "; "); got != "user: own device; org: own proxy; both networks are egresses of the office" {
		t.Errorf("reasons %q", got)
	}
}

// TestScaleSpreadsSmallValues: an outlier does not flatten the rest, zero stays
// at the axis, and order is kept.
func TestScaleSpreadsSmallValues(t *testing.T) {
	for _, c := range []struct {
		values []float64
		root   int
	}{{[]float64{1, 2, 3}, 1}, {[]float64{0.1, 0.2, 3}, 2}, {[]float64{0.001, 0.002, 0.003, 0.9}, 3}} {
		s := newScale(c.values, 100, -100)
		if s.root != c.root {
			t.Errorf("%v: root %d, want %d", c.values, s.root, c.root)
		}
		last := s.at(0)
		if last != 100 {
			t.Errorf("%v: zero at %v", c.values, last)
		}
		for _, v := range c.values {
			if p := s.at(v); p > last-1 || math.IsNaN(p) {
				t.Errorf("%v: %v at %v, %v below it", c.values, v, p, last)
			}
			last = min(last, s.at(v))
		}
	}
}

// TestWords: names of Graph and of conditions become words.
func TestWords(t *testing.T) {
	for in, want := range map[string]string{"enabledForReportingButNotEnforced": "report-only", "reportOnly": "report-only", "enabled": "enabled", "disabled": "disabled"} {
		if got := stateWords(in); got != want {
			t.Errorf("state %q: %q, want %q", in, got, want)
		}
	}
	if got := factWords("users"); got != "group membership" {
		t.Errorf("users: %q", got)
	}
	for n, want := range map[float64]string{1: "1 sign-in", 0: "0 sign-ins", 1.2: "1 sign-in", 2310: "2,310 sign-ins"} {
		if got := wholeOf(n, "sign-in", "sign-ins"); got != want {
			t.Errorf("%v: %q, want %q", n, got, want)
		}
	}
}
