package dataset

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zeebo/xxh3"
)

// Probing finds what a map finds, whatever lies on block borders.
func TestProbe(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 27, idsBlock, idsBlock + 1, 5*idsBlock + 3} {
		var entries []idEntry
		for i := range n {
			k := xxh3.Uint128{Hi: rng.Uint64() >> 1, Lo: rng.Uint64()}
			if i%7 == 0 && i > 0 {
				k = entries[i-1].key // several versions of one record
			}
			if i%5 == 0 && i > 0 {
				k.Hi = entries[i-1].key.Hi
			}
			entries = append(entries, idEntry{k, rng.Uint64(), uint32(i)})
		}
		entries = sortEntries(entries)
		if !slices.IsSortedFunc(entries, compareEntries) {
			t.Fatal("sortEntries does not sort")
		}
		path := filepath.Join(t.TempDir(), "x.ids")
		if err := writeIDs(path, slices.Values(entries)); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, every := range []int{1, 13, n/2 + 1} {
			var probes []idEntry
			for i := 0; i < n; i += every {
				probes = append(probes, idEntry{key: entries[i].key, row: uint32(i)}, idEntry{key: xxh3.Uint128{Hi: rng.Uint64(), Lo: 1}, row: uint32(n + i)})
			}
			slices.SortFunc(probes, compareEntries)
			type pair struct{ Probe, Row uint32 }
			var got, want []pair
			for _, p := range probes {
				for _, e := range entries {
					if e.key == p.key {
						want = append(want, pair{p.row, e.row})
					}
				}
			}
			x, err := openIDs(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := x.probe(probes, func(p int, e idEntry) { got = append(got, pair{probes[p].row, e.row}) }); err != nil {
				t.Fatal(err)
			}
			sortPairs := func(p []pair) {
				slices.SortFunc(p, func(a, b pair) int { return int(a.Probe)*1_000_000 + int(a.Row) - int(b.Probe)*1_000_000 - int(b.Row) })
			}
			sortPairs(got)
			sortPairs(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d entries, every %d (-want +got):\n%s", n, every, diff)
			}
			if n > 20_000 {
				break
			}
		}
	}
}

// A damaged ids file is an error, never a panic or a wrong entry.
func FuzzIDs(f *testing.F) {
	var entries []idEntry
	for i := range 300 {
		entries = append(entries, idEntry{xxh3.Uint128{Hi: uint64(i) << 40, Lo: uint64(i)}, uint64(i), uint32(i)})
	}
	path := filepath.Join(f.TempDir(), "x.ids")
	if err := writeIDs(path, slices.Values(entries)); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:100])
	f.Add([]byte(idsMagic + "\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := readIDs(bytes.NewReader(b), int64(len(b)), "x.ids")
		if err != nil {
			return
		}
		_ = x.probe(entries, func(int, idEntry) {})
	})
}

func TestCompareIdentifiers(t *testing.T) {
	b := &idColumn{}
	texts := []string{
		"", "0", "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-00000000000A",
		"00000000-0000-4000-8000-00000000000a", "9", "ABC", "a", "aaaaaaaa-0000-4000-8000-000000000000", "zz",
	}
	for i, s := range texts {
		if g, ok := lowerGUID(s); ok {
			b.setGUID(i, g)
		} else if s != "" {
			b.setText(i, s)
		}
	}
	for i := range texts {
		for j := range texts {
			got := b.at(uint32(i)).compare(b.at(uint32(j)))
			if want := i - j; got*want < 0 || (got == 0) != (want == 0) {
				t.Errorf("compare %q, %q = %d", texts[i], texts[j], got)
			}
		}
	}
}

func TestPlans(t *testing.T) {
	groups := func(n ...int64) []int { return planGroups(n) }
	if diff := cmp.Diff([]int{300}, groups(100, 0, 200)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{100, 61441, 61441, 100_000, 30_000}, groups(100, 122_882, 100_000, 30_000)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int(nil), groups(0, 0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{4500, 20_500, 20_600}, planPages([]int{1500, 3000, 16_000, 100})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{100, 10_100, 20_100, 20_101}, planPages([]int{100, 20_000, 1})); diff != "" {
		t.Error(diff)
	}
}
