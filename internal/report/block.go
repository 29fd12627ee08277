package report

import "strings"

// Block is one thing a section shows. The set is sealed: a new kind needs an
// answer from every renderer.
//
//sumtype:decl
type Block interface{ block() }

func (*Paragraph) block() {}
func (*List) block()      {}
func (*KeyValues) block() {}
func (*Stats) block()     {}
func (*Table) block()     {}
func (*Bars) block()      {}
func (*Quadrant) block()  {}
func (*Evidence) block()  {}

// Span is a piece of a Line; Strong asks for emphasis.
type Span struct {
	Text   string `json:"text"`
	Strong bool   `json:"strong,omitempty"`
}

// Line is a sentence or paragraph made of spans.
type Line []Span

// Plain is the text of l without emphasis.
func (l Line) Plain() string {
	var s strings.Builder
	for _, p := range l {
		s.WriteString(p.Text)
	}
	return s.String()
}

// say builds a Line: strings are plain, strong values are emphasised.
func say(parts ...any) Line {
	var l Line
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			if p != "" {
				l = append(l, Span{Text: p})
			}
		case strong:
			l = append(l, Span{Text: string(p), Strong: true})
		default:
			panic("report: a line is made of strings and strong values")
		}
	}
	return l
}

type strong string

// Tone says how loud a paragraph is.
type Tone uint8

// The tones.
const (
	ToneText Tone = iota
	ToneNote      // an aside, set smaller
	ToneWarn      // something that limits how far the figures can be trusted
)

var toneNames = []string{"text", "note", "warning"}

func (t Tone) String() string { return toneNames[t] }

// Paragraph is running text.
type Paragraph struct {
	Tone Tone
	Line Line
}

// List is a bulleted list.
type List struct{ Items []Line }

// KeyValue is a named value.
type KeyValue struct {
	Key   string
	Value string
}

// KeyValues is a short list of named values.
type KeyValues struct {
	Title string // "" for none
	Items []KeyValue
}

// Stat is one figure set large.
type Stat struct {
	Label  string
	Value  string // formatted, with unit
	Note   string // what to compare it with; "" for none
	Source Source
}

// Stats is a row of tiles.
type Stats struct{ Tiles []Stat }

// Bar is one row of a bar chart.
type Bar struct {
	Label string
	Value Range  // an unknown value draws no bar
	Note  string // "" for none
}

// Bars compares a few values of one unit and one source.
type Bars struct {
	Title  string
	Unit   Unit
	Source Source
	Rows   []Bar
}

// Position is a place in a Quadrant.
type Position struct{ X, Y Range }

// Point is one cell in a Quadrant: where it is, and where it would go.
type Point struct {
	Mark  string // short label drawn beside the point; the same as in the table next to it
	Label string
	From  Position
	To    *Position // nil when there is no candidate
	// Strong points are the ones the lead is about.
	Strong bool
}

// Quadrant is the friction × risk picture. Both positions are by replay, so
// that a bias of the engine cancels in the arrow.
type Quadrant struct {
	Title          string
	Doc            string // what the picture says, for those who cannot see it
	XLabel, YLabel string
	FromName       string
	ToName         string // "" when there is no candidate
	// Depth says how far from the first look the picture is.
	Depth  Depth
	Points []Point
}

// Card is one finding with its evidence.
type Card struct {
	Title    string
	Severity string
	// Summary is the finding in one sentence; nil when the facts speak for themselves.
	Summary Line
	Facts   []KeyValue
	// Rows are the sign-ins concerned, in order; nil when they were not fetched.
	Rows *Table
	// Notes are readings of the evidence, one sentence each.
	Notes []Line
}

// Evidence is a list of findings. Shown is how many cards people are shown;
// machine formats carry all of them. 0 shows all.
type Evidence struct {
	Cards []Card
	Shown int
}
