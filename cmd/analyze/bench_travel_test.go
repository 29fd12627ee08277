package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"
)

// analyzeOut runs the program and returns what it printed.
func analyzeOut(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, nil, &out, &errs); code != exitOK {
		t.Fatalf("%v: exit %d: %s", args, code, errs.String())
	}
	return out.Bytes()
}

// TestHostileShuffle: the findings of a hostile world are the same bytes whatever
// the order of the lines in its files and the number of workers.
func TestHostileShuffle(t *testing.T) {
	var want []byte
	for order, threads := range []int{1, 2, 3, 1} {
		dir := t.TempDir()
		config := filepath.Join(dir, "frisk.yaml")
		analyzeOut(t, "synth", "--world", "hostile", "--seed", "5", "--people", "24", "--days", "14", "--order", fmt.Sprint(order), "--dir", dir)
		analyzeOut(t, "ingest", "--quiet", "--config", config, "--threads", fmt.Sprint(threads))
		got := analyzeOut(t, "risk", "--json", "--quiet", "--config", config, "--threads", fmt.Sprint(threads))
		if order == 0 {
			want = got
			if !bytes.Contains(got, []byte(`"impossible-travel"`)) {
				t.Fatal("no travel finding to compare")
			}
			continue
		}
		if !bytes.Equal(want, got) {
			t.Errorf("order %d, %d threads: other findings than in the first order (%d bytes, %d bytes)", order, threads, len(want), len(got))
			at := 0
			for at < min(len(want), len(got)) && want[at] == got[at] {
				at++
			}
			t.Logf("first difference at byte %d:\n%s\n---\n%s", at, want[max(0, at-300):min(len(want), at+300)], got[max(0, at-300):min(len(got), at+300)])
		}
	}
}

// TestBenchTravel: the command prints the table and the targets, and the cases.
func TestBenchTravel(t *testing.T) {
	out := analyzeOut(t, "bench", "travel", "--seeds", "1", "--people", "20", "--days", "10", "--knowledge", "radius,country+none")
	for _, s := range []string{"The log knows: radius, lists, devices", "The log knows: country ", "frisk: impossible travel", "Okta velocity (805 km/h)", "Targets of impossible travel"} {
		if !bytes.Contains(out, []byte(s)) {
			t.Errorf("no %q in\n%s", s, out)
		}
	}
	if out := analyzeOut(t, "bench", "travel", "--json", "--seeds", "1", "--people", "20", "--days", "10", "--knowledge", "points"); !bytes.Contains(out, []byte(`"frisk.bench.travel/v1"`)) {
		t.Errorf("no schema in\n%s", out)
	}
	if out := analyzeOut(t, "bench", "travel", "--seeds", "1", "--people", "20", "--days", "10", "--knowledge", "points+none", "--cases", "1"); !bytes.Contains(out, []byte("person ")) {
		t.Errorf("no case in\n%s", out)
	}
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"bench", "travel", "--knowledge", "streets"}, nil, &errs, &errs); code != exitUsage {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}
