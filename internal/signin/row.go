package signin

// Code is an index into a Table. 0 is "", the log did not say.
type Code uint32

// Table numbers the distinct texts of one column in order of first sight. It
// is not safe for concurrent use; each worker has its own Symbols. Codes mean
// nothing outside their table: anything that leaves a worker is text.
type Table struct {
	texts []string
	codes map[string]Code
}

// NewTable is an empty table that knows "" as code 0.
func NewTable() *Table {
	return &Table{texts: []string{""}, codes: map[string]Code{"": 0}}
}

// Code numbers s, adding it when new. The table keeps s.
func (t *Table) Code(s string) Code {
	if c, ok := t.codes[s]; ok {
		return c
	}
	c := Code(len(t.texts)) //nolint:gosec // a column of 2^32 distinct texts does not fit in memory
	t.texts = append(t.texts, s)
	t.codes[s] = c
	return c
}

// Find is the code of s and whether the table has it; it adds nothing.
func (t *Table) Find(s string) (Code, bool) {
	c, ok := t.codes[s]
	return c, ok
}

// Text is the text of c.
func (t *Table) Text(c Code) string { return t.texts[c] }

// Len is the number of codes, "" included.
func (t *Table) Len() int { return len(t.texts) }

// Symbols is one table per coded column.
type Symbols [NumDims]*Table

// NewSymbols has an empty table for every column.
func NewSymbols() *Symbols {
	var s Symbols
	for i := range s {
		s[i] = NewTable()
	}
	return &s
}

// Text is the text of row r in column d.
func (s *Symbols) Text(r *Row, d Dim) string { return s[d].Text(r.C[d]) }

// Ref finds the full Event of a row again: the run's index in the manifest
// snapshot a reader holds, and the row's position in that run.
type Ref struct {
	Run uint32
	Row uint32
}

// Row is the compact form of an Event that per-person engines work on: codes
// and small numbers, nothing to chase. Columns a reader was not asked for are
// zero, so an engine must declare what it reads (Need).
type Row struct {
	Time Time
	// ID, Correlation, Original, Session and Token are IDHash of the identifiers; 0 = not said.
	ID          uint64
	Correlation uint64
	Original    uint64
	Session     uint64
	Token       uint64
	Lat, Lon    float64 // valid only when Located
	Radius      float32 // kilometres; 0 = not said
	ASN         uint32
	Ref         Ref
	Line        int64 // Raw.Line
	Port        uint16
	Located     bool
	E           [NumEnums]uint8
	C           [NumDims]Code
}

// Typed readers of the enum columns.

// Stream is the log the row belongs to.
func (r *Row) Stream() Stream { return Stream(r.E[EnumStream]) }

// Kind is the kind of principal.
func (r *Row) Kind() PrincipalKind { return PrincipalKind(r.E[EnumKind]) }

// Outcome is how the attempt ended.
func (r *Row) Outcome() Outcome { return Outcome(r.E[EnumOutcome]) }

// Reason is the shared class of the result code.
func (r *Row) Reason() Reason { return Reason(r.E[EnumReason]) }

// Requirement is the level of authentication the sign-in needed.
func (r *Row) Requirement() Requirement { return Requirement(r.E[EnumRequirement]) }

// MFA says whether a second factor was given.
func (r *Row) MFA() MFAState { return MFAState(r.E[EnumMFA]) }

// Compliant is the device's compliance as logged.
func (r *Row) Compliant() Truth { return Truth(r.E[EnumCompliant]) }

// Managed says whether the device is managed, as logged.
func (r *Row) Managed() Truth { return Truth(r.E[EnumManaged]) }

// Trust is the device's join type as logged.
func (r *Row) Trust() Trust { return Trust(r.E[EnumTrust]) }

// Need is a set of columns an engine reads. Enums, time, ASN and Located are
// always read; coordinates come with Place.
type Need struct {
	Dims  [NumDims]bool
	IDs   [NumIDs]bool
	Place bool // Lat, Lon, Radius
	Raw   bool // Line (with DimFile), Port
}

// NeedAll asks for every column.
func NeedAll() Need {
	n := Need{Place: true, Raw: true}
	for i := range n.Dims {
		n.Dims[i] = true
	}
	for i := range n.IDs {
		n.IDs[i] = true
	}
	return n
}

// NeedDims asks for the given coded columns.
func NeedDims(dims ...Dim) Need {
	var n Need
	for _, d := range dims {
		n.Dims[d] = true
	}
	return n
}

// Or is the union.
func (n Need) Or(m Need) Need {
	for i, v := range m.Dims {
		n.Dims[i] = n.Dims[i] || v
	}
	for i, v := range m.IDs {
		n.IDs[i] = n.IDs[i] || v
	}
	n.Place = n.Place || m.Place
	n.Raw = n.Raw || m.Raw
	return n
}

// RowOf compacts e, adding its texts to s. Ref is left zero.
func RowOf(e *Event, s *Symbols) Row {
	r := Row{
		Time: e.Time, ASN: e.ASN, Line: e.Raw.Line, Port: e.Source.Port,
		Located: e.Geo.Located, Lat: e.Geo.Lat, Lon: e.Geo.Lon, Radius: float32(e.Geo.Radius),
		ID: IDHash(e.ID), Correlation: IDHash(e.Correlation), Original: IDHash(e.OriginalRequest),
		Session: IDHash(e.Session), Token: IDHash(e.Token),
	}
	for i := range EnumColumns {
		r.E[i] = EnumColumns[i].Get(e)
	}
	for i := range DimColumns {
		r.C[i] = s[i].Code(DimColumns[i].Get(e))
	}
	return r
}
