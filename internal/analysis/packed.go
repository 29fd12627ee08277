package analysis

import (
	"encoding/binary"
	"math"

	"frisk/internal/signin"
)

// packedRows is a history in about a fifth of its memory: each row as what it
// says otherwise than the row before. Rows that wait for their person's other
// accounts are kept so.
type packedRows struct {
	n    int
	data []byte
}

// A row's fields are told apart by the bits of two masks.
var (
	_ [64 - signin.NumDims]struct{}
	_ [32 - signin.NumEnums - packedFields]struct{}
)

const packedFields = 12

func pack(rows []signin.Row) packedRows {
	p := packedRows{n: len(rows), data: make([]byte, 0, 64*len(rows))}
	var was signin.Row
	for i := range rows {
		p.data = packRow(p.data, &was, &rows[i])
		was = rows[i]
	}
	return p
}

// words are the wide fields of a row, by bit of the first mask.
func words(r *signin.Row) [8]uint64 {
	return [8]uint64{
		r.ID, r.Correlation, r.Original, r.Session, r.Token,
		math.Float64bits(r.Lat), math.Float64bits(r.Lon), uint64(math.Float32bits(r.Radius)),
	}
}

// small are the narrow fields, from bit 8 on.
func small(r *signin.Row) [4]uint64 {
	located := uint64(0)
	if r.Located {
		located = 1
	}
	return [4]uint64{uint64(r.ASN), uint64(r.Ref.Run), uint64(r.Port), located}
}

func packRow(b []byte, was, r *signin.Row) []byte {
	var fields uint32
	var dims uint64
	w0, w1, s0, s1 := words(was), words(r), small(was), small(r)
	for k := range w1 {
		if w1[k] != w0[k] {
			fields |= 1 << k
		}
	}
	for k := range s1 {
		if s1[k] != s0[k] {
			fields |= 1 << (8 + k)
		}
	}
	for k := range r.E {
		if r.E[k] != was.E[k] {
			fields |= 1 << (packedFields + k)
		}
	}
	for k := range r.C {
		if r.C[k] != was.C[k] {
			dims |= 1 << k
		}
	}
	b = binary.AppendUvarint(b, uint64(fields))
	b = binary.AppendUvarint(b, dims)
	b = binary.AppendVarint(b, int64(r.Time-was.Time))
	b = binary.AppendVarint(b, int64(r.Ref.Row)-int64(was.Ref.Row))
	b = binary.AppendVarint(b, r.Line-was.Line)
	for k := range w1 {
		if fields&(1<<k) != 0 {
			b = binary.LittleEndian.AppendUint64(b, w1[k])
		}
	}
	for k := range s1 {
		if fields&(1<<(8+k)) != 0 {
			b = binary.AppendUvarint(b, s1[k])
		}
	}
	for k := range r.E {
		if fields&(1<<(packedFields+k)) != 0 {
			b = append(b, r.E[k])
		}
	}
	for k := range r.C {
		if dims&(1<<k) != 0 {
			b = binary.AppendUvarint(b, uint64(r.C[k]))
		}
	}
	return b
}

// rows gives the history back, in memory of its own.
func (p packedRows) rows() []signin.Row {
	out := make([]signin.Row, p.n)
	b := p.data
	uvar := func() uint64 {
		v, n := binary.Uvarint(b)
		b = b[n:]
		return v
	}
	svar := func() int64 {
		v, n := binary.Varint(b)
		b = b[n:]
		return v
	}
	var was signin.Row
	for i := range out {
		r := &out[i]
		*r = was
		fields, dims := uvar(), uvar()
		r.Time += signin.Time(svar())
		r.Ref.Row = uint32(int64(r.Ref.Row) + svar()) //nolint:gosec // as it was
		r.Line += svar()
		w, s := words(r), small(r)
		for k := range w {
			if fields&(1<<k) != 0 {
				w[k] = binary.LittleEndian.Uint64(b)
				b = b[8:]
			}
		}
		for k := range s {
			if fields&(1<<(8+k)) != 0 {
				s[k] = uvar()
			}
		}
		r.ID, r.Correlation, r.Original, r.Session, r.Token = w[0], w[1], w[2], w[3], w[4]
		r.Lat, r.Lon, r.Radius = math.Float64frombits(w[5]), math.Float64frombits(w[6]), math.Float32frombits(uint32(w[7])) //nolint:gosec // as it was
		r.ASN, r.Ref.Run, r.Port, r.Located = uint32(s[0]), uint32(s[1]), uint16(s[2]), s[3] == 1                           //nolint:gosec // as it was
		for k := range r.E {
			if fields&(1<<(packedFields+k)) != 0 {
				r.E[k] = b[0]
				b = b[1:]
			}
		}
		for k := range r.C {
			if dims&(1<<k) != 0 {
				r.C[k] = signin.Code(uvar()) //nolint:gosec // as it was
			}
		}
		was = *r
	}
	return out
}
