package evtxjson

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// Bounds for hostile files: real events have some hundred nodes and a depth of
// about six, real chunks under 20,000 nodes. Names, texts and values cost one
// more for each 64 bytes.
const (
	maxNodes  = 8_000   // of a record
	maxChunk  = 150_000 // of a chunk
	textPrice = 64
	maxDepth  = 24
)

var (
	errShort = errors.New("damaged: the binary XML ends early")
	errDeep  = errors.New("damaged: elements or templates are nested too deep")
	errLarge = errors.New("damaged: far more content than an event has")
	errEmpty = errors.New("damaged: no element")
)

// elem is an element of the event.
type elem struct {
	name     string
	attrs    []attr
	children []*elem
	text     string
}

type attr struct{ name, text string }

// value is a value that a template's record fills in.
type value struct {
	kind byte
	at   int // offset in the chunk
	size int
}

// parser reads binary XML at b[pos:end]. b is the whole chunk, since names and
// templates are referred to by their offset in it.
type parser struct {
	b        []byte
	pos, end int
	depth    int
	left     int  // nodes that may still be made
	bare     bool // inside a value: elements have no dependency id
	err      error
}

func (p *parser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
	p.pos = p.end
}

// take is the next n bytes, nil when they are not there.
func (p *parser) take(n int) []byte {
	if n < 0 || p.err != nil || p.end-p.pos < n {
		p.fail(errShort)
		return nil
	}
	p.pos += n
	return p.b[p.pos-n : p.pos]
}

func (p *parser) u8() byte {
	if b := p.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (p *parser) u16() int {
	if b := p.take(2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (p *parser) u32() int {
	if b := p.take(4); b != nil {
		return int(binary.LittleEndian.Uint32(b))
	}
	return 0
}

func (p *parser) node() bool {
	p.left--
	if p.left < 0 {
		p.fail(errLarge)
	}
	return p.err == nil
}

// document reads the root element.
func (p *parser) document() *elem {
	root := &elem{}
	p.content(root, nil)
	if p.err == nil && len(root.children) == 0 {
		p.err = errEmpty
	}
	return root
}

// content reads what stands inside an element, up to its end or the end of the input.
func (p *parser) content(in *elem, values []value) {
	if p.depth++; p.depth > maxDepth {
		p.fail(errDeep)
	}
	defer func() { p.depth-- }()
	for p.err == nil && p.pos < p.end {
		switch token := p.u8(); token &^ 0x40 {
		case 0x00: // end of the stream
			return
		case 0x04: // end of the element
			return
		case 0x0f: // fragment header
			p.node()
			p.take(3)
		case 0x0c:
			p.template(in)
		case 0x01:
			p.element(in, values, token&0x40 != 0)
		case 0x0a: // processing instruction: its target
			p.name()
		case 0x0b: // and its data
			p.node()
			p.take(2 * p.u16())
		default:
			text, ok := p.textToken(token, in, values)
			if !ok {
				p.fail(fmt.Errorf("damaged: unknown token 0x%02x", token))
				return
			}
			p.left -= len(text) / textPrice
			in.text += text
		}
	}
}

// textToken reads a token that stands for text, which a value of binary XML puts
// into in instead. ok is false when the token is none of these.
func (p *parser) textToken(token byte, in *elem, values []value) (text string, ok bool) {
	if !p.node() {
		return "", true
	}
	switch token &^ 0x40 {
	case 0x05:
		if kind := p.u8(); kind != 0x01 {
			p.fail(fmt.Errorf("damaged: a text of type 0x%02x", kind))
			return "", true
		}
		return p.utf16(p.u16()), true
	case 0x07:
		return p.utf16(p.u16()), true
	case 0x08:
		return string(utf16.Decode([]uint16{uint16(p.u16())})), true //nolint:gosec // 16 bits were read
	case 0x09:
		name := p.name()
		if c, ok := entities[name]; ok {
			return c, true
		}
		return "&" + name + ";", true
	case 0x0d, 0x0e:
		i := p.u16()
		p.u8() // the type the template expects; the value names its own
		if i >= len(values) {
			return "", true // newer templates have values that older records lack
		}
		return p.substitute(values[i], in), true
	}
	return "", false
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// substitute gives the text of a value; binary XML goes into in.
func (p *parser) substitute(v value, in *elem) string {
	if v.kind != 0x21 {
		return valueText(p.b[v.at:v.at+v.size], v.kind)
	}
	if v.size == 0 || in == nil {
		return ""
	}
	q := parser{b: p.b, pos: v.at, end: v.at + v.size, depth: p.depth, left: p.left, bare: true}
	q.content(in, nil)
	p.left = q.left
	if q.err != nil {
		p.fail(q.err)
	}
	return ""
}

// element reads an element after its token.
func (p *parser) element(in *elem, values []value, attributes bool) {
	if !p.node() {
		return
	}
	if !p.bare {
		p.u16() // dependency id
	}
	p.u32() // size of the element
	e := &elem{name: p.name()}
	in.children = append(in.children, e)
	if attributes {
		p.u32() // size of the list
		for p.err == nil && p.pos < p.end && p.b[p.pos]&^0x40 == 0x06 {
			p.pos++
			a := attr{name: p.name()}
			for p.err == nil && p.pos < p.end {
				token := p.b[p.pos]
				if k := token &^ 0x40; k != 0x05 && k != 0x07 && k != 0x08 && k != 0x09 && k != 0x0d && k != 0x0e {
					break
				}
				p.pos++
				text, _ := p.textToken(token, nil, values)
				p.left -= len(text) / textPrice
				a.text += text
			}
			if p.node() {
				e.attrs = append(e.attrs, a)
			}
		}
	}
	switch token := p.u8(); token {
	case 0x02:
		p.content(e, values)
	case 0x03:
	default:
		p.fail(fmt.Errorf("damaged: token 0x%02x in a start tag", token))
	}
}

// template reads an instance: which template, then the values that fill it in.
func (p *parser) template(in *elem) {
	if p.depth++; p.depth > maxDepth {
		p.fail(errDeep)
	}
	defer func() { p.depth-- }()
	p.take(5) // unknown, the first bytes of the template's GUID
	at := p.u32()
	if p.err != nil {
		return
	}
	def := parser{b: p.b, pos: at, end: len(p.b), depth: p.depth, left: p.left}
	def.take(4 + 16) // the next template, GUID
	size := def.u32()
	if def.err != nil || size > len(p.b)-def.pos {
		p.fail(errShort)
		return
	}
	def.end = def.pos + size
	if at == p.pos { // the definition stands here, where it is met first
		p.take(4 + 16 + 4 + size)
	}
	n := p.u32()
	if n > (p.end-p.pos)/4 {
		p.fail(errShort)
		return
	}
	if p.left -= n / textPrice; !p.node() {
		return
	}
	values := make([]value, n)
	for i := range values {
		values[i].size = p.u16()
		values[i].kind = p.u8()
		p.u8()
	}
	for i := range values {
		values[i].at = p.pos
		p.take(values[i].size)
	}
	if p.err != nil {
		return
	}
	def.left = p.left
	def.content(in, values)
	p.left = def.left
	if def.err != nil {
		p.fail(def.err)
	}
}

// name reads a reference to a name, which stands right behind it where it is met first.
func (p *parser) name() string {
	at := p.u32()
	if p.err != nil {
		return ""
	}
	q := parser{b: p.b, pos: at, end: len(p.b)}
	q.take(4 + 2) // the next name, hash
	n := q.u16()
	if p.left -= n / textPrice; !p.node() {
		return ""
	}
	s := q.utf16(n)
	q.take(2) // NUL
	if q.err != nil {
		p.fail(errShort)
		return ""
	}
	if at == p.pos {
		p.take(q.pos - at)
	}
	return s
}

// utf16 reads n code units.
func (p *parser) utf16(n int) string {
	return utf16Text(p.take(2 * n))
}

func utf16Text(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
