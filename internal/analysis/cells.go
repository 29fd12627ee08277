package analysis

import (
	"strings"

	"frisk/internal/policytext"
	"frisk/internal/replay"
	"frisk/internal/report"
	"frisk/internal/signin"
)

// addCells turns the tally's summary into the cells of the report.
func (r *Result) addCells(in *report.Input) {
	s := replay.Summarize(r.Tally, replay.SummaryOptions{Requests: r.requestsByCell(), Constants: r.constants.seconds})
	environments := map[string]string{}
	for _, w := range r.around.dir.Workspaces {
		environments[w.Name] = w.Environment
	}
	unknown := unknownShares(s)
	causes := map[replay.Cell][]replay.Cause{}
	for _, c := range r.Tally.Causes {
		causes[c.Cell] = append(causes[c.Cell], c)
	}
	for i := range s.Cells {
		c := r.cell(&s.Cells[i], causes[s.Cells[i].Cell])
		c.Environment = environments[c.Workspace]
		c.Excluded, c.Perhaps = r.excludedFigures(&s.Cells[i].Excluded, s.Weeks), s.Cells[i].Perhaps
		c.Placed = placed(&s.Cells[i], unknown)
		if c.People == 0 && c.Excluded.People > 0 {
			nobodyMeasured(&c)
		}
		if s.Cells[i].Cell == (replay.Cell{}) {
			in.Total, in.People = c, c.People+c.Excluded.People
			if r.around.baseline > 0 && len(s.Cells[i].Sets) > 0 {
				in.InForce = &report.InForce{Changes: r.around.versionsWithin(r.from, r.until), Total: replayed(&s.Cells[i].Sets[0])}
			}
			continue
		}
		in.Cells = append(in.Cells, c)
	}
	in.Constants = r.reportConstants()
	in.Rollups = r.rollups(s)
}

func (r *Result) cell(s *replay.CellSummary, causes []replay.Cause) report.Cell {
	rec := &s.Recorded
	c := report.Cell{
		Group: r.groupName(s.Cell.Group), Workspace: s.Cell.Workspace, People: s.People,
		Pseudo: s.Cell.Workspace == replay.UnknownWorkspace || s.Cell.Workspace == replay.OtherWork,
		Recorded: report.RecordedFigures{
			SignIns: rec.Sum.SignIns, Prompts: report.Exact(rec.Prompts), Asked: report.Exact(rec.Asked),
			Interval: interval(rec.Interval), Blocks: report.Exact(rec.Blocks),
			FactorEntries: rec.Sum.FactorEntries, FailedFactors: rec.Sum.FailedFactors, Broken: rec.Sum.Broken,
			Frequency: rec.Sum.Frequency, NeverPrompted: report.Exact(rec.NeverPrompted), WorstDecile: report.Exact(rec.WorstDecile),
			Blocked: rec.Blocked, Seconds: report.Between(rec.Seconds.Low, rec.Seconds.High), SecondsMid: rec.Seconds.Mid,
			Attack: rec.Sum.Attack, Legacy: rec.Sum.Legacy, NoRecord: rec.Sum.NoRecord,
		},
	}
	if !r.factorsRecorded() {
		c.Recorded.Prompts, c.Recorded.Asked, c.Recorded.Interval = report.Range{}, report.Range{}, report.Range{}
		c.Recorded.NeverPrompted, c.Recorded.WorstDecile, c.Recorded.Seconds = report.Range{}, report.Range{}, report.Range{}
	}
	if len(s.Sets) > 0 {
		for _, n := range r.around.reportSets() {
			c.Sets = append(c.Sets, replayed(&s.Sets[n]))
		}
	}
	if len(s.Sets) == 0 {
		return c
	}
	total := s.Sets[0].Sum.Prompts
	for _, cause := range causes {
		share := report.Range{}
		if total.Low > 0 && total.High > 0 {
			share = report.Between(min(1, cause.Prompts.Low/total.Low), min(1, cause.Prompts.High/total.High))
		}
		c.Causes = append(c.Causes, report.Cause{
			Policy: r.Tally.Sets[0].Policies[cause.Policy].Name, Clause: r.clauseWords(&cause), Share: share, Attacks: cause.Attacks,
		})
	}
	return c
}

// factorsRecorded reports whether the log says which factors were given: with
// an export that lacks authentication steps, no prompts is not zero prompts.
func (r *Result) factorsRecorded() bool {
	for i := range r.Tally.People {
		if r.Tally.People[i].Recorded.FactorEntries > 0 {
			return true
		}
	}
	return false
}

// clauseWords says what in a policy asks.
func (r *Result) clauseWords(c *replay.Cause) string {
	p := r.around.engines[0].Set().Policies[c.Policy]
	if c.Clause == replay.ClauseFrequency {
		for _, w := range p.Session.Words() {
			return w
		}
	}
	return policytext.Grant(p.Grant)
}

func replayed(s *replay.SetSummary) report.ReplayedFigures {
	return report.ReplayedFigures{
		Prompts: between(s.Prompts), Interval: interval(s.Interval), Blocks: between(s.Blocks), Broken: between(s.Sum.Broken),
		Seconds: report.Between(s.Seconds.Low, s.Seconds.High), SecondsMid: s.Seconds.Mid,
		Risk: s.Sum.Risk, Residual: between(s.Sum.Residual), Attacks: s.Sum.Attacks, AttacksThrough: between(s.Sum.AttacksThrough),
		Unknown: report.Exact(s.Unknown), Uncovered: report.Exact(s.Uncovered),
	}
}

func between(b replay.Bounds) report.Range { return report.Between(b.Low, b.High) }

func interval(i replay.Interval) report.Range {
	if !i.OK {
		return report.Range{}
	}
	return report.Between(i.Low, i.High)
}

// requestsByCell counts exception requests per group and over everybody, but for
// those of excluded people. A request is about a policy, not about a workspace.
func (r *Result) requestsByCell() map[replay.Cell]float64 {
	out := map[replay.Cell]float64{}
	apart := map[string]bool{} // whose friction is kept apart, requests too
	for who := range r.Tally.ExcludedPeople() {
		_, _, id := splitPerson(who)
		apart[strings.ToLower(id)] = true
	}
	for i := range r.around.dir.Requests {
		q := &r.around.dir.Requests[i]
		if q.Review || q.Created < r.from || q.Created > r.until || apart[strings.ToLower(q.Beneficiary)] {
			continue
		}
		out[replay.Cell{}]++
		for _, g := range r.Tally.Groups {
			if r.around.dir.Member(q.Beneficiary, g, q.Created) == signin.True {
				out[replay.Cell{Group: g}]++
			}
		}
	}
	return out
}

// reportConstants lists the numbers the figures rest on.
func (r *Result) reportConstants() []report.Constant {
	var out []report.Constant
	for _, c := range r.constants.seconds {
		out = append(out, report.Constant{
			Name: c.Name, Doc: c.Doc, Unit: c.Unit, Low: c.Low, Mid: c.Mid, High: c.High, Source: basis(c.Origin), Cited: c.Cited,
		})
	}
	for _, p := range passControls {
		for _, e := range r.constants.pass {
			if e.Control == p.control {
				out = append(out, report.Constant{
					Name: passPrefix + e.Control, Doc: p.doc, Unit: "share of hostile sign-ins",
					Low: e.Low, Mid: e.Mid, High: e.High, Source: basis(e.Origin), Cited: !strings.HasPrefix(e.Origin, assumed),
				})
			}
		}
	}
	return out
}

// assumed begins the origin of a constant that is no citation; the report has
// its own word for it.
const assumed = "assumption"

func basis(origin string) string {
	return strings.TrimPrefix(origin, assumed+": ")
}

var passControls = []struct{ control, doc string }{
	{"none", "what gets past when nothing is demanded"},
	{"mfa", "what gets past a second factor"},
	{"phishingResistant", "what gets past a phishing-resistant factor"},
	{"compliantDevice", "what gets past a compliant device"},
	{"domainJoinedDevice", "what gets past a hybrid joined device"},
	{"signInFrequency", "what gets past being asked again"},
	{"block", "what gets past a block"},
}
