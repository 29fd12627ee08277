package directory

import (
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"frisk/internal/signin"
)

// moment is when something was so: at some instant in [from, to).
type moment struct{ from, to signin.Time }

// forever is after every event: when an export that bears no date was made.
const forever = signin.Time(math.MaxInt64)

var undated = moment{forever, forever}

// folderDate is a folder that holds what was exported at one time: 2026-05-01,
// 20260501, 2026-05-01T12-00-00Z, 2026-05-01_1200. UTC. Dated policies use the
// same names (docs/policies.md).
var folderDate = regexp.MustCompile(`^(\d{4})-?(\d{2})-?(\d{2})(?:[Tt_ -]?(\d{2})[-:.h]?(\d{2})(?:[-:.]?(\d{2})(?:[.,]\d{1,9})?)?)?[Zz]?$`)

// FolderDate reads the date in a folder's name. The export was made at or after
// from and before to: a name without an hour leaves the whole day open. false
// when the name is no date between 2000 and 2100.
func FolderDate(name string) (from, to signin.Time, ok bool) {
	m := folderDate.FindStringSubmatch(name)
	if m == nil {
		return 0, 0, false
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // "" is 0
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	if [6]int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second()} != n {
		return 0, 0, false
	}
	open := signin.Day
	switch {
	case m[6] != "":
		open = signin.Second
	case m[4] != "":
		open = signin.Minute
	}
	from = signin.FromTime(t)
	return from, from + open, from >= signin.Earliest && from < signin.Latest
}

// momentOf is when the export at path was made: the innermost folder of the
// path that is named by a date tells; undated when none is.
func momentOf(path string) moment {
	parts := strings.Split(filepath.ToSlash(filepath.Dir(path)), "/")
	for _, p := range slices.Backward(parts) {
		if from, to, ok := FolderDate(p); ok {
			return moment{from, to}
		}
	}
	return undated
}

func (m moment) String() string {
	switch {
	case m == undated:
		return "no date"
	case m.to-m.from >= signin.Day:
		return m.from.String()[:len("2006-01-02")]
	}
	return fmt.Sprintf("%s to %s", m.from, m.to)
}
