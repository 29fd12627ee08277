package directory

import (
	"cmp"
	"slices"
	"strings"
)

// RequestFile is the account of the requests of one file: every row is in Used
// or Left.
type RequestFile struct {
	Name    string
	Systems []string // where its requests were made, by name
	Rows    int
	Used    int
	Left    []LeftOut // most frequent first
	// Unread are columns with a value that say nothing known, by name as normalised;
	// a mapping file can name them.
	Unread []string
}

// LeftOut counts rows left out for one reason.
type LeftOut struct {
	Reason string
	N      int
}

// The reasons for which a row of requests becomes no Request.
const (
	leftBad        = "could not be read (each is named with file and line)"
	leftWithdrawal = "gives access back, or checks only: no request"
	leftTwice      = "exported twice"
	leftUnreviewed = "review without a decision"
	leftNobody     = "consent asked for by nobody named"
	leftOnly       = "not of the kind the mapping asks for"
)

// requestTally is a RequestFile while it is filled.
type requestTally struct {
	rows, used      int
	systems, unread map[string]bool
	left            map[string]int
}

func (l *Loader) requestTally(file string) *requestTally {
	t := l.tallies[file]
	if t == nil {
		t = &requestTally{systems: map[string]bool{}, unread: map[string]bool{}, left: map[string]int{}}
		if l.tallies == nil {
			l.tallies = map[string]*requestTally{}
		}
		l.tallies[file] = t
	}
	return t
}

// leave counts a row that becomes no request.
func (l *Loader) leave(reason string) {
	t := l.requestTally(l.cur.Name)
	t.rows++
	t.left[reason]++
}

// requestFiles lists the accounts, in reading order.
func (l *Loader) requestFiles() []RequestFile {
	var out []RequestFile
	for i := range l.files {
		t := l.tallies[l.files[i].Name]
		if t == nil || slices.ContainsFunc(out, func(f RequestFile) bool { return f.Name == l.files[i].Name }) {
			continue
		}
		f := RequestFile{Name: l.files[i].Name, Systems: sortedKeys(t.systems), Rows: t.rows, Used: t.used, Unread: sortedKeys(t.unread)}
		for _, r := range sortedKeys(t.left) {
			f.Left = append(f.Left, LeftOut{r, t.left[r]})
		}
		slices.SortStableFunc(f.Left, func(a, b LeftOut) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Reason, b.Reason)) })
		out = append(out, f)
	}
	return out
}
