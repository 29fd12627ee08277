package policy

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite the tables of docs/policies.md")

const docsPage = "../../docs/policies.md"

// The page's tables are the catalogs.
func TestDocsTable(t *testing.T) {
	var c, p strings.Builder
	c.WriteString("| Condition | Judged by | Unknown when |\n|---|---|---|\n")
	for _, o := range Conditions() {
		fmt.Fprintf(&c, "| `%s` | %s | %s |\n", o.Name, o.Doc, o.Unknown)
	}
	docsTable(t, "conditions", c.String())
	p.WriteString("| Property | | How | What to supply |\n|---|---|---|---|\n")
	for _, o := range Schema() {
		supply := o.Supply
		if supply == "" && o.Support != Supported && o.Support != NotEvaluated {
			supply = "nothing helps"
		}
		fmt.Fprintf(&p, "| `%s` | %s | %s | %s |\n", o.Path, o.Support, o.Doc, supply)
	}
	docsTable(t, "schema", p.String())
}

// docsTable compares, or with -update writes, what stands between two marks of the page.
func docsTable(t *testing.T, name, text string) {
	t.Helper()
	data, err := os.ReadFile(docsPage)
	if err != nil {
		t.Fatal(err)
	}
	old, begin, end := string(data), "<!-- "+name+" -->\n", "<!-- end "+name+" -->"
	i, j := strings.Index(old, begin), strings.Index(old, end)
	if i < 0 || j < 0 {
		t.Fatalf("docs/policies.md has no %s table", name)
	}
	want := old[:i] + begin + text + old[j:]
	if want == old {
		return
	}
	if !*update {
		t.Fatalf("the %s table of docs/policies.md is not the catalog; run go test -update", name)
	}
	if err := os.WriteFile(docsPage, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
