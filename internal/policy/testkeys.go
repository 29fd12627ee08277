package policy

import (
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// unknownYAML names every key of a text that the type of into has no field for,
// by line; nil where there is none or the text does not parse, which the decoder says.
func unknownYAML(data []byte, into any) error {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil //nolint:nilerr // the decoder says it better
	}
	k := &keyCheck{tag: "yaml"}
	for _, doc := range file.Docs {
		k.yaml(doc.Body, reflect.TypeOf(into))
	}
	return inOneLine(k.bad)
}

// yaml compares a node with the type that is to hold it. A type that reads itself
// and an alias are left alone: the one knows, the other is checked at its anchor.
func (k *keyCheck) yaml(n ast.Node, t reflect.Type) {
	if t = plain(t); readsItself(t) {
		return
	}
	switch n := n.(type) {
	case *ast.AnchorNode:
		k.yaml(n.Value, t)
	case *ast.TagNode:
		k.yaml(n.Value, t)
	case *ast.SequenceNode:
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
			for _, v := range n.Values {
				k.yaml(v, t.Elem())
			}
		}
	case ast.MapNode:
		for each := n.MapRange(); each.Next(); {
			k.entry(each.KeyValue(), t)
		}
	}
}

func (k *keyCheck) entry(kv *ast.MappingValueNode, t reflect.Type) {
	if t.Kind() == reflect.Map {
		k.yaml(kv.Value, t.Elem())
		return
	}
	token := kv.Key.GetToken()
	if t.Kind() != reflect.Struct || token == nil || kv.Key.IsMergeKey() {
		return
	}
	if f, ok := k.field(t, token.Value); ok {
		k.yaml(kv.Value, f)
		return
	}
	k.unknown(fmt.Sprintf("line %d", token.Position.Line), token.Value, k.names(t))
}

// readsItself reports a type with an UnmarshalYAML of either form.
func readsItself(t reflect.Type) bool {
	_, ok := reflect.PointerTo(t).MethodByName("UnmarshalYAML")
	return ok
}
