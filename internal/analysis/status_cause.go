package analysis

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxCause is how many characters of a problem stand in a table.
const maxCause = 100

// Cause is a file's problem in one short line for a table that names the file:
// the first line, without the file's name, and at most maxCause characters.
func Cause(file, problem string) string {
	first, _, _ := strings.Cut(problem, "\n")
	for _, before := range []string{fmt.Sprintf("read %q: ", file), "read " + file + ": "} {
		first = strings.TrimPrefix(first, before)
	}
	first = strings.TrimRight(first, " :")
	if utf8.RuneCountInString(first) <= maxCause {
		return first
	}
	return strings.TrimRight(string([]rune(first)[:maxCause-1]), " ,:") + "…"
}
