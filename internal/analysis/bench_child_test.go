package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// Each side of a comparison runs in a process of its own, because what DuckDB
// allocates is not in the Go heap and the peak memory of a process cannot be
// reset. The parent only starts children and does arithmetic: a child's peak
// begins at its parent's size (Linux carries it over exec), so the parent stays
// small.

// job is the work of one child process.
type job struct {
	Name   string // key of jobs
	Input  string // log file; "-" is standard input
	Tenant string // folder with frisk.yaml
	Data   string // dataset folder
	Set    string // folder of policies that replaces the current set
	Rows   int64
	Out    string // where the child writes its outcome; "" = nowhere
}

// outcome is what one child measured. Seconds and CPU are those of the part
// under test, without process start and preparation; Peak is the whole process.
type outcome struct {
	Seconds float64
	CPU     float64 // user and system
	Rows    int64   // rows read or written, to check that both sides did the work
	Extra   map[string]float64
	Peak    float64 `json:"-"` // MB, from the parent's view
}

// jobs are the things a child can do.
var jobs = map[string]func(context.Context, *job) (outcome, error){
	"generate":    generateJob,
	"repeat":      repeatJob,
	"convert":     convertJob,
	"tenant":      tenantJob,
	"ingest":      ingestJob,
	"duck-ingest": duckIngestJob,
	"travel":      travelJob,
	"duck-pages":  duckPagesJob,
	"duck-travel": duckTravelJob,
	"naive":       naiveJob,
	"replay":      replayJob,
	"report":      reportJob,
}

const jobEnv = "FRISK_BENCH_JOB"

// TestBenchChild is the entry of a benchmark's child process and no test.
func TestBenchChild(t *testing.T) {
	text := os.Getenv(jobEnv)
	if text == "" {
		t.Skip("runs only as a child of a benchmark")
	}
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		t.Fatal(err)
	}
	stop := profileChild(t)
	out, err := jobs[j.Name](t.Context(), &j)
	stop()
	if err != nil {
		t.Fatal(err)
	}
	if j.Out == "" {
		os.Exit(0) // standard output is the job's: nothing may follow on it
	}
	b, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(j.Out, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// benchThreads is what both sides may use, whatever the machine has.
const benchThreads = 2

// child prepares the process for a job; out is where it writes its outcome.
func child(b testing.TB, j job, stdin io.Reader, stdout io.Writer) *exec.Cmd {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(j)
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), self, "-test.run=^TestBenchChild$", "-test.timeout=0")
	cmd.Env = append(os.Environ(), jobEnv+"="+string(text), "GOMAXPROCS="+strconv.Itoa(benchThreads))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, os.Stderr
	return cmd
}

// spawn runs a job in a child process and reads what it measured.
func spawn(b testing.TB, j job) outcome {
	b.Helper()
	j.Out = filepath.Join(b.TempDir(), "outcome.json")
	var said tail
	cmd := child(b, j, nil, &said)
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s", j.Name, err, said)
	}
	return readOutcome(b, &j, cmd)
}

func readOutcome(b testing.TB, j *job, cmd *exec.Cmd) outcome {
	b.Helper()
	text, err := os.ReadFile(j.Out)
	if err != nil {
		b.Fatal(err)
	}
	var o outcome
	if err := json.Unmarshal(text, &o); err != nil {
		b.Fatal(err)
	}
	o.Peak = peakMB(cmd.ProcessState)
	return o
}

// tail keeps what a child printed, for its error.
type tail []byte

func (t *tail) Write(p []byte) (int, error) {
	*t = append(*t, p...)
	if n := len(*t); n > 1<<14 {
		*t = slices.Clone((*t)[n-1<<13:])
	}
	return len(p), nil
}

// measure runs the part under test.
func measure(work func() (int64, error)) (outcome, error) {
	cpu, begin := cpuSeconds(), time.Now()
	rows, err := work()
	return outcome{Seconds: time.Since(begin).Seconds(), CPU: cpuSeconds() - cpu, Rows: rows, Extra: map[string]float64{}}, err
}

// envInt is a number from the environment.
func envInt(b testing.TB, name string, def int64) int64 {
	b.Helper()
	s := os.Getenv(name)
	if s == "" {
		return def
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		b.Fatalf("%s=%q: want a positive number", name, s)
	}
	return n
}

// series is the outcomes of one side.
type series []outcome

func (s series) median(of func(*outcome) float64) float64 {
	v := make([]float64, len(s))
	for i := range s {
		v[i] = of(&s[i])
	}
	slices.Sort(v)
	if len(v) == 0 {
		return 0
	}
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

func (s series) seconds() float64 { return s.median(func(o *outcome) float64 { return o.Seconds }) }
func (s series) cpu() float64     { return s.median(func(o *outcome) float64 { return o.CPU }) }

// peak is the largest, not the median: a bound that holds in half of the runs
// is none.
func (s series) peak() float64 {
	m := 0.0
	for i := range s {
		m = max(m, s[i].Peak)
	}
	return m
}

// check stops a comparison in which a side did not do the whole work.
func (s series) check(b *testing.B, who string, rows int64) {
	b.Helper()
	for i := range s {
		if s[i].Rows != rows {
			b.Fatalf("%s handled %d rows of %d", who, s[i].Rows, rows)
		}
	}
}

// report prints one side's figures, and its ratios to the baseline where there
// is one: above 1 is better than the baseline, memory below 1.
func (s series) report(b *testing.B, rows, bytes int64, base series) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // of all rounds and both sides together: means nothing
	b.ReportMetric(float64(rows)/s.seconds(), "events/s")
	b.ReportMetric(s.seconds(), "wall-s")
	b.ReportMetric(s.cpu(), "cpu-s")
	b.ReportMetric(s.peak(), "peak-MB")
	if bytes > 0 {
		b.ReportMetric(float64(bytes)/1e6/s.seconds(), "MB/s")
	}
	if len(base) > 0 {
		b.ReportMetric(base.seconds(), "duckdb-wall-s")
		b.ReportMetric(base.cpu(), "duckdb-cpu-s")
		b.ReportMetric(base.peak(), "duckdb-peak-MB")
		b.ReportMetric(base.seconds()/s.seconds(), "x-wall")
		b.ReportMetric(base.cpu()/s.cpu(), "x-cpu")
		b.ReportMetric(s.peak()/base.peak(), "x-peak")
	}
	for i := range s {
		b.Logf("round %d: %s", i+1, s[i].line())
	}
	for i := range base {
		b.Logf("duckdb round %d: %s", i+1, base[i].line())
	}
}

func (o *outcome) line() string {
	return fmt.Sprintf("%.2f s, %.2f CPU s, %.0f MB", o.Seconds, o.CPU, o.Peak)
}
