package dataset

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"os"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// runWriter writes one Parquet file, a row group at a time, from buffers.
//
// It builds pages itself (with parquet-go's encodings and metadata types)
// because a buffer already holds dictionary codes: handing texts to a general
// writer would look each of them up again. Measured in docs/dataset.md.
type runWriter struct {
	f       *os.File
	w       *bufio.Writer
	off     int64
	zstd    *zstd.Encoder
	rows    int64
	groups  []format.RowGroup
	offsets [][]format.OffsetIndex
	thrift  thrift.CompactProtocol

	chunk chunk // the column being written
	local []uint32
	vals  []byte // encoded values of a page
	comp  []byte // the same compressed
	defs  []byte // encoded definition levels
	head  headBuffer
}

type headBuffer struct{ b []byte }

func (h *headBuffer) Write(p []byte) (int, error) {
	h.b = append(h.b, p...)
	return len(p), nil
}

// WriteByte and WriteString let the thrift encoder skip an adapter.
func (h *headBuffer) WriteByte(c byte) error {
	h.b = append(h.b, c)
	return nil
}

func (h *headBuffer) WriteString(s string) (int, error) {
	h.b = append(h.b, s...)
	return len(s), nil
}

func createRun(path string) (*runWriter, error) {
	f, err := createFile(path)
	if err != nil {
		return nil, err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithZeroFrames(true))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	w := &runWriter{f: f, w: bufio.NewWriterSize(f, 1<<18), zstd: enc}
	w.write([]byte("PAR1"))
	return w, nil
}

// write appends to the file; bufio keeps an error for Flush.
func (w *runWriter) write(b []byte) {
	_, _ = w.w.Write(b)
	w.off += int64(len(b))
}

func (w *runWriter) encodeThrift(v any) ([]byte, error) {
	w.head.b = w.head.b[:0]
	err := thrift.NewEncoder(w.thrift.NewWriter(&w.head)).Encode(v)
	return w.head.b, err
}

// group writes the given rows of b as one row group; ends are the page ends.
func (w *runWriter) group(b *buffer, rows []uint32, ends []int) error {
	g := format.RowGroup{
		NumRows:    int64(len(rows)),
		FileOffset: w.off,
		Ordinal:    int16(len(w.groups)), //nolint:gosec // checked by close
	}
	index := make([]format.OffsetIndex, len(columns))
	for i := range columns {
		c := &columns[i]
		w.chunk.build(w, b, c, rows)
		cc, oi, err := w.writeChunk(c, ends)
		if err != nil {
			return err
		}
		g.Columns = append(g.Columns, cc)
		g.TotalByteSize += cc.MetaData.TotalUncompressedSize
		g.TotalCompressedSize += cc.MetaData.TotalCompressedSize
		index[i] = oi
	}
	g.SortingColumns = sorting
	w.groups = append(w.groups, g)
	w.offsets = append(w.offsets, index)
	w.rows += int64(len(rows))
	return nil
}

var sorting = func() (out []format.SortingColumn) {
	for _, name := range sortColumns {
		for i := range columns {
			if columns[i].name == name {
				out = append(out, format.SortingColumn{ColumnIdx: int32(i), NullsFirst: true}) //nolint:gosec // under 100
			}
		}
	}
	return out
}()

// writeChunk writes the pages of w.chunk and gives its metadata.
func (w *runWriter) writeChunk(c *column, ends []int) (format.ColumnChunk, format.OffsetIndex, error) {
	k := &w.chunk
	start := w.off
	md := format.ColumnMetaData{
		Type:         c.physical(),
		PathInSchema: []string{c.name},
		Codec:        format.Zstd,
		NumValues:    int64(k.rows),
		Encoding:     []format.Encoding{format.RLE, k.encoding},
		Statistics:   k.statistics(),
	}
	var index format.OffsetIndex
	if k.encoding == format.RLEDictionary {
		md.Encoding = append(md.Encoding, format.Plain)
		md.DictionaryPageOffset = w.off
		n, err := w.page(format.PageHeader{
			Type: format.DictionaryPage,
			DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{
				NumValues: int32(k.dictLen), Encoding: format.Plain, //nolint:gosec // rows are bounded
			}),
		}, nil, k.dict, true)
		if err != nil {
			return format.ColumnChunk{}, index, err
		}
		md.TotalUncompressedSize += n
	}
	md.DataPageOffset = w.off
	if k.nulls == k.rows {
		ends = []int{k.rows} // nothing to read: one page will do
	}
	lo, val := 0, 0
	for _, hi := range ends {
		nulls, vals := w.encodePage(k, lo, hi, val)
		at := w.off
		n, err := w.page(format.PageHeader{
			Type: format.DataPageV2,
			DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
				NumValues: int32(hi - lo), NumRows: int32(hi - lo), NumNulls: int32(nulls), //nolint:gosec // rows are bounded
				Encoding: k.encoding, DefinitionLevelsByteLength: int32(len(w.defs)), //nolint:gosec // likewise
			}),
		}, w.defs, w.vals, false)
		if err != nil {
			return format.ColumnChunk{}, index, err
		}
		md.TotalUncompressedSize += n
		index.PageLocations = append(index.PageLocations, format.PageLocation{
			Offset: at, CompressedPageSize: int32(w.off - at), FirstRowIndex: int64(lo), //nolint:gosec // below 2 GB
		})
		lo, val = hi, vals
	}
	md.TotalCompressedSize = w.off - start
	return format.ColumnChunk{FileOffset: start, MetaData: md}, index, nil
}

// encodePage encodes rows [lo, hi) of k into w.vals and w.defs, val being the
// number of values before lo. It returns the page's nulls and the values up to hi.
func (w *runWriter) encodePage(k *chunk, lo, hi, val int) (nulls, end int) {
	n := hi - lo
	end = val + n
	w.defs = w.defs[:0]
	if k.optional {
		end = val
		for _, d := range k.valid[lo:hi] {
			end += int(d)
		}
		nulls = n - (end - val)
		switch nulls {
		case 0, n: // one run of equal levels
			w.defs = binary.AppendUvarint(w.defs, uint64(n)<<1) //nolint:gosec // positive
			w.defs = append(w.defs, k.valid[lo])
		default:
			w.defs, _ = levels.EncodeLevels(w.defs, k.valid[lo:hi]) // fails for levels over 1 only
		}
	}
	w.vals = k.values(w.vals[:0], val, end)
	return nulls, end
}

var levels = rle.Encoding{BitWidth: 1}

const (
	minCompress = 64 // bytes under which compression is not tried
	maxPageSize = math.MaxInt32
)

// page writes one page and returns its uncompressed size with header. A
// dictionary page is always compressed, as its header has no way to say it is not.
func (w *runWriter) page(h format.PageHeader, levels, body []byte, always bool) (int64, error) {
	raw := body
	if len(body)+len(levels) > maxPageSize {
		return 0, errors.New("a page is larger than 2 GB")
	}
	compressed := always
	if always || len(body) >= minCompress {
		w.comp = w.zstd.EncodeAll(body, w.comp[:0])
		// Random ids do not shrink: leave them plain, which reads faster.
		if always || len(w.comp) < len(body)-len(body)/16 {
			body, compressed = w.comp, true
		}
	}
	if h.DataPageHeaderV2.Valid {
		h.DataPageHeaderV2.V.IsCompressed = thrift.New(compressed)
	}
	h.UncompressedPageSize = int32(len(levels) + len(raw)) //nolint:gosec // checked above
	h.CompressedPageSize = int32(len(levels) + len(body))  //nolint:gosec // checked above
	sum := crc32.Update(crc32.ChecksumIEEE(levels), crc32.IEEETable, body)
	h.CRC = int32(sum) //nolint:gosec // a bit pattern
	head, err := w.encodeThrift(&h)
	if err != nil {
		return 0, err
	}
	w.write(head)
	w.write(levels)
	w.write(body)
	return int64(len(head) + len(levels) + len(raw)), nil
}

// close writes the footer and syncs the file. It returns the file's size.
func (w *runWriter) close() (int64, error) {
	err := w.footer()
	if err == nil {
		err = w.w.Flush()
	}
	_ = w.zstd.Close() // an encoder of whole blocks holds nothing
	return w.off, closeSynced(w.f, err)
}

func (w *runWriter) footer() error {
	if len(w.groups) > math.MaxInt16 {
		return errors.New("a run has too many row groups")
	}
	for i := range w.groups {
		for j := range w.groups[i].Columns {
			b, err := w.encodeThrift(&w.offsets[i][j])
			if err != nil {
				return err
			}
			w.groups[i].Columns[j].OffsetIndexOffset = w.off
			w.groups[i].Columns[j].OffsetIndexLength = int32(len(b)) //nolint:gosec // small
			w.write(b)
		}
	}
	orders := make([]format.ColumnOrder, len(columns))
	for i := range orders {
		orders[i] = format.ColumnOrder{Value: &format.TypeDefinedOrder{}}
	}
	b, err := w.encodeThrift(&format.FileMetaData{
		Version: 2, Schema: schemaElements(), NumRows: w.rows, RowGroups: w.groups,
		CreatedBy: "frisk", ColumnOrders: orders,
	})
	if err != nil {
		return err
	}
	w.write(b)
	w.write(binary.LittleEndian.AppendUint32(nil, uint32(len(b)))) //nolint:gosec // far below 4 GB
	w.write([]byte("PAR1"))
	return nil
}
