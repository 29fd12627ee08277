package jsonscan

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// valid is the verdict of the reference library with the documented differences
// taken out: duplicate names allowed.
func reference(b []byte) bool {
	v := jsontext.Value(b)
	return v.IsValid(jsontext.AllowDuplicateNames(true))
}

func accepts(b []byte) bool {
	var s Scanner
	s.Reset(b)
	s.Skip()
	return s.End() == nil
}

// differs reports inputs on which the two are meant to differ: escaped lone
// surrogates, and nesting between our limit and the library's.
func differs(b []byte) bool {
	t := string(b)
	return strings.Contains(strings.ToLower(t), `\ud`) || strings.Count(t, "[")+strings.Count(t, "{") > MaxDepth
}

var seeds = []string{
	`{}`, `[]`, `null`, `true`, `false`, `0`, `-0`, `1.5e+10`, `"a"`, `"\u00e9\n\/"`, `{"a":{"b":[1,2,{"c":null}]}}`,
	` { "a" : 1 , "b" : [ ] } `, `{"a":1,"a":2}`, `"\ud83d\ude00"`, `"é日本"`, `"a long string of more than eight bytes \\ "`,
	``, ` `, `{`, `}`, `[1,]`, `{"a":1,}`, `{"a"}`, `{"a":}`, `{,}`, `[,1]`, `01`, `1.`, `.5`, `+1`, `1e`, `-`, `--1`, `1 2`, `nul`, `truex`,
	`"abc`, `"\x"`, `"\u12"`, "\"\x01\"", "\"\n\"", "\"\xff\"", "\"12345678\xc3\"", "\"\xed\xa0\x80\"", `{"a":1}{`, `{"a":1 "b":2}`, `NaN`,
	"\x00", "{\"a\":\x00}", `'a'`, `{a:1}`, `/*c*/1`, `[1e5,-0.1E-2]`, `"\"`, `"\\"`,
}

func TestAgreesWithReference(t *testing.T) {
	for _, in := range seeds {
		if got, want := accepts([]byte(in)), reference([]byte(in)); got != want {
			t.Errorf("%q: accepted %v, the reference says %v", in, got, want)
		}
	}
}

func TestDepth(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	if !accepts([]byte(deep(MaxDepth))) {
		t.Error("nesting at the limit is refused")
	}
	if accepts([]byte(deep(MaxDepth + 1))) {
		t.Error("nesting past the limit is accepted")
	}
	if accepts([]byte(strings.Repeat(`{"a":`, 3_000_000))) {
		t.Error("millions of open objects are accepted")
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		`"plain"`: "plain", `"\u00e9\t\"\\\/"`: "é\t\"\\/", `"\ud83d\ude00"`: "😀", `"\ud83d"`: "\ufffd", `"\ud83dx"`: "\ufffdx",
		`"\ude00\ud83d"`: "\ufffd\ufffd", `12345678901234567890`: "12345678901234567890", `-1.50`: "-1.50", `true`: "true", `null`: "", `""`: "",
	} {
		var s Scanner
		s.Reset([]byte(in))
		if got := s.Text(); got != want || s.End() != nil {
			t.Errorf("%s: got %q (%v), want %q", in, got, s.Err(), want)
		}
	}
}

func TestWalk(t *testing.T) {
	var s Scanner
	s.Reset([]byte(`{"a": {"x": [1, {"y": "z"}], "w": null}, "b\u0062": [], "a": NaN, "n": -Infinity}`))
	s.AllowNaN = true
	var got strings.Builder
	var walk func()
	walk = func() {
		switch s.Kind() {
		case '{':
			got.WriteByte('{')
			for s.Object(); s.Next(); {
				got.WriteString(string(s.Key) + ":")
				walk()
			}
			got.WriteByte('}')
		case '[':
			got.WriteByte('[')
			for s.Array(); s.Elem(); {
				walk()
			}
			got.WriteByte(']')
		default:
			got.WriteString(s.Text() + ";")
		}
	}
	walk()
	if err := s.End(); err != nil {
		t.Fatal(err)
	}
	if want := `{a:{x:[1;{y:z;}]w:;}bb:[]a:;n:;}`; got.String() != want {
		t.Errorf("got %s, want %s", got.String(), want)
	}
}

func TestNullIsAnEmptyContainer(t *testing.T) {
	var s Scanner
	s.Reset([]byte(`{"a": null, "b": null, "c": [null, {}], "d": 1}`))
	var keys []string
	for s.Object(); s.Next(); {
		keys = append(keys, string(s.Key))
		switch string(s.Key) {
		case "a":
			for s.Object(); s.Next(); {
				t.Error("null has a member")
			}
		case "b":
			if s.List() {
				t.Error("null is a list")
			}
		case "c":
			for s.Array(); s.Elem(); {
				for s.Object(); s.Next(); {
					t.Error("null has a member")
				}
			}
		default:
			s.Skip()
		}
	}
	if s.End() != nil || strings.Join(keys, "") != "abcd" {
		t.Errorf("keys %q, %v", keys, s.Err())
	}
}

func TestErrorNamesTheOffset(t *testing.T) {
	for in, want := range map[string]string{
		"{\"name\": \"Andr\xe9\"}": "invalid UTF-8 at byte 14",
		`{"a": 1,}`:                "unexpected '}', want a value after the comma at byte 8",
		`{"a": `:                   "unexpected end, want a value at byte 6",
		"\"a\tb\"":                 "control character in a string at byte 2",
	} {
		var s Scanner
		s.Reset([]byte(in))
		s.Skip()
		if err := s.End(); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}

func TestRawAndRest(t *testing.T) {
	var s Scanner
	s.Reset([]byte(`{"a": [1, 2] , "b": {"c": 3}}`))
	var got []string
	for s.Object(); s.Next(); {
		if string(s.Key) == "b" && strings.HasPrefix(string(s.Rest()), `{"c": 3}`) {
			s.Advance(len(`{"c": 3}`))
			got = append(got, "advanced")
			continue
		}
		got = append(got, string(s.Raw()))
	}
	if s.End() != nil || strings.Join(got, "|") != "[1, 2]|advanced" {
		t.Errorf("got %q, %v", got, s.Err())
	}
}

// FuzzDifferential holds the scanner to the reference library's verdict.
func FuzzDifferential(f *testing.F) {
	for _, in := range seeds {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if differs(b) {
			accepts(b)
			return
		}
		if got, want := accepts(b), reference(b); got != want {
			t.Errorf("%q: accepted %v, the reference says %v", b, got, want)
		}
	})
}

func BenchmarkSkip(b *testing.B) {
	in := []byte(`{"value":[` + strings.Repeat(`{"id":"22608a25-1d9b-44b5-b0f2-cb94f06b2d00","name":"A policy name","on":true,"n":[1,2,3]},`, 50) + `{}]}`)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if !accepts(in) {
			b.Fatal("refused")
		}
	}
}
