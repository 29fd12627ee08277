package analysis

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// TestPackedRows: rows come back as they were, whatever is in them, and usual
// rows take a fraction of their memory.
func TestPackedRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	wild := make([]signin.Row, 300)
	for i := range wild {
		r := &wild[i]
		r.Time, r.Line = signin.Time(rng.Int64()), rng.Int64()
		r.ID, r.Correlation, r.Original, r.Session, r.Token = rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64()
		r.Lat, r.Lon, r.Radius, r.ASN = rng.Float64(), -rng.Float64(), rng.Float32(), rng.Uint32()
		r.Ref, r.Port, r.Located = signin.Ref{Run: rng.Uint32(), Row: rng.Uint32()}, uint16(rng.Uint32()), rng.IntN(2) == 1
		for k := range r.E {
			r.E[k] = uint8(rng.Uint32())
		}
		for k := range r.C {
			r.C[k] = signin.Code(rng.Uint32())
		}
		if i%3 == 0 {
			*r = signin.Row{}
		}
	}
	if d := cmp.Diff(wild, pack(wild).rows()); d != "" {
		t.Error(d)
	}
	sym := signin.NewSymbols()
	var usual []signin.Row
	for _, e := range mixed() {
		usual = append(usual, signin.RowOf(&e, sym))
	}
	p := pack(usual)
	if d := cmp.Diff(usual, p.rows()); d != "" {
		t.Error(d)
	}
	plain := len(usual) * int(unsafe.Sizeof(signin.Row{}))
	if len(p.data)*3 > plain {
		t.Errorf("%d rows take %d bytes packed and %d as they are", len(usual), len(p.data), plain)
	}
	t.Logf("%d bytes a row, %d packed", plain/len(usual), len(p.data)/len(usual))
}
