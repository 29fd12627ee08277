package report

import (
	"slices"
)

var _ = register(Builder{
	Name: "quality", Order: 80, Title: "Data quality",
	Doc:   "What was read: spans, streams present and absent, missing facts, workspace confidence, rejected values, quarantine.",
	Intro: "What the figures rest on. A fact the log does not carry is never read as “no”; it widens the bounds.",
	Build: buildQuality,
})

func buildQuality(v *view) []Block {
	q := &v.in.Quality
	var blocks []Block
	add := func(b Block, rows int) {
		if rows > 0 {
			blocks = append(blocks, b)
		}
	}
	for _, n := range q.Notices {
		blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say(n)})
	}
	for _, s := range absent(q.Streams) {
		blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: s})
	}
	s := streamTable(q)
	add(s, len(s.Rows))
	m := missingTable(q)
	add(m, len(m.Rows))
	if b := tierBars(q); b != nil {
		blocks = append(blocks, b)
	}
	c := contextValues(v.in)
	add(c, len(c.Items))
	f := fileTable(q)
	add(f, len(f.Rows))
	if len(q.Rejected) > 0 {
		kv := &KeyValues{Title: "Values thrown away"}
		for _, r := range q.Rejected {
			kv.Items = append(kv.Items, KeyValue{r.Name, whole(float64(r.N))})
		}
		blocks = append(blocks, kv)
	}
	return blocks
}

// absent says what follows from a stream nobody exported.
func absent(streams []Stream) []Line {
	var out []Line
	for _, s := range streams {
		if s.Rows != 0 {
			continue
		}
		l := say("There are no ", strong(s.Name), " sign-ins in the data.")
		switch s.Name {
		case "non-interactive":
			l = append(l, say(" Token refreshes are not seen, so broken sessions and the clocks of sign-in frequency are known only in part.")...)
		case "interactive":
			l = append(l, say(" Prompts happen there: recorded friction is a lower bound.")...)
		}
		out = append(out, l)
	}
	return out
}

func streamTable(q *Quality) *Table {
	t := &Table{Name: "streams", Caption: "Log streams", Columns: []Column{
		{Key: "stream", Name: "Stream"},
		{Key: "rows", Name: "Sign-ins", Unit: UnitCount, Source: Recorded},
	}}
	// What nobody counted is left out rather than shown as zero.
	people := slices.ContainsFunc(q.Streams, func(s Stream) bool { return s.People > 0 })
	spans := slices.ContainsFunc(q.Streams, func(s Stream) bool { return s.From != 0 })
	if people {
		t.Columns = append(t.Columns, Column{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded})
	}
	if spans {
		t.Columns = append(t.Columns, Column{Key: "from", Name: "First (UTC)", Unit: UnitTime}, Column{Key: "until", Name: "Last (UTC)", Unit: UnitTime})
	}
	for _, s := range q.Streams {
		cells := []Value{text(s.Name), count(s.Rows)}
		if people {
			cells = append(cells, count(s.People))
		}
		if spans {
			cells = append(cells, text(clock(s.From)), text(clock(s.Until)))
		}
		t.add(cells...).Muted = s.Rows == 0
	}
	return t
}

func missingTable(q *Quality) *Table {
	t := &Table{Name: "missing-facts", Caption: "Facts that rows lack", Columns: []Column{
		{Key: "fact", Name: "Fact"},
		{Key: "share", Name: "Rows without it", Unit: UnitPercent, Source: Recorded, Ranged: true},
		{Key: "verdicts", Name: "Verdicts left open", Unit: UnitCount, Source: Replayed},
		{Key: "matters", Name: "What hangs on it"},
	}}
	for _, m := range q.Missing {
		t.add(text(factWords(m.Fact)), bounds(m.Share), count(m.Verdicts), text(m.Matters))
	}
	if q.NoRecord.Known {
		t.add(text("recorded policy results"), bounds(q.NoRecord), instead("–"), text("checking the replay against the log"))
	}
	return t
}

func tierBars(q *Quality) *Bars {
	if len(q.Tiers) == 0 {
		return nil
	}
	b := &Bars{Title: "How sure it is which workspace a sign-in belongs to", Unit: UnitPercent, Source: Recorded}
	for _, t := range q.Tiers {
		b.Rows = append(b.Rows, Bar{Label: t.Name, Value: Exact(t.Share), Note: tierNotes[t.Name]})
	}
	return b
}

// tierNotes explains the names of directory.Tier.
var tierNotes = map[string]string{
	"exact":     "by token identifier or resource id",
	"strong":    "by person and time",
	"weak":      "by application and the team’s group",
	"candidate": "several workspaces possible; shared between them",
	"none":      "unknown workspace",
}

func contextValues(in *Input) *KeyValues {
	kv := &KeyValues{Title: "Context given"}
	if !in.Directory {
		kv.Items = append(kv.Items, KeyValue{"directory", "none: every condition on groups or roles is unknown"})
	}
	if !in.Workspaces {
		kv.Items = append(kv.Items, KeyValue{"workspaces", "none: work is not told apart"})
	}
	for _, c := range in.Quality.Context {
		kv.Items = append(kv.Items, KeyValue{c.Name, whole(float64(c.N))})
	}
	return kv
}
