package dataset

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"frisk/internal/signin"
)

// Exporter writes events as one Parquet file for other programs: the columns
// and names of the SQL view signins as far as the log filled them (no shard, run,
// row or derived column), identifiers as text. Memory is bounded by a row
// group. Same events in the same order, same bytes.
type Exporter struct {
	w    *parquet.Writer //nolint:staticcheck // rows of columns known at run time only
	row  parquet.Row
	rows []parquet.Row
	n    int64
}

// exportColumn is one column of an export. get gives the value and whether the
// log said it.
type exportColumn struct {
	name string
	typ  reflect.Type
	tag  string
	get  func(*signin.Event) (parquet.Value, bool)
}

// exportID is the name an identifier has in SQL, where it differs from the disk's.
var exportID = map[string]string{"id": "event_id"}

// Tags of a text whose values repeat, and of one whose values do not. The
// library would otherwise keep every text plain.
const (
	tagCoded = ",optional,dict"
	tagPlain = ",optional"
)

var exportColumns = makeExportColumns()

func makeExportColumns() []exportColumn {
	textType, intType, floatType := reflect.TypeFor[string](), reflect.TypeFor[int64](), reflect.TypeFor[float64]()
	text := func(get func(*signin.Event) string) func(*signin.Event) (parquet.Value, bool) {
		return func(e *signin.Event) (parquet.Value, bool) {
			s := get(e)
			return parquet.ByteArrayValue([]byte(s)), s != ""
		}
	}
	number := func(get func(*signin.Event) int64) func(*signin.Event) (parquet.Value, bool) {
		return func(e *signin.Event) (parquet.Value, bool) {
			n := get(e)
			return parquet.Int64Value(n), n != 0
		}
	}
	float := func(get func(*signin.Event) float64) func(*signin.Event) (parquet.Value, bool) {
		return func(e *signin.Event) (parquet.Value, bool) { return parquet.DoubleValue(get(e)), e.Geo.Located }
	}
	cols := []exportColumn{{"time", intType, ",timestamp(microsecond:local)", func(e *signin.Event) (parquet.Value, bool) {
		return parquet.Int64Value(int64(e.Time)), true
	}}}
	for i := range signin.IDColumns {
		c := &signin.IDColumns[i]
		name := c.Name
		if n := exportID[name]; n != "" {
			name = n
		}
		cols = append(cols, exportColumn{name, textType, tagPlain, text(c.Get)})
	}
	for i := range signin.EnumColumns {
		c := &signin.EnumColumns[i]
		cols = append(cols, exportColumn{c.Name, textType, tagCoded, text(func(e *signin.Event) string { return c.Texts[c.Get(e)] })})
	}
	for i := range signin.DimColumns {
		cols = append(cols, exportColumn{signin.DimColumns[i].Name, textType, tagCoded, text(signin.DimColumns[i].Get)})
	}
	return append(cols,
		exportColumn{"asn", intType, tagCoded, number(func(e *signin.Event) int64 { return int64(e.ASN) })},
		exportColumn{"port", intType, tagCoded, number(func(e *signin.Event) int64 { return int64(e.Source.Port) })},
		exportColumn{"raw_line", intType, tagPlain, number(func(e *signin.Event) int64 { return e.Raw.Line })},
		exportColumn{"lat", floatType, tagCoded, float(func(e *signin.Event) float64 { return e.Geo.Lat })},
		exportColumn{"lon", floatType, tagCoded, float(func(e *signin.Event) float64 { return e.Geo.Lon })},
		exportColumn{"radius_km", floatType, tagCoded, func(e *signin.Event) (parquet.Value, bool) {
			return parquet.DoubleValue(e.Geo.Radius), e.Geo.Located && e.Geo.Radius != 0
		}},
	)
}

// exportSchema comes from a struct type, because only that keeps the columns in
// their order.
var exportSchema = parquet.SchemaOf(reflect.New(exportStruct()).Interface())

func exportStruct() reflect.Type {
	fields := make([]reflect.StructField, len(exportColumns))
	for i, c := range exportColumns {
		fields[i] = reflect.StructField{
			Name: fmt.Sprintf("F%d", i), Type: c.typ,
			Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s%s"`, c.name, c.tag)),
		}
	}
	return reflect.StructOf(fields)
}

// NewExporter begins a file on w.
func NewExporter(w io.Writer) *Exporter {
	x := &Exporter{
		w: parquet.NewWriter(w, exportSchema,
			parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}),
			parquet.MaxRowsPerRowGroup(maxGroup),
			parquet.CreatedBy("frisk", "", "")),
	}
	x.rows = []parquet.Row{nil}
	return x
}

// Add writes one event.
func (x *Exporter) Add(e *signin.Event) error {
	x.row = x.row[:0]
	for i := range exportColumns {
		c := &exportColumns[i]
		v, said := c.get(e)
		switch {
		case !strings.HasPrefix(c.tag, ",optional"):
			v = v.Level(0, 0, i)
		case said:
			v = v.Level(0, 1, i)
		default:
			v = parquet.NullValue().Level(0, 0, i)
		}
		x.row = append(x.row, v)
	}
	x.rows[0] = x.row
	if _, err := x.w.WriteRows(x.rows); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	x.n++
	return nil
}

// Rows is how many events were written.
func (x *Exporter) Rows() int64 { return x.n }

// Close writes the end of the file; it does not close the writer.
func (x *Exporter) Close() error {
	if err := x.w.Close(); err != nil {
		return errors.Join(errors.New("write Parquet"), err)
	}
	return nil
}
