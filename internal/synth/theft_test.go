package synth

import (
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// TestStolenTokenAges: a copy keeps the age it was stolen at, so that what a
// frequency refuses once it refuses for good, whatever the owner does meanwhile.
func TestStolenTokenAges(t *testing.T) {
	refused, after := map[uint16]signin.Time{}, 0
	for seed := range uint64(4) {
		tn := Generate(Config{Seed: seed, People: 120})
		clear(refused)
		for r := range tn.Records() {
			if r.incident == 0 || tn.incidents[r.incident-1].Kind != kindTokenTheft {
				continue
			}
			switch at, ok := refused[r.incident]; {
			case r.code == 70043:
				refused[r.incident] = r.Time
			case ok && r.code == 0:
				t.Errorf("seed %d: the copy refused at %v is good again at %v", seed, at, r.Time)
			}
		}
		after += len(refused)
	}
	if after == 0 {
		t.Error("no stolen session grew too old")
	}
}

// TestTheftWords: what the ground truth says of a stolen session is what its
// rows do.
func TestTheftWords(t *testing.T) {
	dir := t.TempDir()
	if _, err := WriteTenant(dir, Config{People: 120}); err != nil {
		t.Fatal(err)
	}
	var truth Truth
	readJSON(t, filepath.Join(dir, truthName), &truth)
	for _, a := range truth.Attacks {
		if a.Kind != kindTokenTheft {
			continue
		}
		if said, is := strings.Contains(a.Note, "refuses"), a.Through < len(a.Events); said != is {
			t.Errorf("%s: %d of %d rows through, yet %q", a.User, a.Through, len(a.Events), a.Note)
		}
	}
}
