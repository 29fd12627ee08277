package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// stamp is how folders of snapshots are called: a date that internal/directory
// and internal/policy read (docs/dated-policies.md).
const stamp = "2006-01-02T150405Z"

// job is where the work on a part is kept.
func (f *folder) job(part string) string { return f.hidden("jobs", part) }

// recover finishes what a killed fetch had begun to publish.
func (f *folder) recover(late time.Duration) error {
	entries, err := os.ReadDir(f.hidden("jobs"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		j, err := openJournal(f.job(e.Name()))
		if err != nil {
			return err
		}
		if j == nil {
			continue
		}
		i := slices.IndexFunc(parts, func(p Part) bool { return p.Name == j.head.Part })
		if i < 0 || !j.done {
			j.close()
			continue
		}
		if err := f.publish(&parts[i], j, late); err != nil {
			return err
		}
	}
	return nil
}

// publish moves the files of a finished job to where others read them. It may be
// cut short at any point and called again.
func (f *folder) publish(p *Part, j *journal, late time.Duration) error {
	var err error
	if p.Time != "" {
		err = f.publishSlice(p, j, late)
	} else {
		err = f.publishSnapshot(p, j)
	}
	if err == nil {
		err = f.state.write(f.statePath())
	}
	if err != nil {
		j.close()
		return fmt.Errorf("publish %s: %w", p.Name, err)
	}
	return j.discard()
}

// publishSlice moves pages one by one: a slice takes the place of the version of
// itself that was fetched too early.
func (f *folder) publishSlice(p *Part, j *journal, late time.Duration) error {
	dir := path.Join(p.Folder, p.collections[0].name)
	if err := os.MkdirAll(filepath.Join(f.out, dir), 0o700); err != nil {
		return err
	}
	n := slice{
		span: *j.head.Slice, Rows: j.rows(), Fetched: j.head.Started,
		Settled: !j.head.Started.Before(j.head.Slice.To.Add(late)),
	}
	for _, name := range j.files() {
		to := path.Join(dir, name)
		n.Files = append(n.Files, to)
		err := os.Rename(filepath.Join(j.filesDir(), name), f.at(to))
		if errors.Is(err, fs.ErrNotExist) && exists(f.at(to)) {
			err = nil // moved before the kill
		}
		if err != nil {
			return err
		}
	}
	n.Pages = len(n.Files)
	for _, old := range f.state.replace(p.Name, n) {
		if err := os.Remove(f.at(old)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// publishSnapshot moves the folder as a whole: half an export of policies would
// read as if the other half had been deleted.
func (f *folder) publishSnapshot(p *Part, j *journal) error {
	dir := path.Join(p.Folder, j.head.Started.Format(stamp))
	if !p.own {
		dir = path.Join(dir, p.Name)
	}
	files := j.files()
	if exists(j.filesDir()) {
		if err := prune(j.filesDir(), files); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(f.at(dir)), 0o700); err != nil {
			return err
		}
		if err := os.RemoveAll(f.at(dir)); err != nil {
			return err
		}
		if err := os.Rename(j.filesDir(), f.at(dir)); err != nil {
			return err
		}
	}
	f.state.setSnapshot(lastState{Part: p.Name, At: j.head.Started, Folder: dir, Rows: j.rows(), Pages: len(files), Request: j.head.Request})
	return nil
}

// prune removes what a kill left beside the files of the journal: pages of a walk
// that was started again, half-written ones.
func prune(dir string, keep []string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !slices.Contains(keep, e.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// at is a path of the state in the file system.
func (f *folder) at(name string) string { return filepath.Join(f.out, filepath.FromSlash(name)) }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
