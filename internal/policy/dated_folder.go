package policy

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// never stands for an instant after every other: when an export without a date
// was made, and the end of a span that never ended.
const never = signin.Time(1) << 62

// shelf is where exports of one tenant stand by date: a folder with a folder
// per date in it. Without a single date it is there for what odd says.
type shelf struct {
	root  string
	looks []look
	odd   []string // folders beside them that look like a date and are none
}

// oddDate is a folder's name somebody may have meant as a date: year, month and
// perhaps day in a row, or day, month and year.
var oddDate = regexp.MustCompile(`^(?:(?:19|20)\d{2}[-_. ]?\d{1,2}(?:[-_. ]?\d{1,2}(?:\D.*)?)?|\d{1,2}[-_. ]\d{1,2}[-_. ](?:19|20)\d{2}(?:\D.*)?)$`)

// notices warn of folders whose names are no date: what they hold counts as the
// newest export, whenever it was made.
func (s *shelf) notices() []Notice {
	var out []Notice
	for _, folder := range s.odd {
		out = append(out, Notice{
			Code: "folder-date", Level: "warning", File: folder,
			Message: fmt.Sprintf("folder %q looks like a date and is none: what it holds counts as the newest export", filepath.Base(folder)),
			Fix:     "name it like 2026-05-01 or 2026-05-01T1200Z (UTC), or move it elsewhere",
		})
	}
	return out
}

// shelves sorts paths into folders by date and everything else. A path is a
// shelf when folders in it are named by date; two or more paths that are
// themselves named by date and stand in one folder are a shelf too. Folders whose
// names only look like dates stay in rest, and a shelf names them.
func shelves(paths []string) (dated []shelf, rest []string, err error) {
	var siblings []shelf
	for _, p := range paths {
		s, beside, err := shelfAt(p)
		if err != nil {
			return nil, nil, err
		}
		if len(s.looks) > 0 {
			dated = append(dated, s)
			rest = append(rest, beside...)
			continue
		}
		if len(s.odd) > 1 { // exports by date, none of which says when
			dated = append(dated, s)
		}
		base := filepath.Base(p)
		at, late, ok := directory.FolderDate(base)
		info, err := os.Stat(p)
		dir := err == nil && info.IsDir()
		if dir && (ok || oddDate.MatchString(base)) {
			root := filepath.Dir(filepath.Clean(p))
			i := slices.IndexFunc(siblings, func(s shelf) bool { return s.root == root })
			if i < 0 {
				i = len(siblings)
				siblings = append(siblings, shelf{root: root})
			}
			if ok {
				siblings[i].looks = append(siblings[i].looks, look{at: at, late: late, folder: p})
				continue
			}
			siblings[i].odd = append(siblings[i].odd, p)
		}
		rest = append(rest, p)
	}
	for _, s := range siblings {
		if len(s.looks) == 1 && len(s.odd) == 0 { // one export, named by its date
			rest = append(rest, s.looks[0].folder)
			continue
		}
		if len(s.looks)+len(s.odd) > 1 {
			dated = append(dated, s)
		}
	}
	for i := range dated {
		if err := dated[i].sort(); err != nil {
			return nil, nil, err
		}
	}
	return dated, rest, nil
}

// shelfAt looks into a folder. beside is what stands next to the folders by
// date, and empty when nothing in it is named by date.
func shelfAt(path string) (s shelf, beside []string, err error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return s, nil, nil //nolint:nilerr // a file, or missing: whoever reads it says so
	}
	s.root = filepath.Clean(path)
	var others []string
	for _, e := range entries {
		full := filepath.Join(path, e.Name())
		if at, late, ok := directory.FolderDate(e.Name()); ok && e.IsDir() {
			s.looks = append(s.looks, look{at: at, late: late, folder: full})
			continue
		}
		if e.IsDir() && oddDate.MatchString(e.Name()) {
			if files, err := jsonFiles(full); err == nil && len(files) > 0 {
				s.odd = append(s.odd, full)
			}
		}
		others = append(others, full)
	}
	if len(s.looks) == 0 {
		return s, nil, nil
	}
	for _, p := range others {
		files, err := jsonFiles(p)
		if err != nil {
			return s, nil, err
		}
		if len(files) > 0 {
			beside = append(beside, p)
		}
	}
	return s, beside, nil
}

func (s *shelf) sort() error {
	slices.SortStableFunc(s.looks, byInstant)
	for i := 1; i < len(s.looks); i++ {
		if a, b := &s.looks[i-1], &s.looks[i]; a.at == b.at && a.late == b.late {
			return fmt.Errorf("folders %q and %q name the same instant: one export per instant", a.folder, b.folder)
		}
	}
	return nil
}

// jsonFiles lists the .json files at and below a path in name order.
func jsonFiles(path string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.EqualFold(filepath.Ext(p), ".json") {
			files = append(files, p)
		}
		return err
	})
	slices.Sort(files)
	return files, err
}
