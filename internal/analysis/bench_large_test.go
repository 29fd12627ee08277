package analysis

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkLarge checks memory, not speed, at FRISK_BENCH_LARGE sign-ins
// (10,000,000 is the size meant): a generator writes into a pipe that ingest
// reads, so no input is stored, then everything after ingest runs on the
// result. It is skipped where the variable is not set: it takes minutes.
func BenchmarkLarge(b *testing.B) {
	if os.Getenv("FRISK_BENCH_LARGE") == "" {
		b.Skip("FRISK_BENCH_LARGE is not set")
	}
	rows := envInt(b, "FRISK_BENCH_LARGE", 0)
	tenant := benchTenant(b, rows)
	data := filepath.Join(b.TempDir(), "data")
	for b.Loop() {
		if err := os.RemoveAll(data); err != nil {
			b.Fatal(err)
		}
		in := series{ingestPipe(b, rows, job{Name: "ingest", Input: "-", Tenant: tenant, Data: data})}
		in.check(b, "ingest", rows)
		out := series{spawn(b, job{Name: "report", Tenant: tenant, Data: data})}
		out.check(b, "report", rows)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(in.seconds(), "ingest-s") // as fast as the generator
		b.ReportMetric(in.cpu(), "ingest-cpu-s")
		b.ReportMetric(in.peak(), "ingest-peak-MB")
		b.ReportMetric(out.seconds(), "report-s")
		b.ReportMetric(out.cpu(), "report-cpu-s")
		b.ReportMetric(out.peak(), "report-peak-MB")
	}
}

// BenchmarkMemory ingests FRISK_BENCH_MEMORY sign-ins, several sizes with commas
// between them, and prints the peak of each: it must not grow. The rows are the
// half a million of the other benchmarks again and again, later each time and
// with other ids, made while they are read.
func BenchmarkMemory(b *testing.B) {
	if os.Getenv("FRISK_BENCH_MEMORY") == "" {
		b.Skip("FRISK_BENCH_MEMORY is not set")
	}
	input, tenant := benchInput(b, repeatRows, ""), benchTenant(b, repeatRows)
	for text := range strings.SplitSeq(os.Getenv("FRISK_BENCH_MEMORY"), ",") {
		rows, err := strconv.ParseInt(text, 10, 64)
		if err != nil || rows <= 0 {
			b.Fatalf("FRISK_BENCH_MEMORY: %q is no number of rows", text)
		}
		b.Run(text, func(b *testing.B) {
			data := filepath.Join(b.TempDir(), "data")
			for b.Loop() {
				if err := os.RemoveAll(data); err != nil {
					b.Fatal(err)
				}
				in := series{pipe(b, job{Name: "repeat", Rows: rows, Input: input}, job{Name: "ingest", Input: "-", Tenant: tenant, Data: data})}
				in.check(b, "ingest", rows)
				in.report(b, rows, 0, nil)
				b.ReportMetric(float64(folderSize(b, data))/float64(rows), "bytes/event")
			}
		})
	}
}

// repeatRows is how many different rows BenchmarkMemory has.
const repeatRows = 500_000

// ingestPipe runs the generator and ingest side by side.
func ingestPipe(b *testing.B, rows int64, j job) outcome {
	b.Helper()
	return pipe(b, job{Name: "generate", Rows: rows}, j)
}

// pipe runs two jobs, the first writing what the second reads.
func pipe(b *testing.B, from, j job) outcome {
	b.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	j.Out = filepath.Join(b.TempDir(), "outcome.json")
	var said tail
	gen, in := child(b, from, nil, w), child(b, j, r, &said)
	if err := gen.Start(); err != nil {
		b.Fatal(err)
	}
	if err := in.Start(); err != nil {
		b.Fatal(err)
	}
	if err := closeAll(nil, r, w); err != nil { // the children have their own
		b.Fatal(err)
	}
	gen.WaitDelay, in.WaitDelay = time.Minute, time.Minute
	if err := in.Wait(); err != nil {
		_ = gen.Wait()
		b.Fatalf("ingest: %v\n%s", err, said)
	}
	if err := gen.Wait(); err != nil {
		b.Fatal(err)
	}
	return readOutcome(b, &j, in)
}
