//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"frisk/internal/dataset"
	"frisk/internal/signin"
)

// killsEnv is how many kills TestKilledIngest makes; a few without it.
const killsEnv = "FRISK_KILLS"

// analyze runs the program in dir and returns its output.
func analyze(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "analyze", args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	return string(out), err
}

func mustAnalyze(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := analyze(t, dir, args...)
	if err != nil {
		t.Fatalf("analyze %q: %v\n%s", args, err, out)
	}
	return out
}

// dumpData is every sign-in of a dataset with all its columns, a line each, in
// the reader's order.
func dumpData(t *testing.T, dir string) []byte {
	t.Helper()
	d, err := dataset.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Reader(signin.Need{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for e, err := range r.All(t.Context()) {
		if err == nil {
			err = enc.Encode(e)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// The program is killed (SIGKILL) at random moments while it ingests real
// files into a dataset that has some of them. Each time the dataset is as
// before or as after, and the same command again gives the undisturbed one.
func TestKilledIngest(t *testing.T) {
	kills := 3
	if s := os.Getenv(killsEnv); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		kills = n
	}
	dir := t.TempDir()
	mustAnalyze(t, dir, "synth", "--rows", "12000", "--seed", "9", "--output", "all.jsonl")
	all, err := os.ReadFile(filepath.Join(dir, "all.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(all, []byte("\n"))
	// The second file repeats some of the first, changes some and adds the rest.
	second := bytes.Join(lines[3000:], nil)
	second = append(second, bytes.ReplaceAll(bytes.Join(lines[:300], nil), []byte(`"riskState":"none"`), []byte(`"riskState":"remediated"`))...)
	second = append(second, "not a record\n"...)
	for name, text := range map[string][]byte{"first.jsonl": bytes.Join(lines[:4000], nil), "second.jsonl": second} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustAnalyze(t, dir, "ingest", "first.jsonl", "--data", "base", "--quiet")
	before := dumpData(t, filepath.Join(dir, "base"))
	ingest := func(data string) []string { return []string{"ingest", "second.jsonl", "--data", data, "--quiet"} }

	copyData := func(name string) string {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(dir, "base"))); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	whole := copyData("whole")
	begin := time.Now()
	mustAnalyze(t, dir, ingest("whole")...)
	took := time.Since(begin)
	after := dumpData(t, whole)
	if bytes.Equal(before, after) {
		t.Fatal("the second file changes nothing")
	}

	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d, an ingest takes %v", seed, took)
	hit := 0
	for i := 0; hit < kills && i < 4*kills; i++ {
		data := copyData(fmt.Sprint("cut", i))
		wait := time.Duration(rng.Int64N(int64(took)))
		c := exec.CommandContext(t.Context(), "analyze", ingest(data)...)
		c.Dir = dir
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(wait, func() { _ = c.Process.Kill() })
		err := c.Wait()
		timer.Stop()
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
			hit++
		} else if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		if got := dumpData(t, data); !bytes.Equal(got, before) && !bytes.Equal(got, after) {
			t.Fatalf("kill %d after %v: the dataset is neither as before nor as after", i, wait)
		}
		mustAnalyze(t, dir, ingest(data)...)
		if got := dumpData(t, data); !bytes.Equal(got, after) {
			t.Fatalf("kill %d after %v: ingested again, the dataset is another", i, wait)
		}
		if out := mustAnalyze(t, dir, "repair", "--check", "--data", data); !strings.Contains(out, "nothing is damaged") {
			t.Fatalf("kill %d after %v: %s", i, wait, out)
		}
		if err := os.RemoveAll(data); err != nil {
			t.Fatal(err)
		}
	}
	if hit < kills {
		t.Errorf("only %d of %d kills hit the program at work", hit, kills)
	}
}

// Two programs at once: the second says which process it would wait for.
func TestTwoIngests(t *testing.T) {
	dir := t.TempDir()
	mustAnalyze(t, dir, "synth", "--rows", "200", "--seed", "9", "--output", "a.jsonl")
	c := exec.CommandContext(t.Context(), "analyze", "ingest", "-", "--quiet")
	c.Dir = dir
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	pid := strconv.Itoa(c.Process.Pid)
	for {
		// It has the lock once its process id is in the file.
		b, _ := os.ReadFile(filepath.Join(dir, "frisk-data", "lock"))
		if strings.TrimSpace(string(b)) == pid && fileExists(filepath.Join(dir, "frisk-data", "manifest.json")) {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	var out string
	for range 100 {
		// Between making the dataset and filling it the first one lets go for a moment.
		if out, err = analyze(t, dir, "repair", "--check"); err != nil {
			break
		}
	}
	if want := "being written by another process (pid " + pid + ")"; err == nil || !strings.Contains(out, want) {
		t.Errorf("beside another: %v: %s, want %q", err, out, want)
	}
	out, err = analyze(t, dir, "ingest", "a.jsonl")
	if want := "being written by another process (pid " + pid + "): wait for it to end"; err == nil || !strings.Contains(out, want) {
		t.Errorf("second ingest: %v: %s, want %q", err, out, want)
	}
	mustAnalyze(t, dir, "status", "--quiet") // reading is possible
	text, err := os.ReadFile(filepath.Join(dir, "a.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(in.Close(), c.Wait()); err != nil {
		t.Fatal(err)
	}
	if out := mustAnalyze(t, dir, "ingest", "a.jsonl", "--quiet"); !strings.Contains(out, "dataset: 200 sign-ins") {
		t.Errorf("afterwards: %s", out)
	}
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A file read in the middle of being written: the half line is quarantined,
// and reading the complete file gives the undisturbed dataset.
func TestHalfWrittenFile(t *testing.T) {
	dir := t.TempDir()
	mustAnalyze(t, dir, "synth", "--rows", "300", "--seed", "9", "--output", "a.jsonl")
	text, err := os.ReadFile(filepath.Join(dir, "a.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	mustAnalyze(t, dir, "ingest", "a.jsonl", "--data", "whole", "--quiet")
	for _, cut := range []int{len(text) / 3, len(text) / 2, len(text) - 100} {
		if err := os.WriteFile(filepath.Join(dir, "a.jsonl"), text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		mustAnalyze(t, dir, "ingest", "a.jsonl", "--quiet")
		if bad, _ := filepath.Glob(filepath.Join(dir, "frisk-data", "quarantine", "*")); len(bad) != 1 {
			t.Errorf("quarantine has %q", bad)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "a.jsonl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	mustAnalyze(t, dir, "ingest", "a.jsonl", "--quiet")
	if !bytes.Equal(dumpData(t, filepath.Join(dir, "whole")), dumpData(t, filepath.Join(dir, "frisk-data"))) {
		t.Error("the dataset is another than that of an undisturbed run")
	}
	if bad, _ := filepath.Glob(filepath.Join(dir, "frisk-data", "quarantine", "*")); len(bad) != 0 {
		t.Errorf("quarantine still has %q", bad)
	}
}
