package analysis

import (
	"frisk/internal/directory"
	"frisk/internal/replay"
	"frisk/internal/report"
)

// excludedFigures shows the people of a cell whom an exclusion spared.
func (r *Result) excludedFigures(e *replay.ExcludedSummary, weeks float64) report.ExcludedFigures {
	out := report.ExcludedFigures{People: e.People, Partly: e.Partly, SignIns: e.Recorded.SignIns, Spared: e.Spared}
	if e.People == 0 {
		return out
	}
	per := 1 / (float64(e.People) * weeks)
	if r.factorsRecorded() {
		out.Prompts = report.Exact(e.Recorded.Prompts * per)
	}
	if len(e.Sets) > 0 { // as there are people
		for _, n := range r.around.reportSets() {
			o := &e.Sets[n]
			out.Sets = append(out.Sets, report.ExcludedSet{Prompts: between(o.Prompts).Times(per), Blocks: between(o.Blocks).Times(per)})
		}
	}
	return out
}

// nobodyMeasured makes the friction of a cell unknown in which an exclusion spares
// everybody: no prompts of nobody are not zero prompts.
func nobodyMeasured(c *report.Cell) {
	none := report.Range{}
	rec := &c.Recorded
	rec.Prompts, rec.Asked, rec.Interval, rec.Blocks, rec.NeverPrompted, rec.WorstDecile, rec.Seconds = none, none, none, none, none, none, none
	for i := range c.Sets {
		s := &c.Sets[i]
		s.Prompts, s.Interval, s.Blocks, s.Broken, s.Seconds = none, none, none, none, none
	}
}

// unknownShares is, by group, the share of its sign-ins to workspaces of which it
// cannot be told to which; a group without any is not in it.
func unknownShares(s *replay.Summary) map[string]report.Range {
	unknown, all := map[string]float64{}, map[string]float64{}
	for i := range s.Cells {
		c := &s.Cells[i]
		if c.Cell.Workspace == "" || c.Cell.Workspace == replay.OtherWork {
			continue
		}
		for _, x := range c.Tiers {
			all[c.Cell.Group] += x
			if c.Cell.Workspace == replay.UnknownWorkspace {
				unknown[c.Cell.Group] += x
			}
		}
	}
	out := map[string]report.Range{}
	for g, n := range all {
		if n > 0 {
			out[g] = report.Exact(unknown[g] / n)
		}
	}
	return out
}

// placed is how the sign-ins of a workspace's cell came to be there; nothing for
// other columns.
func placed(s *replay.CellSummary, unknown map[string]report.Range) report.Placed {
	var out report.Placed
	if s.Cell.Workspace == "" || s.Cell.Workspace == replay.OtherWork || s.Cell.Workspace == replay.UnknownWorkspace {
		return out
	}
	total := 0.0
	for _, x := range s.Tiers {
		total += x
	}
	if total == 0 {
		return out
	}
	for t := directory.TierExact; t > directory.TierNone; t-- {
		out.Tiers = append(out.Tiers, report.Share{Name: t.String(), Share: s.Tiers[t] / total})
	}
	out.Unknown = unknown[s.Cell.Group]
	return out
}
