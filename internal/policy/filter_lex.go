package policy

import (
	"fmt"
	"strings"
)

// A device filter rule is read by a small hand-written scanner and parser: the
// language is Microsoft's own (reference 1.8), and a rule is at most
// maxRule characters.
const maxRule = 3072

type tokenKind uint8

const (
	tokEnd  tokenKind = iota
	tokName           // device.isCompliant, isCompliant
	tokOp             // -eq, eq, ==
	tokText           // "…" or '…'
	tokWord           // True, null, a number
	tokAnd
	tokOr
	tokNot
	tokOpen
	tokClose
	tokListOpen
	tokListClose
	tokComma
)

type token struct {
	kind tokenKind
	text string // operators: canonical lower case; names: lower case as written
	at   int    // byte offset, for messages
}

// filterOps maps every accepted spelling, without hyphen and lower case, to the
// operator.
var filterOps = map[string]filterOp{
	"eq": {match: matchEqual}, "ne": {match: matchEqual, negative: true},
	"==": {match: matchEqual}, "!=": {match: matchEqual, negative: true},
	"startswith": {match: matchPrefix}, "notstartswith": {match: matchPrefix, negative: true},
	"endswith": {match: matchSuffix}, "notendswith": {match: matchSuffix, negative: true},
	"contains": {match: matchContains}, "notcontains": {match: matchContains, negative: true},
	"in": {match: matchIn}, "notin": {match: matchIn, negative: true},
}

func scanFilter(rule string) ([]token, error) {
	if len(rule) > maxRule {
		return nil, fmt.Errorf("rule is %d characters long, at most %d are allowed", len(rule), maxRule)
	}
	var out []token
	for i := 0; i < len(rule); {
		c := rule[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '"' || c == '\'':
			text, end, err := scanText(rule, i)
			if err != nil {
				return nil, err
			}
			out = append(out, token{tokText, text, i})
			i = end
		case strings.IndexByte("()[],", c) >= 0:
			kind := map[byte]tokenKind{'(': tokOpen, ')': tokClose, '[': tokListOpen, ']': tokListClose, ',': tokComma}[c]
			out = append(out, token{kind, string(c), i})
			i++
		case strings.HasPrefix(rule[i:], "==") || strings.HasPrefix(rule[i:], "!="):
			out = append(out, token{tokOp, rule[i : i+2], i})
			i += 2
		case c == '-' || wordByte(c):
			j := i + 1
			for j < len(rule) && wordByte(rule[j]) {
				j++
			}
			out = append(out, wordToken(rule[i:j], i))
			i = j
		default:
			return nil, fmt.Errorf("character %q at offset %d is not part of a rule", c, i)
		}
	}
	return append(out, token{kind: tokEnd, at: len(rule)}), nil
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.'
}

// scanText reads a quoted text; a back-tick takes the next character as it is.
func scanText(rule string, start int) (text string, end int, err error) {
	quote := rule[start]
	var b strings.Builder
	for i := start + 1; i < len(rule); i++ {
		switch c := rule[i]; {
		case c == '`' && i+1 < len(rule):
			i++
			b.WriteByte(rule[i])
		case c == quote:
			return b.String(), i + 1, nil
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, fmt.Errorf("text at offset %d is not closed", start)
}

// wordToken sorts a bare word: an operator or connective with or without its
// hyphen, a property, or a bare value.
func wordToken(word string, at int) token {
	low := strings.ToLower(word)
	bare := strings.TrimPrefix(low, "-")
	switch bare {
	case "and":
		return token{tokAnd, bare, at}
	case "or":
		return token{tokOr, bare, at}
	case "not":
		return token{tokNot, bare, at}
	}
	if _, ok := filterOps[bare]; ok {
		return token{tokOp, bare, at}
	}
	if low != bare { // "-1": a negative number, or nonsense the parser will refuse
		return token{tokWord, low, at}
	}
	switch {
	case low == "true" || low == "false" || low == "null" || low[0] >= '0' && low[0] <= '9':
		return token{tokWord, low, at}
	}
	return token{tokName, low, at}
}
