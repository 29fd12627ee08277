package fetch

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"frisk/internal/fetch/graphtest"
)

// now is the time of every test.
var now = time.Date(2026, 5, 1, 12, 34, 56, 0, time.UTC)

// fakeClock stands still but for sleeping.
type fakeClock struct {
	mu    sync.Mutex
	at    time.Time
	slept []time.Duration
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

func (c *fakeClock) total() (sum time.Duration) {
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// tokens gives "secret-token", or what fresh has when asked for a new one.
type tokens struct {
	first, fresh string
	renewed      int
	claims       string
}

func (t *tokens) Token(_ context.Context, fresh bool, claims string) (string, time.Time, error) {
	if fresh {
		t.renewed++
		t.claims = claims
		return t.fresh, time.Time{}, nil
	}
	return t.first, time.Time{}, nil
}

// testOptions fetch only from s into a new folder.
func testOptions(t *testing.T, s *graphtest.Server, only ...string) Options {
	t.Helper()
	t.Cleanup(s.Close)
	base, err := BaseURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := Select(only, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Out: filepath.Join(t.TempDir(), "out"), Parts: parts, Base: base, Clock: &fakeClock{at: now},
		Token: &tokens{first: "secret-token", fresh: "secret-token"}, Since: now.Add(-48 * time.Hour).Truncate(DefaultSlice),
		Say: func(text string) { t.Log(text) },
	}
}

// mustRun is Run without an error.
func mustRun(t *testing.T, o Options) *Result {
	t.Helper()
	res, err := Run(t.Context(), o)
	if err != nil {
		t.Fatalf("Run: %v\n%+v", err, res)
	}
	return res
}

// nextLink differs between servers and runs: port and token.
var nextLink = regexp.MustCompile(`"@odata.nextLink":"[^"]*",`)

// tree reads every file below dir by its path, without nextLinks; what is hidden
// only with all.
func tree(t *testing.T, dir string, all bool) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !all && strings.HasPrefix(e.Name(), ".") {
			return filepath.SkipDir
		}
		if e.IsDir() {
			return nil
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = nextLink.ReplaceAllString(string(data), "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ids counts the sign-ins in a tree by their id.
func ids(files map[string]string) map[string]int {
	out := map[string]int{}
	for _, data := range files {
		for _, at := range strings.Split(data, `"id":"77777777-0000-4000-8000-`)[1:] {
			out[at[:12]]++
		}
	}
	return out
}

// wantOnce checks that there are n sign-ins, each once.
func wantOnce(t *testing.T, files map[string]string, n int) {
	t.Helper()
	got := ids(files)
	if len(got) != n {
		t.Errorf("%d sign-ins, want %d", len(got), n)
	}
	for id, times := range got {
		if times != 1 {
			t.Errorf("sign-in %s is there %d times", id, times)
		}
	}
}
