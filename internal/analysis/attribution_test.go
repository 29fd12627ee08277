package analysis

import (
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// TestSharesOnce: whoever asks through shares, in order with gaps or again later,
// hears what the attributor says of the row.
func TestSharesOnce(t *testing.T) {
	dir := directory.New()
	dir.Workspaces = []directory.Workspace{{Name: "A", Apps: []string{"app-a"}}, {Name: "B", Apps: []string{"app-b"}}}
	dir.Seal()
	base := directory.NewAttributor(dir)
	sym := signin.NewSymbols()
	rng := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // a test's choices
	var rows []signin.Row
	for i := range 200 {
		e := signin.Event{Time: signin.Time(1+i/3) * signin.Hour, App: signin.Target{ID: []string{"app-a", "app-b", "other"}[rng.IntN(3)]}}
		e.Principal.ID = "ann"
		r := signin.RowOf(&e, sym)
		r.Ref.Row = uint32(i) //nolint:gosec // test data
		rows = append(rows, r)
	}
	want := make([][]directory.Share, len(rows))
	alone, kinds := base.Fork(), map[int]bool{}
	var kept []attributed
	for i := range rows {
		want[i] = slices.Clone(alone.Attribute(&rows[i], sym))
		for _, s := range want[i] {
			kinds[s.Workspace] = true
			if s.Workspace != directory.OtherWork {
				kept = append(kept, attributed{rows[i].Ref, s})
			}
		}
	}
	if len(kinds) < 3 {
		t.Fatalf("only workspaces %v occur", kinds)
	}
	s := shares{of: base.Fork()}
	for range 2 { // an account after another
		if got := s.account(rows, sym, nil); !slices.Equal(got, kept) {
			t.Fatalf("%d shares kept, want %d", len(got), len(kept))
		}
		ask := func(i int) {
			if got := s.Attribute(&rows[i], sym); !slices.Equal(got, want[i]) {
				t.Fatalf("row %d: %v, want %v", i, got, want[i])
			}
		}
		for i := range rows {
			if rng.IntN(4) > 0 {
				ask(i)
			}
			if rng.IntN(9) == 0 {
				ask(rng.IntN(i + 1))
			}
		}
		ask(0)
		ask(len(rows) - 1)
	}
}
