package evtxjson

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// valueText is a value as Event Viewer writes it ("" of types without a text).
// The types are those of winevt.h, EVT_VARIANT_TYPE; 0x80 marks an array.
func valueText(b []byte, kind byte) string {
	if kind&0x80 != 0 {
		return arrayText(b, kind&^0x80)
	}
	le := binary.LittleEndian
	switch kind {
	case 0x01:
		return strings.TrimRight(utf16Text(b), "\x00")
	case 0x02:
		return strings.ToValidUTF8(strings.TrimRight(string(b), "\x00"), "\ufffd")
	case 0x0e:
		return strings.ToUpper(hex.EncodeToString(b))
	case 0x13:
		return sidText(b)
	}
	if width := widths[kind]; width == 0 || len(b) < width {
		if kind == 0x10 && len(b) == 4 {
			return fmt.Sprintf("0x%x", le.Uint32(b))
		}
		return ""
	}
	switch kind {
	case 0x03:
		return strconv.Itoa(int(int8(b[0]))) //nolint:gosec // the bits of a signed value
	case 0x04:
		return strconv.Itoa(int(b[0]))
	case 0x05:
		return strconv.Itoa(int(int16(le.Uint16(b)))) //nolint:gosec // the same
	case 0x06:
		return strconv.Itoa(int(le.Uint16(b)))
	case 0x07:
		return strconv.Itoa(int(int32(le.Uint32(b)))) //nolint:gosec // the same
	case 0x08:
		return strconv.FormatUint(uint64(le.Uint32(b)), 10)
	case 0x09:
		return strconv.FormatInt(int64(le.Uint64(b)), 10) //nolint:gosec // the same
	case 0x0a:
		return strconv.FormatUint(le.Uint64(b), 10)
	case 0x0b:
		return strconv.FormatFloat(float64(math.Float32frombits(le.Uint32(b))), 'g', -1, 32)
	case 0x0c:
		return strconv.FormatFloat(math.Float64frombits(le.Uint64(b)), 'g', -1, 64)
	case 0x0d:
		return strconv.FormatBool(le.Uint32(b) != 0)
	case 0x0f:
		return fmt.Sprintf("{%08X-%04X-%04X-%X-%X}", le.Uint32(b), le.Uint16(b[4:]), le.Uint16(b[6:]), b[8:10], b[10:16])
	case 0x10, 0x15:
		return fmt.Sprintf("0x%x", le.Uint64(b))
	case 0x11:
		return filetime(le.Uint64(b))
	case 0x12:
		return systemtime(b)
	case 0x14:
		return fmt.Sprintf("0x%x", le.Uint32(b))
	}
	return ""
}

// widths are the sizes of the types that have one.
var widths = map[byte]int{
	0x03: 1, 0x04: 1, 0x05: 2, 0x06: 2, 0x07: 4, 0x08: 4, 0x09: 8, 0x0a: 8, 0x0b: 4, 0x0c: 8, 0x0d: 4, 0x0f: 16, 0x10: 8,
	0x11: 8, 0x12: 16, 0x14: 4, 0x15: 8,
}

func arrayText(b []byte, kind byte) string {
	var parts []string
	if kind == 0x01 {
		parts = strings.Split(strings.TrimRight(utf16Text(b), "\x00"), "\x00")
	} else if width := widths[kind]; width > 0 {
		for ; len(b) >= width; b = b[width:] {
			parts = append(parts, valueText(b[:width], kind))
		}
	}
	return strings.Join(parts, ",")
}

// filetime counts 100 ns since 1601-01-01; the digits are kept.
func filetime(n uint64) string {
	const toUnix = 11_644_473_600
	if n>>63 != 0 {
		return ""
	}
	s, rest := int64(n/10_000_000)-toUnix, n%10_000_000 //nolint:gosec // under 2^40
	return time.Unix(s, 0).UTC().Format("2006-01-02T15:04:05") + fmt.Sprintf(".%07dZ", rest)
}

func systemtime(b []byte) string {
	u := func(i int) int { return int(binary.LittleEndian.Uint16(b[2*i:])) }
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", u(0), u(1), u(3), u(4), u(5), u(6), u(7))
}

// sidText is the S-1-… form of a security identifier.
func sidText(b []byte) string {
	if len(b) < 8 || len(b) < 8+4*int(b[1]) {
		return ""
	}
	authority := uint64(0)
	for _, c := range b[2:8] {
		authority = authority<<8 | uint64(c)
	}
	s := fmt.Appendf(nil, "S-%d-%d", b[0], authority)
	for i := range int(b[1]) {
		s = strconv.AppendUint(append(s, '-'), uint64(binary.LittleEndian.Uint32(b[8+4*i:])), 10)
	}
	return string(s)
}

// appendJSON writes an element as the package comment says.
func (e *elem) appendJSON(dst []byte) []byte {
	if len(e.attrs) == 0 && len(e.children) == 0 {
		return appendText(dst, e.text)
	}
	dst = append(dst, '{')
	sep := func() {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
	}
	if len(e.attrs) > 0 {
		dst = append(dst, `"#attributes":{`...)
		for i, a := range e.attrs {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendText(dst, a.name), ':')
			dst = appendText(dst, a.text)
		}
		dst = append(dst, '}')
	}
	byName := map[string][]*elem{}
	for _, c := range e.children {
		byName[c.name] = append(byName[c.name], c)
	}
	for _, c := range e.children {
		all := byName[c.name]
		if all == nil {
			continue
		}
		byName[c.name] = nil
		sep()
		dst = append(appendText(dst, c.name), ':')
		if len(all) == 1 {
			dst = c.appendJSON(dst)
			continue
		}
		dst = append(dst, '[')
		for i, d := range all {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = d.appendJSON(dst)
		}
		dst = append(dst, ']')
	}
	if e.text != "" {
		sep()
		dst = append(appendText(dst, "#text"), ':')
		dst = appendText(dst, e.text)
	}
	return append(dst, '}')
}

func appendText(dst []byte, s string) []byte {
	b, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		return append(dst, `""`...)
	}
	return append(dst, b...)
}
