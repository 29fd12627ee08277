package dataset

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/parquet-go/parquet-go"

	"frisk/internal/signin"
)

// checkRun looks at the two files of run i.
func (r *repair) checkRun(ctx context.Context, i int) error {
	run := &r.m.Runs[i]
	r.report.Files += 2
	cause := checkFile(r.d.runPath(run.Name), run.Bytes, run.Sum)
	if cause == nil && run.Sum == "" {
		cause = r.d.readThrough(ctx, r.m, i)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if cause != nil {
		r.badRun[run.Name] = true
		r.found(Damage{
			Kind: DamageRun, File: rel(runsDir, run.Name+parquetExt), Cause: plainCause(cause),
			Remedy: "move it aside; ingest its sources again", Rows: run.Live(), People: run.People,
			First: run.MinTime, Last: run.MaxTime, run: i,
		})
	}
	cause = checkFile(r.d.idsPath(run.Name), -1, run.IDsSum)
	if cause == nil && run.IDsSum == "" {
		cause = readIDsThrough(r.d.idsPath(run.Name))
	}
	if cause != nil {
		r.badIDs[run.Name] = true
		d := Damage{Kind: DamageIDs, File: rel(runsDir, run.Name+idsExt), Cause: plainCause(cause), Remedy: "make it again from the run", run: i}
		if r.badRun[run.Name] {
			d.Remedy = "move it aside with its run"
		}
		r.found(d)
	}
	return nil
}

// checkFile compares a file with its size (-1 = not known) and checksum ("" =
// not known).
func checkFile(path string, size int64, sum string) error {
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return errors.New("it is not a file")
	case size >= 0 && st.Size() != size:
		return fmt.Errorf("it has %d bytes, the manifest says %d", st.Size(), size)
	case sum == "":
		return nil
	}
	got, err := fileSum(path)
	if err != nil {
		return err
	}
	if got != sum {
		return errors.New("its checksum is not the manifest's")
	}
	return nil
}

// plainCause is a cause without the advice that damaged adds.
func plainCause(err error) string {
	var pe *os.PathError
	if de := (*damageError)(nil); errors.As(err, &de) {
		err = de.cause
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "it is missing"
	case errors.As(err, &pe):
		return pe.Err.Error()
	}
	return err.Error()
}

// alone opens run i by itself, replaced rows included. Its ids file is not
// needed.
func (d *Dataset) alone(m Manifest, i int) (*Reader, error) {
	m.Runs = m.Runs[i : i+1 : i+1]
	path := d.runPath(m.Runs[0].Name)
	f, err := openRun(path, path, &m.Runs[0])
	if err != nil {
		return nil, err
	}
	return &Reader{manifest: m, dead: tombstones{}, runs: []*runFile{f}}, nil
}

// readThrough reads every row of run i: every page has a checksum, and the
// order is checked.
func (d *Dataset) readThrough(ctx context.Context, m Manifest, i int) error {
	one, err := d.alone(m, i)
	if err != nil {
		return err
	}
	defer one.Close() //nolint:errcheck // read only
	var n int64
	for _, err := range one.All(ctx) {
		if err != nil {
			return err
		}
		n++
	}
	if n != m.Runs[i].Rows {
		return fmt.Errorf("it has %d rows, the manifest says %d", n, m.Runs[i].Rows)
	}
	return nil
}

// readIDsThrough reads every block of an ids file.
func readIDsThrough(path string) error {
	f, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	x, err := openIDs(f)
	if err != nil {
		return err
	}
	for i := range x.count {
		if _, err := x.entry(i); err != nil {
			return err
		}
	}
	return nil
}

func (r *repair) checkTombstones() {
	if r.m.Tombstones == "" {
		return
	}
	r.report.Files++
	path := filepath.Join(r.d.dir, tombstonesDir, r.m.Tombstones)
	cause := checkFile(path, -1, r.m.TombstonesSum)
	if cause == nil {
		var dead tombstones
		dead, cause = r.d.loadTombstones(&r.m)
		for i := 0; cause == nil && i < len(r.m.Runs); i++ {
			if run := &r.m.Runs[i]; dead.of(run.Name) != run.Dead {
				cause = fmt.Errorf("it has %d rows of run %s, the manifest says %d", dead.of(run.Name), run.Name, run.Dead)
			}
		}
	}
	if cause != nil {
		r.badTombs = true
		r.found(Damage{
			Kind: DamageTombstones, File: rel(tombstonesDir, r.m.Tombstones), Cause: plainCause(cause),
			Remedy: "make it again from the ids files", run: -1,
		})
	}
}

// checkQuarantine counts the lines of each source's quarantine file.
func (r *repair) checkQuarantine() {
	for i := range r.m.Sources {
		s := &r.m.Sources[i]
		if s.QuarantineFile == "" {
			continue
		}
		r.report.Files++
		path := filepath.Join(r.d.dir, quarantineDir, s.QuarantineFile)
		err := checkFile(path, -1, s.QuarantineSum)
		n := s.Quarantined
		if err == nil && s.QuarantineSum == "" {
			n, err = countLines(path)
		}
		if err == nil && n != s.Quarantined {
			err = fmt.Errorf("it has %d records, the manifest says %d", n, s.Quarantined)
		}
		if err != nil {
			r.badQuar[s.Name] = true
			r.found(Damage{
				Kind: DamageQuarantine, File: rel(quarantineDir, s.QuarantineFile), Cause: plainCause(err),
				Remedy: "move it aside; ingest its source again to see the bad records", run: -1,
			})
		}
	}
}

func countLines(path string) (n int64, err error) {
	f, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // read only
	br := bufio.NewReaderSize(f, 1<<16)
	for {
		b, err := br.ReadSlice('\n')
		if len(b) > 0 && b[len(b)-1] == '\n' {
			n++
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		}
	}
}

// rawFiles are the source names in the runs of the folder that can be read.
func (r *repair) rawFiles() []string {
	var out []string
	names, _ := filepath.Glob(filepath.Join(r.d.dir, runsDir, "*"+parquetExt)) // the pattern is well formed
	column := signin.DimColumns[signin.DimFile].Name
	for _, name := range names {
		for s, err := range distinct(name, column) {
			if err != nil {
				break // a run that cannot be read says nothing
			}
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// distinct yields the texts of a column's dictionaries and plain pages, which
// may repeat.
func distinct(path, column string) func(func(string, error) bool) {
	return func(yield func(string, error) bool) {
		f, err := os.Open(path) //nolint:gosec // inside the dataset folder
		if err != nil {
			yield("", err)
			return
		}
		defer f.Close() //nolint:errcheck // read only
		st, err := f.Stat()
		if err != nil {
			yield("", err)
			return
		}
		pf, err := parquet.OpenFile(f, st.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			yield("", err)
			return
		}
		leaf, ok := pf.Schema().Lookup(column)
		if !ok {
			return
		}
		seen := map[string]bool{}
		for _, g := range pf.RowGroups() {
			pages := g.ColumnChunks()[leaf.ColumnIndex].Pages()
			defer pages.Close() //nolint:errcheck // read only; row groups are few
			for {
				page, err := pages.ReadPage()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					yield("", err)
					return
				}
				vals := make([]parquet.Value, page.NumValues())
				n, err := page.Values().ReadValues(vals)
				if err != nil && !errors.Is(err, io.EOF) {
					yield("", err)
					return
				}
				for _, v := range vals[:n] {
					if s := v.String(); !v.IsNull() && !seen[s] {
						seen[s] = true
						if !yield(s, nil) {
							return
						}
					}
				}
			}
		}
	}
}
