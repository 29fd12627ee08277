package fetch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"frisk/internal/fetch/graphtest"

	"github.com/google/go-cmp/cmp"
)

// TestMain runs a fetch in place of the tests when a test asks for a child that
// it can kill.
func TestMain(m *testing.M) {
	if out := os.Getenv("FETCH_TEST_OUT"); out != "" {
		os.Exit(child(out, os.Getenv("FETCH_TEST_URL")))
	}
	os.Exit(m.Run())
}

func child(out, url string) int {
	base, err := BaseURL(url)
	if err == nil {
		var p []Part
		if p, err = Select([]string{"policies", "groups", "signins-interactive", "audit"}, nil, nil); err == nil {
			_, err = Run(context.Background(), Options{
				Out: out, Parts: p, Base: base, Clock: &fakeClock{at: now}, Token: &tokens{first: "secret-token"},
				Since: now.Add(-48 * time.Hour).Truncate(DefaultSlice),
			})
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func start(t *testing.T, out, url string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this test
	cmd.Env = append(os.Environ(), "FETCH_TEST_OUT="+out, "FETCH_TEST_URL="+url)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// Killed again and again at any moment, a fetch ends with the same files as one
// that nobody disturbed, and asks for few pages twice.
func TestKillAndResume(t *testing.T) {
	s := graphtest.Sample(now, 40)
	defer s.Close()
	s.Pages(3)
	calm := filepath.Join(t.TempDir(), "calm")
	if err := start(t, calm, s.URL).Wait(); err != nil {
		t.Fatal(err)
	}
	want := tree(t, calm, false)
	wantOnce(t, want, 40)
	quiet := len(s.Requests())

	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test
		out := filepath.Join(t.TempDir(), "killed")
		before, kills := len(s.Requests()), 0
		for {
			cmd := start(t, out, s.URL)
			done := make(chan error, 1)
			go func() { done <- cmd.Wait() }()
			var err error
			select {
			case err = <-done:
			case <-time.After(time.Duration(2+r.IntN(60+40*kills)) * time.Millisecond):
				_ = cmd.Process.Kill()
				err = <-done
			}
			if err == nil {
				break
			}
			if e, ok := errors.AsType[*exec.ExitError](err); !ok || e.Exited() {
				t.Fatalf("seed %d: the child failed by itself: %v", seed, err)
			}
			if kills++; kills > 500 {
				t.Fatal("no progress")
			}
		}
		if d := cmp.Diff(want, tree(t, out, false)); d != "" {
			t.Errorf("seed %d: after %d kills, -want +got\n%.2000s", seed, kills, d)
		}
		t.Logf("seed %d: %d kills, %d requests instead of %d", seed, kills, len(s.Requests())-before, quiet)
	}
}

// Stopped before any one request, a fetch goes on there: no page that was
// written is asked for again.
func TestResumeAtEveryRequest(t *testing.T) {
	sample := func() *graphtest.Server {
		s := graphtest.Sample(now, 40)
		s.Pages(2)
		return s
	}
	s := sample()
	o := testOptions(t, s, "policies", "groups", "signins-interactive")
	o.Since = now.Add(-18 * time.Hour).Truncate(DefaultSlice)
	mustRun(t, o)
	want, total := tree(t, o.Out, false), len(s.Requests())
	for stop := 1; stop <= total; stop++ {
		s := sample()
		again := testOptions(t, s, "policies", "groups", "signins-interactive")
		again.Since = o.Since
		ctx, cancel := context.WithCancel(t.Context())
		s.Break(func(n int, _ *http.Request) graphtest.Fault {
			if n == stop {
				cancel()
				return graphtest.Fault{Hang: true}
			}
			return graphtest.Fault{}
		})
		if _, err := Run(ctx, again); !errors.Is(err, context.Canceled) {
			t.Fatalf("stop %d: %v", stop, err)
		}
		cancel()
		mustRun(t, again)
		if d := cmp.Diff(want, tree(t, again.Out, false)); d != "" {
			t.Errorf("stop %d: -want +got\n%.2000s", stop, d)
		}
		if n := len(s.Requests()); n != total+1 { // the one that hung is asked again
			t.Errorf("stop %d: %d requests, want %d", stop, n, total+1)
		}
	}
}

// Publishing that was cut short anywhere is finished by the next run.
func TestPublishCutShort(t *testing.T) {
	sp := span{now.Add(-6 * time.Hour), now}
	names := []string{"interactiveUser-a-0001.json", "interactiveUser-a-0002.json", "interactiveUser-a-0003.json"}
	for moved := range len(names) + 1 {
		out := t.TempDir()
		f, err := openFolder(out, "host", "")
		if err != nil {
			t.Fatal(err)
		}
		// An older version of the slice had one page more.
		old := slice{span: sp, Files: []string{"signins/interactiveUser/interactiveUser-a-0001.json", "signins/interactiveUser/interactiveUser-a-0004.json"}}
		dir := filepath.Join(out, "signins", "interactiveUser")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range old.Files {
			if err := writeFile(f.at(name), []byte("old")); err != nil {
				t.Fatal(err)
			}
		}
		f.state.replace("signins-interactive", old)
		if err := f.state.write(f.statePath()); err != nil {
			t.Fatal(err)
		}
		j, err := newJournal(f.job("signins-interactive"), head{Part: "signins-interactive", Host: "host", Slice: &sp, Started: now})
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range names {
			if err := j.page("interactiveUser", name, &page{data: []byte("new"), rows: 1, next: []string{"a", "b", ""}[i]}); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.add(entry{Done: true}); err != nil {
			t.Fatal(err)
		}
		for _, name := range names[:moved] {
			if err := os.Rename(filepath.Join(j.filesDir(), name), filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		j.close()
		for range 2 { // the second time nothing is left to do
			if err := f.recover(DefaultLate); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string]string{}
		for _, name := range names {
			want["signins/interactiveUser/"+name] = "new"
		}
		if d := cmp.Diff(want, tree(t, out, false)); d != "" {
			t.Errorf("%d moved: -want +got\n%s", moved, d)
		}
		if got := f.state.slices("signins-interactive"); len(got) != 1 || got[0].Rows != 3 || got[0].Settled {
			t.Errorf("%d moved: state %+v", moved, got)
		}
		f.unlock()
	}
}
