package policy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// DecodeText turns a file into UTF-8: PowerShell writes UTF-16 with a byte order
// mark, others UTF-8 with or without one (reference 8). The result may share
// memory with data.
func DecodeText(data []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	case len(data) >= 2 && data[0] == 0 && data[1] != 0:
		return nil, errors.New("text looks like UTF-16 without a byte order mark; save it as UTF-8")
	}
	if order == nil {
		if !utf8.Valid(data) {
			return nil, errors.New("text is not UTF-8 (nor UTF-16 with a byte order mark); save it as UTF-8")
		}
		return data, nil
	}
	data = data[2:]
	if len(data)%2 != 0 {
		return nil, errors.New("UTF-16 text ends in half a character")
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units))), nil
}
