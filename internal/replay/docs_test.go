package replay

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The page's table of reasons is the catalog; FRISK_UPDATE=1 rewrites it.
func TestDocsReasons(t *testing.T) {
	const page, begin, end = "../../docs/verify.md", "<!-- reasons -->\n", "<!-- end reasons -->"
	var b strings.Builder
	b.WriteString("| Reason | What has happened | What to supply |\n|---|---|---|\n")
	for _, r := range Reasons() {
		cell := strings.NewReplacer("|", "\\|").Replace
		fmt.Fprintf(&b, "| `%s`: %s | %s | %s |\n", r.Code, r.Title, cell(r.Doc), cell(r.Supply))
	}
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	old := string(data)
	i, j := strings.Index(old, begin), strings.Index(old, end)
	if i < 0 || j < 0 {
		t.Fatalf("%s has no table of reasons", page)
	}
	want := old[:i] + begin + b.String() + old[j:]
	if want == old {
		return
	}
	if os.Getenv("FRISK_UPDATE") == "" {
		t.Fatalf("the table of %s is not the catalog; run with FRISK_UPDATE=1", page)
	}
	if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
