package analysis

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/dataset"
)

// readGrowing reads text as it grows to each of the given lengths, each time
// with a new reader that goes on from the position of the last.
func readGrowing(t *testing.T, text []byte, table bool, lengths []int) (got []byte, pos dataset.Position) {
	t.Helper()
	pos = dataset.Position{Line: 1}
	for _, n := range lengths {
		l := &lineReader{table: table, pos: pos, in: iotest.OneByteReader(bytes.NewReader(text[pos.Offset:n]))}
		k := min(window, pos.Offset)
		l.first, l.last = bytes.Clone(text[:k]), bytes.Clone(text[pos.Offset-k:pos.Offset])
		if pos.Offset > 0 && markOf(l.first, l.last) != pos.Mark {
			t.Fatalf("at %d: the mark is not that of the file", pos.Offset)
		}
		b, err := io.ReadAll(l)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, b...)
		pos = *l.position()
	}
	return got, pos
}

// However a file grows, what is read in pieces is the file, up to its last whole
// line, and the position is right.
func checkGrowing(t *testing.T, text []byte, table bool, lengths []int) {
	t.Helper()
	got, pos := readGrowing(t, text, table, lengths)
	if diff := cmp.Diff(string(text[:len(got)]), string(got)); diff != "" {
		t.Errorf("lengths %v (-file +read):\n%s", lengths, diff)
	}
	if int(pos.Offset) != len(got) || pos.Line != int64(bytes.Count(got, []byte{'\n'}))+1 {
		t.Errorf("position %+v after %d bytes", pos, len(got))
	}
	if rest := text[len(got):]; !table && bytes.IndexByte(rest, '\n') >= 0 {
		t.Errorf("whole lines were left: %q", rest)
	}
	whole, _ := readGrowing(t, text, table, []int{len(text)})
	if !bytes.Equal(whole, got) {
		t.Errorf("lengths %v: read %d bytes, at once %d", lengths, len(got), len(whole))
	}
}

func TestGrowing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "\n", "\r\n", "\"", ",", "{\"a\":1}", " ", "\"x\ny\"", "é", "{"}
	for range 200 {
		var text []byte
		for range r.IntN(60) {
			text = append(text, pieces[r.IntN(len(pieces))]...)
		}
		var lengths []int
		for n := 0; n < len(text); n += 1 + r.IntN(12) {
			lengths = append(lengths, n)
		}
		// JSON that is whole without its newline is read early, which a reading at
		// once does not see; it has a test of its own.
		table := r.IntN(2) == 0
		if !table {
			text = bytes.ReplaceAll(text, []byte("{"), []byte("["))
		}
		checkGrowing(t, text, table, append(lengths, len(text)))
	}
}

// A line that is longer than what is held back is passed on, and the position
// stays right behind it.
func TestGrowingLongLine(t *testing.T) {
	text := bytes.Repeat([]byte("x"), 40<<20)
	copy(text[3:], "\n")
	text = append(text, "\nlast\nrest"...)
	l := &lineReader{in: bytes.NewReader(text), pos: dataset.Position{Line: 1}}
	n, err := io.Copy(io.Discard, l)
	if err != nil {
		t.Fatal(err)
	}
	pos := l.position()
	k := int(pos.Offset)
	if want := len(text) - 4; int(n) != want || k != want || pos.Line != 4 {
		t.Errorf("read %d of %d, position %+v", n, want, pos)
	}
	if want := markOf(text[:window], text[k-window:k]); pos.Mark != want {
		t.Error("the mark is not that of the file")
	}
	if cap(l.buf) > 64<<20 {
		t.Errorf("the reader holds %d bytes", cap(l.buf))
	}
}

// FuzzGrowing: however a file of any bytes grows, nothing is lost and nothing is
// read twice.
func FuzzGrowing(f *testing.F) {
	f.Add([]byte("a,b\r\n\"x\ny\",2\r\n3"), true, uint16(3))
	f.Add([]byte("[1]\n\n[2]\nrest"), false, uint16(2))
	f.Add([]byte("\ufeffh\n\"\"\"\n\"\n"), true, uint16(1))
	f.Fuzz(func(t *testing.T, text []byte, table bool, step uint16) {
		if len(text) > 1<<14 {
			return
		}
		if !table { // see TestGrowing
			text = bytes.ReplaceAll(text, []byte("{"), []byte("["))
		}
		var lengths []int
		for n := 0; n < len(text); n += 1 + max(int(step), len(text)/32) {
			lengths = append(lengths, n)
		}
		checkGrowing(t, text, table, append(lengths, len(text)))
	})
}
