package scoreboard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/synth"
)

// docsSeeds are the worlds of the documentation and of the targets.
var docsSeeds = []uint64{101, 102, 103, 104, 105, 106, 107, 108}

const (
	scoreboardBegin = "<!-- scoreboard -->\n"
	scoreboardEnd   = "<!-- end scoreboard -->"
)

// TestScoreboard keeps the table of docs/detection.md and holds the targets.
// Rewrite the table with FRISK_UPDATE=1 go test ./internal/scoreboard.
func TestScoreboard(t *testing.T) {
	if raceDetector || testing.Short() {
		t.Skip("counts, and takes minutes under the race detector; runs without it")
	}
	r := Make(synth.HostileConfig{People: synth.DefaultHostilePeople, Days: synth.DefaultHostileDays}, docsSeeds, Views())
	for i := range r.Targets {
		g := &r.Targets[i]
		t.Logf("%s: %.2f false per 1,000, %.1f %% found, %.1f %% of those shown: %s", g.Known, g.FalsePerThousand, 100*g.Recall, 100*g.RecallShown, g.verdict())
		if g.Asked && !(g.Quiet && g.Found) {
			t.Errorf("%s: %.2f false alerts per 1,000 (at most %g), %.1f %% found (at least %g %%)", g.Known, g.FalsePerThousand, MostFalse, 100*g.RecallShown, 100*LeastRecall)
		}
	}
	file := filepath.Join("..", "..", "docs", "detection.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), scoreboardBegin)
	have, after, ok2 := strings.Cut(rest, scoreboardEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no scoreboard marks", file)
	}
	want := r.Markdown()
	if have == want {
		return
	}
	if os.Getenv("FRISK_UPDATE") == "" {
		t.Errorf("%s: the scoreboard is not that of this program; FRISK_UPDATE=1 rewrites it", file)
		return
	}
	if err := os.WriteFile(file, []byte(before+scoreboardBegin+want+scoreboardEnd+after), 0o644); err != nil { //nolint:gosec // documentation
		t.Fatal(err)
	}
}
