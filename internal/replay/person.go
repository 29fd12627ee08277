package replay

import (
	"frisk/internal/signin"
)

// person is the scratch a worker keeps for the person at hand.
type person struct {
	rows     []signin.Row
	facts    []rowFact
	episodes []episode
	keys     keys
	tracked  tracked
	byID     idTable
	lastUse  []signin.Time // by session: last accepted background row
	refused  []int32       // by session: the row of an unanswered 70043, +1
	onlySeen bool          // there are no background rows at all
	foreign  bool          // the account's provider is not the one whose policies are replayed
	rule     signin.AttemptRule
	attempts *signin.Attempts
	open     int32 // the episode of an unanswered challenge without an identifier, -1 = none
}

// read works out what is the same for every set.
func (p *person) read(w *Worker, h History, attacks []bool) {
	p.rows = h.Rows
	p.facts = resize(p.facts, len(h.Rows))
	p.episodes = p.episodes[:0]
	p.keys.reset()
	p.tracked.reset()
	p.byID.reset()
	p.onlySeen = true
	p.foreign = len(w.sets) > 0 && !ours(h.Provider)
	p.rule, p.open = signin.AttemptRuleOf(h.Provider), -1
	if p.attempts == nil {
		p.attempts = signin.NewAttempts(w.t.sym)
	}
	p.attempts.Reset()
	for i := range p.rows {
		r := &p.rows[i]
		f := &p.facts[i]
		f.steps = w.t.steps.get(w.t.sym[signin.DimFactors], r.C[signin.DimFactors])
		p.describe(w, i, i < len(attacks) && attacks[i])
		f.episode = p.episodeOf(i)
		p.join(w, i, &p.episodes[f.episode])
	}
	p.keys.settle(p.facts)
	p.use()
	p.frequency()
}

// describe fills the row's own facts.
func (p *person) describe(w *Worker, i int, isAttack bool) {
	r, f, t := &p.rows[i], &p.facts[i], w.t
	if isAttack {
		f.flag |= attack
	}
	f.scope = w.scope(r)
	if t.hasReached(r) {
		f.flag |= reached
	}
	kind := *t.client.get(t.sym[signin.DimClient], r.C[signin.DimClient])
	switch kind {
	case clientBrowser:
		f.flag |= browser | deferrable
	case clientLegacy:
		if ours(w.t.sym[signin.DimProvider].Text(r.C[signin.DimProvider])) {
			f.flag |= legacy // the words are those of Graph clientAppUsed
		}
	}
	if p.foreign {
		f.flag |= foreign
	}
	if !p.rule.EachRow && r.Reason().FirstFactorFailed() && p.attempts.Again(r) {
		f.flag |= again
	}
	if *t.secret.get(t.sym[signin.DimCredential], r.C[signin.DimCredential]) {
		f.flag |= deferrable
	}
	switch r.Kind() {
	case signin.Service, signin.Machine:
	default:
		if s := r.Stream(); s != signin.ServicePrincipal && s != signin.ManagedIdentity {
			f.flag |= human
		}
	}
	if r.Stream() == signin.NonInteractive {
		f.flag |= background
		p.onlySeen = false
	}
	if *t.silent.get(t.sym[signin.DimPolicies], r.C[signin.DimPolicies]) {
		f.flag |= silent
	}
	if *t.prt.get(t.sym[signin.DimIncomingToken], r.C[signin.DimIncomingToken]) {
		f.flag |= token
	}
	if r.Reason() == signin.SignInFrequency || *t.frequency.get(t.sym[signin.DimLifetimes], r.C[signin.DimLifetimes]) {
		f.flag |= labelled
	}
	switch p.tracked.see(t, r) {
	case flowDeviceCode:
		f.flag |= codeFlow
	case flowTransfer:
		f.flag |= transferred
	}
	// Attack rows come from somebody else's device: they get no session of this
	// person's, and none of theirs becomes this person's.
	if isAttack {
		f.key, f.low, f.clock = -1, -1, -1
		return
	}
	p.seat(w, i, kind)
}

// seat puts row i into its session.
func (p *person) seat(w *Worker, i int, kind clientKind) {
	r, f, t := &p.rows[i], &p.facts[i], w.t
	var joined bool
	f.key, f.clock, joined = p.keys.number(t, r, kind == clientBrowser, w.cfg.fresh && (kind == clientBrowser || r.Trust() >= signin.AzureAD))
	f.low = f.key
	switch {
	case joined || (f.flag&token != 0 && r.Trust() == signin.TrustUnknown):
		f.flag |= device
	case r.Trust() == signin.Workplace && kind != clientBrowser && r.C[signin.DimDevice] != 0:
		f.flag |= registered
	}
	if *t.unlock.get(t.sym[signin.DimApp], r.C[signin.DimApp]) && f.flag&device != 0 {
		f.flag |= unlock
	}
	if w.cfg.fresh && f.flag&device != 0 && f.flag&background == 0 {
		f.flag |= opportunity
	}
	p.keys.note(r, f, int32(i)) //nolint:gosec // rows of one person
}

// use marks the rows of sessions in use: an accepted background row of the same
// session within UseSpan before, and one within UseSpan after or the row itself.
func (p *person) use() {
	p.lastUse = resize(p.lastUse, p.keys.sessions())
	for i := range p.facts {
		f, r := &p.facts[i], &p.rows[i]
		if f.key < 0 {
			continue
		}
		if last := p.lastUse[f.key]; last != 0 && r.Time-last <= UseSpan {
			f.flag |= inUse
		}
		if f.flag&background != 0 && r.Outcome() == signin.Success {
			p.lastUse[f.key] = r.Time
		}
	}
	clear(p.lastUse)
	for i := len(p.facts) - 1; i >= 0; i-- {
		f, r := &p.facts[i], &p.rows[i]
		if f.key < 0 {
			continue
		}
		if next := p.lastUse[f.key]; f.flag&background == 0 && (next == 0 || next-r.Time > UseSpan) {
			f.flag &^= inUse
		}
		if f.flag&background != 0 {
			p.lastUse[f.key] = r.Time
		}
	}
}

// frequency spreads the blame of a refused refresh (70043) to the prompt that
// answers it: the next episode with a factor entry in the same session.
func (p *person) frequency() {
	p.refused = resize(p.refused, p.keys.sessions())
	for i := range p.facts {
		f, r := &p.facts[i], &p.rows[i]
		if f.key < 0 {
			continue
		}
		e := &p.episodes[f.episode]
		if r.Reason() == signin.SignInFrequency {
			p.refused[f.key] = int32(i) + 1 //nolint:gosec // rows of one person
		} else if e.entry == int32(i) && p.refused[f.key] != 0 { //nolint:gosec // same
			e.labelled = true
			if p.facts[p.refused[f.key]-1].flag&inUse != 0 {
				f.flag |= inUse
			}
			p.refused[f.key] = 0
		}
	}
}
