package lint

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// docs/policy-check.md lists every rule as the registry has it. FRISK_UPDATE=1
// writes the list.
func TestDocumentedRules(t *testing.T) {
	const file, from, to = "../../docs/policy-check.md", "<!-- rules -->\n", "<!-- end rules -->"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), from)
	have, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("%s has no %s and %s", file, strings.TrimSpace(from), to)
	}
	want := table()
	if have == want {
		return
	}
	if os.Getenv("FRISK_UPDATE") == "" {
		t.Fatalf("%s does not list the rules as they are; FRISK_UPDATE=1 go test ./internal/lint -run TestDocumentedRules writes:\n%s", file, want)
	}
	if err := os.WriteFile(file, []byte(before+from+want+to+after), 0o600); err != nil {
		t.Fatal(err)
	}
}

func table() string {
	var b strings.Builder
	b.WriteString("| Code | Level | Means | Fix | Source |\n|---|---|---|---|---|\n")
	cell := func(s string) string { return strings.NewReplacer("|", "\\|", "<", "\\<").Replace(s) }
	for _, r := range rules {
		fix := r.Fix
		if fix == "" {
			fix = "each notice says it"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.Code, r.Level, cell(r.Doc), cell(fix), cell(r.Source))
	}
	return b.String()
}
