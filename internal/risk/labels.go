package risk

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Verdict is what somebody who looked into a sign-in says of it.
type Verdict uint8

// The verdicts; the zero value is nobody's.
const (
	Unjudged Verdict = iota
	ConfirmedSafe
	ConfirmedCompromised
)

var verdictNames = []string{"", "confirmed_safe", "confirmed_compromised"}

func (v Verdict) String() string { return verdictNames[v] }

// ParseVerdict reads confirmed_safe or confirmed_compromised, in the spelling of
// Graph (confirmedSafe) too; ok is false for anything else.
func ParseVerdict(s string) (v Verdict, ok bool) {
	s = strings.ReplaceAll(foldASCII(strings.TrimSpace(s)), "_", "")
	for i := range verdictNames {
		if i > 0 && s == strings.ReplaceAll(verdictNames[i], "_", "") {
			return Verdict(i), true //nolint:gosec // 3 names
		}
	}
	return Unjudged, false
}

// Label is one answer. It names its sign-in by event id, or by person and time.
type Label struct {
	Event string
	// User is the id or the name of the account, in any case; Time names its nearest
	// sign-in within a second: one with somebody in front before a renewal, of equally
	// near ones one with a right password, then the first. Name the event where that is not the one meant.
	User    string
	Time    signin.Time
	Verdict Verdict
	Source  string // who says so; "" = the file does not say
	File    string
	Line    int
}

// Labels finds the answer to a row. It is read only and safe for concurrent use.
type Labels struct {
	list   []Label
	byID   map[uint64]int
	byUser map[string][]int // lower case, in order of time
}

// NewLabels indexes list. Of two answers about one sign-in the later in the list counts.
func NewLabels(list []Label) *Labels {
	l := &Labels{list: list, byID: map[uint64]int{}, byUser: map[string][]int{}}
	for i := range list {
		if list[i].Event != "" {
			l.byID[signin.IDHash(list[i].Event)] = i
			continue
		}
		u := strings.ToLower(list[i].User)
		l.byUser[u] = append(l.byUser[u], i)
	}
	for _, of := range l.byUser {
		slices.SortStableFunc(of, func(a, b int) int { return cmp.Compare(list[a].Time, list[b].Time) })
	}
	return l
}

// Len is the number of answers; 0 for nil.
func (l *Labels) Len() int {
	if l == nil {
		return 0
	}
	return len(l.list)
}

// Label is answer i of the list that was indexed.
func (l *Labels) Label(i int) *Label { return &l.list[i] }

// LabelsNeed is the columns that finding a row's answer reads.
func LabelsNeed() signin.Need {
	n := signin.NeedDims(signin.DimPrincipal, signin.DimPrincipalName, signin.DimRiskState)
	n.IDs[signin.IDEvent] = true
	return n
}

// around are the labels by time about an account, from a second before t to one after.
func (l *Labels) around(of []int, t signin.Time) []int {
	lo, _ := slices.BinarySearchFunc(of, t-signin.Second+1, func(i int, t signin.Time) int { return cmp.Compare(l.list[i].Time, t) })
	hi := lo
	for hi < len(of) && l.list[of[hi]].Time < t+signin.Second {
		hi++
	}
	return of[lo:hi]
}

// Answer is a labelled row with the evidence of its score.
type Answer struct {
	Person   string // of the group that answers about one person make
	Ref      signin.Ref
	Time     signin.Time
	Verdict  Verdict
	Evidence float64 // bits, not capped
	Label    int     // in Labels; -1 when the log itself says so (riskState)
}

// labelled applies labels to the person at hand. nil does nothing but listen to riskState.
type labelled struct {
	labels  *Labels
	env     *Env
	state   byCode[Verdict]
	byUser  [len(accountDims)]byCode[[]int] // labels by time, of an id or a name
	person  string
	start   int // where the answers about the person at hand begin in found
	found   []Answer
	matched []bool // by label
}

// accountDims are the columns that labels by time name an account by.
var accountDims = [...]signin.Dim{signin.DimPrincipal, signin.DimPrincipalName}

// of is the number of the answer about row at of a person, -1 when there is none.
func (l *labelled) of(rows []signin.Row, at int) int {
	r := &rows[at]
	if i, ok := l.labels.byID[r.ID]; ok && r.ID != 0 {
		return i
	}
	if len(l.labels.byUser) == 0 {
		return -1
	}
	for k := range accountDims {
		found := -1
		for _, i := range l.labels.around(l.named(r, k), r.Time) {
			if i > found && l.nearest(rows, at, k, i) {
				found = i
			}
		}
		if found >= 0 {
			return found
		}
	}
	return -1
}

// named are the labels by time about the account of a row.
func (l *labelled) named(r *signin.Row, k int) []int {
	c := r.C[accountDims[k]]
	if c == 0 {
		return nil
	}
	return l.byUser[k].get(l.env.Symbols[accountDims[k]], c)
}

// nearest reports that row at is the one that label i means; see Label.
func (l *labelled) nearest(rows []signin.Row, at, k, i int) bool {
	t := l.labels.list[i].Time
	d := accountDims[k]
	better := func(o int) bool { // than row at
		a, b := &rows[o], &rows[at]
		switch {
		case a.C[d] != b.C[d] || apart(a.Time, t) >= signin.Second:
			return false
		case humanStreams[a.Stream()] != humanStreams[b.Stream()]:
			return humanStreams[a.Stream()]
		case apart(a.Time, t) != apart(b.Time, t):
			return apart(a.Time, t) < apart(b.Time, t)
		case accepted(a) != accepted(b):
			return accepted(a)
		}
		return o < at
	}
	for o := at - 1; o >= 0 && rows[at].Time-rows[o].Time < 2*signin.Second; o-- {
		if better(o) {
			return false
		}
	}
	for o := at + 1; o < len(rows) && rows[o].Time-rows[at].Time < 2*signin.Second; o++ {
		if better(o) {
			return false
		}
	}
	return true
}

func apart(a, b signin.Time) signin.Time { return max(a-b, b-a) }

// UseLabels makes the assessor apply answers and collect Answers. A confirmed
// compromised row is attack traffic and teaches nothing; a confirmed safe one is
// no attack, suppresses the findings about it, and lifts the quarantine of what
// it was seen on. l may be nil: the states that the log records are collected all the same.
func (a *Assessor) UseLabels(l *Labels) {
	a.labels = &labelled{labels: l, env: &a.env, matched: make([]bool, l.Len())}
	a.labels.state.of = func(s string) Verdict {
		// What counts of Graph's riskState: answers of an administrator alone.
		// "dismissed" also clears users in bulk, "remediated" is a factor given or a
		// password changed, which an attacker's victim does as well.
		v, _ := ParseVerdict(s)
		return v
	}
	for k := range a.labels.byUser {
		a.labels.byUser[k].of = func(name string) []int { return l.byUser[strings.ToLower(name)] }
	}
}

// Answers are the labelled rows of everybody assessed so far, with the labels
// that found a row. The slices are the assessor's.
func (a *Assessor) Answers() (answers []Answer, matched []bool) {
	if a.labels == nil {
		return nil, nil
	}
	return a.labels.found, a.labels.matched
}

func (l *labelled) begin(person string) {
	if l != nil {
		l.person, l.start = person, len(l.found)
	}
}

func (l *labelled) row(v *View, s *Sink) {
	if l == nil {
		return
	}
	r := v.Row
	verdict := Unjudged
	if c := r.C[signin.DimRiskState]; c != 0 {
		verdict = l.state.get(l.env.Symbols[signin.DimRiskState], c)
	}
	at := -1
	if l.labels.Len() > 0 {
		if at = l.of(s.rows, v.Index); at >= 0 {
			verdict = l.labels.list[at].Verdict
			l.matched[at] = true
		}
	}
	if verdict == Unjudged {
		return
	}
	l.found = append(l.found, Answer{l.person, r.Ref, r.Time, verdict, s.parts.evidence(), at})
	if at < 0 {
		return // provider-risk says what the log's own states mean
	}
	switch verdict {
	case ConfirmedSafe:
		s.clear(v.Index)
		s.skip = false
		l.lift(v, s)
	case ConfirmedCompromised:
		s.label(v.Index)
		s.skip = true
	}
}

// safeReason suppresses findings about a row that an analyst found safe.
const safeReason = "org: confirmed safe (labels)"

// settle suppresses the findings about rows that labels call safe.
func (l *labelled) settle(s *Sink) {
	if l == nil || l.labels.Len() == 0 {
		return
	}
	for i := l.start; i < len(l.found); i++ {
		a := &l.found[i]
		if a.Label < 0 || a.Verdict != ConfirmedSafe {
			continue
		}
		for k := range s.findings {
			if f := &s.findings[k]; f.Subject == a.Ref && f.Suppressed == "" {
				f.Suppressed, f.Attack, f.Bits = safeReason, false, 0
			}
		}
	}
}

// lift ends the quarantine of what a safe row was seen on.
func (l *labelled) lift(v *View, s *Sink) {
	p := s.profile
	for _, x := range []struct {
		f *familiar
		c uint32
	}{{&p.network, v.addr.net}, {&p.device, uint32(v.Row.C[signin.DimDevice])}} {
		if x.c != 0 {
			if t := x.f.at(x.c); t.person == p.person {
				t.bad = 0
			}
		}
	}
}
