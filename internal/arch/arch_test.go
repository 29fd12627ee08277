// Package arch has no code. Its test fixes who may import whom, so that the
// design's layering (docs/architecture.md) cannot erode one import at a time.
package arch

import (
	"go/build"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "frisk/"

// mayImport lists, per package of ours, the packages of ours it may import.
var mayImport = map[string][]string{
	"internal/signin":     {},
	"queries":             {},
	"internal/geo":        {"internal/signin"},
	"internal/ingest":     {"internal/signin", "internal/ingest/*"},
	"internal/ingest/*":   {"internal/signin"},
	"internal/dataset":    {"internal/signin", "internal/flock"},
	"internal/blobstore":  {"internal/ingest"},
	"internal/flock":      {},
	"internal/fetch":      {"internal/flock"},
	"internal/fetch/*":    {}, // graphtest: a local Graph for tests
	"internal/synth":      {"internal/signin"},
	"internal/rarity":     {},
	"internal/rba":        {"internal/rarity"},
	"internal/directory":  {"internal/signin"},
	"internal/duck":       {"queries"},
	"internal/policy":     {"internal/signin", "internal/directory"},
	"internal/policytext": {"internal/signin", "internal/directory", "internal/policy"},
	"internal/policycmp":  {"internal/signin", "internal/directory", "internal/policy"},
	"internal/lint":       {"internal/signin", "internal/directory", "internal/policy", "internal/policytext", "internal/policycmp"},
	"internal/policydiff": {"internal/signin", "internal/directory", "internal/policy", "internal/policytext", "internal/policycmp"},
	"internal/risk":       {"internal/signin", "internal/directory", "internal/rarity"},
	"internal/scoreboard": {"internal/signin", "internal/synth", "internal/risk"},
	"internal/replay":     {"internal/signin", "internal/directory", "internal/policy", "internal/policycmp", "internal/risk"},
	"internal/workaround": {"internal/signin", "internal/policy", "internal/risk"},
	"internal/exceptions": {"internal/signin", "internal/directory", "internal/risk"},
	"internal/report":     {"internal/signin", "internal/risk"},
	"internal/analysis": {
		"internal/signin", "internal/ingest", "internal/geo", "internal/dataset", "internal/directory", "internal/duck",
		"internal/policy", "internal/policytext", "internal/lint", "internal/policydiff", "internal/risk", "internal/replay",
		"internal/report", "internal/synth", "internal/blobstore", "internal/workaround", "internal/exceptions", "queries",
	},
	"cmd/analyze": {
		"internal/analysis", "internal/report", "internal/policy", "internal/policytext", "internal/lint", "internal/policydiff",
		"internal/ingest", "internal/directory", "internal/replay", "internal/risk", "internal/scoreboard", "internal/signin", "internal/synth", "internal/fetch", "internal/exceptions", "internal/rba", "internal/workaround", "queries",
	},
	"internal/arch":               {},
	"internal/policy/conformance": {}, // tests alone
	"bench/peers":                 {"internal/policy", "internal/signin", "internal/synth", "internal/ingest", "internal/directory"},
}

// onlyIn lists the dependencies that may be imported in one place only, by import path prefix.
var onlyIn = map[string][]string{
	"github.com/oschwald/":            {"internal/geo"},
	"github.com/parquet-go/":          {"internal/dataset", "internal/ingest/parquetjson"},
	"github.com/duckdb/":              {"internal/duck"},
	"database/sql":                    {"internal/duck"},
	"html/template":                   {"internal/report"},
	"gocloud.dev/":                    {"internal/blobstore"},
	"github.com/Azure/":               {"internal/fetch", "internal/blobstore"},
	"github.com/spf13/":               {"cmd/analyze"},
	"github.com/schollz/progressbar/": {"cmd/analyze"},
	"log/slog":                        {"internal/analysis", "cmd/analyze"},
}

// standardOnly are packages that import nothing but the standard library and us.
var standardOnly = []string{"internal/signin", "queries", "internal/synth"}

func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	packages := 0
	err := filepath.WalkDir(root, func(dir string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if name := d.Name(); name == "testdata" || (strings.HasPrefix(name, ".") && dir != root) {
			return filepath.SkipDir
		}
		p, err := build.ImportDir(dir, 0)
		if err != nil {
			return nil //nolint:nilerr // a folder without Go files is not a package
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		packages++
		check(t, filepath.ToSlash(rel), p.Imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if packages < 3 {
		t.Fatalf("found %d packages: the test looks in the wrong place", packages)
	}
}

func check(t *testing.T, pkg string, imports []string) {
	t.Helper()
	allowed, ok := lookup(pkg)
	if !ok {
		t.Errorf("%s: unknown package, add it to mayImport", pkg)
		return
	}
	for _, imp := range imports {
		if ours, ok := strings.CutPrefix(imp, module); ok {
			if !slices.ContainsFunc(allowed, func(a string) bool { m, _ := path.Match(a, ours); return m }) {
				t.Errorf("%s must not import %s", pkg, imp)
			}
			continue
		}
		if slices.Contains(standardOnly, pkg) && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
			t.Errorf("%s must import the standard library only, not %s", pkg, imp)
		}
		for dep, where := range onlyIn {
			if (imp == dep || strings.HasPrefix(imp, dep)) && strings.HasPrefix(pkg, "internal") && !slices.Contains(where, pkg) {
				t.Errorf("%s must not import %s: only %v may", pkg, imp, where)
			}
		}
		if imp == "log" || imp == "testing" {
			t.Errorf("%s must not import %s", pkg, imp)
		}
	}
}

func lookup(pkg string) ([]string, bool) {
	if a, ok := mayImport[pkg]; ok {
		return a, true
	}
	for pattern, a := range mayImport {
		if m, _ := path.Match(pattern, pkg); m {
			return a, true
		}
	}
	return nil, false
}
