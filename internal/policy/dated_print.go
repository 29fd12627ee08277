package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// fingerprint writes a value of structs, lists and basic kinds so that equal
// texts mean equal values. Lists of texts and of numbers are sets in a policy,
// so their order and repetition do not count; nil and empty are the same.
func fingerprint(v any) string {
	var b strings.Builder
	printValue(&b, reflect.ValueOf(v))
	return b.String()
}

func printValue(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteByte('-')
			return
		}
		b.WriteByte('&')
		printValue(b, v.Elem())
	case reflect.Struct:
		b.WriteString(v.Type().Name())
		b.WriteByte('{')
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() { // what is not exported is compiled from what is
				printValue(b, v.Field(i))
				b.WriteByte(';')
			}
		}
		b.WriteByte('}')
	case reflect.Slice, reflect.Array:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = fingerprintOf(v.Index(i))
		}
		slices.Sort(list)
		b.WriteString("[" + strings.Join(slices.Compact(list), ",") + "]")
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	case reflect.Bool:
		fmt.Fprint(b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		fmt.Fprint(b, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		fmt.Fprint(b, v.Uint())
	default:
		panic(fmt.Sprintf("policy: fingerprint of a %s", v.Kind()))
	}
}

func fingerprintOf(v reflect.Value) string {
	var b strings.Builder
	printValue(&b, v)
	return b.String()
}
