package parquetjson

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// appendValue encodes a reconstructed value of node.
func appendValue(b []byte, node parquet.Node, v any) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Interface {
		if rv.IsNil() {
			return append(b, "null"...)
		}
		rv = rv.Elem()
	}
	switch v := rv.Interface().(type) {
	case map[string]any:
		return appendObject(b, node, v)
	case []any:
		return appendList(b, node, v)
	}
	if rv.Kind() == reflect.Map { // a MAP whose keys are not texts
		m := map[string]any{}
		for it := rv.MapRange(); it.Next(); {
			m[fmt.Sprint(it.Key().Interface())] = it.Value().Interface()
		}
		return appendObject(b, node, m)
	}
	if node != nil && node.Leaf() {
		return appendLeaf(b, node.Type(), rv.Interface())
	}
	return appendLeaf(b, nil, rv.Interface())
}

// appendObject encodes a group in the order of its schema, a map by key.
func appendObject(b []byte, node parquet.Node, m map[string]any) []byte {
	b = append(b, '{')
	first := true
	member := func(name string, n parquet.Node, v any) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(appendText(b, name), ':')
		b = appendValue(b, n, v)
	}
	if value, ok := mapValue(node); ok {
		for _, k := range sortedKeys(m) {
			member(k, value, m[k])
		}
		return append(b, '}')
	}
	if node == nil || node.Leaf() {
		for _, k := range sortedKeys(m) {
			member(k, nil, m[k])
		}
		return append(b, '}')
	}
	for _, f := range node.Fields() {
		member(f.Name(), f, m[f.Name()])
	}
	return append(b, '}')
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func appendList(b []byte, node parquet.Node, list []any) []byte {
	elem := node
	if e, ok := listElement(node); ok {
		elem = e
	} else if node != nil && node.Repeated() {
		elem = parquet.Required(node)
	}
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, elem, v)
	}
	return append(b, ']')
}

// listElement is the element of a LIST group: group LIST { repeated group list {
// element } }.
func listElement(n parquet.Node) (parquet.Node, bool) {
	if n == nil || n.Leaf() || !is[*format.ListType](n) {
		return nil, false
	}
	f := n.Fields()
	if len(f) != 1 || f[0].Leaf() || len(f[0].Fields()) != 1 {
		return nil, false
	}
	return f[0].Fields()[0], true
}

// is reports whether a node has the logical type T.
func is[T format.LogicalTypeValue](n parquet.Node) bool {
	l := n.Type().LogicalType()
	if l == nil {
		return false
	}
	_, ok := l.Value.(T)
	return ok
}

// mapValue is the value of a MAP group: group MAP { repeated group key_value { key value } }.
func mapValue(n parquet.Node) (parquet.Node, bool) {
	if n == nil || n.Leaf() || !is[*format.MapType](n) {
		return nil, false
	}
	f := n.Fields()
	if len(f) != 1 || f[0].Leaf() || len(f[0].Fields()) != 2 {
		return nil, false
	}
	return f[0].Fields()[1], true
}

func appendLeaf(b []byte, t parquet.Type, v any) []byte {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(b, v)
	case int32:
		return appendInt(b, t, int64(v))
	case int64:
		return appendInt(b, t, v)
	case uint32:
		return strconv.AppendUint(b, uint64(v), 10)
	case uint64:
		return strconv.AppendUint(b, v, 10)
	case float32:
		return appendFloat(b, float64(v), 32)
	case float64:
		return appendFloat(b, v, 64)
	case string:
		return appendBytes(b, []byte(v))
	case []byte:
		if len(v) == 16 && t != nil && t.LogicalType() != nil {
			if _, ok := t.LogicalType().Value.(*format.UUIDType); ok {
				return appendText(b, uuid.UUID(v).String())
			}
		}
		return appendBytes(b, v)
	case time.Time:
		return appendTime(b, v)
	case time.Duration:
		return strconv.AppendInt(b, int64(v), 10)
	case deprecated.Int96: // Julian day and nanoseconds of the day, Spark's and Impala's old timestamp
		nanos := int64(v[1])<<32 | int64(v[0])
		const julianEpoch = 2_440_588 // 1970-01-01
		return appendTime(b, time.Unix((int64(v[2])-julianEpoch)*86_400, nanos))
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Array && rv.Type().Elem().Kind() == reflect.Uint8 {
		raw := make([]byte, rv.Len())
		reflect.Copy(reflect.ValueOf(raw), rv)
		return appendBytes(b, raw)
	}
	return appendText(b, fmt.Sprint(v))
}

// appendInt encodes an integer by its logical type.
func appendInt(b []byte, t parquet.Type, v int64) []byte {
	if t == nil || t.LogicalType() == nil {
		return strconv.AppendInt(b, v, 10)
	}
	switch l := t.LogicalType().Value.(type) {
	case *format.TimestampType:
		if l.Unit.Value == nil {
			break
		}
		switch l.Unit.Value.Duration() {
		case time.Millisecond:
			return appendTime(b, time.UnixMilli(v))
		case time.Microsecond:
			return appendTime(b, time.UnixMicro(v))
		case time.Nanosecond:
			return appendTime(b, time.Unix(v/1e9, v%1e9))
		}
	case *format.DateType:
		return append(append(append(b, '"'), time.Unix(v*86_400, 0).UTC().Format(time.DateOnly)...), '"')
	case *format.DecimalType:
		if l.Scale > 0 {
			return appendFloat(b, float64(v)/math.Pow10(int(l.Scale)), 64)
		}
	}
	return strconv.AppendInt(b, v, 10)
}

func appendTime(b []byte, t time.Time) []byte {
	return append(append(append(b, '"'), t.UTC().Format(time.RFC3339Nano)...), '"')
}

func appendFloat(b []byte, v float64, bits int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, v, 'g', -1, bits)
}

func appendBytes(b, v []byte) []byte {
	if !utf8.Valid(v) {
		return appendText(b, base64.StdEncoding.EncodeToString(v))
	}
	return appendText(b, string(v))
}

func appendText(b []byte, s string) []byte {
	out, err := jsontext.AppendQuote(b, s)
	if err != nil { // only invalid UTF-8 fails, and then the text is still written
		return out
	}
	return out
}
