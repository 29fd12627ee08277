package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

var _ = registerRenderer(Renderer{
	Name: "json", Ext: ".json", Doc: "the whole report for machines, schema " + SchemaReport,
	Render: WriteJSON,
	Query:  WriteQueryJSON,
})

// The schemas of JSON output. A field may be added within a version; none
// changes its meaning or goes away. docs/report.md describes them.
const (
	SchemaReport = "frisk.report/v1"
	SchemaQuery  = "frisk.query/v1"
)

type jsonReport struct {
	Schema   string        `json:"schema"`
	Title    string        `json:"title"`
	Subtitle string        `json:"subtitle,omitempty"`
	Lead     []string      `json:"lead"`
	Sections []jsonSection `json:"sections"`
}

type jsonSection struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Blocks []any  `json:"blocks"`
}

type jsonText struct {
	Kind string `json:"kind"` // paragraph
	Tone string `json:"tone"`
	Text string `json:"text"`
}

type jsonList struct {
	Kind  string   `json:"kind"` // list
	Items []string `json:"items"`
}

type jsonKeyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type jsonKeyValues struct {
	Kind  string         `json:"kind"` // keyValues
	Title string         `json:"title,omitempty"`
	Items []jsonKeyValue `json:"items"`
}

type jsonStat struct {
	Label  string `json:"label"`
	Value  string `json:"value"`
	Note   string `json:"note,omitempty"`
	Source string `json:"source,omitempty"`
}

type jsonStats struct {
	Kind  string     `json:"kind"` // stats
	Tiles []jsonStat `json:"tiles"`
}

type jsonColumn struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Unit   string `json:"unit"`
	Source string `json:"source,omitempty"`
	Set    string `json:"set,omitempty"`
	Ranged bool   `json:"ranged,omitempty"`
}

type jsonTable struct {
	Kind    string       `json:"kind"` // table
	Name    string       `json:"name"`
	Caption string       `json:"caption,omitempty"`
	Note    string       `json:"note,omitempty"`
	Columns []jsonColumn `json:"columns"`
	Rows    [][]any      `json:"rows"`
	// Unranked are the indexes of rows shown but not ranked.
	Unranked []int `json:"unranked,omitempty"`
}

type jsonRange struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

type jsonBar struct {
	Label string     `json:"label"`
	Value *jsonRange `json:"value"`
	Note  string     `json:"note,omitempty"`
}

type jsonBars struct {
	Kind   string    `json:"kind"` // bars
	Title  string    `json:"title"`
	Unit   string    `json:"unit"`
	Source string    `json:"source,omitempty"`
	Rows   []jsonBar `json:"rows"`
}

type jsonPosition struct {
	X *jsonRange `json:"x"`
	Y *jsonRange `json:"y"`
}

type jsonPoint struct {
	Mark  string        `json:"mark"`
	Label string        `json:"label"`
	From  jsonPosition  `json:"from"`
	To    *jsonPosition `json:"to,omitempty"`
}

type jsonQuadrant struct {
	Kind   string      `json:"kind"` // quadrant
	Title  string      `json:"title"`
	X      string      `json:"x"`
	Y      string      `json:"y"`
	From   string      `json:"from"`
	To     string      `json:"to,omitempty"`
	Points []jsonPoint `json:"points"`
}

type jsonCard struct {
	Title    string         `json:"title"`
	Severity string         `json:"severity"`
	Summary  string         `json:"summary,omitempty"`
	Facts    []jsonKeyValue `json:"facts"`
	Rows     *jsonTable     `json:"rows,omitempty"`
	Notes    []string       `json:"notes,omitempty"`
}

type jsonEvidence struct {
	Kind  string     `json:"kind"` // evidence
	Cards []jsonCard `json:"cards"`
}

// WriteJSON renders m with every row and finding. Text is carried unchanged
// but for bytes that are not UTF-8; characters without a shape of their own are
// written as \u escapes, which a JSON reader turns back.
func WriteJSON(w io.Writer, m *Model) error {
	out := jsonReport{Schema: SchemaReport, Title: m.Title, Subtitle: m.Subtitle, Lead: plainLines(m.Lead), Sections: []jsonSection{}}
	for i := range m.Sections {
		s := &m.Sections[i]
		js := jsonSection{Name: s.Name, Title: s.Title, Blocks: []any{}}
		for _, b := range s.Blocks {
			js.Blocks = append(js.Blocks, blockJSON(b))
		}
		out.Sections = append(out.Sections, js)
	}
	return encodeJSON(w, out)
}

// WriteQueryJSON writes one query table.
func WriteQueryJSON(w io.Writer, q *QueryTable) error {
	if err := q.Check(); err != nil {
		return err
	}
	t := tableJSON(q.Model().Tables()[0])
	return encodeJSON(w, struct {
		Schema  string       `json:"schema"`
		Name    string       `json:"name"`
		Doc     string       `json:"doc,omitempty"`
		Columns []jsonColumn `json:"columns"`
		Rows    [][]any      `json:"rows"`
	}{SchemaQuery, q.Name, q.Doc, t.Columns, t.Rows})
}

func encodeJSON(w io.Writer, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write report as JSON: %w", err)
	}
	_, err = w.Write(append(escapeHidden(raw), '\n'))
	return err
}

// escapeHidden writes invisible and direction-changing characters of JSON text
// as \u escapes, so that the file is also safe to look at. They occur only
// inside strings, where an escape means the same.
func escapeHidden(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		switch {
		case r == '\n' || !hidden(r):
			out = append(out, raw[i:i+n]...)
		case r > 0xffff:
			r -= 0x10000
			out = append(out, escaped(0xd800+r>>10)...)
			out = append(out, escaped(0xdc00+r&0x3ff)...)
		default:
			out = append(out, escaped(r)...)
		}
		i += n
	}
	return out
}

func plainLines(ls []Line) []string {
	out := []string{}
	for _, l := range ls {
		out = append(out, l.Plain())
	}
	return out
}

func rangeJSON(r Range) *jsonRange {
	if !r.Known {
		return nil
	}
	return &jsonRange{roundNoise(r.Low), roundNoise(r.High)}
}

func keyValuesJSON(items []KeyValue) []jsonKeyValue {
	out := []jsonKeyValue{}
	for _, kv := range items {
		out = append(out, jsonKeyValue(kv))
	}
	return out
}

func blockJSON(b Block) any {
	switch b := b.(type) {
	case *Paragraph:
		return jsonText{"paragraph", b.Tone.String(), b.Line.Plain()}
	case *List:
		return jsonList{"list", plainLines(b.Items)}
	case *KeyValues:
		return jsonKeyValues{"keyValues", b.Title, keyValuesJSON(b.Items)}
	case *Stats:
		out := jsonStats{Kind: "stats", Tiles: []jsonStat{}}
		for _, s := range b.Tiles {
			out.Tiles = append(out.Tiles, jsonStat{s.Label, s.Value, s.Note, s.Source.String()})
		}
		return out
	case *Table:
		return tableJSON(b)
	case *Bars:
		out := jsonBars{Kind: "bars", Title: b.Title, Unit: b.Unit.String(), Source: b.Source.String(), Rows: []jsonBar{}}
		for _, r := range b.Rows {
			out.Rows = append(out.Rows, jsonBar{r.Label, rangeJSON(r.Value), r.Note})
		}
		return out
	case *Quadrant:
		return quadrantJSON(b)
	case *Evidence:
		out := jsonEvidence{Kind: "evidence", Cards: []jsonCard{}}
		for _, c := range b.Cards {
			jc := jsonCard{Title: c.Title, Severity: c.Severity, Summary: c.Summary.Plain(), Facts: keyValuesJSON(c.Facts), Notes: plainLines(c.Notes)}
			if c.Rows != nil {
				jc.Rows = tableJSON(c.Rows)
			}
			out.Cards = append(out.Cards, jc)
		}
		return out
	}
	panic(fmt.Sprintf("report: no JSON for block %T", b))
}

func quadrantJSON(q *Quadrant) jsonQuadrant {
	at := func(p Position) jsonPosition { return jsonPosition{rangeJSON(p.X), rangeJSON(p.Y)} }
	out := jsonQuadrant{Kind: "quadrant", Title: q.Title, X: q.XLabel, Y: q.YLabel, From: q.FromName, To: q.ToName, Points: []jsonPoint{}}
	for _, p := range q.Points {
		jp := jsonPoint{Mark: p.Mark, Label: p.Label, From: at(p.From)}
		if p.To != nil {
			to := at(*p.To)
			jp.To = &to
		}
		out.Points = append(out.Points, jp)
	}
	return out
}

// tableJSON writes a value as text, as a number, as {low, high} in a ranged
// column, or as null when nobody knows.
func tableJSON(t *Table) *jsonTable {
	out := &jsonTable{Kind: "table", Name: t.Name, Caption: t.Caption, Note: t.Note, Columns: []jsonColumn{}, Rows: [][]any{}}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, jsonColumn{c.Key, c.Name, c.Unit.String(), c.Source.String(), c.Set, c.Ranged})
	}
	for i, r := range t.Rows {
		row := make([]any, len(r.Cells))
		for j, v := range r.Cells {
			switch {
			case !v.IsNum:
				row[j] = strings.ToValidUTF8(v.Text, "\ufffd")
			case !v.Num.Known:
				row[j] = nil
			case t.Columns[j].Ranged:
				row[j] = rangeJSON(v.Num)
			default:
				row[j] = roundNoise(v.Num.Mid())
			}
		}
		out.Rows = append(out.Rows, row)
		if r.Muted {
			out.Unranked = append(out.Unranked, i)
		}
	}
	return out
}
