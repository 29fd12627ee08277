package ingest

import (
	"bytes"
	stdcmp "cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"

	"frisk/internal/ingest/jsonscan"

	"github.com/google/go-cmp/cmp"
)

// pieces cuts data through a splitter that sees n bytes at a time, dropping
// what it can after each, and returns the records as text.
func pieces(sp splitter, data []byte, n int) []string {
	var out []string
	var buf []byte
	pos := 0
	for at := 0; ; at += n {
		end := min(at+n, len(data))
		buf = append(append([]byte(nil), buf...), data[at:end]...)
		eof := end == len(data)
		for _, s := range sp.scan(buf, pos, eof, nil) {
			out = append(out, fmt.Sprintf("%d %q %v", s.line, buf[s.start:s.end], s.err))
		}
		pos = len(buf)
		if eof {
			return out
		}
		if k := sp.pending(); k > 0 {
			buf = buf[k:]
			pos -= k
			sp.drop(k)
		}
	}
}

var splitters = map[string]func() splitter{
	"lines":  func() splitter { return newLineSplitter() },
	"values": func() splitter { return newValueSplitter() },
	"table":  func() splitter { return newTableSplitter(',', 1<<20) },
	"xml":    func() splitter { return newXMLSplitter() },
}

var splitSeeds = []string{
	"", "{}", "{}\n{}\n", `[{"a":1},{"b":[1,{"c":"]}"}]}]`, `{"value":[{"a":1},{"a":2}],"x":{"value":[1]}}`, "{\"value\":[]}\n{\"value\":[{}]}",
	`{"records":[{"properties":{"value":[1,2]}}]}`, `{"data":{"events":[{"uuid":1},{"uuid":2}],"events_":1},"events":[{}]}`,
	`[{"value":[{"a":1}]},{"value":[{"a":2}]}]`, `{"id":1,"value":3}`, `{"value":{"a":[1]}}`, `[[{"a":1}],[{"b":1}]]`, `[1,"x",null,true]`,
	"{\"records\":[{\"a\":\"x\n{\"records\":[{\"a\":1}]}\n", `{"a":"\\\"}{"}`, `{"va\u006cue":[1]}`, `{"valuable thing that is long":[1],"value":[{"k":2}]}`,
	"a,b\n1,2\n\"x\ny\",3\n", "a,b\n\"unclosed,2\n3,4\n5,\"6\"\n", "a\n\"q\"\"q\"\n\r\n\"x\"\r\n", "a\n\"x\"y\nz\n", "}", "]", "{\"a\":]}", "\"", "\\", "{\"a\":\"\\", "x y z",
	"{\"value\n:[", `{"valu\e":[{"a":1}]}`, // a key cut in pieces is the key it is in one
}

func TestValueSplitter(t *testing.T) {
	for in, want := range map[string][]string{
		`[{"a":1},{"b":[1,{"c":"]}"}]}]`:                                     {`{"a":1}`, `{"b":[1,{"c":"]}"}]}`},
		`{"@odata.context":"x","value":[{"a":1},{"a":2}],"n":{"value":[1]}}`: {`{"a":1}`, `{"a":2}`},
		"{\n \"value\": [ {\"a\":1} ]\n}\n{\"value\":[{\"a\":2}]}":           {`{"a":1}`, `{"a":2}`},
		`[{"value":[{"a":1}]},{"value":[{"a":2}]}]`:                          {`{"a":1}`, `{"a":2}`},
		`[[{"a":1}],[{"a":2}]]`:                                              {`{"a":1}`, `{"a":2}`},
		`{"data":{"x":1,"events":[{"a":1}]},"events":[{"no":1}]}`:            {`{"a":1}`},
		`[{"data":{"events":[{"a":1}]}},{"data":{"events":[{"a":2}]}}]`:      {`{"a":1}`, `{"a":2}`},
		`{"id":1,"value":{"a":[1]},"data":{"value":[1]}}`:                    {`{"id":1,"value":{"a":[1]},"data":{"value":[1]}}`},
		`[{"id":1},{"id":2,"value":[3]}]`:                                    {`{"id":1}`, `{"id":2,"value":[3]}`},
		`{"a":"\\"}{"b":"\""}`:                                               {`{"a":"\\"}`, `{"b":"\""}`},
		"{\n\"a\":{\"b\":1}\n}":                                              {"{\n\"a\":{\"b\":1}\n}"},
	} {
		v := newValueSplitter()
		var got []string
		for _, s := range v.scan([]byte(in), 0, true, nil) {
			got = append(got, in[s.start:s.end])
			if s.err != nil {
				t.Errorf("%s: %v", in, s.err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || v.finish() != nil {
			t.Errorf("%s: (-want +got)\n%s%v", in, diff, v.finish())
		}
	}
}

// FuzzSplit: cutting the input into pieces anywhere changes nothing, and
// records lie in order without overlap.
func FuzzSplit(f *testing.F) {
	for _, s := range splitSeeds {
		f.Add([]byte(s), 1)
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if n < 1 || n > 64 {
			n = 1
		}
		for name, make := range splitters {
			whole := pieces(make(), data, max(len(data), 1))
			cut := pieces(make(), data, n)
			if diff := cmp.Diff(whole, cut); diff != "" {
				t.Errorf("%s: pieces of %d differ (-whole +pieces):\n%s", name, n, diff)
			}
			at := 0
			for _, s := range make().scan(data, 0, true, nil) {
				if s.start < at || s.end < s.start || s.end > len(data) {
					t.Fatalf("%s: record %d..%d after %d", name, s.start, s.end, at)
				}
				at = s.end
			}
		}
	})
}

// FuzzRow: splitting a row that was made by quoting fields gives the fields back.
func FuzzRow(f *testing.F) {
	f.Add("a", "b\"c", "d,e")
	f.Add("", "\r", "x")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		got, err := splitRow([]byte(quote(a)+","+quote(b)+","+quote(c)), ',', nil)
		if err != nil || cmp.Diff([]string{a, b, c}, got) != "" {
			t.Errorf("%q: %v", got, err)
		}
		_, _ = splitRow([]byte(a), ';', nil)
	})
}

// FuzzPython: what is rewritten is short, and strings survive.
func FuzzPython(f *testing.F) {
	for _, s := range []string{`{'a': 1}`, `(1,)`, `'\x41\u20ac'`, `u"x"`, `{'a': None, "b": True}`, `'\`, `[nan]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out, ok := pythonToJSON(s)
		if ok && len(out) > 6*len(s)+6 {
			t.Errorf("%q became %q", s, out)
		}
		var sc jsonscan.Scanner
		sc.Reset(out)
		sc.Skip()
	})
}

// FuzzDecoders: no input makes a decoder panic, every record and byte is
// accounted for, and what comes out is valid. FRISK_FUZZ_FORMAT names one format
// to try, seeded with its own fixtures alone, which is many times as fast as all
// of them. Give -fuzzminimizetime 10x: by default Go spends up to a minute on
// making each new input of some KiB smaller, in which it tries nothing new.
func FuzzDecoders(f *testing.F) {
	one := os.Getenv("FRISK_FUZZ_FORMAT")
	names := append([]string{""}, allNames()...)
	if one != "" {
		names = []string{one}
	}
	for _, ar := range fixtureInputs(f, stdcmp.Or(one, "*")) {
		f.Add(ar.Data, ar.Name)
	}
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		read := decodeHere
		if len(data)%16 == 0 {
			read = readWhole
		}
		for _, format := range names {
			bytes := int64(0)
			for b := range read(t, name, data, Options{Workers: 1, Format: format, MaxLine: 1 << 16, AsOf: fixtureAsOf}) {
				bytes += b.Bytes
				others := int64(0)
				for _, o := range b.NotSignIn {
					others += o.Count
				}
				if b.Records != int64(len(b.Events)+len(b.Bad))+others {
					t.Fatalf("%d records, %d events, %d bad, %d others", b.Records, len(b.Events), len(b.Bad), others)
				}
				for i := range b.Events {
					if err := b.Events[i].Validate(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if len(data)%16 != 0 && bytes != 0 && bytes != int64(len(data)) {
				t.Fatalf("%d of %d bytes are accounted for", bytes, len(data))
			}
		}
	})
}

// readWhole is Read: what is packed is unpacked.
func readWhole(t *testing.T, name string, data []byte, opt Options) iter.Seq[*Batch] {
	return func(yield func(*Batch) bool) {
		for b, err := range Read(context.Background(), []Source{ReaderSource(name, bytes.NewReader(data))}, opt) {
			if err != nil {
				t.Fatal(err)
			}
			if !yield(b) {
				return
			}
		}
	}
}

// decodeHere does what Read does with plain text, without its goroutines and
// the memory of unpacking, which are most of the time a short input takes.
func decodeHere(_ *testing.T, name string, data []byte, opt Options) iter.Seq[*Batch] {
	return func(yield func(*Batch) bool) {
		opt = opt.withDefaults()
		f := &file{name: name, opt: &opt, asOf: opt.AsOf}
		head := data[:min(len(data), headSize)]
		sp, err := prepare(f, head)
		if err != nil {
			return
		}
		w := &worker{scratch: newScratch()}
		_ = cut(context.Background(), f, bytes.NewReader(data[len(head):]), head, len(head) == len(data), sp, func(c *chunk) bool {
			more := yield(w.batch(c))
			if len(c.buf) == chunkSize {
				freeBuffers.Put(&c.buf) // nobody looks at the batch any more
			}
			return more
		})
	}
}

func allNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

// TestParallelIsSerial: a stream of many chunks gives the same events, line
// errors and order with one worker and with several.
func TestParallelIsSerial(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		b.WriteString(betaRecord(i) + "\n")
		if i%97 == 0 {
			b.WriteString("{broken\n")
		}
	}
	data := b.String()
	one := result(t, "a.jsonl", []byte(data), Options{Workers: 1})
	four := result(t, "a.jsonl", []byte(data), Options{Workers: 4})
	if one != four {
		t.Error("four workers give another result than one")
	}
	if n := strings.Count(one, "\nbad: "); n != 31 {
		t.Errorf("%d bad lines", n)
	}
	// The same records as an array give the same events but for where they stood.
	array := result(t, "a.jsonl", []byte("["+strings.Join(strings.Split(strings.ReplaceAll(data[:len(data)-1], "{broken\n", ""), "\n"), ",\n")+"]"), Options{Workers: 2})
	if a, l := strings.Count(array, `"raw_line"`), strings.Count(one, `"raw_line"`); a != l || a != 3000 {
		t.Errorf("%d events from an array, %d from lines", a, l)
	}
}
