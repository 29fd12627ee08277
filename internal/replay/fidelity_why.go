package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// why is one reason of a remembered comparison.
type why struct {
	reason  *Reason
	counter int32 // without subject
	judged  int32 // index in the entry's judged; -1 = the policy is not there
	eval    int32
	bit     uint32
	graded  bool
	unknown bool
	// each: the count depends on more of the row than the comparison: its subject,
	// or, for groups and roles, which person it is.
	each, personal bool
	// blame: the first disagreement of an evaluation, which is also the policy's
	// example; result: the recorded result itself differs, not only a condition.
	blame, result bool
	item          string
}

// misses finds the reasons of one evaluation, when it disagrees or is unknown.
func (c *comparer) misses(r *signin.Row, at int, e *evaluation, k int, to *entry) {
	if !c.masks {
		return
	}
	m := miss{w: c.w, row: r, e: e, n: -1}
	if at < 0 {
		away := *e
		away.outside = len(e.versions) > 0
		m.e, m.unknown = &away, true
		if away.outside {
			m.n = e.versions[0]
		}
		c.because(&m, -1, k, to)
		return
	}
	j := &to.judged[at]
	c.fill(&m, j)
	m.beside = to.beside(at)
	if e.result == policy.ResultUnknown {
		m.unknown = true
		c.because(&m, at, k, to)
		return
	}
	if j.differs() {
		m.bit, m.graded = j.root()
		c.because(&m, at, k, to)
		return
	}
	if j.ours != ClassUnknown {
		return
	}
	m.unknown = true
	unk := j.unk
	for unk != 0 {
		m.bit = unk & -unk
		unk &^= m.bit
		c.because(&m, at, k, to)
	}
	if j.unk == 0 {
		m.bit = 0
		c.because(&m, at, k, to)
	}
}

// beside reports whether another enabled policy than that of judged[n] applied for
// one side and not for the other.
func (e *entry) beside(n int) bool {
	for i := range e.judged {
		o := &e.judged[i]
		if i != n && o.want&enforcedOnly != 0 && o.class != ClassUnknown && o.ours != ClassUnknown && (o.class == ClassApplied) != (o.ours == ClassApplied) {
			return true
		}
	}
	return false
}

// enforcedOnly are the results of policies that are enabled.
const enforcedOnly = policy.ResultSuccess | policy.ResultFailure | policy.ResultInterrupt | policy.ResultNotApplied

// fill puts what was judged into a miss.
func (c *comparer) fill(m *miss, j *judged) {
	m.n, m.p = int(j.policy), c.policies[j.policy]
	m.yes, m.no, m.unk, m.theirYes, m.theirNo, m.masked = j.yes, j.no, j.unk, j.theirYes, j.theirNo, j.masked
	m.edited, m.want = j.edited, j.want
}

// root is the condition a disagreement begins with: the first that differs in
// the order of tests. graded is set where the conditions agree.
func (j *judged) root() (bit uint32, graded bool) {
	if !j.masked {
		// Without masks only the class tells, and of ours only a failed condition.
		if j.class == ClassApplied && j.ours == ClassNotApplied {
			return lowest(j.no), false
		}
		return 0, j.class == j.ours
	}
	diff := j.differing()
	for _, bits := range groupBits {
		if d := diff & bits; d != 0 {
			return lowest(d), false
		}
	}
	return 0, true
}

// differing are the conditions both sides came to on which the masks differ, but
// for those unknown to us.
func (j *judged) differing() uint32 {
	return ((j.yes ^ j.theirYes) | (j.no ^ j.theirNo)) &^ j.unk & j.both()
}

func lowest(mask uint32) uint32 { return mask & -mask }

// because adds the reason of a miss to an entry.
func (c *comparer) because(m *miss, j, k int, to *entry) {
	reason, item := m.explain()
	y := why{
		reason: reason, judged: int32(j), eval: int32(k), bit: m.bit, graded: m.graded, unknown: m.unknown, item: item, //nolint:gosec // few
		blame: !m.unknown,
	}
	if j >= 0 {
		y.result = !m.unknown && to.judged[j].result == disagrees
	}
	personal := reason.Code == "membership-then" || reason.Code == "role-then"
	y.personal = personal && !m.unknown
	y.each = reason.hasDim || y.personal || c.plain && !m.graded && j >= 0
	y.counter = c.counter(reasonKey{reason: reason, policy: int32(m.n), item: item}) //nolint:gosec // few
	to.whys = append(to.whys, y)
	to.each = true
}

func (c *comparer) counter(k reasonKey) int32 {
	n, ok := c.byReason[k]
	if !ok {
		n = int32(len(c.counters)) //nolint:gosec // few
		c.counters = append(c.counters, counter{key: k})
		c.byReason[k] = n
	}
	return n
}

// each counts what differs by row, and keeps examples.
func (c *comparer) each(i int, e *entry) {
	r := c.w.seen(i)
	d := Disagreement{At: r.Time, Person: c.w.key, Ref: r.Ref}
	for k := range e.whys {
		y := &e.whys[k]
		n := y.counter
		if y.each {
			n = c.eachCounter(r, e, y)
		}
		x := &c.counters[n]
		if !late(x.examples, &d) {
			x.examples = keep(x.examples, c.example(d, e, y))
		}
		if !y.blame {
			continue
		}
		if pf := &c.w.tally.Fidelity.Policies[e.judged[y.judged].policy]; !late(pf.Examples, &d) {
			pf.Examples = keep(pf.Examples, c.example(d, e, y))
		}
	}
}

// eachCounter finds the counter of a row's own subject or person, and counts.
func (c *comparer) eachCounter(r *signin.Row, e *entry, y *why) int32 {
	base := y.counter
	reason := y.reason
	if y.personal {
		list := *c.w.t.recorded.get(c.w.t.sym[signin.DimPolicies], r.C[signin.DimPolicies])
		m := &c.miss
		*m = miss{w: c.w, row: r, e: &list[y.eval], n: -1, bit: y.bit, graded: y.graded, unknown: y.unknown}
		c.fill(m, &e.judged[y.judged])
		m.beside = e.beside(int(y.judged))
		var item string
		reason, item = m.explain()
		base = c.counter(reasonKey{reason: reason, policy: int32(m.n), item: item}) //nolint:gosec // few
	}
	n := base
	if reason.hasDim {
		subject := r.C[reason.subject]
		k := uint64(uint32(base))<<32 | uint64(subject) //nolint:gosec // not negative
		var ok bool
		if n, ok = c.bySubject[k]; !ok {
			x := c.counters[base].key
			x.subject = subject
			n = c.counter(x)
			c.bySubject[k] = n
		}
	}
	x := &c.counters[n]
	x.add(y, 1)
	if c.plain && y.judged >= 0 && !y.graded && c.settled(r, &e.judged[y.judged], y) {
		x.learned++
	}
	return n
}

// settled reports whether the set as replayed, with facts learned from the log,
// says what the log says where the plain one does not.
func (c *comparer) settled(r *signin.Row, j *judged, y *why) bool {
	m := &c.w.sets[0].lo.Match
	n := int(j.policy)
	if m.Unknown.Has(n) || j.class == ClassUnknown || j.class == ClassNotEnabled || !c.set.active.Has(n) {
		return false
	}
	if j.masked && y.bit != 0 {
		yes, no, _ := c.w.sets[0].ev.Conditions(r, n)
		return (yes|no)&y.bit != 0 && yes&y.bit == j.theirYes&y.bit
	}
	return m.Applies.Has(n) == (j.class == ClassApplied)
}

// example says what differs, in words.
func (c *comparer) example(d Disagreement, e *entry, y *why) Disagreement {
	if y.judged < 0 {
		d.Recorded, d.Replayed, d.Why = "evaluated", "not in the set", []string{}
		return d
	}
	j := &e.judged[y.judged]
	d.Recorded, d.Replayed, d.Why = policy.Results(1 << j.bit).Names()[0], classNames[j.ours], bitNames(y.bit)
	if j.ours == j.class && j.want != 0 {
		d.Replayed = resultName(j.want)
	}
	if j.masked && !y.unknown {
		d.Why = bitNames(j.differing())
	}
	if len(d.Why) == 0 {
		d.Why = append(d.Why, SessionFact)
	}
	return d
}
