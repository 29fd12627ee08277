package report

import "strings"

var _ = register(Builder{
	Name: "travel", Order: 60, Title: "Impossible travel",
	Doc:   "Findings of the travel detectors with the two sign-ins, the three numbers and the reasons.",
	Intro: "A finding needs a distance that cannot be covered even by the most favourable reading: the shortest distance the two positions allow, against the longest time between them.",
	Build: buildTravel,
})

func isTravel(detector string) bool { return strings.Contains(detector, "travel") }

func buildTravel(v *view) []Block {
	raised, suppressed := v.findingsOf(isTravel)
	return findingBlocks("travel", "All travel findings", raised, suppressed, DepthFolded)
}

// findingBlocks shows the first findings as cards, all of them as a table, and
// what was held back.
func findingBlocks(name, caption string, raised, suppressed []*Finding, depth Depth) []Block {
	var blocks []Block
	if len(raised) > 0 {
		blocks = append(blocks, evidence(name, raised))
		if len(raised) > 1 {
			t := findingTable(name, caption, raised)
			if len(raised) <= textCards {
				t.Depth = DepthExtra // the cards show them all
			}
			blocks = append(blocks, t)
		}
	}
	if t := suppressedTable(name+"-suppressed", suppressed); t != nil {
		if len(raised) == 0 {
			blocks = append(blocks, &Paragraph{Line: say("Nothing was raised.")})
		}
		list := suppressedList(name+"-suppressed-list", suppressed)
		list.Depth = depth
		blocks = append(blocks, t, list)
	}
	return blocks
}
