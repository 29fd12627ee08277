package lint

import (
	"errors"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

const placed = "{\n  \"Value\": [\n    {\"id\": \"a\\\"b\", \"n\": -12.5, \"t\": true,\n     \"odata.x\": {\"y\": [1, \"é\", null]}}\n  ]\n}"

func TestFind(t *testing.T) {
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(placed)) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	texts := map[string][]byte{"utf8.json": []byte(placed), "bom.json": append([]byte{0xef, 0xbb, 0xbf}, placed...), "utf16.json": utf16le}
	f := NewFiles(func(name string) ([]byte, error) {
		if text, ok := texts[name]; ok {
			return text, nil
		}
		return nil, errors.New("no such file")
	})
	for _, c := range []struct {
		path string
		want Region
	}{
		{"$", Region{1, 1, 6, 2}},
		{"$.value", Region{2, 12, 5, 4}},
		{"$.value[0].id", Region{3, 12, 3, 18}},
		{"$.VALUE[0].n", Region{3, 25, 3, 30}},
		{"$.value[0].t", Region{3, 37, 3, 41}},
		{"$.value[0].odata.x.y[1]", Region{4, 27, 4, 30}},
		{"$.value[0].odata.x.y[2]", Region{4, 32, 4, 36}},
		{"$.value[0].missing.deep", Region{3, 5, 4, 39}}, // the nearest that is there
		{"$.value[7]", Region{2, 12, 5, 4}},
	} {
		for name := range texts {
			if got, ok := f.Find(name, c.path); !ok || got != c.want {
				t.Errorf("%s %s: %s", name, c.path, cmp.Diff(c.want, got))
			}
		}
	}
	if _, ok := f.Find("gone.json", "$"); ok {
		t.Error("found a place in a file that does not exist")
	}
	if v := f.value("utf8.json", "$.value[0].missing"); v != nil {
		t.Errorf("a missing value is %+v", v)
	}
	if v := (*Files)(nil).value("utf8.json", "$"); v != nil {
		t.Errorf("no files give %+v", v)
	}
}
