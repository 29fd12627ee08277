//go:build unix

package dataset

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"frisk/internal/signin"
)

// faultEnv makes this test binary a writer to be disturbed: "dir|what", where
// what is ingest, compact, hold (the lock, until standard input ends) or
// limit:N (ingest with files of at most N bytes). It prints a line when it begins.
const faultEnv = "FRISK_DATASET_FAULT"

// killsEnv is how many random kills of a writer at work TestRandomKills makes; a few without it.
const killsEnv = "FRISK_KILLS"

func faultChild(spec string) error {
	dir, what, _ := strings.Cut(spec, "|")
	d, err := Open(dir)
	if err != nil {
		return err
	}
	if n, ok := strings.CutPrefix(what, "limit:"); ok {
		size, err := strconv.ParseUint(n, 10, 64)
		if err != nil {
			return err
		}
		signal.Ignore(syscall.SIGXFSZ) // the write fails instead
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: size}); err != nil {
			return err
		}
		what = "ingest"
	}
	ctx := context.Background()
	fmt.Println("begin")
	switch what {
	case "ingest":
		_, err = crashIngest(ctx, d)
	case "compact":
		err = d.Compact(ctx)
	case "hold":
		a, aerr := d.Append(ctx)
		if aerr != nil {
			return aerr
		}
		fmt.Println("held")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		a.Abort()
	}
	return err
}

func faultCommand(t *testing.T, dir, what string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), faultEnv+"="+dir+"|"+what)
	return c
}

// copyDataset gives a copy of base in a folder of its own.
func copyDataset(t *testing.T, base, dir string) *Dataset {
	t.Helper()
	if err := os.CopyFS(dir, os.DirFS(base)); err != nil {
		t.Fatal(err)
	}
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// faultBase is a dataset that an ingest and a compaction both change, and its
// dumps before and after the ingest.
func faultBase(t *testing.T) (dir string, before, after []byte) {
	t.Helper()
	d := create(t)
	ingest(t, d, AppendOptions{BufferRows: 300}, crashEvents()[:800])
	before = dump(t, d)
	done := copyDataset(t, d.Dir(), t.TempDir())
	if _, err := crashIngest(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	return d.Dir(), before, dump(t, done)
}

// A writer is killed (SIGKILL, in a process of its own) at a random moment.
// Whatever it was doing, the dataset is as before or as after, check finds
// nothing but leftovers, and the next run gives the undisturbed dataset.
func TestRandomKills(t *testing.T) {
	kills := 6
	if s := os.Getenv(killsEnv); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		kills = n
	}
	dir, before, after := faultBase(t)
	longest := map[string]time.Duration{}
	for _, what := range []string{"ingest", "compact"} {
		longest[what] = time.Minute
		for range 3 {
			d := copyDataset(t, dir, t.TempDir())
			took, _ := disturb(t, d.Dir(), what, time.Minute)
			longest[what] = min(longest[what], took)
		}
	}
	seed := rand.Uint64()
	t.Logf("seed %d, an ingest takes %v, a compaction %v", seed, longest["ingest"], longest["compact"])
	rng := rand.New(rand.NewPCG(seed, 0))
	var during, late int
	// A kill that came too late tested nothing: it is made up for.
	for i := 0; during < kills && i < 4*kills; i++ {
		what := []string{"ingest", "compact"}[i%2]
		wait := time.Duration(rng.Int64N(int64(longest[what])))
		d := copyDataset(t, dir, filepath.Join(t.TempDir(), strconv.Itoa(i)))
		if _, killed := disturb(t, d.Dir(), what, wait); killed {
			during++
		} else {
			late++
		}
		label := fmt.Sprintf("kill %d, %s after %v", i, what, wait)
		got := dump(t, d)
		if string(got) != string(before) && (what == "compact" || string(got) != string(after)) {
			t.Fatalf("%s: the dataset is neither as before nor as after", label)
		}
		rep, err := Repair(t.Context(), d.Dir(), RepairOptions{CheckOnly: true})
		if err != nil {
			t.Fatalf("%s: %v", label, err)
		}
		if i := slices.IndexFunc(rep.Damage, func(d Damage) bool { return d.Kind != DamageLeftover }); i >= 0 {
			t.Fatalf("%s: check finds %+v", label, rep.Damage[i])
		}
		if what == "compact" {
			if err := d.Compact(t.Context()); err != nil {
				t.Fatalf("%s: again: %v", label, err)
			}
			sameDump(t, label+", compacted again", before, dump(t, d))
		}
		if _, err := crashIngest(t.Context(), d); err != nil {
			t.Fatalf("%s: again: %v", label, err)
		}
		sameDump(t, label+", ingested again", after, dump(t, d))
		checkNoOrphans(t, d)
		if err := os.RemoveAll(d.Dir()); err != nil {
			t.Fatal(err)
		}
	}
	if during < kills {
		t.Errorf("only %d of %d kills hit a writer at work", during, kills)
	}
	t.Logf("%d kills hit a writer at work, %d came after its end", during, late)
}

// disturb runs a writer, kills it after wait from its beginning, and reports
// how long it ran and whether it was killed.
func disturb(t *testing.T, dir, what string, wait time.Duration) (took time.Duration, killed bool) {
	t.Helper()
	c := faultCommand(t, dir, what)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	timer := time.AfterFunc(wait, func() { _ = c.Process.Kill() })
	err = c.Wait()
	timer.Stop()
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL:
		killed = true
	default:
		t.Fatalf("%s: %v", what, err)
	}
	return time.Since(begin), killed
}

// A second writer in another process is told which process it waits for;
// readers are not disturbed; the lock of a killed process is free at once.
func TestLockOfAnotherProcess(t *testing.T) {
	dir, before, after := faultBase(t)
	d := copyDataset(t, dir, t.TempDir())
	c := faultCommand(t, d.Dir(), "hold")
	if _, err := c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(out); s.Scan() && s.Text() != "held"; {
	}
	want := fmt.Sprintf("(pid %d)", c.Process.Pid)
	if _, err := crashIngest(t.Context(), d); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), want) {
		t.Errorf("second writer: %v, want %q", err, want)
	}
	if _, err := Repair(t.Context(), d.Dir(), RepairOptions{}); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), want) {
		t.Errorf("repair beside a writer: %v, want %q", err, want)
	}
	sameDump(t, "read beside a writer", before, dump(t, d))
	_ = c.Process.Kill()
	_ = c.Wait()
	if _, err := crashIngest(t.Context(), d); err != nil {
		t.Fatalf("after the kill: %v", err)
	}
	sameDump(t, "after the kill", after, dump(t, d))
}

// A disk that is full at any point of an ingest: an error that says so, the
// dataset as it was, no leftovers, and the undisturbed dataset once there is room.
func TestDiskFull(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=8m,mode=700"); err != nil {
		t.Skipf("a small tmpfs cannot be mounted (%v); TestFileSizeLimit runs instead", err)
	}
	defer func() {
		if err := unix.Unmount(disk, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	dir, before, after := faultBase(t)
	full := 0
	for _, free := range []int64{0, 4 << 10, 40 << 10, 120 << 10, 250 << 10, 350 << 10, 450 << 10, 600 << 10} {
		d := copyDataset(t, dir, filepath.Join(disk, "data"))
		var st unix.Statfs_t
		if err := unix.Statfs(disk, &st); err != nil {
			t.Fatal(err)
		}
		ballast := filepath.Join(disk, "ballast")
		size := int64(st.Bavail)*st.Bsize - free
		if err := os.WriteFile(ballast, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := crashIngest(t.Context(), d)
		if err != nil {
			full++
			if !errors.Is(err, unix.ENOSPC) {
				t.Errorf("%d bytes free: %v", free, err)
			}
		}
		o, oerr := Open(d.Dir())
		if oerr != nil {
			t.Fatal(oerr)
		}
		if got := dump(t, o); string(got) != string(before) && string(got) != string(after) {
			t.Errorf("%d bytes free: the dataset is neither as before nor as after", free)
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		if _, err := crashIngest(t.Context(), o); err != nil {
			t.Fatalf("%d bytes free, then room: %v", free, err)
		}
		sameDump(t, "once there is room", after, dump(t, o))
		checkNoOrphans(t, o)
		if err := os.RemoveAll(d.Dir()); err != nil {
			t.Fatal(err)
		}
	}
	if full < 4 {
		t.Errorf("the disk was full in %d of the cases only", full)
	}
}

// The same where no file system can be mounted: a process whose files may not
// grow past a limit.
func TestFileSizeLimit(t *testing.T) {
	dir, before, after := faultBase(t)
	for _, limit := range []int{100, 4 << 10, 20 << 10, 60 << 10} {
		d := copyDataset(t, dir, t.TempDir())
		out, err := faultCommand(t, d.Dir(), fmt.Sprintf("limit:%d", limit)).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "file too large") {
			t.Errorf("limit %d: %v: %s", limit, err, out)
		}
		sameDump(t, "after the failure", before, dump(t, d))
		if _, err := crashIngest(t.Context(), d); err != nil {
			t.Fatalf("limit %d, then none: %v", limit, err)
		}
		sameDump(t, "without a limit", after, dump(t, d))
		checkNoOrphans(t, d)
	}
}

// No file's own time and no clock matters: only event times do.
func TestClockSetBack(t *testing.T) {
	dir, _, after := faultBase(t)
	d := copyDataset(t, dir, t.TempDir())
	old := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	err := filepath.WalkDir(d.Dir(), func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"2026-03-02T08:00:00Z", "1990-01-01T00:00:00Z"} {
		a, err := d.AppendWith(t.Context(), AppendOptions{At: at})
		if err != nil {
			t.Fatal(err)
		}
		e := version("clock", "1")
		if err := a.Add(&e); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := create(t)
	ingest(t, want, AppendOptions{}, []signin.Event{version("clock", "1")})
	ingest(t, want, AppendOptions{BufferRows: 300}, crashEvents()[:800])
	for _, d := range []*Dataset{d, want} {
		if _, err := crashIngest(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	sameDump(t, "clock set back", dump(t, want), dump(t, d))
	if len(after) == len(dump(t, d)) {
		t.Error("the event of the two clocks is missing")
	}
	if in := d.Manifest().Ingests; in[1].At <= in[2].At || in[2].Total.Duplicate != 1 {
		t.Errorf("history: %+v", in[1:])
	}
}
