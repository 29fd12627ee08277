package dataset

import (
	"cmp"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"frisk/internal/signin"
)

func create(t testing.TB) *Dataset {
	t.Helper()
	d, err := Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ingest appends events in one commit.
func ingest(t testing.TB, d *Dataset, opt AppendOptions, events []signin.Event) Summary {
	t.Helper()
	a, err := d.AppendWith(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		if err := a.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := a.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func reader(t testing.TB, d *Dataset, need signin.Need) *Reader {
	t.Helper()
	r, err := d.Reader(need)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// stored gives every event of the dataset in the reader's order.
func stored(t testing.TB, d *Dataset) []signin.Event {
	t.Helper()
	var out []signin.Event
	for e, err := range reader(t, d, signin.Need{}).All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// diff compares events, quickly when they are equal.
func diff(want, got []signin.Event) string {
	if slices.Equal(want, got) {
		return ""
	}
	return gocmp.Diff(want, got, addrs)
}

// inOrder sorts as a dataset must: the naive reader every test compares with.
func inOrder(events []signin.Event) []signin.Event {
	out := slices.Clone(events)
	slices.SortFunc(out, func(a, b signin.Event) int {
		return cmp.Or(
			cmp.Compare(signin.Shard(a.Person()), signin.Shard(b.Person())),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Tenant, b.Tenant),
			cmp.Compare(a.Principal.ID, b.Principal.ID), signin.Compare(&a, &b))
	})
	return out
}

func fileNames(t *testing.T, d *Dataset) []string {
	t.Helper()
	var out []string
	for _, sub := range []string{runsDir, tombstonesDir, quarantineDir} {
		names, err := filepath.Glob(filepath.Join(d.Dir(), sub, "*"))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, names...)
	}
	return out
}

// checkNoOrphans compares the folder with the manifest.
func checkNoOrphans(t *testing.T, d *Dataset) {
	t.Helper()
	m := d.Manifest()
	want := 2 * len(m.Runs)
	if m.Tombstones != "" {
		want++
	}
	for i := range m.Sources {
		if m.Sources[i].QuarantineFile != "" {
			want++
		}
	}
	if got := fileNames(t, d); len(got) != want {
		t.Errorf("folder has %q, the manifest names %d files", got, want)
	}
}
