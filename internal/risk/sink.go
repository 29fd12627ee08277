package risk

import (
	"math"

	"frisk/internal/signin"
)

// Sink takes what watchers find about one person. Its buffers are reused for
// the next person.
type Sink struct {
	env      *Env
	profile  *profile
	rows     []signin.Row
	person   string
	cur      int
	findings []Finding
	facts    []Fact
	refs     []signin.Ref
	mark     int // where the evidence being written starts
	attack   []bool
	held     []bool // see hold
	safe     []bool
	anySafe  bool
	parts    *Parts // of the current row
	skip     bool   // the current row must not teach familiarity
}

// evidence starts a new list of facts; the fact methods append to it and
// Raise takes it.
func (s *Sink) evidence() *Sink {
	s.mark = len(s.facts)
	return s
}

// text adds a fact unless it is empty: the log did not say.
func (s *Sink) text(name, v string) *Sink {
	if v != "" {
		s.facts = append(s.facts, Fact{Name: name, Text: v})
	}
	return s
}

// num adds a number rounded to a tenth, which is more than any of them knows.
func (s *Sink) num(name string, v float64) *Sink {
	s.facts = append(s.facts, Fact{Name: name, Num: math.Round(v*10) / 10, IsNum: true})
	return s
}

// share adds a number rounded to a thousandth.
func (s *Sink) share(name string, v float64) *Sink {
	s.facts = append(s.facts, Fact{Name: name, Num: math.Round(v*1000) / 1000, IsNum: true})
	return s
}

func (s *Sink) takeEvidence() []Fact {
	f := s.facts[s.mark:len(s.facts):len(s.facts)]
	s.mark = len(s.facts)
	return f
}

// refsOf lists the refs of rows by index, in a buffer of the sink.
func (s *Sink) refsOf(rows ...int) []signin.Ref {
	m := len(s.refs)
	for _, i := range rows {
		s.refs = append(s.refs, s.rows[i].Ref)
	}
	return s.refs[m:len(s.refs):len(s.refs)]
}

// raise adds a finding about row subject with the evidence written since
// evidence(). When it is not suppressed, its Bits (for the current row only:
// scores never look ahead or back) go to the score, and at or above the attack
// threshold the subject becomes attack traffic. It returns the finding's index.
func (s *Sink) raise(f Finding, fam Family, subject int) int {
	r := &s.rows[subject]
	f.Person, f.Time, f.Subject = s.person, r.Time, r.Ref
	s.advise(&f, r)
	f.Evidence = s.takeEvidence()
	if f.Events == nil {
		f.Events = s.refsOf(subject)
	}
	if f.Suppressed != "" || subject != s.cur {
		f.Bits = 0
	}
	f.Attack = f.Attack && f.Suppressed == "" && f.Score >= s.env.Config.AttackScore
	if f.Attack {
		s.attack[subject] = true
	}
	if f.Bits != 0 {
		s.weighAs(fam, f.Bits, f.Detector)
		if f.Attack {
			s.skip = true
			s.hold(subject)
		}
	}
	s.findings = append(s.findings, f)
	return len(s.findings) - 1
}

// weigh adds evidence to the current row's score. In one family the strongest counts.
func (s *Sink) weigh(fam Family, bits float64) { s.weighAs(fam, bits, "") }

// weighAs is weigh in the name of a detector.
func (s *Sink) weighAs(fam Family, bits float64, detector string) {
	p := s.parts
	if math.Abs(bits) <= math.Abs(float64(p.Families[fam])) {
		return
	}
	p.Families[fam], p.by[fam] = float32(bits), 0
	for i := range detectors {
		if detectors[i].Name == detector {
			p.by[fam] = uint8(i + 1) //nolint:gosec // a few dozen detectors
		}
	}
}

// asRaised lets the current row's score, and what the row teaches, be as if f were
// raised: for a finding that only later knowledge suppresses.
func (s *Sink) asRaised(f *Finding, fam Family) {
	s.weighAs(fam, f.Bits, f.Detector)
	if f.Bits != 0 && f.Attack && f.Score >= s.env.Config.AttackScore {
		s.skip = true
		s.hold(s.cur)
	}
}

// label marks a row as attack traffic without a finding of its own.
func (s *Sink) label(row int) { s.attack[row] = true }

// hold states that row was held to be hostile by what was known by then: its own
// evidence and the person's earlier rows. A score may rest on it, unlike on label,
// which may use what other people's rows showed later.
func (s *Sink) hold(row int) { s.held[row] = true }

// clear states that an analyst found the row safe; it wins over every label.
func (s *Sink) clear(row int) { s.safe[row], s.anySafe = true, true }
