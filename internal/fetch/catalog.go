package fetch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Part is one thing that can be fetched, refused or left out on its own. To add
// one, write a file that registers it.
type Part struct {
	Name  string
	Group string // selects several parts by one name: signins, audit, directory, risk
	Doc   string // one sentence for help texts
	// Permissions are the least privileged Graph permissions that suffice, the
	// same as application and as delegated permission; all of them are needed.
	Permissions []string
	// Needs says what else the tenant or the person signed in must have, "" when nothing.
	Needs string
	// Source is the Graph reference page that says so, below learn.microsoft.com/graph/.
	Source string
	// Optional parts are fetched only when named.
	Optional bool
	// Folder is where its files go, below the output folder.
	Folder string
	// Time is the property by which a log is cut into slices; "" for a snapshot,
	// which goes into a folder named by its date.
	Time string

	limit       limit
	collections []collection
	// own gives the snapshot folder of the part itself to the part: policies/DATE
	// and not directory/DATE/users.
	own bool
}

// collection is one Graph collection of a part, or one per id.
type collection struct {
	name  string // how its files are called
	path  string // below the host, version first; {id} stands for each id
	query []param
	// ids names where {id} comes from; nil for a plain collection.
	ids idSource
	// single is an object, not a page of them.
	single bool
	when   func(o *Options) bool // nil means always
}

// param is one OData query parameter.
type param struct{ key, value string }

// limit is a class of requests that Graph throttles together:
// learn.microsoft.com/graph/throttling-limits.
type limit int

const (
	limitDirectory  limit = iota // 3500 units in 10 s and more: no pace needed
	limitReports                 // 5 requests in 10 s for an application in a tenant
	limitProtection              // 1 request in 1 s for a tenant
	numLimits
)

// pace is the time between two requests that keeps within the limit.
var pace = [numLimits]time.Duration{limitReports: 2 * time.Second, limitProtection: time.Second}

var parts []Part

// register puts a part into the catalog. It panics when the name is taken.
func register(p Part) struct{} {
	for _, other := range parts {
		if other.Name == p.Name || other.Name == p.Group || other.Group == p.Name {
			panic("fetch: part " + p.Name + " registered twice")
		}
	}
	parts = append(parts, p)
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
	return struct{}{}
}

// Parts lists what can be fetched, by name.
func Parts() []Part { return slices.Clone(parts) }

// Select picks parts by the names of parts and groups: only, or without it every
// part that is not optional; then with in addition; then without skip. The order
// is that of fetching: what others depend on comes first. A name that is neither
// is an error that lists the names.
func Select(only, with, skip []string) ([]Part, error) {
	for _, name := range slices.Concat(only, with, skip) {
		if !slices.ContainsFunc(parts, func(p Part) bool { return p.is(name) }) {
			return nil, fmt.Errorf("unknown part %q, want one of %s", name, strings.Join(partNames(), ", "))
		}
	}
	named := func(p Part, in []string) bool { return slices.ContainsFunc(in, p.is) }
	var out []Part
	for _, p := range parts {
		// A group's name takes its ordinary parts, an optional one must be named itself.
		take := !p.Optional
		if len(only) > 0 {
			take = slices.Contains(only, p.Name) || !p.Optional && named(p, only)
		}
		if (take || named(p, with)) && !named(p, skip) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Part) int { return cmp.Compare(a.turn(), b.turn()) })
	return out, nil
}

func (p Part) is(name string) bool { return p.Name == name || p.Group == name }

// turn is when a part is fetched: first what is quick and others need, then what
// needs it, then the logs, which may take hours.
func (p Part) turn() int {
	switch {
	case p.Time != "":
		return 2
	case slices.ContainsFunc(p.collections, func(c collection) bool { return c.ids != nil }):
		return 1
	}
	return 0
}

func partNames() []string {
	var out []string
	for _, p := range parts {
		for _, n := range []string{p.Name, p.Group} {
			if n != "" && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	slices.Sort(out)
	return out
}
