package signin

// Attempts tells rows that describe a try another row of the same attempt
// described already: the PAM line beside sshd's own, the agent's row beside the
// session's (docs/metrics.md, "Episodes"). It is for one account at a time, whose
// rows come in order; Reset between accounts. It needs the correlation columns:
// without them every row is a try of its own.
type Attempts struct {
	rules []AttemptRule // by provider code, +1 in known
	known []bool
	sym   *Symbols
	open  [maxAttempts]attempt
	next  int
}

// maxAttempts is how many attempts of one account may overlap; older ones are
// taken for ended.
const maxAttempts = 8

// attempt is one correlation: tries refused in it so far, by kind of row.
type attempt struct {
	id    uint64
	start Time
	tries int32
	kinds [4]struct {
		kind [2]Code // result code, list of steps
		n    int32
	}
	accepted bool
}

// NewAttempts is for rows whose codes are sym's.
func NewAttempts(sym *Symbols) *Attempts { return &Attempts{sym: sym} }

// Reset forgets the account.
func (a *Attempts) Reset() {
	if a.next != 0 || a.open[0].id != 0 {
		a.open, a.next = [maxAttempts]attempt{}, 0
	}
}

// Rule is the rule of a row's provider.
func (a *Attempts) Rule(r *Row) AttemptRule {
	c := int(r.C[DimProvider])
	for len(a.rules) <= c {
		a.rules, a.known = append(a.rules, AttemptRule{}), append(a.known, false)
	}
	if !a.known[c] {
		a.rules[c], a.known[c] = AttemptRuleOf(a.sym[DimProvider].Text(r.C[DimProvider])), true
	}
	return a.rules[c]
}

// Again reports that r, a refused row, describes a try that an earlier row of the
// account described. Call it once per refused row, in order.
func (a *Attempts) Again(r *Row) bool {
	t := a.of(r, a.Rule(r))
	if t == nil {
		return false
	}
	kind := [2]Code{r.C[DimCode], r.C[DimFactors]}
	c := &t.kinds[len(t.kinds)-1] // more kinds than places share the last
	for i := range t.kinds {
		if t.kinds[i].n == 0 || t.kinds[i].kind == kind {
			c = &t.kinds[i]
			break
		}
	}
	c.kind = kind
	c.n++
	if c.n <= t.tries {
		return true
	}
	t.tries = c.n
	return false
}

// AgainAccepted is Again for rows that were accepted: an attempt is accepted once.
func (a *Attempts) AgainAccepted(r *Row) bool {
	t := a.of(r, a.Rule(r))
	if t == nil {
		return false
	}
	again := t.accepted
	t.accepted = true
	return again
}

// of is the attempt of a row, nil where each row is one.
func (a *Attempts) of(r *Row, rule AttemptRule) *attempt {
	id := r.Correlation
	if id == 0 {
		id = r.Original
	}
	if rule.EachRow || id == 0 {
		return nil
	}
	for i := range a.open {
		if t := &a.open[i]; t.id == id && r.Time-t.start <= EpisodeSpan {
			return t
		}
	}
	t := &a.open[a.next%maxAttempts]
	a.next++
	*t = attempt{id: id, start: r.Time}
	return t
}
