package workaround

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"frisk/internal/synth"

	"github.com/google/go-cmp/cmp"
)

// planted is measured once for all tests.
var planted = sync.OnceValue(func() *outcome { return measure(seeds, 600) })

// TestDocs keeps the tables of docs/workarounds.md equal to the code and to what
// it measures; FRISK_UPDATE=1 rewrites them.
func TestDocs(t *testing.T) {
	const file = "../../docs/workarounds.md"
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(old)
	for _, part := range []struct{ name, table string }{{"routes", routeTable()}, {"measured", measuredTable()}} {
		open, end := "<!-- "+part.name+" -->\n", "<!-- end "+part.name+" -->"
		i, j := strings.Index(text, open), strings.Index(text, end)
		if i < 0 || j < i {
			t.Fatalf("%s has no %s section", file, part.name)
		}
		text = text[:i+len(open)] + part.table + text[j:]
	}
	if text == string(old) {
		return
	}
	if os.Getenv("FRISK_UPDATE") == "" {
		t.Fatalf("%s is out of date; FRISK_UPDATE=1 go test ./internal/workaround -run TestDocs: %s", file, cmp.Diff(string(old), text))
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil { //nolint:gosec // documentation
		t.Fatal(err)
	}
}

func routeTable() string {
	var b strings.Builder
	b.WriteString("| Route | What counts | Needs | Without it | Time | Source of the rule |\n|---|---|---|---|---|---|\n")
	for _, r := range Routes() {
		span := "4 h"
		if r.Slow {
			span = "7 d"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", r.Name, r.Doc, r.Needs, r.Quiet, span, r.Origin)
	}
	return b.String()
}

func measuredTable() string {
	o := planted()
	var b strings.Builder
	b.WriteString("| Route | Planted cases | Recall | Listed cases | Precision | Pattern named |\n|---|---|---|---|---|---|\n")
	for _, r := range synth.WayRoutes {
		m := o.by[r]
		fmt.Fprintf(&b, "| `%s` | %d | %.1f %% | %d | %.1f %% | %d of %d worlds |\n", r, m.planted, 100*ratio(m.found, m.planted), m.listed, 100*ratio(m.right, m.listed), m.patterns, m.expected)
	}
	fmt.Fprintf(&b, "\nEmployees and attackers told apart: %d of %d planted cases found (%.1f %%); of %d pivots of attackers %d were found, %d of them read as an attacker's. Patterns named that nobody planted: %d.\n",
		o.apart, o.judged, 100*ratio(o.apart, o.judged), o.pivots, o.pivotsFound, o.pivotsRead, o.wrong)
	fmt.Fprintf(&b, "Null data (five worlds of 2,000 people, four weeks, stops at random times, nothing planted): %d patterns in 10,000 people.\n", nullPatterns())
	return b.String()
}

func ratio(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
