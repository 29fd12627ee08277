package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// A journal is the folder in which one job is done: one slice of a log, or one
// part of a snapshot. Pages are written to files/ beside their names and renamed;
// then a line in log.jsonl says that they are there and where the next one is. A
// process killed between the two fetches that page again, over itself. The line
// "done" comes when all is there; publishing happens after it and is repeated
// when it was cut short.
type journal struct {
	dir   string
	log   *os.File
	head  head
	units map[string]*unit
	order []string // of units, as they began
	done  bool
}

// head identifies a job. A job that differs in anything is another job.
type head struct {
	Part    string    `json:"part"`
	Host    string    `json:"host"`
	Request string    `json:"request"` // what is asked, see Part.request
	Slice   *span     `json:"slice,omitempty"`
	Started time.Time `json:"started"`
}

// unit is how far one collection has come.
type unit struct {
	files []string
	rows  int64
	next  string
	seen  map[string]bool // links followed so far
	whole bool
}

// entry is a line of the log: exactly one of head, unit and done.
type entry struct {
	Head *head  `json:"head,omitempty"`
	Unit string `json:"unit,omitempty"`
	File string `json:"file,omitempty"` // "" when there is none, as of an object that is gone
	Rows int64  `json:"rows,omitempty"`
	Next string `json:"next,omitempty"` // "" when this was the last page
	// Again starts the unit anew.
	Again bool `json:"again,omitempty"`
	Done  bool `json:"done,omitempty"`
}

const journalLog = "log.jsonl"

func (j *journal) filesDir() string { return filepath.Join(j.dir, "files") }

// newJournal begins a job in dir, over whatever is there.
func newJournal(dir string, h head) (*journal, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	j := &journal{dir: dir, head: h, units: map[string]*unit{}}
	if err := os.MkdirAll(j.filesDir(), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, journalLog), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // below the output folder
	if err != nil {
		return nil, err
	}
	j.log = f
	return j, j.add(entry{Head: &h})
}

// openJournal reads the job in dir. nil without error when there is none, or one
// so broken that it has to begin anew.
func openJournal(dir string) (*journal, error) {
	path := filepath.Join(dir, journalLog)
	data, err := os.ReadFile(path) //nolint:gosec // below the output folder
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	j, good := parseLog(data)
	j.dir = dir
	if good == 0 {
		return nil, nil
	}
	if j.log, err = os.OpenFile(path, os.O_WRONLY, 0o600); err != nil { //nolint:gosec // below the output folder
		return nil, err
	}
	if err = j.log.Truncate(good); err == nil {
		_, err = j.log.Seek(good, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, j.log.Close())
	}
	return j, nil
}

// parseLog reads the lines of a log up to the first that is broken, as the last
// one is after a kill. good is how many bytes they are, 0 when not even the head
// is there.
func parseLog(data []byte) (j *journal, good int64) {
	j = &journal{units: map[string]*unit{}}
	r := bufio.NewReader(bytes.NewReader(data))
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return j, good
		}
		var e entry
		if json.Unmarshal(line, &e) != nil || (good == 0) != (e.Head != nil) || e.File != "" && !isPage(e.File) {
			return j, good
		}
		j.apply(e)
		good += int64(len(line))
	}
}

// isPage tells a file's own name from a path that leads elsewhere.
func isPage(name string) bool { return name == filepath.Base(name) && strings.HasSuffix(name, ".json") }

func (j *journal) close() { _ = j.log.Close() }

// discard gives the job up.
func (j *journal) discard() error {
	j.close()
	return os.RemoveAll(j.dir)
}

// add writes a line and takes it into account.
func (j *journal) add(e entry) error {
	line, err := json.Marshal(&e)
	if err != nil {
		return err
	}
	if _, err := j.log.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write %q: %w", j.log.Name(), err)
	}
	j.apply(e)
	return nil
}

func (j *journal) apply(e entry) {
	switch {
	case e.Head != nil:
		j.head = *e.Head
	case e.Done:
		j.done = true
	case e.Again:
		delete(j.units, e.Unit)
	default:
		u := j.unit(e.Unit)
		if e.File != "" {
			u.files = append(u.files, e.File)
		}
		u.rows += e.Rows
		u.next = e.Next
		u.whole = e.Next == ""
		if e.Next != "" {
			u.seen[e.Next] = true
		}
	}
}

// unit is the state of a collection, begun if need be.
func (j *journal) unit(name string) *unit {
	u := j.units[name]
	if u == nil {
		u = &unit{seen: map[string]bool{}}
		j.units[name] = u
		j.order = append(j.order, name)
	}
	return u
}

// page keeps a page: its bytes first, then the line that it is there.
func (j *journal) page(name, file string, p *page) error {
	if file != "" {
		if err := writeFile(filepath.Join(j.filesDir(), file), p.data); err != nil {
			return err
		}
	}
	return j.add(entry{Unit: name, File: file, Rows: p.rows, Next: p.next})
}

// again forgets a unit and its files.
func (j *journal) again(name string) error {
	files := j.unit(name).files
	if err := j.add(entry{Unit: name, Again: true}); err != nil {
		return err
	}
	for _, f := range files {
		if err := os.Remove(filepath.Join(j.filesDir(), f)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// files lists every page, in the order of fetching.
func (j *journal) files() []string {
	var out []string
	seen := map[string]bool{}
	for _, name := range j.order {
		if u := j.units[name]; u != nil && !seen[name] {
			seen[name] = true
			out = append(out, u.files...)
		}
	}
	return out
}

func (j *journal) rows() (n int64) {
	for _, u := range j.units {
		n += u.rows
	}
	return n
}

// writeFile puts data into a file that only the user may read: beside its name,
// to the disk, then under its name.
func writeFile(path string, data []byte) (err error) {
	f, err := os.OpenFile(path+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // below the output folder
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path+".part"))
	}
	return os.Rename(path+".part", path)
}

// any reports whether the job has got anything yet.
func (j *journal) any() bool {
	for _, u := range j.units {
		if len(u.files) > 0 {
			return true
		}
	}
	return false
}
