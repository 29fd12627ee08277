package report

import (
	"regexp"
	"slices"
	"testing"
)

var nameRule = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func TestSectionCatalog(t *testing.T) {
	bs := Builders()
	if !slices.IsSortedFunc(bs, func(a, b Builder) int { return a.Order - b.Order }) {
		t.Error("sections are not in order")
	}
	for _, b := range bs {
		if !nameRule.MatchString(b.Name) || b.Doc == "" || b.Title == "" || b.Build == nil {
			t.Errorf("section %q: name, doc, title or builder missing or malformed", b.Name)
		}
		if len(b.Build(newView(sampleInput()))) == 0 {
			t.Errorf("section %q: the sample shows nothing of it", b.Name)
		}
		if got := b.Build(newView(&Input{})); b.Name != "assumptions" && b.Name != "limits" && b.Name != "quality" && len(got) != 0 {
			t.Errorf("section %q: %d blocks without any input", b.Name, len(got))
		}
	}
}

func TestRendererCatalog(t *testing.T) {
	for _, r := range Renderers() {
		if !nameRule.MatchString(r.Name) || r.Doc == "" || r.Ext == "" || r.Render == nil || r.Query == nil {
			t.Errorf("renderer %q is incomplete", r.Name)
		}
		if _, err := RendererFor(r.Name); err != nil {
			t.Error(err)
		}
	}
	if _, err := RendererFor("pdf"); err == nil || err.Error() != `unknown report format "pdf", want one of ["csv" "html" "json" "markdown" "text"]` {
		t.Errorf("RendererFor(pdf) = %v", err)
	}
}

// TestTables holds what every table promises: unique names and keys, rows as
// long as the columns, one kind of number per column, bounds only where the
// column says so.
func TestTables(t *testing.T) {
	names := map[string]bool{}
	for _, table := range Build(sampleInput()).Tables() {
		if !nameRule.MatchString(table.Name) || names[table.Name] || table.Caption == "" {
			t.Errorf("table %q: name malformed or used twice, or no caption", table.Name)
		}
		names[table.Name] = true
		keys := map[string]bool{}
		for i, c := range table.Columns {
			if keys[c.Key] || !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(c.Key) || c.Name == "" {
				t.Errorf("table %q: column %q malformed or twice", table.Name, c.Key)
			}
			keys[c.Key] = true
			if c.Set != "" && c.Source != Candidate {
				t.Errorf("table %q: column %q names a candidate but is %q", table.Name, c.Key, c.Source)
			}
			for _, r := range table.Rows {
				v := r.Cells[i]
				if v.IsNum != c.Unit.Numeric() {
					t.Errorf("table %q: column %q mixes text and numbers: %+v", table.Name, c.Key, v)
				}
				if v.Num.Low != v.Num.High && !c.Ranged {
					t.Errorf("table %q: column %q has bounds it does not announce", table.Name, c.Key)
				}
			}
		}
	}
}
