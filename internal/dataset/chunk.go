package dataset

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/format"

	"frisk/internal/signin"
)

// chunk is one column of one row group, ready to be cut into pages.
type chunk struct {
	rows, nulls int
	optional    bool
	valid       []byte // 1 where a row has a value, when optional
	encoding    format.Encoding

	idx     []int32 // RLEDictionary: the index of each value
	dict    []byte  // the dictionary, plain encoded
	dictLen int
	ints    []int64 // DeltaBinaryPacked
	plain   []byte  // Plain: values one after the other ...
	ends    []int   // ... and where each ends

	lo, hi []byte // least and greatest value, plain; nil when unknown
	nums   map[uint64]int32
}

// Above this size a dictionary that most rows do not share is given up.
const maxSparseDict = 1 << 20

// maxStat is the longest text stored as a chunk's least or greatest value.
const maxStat = 64

func (k *chunk) reset(rows int) {
	*k = chunk{
		rows: rows, optional: true, encoding: format.RLEDictionary,
		valid: extend(k.valid[:0], rows), idx: k.idx[:0], dict: k.dict[:0],
		ints: k.ints[:0], plain: k.plain[:0], ends: k.ends[:0], nums: k.nums,
	}
}

// build gathers the given rows of column c.
func (k *chunk) build(w *runWriter, b *buffer, c *column, rows []uint32) {
	k.reset(len(rows))
	switch c.kind {
	case colTime:
		k.optional, k.encoding = false, format.DeltaBinaryPacked
		for _, r := range rows {
			k.ints = append(k.ints, b.time[r])
		}
		k.intBounds()
	case colLine:
		k.encoding = format.DeltaBinaryPacked
		for i, r := range rows {
			if v := b.line[r]; v != 0 {
				k.valid[i] = 1
				k.ints = append(k.ints, v)
			}
		}
		k.nulls = len(rows) - len(k.ints)
		k.intBounds()
	case colText:
		k.fromCodes(w, &b.dims[c.n], rows, b.words[c.n].len(), b.words[c.n].text)
	case colEnum:
		texts := signin.EnumColumns[c.n].Texts
		k.fromCodes(w, &b.enums[c.n], rows, len(texts), func(v uint32) []byte { return []byte(texts[v]) })
	case colShard:
		k.numbers(rows, 4, func(r uint32) (uint64, bool) { return uint64(b.persons[b.personR.get(r)].shard), true })
	case colASN:
		k.numbers(rows, 8, func(r uint32) (uint64, bool) { return uint64(b.asn[r]), b.asn[r] != 0 })
	case colPort:
		k.numbers(rows, 4, func(r uint32) (uint64, bool) { v := b.port.get(r); return uint64(v), v != 0 })
	case colCopies:
		k.numbers(rows, 4, func(r uint32) (uint64, bool) { v := b.copies(r); return v, v != 0 })
	case colLat:
		k.numbers(rows, 8, func(r uint32) (uint64, bool) {
			p := b.place.get(r)
			return math.Float64bits(b.spots[p].lat), p != 0
		})
	case colLon:
		k.numbers(rows, 8, func(r uint32) (uint64, bool) {
			p := b.place.get(r)
			return math.Float64bits(b.spots[p].lon), p != 0
		})
	case colRadius:
		k.numbers(rows, 8, func(r uint32) (uint64, bool) {
			v := b.spots[b.place.get(r)].radius
			return math.Float64bits(v), v != 0
		})
	case colID:
		k.guids(&b.ids[c.n], rows)
	case colIDText:
		k.idTexts(&b.ids[c.n], rows)
	}
	if k.nulls == k.rows {
		k.encoding = format.Plain // no values, no dictionary
	}
}

// fromCodes makes a dictionary of the codes that occur in the group, in order
// of first sight.
func (k *chunk) fromCodes(w *runWriter, col *codes, rows []uint32, n int, text func(uint32) []byte) {
	if col.len() == 0 {
		k.nulls = len(rows)
		return
	}
	w.local = extend(w.local[:0], n) // local[code] = index+1
	for i, r := range rows {
		c := col.get(r)
		if c == 0 {
			continue
		}
		k.valid[i] = 1
		x := w.local[c]
		if x == 0 {
			k.dictLen++
			x = uint32(k.dictLen) //nolint:gosec // rows are bounded
			w.local[c] = x
			t := text(c)
			k.dict = appendText(k.dict, t)
			k.bound(t)
		}
		k.idx = append(k.idx, int32(x-1)) //nolint:gosec // rows are bounded
	}
	k.nulls = len(rows) - len(k.idx)
	if len(k.dict) > maxSparseDict && k.dictLen > len(k.idx)/2 {
		k.encoding = format.Plain
		for _, r := range rows {
			if c := col.get(r); c != 0 {
				k.plain = appendText(k.plain, text(c))
				k.ends = append(k.ends, len(k.plain))
			}
		}
	}
	if len(k.lo) > maxStat || len(k.hi) > maxStat {
		k.lo, k.hi = nil, nil
	}
}

func appendText(dst, t []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(t))) //nolint:gosec // a log line
	return append(dst, t...)
}

func (k *chunk) bound(t []byte) {
	if k.dictLen == 1 {
		k.lo, k.hi = t, t
		return
	}
	if bytes.Compare(t, k.lo) < 0 {
		k.lo = t
	} else if bytes.Compare(t, k.hi) > 0 {
		k.hi = t
	}
}

// numbers makes a dictionary of fixed-size values.
func (k *chunk) numbers(rows []uint32, size int, get func(uint32) (uint64, bool)) {
	if k.nums == nil {
		k.nums = map[uint64]int32{}
	}
	clear(k.nums)
	last, x := uint64(0), int32(-1)
	for i, r := range rows {
		v, ok := get(r)
		if !ok {
			continue
		}
		k.valid[i] = 1
		if x < 0 || v != last {
			known := false
			if x, known = k.nums[v]; !known {
				x = int32(k.dictLen) //nolint:gosec // rows are bounded
				k.dictLen++
				k.nums[v] = x
				k.dict = binary.LittleEndian.AppendUint64(k.dict, v)[:len(k.dict)+size]
			}
			last = v
		}
		k.idx = append(k.idx, x)
	}
	k.nulls = len(rows) - len(k.idx)
}

func (k *chunk) guids(col *idColumn, rows []uint32) {
	k.encoding = format.Plain
	for i, r := range rows {
		if col.kind(r) == idGUID {
			k.valid[i] = 1
			k.plain = append(k.plain, col.guid(r)[:]...)
			k.ends = append(k.ends, len(k.plain))
		}
	}
	k.nulls = len(rows) - len(k.ends)
}

func (k *chunk) idTexts(col *idColumn, rows []uint32) {
	k.encoding = format.Plain
	for i, r := range rows {
		if col.kind(r) == idText {
			k.valid[i] = 1
			k.plain = appendText(k.plain, col.text(r))
			k.ends = append(k.ends, len(k.plain))
		}
	}
	k.nulls = len(rows) - len(k.ends)
}

func (k *chunk) intBounds() {
	if len(k.ints) == 0 {
		return
	}
	lo, hi := k.ints[0], k.ints[0]
	for _, v := range k.ints {
		lo, hi = min(lo, v), max(hi, v)
	}
	k.lo = binary.LittleEndian.AppendUint64(nil, uint64(lo)) //nolint:gosec // a bit pattern
	k.hi = binary.LittleEndian.AppendUint64(nil, uint64(hi)) //nolint:gosec // a bit pattern
}

func (k *chunk) statistics() format.Statistics {
	return format.Statistics{NullCount: int64(k.nulls), MinValue: k.lo, MaxValue: k.hi}
}

// values appends the encoded values [from, to) of the chunk.
func (k *chunk) values(dst []byte, from, to int) []byte {
	if from == to && k.encoding != format.DeltaBinaryPacked {
		if k.encoding == format.RLEDictionary {
			return append(dst, 0) // the bit width of an empty page
		}
		return dst
	}
	switch k.encoding {
	case format.RLEDictionary:
		width := max(1, bits.Len(uint(k.dictLen-1))) //nolint:gosec // positive
		enc := rle.Encoding{BitWidth: width}
		out, _ := enc.EncodeInt32(dst, k.idx[from:to]) // fails for impossible widths only
		// The encoder starts at the front of what it is given, so the width
		// byte goes in afterwards.
		out = append(out, 0)
		copy(out[1:], out)
		out[0] = byte(width)
		return out
	case format.DeltaBinaryPacked:
		out, _ := (&delta.BinaryPackedEncoding{}).EncodeInt64(dst, k.ints[from:to]) // never fails
		return out
	}
	start := 0
	if from > 0 {
		start = k.ends[from-1]
	}
	return append(dst, k.plain[start:k.ends[to-1]]...)
}
