package dataset

import (
	"context"
	"fmt"
	"slices"

	"frisk/internal/signin"
)

// Find gives the events with this id: usually one, several when providers or
// tenants share ids, none when there is none. Replaced versions are not found.
// It asks the id indexes, which are opened with the Reader.
func (r *Reader) Find(ctx context.Context, id string) ([]Found, error) {
	refs, err := r.refsOf(id)
	if err != nil {
		return nil, fmt.Errorf("find event %q: %w", id, err)
	}
	events, err := r.Fetch(ctx, refs)
	if err != nil {
		return nil, fmt.Errorf("find event %q: %w", id, err)
	}
	var found []Found
	for i := range events {
		if events[i].ID == id {
			found = append(found, Found{refs[i], events[i]})
		}
	}
	return found, nil
}

func (r *Reader) refsOf(id string) ([]signin.Ref, error) {
	var refs []signin.Ref
	for i, run := range r.runs {
		probes := make([]idEntry, 0, len(run.run.Tenants))
		for _, t := range run.run.Tenants {
			probes = append(probes, idEntry{key: keyOf(t, id)})
		}
		slices.SortFunc(probes, compareEntries)
		x, err := openIDs(run.ids)
		if err != nil {
			return nil, err
		}
		dead := r.dead[run.run.Name]
		err = x.probe(probes, func(_ int, e idEntry) {
			if e.row != noRow && int64(e.row) < run.run.Rows && !dead.has(e.row) {
				refs = append(refs, signin.Ref{Run: uint32(i), Row: e.row}) //nolint:gosec // few runs
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return refs, nil
}
