package report

import (
	"cmp"
	"fmt"
	"slices"
)

var _ = register(Builder{
	Name: "assumptions", Order: 100, Title: "Assumptions",
	Doc:   "Every constant behind the figures with its low, middle and high value, and where it comes from.",
	Intro: "Every constant can be changed in the configuration. Those without a source are our assumption, and so are the figures that rest on them.",
	Build: buildAssumptions,
})

func buildAssumptions(v *view) []Block {
	t := &Table{Name: "constants", Caption: "Constants", Lines: 40, Columns: []Column{
		{Key: "name", Name: "Name"},
		{Key: "doc", Name: "What it is", Minor: 1},
		{Key: "low", Name: "Low", Unit: UnitPlain},
		{Key: "mid", Name: "Middle", Unit: UnitPlain},
		{Key: "high", Name: "High", Unit: UnitPlain},
		{Key: "unit", Name: "Unit", Minor: 2},
		{Key: "basis", Name: "Basis", Minor: 3},
	}}
	cs := slices.Concat(v.in.Constants, ownConstants)
	slices.SortFunc(cs, func(a, b Constant) int { return cmp.Compare(a.Name, b.Name) })
	for _, c := range cs {
		basis := "assumption"
		if c.Cited {
			basis = c.Source
		} else if c.Source != "" {
			basis = "assumption: " + c.Source
		}
		t.add(text(c.Name), text(c.Doc), number(c.Low), number(c.Mid), number(c.High), text(c.Unit), text(basis)).Muted = !c.Cited
	}
	return []Block{t, &Paragraph{Tone: ToneNote, Line: say(fmt.Sprintf(
		"Cells with fewer than %d people are not ranked. Intervals are a bootstrap over people with a fixed seed, so that the same input gives the same report.", RankFrom))}}
}

// ownConstants are what this package itself decides by.
var ownConstants = []Constant{
	{
		Name: "report.prompt_tolerance", Doc: "change in prompts or blocks that counts as none", Unit: "per person and week",
		Low: promptTolerance, Mid: promptTolerance, High: promptTolerance, Source: "one in twenty weeks",
	},
	{
		Name: "report.risk_tolerance", Doc: "rise of residual risk that still counts as risk kept", Unit: "share of today’s residual risk",
		Low: riskTolerance, Mid: riskTolerance, High: riskTolerance, Source: "below what the risk score can tell apart",
	},
	{
		Name: "report.near_saving", Doc: "how much less a group and workspace may save and still be the one the lead is about", Unit: "share of the largest saving",
		Low: nearSaving, Mid: nearSaving, High: nearSaving, Source: "within the noise of who happened to be prompted",
	},
	{
		Name: "report.register_saving", Doc: "how much less a candidate may save and still be preferred to one for which people must register a method", Unit: "share of the largest saving",
		Low: registerSaving, Mid: registerSaving, High: registerSaving, Source: "registering takes a person longer than a few prompts",
	},
	{
		Name: "report.weak_share", Doc: "share of weakly placed sign-ins from which the lead says so", Unit: "share of sign-ins",
		Low: weakShare, Mid: weakShare, High: weakShare, Source: "one in five",
	},
	{
		Name: "report.risk_floor", Doc: "change in residual risk that counts as none, and is told as none", Unit: "expected hostile sign-ins in the window",
		Low: riskFloor, Mid: riskFloor, High: riskFloor, Source: "far below one event",
	},
}
