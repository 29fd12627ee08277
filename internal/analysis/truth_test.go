package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/synth"
	"frisk/queries"
)

// TestTruth measures the detectors against what was planted in made-up tenants:
// an incident counts as found when at least one of its rows is labelled attack
// traffic. The table is kept in docs/detection.md; -update rewrites it.
func TestTruth(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and assesses three tenants")
	}
	table := "| Seed | Sign-ins | Incidents found | Attack rows labelled | Labelled wrongly | False raised attack findings |\n|---|---|---|---|---|---|\n"
	for seed := uint64(1); seed <= 3; seed++ {
		s := scoreTenant(t, synth.Config{Seed: seed, People: 120, Days: 15})
		table += fmt.Sprintf("| %d | %d | %d of %d | %d of %d | %d | %d |\n", seed, s.rows, s.found, s.incidents, s.hits, s.planted, s.wrong, len(s.alarms))
		if float64(s.found) < 0.8*float64(s.incidents) {
			t.Errorf("seed %d: %d of %d incidents found, missed: %s", seed, s.found, s.incidents, strings.Join(s.missed, ", "))
		}
		if len(s.alarms) > 3 {
			t.Errorf("seed %d: %d false attack findings: %s", seed, len(s.alarms), strings.Join(s.alarms, ", "))
		}
		if s.alike == 0 {
			t.Errorf("seed %d: no look-alikes planted", seed)
		}
	}
	t.Log("\n" + table)
	checkTruthDocs(t, table)
}

func checkTruthDocs(t *testing.T, table string) {
	const file, open, end = "../../docs/detection.md", "<!-- truth -->\n", "<!-- end truth -->"
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(old), open)
	was, tail, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Errorf("%s has no truth section", file)
	case was == table:
	case !*update:
		t.Errorf("%s is out of date, run the test with -update", file)
	default:
		if err := os.WriteFile(file, []byte(head+open+table+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// scores is one tenant against its truth.
type scores struct {
	rows                 int64
	incidents, found     int
	planted, hits, wrong int
	alike                int // harmless look-alikes planted
	missed, alarms       []string
}

// ingestTenant writes a made-up tenant into dir and ingests it.
func ingestTenant(t *testing.T, dir string, cfg synth.Config) (synth.Summary, *Config) {
	t.Helper()
	sum, err := synth.WriteTenant(dir, cfg)
	if err != nil {
		t.Fatal(err)
	}
	conf, err := LoadConfig(sum.Config, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Ingest(t.Context(), conf, Options{}, nil, IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	return sum, conf
}

// assessTenant runs the whole pipeline over a made-up tenant in dir.
func assessTenant(t *testing.T, dir string, cfg synth.Config) (synth.Summary, *Config, *Result) {
	t.Helper()
	sum, conf := ingestTenant(t, dir, cfg)
	res, err := Assess(t.Context(), conf, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sum, conf, res
}

func scoreTenant(t *testing.T, cfg synth.Config) scores {
	t.Helper()
	dir := t.TempDir()
	sum, conf, res := assessTenant(t, dir, cfg)
	labelled, err := queryRaw(context.Background(), conf, &Options{}, queries.Query{Name: "labelled", SQL: "SELECT event_id::VARCHAR FROM signins WHERE attack"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return compareTruth(readTruth(t, dir), res, labelled.Rows, sum.Rows)
}

func readTruth(t *testing.T, dir string) *synth.Truth {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth synth.Truth
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	return &truth
}

func compareTruth(truth *synth.Truth, res *Result, labelled [][]any, rows int64) scores {
	s := scores{rows: rows, incidents: len(truth.Attacks), alike: len(truth.Harmless)}
	of := map[string]int{}
	for i := range truth.Attacks {
		for _, id := range truth.Attacks[i].Events {
			of[id] = i
		}
	}
	s.planted = len(of)
	found := make([]bool, s.incidents)
	for _, row := range labelled {
		i, ok := of[fmt.Sprint(row[0])]
		if !ok {
			s.wrong++
			continue
		}
		s.hits++
		found[i] = true
	}
	for i := range found {
		if found[i] {
			s.found++
		} else {
			s.missed = append(s.missed, truth.Attacks[i].Kind+" "+truth.Attacks[i].User)
		}
	}
	for _, f := range res.findings {
		e := f.Encode(res.events.id, nil)
		planted := slices.ContainsFunc(e.Events, func(id string) bool { _, ok := of[id]; return ok })
		if f.Attack && f.Suppressed == "" && !planted {
			s.alarms = append(s.alarms, fmt.Sprintf("%s %s %s", f.Detector, f.Person, e.Subject))
		}
	}
	return s
}
