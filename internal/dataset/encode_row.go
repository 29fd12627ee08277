package dataset

import (
	"encoding/binary"
	"math"
	"net/netip"

	"github.com/zeebo/xxh3"

	"frisk/internal/signin"
)

// seeds are the hashes of the column names. The content hash is a sum over the
// fields that say something, each mixed with its column's name, so that it
// survives new columns and another column order.
var seeds = func() (s struct {
	dims                   [signin.NumDims]uint64
	enums                  [signin.NumEnums]uint64
	ids                    [signin.NumIDs]uint64
	time, asn, port        uint64
	located, lat, lon, rad uint64
},
) {
	for i := range s.dims {
		s.dims[i] = xxh3.HashString(signin.DimColumns[i].Name)
	}
	for i := range s.enums {
		s.enums[i] = xxh3.HashString(signin.EnumColumns[i].Name)
	}
	for i := range s.ids {
		s.ids[i] = xxh3.HashString(signin.IDColumns[i].Name)
	}
	s.time, s.asn, s.port = xxh3.HashString(nameTime), xxh3.HashString(nameASN), xxh3.HashString(namePort)
	s.located, s.lat = xxh3.HashString("located"), xxh3.HashString(nameLat)
	s.lon, s.rad = xxh3.HashString(nameLon), xxh3.HashString(nameRadius)
	return s
}()

// encode codes e's texts and computes its content hash, leaving the columns alone.
func (b *buffer) encode(e *signin.Event, r *rowCodes) {
	r.time, r.line, r.asn, r.port = int64(e.Time), e.Raw.Line, e.ASN, e.Source.Port
	said := 0                              // fields that say something
	sum := mix(seeds.time, uint64(e.Time)) //nolint:gosec // a bit pattern
	for d := range signin.DimColumns {
		var s string
		switch signin.Dim(d) { //nolint:gosec // below NumDims
		case signin.DimIP:
			s = b.addr(0, e.Source.IP)
		case signin.DimIPFromResource:
			s = b.addr(1, e.Source.FromResource)
		default:
			s = signin.DimColumns[d].Get(e)
		}
		c := b.words[d].code(s)
		r.dims[d] = c
		if c != 0 && d != int(signin.DimFile) {
			sum += mix(seeds.dims[d], b.words[d].sums[c])
			said++
		}
	}
	for i := range signin.EnumColumns {
		v := signin.EnumColumns[i].Get(e)
		r.enums[i] = v
		if v != 0 {
			sum += mix(seeds.enums[i], uint64(v))
			said++
		}
	}
	if e.ASN != 0 {
		sum += mix(seeds.asn, uint64(e.ASN))
		said++
	}
	if e.Source.Port != 0 {
		sum += mix(seeds.port, uint64(e.Source.Port))
		said++
	}
	r.place = 0
	if e.Geo.Located {
		p := place{e.Geo.Lat, e.Geo.Lon, e.Geo.Radius}
		r.place = b.spotOf(p)
		said++
		sum += seeds.located + mix(seeds.lat, math.Float64bits(p.lat)) +
			mix(seeds.lon, math.Float64bits(p.lon)) + mix(seeds.rad, math.Float64bits(p.radius))
	}
	for i := range signin.IDColumns {
		s := signin.IDColumns[i].Get(e)
		if s == "" {
			r.kinds[i] = idNone
			continue
		}
		said++
		if g, ok := lowerGUID(s); ok {
			r.kinds[i], r.guids[i] = idGUID, g
			sum += mix(mix(seeds.ids[i], binary.LittleEndian.Uint64(g[:8])), binary.LittleEndian.Uint64(g[8:]))
			continue
		}
		r.kinds[i], r.texts[i] = idText, s
		sum += mix(seeds.ids[i], xxh3.HashString(s))
	}
	r.foldIDs()
	r.content = newContent(said, sum)
}

// addr is the text of an address, made once per distinct address.
func (b *buffer) addr(which int, a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	last := &b.lastA[which]
	if last.addr == a {
		return last.text
	}
	s, ok := b.addrs[a]
	if !ok {
		s = a.String()
		b.addrs[a] = s
	}
	*last = addrText{a, s}
	return s
}

func (b *buffer) spotOf(p place) uint32 {
	if c, ok := b.spot[p]; ok {
		return c
	}
	c := uint32(len(b.spots)) //nolint:gosec // bounded by rows
	b.spots = append(b.spots, p)
	b.spot[p] = c
	return c
}

func (b *buffer) personOf(r *rowCodes) uint32 {
	key := [3]uint32{r.dims[signin.DimProvider], r.dims[signin.DimTenant], r.dims[signin.DimPrincipal]}
	if int(b.lastP) < len(b.persons) && b.persons[b.lastP].key == key {
		return b.lastP
	}
	p, ok := b.personN[key]
	if !ok {
		p = uint32(len(b.persons)) //nolint:gosec // bounded by rows
		shard := b.shard(string(b.words[signin.DimProvider].text(key[0])),
			string(b.words[signin.DimTenant].text(key[1])), string(b.words[signin.DimPrincipal].text(key[2])))
		b.persons = append(b.persons, person{key: key, shard: uint16(shard)}) //nolint:gosec // below Shards
		b.personN[key] = p
	}
	b.lastP = p
	return p
}

// set writes row at: the row after the last, or one that is being replaced.
func (b *buffer) set(at int, r *rowCodes) {
	for d := range b.dims {
		b.dims[d].set(at, r.dims[d])
	}
	for i := range b.enums {
		b.enums[i].set(at, uint32(r.enums[i]))
	}
	b.port.set(at, uint32(r.port))
	b.place.set(at, r.place)
	b.personR.set(at, b.personOf(r))
	b.time, b.line, b.asn = extend(b.time, at+1), extend(b.line, at+1), extend(b.asn, at+1)
	b.time[at], b.line[at], b.asn[at] = r.time, r.line, r.asn
	for i := range b.ids {
		switch r.kinds[i] {
		case idGUID:
			b.ids[i].setGUID(at, r.guids[i])
		case idText:
			b.ids[i].setText(at, r.texts[i])
			b.texts += len(r.texts[i])
		default:
			b.ids[i].set(at, r.kinds[i], 0)
		}
	}
}

// foldIDs finds the identifiers that repeat the event's own. A token id is the
// request id in another spelling, and a sign-in of one request has its own as
// the original: stored once, such a row is half as large.
func (r *rowCodes) foldIDs() {
	for i := 1; i < len(r.kinds); i++ {
		if r.kinds[i] != r.kinds[0] {
			continue
		}
		if r.kinds[i] == idGUID && r.guids[i] == r.guids[0] || r.kinds[i] == idText && r.texts[i] == r.texts[0] {
			r.kinds[i] = idSame
		}
	}
}

// hexLower is the value of a lower-case hex digit, 0xff for any other byte.
var hexLower = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range "0123456789abcdef" {
		t[c] = byte(i)
	}
	return t
}()

// lowerGUID parses a GUID whose canonical text is s itself, so that the bytes
// give back the same text.
func lowerGUID(s string) (g signin.GUID, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return g, false
	}
	bad := byte(0)
	for i, at := range [16]uint8{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34} {
		hi, lo := hexLower[s[at]], hexLower[s[at+1]]
		bad |= hi | lo
		g[i] = hi<<4 | lo
	}
	return g, bad < 0x10
}
