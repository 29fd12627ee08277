package signin

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// GUID is the 16 bytes of an identifier in the order of its text form.
type GUID [16]byte

// ParseGUID reads the canonical 8-4-4-4-12 form, any case, without braces.
func ParseGUID(s string) (GUID, bool) {
	var g GUID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return g, false
	}
	j := 0
	for i := 0; i < 36; {
		if i == 8 || i == 13 || i == 18 || i == 23 { // a hyphen elsewhere is no hex digit
			i++
			continue
		}
		hi, ok1 := unhex(s[i])
		lo, ok2 := unhex(s[i+1])
		if !ok1 || !ok2 {
			return GUID{}, false
		}
		g[j] = hi<<4 | lo
		i, j = i+2, j+1
	}
	return g, true
}

func unhex(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// String is the canonical lower-case text form.
func (g GUID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], g[0:4])
	b[8] = '-'
	hex.Encode(b[9:13], g[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], g[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], g[8:10])
	b[23] = '-'
	hex.Encode(b[24:36], g[10:16])
	return string(b[:])
}

// GUIDHash is IDHash of the identifier with these bytes. It is never 0.
func GUIDHash(g GUID) uint64 {
	h := binary.BigEndian.Uint64(g[:8]) ^ binary.BigEndian.Uint64(g[8:])*0x9e3779b97f4a7c15
	return max(h, 1)
}

// NormalizeToken rewrites a unique token identifier (uti) to the GUID it
// encodes, so that the two encodings in the wild join: 22 characters of base64
// over the GUID's bytes in little-endian field order (current), or 48 characters
// of base64 over the GUID's text (2021 and 2022). Anything else is returned
// unchanged. Source: reference to the Entra linkable identifiers page; the
// little-endian identity with the request id was checked on one public record.
func NormalizeToken(uti string) string {
	switch len(uti) {
	case 22:
		b, err := base64.RawURLEncoding.DecodeString(uti)
		if err != nil {
			return uti
		}
		g := GUID(b)
		g[0], g[1], g[2], g[3] = g[3], g[2], g[1], g[0]
		g[4], g[5] = g[5], g[4]
		g[6], g[7] = g[7], g[6]
		return g.String()
	case 48:
		b, err := base64.StdEncoding.DecodeString(uti)
		if err != nil {
			return uti
		}
		if g, ok := ParseGUID(string(b)); ok {
			return g.String()
		}
	}
	return uti
}
