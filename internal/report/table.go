package report

import "math"

// Source says which kind of number a column holds. One column has one source.
type Source uint8

// The sources.
const (
	SourceNone Source = iota // not a measurement: names, ranks, constants
	Recorded                 // what the log says happened
	Replayed                 // what the current policies would have done, by our engine
	Candidate                // what another policy set would have done, by our engine
)

var sourceNames = []string{"", "recorded", "replayed", "candidate"}

func (s Source) String() string { return sourceNames[s] }

// Unit is the type of a column or a bar: how values are written and aligned.
type Unit uint8

// The units.
const (
	UnitText    Unit = iota
	UnitCount        // whole things, thousands separated
	UnitNumber       // a quantity, two significant digits or so
	UnitPercent      // a share between 0 and 1, shown times 100
	UnitSeconds      // a duration in seconds, shown in the largest fitting unit
	UnitTime         // an instant, UTC, as text
	UnitPlain        // a quantity shown as it is, to four decimals: query results
	UnitID           // an identifier somebody may copy: text that is not broken
)

var unitNames = []string{"text", "count", "number", "share", "seconds", "time", "plain", "id"}

func (u Unit) String() string { return unitNames[u] }

// Numeric reports whether values of the unit are numbers (and set flush right).
func (u Unit) Numeric() bool { return u != UnitText && u != UnitTime && u != UnitID }

// Range is a figure with bounds: what the log cannot tell lies between Low and
// High. The zero Range is unknown.
type Range struct {
	Low, High float64
	Known     bool
}

// Exact is a figure without doubt. What is not a number is unknown.
func Exact(v float64) Range { return Between(v, v) }

// Between is a figure between two bounds, given in any order. What is not a
// finite number is unknown.
func Between(low, high float64) Range {
	if math.IsNaN(low) || math.IsNaN(high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		return Range{}
	}
	return Range{Low: min(low, high), High: max(low, high), Known: true}
}

// Mid is the middle of the range, 0 when unknown.
func (r Range) Mid() float64 { return r.Low/2 + r.High/2 }

// Times is r scaled by a factor.
func (r Range) Times(f float64) Range {
	if !r.Known {
		return r
	}
	return Between(r.Low*f, r.High*f)
}

// Change is how far b is from r when the same assumption about the unknown is
// made on both sides: low against low, high against high. Unknown if either is.
func (r Range) Change(b Range) Range {
	if !r.Known || !b.Known {
		return Range{}
	}
	return Between(b.Low-r.Low, b.High-r.High)
}

// Column describes one column of a Table.
type Column struct {
	// Key names the column in JSON and CSV (snake case); unique in the table.
	Key string
	// Name is the heading.
	Name string
	Unit Unit
	// Source is the kind of number; Set names the candidate when Source is Candidate.
	Source Source
	Set    string
	// Ranged columns carry low and high; CSV writes them as two columns.
	Ranged bool
	// Minor columns are the first to go where a screen is too narrow: the higher,
	// the earlier, from the right.
	Minor uint8
}

// Value is one cell of a Table: text, or a number with bounds, or nothing known.
// The zero Value is text "". Text of an unknown number is what people read in
// its place; machines get nothing.
type Value struct {
	Text string
	Num  Range
	// IsNum tells a number (known or not) from a text.
	IsNum bool
}

func text(s string) Value            { return Value{Text: s} }
func number(v float64) Value         { return Value{Num: Exact(v), IsNum: true} }
func count[T int | int64](n T) Value { return number(float64(n)) }
func bounds(r Range) Value           { return Value{Num: r, IsNum: true} }

// missing is a number nobody knows.
func missing() Value { return Value{IsNum: true} }

// instead is a number that does not apply, with the word people read there.
func instead(word string) Value { return Value{IsNum: true, Text: word} }

// Depth says how far from the first look a table or picture is. Machine formats
// and Markdown carry everything.
type Depth uint8

// The depths.
const (
	DepthMain   Depth = iota // shown everywhere
	DepthFolded              // folded away in HTML
	DepthExtra               // folded away in HTML, only named in text
)

// Row is one row of a Table.
type Row struct {
	Cells []Value
	// Muted rows are shown but not ranked (fewer than five people).
	Muted bool
	// Strong rows are the ones the lead is about.
	Strong bool
}

// Table is typed rows in a fixed, total order.
type Table struct {
	Name    string // unique in a report, kebab case; the name for CSV
	Caption string
	Columns []Column
	Rows    []Row
	// Note stands below the table; "" for none.
	Note string
	// Shown is how many rows people are shown; machine formats carry all of
	// them. 0 shows all.
	Shown int
	// Lines is how many rows stand in the text of a report; 0 = the usual number.
	Lines int
	// Depth says how far from the first look the table is.
	Depth Depth
	// Head is the number of leading columns that name the row (row headers).
	// At least 1 is assumed.
	Head int
}

func (t *Table) add(cells ...Value) *Row {
	if len(cells) != len(t.Columns) {
		panic("report: table " + t.Name + ": row and columns differ in length")
	}
	t.Rows = append(t.Rows, Row{Cells: cells})
	return &t.Rows[len(t.Rows)-1]
}

// visibleRows are the rows for people, and how many are left out.
func (t *Table) visibleRows() ([]Row, int) {
	if t.Shown > 0 && len(t.Rows) > t.Shown {
		return t.Rows[:t.Shown], len(t.Rows) - t.Shown
	}
	return t.Rows, 0
}
