package jsonscan

import (
	"fmt"
	"strings"
	"testing"
)

// plainWalk is what Walk stands for: members and values, by Next.
func plainWalk(s *Scanner, out *strings.Builder) {
	for s.Object(); s.Next(); {
		fmt.Fprintf(out, "%q:", s.Key)
		switch s.Kind() {
		case '{':
			out.WriteByte('{')
			plainWalk(s, out)
			out.WriteByte('}')
		default:
			start := s.pos
			s.Skip()
			if s.Err() == nil {
				out.Write(s.src[start:s.pos])
			}
		}
	}
}

func learnedWalk(w *Walk, s *Scanner, out *strings.Builder) {
	for m := w.First(s); m != nil; m = w.Next(s, m) {
		if m.Tag != uint8(len(s.Key)) {
			fmt.Fprintf(out, "(tag %d)", m.Tag)
		}
		fmt.Fprintf(out, "%q:", s.Key)
		switch s.Kind() {
		case '{':
			out.WriteByte('{')
			learnedWalk(w, s, out)
			out.WriteByte('}')
		default:
			start := s.pos
			m.Skip(s)
			if s.Err() == nil {
				out.Write(s.src[start:s.pos])
			}
		}
	}
}

// sameWalk reads docs one after the other with one Walk and compares each with
// a plain reading.
func sameWalk(t *testing.T, nan bool, docs ...[]byte) {
	t.Helper()
	w := NewWalk(func(name string) uint8 { return uint8(len(name)) })
	for _, d := range docs {
		var a, b Scanner
		var want, got strings.Builder
		a.AllowNaN, b.AllowNaN = nan, nan
		a.Reset(d)
		plainWalk(&a, &want)
		b.Reset(d)
		learnedWalk(w, &b, &got)
		wantErr, gotErr := a.End(), b.End()
		if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
			t.Errorf("%q after %q: error %v, want %v", d, docs, gotErr, wantErr)
		}
		if wantErr == nil && want.String() != got.String() {
			t.Errorf("%q after %q:\n got %s\nwant %s", d, docs, got.String(), want.String())
		}
	}
}

var walkSeeds = []string{
	`{"a":1,"b":"x","c":{"a":null,"d":[1,2]},"e":true}`,
	`{"a":1,"b":"x","c":{"a":null,"d":[1,2]},"e":true}`,
	`{"a":10,"b":"xy","c":{"d":[1,2]},"e":true,"f":1}`,
	`{ "a" : 1 , "b":"x" ,"c": null}`,
	`{"a":1,"a":1,"a":2}`, `{"\u0061":1,"b":2}`, `{"a":1,}`, `{"a":1"b":2}`, `{"a":1`, `{"a":1 }`, `{}`, `null`, `[]`, `{"a":1e5,"a":1e5x}`,
	`{"a":}`, `{"a":"x,"b":1}`, `{"c":{"c":{"c":{}}}}`, `{"a":nul}`, `{"a":1]`, `{"a":NaN,"b":Infinity}`,
}

func TestWalkReadsWhatNextReads(t *testing.T) {
	for _, first := range walkSeeds {
		for _, second := range walkSeeds {
			sameWalk(t, false, []byte(first), []byte(second), []byte(first))
			sameWalk(t, true, []byte(first), []byte(second), []byte(first))
		}
	}
}

// What a Walk remembers of one file must not let another through: NaN is no
// JSON, and nesting counts from the top.
func TestWalkRemembersNoLaxity(t *testing.T) {
	w := NewWalk(func(string) uint8 { return 0 })
	read := func(doc string, nan bool) error {
		var s Scanner
		s.AllowNaN = nan
		s.Reset([]byte(doc))
		for m := w.First(&s); m != nil; m = w.Next(&s, m) {
			m.Skip(&s)
		}
		return s.End()
	}
	if err := read(`{"a":[NaN],"b":1}`, true); err != nil {
		t.Fatal(err)
	}
	if err := read(`{"a":[NaN],"b":1}`, false); err == nil {
		t.Error("NaN is accepted")
	}
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	var s Scanner
	v := NewWalk(func(string) uint8 { return 0 })
	s.Reset([]byte(`{"a":` + deep + `}`))
	for m := v.First(&s); m != nil; m = v.Next(&s, m) {
		m.Skip(&s)
	}
	s.Reset([]byte(strings.Repeat(`{"o":`, 400) + `{"a":` + deep + `}` + strings.Repeat(`}`, 400)))
	var down func()
	down = func() {
		for m := v.First(&s); m != nil; m = v.Next(&s, m) {
			if s.Kind() == '{' {
				down()
				continue
			}
			m.Skip(&s)
		}
	}
	if down(); s.End() == nil {
		t.Error("nesting past the limit is accepted")
	}
}

// More names than are remembered are read all the same.
func TestWalkIsBounded(t *testing.T) {
	var doc strings.Builder
	doc.WriteString(`{"x":0`)
	for i := range 2 * maxMembers {
		fmt.Fprintf(&doc, `,"member%d":%d`, i, i)
	}
	doc.WriteString("}")
	sameWalk(t, false, []byte(doc.String()), []byte(doc.String()))
	w := NewWalk(func(string) uint8 { return 0 })
	var s Scanner
	s.Reset([]byte(doc.String()))
	for m := w.First(&s); m != nil; m = w.Next(&s, m) {
		m.Skip(&s)
	}
	if len(w.known) > maxMembers {
		t.Errorf("%d names remembered", len(w.known))
	}
}

// FuzzWalk holds a Walk that has learned one document to a plain reading of
// another.
func FuzzWalk(f *testing.F) {
	for i, a := range walkSeeds {
		f.Add([]byte(a), []byte(walkSeeds[(i+1)%len(walkSeeds)]), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, a, b []byte, nan bool) {
		sameWalk(t, nan, a, b, a, b)
	})
}
