package report

import (
	"cmp"
	"slices"
)

// verifyBlocks are the answer of analyze verify: how much agrees, by policy and
// group of conditions, why the rest does not, and what to supply.
func verifyBlocks(y *Verify, in *Input) []Block {
	blocks := []Block{&Paragraph{Line: verifyLine(y)}}
	for _, p := range y.Problems {
		blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say(p)})
	}
	if t := promptTable(in.Prompted); t != nil {
		blocks = append(blocks, t)
	}
	if t := basisTable(y); t != nil {
		blocks = append(blocks, t)
	}
	if t := policyAgreements(y); len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	blocks = append(blocks, reasonBlocks(y.Reasons)...)
	if t := confusionTable(y.Confusion); len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	if t := learnedTable(y); t != nil {
		blocks = append(blocks, t)
	}
	return blocks
}

// verifyLine is the figure with its denominator: first where a policy applied,
// for that a policy does not apply is easy to agree on, and most evaluations say so.
func verifyLine(y *Verify) Line {
	r, a := y.Result, y.Applied
	if r.all() == 0 {
		return say("The log carries no result of these policies that could be compared.")
	}
	if r.told() == 0 {
		return say("Of " + wholeOf(float64(r.all()), "recorded result", "recorded results") + " none could be compared: each hangs on a fact that was not given.")
	}
	var l Line
	if a.told() > 0 {
		l = say("Where a policy applied, the replay gives the recorded result in ", strong(agreementText(a)),
			" of "+wholeOf(float64(a.told()), "evaluation", "evaluations")+" and differs in "+noneOrWhole(a.Disagree))
		if n := y.loose(); n > 0 {
			l = append(l, say("; "+whole(float64(n))+" ("+pct(Exact(float64(n)/float64(a.told())))+") agree only because either result fits")...)
		}
		if b := y.Judged; b.told() > 0 && agreementText(b) != agreementText(a) {
			l = append(l, say(". Without what came before a policy’s last edit had taken effect it is "+agreementText(b)+" of "+whole(float64(b.told())))...)
		}
		l = append(l, say(". Over all "+whole(float64(r.told()))+" evaluations, most of which only say that a policy did not apply or is off, it is "+
			agreementText(r)+", differing in "+noneOrWhole(r.Disagree))...)
	} else {
		l = say("No policy applied, for the log or for the replay. The replay gives the recorded result in ", strong(agreementText(r)),
			" of "+wholeOf(float64(r.told()), "evaluation", "evaluations")+" and differs in "+noneOrWhole(r.Disagree))
	}
	if r.Unknown > 0 {
		l = append(l, say("; another "+whole(float64(r.Unknown))+" could not be told")...)
	}
	if y.Attacks > 0 {
		l = append(l, say(". "+upperFirst(wholeOf(float64(y.Attacks), "sign-in", "sign-ins"))+" put down to attacks "+verb(int(y.Attacks), "is", "are")+" left out")...)
	}
	if y.Plain {
		l = append(l, say(". This is without the facts that the log itself proved (below), which the rest of the report uses: agreement with one’s own evidence would prove nothing")...)
	}
	return append(l, say(".")...)
}

func noneOrWhole(n int64) string {
	if n == 0 {
		return "none"
	}
	return whole(float64(n))
}

// basisTable says what the agreement rests on where a policy applied; nil where one
// thing is all there is to say.
func basisTable(y *Verify) *Table {
	bs := slices.Clone(y.Basis)
	if len(bs) == 0 || len(bs) == 1 && !bs[0].Loose {
		return nil
	}
	slices.SortStableFunc(bs, func(a, b Basis) int { return cmp.Compare(b.N, a.N) })
	t := &Table{Name: "fidelity-basis", Caption: "What the agreement rests on, where a policy applied", Columns: []Column{
		{Key: "basis", Name: "The recorded result agrees because"},
		{Key: "proves", Name: "Proves"},
		{Key: "evaluations", Name: "Evaluations", Unit: UnitCount, Source: Recorded},
		{Key: "share", Name: "Share", Unit: UnitPercent, Source: Recorded},
	}}
	for _, b := range bs {
		t.add(text(b.Words), text(b.Proves), count(b.N), share(b.N, y.Applied.Agree))
	}
	return t
}

func agreementText(a Agreement) string {
	return pct(Exact(float64(a.Agree) / float64(a.told())))
}

func policyAgreements(y *Verify) *Table {
	t := &Table{Name: "fidelity", Caption: "Agreement per policy, and per group of conditions in the order Entra tests them; least agreement first", Columns: []Column{
		{Key: "policy", Name: "Policy"},
		{Key: "applied", Name: "Applied", Unit: UnitCount, Source: Recorded},
		{Key: "agree", Name: "Agree", Unit: UnitPercent, Source: Replayed},
		{Key: "either", Name: "Either fits", Unit: UnitPercent, Source: Replayed},
		{Key: "differ", Name: "Differ", Unit: UnitCount, Source: Replayed},
		{Key: "compared", Name: "All compared", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "result", Name: "Agree of all", Unit: UnitPercent, Source: Replayed, Minor: 1},
		{Key: "application", Name: "Application", Unit: UnitPercent, Source: Replayed, Minor: 2},
		{Key: "users", Name: "Users", Unit: UnitPercent, Source: Replayed, Minor: 2},
		{Key: "rest", Name: "Other conditions", Unit: UnitPercent, Source: Replayed, Minor: 2},
		{Key: "mask", Name: "Full mask", Unit: UnitPercent, Source: Replayed},
		{Key: "open", Name: "Not told", Unit: UnitCount, Source: Replayed},
		{Key: "edited", Name: "Before an edit", Unit: UnitCount, Source: Recorded, Minor: 3},
	}}
	ps := slices.Clone(y.Policies)
	// What differs comes first, then what could not be told, then what never applied.
	rate := func(a Agreement) float64 {
		if a.told() == 0 {
			return 2
		}
		return float64(a.Agree) / float64(a.told())
	}
	slices.SortFunc(ps, func(a, b PolicyAgreement) int {
		return cmp.Or(cmp.Compare(rate(a.Applied), rate(b.Applied)), cmp.Compare(rate(a.Result), rate(b.Result)), cmp.Compare(rate(a.Mask), rate(b.Mask)),
			cmp.Compare(b.Result.Unknown, a.Result.Unknown), cmp.Compare(b.Loose, a.Loose), cmp.Compare(b.Applied.all(), a.Applied.all()), cmp.Compare(a.Policy, b.Policy))
	})
	for i := range ps {
		p := &ps[i]
		t.add(text(p.Policy), count(p.Applied.told()), p.Applied.share(), share(p.Loose, p.Applied.told()), count(p.Result.Disagree),
			count(p.Result.told()), p.Result.share(), p.Application.share(), p.Users.share(), p.Rest.share(), p.Mask.share(), count(p.Result.Unknown), count(p.Edited))
	}
	t.Note = "Applied, Agree and Either fits are of the evaluations in which the policy applied, for the log or for the replay; Differ, Full mask and Not told are of all."
	return t
}

func confusionTable(cs []Confusion) *Table {
	t := &Table{Name: "fidelity-results", Caption: "Recorded results by what the replay says", Head: 2, Depth: DepthFolded, Columns: []Column{
		{Key: "recorded", Name: "Log"},
		{Key: "replayed", Name: "Replay"},
		{Key: "evaluations", Name: "Evaluations", Unit: UnitCount, Source: Recorded},
	}}
	cs = slices.Clone(cs)
	slices.SortFunc(cs, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Recorded, b.Recorded), cmp.Compare(a.Replayed, b.Replayed))
	})
	for _, c := range cs {
		t.add(text(c.Recorded), text(c.Replayed), count(c.N))
	}
	t.Note = "Where the replay asks, the log records the interrupted sign-in as a failure and the answered one as a success."
	return t
}

// learnedTable lists what the log itself proved; nil for nothing.
func learnedTable(y *Verify) *Table {
	if len(y.Learned) == 0 {
		return nil
	}
	t := &Table{Name: "fidelity-learned", Caption: "What the recorded evaluations prove by themselves", Depth: DepthFolded, Columns: []Column{
		{Key: "what", Name: "Fact"},
		{Key: "count", Name: "Number", Unit: UnitCount, Source: Recorded},
		{Key: "notes", Name: "The first of them", Minor: 1},
	}}
	for _, f := range y.Learned {
		t.add(text(f.What), count(f.N), text(f.Notes))
	}
	return t
}
