package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// wordReason maps a word of a provider's free text to the shared class.
type wordReason struct {
	word   string // lower case
	reason signin.Reason
}

// reasonIn is the class of the first word that text contains, in the order of
// the list, OtherReason when it has none of them.
func reasonIn(list []wordReason, text string) signin.Reason {
	lower := strings.ToLower(text)
	for _, w := range list {
		if strings.Contains(lower, w.word) {
			return w.reason
		}
	}
	return signin.OtherReason
}

// nobody is the type under which a record of a sign-in that names no one is
// counted: without a principal it can belong to no person's history.
func nobody(typ string) string { return typ + " (names nobody)" }

// anyTree reports whether one of the first whole records of a JSON file is what
// a format looks for. The last record of the sample may be cut off; it is then
// passed over.
func (s *sample) anyTree(is func(v val) bool) bool {
	sc := newScratch()
	for _, rec := range s.recs {
		if v, err := sc.doc.parseObject(&sc.scan, rec, true); err == nil && is(v) {
			return true
		}
	}
	return false
}
