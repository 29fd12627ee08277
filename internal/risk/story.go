package risk

import (
	"slices"

	"frisk/internal/signin"
)

// story is a finding still open to more rows of the same kind.
type story struct {
	key     uint64
	finding int
	until   signin.Time
	rows    []int
}

// stories merges what would be one finding per row into one per key and span
// of time. The number of further rows goes into the finding's last fact, which
// must be further_sign_ins.
type stories struct {
	open []story
	at   map[uint64]int // by key, of those past fewStories
}

// fewStories is how many are looked through one by one: most people have none. One
// who takes a new address every minute has as many as sign-ins.
const fewStories = 16

func (st *stories) begin() {
	st.open = st.open[:0]
	if len(st.at) > 0 {
		clear(st.at)
	}
}

// find is the story of a key, nil for none.
func (st *stories) find(key uint64) *story {
	for i := range min(len(st.open), fewStories) {
		if st.open[i].key == key {
			return &st.open[i]
		}
	}
	if len(st.open) > fewStories {
		if i, ok := st.at[key]; ok {
			return &st.open[i]
		}
	}
	return nil
}

// more adds the current row to the open story of this key, if there is one,
// with the same weight and label as the finding has.
func (st *stories) more(s *Sink, key uint64, fam Family, bits float64, keep signin.Time) bool {
	now := s.rows[s.cur].Time
	o := st.find(key)
	if o == nil || now > o.until {
		return false
	}
	o.until = now + keep
	o.rows = append(o.rows, s.cur)
	f := &s.findings[o.finding]
	if f.Suppressed == "" && bits != 0 {
		s.weighAs(fam, bits, f.Detector)
		if f.Attack {
			s.skip = true
			s.hold(s.cur)
		}
	}
	if f.Attack {
		s.label(s.cur)
	}
	return true
}

// start opens a story on a finding just raised about the current row.
func (st *stories) start(s *Sink, key uint64, finding int, keep signin.Time) {
	until := s.rows[s.cur].Time + keep
	if o := st.find(key); o != nil {
		o.close(s)
		*o = story{key: key, finding: finding, until: until, rows: append(o.rows[:0], s.cur)}
		return
	}
	if n := len(st.open); n >= fewStories {
		if st.at == nil {
			st.at = map[uint64]int{}
		}
		st.at[key] = n
	}
	if len(st.open) < cap(st.open) {
		st.open = st.open[:len(st.open)+1]
	} else {
		st.open = append(st.open, story{})
	}
	o := &st.open[len(st.open)-1]
	*o = story{key: key, finding: finding, until: until, rows: append(o.rows[:0], s.cur)}
}

func (o *story) close(s *Sink) {
	f := &s.findings[o.finding]
	if len(o.rows) > 1 {
		f.Evidence[len(f.Evidence)-1].Num = float64(len(o.rows) - 1)
		all := o.rows
		if len(f.Events) > 1 { // rows that led up to the story come first
			lead := f.Events[:len(f.Events)-1]
			f.Events = slices.Concat(lead, s.refsOf(all...))
			return
		}
		f.Events = s.refsOf(all...)
	}
}

func (st *stories) end(s *Sink) {
	for i := range st.open {
		st.open[i].close(s)
	}
}
