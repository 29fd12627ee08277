package dataset

import (
	"os"
	"strings"
	"testing"
)

// The page for users names every column, in the order on disk.
func TestDocsNameEveryColumn(t *testing.T) {
	b, err := os.ReadFile("../../docs/dataset.md")
	if err != nil {
		t.Fatal(err)
	}
	_, doc, ok := strings.Cut(string(b), "## Columns")
	if !ok {
		t.Fatal("no section Columns")
	}
	at := 0
	for i := range columns {
		c := &columns[i]
		if strings.HasSuffix(c.name, textSuffix) && c.kind == colIDText || c.kind == colID {
			if !strings.Contains(doc, "`"+c.name+"`") {
				t.Errorf("column %q is not in the page", c.name)
			}
			continue
		}
		n := strings.Index(doc[at:], "`"+c.name+"`")
		if n < 0 {
			t.Errorf("column %q is not in the page, or not in its order", c.name)
			continue
		}
		at += n
	}
}
