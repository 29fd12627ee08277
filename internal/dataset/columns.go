package dataset

import (
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"frisk/internal/signin"
)

// colKind is how a column gets from a buffer to a page.
type colKind uint8

const (
	colTime colKind = iota // required, delta encoded
	colShard
	colText // signin.DimColumns
	colEnum // signin.EnumColumns
	colASN
	colPort
	colLine
	colLat
	colLon
	colRadius
	colID     // signin.IDColumns, 16 bytes
	colCopies // a bit for each of signin.IDColumns that repeats the event id
	colIDText // signin.IDColumns that are not canonical lower-case GUIDs
)

// A column is one leaf of the schema on disk. Every column but the time is
// nullable: null is "the log did not say".
type column struct {
	name string
	kind colKind
	n    int // Dim, Enum or index into signin.IDColumns
}

// Names of the columns that are not in the tables of package signin.
const (
	nameTime   = "time"
	nameShard  = "shard"
	nameASN    = "asn"
	namePort   = "port"
	nameLine   = "raw_line"
	nameLat    = "lat"
	nameLon    = "lon"
	nameRadius = "radius_km"
	nameCopies = "id_copies"
	textSuffix = "_text"
)

// lastHot is the last coded column that comes before the enums and the place.
const lastHot = signin.DimCode

// columns is the schema, hot columns first and random ids last, so that what
// is read together lies together.
var columns = schemaColumns()

func schemaColumns() []column {
	cols := []column{{nameTime, colTime, 0}, {nameShard, colShard, 0}}
	dims := func(from, to signin.Dim) {
		for d := from; d < to; d++ {
			cols = append(cols, column{signin.DimColumns[d].Name, colText, int(d)})
		}
	}
	dims(0, lastHot+1)
	for i := range signin.EnumColumns {
		cols = append(cols, column{signin.EnumColumns[i].Name, colEnum, i})
	}
	cols = append(cols,
		column{nameASN, colASN, 0}, column{nameLat, colLat, 0},
		column{nameLon, colLon, 0}, column{nameRadius, colRadius, 0})
	dims(lastHot+1, signin.NumDims)
	cols = append(cols, column{namePort, colPort, 0}, column{nameLine, colLine, 0}, column{nameCopies, colCopies, 0})
	for i := range signin.IDColumns {
		cols = append(cols,
			column{signin.IDColumns[i].Name, colID, i},
			column{signin.IDColumns[i].Name + textSuffix, colIDText, i})
	}
	return cols
}

// sortColumns is the order of the rows of a run, for other engines' benefit.
// Ids follow, but their two columns cannot be said as one.
var sortColumns = []string{
	nameShard, signin.DimColumns[signin.DimProvider].Name,
	signin.DimColumns[signin.DimTenant].Name, signin.DimColumns[signin.DimPrincipal].Name, nameTime,
}

func (c *column) physical() format.Type {
	switch c.kind {
	case colTime, colASN, colLine:
		return format.Int64
	case colShard, colPort, colCopies:
		return format.Int32
	case colLat, colLon, colRadius:
		return format.Double
	case colID:
		return format.FixedLenByteArray
	}
	return format.ByteArray
}

// element is the column's entry in the file's schema.
func (c *column) element() format.SchemaElement {
	e := format.SchemaElement{
		Name:           c.name,
		Type:           thrift.New(c.physical()),
		RepetitionType: thrift.New(format.Optional),
	}
	switch c.kind {
	case colTime:
		// Not adjusted to UTC, so that SQL sees a plain TIMESTAMP: zoned
		// arithmetic is several times slower. The values are UTC all the same.
		e.RepetitionType = thrift.New(format.Required)
		e.LogicalType.Value = &format.TimestampType{Unit: format.TimeUnit{Value: &format.MicroSeconds{}}}
	case colText, colEnum, colIDText:
		e.LogicalType.Value = &format.StringType{}
		e.ConvertedType = thrift.New(deprecated.UTF8)
	case colID:
		e.TypeLength = thrift.New(int32(16))
		e.LogicalType.Value = &format.UUIDType{}
	}
	return e
}

func schemaElements() []format.SchemaElement {
	els := []format.SchemaElement{{Name: "signin", NumChildren: thrift.New(int32(len(columns)))}} //nolint:gosec // under 100
	for i := range columns {
		els = append(els, columns[i].element())
	}
	return els
}
