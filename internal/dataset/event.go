package dataset

import (
	"net/netip"

	"frisk/internal/signin"
)

// fullReader completes rows of one run to events: what a row holds only a hash
// or a rounding of is read again from its own columns.
type fullReader struct {
	ids    [signin.NumIDs]*idReader
	radius *colReader
}

func newFullReader(run *runFile) *fullReader {
	f := &fullReader{}
	for i := range f.ids {
		f.ids[i] = newIDReader(run, i)
	}
	for i := range columns {
		if columns[i].kind == colRadius {
			f.radius = newColReader(run, i, nil)
		}
	}
	return f
}

func (f *fullReader) close() {
	for _, r := range f.ids {
		r.close()
	}
	f.radius.close()
}

// event is the Event of a row read with signin.NeedAll.
func (f *fullReader) event(r *signin.Row, sym *signin.Symbols, addrs *addrCache) (signin.Event, error) {
	e := signin.Event{Time: r.Time, ASN: r.ASN}
	e.Raw.Line = r.Line
	e.Source.Port = r.Port
	for d := range signin.DimColumns {
		code := r.C[d]
		if code == 0 {
			continue
		}
		switch s := sym[d].Text(code); signin.Dim(d) { //nolint:gosec // below NumDims
		case signin.DimIP:
			e.Source.IP = addrs.parse(s)
		case signin.DimIPFromResource:
			e.Source.FromResource = addrs.parse(s)
		default:
			signin.DimColumns[d].Set(&e, s)
		}
	}
	for i := range signin.EnumColumns {
		signin.EnumColumns[i].Set(&e, r.E[i])
	}
	row := int64(r.Ref.Row)
	if r.Located {
		e.Geo.Located, e.Geo.Lat, e.Geo.Lon = true, r.Lat, r.Lon
		if r.Radius != 0 {
			x, ok, err := f.radius.value(row)
			if err != nil {
				return e, err
			}
			if ok {
				e.Geo.Radius = f.radius.floats[x]
			}
		}
	}
	for i, set := range [signin.NumIDs]uint64{r.ID, r.Correlation, r.Original, r.Session, r.Token} {
		if set == 0 {
			continue
		}
		v, err := f.ids[i].at(row)
		if err != nil {
			return e, err
		}
		signin.IDColumns[i].Set(&e, v.String())
	}
	return e, nil
}

// addrCache parses each address once; it forgets when it has grown large.
type addrCache struct{ known map[string]netip.Addr }

const maxAddrs = 1 << 16

func (c *addrCache) parse(s string) netip.Addr {
	if a, ok := c.known[s]; ok {
		return a
	}
	a, _ := netip.ParseAddr(s) // what does not parse reads as "not said", as in signin
	if c.known == nil || len(c.known) >= maxAddrs {
		c.known = map[string]netip.Addr{}
	}
	c.known[s] = a
	return a
}
