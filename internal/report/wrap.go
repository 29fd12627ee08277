package report

import (
	"strings"

	"github.com/rivo/uniseg"
)

// width is how many terminal columns s takes.
func width(s string) int { return uniseg.StringWidth(s) }

// wrap breaks s into lines of at most limit columns, at spaces where it can and
// inside long words where it must. It gives at least one line.
func wrap(s string, limit int) []string {
	if width(s) <= limit {
		return []string{s}
	}
	limit = max(limit, 1)
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case width(line)+1+width(word) <= limit:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
		for width(line) > limit {
			head, tail := cut(line, limit)
			lines = append(lines, head)
			line = tail
		}
	}
	return append(lines, line)
}

// cut splits s after as many whole graphemes as fit into limit, at least one;
// after a hyphen or the like if there is one in the second half.
func cut(s string, limit int) (head, tail string) {
	head, tail = cutHard(s, limit)
	if tail == "" {
		return head, tail
	}
	if i := strings.LastIndexAny(head, "-/.@_:,"); i+1 > len(head)/2 {
		return s[:i+1], s[i+1:]
	}
	return head, tail
}

func cutHard(s string, limit int) (head, tail string) {
	used, at := 0, 0
	rest, state := s, -1
	for rest != "" {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if at > 0 && used+w > limit {
			break
		}
		used += w
		at += len(cluster)
	}
	return s[:at], s[at:]
}

// pad fills s with spaces to n columns, on the left if right is set.
func pad(s string, n int, right bool) string {
	gap := n - width(s)
	if gap <= 0 {
		return s
	}
	if right {
		return strings.Repeat(" ", gap) + s
	}
	return s + strings.Repeat(" ", gap)
}

// longestWord is the width of the longest word of s.
func longestWord(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		n = max(n, width(w))
	}
	return n
}
