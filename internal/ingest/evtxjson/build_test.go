package evtxjson

import (
	"encoding/binary"
	"hash/crc32"
	"unicode/utf16"
)

// The tests have no file of a real computer, so they write their own, with what
// Windows writes: names and templates where they are first met and by offset
// after that, EventData as a value of binary XML with a template of its own.

// tmpl is an element of a template; its attributes and content are texts (string)
// or values to fill in (fill).
type tmpl struct {
	name    string
	attrs   []any // name, string or fill, name, …
	content []any // string, fill, *tmpl
}

type fill struct {
	index    int
	kind     byte
	optional bool
}

// arg is a value of a record; data of kind 0x21 is written by nested.
type arg struct {
	kind   byte
	data   []byte
	nested *instance
}

type instance struct {
	t    *tmpl
	args []arg
}

type chunkBuilder struct {
	b         []byte
	names     map[string]int
	templates map[*tmpl]int
	first     uint64
	last      uint64
	lastAt    int
}

func newChunk() *chunkBuilder {
	return &chunkBuilder{b: make([]byte, chunkHeader), names: map[string]int{}, templates: map[*tmpl]int{}}
}

func (c *chunkBuilder) u8(v byte)    { c.b = append(c.b, v) }
func (c *chunkBuilder) u16(v int)    { c.b = binary.LittleEndian.AppendUint16(c.b, uint16(v)) }
func (c *chunkBuilder) u32(v int)    { c.b = binary.LittleEndian.AppendUint32(c.b, uint32(v)) }
func (c *chunkBuilder) u64(v uint64) { c.b = binary.LittleEndian.AppendUint64(c.b, v) }
func (c *chunkBuilder) put32(at, v int) {
	binary.LittleEndian.PutUint32(c.b[at:], uint32(v))
}

func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func (c *chunkBuilder) name(s string) {
	if at, ok := c.names[s]; ok {
		c.u32(at)
		return
	}
	at := len(c.b) + 4
	c.u32(at)
	c.names[s] = at
	hash := 0
	for _, u := range utf16.Encode([]rune(s)) {
		hash = hash*65599 + int(u)
	}
	c.u32(0)
	c.u16(hash)
	c.u16(len(wide(s)) / 2)
	c.b = append(c.b, wide(s)...)
	c.u16(0)
}

func (c *chunkBuilder) piece(v any) {
	switch v := v.(type) {
	case string:
		c.u8(0x05)
		c.u8(0x01)
		c.u16(len(wide(v)) / 2)
		c.b = append(c.b, wide(v)...)
	case fill:
		token := byte(0x0d)
		if v.optional {
			token = 0x0e
		}
		c.u8(token)
		c.u16(v.index)
		c.u8(v.kind)
	case *tmpl:
		c.element(v)
	}
}

func (c *chunkBuilder) element(t *tmpl) {
	token := byte(0x01)
	if len(t.attrs) > 0 {
		token = 0x41
	}
	c.u8(token)
	c.u16(0xffff)
	size := len(c.b)
	c.u32(0)
	c.name(t.name)
	if len(t.attrs) > 0 {
		list := len(c.b)
		c.u32(0)
		for i := 0; i < len(t.attrs); i += 2 {
			token := byte(0x46)
			if i+2 == len(t.attrs) {
				token = 0x06
			}
			c.u8(token)
			c.name(t.attrs[i].(string))
			c.piece(t.attrs[i+1])
		}
		c.put32(list, len(c.b)-list-4)
	}
	if len(t.content) == 0 {
		c.u8(0x03)
	} else {
		c.u8(0x02)
		for _, v := range t.content {
			c.piece(v)
		}
		c.u8(0x04)
	}
	c.put32(size, len(c.b)-size-4)
}

func (c *chunkBuilder) instance(in *instance) {
	c.b = append(c.b, 0x0f, 1, 1, 0, 0x0c, 1)
	c.u32(0x11111111)
	if at, ok := c.templates[in.t]; ok {
		c.u32(at)
	} else {
		at := len(c.b) + 4
		c.u32(at)
		c.templates[in.t] = at
		c.u32(0)
		c.u32(0x11111111)
		c.b = append(c.b, make([]byte, 12)...)
		size := len(c.b)
		c.u32(0)
		c.b = append(c.b, 0x0f, 1, 1, 0)
		c.element(in.t)
		c.u8(0x00)
		c.put32(size, len(c.b)-size-4)
	}
	c.u32(len(in.args))
	sizes := len(c.b)
	for _, a := range in.args {
		c.u16(len(a.data))
		c.u8(a.kind)
		c.u8(0)
	}
	for i, a := range in.args {
		if a.nested != nil {
			start := len(c.b)
			c.instance(a.nested)
			c.u8(0x00)
			binary.LittleEndian.PutUint16(c.b[sizes+4*i:], uint16(len(c.b)-start))
			continue
		}
		c.b = append(c.b, a.data...)
	}
}

// record appends an event.
func (c *chunkBuilder) record(number uint64, when uint64, in *instance) {
	start := len(c.b)
	c.u32(recordMagic)
	c.u32(0)
	c.u64(number)
	c.u64(when)
	c.instance(in)
	c.u8(0x00)
	for len(c.b)%8 != 4 {
		c.u8(0)
	}
	c.u32(0)
	size := len(c.b) - start
	c.put32(start+4, size)
	c.put32(len(c.b)-4, size)
	if c.first == 0 {
		c.first = number
	}
	c.last, c.lastAt = number, start
}

// bytes is the chunk, with its checksums.
func (c *chunkBuilder) bytes() []byte {
	free := len(c.b)
	b := append([]byte(nil), c.b...)
	b = append(b, make([]byte, chunkSize-len(b))...)
	copy(b, chunkMagic)
	le := binary.LittleEndian
	le.PutUint64(b[8:], c.first)
	le.PutUint64(b[16:], c.last)
	le.PutUint64(b[24:], c.first)
	le.PutUint64(b[32:], c.last)
	le.PutUint32(b[40:], 128)
	le.PutUint32(b[44:], uint32(c.lastAt))
	le.PutUint32(b[48:], uint32(free))
	le.PutUint32(b[52:], crc32.ChecksumIEEE(b[chunkHeader:free]))
	le.PutUint32(b[124:], crc32.Update(crc32.ChecksumIEEE(b[:120]), crc32.IEEETable, b[128:512]))
	return b
}

// evtx is a whole file.
func evtx(chunks ...[]byte) []byte {
	b := make([]byte, headerSize)
	copy(b, Magic)
	le := binary.LittleEndian
	le.PutUint64(b[16:], uint64(max(len(chunks)-1, 0)))
	le.PutUint64(b[24:], 100)
	le.PutUint32(b[32:], 128)
	le.PutUint16(b[36:], 1)
	le.PutUint16(b[38:], 3)
	le.PutUint16(b[40:], headerSize)
	le.PutUint16(b[42:], uint16(len(chunks)))
	le.PutUint32(b[124:], crc32.ChecksumIEEE(b[:120]))
	for _, c := range chunks {
		b = append(b, c...)
	}
	return b
}
