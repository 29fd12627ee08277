package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible makes text from a log harmless for a person to look at, in any
// format: control bytes (terminal escapes among them), line breaks, invisible
// characters and the marks that turn the reading direction around are written
// out as \n, \x1b or \u202e; bytes that are not UTF-8 as \xff. All other text,
// right-to-left scripts included, stays. A character written out cannot be told
// from the same characters typed: this is for eyes, not for machines.
func visible(s string) string {
	if !needsVisible(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteString(`\x` + hex(s[i]))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteByte(' ')
		case r < 0x80 && hidden(r):
			b.WriteString(`\x` + hex(byte(r)))
		case hidden(r):
			b.WriteString(escaped(r))
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

func needsVisible(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	return strings.ContainsFunc(s, hidden)
}

// hidden reports a character with no shape of its own, or one that changes how
// others are shown: controls (Cc), formats (Cf: bidirectional marks, zero-width
// joiners, tags), line and paragraph separators, fillers that look empty, and
// private use.
func hidden(r rune) bool {
	if r < 0x7f {
		return r < 0x20
	}
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x2028, 0x2029, 0x3164, 0xffa0:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector)
}

func hex(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

func escaped(r rune) string {
	s := strconv.FormatInt(int64(r), 16)
	if len(s) <= 4 {
		return `\u` + strings.Repeat("0", 4-len(s)) + s
	}
	return `\U` + strings.Repeat("0", 8-len(s)) + s
}
