package fetch

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// idSource lists the objects that a collection is fetched for, sorted, each once.
type idSource func(r *run, j *journal) ([]string, error)

// objectID is what may become a part of an address. "All" and the like, which
// policies also list, are none.
var objectID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// namedGroups are the groups that policies include or exclude, or all of those
// that the groups part lists with AllGroups.
func namedGroups(r *run, j *journal) ([]string, error) {
	if r.AllGroups && j.head.Part == "groups" {
		return pageIDs(j.filesDir(), j.unit("groups").files, listedID)
	}
	last, ok := r.folder.state.snapshot("policies")
	if !ok {
		return nil, &needError{`the groups that policies name are not known before the part "policies" is fetched; --groups all fetches every group`}
	}
	return snapshotIDs(r, last, "policies-", groupsOfPolicy)
}

// riskyPeople are the users in the last snapshot of risky-users.
func riskyPeople(r *run, _ *journal) ([]string, error) {
	last, ok := r.folder.state.snapshot("risky-users")
	if !ok {
		return nil, &needError{`who has a history is not known before the part "risky-users" is fetched`}
	}
	return snapshotIDs(r, last, "risky-users-", listedID)
}

func snapshotIDs(r *run, last lastState, prefix string, ids func(*listed) []string) ([]string, error) {
	dir := r.folder.at(last.Folder)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the last %s: %w", last.Part, err)
	}
	var files []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			files = append(files, e.Name())
		}
	}
	return pageIDs(dir, files, ids)
}

// listed is what is needed of an object in a page.
type listed struct {
	ID         string `json:"id"`
	Conditions struct {
		Users struct {
			IncludeGroups []string `json:"includeGroups"`
			ExcludeGroups []string `json:"excludeGroups"`
		} `json:"users"`
	} `json:"conditions"`
}

func listedID(l *listed) []string { return []string{l.ID} }

func groupsOfPolicy(l *listed) []string {
	return slices.Concat(l.Conditions.Users.IncludeGroups, l.Conditions.Users.ExcludeGroups)
}

func pageIDs(dir string, files []string, ids func(*listed) []string) ([]string, error) {
	var out []string
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // below the output folder
		if err != nil {
			return nil, err
		}
		var body struct {
			Value []listed `json:"value"`
		}
		if err := json.Unmarshal(data, &body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, fmt.Errorf("read %q: %w", filepath.Join(dir, name), err)
		}
		for i := range body.Value {
			for _, id := range ids(&body.Value[i]) {
				if objectID.MatchString(id) {
					out = append(out, strings.ToLower(id))
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
