package report

import (
	"bytes"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFormatRange(t *testing.T) {
	for _, c := range []struct {
		r    Range
		u    Unit
		want string
	}{
		{Range{}, UnitNumber, "unknown"},
		{Exact(math.NaN()), UnitNumber, "unknown"},
		{Between(0, math.Inf(1)), UnitNumber, "unknown"},
		{Exact(0), UnitNumber, "0"},
		{Exact(9.1), UnitNumber, "9.1"},
		{Between(3, 2.1), UnitNumber, "2.1–3.0"},
		{Between(2.11, 2.12), UnitNumber, "2.1"},
		{Exact(0.0001), UnitNumber, "<0.001"},
		{Between(-4, 2), UnitNumber, "-4.0 to +2.0"},
		{Exact(1234567), UnitCount, "1,234,567"},
		{Exact(-1234), UnitCount, "-1,234"},
		{Exact(0.8333), UnitPercent, "83%"},
		{Exact(0.9999), UnitPercent, ">99.9%"},
		{Exact(0.99999), UnitPercent, ">99.9%"},
		{Exact(1), UnitPercent, "100%"},
		{Exact(1e-7), UnitPercent, "<0.001%"},
		{Between(0, 9), UnitNumber, "0–9.0"},
		{Between(0.2, 0.4), UnitPercent, "20–40%"},
		{Exact(30), UnitSeconds, "30 s"},
		{Exact(600), UnitSeconds, "10 min"},
		{Exact(9000), UnitSeconds, "2.5 h"},
		{Exact(12.34567), UnitPlain, "12.3457"},
		{Exact(5510), UnitPlain, "5510"},
	} {
		if got := formatRange(c.r, c.u); got != c.want {
			t.Errorf("formatRange(%v, %s) = %q, want %q", c.r, c.u, got, c.want)
		}
	}
}

func TestFactLabel(t *testing.T) {
	for in, want := range map[string]string{"lower_bound_km": "lower bound (km)", "network": "network", "km": "km", "speed_kmh": "speed (km/h)", "from_city": "from city", "repeats_within_7_days": "repeats within 7 days"} {
		if got := factLabel(in); got != want {
			t.Errorf("factLabel(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  []string
	}{
		{"", 5, []string{""}},
		{"a bc def", 4, []string{"a bc", "def"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"longer-prod-session", 8, []string{"longer-", "prod-", "session"}},
		{"日本語テキスト", 6, []string{"日本語", "テキス", "ト"}},
		{"e\u0301e\u0301", 1, []string{"e\u0301", "e\u0301"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.in, c.limit)); diff != "" {
			t.Errorf("wrap(%q, %d) (-want +got):\n%s", c.in, c.limit, diff)
		}
	}
}

// TestTextWidth: no line is wider than asked for, at any width.
func TestTextWidth(t *testing.T) {
	m := Build(sampleInput())
	for _, w := range []int{40, 60, 80, 100, 132, 200} {
		var b bytes.Buffer
		if err := WriteText(&b, m, TextOptions{Width: w}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := width(strings.TrimRight(line, "\n")); n > w {
				t.Errorf("width %d: line of %d columns: %s", w, n, line)
			}
		}
	}
}

func TestTextColour(t *testing.T) {
	var plain, colour bytes.Buffer
	m := Build(sampleInput())
	if err := WriteText(&plain, m, TextOptions{Brief: true}); err != nil {
		t.Fatal(err)
	}
	if err := WriteText(&colour, m, TextOptions{Brief: true, Color: true}); err != nil {
		t.Fatal(err)
	}
	stripped := strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m", "").Replace(colour.String())
	if colour.String() == plain.String() || stripped != plain.String() {
		t.Error("colour changes more than the looks")
	}
}

func TestValueOf(t *testing.T) {
	for _, c := range []struct {
		in   any
		want Value
	}{
		{nil, missing()},
		{"a", text("a")},
		{[]byte("b"), text("b")},
		{true, text("true")},
		{int32(3), number(3)},
		{int64(1 << 60), text("1152921504606846976")},
		{uint64(math.MaxUint64), text("18446744073709551615")},
		{2.5, number(2.5)},
		{math.NaN(), missing()},
		{big.NewInt(7), number(7)},
		{time.Date(2026, 7, 1, 2, 3, 4, 0, time.FixedZone("x", 3600)), text("2026-07-01T01:03:04Z")},
	} {
		if diff := cmp.Diff(c.want, ValueOf(c.in)); diff != "" {
			t.Errorf("ValueOf(%v) (-want +got):\n%s", c.in, diff)
		}
	}
}

func TestQuery(t *testing.T) {
	q := &QueryTable{
		Name: "top-prompted", Doc: "People prompted most.",
		Columns: []Column{{Key: "person", Name: "person"}, {Key: "prompts", Name: "prompts", Unit: UnitCount}, {Key: "share", Name: "share", Unit: UnitPlain}},
		Rows:    [][]Value{{ValueOf("ada@example.com"), ValueOf(int64(1204)), ValueOf(0.1234)}, {ValueOf("bob@example.com"), ValueOf(int64(3)), ValueOf(nil)}},
	}
	want := map[string]string{
		"csv":      "person,prompts,share\nada@example.com,1204,0.1234\nbob@example.com,3,\n",
		"text":     "person           prompts    share\n---------------  -------  -------\nada@example.com    1,204   0.1234\nbob@example.com        3  unknown\n",
		"markdown": "**People prompted most.**\n\n| person | prompts | share |\n| --- | ---: | ---: |\n| ada&#64;example.com | 1,204 | 0.1234 |\n| bob&#64;example.com | 3 | unknown |\n",
	}
	for _, r := range Renderers() {
		var b bytes.Buffer
		if err := r.Query(&b, q); err != nil {
			t.Fatal(err)
		}
		if w, ok := want[r.Name]; ok {
			if diff := cmp.Diff(w, b.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", r.Name, diff)
			}
		}
	}
	q.Rows = append(q.Rows, []Value{ValueOf("x")})
	for _, r := range Renderers() {
		if err := r.Query(new(bytes.Buffer), q); err == nil {
			t.Errorf("%s: a short row goes unnoticed", r.Name)
		}
	}
}

func TestCSVTables(t *testing.T) {
	m := Build(sampleInput())
	for _, table := range m.Tables() {
		if err := WriteCSV(new(bytes.Buffer), m, table.Name); err != nil {
			t.Error(err)
		}
	}
	if err := WriteCSV(new(bytes.Buffer), m, "nope"); err == nil || !strings.HasPrefix(err.Error(), `unknown table "nope", want one of ["top-cells"`) {
		t.Errorf("WriteCSV(nope) = %v", err)
	}
}
