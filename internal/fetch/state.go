package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// state is what a folder holds, kept in .fetch/state.json. It is written beside
// itself and renamed, after the files it speaks of are in place.
type state struct {
	Version int    `json:"version"`
	Host    string `json:"host"`
	Tenant  string `json:"tenant,omitempty"`
	// Running is when a run began that has not come to its end; the next one goes
	// on with it.
	Running time.Time `json:"running,omitzero"`
	// Logs and Snapshots are sorted by part.
	Logs      []logState  `json:"logs,omitempty"`
	Snapshots []lastState `json:"snapshots,omitempty"`
}

// logState lists the slices of a log, by time.
type logState struct {
	Part   string  `json:"part"`
	Slices []slice `json:"slices"`
}

// lastState is the last snapshot of a part.
type lastState struct {
	Part   string    `json:"part"`
	At     time.Time `json:"at"`
	Folder string    `json:"folder"` // below the output folder, with slashes
	Rows   int64     `json:"rows"`
	Pages  int       `json:"pages"`
	// Request is what was asked, see Part.request.
	Request string `json:"request"`
}

const stateVersion = 1

func readState(path string) (*state, error) {
	data, err := os.ReadFile(path) //nolint:gosec // below the output folder
	if errors.Is(err, os.ErrNotExist) {
		return &state{Version: stateVersion}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the state of the last fetch: %w", err)
	}
	s := &state{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("read the state of the last fetch, %q: %w (remove the file to fetch everything again)", path, err)
	}
	if s.Version != stateVersion {
		return nil, fmt.Errorf("the state of the last fetch, %q, has version %d, this program writes %d: use another folder", path, s.Version, stateVersion)
	}
	if bad := s.outside(); bad != "" {
		return nil, fmt.Errorf("the state of the last fetch, %q, names %q, which is not in the folder", path, bad)
	}
	return s, nil
}

// outside is a file of the state that is not below the output folder, "" when
// all are: files of the state are removed when newer ones replace them.
func (s *state) outside() string {
	for i := range s.Logs {
		for j := range s.Logs[i].Slices {
			for _, f := range s.Logs[i].Slices[j].Files {
				if !filepath.IsLocal(filepath.FromSlash(f)) {
					return f
				}
			}
		}
	}
	for _, l := range s.Snapshots {
		if !filepath.IsLocal(filepath.FromSlash(l.Folder)) {
			return l.Folder
		}
	}
	return ""
}

func (s *state) write(path string) error {
	var b bytes.Buffer
	if err := json.MarshalWrite(&b, s, jsontext.WithIndent(" ")); err != nil {
		return err
	}
	b.WriteByte('\n')
	return writeFile(path, b.Bytes())
}

// belongs refuses a folder of another tenant or cloud.
func (s *state) belongs(host, tenant string) error {
	switch {
	case s.Host != "" && s.Host != host:
		return fmt.Errorf("the folder holds data from %s, not %s: use a folder of its own", s.Host, host)
	// A domain may be another name of the same tenant, so ids alone are compared.
	case objectID.MatchString(s.Tenant) && objectID.MatchString(tenant) && !strings.EqualFold(s.Tenant, tenant):
		return fmt.Errorf("the folder holds data of tenant %s, not %s: use a folder of its own", s.Tenant, tenant)
	}
	s.Host = host
	if !objectID.MatchString(s.Tenant) && tenant != "" {
		s.Tenant = tenant
	}
	return nil
}

func (s *state) slices(part string) []slice {
	for i := range s.Logs {
		if s.Logs[i].Part == part {
			return s.Logs[i].Slices
		}
	}
	return nil
}

func (s *state) setSlices(part string, list []slice) {
	slices.SortFunc(list, func(a, b slice) int { return a.From.Compare(b.From) })
	for i := range s.Logs {
		if s.Logs[i].Part == part {
			s.Logs[i].Slices = list
			return
		}
	}
	s.Logs = append(s.Logs, logState{part, list})
	slices.SortFunc(s.Logs, func(a, b logState) int { return strings.Compare(a.Part, b.Part) })
}

// replace puts a slice in the place of those it overlaps and returns the files
// that only those had.
func (s *state) replace(part string, n slice) (superseded []string) {
	var keep []slice
	for _, old := range s.slices(part) {
		if !old.overlaps(n.span) {
			keep = append(keep, old)
			continue
		}
		for _, f := range old.Files {
			if !slices.Contains(n.Files, f) {
				superseded = append(superseded, f)
			}
		}
	}
	s.setSlices(part, append(keep, n))
	return superseded
}

func (s *state) snapshot(part string) (lastState, bool) {
	for _, l := range s.Snapshots {
		if l.Part == part {
			return l, true
		}
	}
	return lastState{}, false
}

func (s *state) setSnapshot(n lastState) {
	s.Snapshots = slices.DeleteFunc(s.Snapshots, func(l lastState) bool { return l.Part == n.Part })
	s.Snapshots = append(s.Snapshots, n)
	slices.SortFunc(s.Snapshots, func(a, b lastState) int { return strings.Compare(a.Part, b.Part) })
}

// folder is the output folder with its state and its lock.
type folder struct {
	out    string
	state  *state
	unlock func()
	// made and outMade tell that this run made .fetch, and the output folder with it.
	made, outMade bool
}

func (f *folder) hidden(elem ...string) string {
	return filepath.Join(append([]string{f.out, ".fetch"}, elem...)...)
}

func (f *folder) statePath() string { return f.hidden("state.json") }

// openFolder makes and locks the output folder and reads its state.
func openFolder(out, host, tenant string) (*folder, error) {
	f := &folder{out: out}
	f.made, f.outMade = !exists(f.hidden()), !exists(out)
	if err := os.MkdirAll(f.hidden("jobs"), 0o700); err != nil {
		return nil, fmt.Errorf("make output folder: %w", err)
	}
	unlock, err := lock(f.hidden("lock"))
	if err != nil {
		return nil, fmt.Errorf("open output folder %q: %w", out, err)
	}
	f.unlock = unlock
	f.state, err = readState(f.statePath())
	if err == nil {
		err = f.state.belongs(host, tenant)
	}
	if err != nil {
		unlock()
		return nil, err
	}
	return f, nil
}

// waitFolder is openFolder that waits for another fetch to end, as long as o.Wait.
func waitFolder(ctx context.Context, o *Options) (*folder, error) {
	const pause = 5 * time.Second
	for waited := time.Duration(0); ; waited += pause {
		f, err := openFolder(o.Out, o.Base.Host, o.Tenant)
		if !errors.Is(err, ErrLocked) || waited >= o.Wait {
			return f, err
		}
		if waited == 0 {
			o.Say(fmt.Sprintf("another fetch works in %q; waiting up to %s for it to end", o.Out, o.Wait))
		}
		if err := o.Clock.Sleep(ctx, min(pause, o.Wait-waited)); err != nil {
			return nil, err
		}
	}
}

// close gives the folder free. Where nothing was before and nothing came, it
// takes away what this run had made. Windows keeps the lock file, because it is open.
func (f *folder) close(came bool) {
	defer f.unlock()
	if came || !f.made {
		return
	}
	_ = os.RemoveAll(f.hidden("jobs"))
	_ = os.Remove(f.statePath())
	_ = os.Remove(f.hidden("lock"))
	_ = os.Remove(f.hidden()) // not when somebody else is at work in it again
	if f.outMade {
		_ = os.Remove(f.out)
	}
}
