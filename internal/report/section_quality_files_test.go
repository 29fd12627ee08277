package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fileRows is the table of files, a row per line.
func fileRows(sources []SourceFile) []string {
	t := fileTable(&Quality{Sources: sources})
	var out []string
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r.Cells {
			if c.IsNum {
				cells = append(cells, whole(c.Num.Low))
				continue
			}
			cells = append(cells, c.Text)
		}
		out = append(out, strings.Join(cells, "|"))
	}
	return out
}

// TestFileTable: refused files do not drown the others, and the column of what
// was left out stands only where something was.
func TestFileTable(t *testing.T) {
	read := SourceFile{Name: "a.jsonl", Format: "okta-system-log", Read: 10, Kept: 4, Superseded: 3, Duplicate: 2, Other: 1}
	cut := SourceFile{Name: "b.gz", Format: "entra-graph", Read: 2, Kept: 2, Problem: "unexpected EOF"}
	refused := func(n int) (out []SourceFile) {
		for i := range n {
			out = append(out, SourceFile{Name: fmt.Sprintf("logs/%d.txt", i), Problem: "no format fits"})
		}
		return out
	}
	tests := []struct {
		name string
		give []SourceFile
		want []string
	}{
		{"plain", []SourceFile{read, cut}, []string{"a.jsonl|okta-system-log|10|4|2|3|0|1|", "b.gz|entra-graph|2|2|0|0|0|0|unexpected EOF"}},
		{"few refused", refused(2), []string{"logs/0.txt|refused|0|0|0|0|0|0|no format fits", "logs/1.txt|refused|0|0|0|0|0|0|no format fits"}},
		{"many refused", append(refused(60), read), []string{
			"a.jsonl|okta-system-log|10|4|2|3|0|1|",
			"60 files|refused|0|0|0|0|0|0|0.txt, 1.txt, 2.txt and 57 more; see analyze status --files",
		}},
		{"outside", []SourceFile{{Name: "a", Format: "f", Read: 9, Kept: 2, Outside: 7}}, []string{"a|f|9|2|0|0|0|0|7|"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, fileRows(tt.give)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}
