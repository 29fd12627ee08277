package risk

import (
	"strings"

	"frisk/internal/signin"
)

// marks is a set of codes that one person used. Starting the next person is a new
// generation, not a clear, so that nothing is paid per person.
type marks struct {
	t      []uint32
	person uint32
}

func (m *marks) begin() { m.person++ }

// has reports that code c was added for this person. 0, which the log did not
// say, is never in the set.
func (m *marks) has(c uint32) bool { return int(c) < len(m.t) && m.t[c] == m.person }

func (m *marks) add(c uint32) {
	if c == 0 {
		return
	}
	if int(c) >= len(m.t) {
		m.t = append(m.t, make([]uint32, int(c)+1-len(m.t)+len(m.t)/2)...)
	}
	m.t[c] = m.person
}

// clients numbers kinds of client: the user agent without its digits and dots, so
// that an update is the same client, else the named system and browser the same way.
type clients struct {
	agent, os, browser byCode[uint32]
	pairs              map[[2]uint32]uint32
	numbers            map[string]uint32
}

func newClients() *clients {
	c := &clients{pairs: map[[2]uint32]uint32{}, numbers: map[string]uint32{}}
	c.agent.of, c.os.of, c.browser.of = c.number, c.number, c.number
	return c
}

// number is dense from 1; 0 for a text of digits alone.
func (c *clients) number(text string) uint32 {
	kind := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || r == '.' || r == ' ' {
			return -1
		}
		return r
	}, text)
	if kind == "" {
		return 0
	}
	n, ok := c.numbers[kind]
	if !ok {
		n = uint32(len(c.numbers) + len(c.pairs) + 1) //nolint:gosec // bounded by distinct texts
		c.numbers[kind] = n
	}
	return n
}

// of is the kind of client of a row, 0 when the row names none.
func (c *clients) of(sym *signin.Symbols, r *signin.Row) uint32 {
	if a := r.C[signin.DimUserAgent]; a != 0 {
		return c.agent.get(sym[signin.DimUserAgent], a)
	}
	o, b := r.C[signin.DimOS], r.C[signin.DimBrowser]
	if o|b == 0 {
		return 0
	}
	pair := [2]uint32{c.os.get(sym[signin.DimOS], o), c.browser.get(sym[signin.DimBrowser], b)}
	n, ok := c.pairs[pair]
	if !ok {
		n = uint32(len(c.numbers) + len(c.pairs) + 1) //nolint:gosec // bounded by distinct pairs
		c.pairs[pair] = n
	}
	return n
}

// clientNeed is the columns of clients.
func clientNeed() signin.Need {
	return signin.NeedDims(signin.DimUserAgent, signin.DimOS, signin.DimBrowser)
}
