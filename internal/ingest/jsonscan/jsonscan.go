// Package jsonscan is a pull scanner for one JSON value held in memory, made
// for log decoders: no allocation for strings without escapes, key dispatch by
// switch, and full validation.
//
// It is strict as RFC 8259 and RFC 7493 ask: UTF-8 is checked, control
// characters in strings, malformed numbers and escapes, trailing commas and
// trailing data are errors, and nesting is bounded by MaxDepth. It differs from
// github.com/go-json-experiment/json in two documented ways: duplicate object
// keys are delivered one after the other, so that the last one wins (Microsoft
// Graph's own examples contain them), and an escaped lone surrogate reads as
// U+FFFD instead of being an error.
//
// Errors are sticky: after the first, every method returns its zero value and
// loops end. A caller checks Err once, or calls End.
package jsonscan

import (
	"fmt"
	"strconv"
	"unsafe"
)

// MaxDepth bounds the nesting of objects and arrays.
const MaxDepth = 512

// Error is a syntax or type error at a byte offset of the scanned value.
type Error struct {
	Offset int
	Msg    string
}

func (e *Error) Error() string { return fmt.Sprintf("%s at byte %d", e.Msg, e.Offset) }

// Scanner reads one value. The zero Scanner reads nothing: call Reset first.
// Strings and byte slices it returns share memory with the source, which must
// not be modified afterwards.
type Scanner struct {
	src    []byte
	pos    int
	depth  int
	first  bool // the innermost open container has had no element yet
	absent bool // null stood where a container was to be entered
	err    *Error

	// Key is the key of the current member, valid until the next call of Next.
	Key []byte
	// AllowNaN accepts bare NaN, Infinity and -Infinity, which pandas writes for
	// a missing cell, and reads them as null.
	AllowNaN bool
}

// Reset starts over at the beginning of src. AllowNaN is kept.
func (s *Scanner) Reset(src []byte) {
	s.src, s.pos, s.depth, s.first, s.absent, s.err, s.Key = src, 0, 0, false, false, nil, nil
}

// Err is the first error met, or nil.
func (s *Scanner) Err() error {
	if s.err == nil {
		return nil
	}
	return s.err
}

// Offset is the current position in the source.
func (s *Scanner) Offset() int { return s.pos }

// Fail records an error of the caller's at the current position, unless one is
// recorded already.
func (s *Scanner) Fail(msg string) { s.fail(s.pos, msg) }

func (s *Scanner) fail(at int, msg string) {
	if s.err == nil {
		s.err = &Error{at, msg}
	}
}

// End checks that nothing but white space follows and returns the first error.
func (s *Scanner) End() error {
	if s.err == nil {
		s.space()
		if s.pos < len(s.src) {
			s.unexpected("the end")
		}
	}
	return s.Err()
}

// space skips white space and returns the byte it stops at, 0 at the end.
func (s *Scanner) space() byte {
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		if c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		s.pos++
	}
	return 0
}

// unexpected reports the byte at the current position.
func (s *Scanner) unexpected(want string) {
	if s.pos >= len(s.src) {
		s.fail(s.pos, "unexpected end, want "+want)
		return
	}
	s.fail(s.pos, "unexpected "+strconv.QuoteRuneToASCII(rune(s.src[s.pos]))+", want "+want)
}

// Kind looks at the next value: one of { [ " t f n or 0 for a number (any
// digit or sign reads as '0'); 0 byte at the end or after an error.
func (s *Scanner) Kind() byte {
	if s.err != nil {
		return 0
	}
	c := s.space()
	switch {
	case c >= '0' && c <= '9':
		return '0'
	case c == '-':
		if s.AllowNaN && s.pos+1 < len(s.src) && s.src[s.pos+1] == 'I' {
			return 'n'
		}
		return '0'
	case s.AllowNaN && (c == 'N' || c == 'I'):
		return 'n'
	}
	return c
}

// Object enters an object, to be left by calling Next until it reports false:
//
//	for s.Object(); s.Next(); { ... }
//
// null reads as an object without members; anything else is an error.
func (s *Scanner) Object() { s.absent = !s.enter('{', "an object") }

// Array enters an array, to be left by calling Elem until it reports false;
// otherwise like Object.
func (s *Scanner) Array() { s.absent = !s.enter('[', "an array") }

// List is Array for a caller who tells null from an empty list: it reports
// false for null, which it consumes, and then there is nothing to leave.
func (s *Scanner) List() bool { return s.enter('[', "an array") }

func (s *Scanner) enter(open byte, want string) bool {
	if s.err != nil {
		return false
	}
	switch c := s.space(); {
	case c == open:
		s.pos++
		s.depth++
		s.first = true
		if s.depth > MaxDepth {
			s.fail(s.pos-1, "nesting deeper than "+strconv.Itoa(MaxDepth))
			return false
		}
		return true
	case s.Kind() == 'n':
		s.null()
	default:
		s.unexpected(want)
	}
	return false
}

// Next moves to the next member of the current object and sets Key. It reports
// false at the end of the object. The caller must consume the member's value.
func (s *Scanner) Next() bool {
	if !s.more('}') {
		return false
	}
	if s.pos >= len(s.src) || s.src[s.pos] != '"' {
		s.unexpected("a key")
		return false
	}
	start := s.pos
	raw, escaped := s.str()
	if s.err != nil {
		return false
	}
	if escaped {
		raw = unescape(s.src[start+1 : s.pos-1])
	}
	s.Key = raw
	// The usual case, no space around the colon, is worth a test of its own.
	if s.pos < len(s.src) && s.src[s.pos] == ':' {
		s.pos++
		return true
	}
	if s.space() != ':' {
		s.unexpected("a colon")
		return false
	}
	s.pos++
	return true
}

// Elem moves to the next element of the current array, reporting false at its end.
func (s *Scanner) Elem() bool { return s.more(']') }

func (s *Scanner) more(closing byte) bool {
	if s.err != nil {
		return false
	}
	if s.absent {
		s.absent = false
		return false
	}
	c := s.space()
	if c == closing {
		s.pos++
		s.depth--
		s.first = false
		return false
	}
	if s.first {
		s.first = false
		return true
	}
	if c != ',' {
		s.unexpected("a comma or " + strconv.QuoteRune(rune(closing)))
		return false
	}
	s.pos++
	if c := s.space(); c == closing {
		s.unexpected("a value after the comma")
		return false
	}
	return true
}

// Text reads a scalar as text: a string's content, a number or boolean as
// written, "" for null. An object or array is an error.
func (s *Scanner) Text() string {
	if s.err == nil && s.pos < len(s.src) && s.src[s.pos] == '"' {
		return s.textString() // the usual case
	}
	switch s.Kind() {
	case '"':
		return s.textString()
	case '0':
		start := s.pos
		s.number()
		if s.err != nil {
			return ""
		}
		return view(s.src[start:s.pos])
	case 't':
		s.word("true")
		return "true"
	case 'f':
		s.word("false")
		return "false"
	case 'n':
		s.null()
		return ""
	}
	s.unexpected("text")
	return ""
}

func (s *Scanner) textString() string {
	start := s.pos
	raw, escaped := s.str()
	if s.err != nil {
		return ""
	}
	if escaped {
		raw = unescape(s.src[start+1 : s.pos-1])
	}
	return view(raw)
}

// Skip validates and passes over the next value.
func (s *Scanner) Skip() {
	switch s.Kind() {
	case '"':
		s.str()
	case '0':
		s.number()
	case 't':
		s.word("true")
	case 'f':
		s.word("false")
	case 'n':
		s.null()
	case '{':
		for s.Object(); s.Next(); {
			s.Skip()
		}
	case '[':
		for s.Array(); s.Elem(); {
			s.Skip()
		}
	default:
		s.unexpected("a value")
	}
}

// Raw validates the next value and returns its bytes.
func (s *Scanner) Raw() []byte {
	if s.err != nil {
		return nil
	}
	s.space()
	start := s.pos
	s.Skip()
	if s.err != nil {
		return nil
	}
	return s.src[start:s.pos]
}

// Rest is the source from the next value on. Together with Advance it lets a
// caller recognise a complete value it has validated before by comparing bytes.
func (s *Scanner) Rest() []byte {
	if s.err != nil {
		return nil
	}
	s.space()
	return s.src[s.pos:]
}

// Advance passes over n bytes of Rest, which must be exactly one valid object,
// array or string.
func (s *Scanner) Advance(n int) { s.pos += n }

func (s *Scanner) null() {
	if s.AllowNaN {
		switch s.src[s.pos] {
		case 'N':
			s.word("NaN")
			return
		case 'I':
			s.word("Infinity")
			return
		case '-':
			s.word("-Infinity")
			return
		}
	}
	s.word("null")
}

func (s *Scanner) word(w string) {
	if len(s.src)-s.pos < len(w) || string(s.src[s.pos:s.pos+len(w)]) != w {
		s.unexpected(strconv.Quote(w))
		return
	}
	s.pos += len(w)
}

func view(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b)) //nolint:gosec // the source is never modified, by contract
}
