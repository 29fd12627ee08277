package policy

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite the tables of docs/policies.md")

const docsPage = "../../docs/policies.md"

// The page's condition table is the catalog.
func TestDocsTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("<!-- conditions -->\n| Condition | Judged by | Unknown when |\n|---|---|---|\n")
	for _, c := range Conditions() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Doc, c.Unknown)
	}
	b.WriteString("<!-- end conditions -->")
	data, err := os.ReadFile(docsPage)
	if err != nil {
		t.Fatal(err)
	}
	old := string(data)
	i, j := strings.Index(old, "<!-- conditions -->"), strings.Index(old, "<!-- end conditions -->")
	if i < 0 || j < 0 {
		t.Fatal("docs/policies.md has no condition table")
	}
	want := old[:i] + b.String() + old[j+len("<!-- end conditions -->"):]
	if want == old {
		return
	}
	if !*update {
		t.Fatal("the condition table of docs/policies.md is not the catalog; run go test -update")
	}
	if err := os.WriteFile(docsPage, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Every notice code and every control is explained there.
func TestDocsCodes(t *testing.T) {
	page, err := os.ReadFile(docsPage)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`(?:\.notice|\.add)\("([a-z-]+)", "(?:info|warning|error)"`)
	seen := 0
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(src), -1) {
			seen++
			if !strings.Contains(string(page), "`"+m[1]+"`") {
				t.Errorf("%s: notice code %s is not in docs/policies.md", f, m[1])
			}
		}
	}
	if seen < 20 {
		t.Errorf("found only %d notices in the source", seen)
	}
	for _, c := range controlNames {
		if c != "other" && c != "customAuthenticationFactors" && !strings.Contains(string(page), "`"+c+"`") {
			t.Errorf("control %s is not in docs/policies.md", c)
		}
	}
}
