package risk

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// acrossFigures is how the detectors did on one world.
type acrossFigures struct {
	signIns              int
	found, planted       int
	labelled, attackRows int
	wrongly, false       int // rows of honest people labelled; raised findings about them, medium or attack traffic
	lesser               int // raised findings of the detectors across people about honest people, info or low
}

func (f acrossFigures) String() string {
	return fmt.Sprintf("%d | %d of %d | %d of %d | %d | %d | %d", f.signIns, f.found, f.planted, f.labelled, f.attackRows, f.wrongly, f.false, f.lesser)
}

func measureAcross(t *testing.T, seed uint64, attacks bool) acrossFigures {
	world := newAcrossWorld(seed, attacks)
	w := worldOf(world.events)
	v := w.assess(Defaults(), Detectors())
	out := acrossFigures{signIns: len(world.events)}
	if attacks {
		out.planted = len(across)
	}
	for _, a := range across {
		hit := slices.ContainsFunc(v.findings, func(f Finding) bool {
			return f.Suppressed == "" && f.Attack && f.Detector == a.detector && acrossKind(w.ids[f.Subject]) == a.name
		})
		if out.found += btoi(hit); attacks && !hit {
			t.Errorf("seed %d: %s not found by %s", seed, a.name, a.detector)
		}
	}
	for _, e := range world.events {
		out.attackRows += btoi(acrossKind(e.ID) != "")
	}
	for _, id := range v.attack {
		if acrossKind(id) != "" {
			out.labelled++
			continue
		}
		out.wrongly++
		t.Logf("seed %d: labelled wrongly %s", seed, id)
	}
	mine := map[string]bool{"brute-force": true, "hostile-source": true}
	for _, a := range across {
		mine[a.detector] = true
	}
	for _, f := range v.findings {
		if f.Suppressed != "" || acrossKind(w.ids[f.Subject]) != "" {
			continue
		}
		switch {
		case f.Severity >= Medium || f.Attack:
			out.false++
			t.Logf("seed %d: false %s %v %+v", seed, f.Detector, f.Time, f.Evidence)
		case mine[f.Detector]:
			out.lesser++
		}
	}
	return out
}

// TestAcross plants what only shows across people into worlds full of what looks
// like it, and counts what is found and what is not so; docs/detection.md has the
// figures. Worlds without attacks must stay silent.
func TestAcross(t *testing.T) {
	var rows []string
	for seed := uint64(1); seed <= 10; seed++ {
		name, attacks := "five", seed <= 5
		if !attacks {
			name = "none"
		}
		f := measureAcross(t, seed, attacks)
		rows = append(rows, fmt.Sprintf("| %d | %s | %s |", seed, name, f))
		if f.false > 0 || f.wrongly > 0 {
			t.Errorf("seed %d: %d false findings, %d rows labelled wrongly", seed, f.false, f.wrongly)
		}
		if f.labelled*100 < f.attackRows*95 {
			t.Errorf("seed %d: %d of %d attack rows labelled", seed, f.labelled, f.attackRows)
		}
	}
	t.Log("\n" + strings.Join(rows, "\n"))
	const file, open, end = "../../docs/detection.md", "<!-- across -->\n", "<!-- end across -->"
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(old), open)
	_, tail, ok := strings.Cut(rest, end)
	table := "| Seed | Attacks | Sign-ins | Found | Attack rows labelled | Labelled wrongly | False raised, medium or attack | False raised, lesser |\n|---|---|---|---|---|---|---|---|\n" +
		strings.Join(rows, "\n") + "\n"
	switch text := head + open + table + end + tail; {
	case !ok:
		t.Fatalf("%s has no section %q", file, open)
	case text == string(old):
	case !*update:
		t.Errorf("%s is out of date; run with -update", file)
	default:
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAcrossAsOfTheDayBefore: with attacks across people too, a day's scores are
// those of a first phase that saw only the days before.
func TestAcrossAsOfTheDayBefore(t *testing.T) {
	w := worldOf(newAcrossWorld(3, true).events)
	full := w.assess(Defaults(), Detectors())
	first := day(1_772_409_600 * signin.Second)
	for d := range int32(acrossDays) {
		today := first + d
		n := NewNetworks(Defaults())
		for _, p := range w.people {
			for i := range w.rows[p] {
				if day(w.rows[p][i].Time) < today {
					n.Observe(&w.rows[p][i], w.sym)
				}
			}
		}
		n.Seal()
		a := NewAssessor(Defaults(), Detectors(), n, nil, w.sym)
		for _, p := range w.people {
			for i, got := range a.Person(p, w.rows[p]).Score {
				if r := &w.rows[p][i]; day(r.Time) == today && got != full.scores[p][i] {
					t.Fatalf("day %d, %s: %v with the past, %v with everything", d, w.ids[r.Ref], got, full.scores[p][i])
				}
			}
		}
	}
}

// TestManyStories: somebody with another rented network every minute has a finding
// for each, and what comes again belongs to the one it came to first.
func TestManyStories(t *testing.T) {
	const networks = 3 * fewStories
	var lines strings.Builder
	for i := range 2 * networks {
		fmt.Fprintf(&lines, `{"t":"2026-03-02T%02d:%02d:00Z","user":"ada","ip":"198.18.%d.7","network":["vpn"]}`+"\n", 8+i/60, i%60, i%networks)
	}
	w := worldOf(parseEvents(t, lines.String()))
	a := NewAssessor(Defaults(), Detectors(), w.networks(Defaults()), nil, w.sym)
	for _, who := range []string{"first", "second"} { // the buffers are the next person's too
		n := 0
		for _, f := range a.Person(w.people[0], w.rows[w.people[0]]).Findings {
			if f.Detector != "anonymiser" {
				continue
			}
			n++
			if last := f.Evidence[len(f.Evidence)-1]; last.Num != 1 || len(f.Events) != 2 {
				t.Errorf("%s: %v with %d events, want one further sign-in", who, last, len(f.Events))
			}
		}
		if n != networks {
			t.Errorf("%s: %d findings of %d networks", who, n, networks)
		}
	}
}
