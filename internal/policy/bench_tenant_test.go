package policy

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/ingest"
	"frisk/internal/signin"
	"frisk/internal/synth"
)

// tenant is the sample tenant as an admin has it on disk, read once.
var tenant = sync.OnceValues(func() (*sampleTenant, error) { return readTenant(tenantDir) })

// tenantDir is set before tenant is asked for.
var tenantDir string

type sampleTenant struct {
	events []signin.Event // person by person, in time order
	dir    *directory.Directory
	set    *Set // the current policies, then those of the candidates
}

func readTenant(root string) (*sampleTenant, error) {
	if _, err := synth.WriteTenant(root, synth.Config{Seed: 1, People: 80, Days: 10}); err != nil {
		return nil, err
	}
	t := &sampleTenant{dir: directory.New()}
	sources, err := ingest.Expand([]string{filepath.Join(root, "signins")})
	if err != nil {
		return nil, err
	}
	for b, err := range ingest.Read(context.Background(), sources, ingest.Options{}) {
		if err != nil {
			return nil, err
		}
		t.events = append(t.events, b.Events...)
	}
	slices.SortStableFunc(t.events, func(a, b signin.Event) int {
		return cmp.Or(cmp.Compare(a.Principal.ID, b.Principal.ID), signin.Compare(&a, &b))
	})
	l := directory.NewLoader(t.dir, directory.Options{})
	if err := l.Path(filepath.Join(root, "directory")); err != nil {
		return nil, err
	}
	l.Finish()
	t.set, _, err = Load("all", []string{filepath.Join(root, "policies", "current"), filepath.Join(root, "policies", "candidates")},
		[]string{filepath.Join(root, "locations.json")})
	if err != nil {
		return nil, err
	}
	// The first one is one with people, resources and a place.
	i := slices.IndexFunc(t.set.Policies, func(p *Policy) bool { return p.Locations != nil })
	t.set.Policies[0], t.set.Policies[i] = t.set.Policies[i], t.set.Policies[0]
	return t, nil
}

// some is a set of n of the tenant's policies; more than there are come again
// under another name.
func (t *sampleTenant) some(n int) *Set {
	out := *t.set
	out.Policies = nil
	for i := range n {
		p := *t.set.Policies[i%len(t.set.Policies)]
		p.ID = fmt.Sprint(p.ID, "-", i)
		p.State = Enabled
		out.Policies = append(out.Policies, &p)
	}
	return &out
}

// tenantScenes are the sample tenant's sign-ins under one realistic policy, and
// under sets of 20 and 60.
func tenantScenes(tb testing.TB) []scene {
	tb.Helper()
	if tenantDir == "" {
		tenantDir = tb.TempDir()
	}
	t, err := tenant()
	if err != nil {
		tb.Fatal(err)
	}
	w := newWorld(1)
	var out []scene
	for _, n := range []int{1, 20, 60} {
		e, err := NewEngine(t.some(n), t.dir, Options{})
		if err != nil {
			tb.Fatal(err)
		}
		sym := signin.NewSymbols()
		s := scene{name: fmt.Sprint("tenant=", n), policies: n, ev: e.Evaluator(sym)}
		for i := range t.events {
			s.rows = append(s.rows, signin.RowOf(&t.events[i], sym))
			s.states = append(s.states, w.state())
		}
		out = append(out, s)
	}
	return out
}
