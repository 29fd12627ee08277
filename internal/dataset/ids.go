package dataset

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"slices"
	"sort"

	"github.com/zeebo/xxh3"
)

// An ids file holds one entry per version of a record that a run knows, sorted
// by key, so that the next ingest finds duplicates without reading the run:
//
//	magic     8 bytes
//	count     uint64
//	entries   count x (key 16 bytes big endian, content uint64, row uint32)
//	index     per block of idsBlock entries: first 8 bytes of its first key, CRC-32 of the block
//
// Integers are little endian but for keys, which compare as bytes. A row of
// noRow is a version that was replaced before it was written or has been
// compacted away.
const (
	idsMagic  = "frids-1\n"
	idsHeader = 16
	idsEntry  = 28
	idsBlock  = 4096
	noRow     = ^uint32(0)
)

type idEntry struct {
	key     xxh3.Uint128
	content uint64
	row     uint32
}

func compareKeys(a, b xxh3.Uint128) int {
	return cmp.Or(cmp.Compare(a.Hi, b.Hi), cmp.Compare(a.Lo, b.Lo))
}

// compareEntries makes the file's bytes independent of the order of arrival.
func compareEntries(a, b idEntry) int {
	return cmp.Or(compareKeys(a.key, b.key), cmp.Compare(a.row, b.row), cmp.Compare(a.content, b.content))
}

// writeIDs writes sorted entries and syncs the file.
func writeIDs(path string, entries iter.Seq[idEntry]) error {
	f, err := createFile(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	head := append([]byte(idsMagic), make([]byte, 8)...)
	_, _ = w.Write(head) // bufio keeps the error for Flush
	var index []byte
	count := uint64(0)
	block := make([]byte, 0, idsBlock*idsEntry)
	flush := func() {
		if len(block) == 0 {
			return
		}
		index = append(index, block[:8]...)
		index = binary.LittleEndian.AppendUint32(index, crc32.ChecksumIEEE(block))
		_, _ = w.Write(block)
		block = block[:0]
	}
	for e := range entries {
		count++
		block = binary.BigEndian.AppendUint64(block, e.key.Hi)
		block = binary.BigEndian.AppendUint64(block, e.key.Lo)
		block = binary.LittleEndian.AppendUint64(block, e.content)
		block = binary.LittleEndian.AppendUint32(block, e.row)
		if len(block) == cap(block) {
			flush()
		}
	}
	flush()
	_, _ = w.Write(index)
	err = w.Flush()
	if err == nil {
		_, err = f.WriteAt(binary.LittleEndian.AppendUint64(nil, count), int64(len(idsMagic)))
	}
	return closeSynced(f, err)
}

// idsFile reads an ids file block by block; memory is one block and the index.
type idsFile struct {
	r      io.ReaderAt
	size   int64
	path   string
	count  int
	firsts []uint64
	crcs   []uint32
	block  []byte
	loaded int // number of the block in memory, -1 none
}

// openIDs reads the index of an ids file; f stays the caller's.
func openIDs(f *os.File) (*idsFile, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, damaged(f.Name(), err)
	}
	return readIDs(f, st.Size(), f.Name())
}

func readIDs(r io.ReaderAt, size int64, path string) (*idsFile, error) {
	x := &idsFile{r: r, size: size, path: path, loaded: -1}
	if err := x.readIndex(); err != nil {
		return nil, damaged(path, err)
	}
	return x, nil
}

func (x *idsFile) readIndex() error {
	var head [idsHeader]byte
	if _, err := x.r.ReadAt(head[:], 0); err != nil {
		return err
	}
	if string(head[:8]) != idsMagic {
		return errors.New("it is not an ids file")
	}
	n := binary.LittleEndian.Uint64(head[8:])
	if n > uint64(x.size)/idsEntry { //nolint:gosec // sizes are positive
		return errors.New("it is cut short")
	}
	x.count = int(n) //nolint:gosec // checked against the size
	blocks := (x.count + idsBlock - 1) / idsBlock
	at := int64(idsHeader + x.count*idsEntry)
	if x.size != at+int64(blocks)*12 {
		return fmt.Errorf("it is %d bytes long, want %d", x.size, at+int64(blocks)*12)
	}
	b := make([]byte, blocks*12)
	if _, err := io.ReadFull(io.NewSectionReader(x.r, at, int64(len(b))), b); err != nil {
		return err
	}
	for ; len(b) > 0; b = b[12:] {
		x.firsts = append(x.firsts, binary.BigEndian.Uint64(b))
		x.crcs = append(x.crcs, binary.LittleEndian.Uint32(b[8:]))
	}
	return nil
}

func (x *idsFile) load(block int) error {
	if x.loaded == block {
		return nil
	}
	n := min(idsBlock, x.count-block*idsBlock) * idsEntry
	x.block = extend(x.block[:0], n)
	if _, err := x.r.ReadAt(x.block, int64(idsHeader+block*idsBlock*idsEntry)); err != nil {
		return damaged(x.path, err)
	}
	if crc32.ChecksumIEEE(x.block) != x.crcs[block] {
		return damaged(x.path, fmt.Errorf("block %d has another checksum", block))
	}
	x.loaded = block
	return nil
}

// entry is entry i; its block must follow from load.
func (x *idsFile) entry(i int) (idEntry, error) {
	if err := x.load(i / idsBlock); err != nil {
		return idEntry{}, err
	}
	b := x.block[i%idsBlock*idsEntry:]
	return idEntry{
		key:     xxh3.Uint128{Hi: binary.BigEndian.Uint64(b), Lo: binary.BigEndian.Uint64(b[8:])},
		content: binary.LittleEndian.Uint64(b[16:]),
		row:     binary.LittleEndian.Uint32(b[24:]),
	}, nil
}

// probe calls hit for every pair of a probe (sorted by key) and an entry with
// the same key. Blocks that cannot hold a key are not read.
func (x *idsFile) probe(probes []idEntry, hit func(probe int, e idEntry)) error {
	pos := 0
	for p := 0; p < len(probes); {
		q := p + 1
		for q < len(probes) && probes[q].key == probes[p].key {
			q++
		}
		key := probes[p].key
		// The last block that begins below the key; equal keys may begin before
		// the block that begins with them.
		b := sort.Search(len(x.firsts), func(i int) bool { return x.firsts[i] >= key.Hi }) - 1
		pos = max(pos, b*idsBlock, 0)
		for ; pos < x.count; pos++ {
			e, err := x.entry(pos)
			if err != nil {
				return err
			}
			c := compareKeys(e.key, key)
			if c > 0 {
				break
			}
			if c == 0 {
				for i := p; i < q; i++ {
					hit(i, e)
				}
			}
		}
		p = q
	}
	return nil
}

// sortEntries is a radix sort by the top 16 bits of the key, then a comparison
// sort of each of the small buckets.
func sortEntries(es []idEntry) []idEntry {
	const buckets = 1 << 16
	if len(es) < buckets/8 {
		slices.SortFunc(es, compareEntries)
		return es
	}
	starts := make([]int, buckets+1)
	for i := range es {
		starts[es[i].key.Hi>>48+1]++
	}
	for i := range buckets {
		starts[i+1] += starts[i]
	}
	out := make([]idEntry, len(es))
	next := slices.Clone(starts)
	for i := range es {
		b := es[i].key.Hi >> 48
		out[next[b]] = es[i]
		next[b]++
	}
	for i := range buckets {
		slices.SortFunc(out[starts[i]:starts[i+1]], compareEntries)
	}
	return out
}
