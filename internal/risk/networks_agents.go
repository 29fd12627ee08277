package risk

import (
	"maps"
	"strings"

	"frisk/internal/signin"
)

// agentText is how much of a user agent is kept: enough to recognise it.
const agentText = 300

// agents counts what each user agent was accepted for, per day, so that an
// agent that hardly ever gets in can be told from a browser everybody has.
// Memory is bounded by refused tries (texts) and by agents used per day.
type agents struct {
	hash byCode[uint64]
	text map[uint64]string // of agents with refused tries
	oks  map[agentDay]uint32
	last agentDay
	run  uint32 // accepted rows of last not yet in oks
}

type agentDay struct {
	agent uint64
	day   int32
}

func newAgents() agents {
	a := agents{text: map[uint64]string{}, oks: map[agentDay]uint32{}}
	a.hash.of = func(s string) uint64 {
		if s == "" {
			return 0
		}
		return signin.IDHash(s)
	}
	return a
}

// use begins another symbol table.
func (a *agents) use() {
	a.flush()
	a.hash.vals = a.hash.vals[:0]
}

func (a *agents) flush() {
	if a.run > 0 {
		a.oks[a.last] += a.run
		a.run = 0
	}
}

func (a *agents) accepted(agent uint64, d int32) {
	if agent == 0 {
		return
	}
	if k := (agentDay{agent, d}); k != a.last {
		a.flush()
		a.last = k
	}
	a.run++
}

// refused keeps the text of an agent that was refused.
func (a *agents) refused(agent uint64, text string) {
	if _, ok := a.text[agent]; ok || agent == 0 {
		return
	}
	a.text[agent] = shortAgent(text)
}

func shortAgent(text string) string {
	if len(text) > agentText {
		return strings.ToValidUTF8(text[:agentText], "")
	}
	return text
}

func (a *agents) merge(o *agents) {
	a.flush()
	o.flush()
	maps.Copy(a.text, o.text)
	for k, c := range o.oks {
		a.oks[k] += c
	}
}
