package ingest

import (
	"strconv"
	"unicode/utf8"
)

// pythonToJSON rewrites the text Python's repr gives for dictionaries, lists,
// tuples, strings, numbers, True, False and None, which is what a pandas export
// writes into a cell, as JSON. It checks words and strings only; the result
// still has to be parsed.
func pythonToJSON(s string) ([]byte, bool) {
	out := make([]byte, 0, len(s)+len(s)/8)
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '\'' || c == '"':
			var ok bool
			if out, i, ok = pythonString(out, s, i); !ok {
				return nil, false
			}
		case c == '(':
			out = append(out, '[')
			i++
		case c == ')', c == ']', c == '}':
			out = trimComma(out)
			if c == ')' {
				c = ']'
			}
			out = append(out, c)
			i++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			start := i
			for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z') {
				i++
			}
			switch s[start:i] {
			case "True", "true":
				out = append(out, "true"...)
			case "False", "false":
				out = append(out, "false"...)
			case "None", "null", "nan", "NaN", "inf", "NaT":
				out = append(out, "null"...)
			case "u": // Python 2 marks text
				if i == len(s) || s[i] != '\'' && s[i] != '"' {
					return nil, false
				}
			case "e", "E": // the exponent of a number
				out = append(out, 'e')
			default:
				return nil, false
			}
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			return nil, false
		}
	}
	return out, true
}

// trimComma drops a comma before a closing bracket, as in (1,).
func trimComma(out []byte) []byte {
	i := len(out)
	for i > 0 && (out[i-1] == ' ' || out[i-1] == '\n') {
		i--
	}
	if i > 0 && out[i-1] == ',' {
		return out[:i-1]
	}
	return out
}

// pythonString appends the string literal at s[i] as JSON and returns the
// offset after it.
func pythonString(out []byte, s string, i int) ([]byte, int, bool) {
	quote := s[i]
	out = append(out, '"')
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == quote:
			return append(out, '"'), i + 1, true
		case c == '"':
			out = append(out, '\\', '"')
		case c < ' ':
			out = appendRune(out, rune(c))
		case c != '\\':
			out = append(out, c)
		case i+1 == len(s):
			return nil, 0, false
		default:
			i++
			switch c := s[i]; c {
			case '\'':
				out = append(out, '\'')
			case '"', '\\', 'n', 'r', 't', 'b', 'f':
				out = append(out, '\\', c)
			case 'a', 'v', '0':
				out = appendRune(out, map[byte]rune{'a': 7, 'v': 11, '0': 0}[c])
			case 'x', 'u', 'U':
				n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
				if i+n >= len(s) {
					return nil, 0, false
				}
				r, err := strconv.ParseUint(s[i+1:i+1+n], 16, 32)
				if err != nil || r > utf8.MaxRune {
					return nil, 0, false
				}
				out = appendRune(out, rune(r))
				i += n
			default: // Python keeps the backslash of an escape it does not know
				out = append(out, '\\', '\\', c)
			}
		}
	}
	return nil, 0, false
}

// appendRune appends a character inside a JSON string.
func appendRune(out []byte, r rune) []byte {
	if r >= ' ' && r != '"' && r != '\\' {
		return utf8.AppendRune(out, r)
	}
	const hexDigits = "0123456789abcdef"
	return append(out, '\\', 'u', '0', '0', hexDigits[r>>4&15], hexDigits[r&15])
}
