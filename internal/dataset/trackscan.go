package dataset

import (
	"fmt"
	"slices"

	"frisk/internal/signin"
)

// trackScan reads the wanted rows of a stretch of one run, column by column: first
// those it filters by, then, of the rows that are left, the rest.
type trackScan struct {
	run  *runFile
	sym  *signin.Symbols
	dead *bitset

	filters []trackTest
	lat     *colReader
	lon     *colReader
	time    *colReader
	key     [3]*colReader

	sel    []int32 // rows of the block that are wanted so far
	codes  [3][]uint32
	times  []signin.Time
	lats   []float64
	lons   []float64
	people []trackPerson
	at     int
}

// trackTest is one filter column: which values pass.
type trackTest struct {
	col  *colReader
	pass [256]uint8 // by value: 1 passes
	ok   []uint8    // by entry of the page's table
}

// trackPerson is a person's rows, [from, to) of what was read.
type trackPerson struct {
	key      personCodes
	from, to int
}

func newTrackScan(run *runFile, dead *bitset, f *TrackFilter, sym *signin.Symbols) *trackScan {
	s := &trackScan{run: run, dead: dead, sym: sym}
	reader := func(kind colKind, n int) *colReader {
		i := slices.IndexFunc(columns, func(c column) bool { return c.kind == kind && c.n == n })
		return newColReader(run, i, sym)
	}
	if f.Streams != nil {
		t := trackTest{col: reader(colEnum, int(signin.EnumStream))}
		for _, v := range f.Streams {
			t.pass[v] = 1
		}
		s.filters = append(s.filters, t)
	}
	if f.Outcomes != nil {
		t := trackTest{col: reader(colEnum, int(signin.EnumOutcome))}
		for _, v := range f.Outcomes {
			t.pass[v] = 1
		}
		s.filters = append(s.filters, t)
	}
	s.lat, s.lon, s.time = reader(colLat, 0), reader(colLon, 0), reader(colTime, 0)
	for i, d := range [...]signin.Dim{signin.DimProvider, signin.DimTenant, signin.DimPrincipal} {
		s.key[i] = reader(colText, int(d))
	}
	return s
}

func (s *trackScan) close() {
	for i := range s.filters {
		s.filters[i].col.close()
	}
	for _, c := range []*colReader{s.lat, s.lon, s.time, s.key[0], s.key[1], s.key[2]} {
		c.close()
	}
}

// rows are those of the person at hand.
func (s *trackScan) rows() ([]signin.Time, []float64, []float64) {
	p := &s.people[s.at]
	return s.times[p.from:p.to], s.lats[p.from:p.to], s.lons[p.from:p.to]
}

// trackBlock is how many rows are filtered at once.
const trackBlock = 4096

// read reads the rows [lo, hi), which are those of one shard.
func (s *trackScan) read(lo, hi int64) error {
	s.times, s.lats, s.lons, s.people, s.at = s.times[:0], s.lats[:0], s.lons[:0], s.people[:0], 0
	for lo < hi {
		n := int(min(hi-lo, trackBlock))
		if err := s.block(lo, n); err != nil {
			return err
		}
		lo += int64(n)
	}
	return nil
}

func (s *trackScan) block(lo int64, n int) error {
	s.sel = extend(s.sel[:0], n)
	for i := range s.sel {
		s.sel[i] = int32(i) //nolint:gosec // a block
	}
	for i := range s.filters {
		if err := s.filters[i].keep(s, lo, n); err != nil {
			return err
		}
	}
	if s.dead != nil {
		s.sel = slices.DeleteFunc(s.sel, func(i int32) bool { return s.dead.has(uint32(lo) + uint32(i)) }) //nolint:gosec // a run has under 2^32 rows
	}
	first := len(s.lats)
	if err := s.places(lo, n); err != nil {
		return err
	}
	if len(s.sel) == 0 {
		return nil
	}
	if err := s.lon.pickFloats(lo, n, s.sel, &s.lons); err != nil {
		return err
	}
	if err := s.time.pickTimes(lo, n, s.sel, &s.times); err != nil {
		return err
	}
	for i, c := range s.key {
		s.codes[i] = s.codes[i][:0]
		if code, ok := c.constant(lo, n); ok {
			for range s.sel {
				s.codes[i] = append(s.codes[i], code)
			}
		} else if err := c.pickCodes(lo, n, s.sel, &s.codes[i]); err != nil {
			return err
		}
	}
	if len(s.lons) != len(s.lats) || len(s.times) != len(s.lats) {
		return damaged(s.run.path, fmt.Errorf("near row %d: %d latitudes, %d longitudes", lo, len(s.lats), len(s.lons)))
	}
	for k := range s.sel {
		key := personCodes{signin.Code(s.codes[0][k]), signin.Code(s.codes[1][k]), signin.Code(s.codes[2][k])}
		if p := len(s.people); p == 0 || s.people[p-1].key != key {
			if p > 0 && compareCodes(s.sym, s.people[p-1].key, key) >= 0 {
				return fmt.Errorf("%w: %q near row %d: people are not in order", ErrUnsorted, s.run.path, lo)
			}
			s.people = append(s.people, trackPerson{key: key, from: first + k})
		}
		s.people[len(s.people)-1].to = first + k + 1
	}
	return nil
}

// keep leaves the rows of s.sel whose value passes.
func (t *trackTest) keep(s *trackScan, lo int64, n int) error {
	if len(s.sel) == 0 {
		return nil
	}
	c := t.col
	if code, ok := c.constant(lo, n); ok {
		if t.pass[uint8(code)] == 0 { //nolint:gosec // enums have under 256 values
			s.sel = s.sel[:0]
		}
		return nil
	}
	kept := 0 // s.sel[:kept] are those that passed, written over rows already looked at
	out := s.sel
	err := c.pieces(lo, n, s.sel, func(sel []int32, base int32, chunk bool) {
		if !chunk {
			if t.pass[0] != 0 {
				kept += copy(out[kept:], sel)
			}
			return
		}
		idx, ok := c.idx[c.val:], t.table()
		if c.defs == nil {
			for _, i := range sel { // no branch: what passes follows no pattern
				x := ok[idx[i-base]]
				out[kept] = i
				kept += int(x)
			}
			return
		}
		c.values(sel, base, func(i, v int32) {
			x := t.pass[0]
			if v >= 0 {
				x = ok[idx[v]]
			}
			out[kept] = i
			kept += int(x)
		})
	})
	s.sel = out[:kept]
	return err
}

// table says for each entry of the page's table whether it passes: 1 or 0.
func (t *trackTest) table() []uint8 {
	c := t.col
	t.ok = extend(t.ok[:0], len(c.codes))
	for x, code := range c.codes {
		if code == unset {
			code = c.lookUp(int32(x)) //nolint:gosec // an index
		}
		t.ok[x] = t.pass[uint8(code)] //nolint:gosec // enums have under 256 values
	}
	return t.ok
}

// places leaves the rows of s.sel that have a latitude, and appends these.
func (s *trackScan) places(lo int64, n int) error {
	if len(s.sel) == 0 {
		return nil
	}
	c := s.lat
	kept := s.sel[:0]
	err := c.pieces(lo, n, s.sel, func(sel []int32, base int32, chunk bool) {
		if !chunk {
			return
		}
		idx := c.idx[c.val:]
		if c.defs == nil {
			for _, i := range sel {
				s.lats = append(s.lats, c.floats[idx[i-base]])
			}
			kept = append(kept, sel...)
			return
		}
		c.values(sel, base, func(i, v int32) {
			if v >= 0 {
				s.lats = append(s.lats, c.floats[idx[v]])
				kept = append(kept, i)
			}
		})
	})
	s.sel = kept
	return err
}
