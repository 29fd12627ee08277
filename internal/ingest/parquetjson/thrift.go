package parquetjson

import (
	"encoding/binary"
	"errors"
)

// A footer is a struct in Thrift's compact protocol
// (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md). checkThrift
// walks one and refuses a list or text that claims more elements than bytes are
// left: every element takes at least one.

var errThrift = errors.New("parquet: damaged file: the footer cannot be read")

const maxThriftDepth = 32 // Parquet's own structs nest far less

// The compact protocol's types.
const (
	thriftTrue = iota + 1
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftStruct = 12
)

func checkThrift(footer []byte) error {
	_, err := skipStruct(footer, 0)
	return err
}

func skipStruct(b []byte, depth int) ([]byte, error) {
	if depth > maxThriftDepth {
		return nil, errThrift
	}
	for {
		if len(b) == 0 {
			return nil, errThrift
		}
		head := b[0]
		b = b[1:]
		if head == 0 {
			return b, nil
		}
		var err error
		if head>>4 == 0 { // the field's id is written out
			if b, err = skipVarint(b); err != nil {
				return nil, err
			}
		}
		if b, err = skipValue(b, head&15, true, depth); err != nil {
			return nil, err
		}
	}
}

// skipValue passes a value; a boolean field's value is in its type, an element's is a byte.
func skipValue(b []byte, typ byte, field bool, depth int) ([]byte, error) {
	switch typ {
	case thriftTrue, thriftFalse:
		if field {
			return b, nil
		}
		return skipBytes(b, 1)
	case thriftByte:
		return skipBytes(b, 1)
	case thriftI16, thriftI32, thriftI64:
		return skipVarint(b)
	case thriftDouble:
		return skipBytes(b, 8)
	case thriftBinary:
		n, b, err := varint(b)
		if err != nil {
			return nil, err
		}
		return skipBytes(b, n)
	case thriftList, thriftSet:
		if len(b) == 0 {
			return nil, errThrift
		}
		head := b[0]
		b = b[1:]
		n := uint64(head >> 4)
		if n == 15 {
			var err error
			if n, b, err = varint(b); err != nil {
				return nil, err
			}
		}
		if n > uint64(len(b)) {
			return nil, errThrift
		}
		for range n {
			var err error
			if b, err = skipValue(b, head&15, false, depth+1); err != nil {
				return nil, err
			}
		}
		return b, nil
	case thriftStruct:
		return skipStruct(b, depth+1)
	}
	return nil, errThrift // Parquet's footer has no maps
}

func skipBytes(b []byte, n uint64) ([]byte, error) {
	if n > uint64(len(b)) {
		return nil, errThrift
	}
	return b[n:], nil
}

func skipVarint(b []byte) ([]byte, error) {
	_, b, err := varint(b)
	return b, err
}

func varint(b []byte) (uint64, []byte, error) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, errThrift
	}
	return v, b[n:], nil
}
