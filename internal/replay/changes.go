package replay

import (
	"cmp"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Kinds of Change as indexes.
const (
	kindBlocked = iota
	kindPrompted
	kindRelieved
	numKinds
)

var kindNames = [numKinds]string{NewlyBlocked, NewlyPrompted, Relieved}

// ControlPersistentBrowser is the Control of a Change that comes from a browser
// session that may no longer be kept. It asks for no control of its own: it
// ends the session that spared the person one.
const ControlPersistentBrowser = "persistentBrowser"

// changeRun keeps the best sign-in that shows what a candidate changes for the
// person at hand, by kind.
type changeRun struct {
	examples [numKinds]example
	// hint is what asks where no row of the log does: work nobody logged, a
	// browser that was closed. It names the policy of a change without an example.
	hint example
}

// example is a sign-in that one set decides otherwise than another; the higher
// its rank the better it shows it, 0 = none.
type example struct {
	rank    int
	at      signin.Time
	ref     signin.Ref
	policy  int
	control string
}

// compare looks, after all sets have had their turn at row i, for what a
// candidate does and the baseline does not, and the other way round. Only what the
// sets say about this very row counts, not a demand that an earlier row left
// waiting or that was counted for another row of the episode: explaining the
// example must show it.
func (w *Worker) compare(i int) {
	if len(w.sets) < 2 {
		return
	}
	now := w.sets[w.cfg.Baseline]
	for _, s := range w.sets[1:] {
		if s.n == now.n || s.raw == now.raw {
			continue
		}
		for kind := range numKinds {
			w.show(kind, i, now, s)
		}
	}
}

// shows says how well a pair of effects shows a change of a kind: 2 when the
// other set lets the sign-in pass, 1 when it asks or refuses as well, but for
// something else, 0 not at all.
func shows(kind int, now, then policy.Effect) int {
	switch kind {
	case kindBlocked:
		if then == policy.Block && now != policy.Block {
			return 2
		}
	case kindPrompted:
		if then == policy.Prompt && now != policy.Prompt {
			return 2 - int(now)/int(policy.Block)
		}
	case kindRelieved:
		if now > then {
			return 2 - int(then)
		}
	}
	return 0
}

// show takes row i as the example of a kind if it shows it better than the one
// so far: in both worlds rather than one, and in an attempt in which only one of
// the sets asks at all.
func (w *Worker) show(kind, i int, now, then *setRun) {
	in := [2]int{shows(kind, now.raw[low], then.raw[low]), shows(kind, now.raw[high], then.raw[high])}
	rank := in[low] + in[high]
	if rank == 0 {
		return
	}
	side := low
	if in[low] == 0 {
		side = high
	}
	asks, not := then, now
	if kind == kindRelieved {
		asks, not = now, then
	}
	bit := uint8(countedPrompt) << side
	if asks.raw[side] == policy.Block {
		bit = countedBlock << side
	}
	if n := w.p.facts[i].episode; asks.done[n]&bit != 0 && not.done[n]&bit == 0 {
		rank += 3
	}
	x := &w.change[then.n].examples[kind]
	if rank <= x.rank {
		return
	}
	r := &w.p.rows[i]
	*x = example{rank: rank, at: r.Time, ref: r.Ref}
	x.policy, x.control = asks.behind(side)
}

// behind names a policy that makes the set ask or refuse the row at hand in one
// world, and what it asks for; one that does so for certain comes first.
func (s *setRun) behind(side int) (int, string) {
	sure, maybe := s.lo.Prompts, s.asking(side)
	if side == high {
		sure = s.hi.Prompts
	}
	blocks := s.raw[side] == policy.Block
	if blocks {
		sure, maybe = s.lo.Blocks, s.blocking(side)
		if side == high {
			sure = s.hi.Blocks
		}
	}
	for _, m := range [2]policy.Mask{sure, maybe} {
		for n := range m.All() {
			if c := s.plans[n].demands() & s.rawAsk[side]; c != 0 {
				return n, controlName(c, blocks)
			}
		}
	}
	return -1, controlName(s.rawAsk[side], blocks)
}

// demands are the controls the policy can ask for.
func (p *plan) demands() policy.Controls {
	if p.frequency {
		return p.control | policy.ControlFrequency
	}
	return p.control
}

// controlName is the first control asked for; of a refusal, the first that no
// answer could have met.
func controlName(c policy.Controls, blocks bool) string {
	const answers = policy.ControlMFA | policy.ControlStrength | policy.ControlPasswordChange | policy.ControlRiskRemediation |
		policy.ControlTermsOfUse | policy.ControlCustom | policy.ControlFrequency
	if blocks && c&^answers != 0 {
		c &^= answers
	}
	if names := c.Names(); len(names) > 0 {
		return names[0]
	}
	return ""
}

// hint remembers the policy of set s behind prompts that no row shows: the one
// with this frequency, or, with 0, the one that forbids a persistent browser.
func (w *Worker) hint(s *setRun, frequency signin.Time) {
	x := &w.change[s.n].hint
	if x.rank != 0 {
		return
	}
	for n := range s.hi.Match.Applies.All() {
		p := s.ev.Engine().Set().Policies[n]
		switch {
		case !s.plans[n].enforced:
		case frequency != 0 && p.Session.Frequency == frequency:
			*x = example{rank: 1, policy: n, control: policy.ControlFrequency.Names()[0]}
			return
		case frequency == 0 && p.Session.Persistent == "never":
			*x = example{rank: 1, policy: n, control: ControlPersistentBrowser}
			return
		}
	}
}

// changes says what each candidate changes for the person, net of what moves
// from one sign-in to another. sets have the two worlds as they were played, not
// in order: a difference is between the same worlds. See Change for the kinds.
func (w *Worker) changes(sets []Outcome) {
	if w.cfg.Baseline >= len(sets) {
		return // no set is played
	}
	if len(sets) < 2 {
		return
	}
	now := &sets[w.cfg.Baseline]
	for n := 1; n < len(sets); n++ {
		if n == w.cfg.Baseline {
			continue
		}
		b := minus(sets[n].Blocks, now.Blocks)
		p := minus(sets[n].Prompts, now.Prompts)
		more := Bounds{p.Low + b.Low, p.High + b.High}
		less := Bounds{0 - more.Low, 0 - more.High}
		if b.mid() < 0 {
			p = more // who is asked where they were refused is not newly asked
		}
		b.order()
		p.order()
		less.order()
		blocked, prompted := b.High > 0, p.High > 0 && p.mid() >= 0
		if blocked {
			w.changed(n, kindBlocked, b)
		}
		if prompted {
			w.changed(n, kindPrompted, p)
		}
		if !blocked && !prompted && less.High <= 0 {
			less = Bounds{0 - b.High, 0 - b.Low} // asked instead of refused
		}
		if !blocked && !prompted && less.High > 0 {
			w.changed(n, kindRelieved, less)
		}
	}
}

func (w *Worker) changed(set, kind int, d Bounds) {
	c := Change{Set: set, Person: w.key, Kind: kindNames[kind], Delta: d, Certain: d.Low > 0, Policy: -1, Modelled: w.cells.table[0].Excluded > 0}
	x, hint := &w.change[set].examples[kind], &w.change[set].hint
	switch {
	case x.rank > 0:
		c.Example, c.At, c.Policy, c.Control = x.ref, x.at, x.policy, x.control
	case kind == kindPrompted && hint.rank > 0:
		c.Policy, c.Control = hint.policy, hint.control
	}
	w.tally.Changes = append(w.tally.Changes, c)
}

// minus is a less b, world by world.
func minus(a, b Bounds) Bounds { return Bounds{a.Low - b.Low, a.High - b.High} }

func compareChanges(a, b Change) int {
	return cmp.Or(cmp.Compare(a.Set, b.Set), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Person, b.Person))
}
