//go:build unix

package dataset

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"frisk/internal/signin"
)

// crashEnv makes this test binary a writer that dies: "dir|point|n" is killed
// the n-th time the point is reached.
const crashEnv = "FRISK_DATASET_CRASH"

func TestMain(m *testing.M) {
	if spec := os.Getenv(crashEnv); spec != "" {
		if err := crashChild(spec); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if spec := os.Getenv(faultEnv); spec != "" {
		if err := faultChild(spec); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func crashChild(spec string) error {
	part := strings.Split(spec, "|")
	left, err := strconv.Atoi(part[2])
	if err != nil {
		return err
	}
	d, err := Open(part[0])
	if err != nil {
		return err
	}
	d.hook = func(point string) {
		if point != part[1] {
			return
		}
		if left--; left == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until it arrives
		}
	}
	_, err = crashIngest(context.Background(), d)
	return err
}

// crashIngest adds new events, ones the dataset has, new versions of ones it
// has, and bad records, in so many runs that the commit merges some.
func crashIngest(ctx context.Context, d *Dataset) (Summary, error) {
	a, err := d.AppendWith(ctx, AppendOptions{BufferRows: 400, MaxRuns: 4})
	if err != nil {
		return Summary{}, err
	}
	for i, e := range crashEvents() {
		if i%5 == 0 {
			e.Risk.Detail = "seen again"
		}
		if err := a.Add(&e); err != nil {
			a.Abort()
			return Summary{}, err
		}
	}
	if err := a.Quarantine("bad.json", BadRecord{Line: 7, Cause: "no event time", Raw: []byte("{}")}); err != nil {
		return Summary{}, err
	}
	return a.Commit(ctx)
}

func crashEvents() []signin.Event { return newGenerator(11, 60).events(2000) }

// The writer is killed (SIGKILL, in a process of its own) at every point of a
// commit. Whatever the point, the dataset is as before or as after, the next
// ingest completes it, and nothing is left over.
func TestKilledWriter(t *testing.T) {
	points := []struct {
		point string
		n     int
		after bool // whether the ingest had been committed
	}{
		{"run-created", 1, false},
		{"row-group", 2, false},
		{"run-closed", 2, false},
		{"ids-written", 3, false},
		{"tombstones-written", 1, false},
		{"quarantine-written", 1, false},
		{"manifest-written", 1, false},
		{"manifest-renamed", 1, true},
		{"compacted", 1, true},
		{"manifest-written", 2, true},
		{"manifest-renamed", 2, true},
	}
	prepare := func(t *testing.T) *Dataset {
		d := create(t)
		ingest(t, d, AppendOptions{BufferRows: 300}, crashEvents()[:800])
		return d
	}
	base := prepare(t)
	before := stored(t, base)
	if _, err := crashIngest(t.Context(), base); err != nil {
		t.Fatal(err)
	}
	after := stored(t, base)
	if diff(before, after) == "" {
		t.Fatal("the ingest changes nothing")
	}
	files := fileNames(t, base)

	for _, p := range points {
		t.Run(fmt.Sprintf("%s-%d", p.point, p.n), func(t *testing.T) {
			t.Parallel()
			d := prepare(t)
			child := exec.CommandContext(t.Context(), os.Args[0])
			child.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%s|%d", crashEnv, d.Dir(), p.point, p.n))
			out, err := child.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("child ended with %v, want a kill: %s", err, out)
			}
			want := before
			if p.after {
				want = after
			}
			if diff := diff(want, stored(t, d)); diff != "" {
				t.Fatalf("dataset after the kill (-want +got):\n%s", diff)
			}
			sum, err := crashIngest(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if p.after && sum.Total.Kept != 0 {
				t.Errorf("the next ingest kept %d events again", sum.Total.Kept)
			}
			if diff := diff(after, stored(t, d)); diff != "" {
				t.Errorf("dataset after the next ingest (-want +got):\n%s", diff)
			}
			if got := fileNames(t, d); len(got) != len(files) && !p.after {
				t.Errorf("files after the next ingest: %q, want like %q", got, files)
			}
			checkNoOrphans(t, d)
		})
	}
}

func TestLock(t *testing.T) {
	d := create(t)
	a, err := d.Append(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, err := Open(d.Dir())
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("being written by another process (pid %d)", os.Getpid())
	if _, err := other.Append(t.Context()); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), want) {
		t.Errorf("second writer: %v, want %q", err, want)
	}
	if err := other.Compact(t.Context()); !errors.Is(err, ErrLocked) {
		t.Errorf("compact beside a writer: %v", err)
	}
	if _, err := other.Reader(signin.Need{}); err != nil {
		t.Errorf("reader beside a writer: %v", err)
	}
	a.Abort()
	a.Abort()
	b, err := other.Append(t.Context())
	if err != nil {
		t.Fatalf("after Abort: %v", err)
	}
	if _, err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Abort()
	if err := other.Compact(t.Context()); err != nil {
		t.Errorf("after Commit: %v", err)
	}
}
