package dataset

import (
	"fmt"
	"slices"
	"testing"

	"frisk/internal/signin"
)

// A poorer export of the same sign-ins never replaces a richer one, whatever
// comes first and whether they meet in a buffer, across runs or across ingests.
func TestPoorerVersionDoesNotReplace(t *testing.T) {
	rich := newGenerator(21, 30).events(600)
	poor := slices.Clone(rich)
	for i := range poor {
		e := &rich[i]
		poor[i] = signin.Event{
			Time: e.Time, ID: e.ID, Provider: e.Provider, Tenant: e.Tenant, Principal: e.Principal, Source: e.Source,
			App: e.App, Outcome: e.Outcome, Code: e.Code, Raw: signin.Raw{File: "poor.csv", Line: int64(i + 1)},
		}
	}
	want := inOrder(rich)
	for _, first := range []string{"rich", "poor"} {
		a, b := rich, poor
		if first == "poor" {
			a, b = poor, rich
		}
		for _, rows := range []int{100, 5000} {
			for _, together := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s first, buffer of %d, together %v", first, rows, together), func(t *testing.T) {
					d := create(t)
					opt := AppendOptions{BufferRows: rows, MaxRuns: 100}
					if together {
						ingest(t, d, opt, append(slices.Clone(a), b...))
					} else {
						ingest(t, d, opt, a)
						sum := ingest(t, d, opt, b)
						if first == "rich" && sum.Total.Duplicate != int64(len(b)) {
							t.Errorf("the poorer rows counted as %+v", sum.Total)
						}
						if first == "poor" && sum.Total.Superseded != int64(len(b)) {
							t.Errorf("the richer rows counted as %+v", sum.Total)
						}
					}
					if diff := diff(want, stored(t, d)); diff != "" {
						t.Errorf("stored (-want +got):\n%s", diff)
					}
					for _, again := range [][]signin.Event{b, a} {
						if sum := ingest(t, d, opt, again); sum.Total.Kept != 0 {
							t.Errorf("reading again added %+v", sum.Total)
						}
					}
				})
			}
		}
	}
	// A field that was cleared is an update.
	d := create(t)
	ingest(t, d, AppendOptions{}, rich)
	cleared := slices.Clone(rich)
	for i := range cleared {
		cleared[i].Risk.Detail, cleared[i].Detail, cleared[i].Device.Name = "", "", ""
	}
	if sum := ingest(t, d, AppendOptions{}, cleared); sum.Total.Superseded != int64(len(cleared)) {
		t.Errorf("cleared fields counted as %+v", sum.Total)
	}
	if diff := diff(inOrder(cleared), stored(t, d)); diff != "" {
		t.Errorf("stored after an update (-want +got):\n%s", diff)
	}
}
