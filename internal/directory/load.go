package directory

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Options steer loading.
type Options struct {
	// Resources are ARM ids whose operations are kept from activity logs, beside
	// every Azure ML workspace's. Name those of workspaces of another type.
	Resources []string
}

// Issue is one thing in the input that could not be used or that limits what
// can be answered. The load went on.
type Issue struct { //nolint:errname // an account entry that also reads as an error
	File string
	Line int64  // 1-based; 0 = the whole file
	Path string // JSON pointer inside the line or file
	Err  error
	Hint string // what to do about it, "" when Err says it
}

// Error is "file:line: path: cause".
func (i *Issue) Error() string {
	var b strings.Builder
	b.WriteString(i.File)
	if i.Line > 0 {
		fmt.Fprintf(&b, ":%d", i.Line)
	}
	if i.Path != "" {
		b.WriteString(": " + i.Path)
	}
	return b.String() + ": " + i.Err.Error()
}

// Unwrap gives the cause.
func (i *Issue) Unwrap() error { return i.Err }

// Count is how many records of a kind a file gave.
type Count struct {
	Kind    string
	Records int
}

// File is the account of one file: every record is in Counts, Bad or Other.
type File struct {
	Name     string
	Expected string  // the kind the file was said to hold, see Loader.Expect; "" = any
	Counts   []Count // by kind name
	Bad      int     // records with an Issue
	Other    int     // records that are nobody's business here: policies, operations outside workspaces
	Issues   []*Issue
}

var (
	errNoKind    = errors.New("no kind of directory record fits")
	errOtherKind = errors.New("not directory data")
)

// Load reads files and folders into a new Directory and seals it. Bad records
// are issues in the files' accounts; the error is a path that cannot be read or
// a named file in which nothing was understood.
func Load(paths []string, opt Options) (*Directory, []File, error) {
	d := New()
	l := NewLoader(d, opt)
	for _, p := range paths {
		if err := l.Path(p); err != nil {
			return nil, l.Files(), err
		}
	}
	return d, l.Finish(), nil
}

// Loader fills a Directory from exports. References between files are resolved
// by Finish, so files may come in any order. It is for one goroutine.
type Loader struct {
	root   *Directory
	opt    Options
	files  []File
	cur    *File
	expect string
	// The batch of the file being read, and all of them by their moment.
	*batch
	batches map[moment]*batch

	requests []Request
	tallies  map[string]*requestTally // by file; see requestFiles
	mappings []*RequestMapping
	events   []mlEvent
	computes []Workspace
	risks    []riskRecord
	levels   []levelRow
	methods  []registration
	seen     map[uint64]bool // operations and audit records seen, to count each once
	firsts   map[uint64]int  // operations of the Activity log -> where in root.Activity
	// wholeHistory holds the files that say that their risk history lacks nothing.
	wholeHistory map[string]bool
	intern       map[string]string
}

// NewLoader loads into d, which must not be sealed yet.
func NewLoader(d *Directory, opt Options) *Loader {
	opt.Resources = slices.Clone(opt.Resources)
	for i, r := range opt.Resources {
		opt.Resources[i] = strings.TrimRight(key(r), "/")
	}
	l := &Loader{root: d, opt: opt, seen: map[uint64]bool{}, firsts: map[uint64]int{}, intern: map[string]string{}, wholeHistory: map[string]bool{}, batches: map[moment]*batch{}}
	l.batch = newBatch(undated, d)
	l.batches[undated] = l.batch
	return l
}

// Path reads a file, or every export below a folder in name order. Inside a
// folder, files that are no directory data become issues; a file named outright
// that nothing fits is an error.
func (l *Loader) Path(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read directory data: %w", err)
	}
	if !info.IsDir() {
		return l.open(path, true)
	}
	found := false
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !exportName(p) {
			return err
		}
		found = true
		return l.open(p, false)
	})
	if err == nil && !found {
		err = fmt.Errorf("folder %q holds no .json, .jsonl, .ndjson or .csv file", path)
	}
	if err != nil {
		return fmt.Errorf("read directory data: %w", err)
	}
	return nil
}

func exportName(p string) bool {
	p = strings.TrimSuffix(strings.ToLower(p), ".gz")
	return slices.Contains([]string{".json", ".jsonl", ".ndjson", ".csv"}, filepath.Ext(p)) &&
		!strings.HasPrefix(filepath.Base(p), ".")
}

func (l *Loader) open(path string, named bool) error {
	f, err := os.Open(path) //nolint:gosec // the user named it
	if err != nil {
		return fmt.Errorf("read directory data: %w", err)
	}
	defer func() { _ = f.Close() }()
	if err := l.Read(path, f); err != nil {
		if named {
			return fmt.Errorf("read %q: %w", path, l.expected(err))
		}
		l.issue(0, "", err, "")
	}
	return nil
}

// Read reads one export: JSON (object, page, array, lines) or CSV, in UTF-8 or
// UTF-16, plain or gzip. The error says why nothing in it was understood; bad
// records are issues.
func (l *Loader) Read(name string, r io.Reader) error {
	l.files = append(l.files, File{Name: name, Expected: l.expect})
	l.cur = &l.files[len(l.files)-1]
	l.batch = l.batchAt(momentOf(name))
	br := bufio.NewReaderSize(r, 1<<16)
	if head, _ := br.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(br)
		if err != nil {
			return fmt.Errorf("open gzip: %w", err)
		}
		br = bufio.NewReaderSize(z, 1<<16)
	}
	br = bufio.NewReaderSize(transform.NewReader(br, unicode.BOMOverride(transform.Nop)), 1<<20)
	head, err := br.Peek(1 << 20)
	if len(bytes.TrimSpace(head)) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return errors.New("the file is empty")
	}
	if c := bytes.TrimLeft(head, " \t\r\n")[0]; c == '{' || c == '[' {
		err = l.readJSON(br, head)
	} else {
		err = l.readCSV(br, head)
	}
	if err != nil && l.cur.understood() > 0 {
		l.issue(0, "", err, "the rest of the file was not read")
		for _, c := range l.cur.Counts {
			l.damage(c.Kind, nil)
		}
		return nil
	}
	return err
}

func (f *File) understood() int {
	n := f.Other
	for _, c := range f.Counts {
		n += c.Records
	}
	return n
}

func (l *Loader) issue(line int64, path string, err error, hint string) {
	l.cur.Issues = append(l.cur.Issues, &Issue{File: l.cur.Name, Line: line, Path: path, Err: l.expected(err), Hint: hint})
}

// take adds one record of a known kind, or counts why not.
func (l *Loader) take(r *record, k *Kind) {
	err := k.add(l, r)
	if err == nil {
		err = r.err
	}
	switch {
	case errors.Is(err, errOtherKind):
		l.cur.Other++
	case err != nil:
		l.cur.Bad++
		l.issue(r.line, r.path, fmt.Errorf("%s: %w", k.Name, err), hintOf(err))
		l.damage(k.Name, r)
	default:
		l.count(k.Name)
	}
}

func (l *Loader) count(kind string) {
	for i := range l.cur.Counts {
		if l.cur.Counts[i].Kind == kind {
			l.cur.Counts[i].Records++
			return
		}
	}
	l.cur.Counts = append(l.cur.Counts, Count{kind, 1})
	slices.SortFunc(l.cur.Counts, func(a, b Count) int { return strings.Compare(a.Kind, b.Kind) })
}

// same keeps one copy of texts that repeat in every record.
func (l *Loader) same(s string) string {
	if t, ok := l.intern[s]; ok {
		return t
	}
	s = strings.Clone(s)
	l.intern[s] = s
	return s
}

// Files is the account of every file so far, in reading order.
func (l *Loader) Files() []File { return l.files }
