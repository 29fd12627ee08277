package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Continue says that what is added of a source goes on where its last ingest
// ended, as when a growing file is read piece by piece: its account in the
// manifest is then the sum of the pieces, and bad records are kept beside those
// found before. It must be called before the first record of the source. The
// history of ingests and Summary still have the piece alone.
func (a *Appender) Continue(source string) {
	if a.quar.before == nil {
		a.quar.before = map[string]Source{}
	}
	i, known := slices.BinarySearchFunc(a.quar.known, source, func(s Source, name string) int { return strings.Compare(s.Name, name) })
	if known {
		a.quar.before[source] = a.quar.known[i]
	}
}

// prepend copies the bad records found before, which must be undamaged.
func (q *quarantine) prepend(w io.Writer, before *Source) error {
	if before.QuarantineFile == "" {
		return nil
	}
	path := filepath.Join(q.d.dir, quarantineDir, before.QuarantineFile)
	sum, err := fileSum(path)
	if err == nil && before.QuarantineSum != "" && sum != before.QuarantineSum {
		err = errors.New("its checksum does not fit")
	}
	if err != nil {
		return damaged(path, err)
	}
	f, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return damaged(path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	if _, err := io.Copy(w, f); err != nil {
		return fmt.Errorf("copy %q: %w", path, err)
	}
	return nil
}

// after is the account of a source of which s is the latest piece.
func (s *Source) after(old *Source) Source {
	sum := *s
	sum.KeptEver, sum.SupersededEver, sum.Ingests = 0, 0, 0 // mergeSources adds those
	o := *old
	o.KeptEver, o.SupersededEver, o.Ingests = 0, 0, 0
	sum.add(&o)
	sum.Format = cmp.Or(s.Format, old.Format)
	if s.QuarantineFile == "" {
		sum.QuarantineFile, sum.QuarantineSum = old.QuarantineFile, old.QuarantineSum
	}
	sum.KeptEver, sum.SupersededEver, sum.Ingests = s.KeptEver, s.SupersededEver, s.Ingests
	return sum
}
