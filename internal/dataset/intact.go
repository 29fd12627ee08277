package dataset

import (
	"fmt"
	"slices"
)

// OpenIntact opens the dataset in dir for reading without its damaged runs, and
// names those. It reads every run once to compare checksums. Damage to anything
// but a run is an error as it is for Open: repair mends it without loss. The
// result refuses to be written to.
func OpenIntact(dir string) (*Dataset, []Damage, error) {
	d, err := Open(dir)
	if err != nil {
		return nil, nil, err
	}
	var bad []Damage
	m := d.Manifest()
	for i := range m.Runs {
		run := &m.Runs[i]
		cause := checkFile(d.runPath(run.Name), run.Bytes, run.Sum)
		if cause == nil {
			continue
		}
		d.skip = append(d.skip, run.Name)
		bad = append(bad, Damage{
			Kind: DamageRun, File: rel(runsDir, run.Name+parquetExt), Cause: plainCause(cause), Remedy: "left out",
			Rows: run.Live(), People: run.People, First: run.MinTime, Last: run.MaxTime, run: i,
		})
	}
	slices.Sort(d.skip)
	if _, err := d.refresh(); err != nil {
		return nil, nil, fmt.Errorf("open dataset: %w", err)
	}
	return d, bad, nil
}

func (d *Dataset) skips(run string) bool {
	_, ok := slices.BinarySearch(d.skip, run)
	return ok
}

// without is m without the runs that are skipped.
func (d *Dataset) without(m Manifest) Manifest {
	if len(d.skip) > 0 {
		m.Runs = slices.DeleteFunc(slices.Clone(m.Runs), func(r Run) bool { return d.skips(r.Name) })
	}
	return m
}
