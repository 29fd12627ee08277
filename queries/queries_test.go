package queries

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The catalog's own rules; that every statement runs and gives its columns is
// tested where there is a dataset, in internal/analysis.
func TestCatalog(t *testing.T) {
	docs, err := os.ReadFile(filepath.Join("..", "docs", "queries.md"))
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	for _, q := range All() {
		if !name.MatchString(q.Name) || !strings.HasSuffix(q.Doc, ".") {
			t.Errorf("%s: name or doc %q breaks the form", q.Name, q.Doc)
		}
		if !strings.Contains(q.SQL, "ORDER BY") {
			t.Errorf("%s has no order", q.Name)
		}
		for _, p := range q.Params {
			if !strings.Contains(q.SQL, "$"+p.Name) {
				t.Errorf("%s: parameter %s is not used", q.Name, p.Name)
			}
		}
		if !strings.Contains(string(docs), "| `"+q.Name+"` | "+q.Doc+" |") {
			t.Errorf("docs/queries.md lacks %s with its doc", q.Name)
		}
	}
}

func TestParse(t *testing.T) {
	got, err := parse("x", "-- What it says.\n-- columns: a VARCHAR, b BIGINT\n-- params: n INTEGER = 3\nSELECT 1 ORDER BY 1\n")
	want := Query{
		Name: "x", Doc: "What it says.", Columns: []Column{{"a", "VARCHAR"}, {"b", "BIGINT"}},
		Params: []Param{{"n", "INTEGER", "3"}},
		SQL:    "-- What it says.\n-- columns: a VARCHAR, b BIGINT\n-- params: n INTEGER = 3\nSELECT 1 ORDER BY 1\n",
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{"SELECT 1", "-- doc\nSELECT 1", "-- doc\n-- columns: a\nSELECT 1", "-- doc\n-- columns: a INT\n-- params: n\nSELECT 1"} {
		if _, err := parse("x", bad); err == nil {
			t.Errorf("%q parsed", bad)
		}
	}
}
