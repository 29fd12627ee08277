package analysis

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"frisk/internal/synth"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// benchSeed is the tenant all benchmarks use.
const benchSeed = 7

// manyRows is from where on the tenant's activity log covers two days instead
// of the whole history, which would be gigabytes.
const manyRows = 2_000_000

// benchFolder keeps the generated input between runs. Its name changes with the
// generator, so old input is never measured with new code.
func benchFolder(b testing.TB) string {
	b.Helper()
	sources, err := filepath.Glob(filepath.Join("..", "synth", "*.go"))
	if err != nil || len(sources) == 0 {
		b.Fatalf("sources of synth: %d files, %v", len(sources), err)
	}
	h := sha256.New()
	for _, s := range sources { // Glob sorts
		text, err := os.ReadFile(s)
		if err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(h, "%d\n%s", len(text), text)
	}
	dir := filepath.Join(os.TempDir(), "frisk-bench-"+hex.EncodeToString(h.Sum(nil))[:12]+"-seed"+strconv.Itoa(benchSeed))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	return dir
}

// benchInput is the log file of so many rows, plain or compressed by extension.
// It is made by a child process, which may be large.
func benchInput(b testing.TB, rows int64, ext string) string {
	b.Helper()
	file := filepath.Join(benchFolder(b), "signins-"+strconv.FormatInt(rows, 10)+".jsonl"+ext)
	if _, err := os.Stat(file); err == nil {
		return file
	}
	j := job{Name: "generate", Rows: rows, Data: file}
	if ext != "" {
		j.Input = benchInput(b, rows, "")
	}
	spawn(b, j)
	return file
}

// generateJob writes rows sign-ins to the file Data, or compresses Input.
// Without Data the rows go to standard output.
func generateJob(_ context.Context, j *job) (outcome, error) {
	cfg := synth.Config{Seed: benchSeed}
	if j.Data == "" {
		_, err := synth.WriteJSONL(os.Stdout, cfg, j.Rows)
		return outcome{}, err
	}
	return outcome{}, WriteFile(j.Data, func(w io.Writer) error {
		if j.Input == "" {
			n, err := synth.WriteJSONL(w, cfg, j.Rows)
			if err == nil && n != j.Rows {
				err = fmt.Errorf("the tenant has only %d rows", n)
			}
			return err
		}
		in, err := os.Open(j.Input)
		if err != nil {
			return err
		}
		buf := bufio.NewWriterSize(w, 1<<20)
		var z io.WriteCloser = gzip.NewWriter(buf)
		if filepath.Ext(j.Data) == ".zst" {
			if z, err = zstd.NewWriter(buf); err != nil {
				return err
			}
		}
		_, err = io.Copy(z, in)
		if err = closeAll(err, in, z); err != nil {
			return err
		}
		return buf.Flush()
	})
}

// benchTenant is the folder with everything but the logs: policies, directory,
// activity, requests, networks and the frisk.yaml that names them.
func benchTenant(b testing.TB, rows int64) string {
	b.Helper()
	dir := filepath.Join(benchFolder(b), "tenant-"+strconv.FormatInt(rows, 10))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "tenant-")
	if err != nil {
		b.Fatal(err)
	}
	spawn(b, job{Name: "tenant", Rows: rows, Tenant: tmp})
	if err := os.Rename(tmp, dir); err != nil {
		b.Fatal(err)
	}
	return dir
}

func tenantJob(_ context.Context, j *job) (outcome, error) {
	cfg := synth.ForRows(synth.Config{Seed: benchSeed}, j.Rows)
	if j.Rows >= manyRows {
		cfg.Days = 2 // people, devices and policies do not depend on it
	}
	if _, err := synth.WriteTenant(j.Tenant, cfg); err != nil {
		return outcome{}, err
	}
	if err := os.RemoveAll(filepath.Join(j.Tenant, "signins")); err != nil {
		return outcome{}, err
	}
	return outcome{}, writePolicySets(j.Tenant)
}

// loadTenant is the tenant's configuration with the dataset of a job.
func (j *job) load() (*Config, Options, error) {
	cfg, err := LoadConfig(filepath.Join(j.Tenant, ConfigName), false)
	if err == nil && j.Set != "" {
		cfg.Policies.Current, cfg.Policies.Candidates = []string{j.Set}, nil
	}
	return cfg, Options{Data: j.Data, Threads: benchThreads}, err
}
