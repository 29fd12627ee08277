package report

import (
	"cmp"
	"slices"
)

var _ = register(Builder{
	Name: "findings", Order: 65, Title: "Attacks and other findings",
	Doc:   "Findings of every other detector: sprays, guessing, provider risk; what is attack is taken out of friction.",
	Intro: "Traffic called attack here is in none of the friction figures; it is kept as risk.",
	Build: buildFindings,
})

func buildFindings(v *view) []Block {
	raised, suppressed := v.findingsOf(func(d string) bool { return !isTravel(d) && !isException(d) })
	if len(raised) == 0 && len(suppressed) == 0 {
		return nil
	}
	blocks := []Block{detectorTable(raised)}
	blocks = append(blocks, findingBlocks("findings", "All other findings", raised, suppressed, DepthExtra)...)
	return blocks
}

// detectorTable counts findings by detector and severity.
func detectorTable(fs []*Finding) *Table {
	t := &Table{Name: "detectors", Caption: "Findings by detector", Columns: []Column{{Key: "detector", Name: "Detector"}}}
	for _, s := range severities {
		t.Columns = append(t.Columns, Column{Key: s.String(), Name: s.String(), Unit: UnitCount, Source: Recorded})
	}
	t.Columns = append(t.Columns, Column{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded})
	byName := map[string][]*Finding{}
	var names []string
	for _, f := range fs {
		if byName[f.Detector] == nil {
			names = append(names, f.Detector)
		}
		byName[f.Detector] = append(byName[f.Detector], f)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byName[b]), len(byName[a])), cmp.Compare(a, b))
	})
	for _, n := range names {
		cells := []Value{text(n)}
		people := map[string]bool{}
		for _, s := range severities {
			k := 0
			for _, f := range byName[n] {
				if f.Person != "" {
					people[f.Person] = true
				}
				if f.Severity == s {
					k++
				}
			}
			cells = append(cells, count(k))
		}
		t.add(append(cells, count(len(people)))...)
	}
	return t
}
