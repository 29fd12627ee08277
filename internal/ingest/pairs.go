package ingest

import "strings"

// pair is one key=value of a line.
type pair struct{ key, value string }

// splitPairs reads key=value pairs: values are bare up to a blank (or a comma or
// semicolon before the next key), or in single or double quotes with backslash
// escapes of the quote and the backslash. What is no pair is passed over. Fields
// share memory with line where they hold no escape.
func splitPairs(line string, dst []pair) []pair {
	for i := 0; i < len(line); {
		eq := strings.IndexByte(line[i:], '=')
		if eq < 0 {
			return dst
		}
		eq += i
		start := eq
		for start > i && isKeyByte(line[start-1]) {
			start--
		}
		if start == eq {
			i = eq + 1
			continue
		}
		value, next := pairValue(line, eq+1)
		dst = append(dst, pair{line[start:eq], value})
		i = next
	}
	return dst
}

func isKeyByte(c byte) bool {
	return c == '_' || c == '-' || c == '.' || c == '@' || c == '/' || c >= '0' && c <= '9' || isLetter(c)
}

// pairValue reads the value at offset i and returns the offset after it.
func pairValue(line string, i int) (string, int) {
	if i < len(line) && (line[i] == '"' || line[i] == '\'') {
		quote := line[i]
		var b []byte
		for j := i + 1; j < len(line); j++ {
			switch c := line[j]; {
			case c == '\\' && j+1 < len(line) && (line[j+1] == quote || line[j+1] == '\\'):
				if b == nil {
					b = append([]byte{}, line[i+1:j]...)
				}
				j++
				b = append(b, line[j])
			case c == quote:
				if b == nil {
					return line[i+1 : j], j + 1
				}
				return string(b), j + 1
			case b != nil:
				b = append(b, c)
			}
		}
		// The quote is never closed: the value is a bare one that begins with it.
	}
	j := i
	for j < len(line) && line[j] != ' ' && line[j] != '\t' {
		j++
	}
	return strings.TrimRight(line[i:j], ",;"), j
}

func findPair(pairs []pair, key string) (string, bool) {
	for _, p := range pairs {
		if p.key == key {
			return p.value, true
		}
	}
	return "", false
}

// pairText is the first value of a key, "" when there is none.
func pairText(pairs []pair, key string) string {
	v, _ := findPair(pairs, key)
	return v
}
