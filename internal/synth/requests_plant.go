package synth

import (
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// The names of the patterns planted are those of package exceptions, which this
// package does not know: what is planted follows the study's definitions
// (reference, detection 4.2), not the detector's code.

// plant puts each pattern into the world, each from its own dice, about people
// who have no other part, and beside each some that nearly are one.
func (w *RequestWorld) plant(seed uint64) {
	for i, f := range []func(dice){
		w.plantRepeats, w.plantRenewals, w.plantGroups, w.plantTexts, w.plantGroupTexts, w.plantBursts,
		w.plantPermanent, w.plantOrphans, w.plantGrowth, w.plantDead, w.plantApprovers, w.plantBlocks,
	} {
		f(newDice(seed, "request pattern", i+1))
	}
}

func (w *RequestWorld) truth(pattern string, parts ...string) {
	w.Truth[pattern] = append(w.Truth[pattern], RequestKey(parts...))
}

func upTo(d dice, lo, hi signin.Time) signin.Time { return d.between(lo*signin.Day, hi*signin.Day) }

// plantRepeats: people who ask again 1 to 28 days after the end; some wait 32 days or more.
func (w *RequestWorld) plantRepeats(d dice) {
	for i := range 60 {
		who, policy := w.someone(d), d.IntN(worldPolicies)
		at := w.moment(w.From, w.From+60*signin.Day)
		lo, hi := signin.Time(1), signin.Time(28)
		if i >= 40 {
			lo, hi = 32, 60
		} else {
			w.truth("repeat-request", who, w.Policies[policy].ID)
		}
		for k := range 2 + d.IntN(2) {
			decision := "denied"
			if k > 0 && d.chance(0.3) { // three approvals would be a chain
				decision = "approved"
			}
			r := w.ask(who, policy, at, decision, signin.Time(2+d.IntN(5))*signin.Day, w.sentence(12))
			end := max(r.To, r.Decided)
			if at = end + upTo(d, lo, hi); at >= w.Until {
				break
			}
		}
	}
}

// plantRenewals: three to six approvals with gaps under 13 days; some stop at two or pause for 16 days.
func (w *RequestWorld) plantRenewals(d dice) {
	for i := range 35 {
		who, policy := w.someone(d), d.IntN(worldPolicies)
		at, n, lo, hi := w.moment(w.From, w.From+15*signin.Day), 3+d.IntN(4), signin.Time(0), signin.Time(11)
		switch {
		case i < 25:
			w.truth("renewal-chain", who, w.Policies[policy].ID)
		case i < 30:
			n = 2
			w.truth("repeat-request", who, w.Policies[policy].ID)
		default:
			lo, hi = 16, 28
			n = 3
			w.truth("repeat-request", who, w.Policies[policy].ID)
		}
		for range n {
			if at >= w.Until {
				break
			}
			r := w.ask(who, policy, at, "approved", signin.Time(10+d.IntN(8))*signin.Day, w.sentence(12))
			at = r.To + upTo(d, lo, hi)
		}
	}
}

// plantGroups: four to seven of a department ask within ten days; some departments have two.
func (w *RequestWorld) plantGroups(d dice) {
	departments := d.Perm(len(w.People) / worldDepartment)
	for i := range 15 {
		dept, policy := departments[i], d.IntN(worldPolicies)
		n := 5 + d.IntN(3)
		if i >= 10 {
			n = 2
		} else {
			w.truth("group-request", fmt.Sprintf("dept-%03d", dept), w.Policies[policy].ID)
		}
		from := w.moment(w.From, w.Until-20*signin.Day)
		for range n {
			w.ask(w.memberOf(d, dept), policy, w.moment(from, from+10*signin.Day), "denied", 0, w.sentence(12))
		}
	}
}

func (w *RequestWorld) memberOf(d dice, dept int) string {
	for range 1000 {
		if p := w.People[dept*worldDepartment+d.IntN(worldDepartment)].ID; !w.used[p] {
			w.used[p] = true
			return p
		}
	}
	return w.someone(d)
}

// plantTexts: people who give one reason twice or more about different policies,
// with another number or one more word; some write half of it anew.
func (w *RequestWorld) plantTexts(d dice) {
	for i := range 45 {
		who := w.someone(d)
		text := w.sentence(14)
		if i < 30 {
			w.truth("same-text-request", who)
		}
		policies := d.Perm(worldPolicies)
		for k := range 2 + d.IntN(2) {
			t := fmt.Sprintf("Ticket %d: %s", d.IntN(9999), text)
			switch {
			case i >= 30 && k > 0:
				words := strings.Fields(text)
				t = strings.Join(words[:7], " ") + " " + w.sentence(7)
			case k > 0:
				t += " " + pick(d, w.vocab)
			}
			w.ask(who, policies[k], w.moment(w.From, w.Until), "denied", 0, t)
		}
	}
}

// plantGroupTexts: six people of a department pass a text around over months.
func (w *RequestWorld) plantGroupTexts(d dice) {
	departments := d.Perm(len(w.People) / worldDepartment)
	for i := range 6 {
		text := w.sentence(14)
		w.truth("same-text-request", fmt.Sprintf("dept-%03d", departments[i]))
		for k := range 6 {
			w.ask(w.memberOf(d, departments[i]), (i+k)%worldPolicies, w.moment(w.From, w.Until), "denied", 0, text+" "+pick(d, w.vocab))
		}
	}
}

// plantBursts: after five of the changes three more people a day ask for twelve days.
func (w *RequestWorld) plantBursts(d dice) {
	for _, k := range d.Perm(len(w.Edits))[:5] {
		e := w.Edits[k]
		policy := 0
		for i := range w.Policies {
			if w.Policies[i].ID == e.Policy {
				policy = i
			}
		}
		w.truth("request-burst", e.Policy, e.At.String())
		for range 36 {
			w.ask(w.someone(d), policy, w.moment(e.At+signin.Hour, min(e.At+12*signin.Day, w.Until)), "denied", 0, w.sentence(12))
		}
	}
}

// plantPermanent: memberships that stay past their end, approvals without one;
// some are taken out five days late.
func (w *RequestWorld) plantPermanent(d dice) {
	for i := range 50 {
		who, policy := w.someone(d), d.IntN(worldPolicies)
		at := w.moment(w.From, w.Until-60*signin.Day)
		r := WorldRequest{
			ID: fmt.Sprintf("REQ%06d", w.serial), Person: who, Policy: w.Policies[policy].ID, Text: w.sentence(12), Decision: "approved",
			Created: at, Decided: at + signin.Hour, From: at + signin.Hour, Approver: w.approver(policy),
		}
		w.serial++
		out := signin.Time(0)
		switch {
		case i < 25:
			r.To = r.From + upTo(d, 5, 20)
			if d.chance(0.4) {
				out = r.To + upTo(d, 9, 20)
			}
		case i < 35: // no end
		default:
			r.To = r.From + upTo(d, 5, 20)
			out = r.To + upTo(d, 3, 6)
		}
		if i < 35 {
			w.truth("permanent-exclusion", who, r.Policy)
		}
		w.join(who, policy, r.From+signin.Hour, out)
		w.Requests = append(w.Requests, r)
	}
}

// plantOrphans: additions without a request, with one that was refused, or long
// before the request; some have theirs written the day after.
func (w *RequestWorld) plantOrphans(d dice) {
	for i := range 40 {
		who, policy := w.someone(d), i%worldPolicies
		at := w.moment(w.From+30*signin.Day, w.Until-30*signin.Day)
		w.join(who, policy, at, at+upTo(d, 3, 25))
		switch {
		case i >= 30:
			r := w.ask(who, policy, at+signin.Day, "denied", 0, w.sentence(12))
			r.Decision, r.From, r.To = "approved", r.Decided, r.Decided+30*signin.Day
			continue
		case i%3 == 0:
			w.ask(who, policy, at-5*signin.Day, "denied", 0, w.sentence(12))
		}
		w.truth("orphan-exclusion", who, w.Policies[policy].Group)
	}
}

// plantGrowth: two groups take in fourteen people for good, nobody knows why.
func (w *RequestWorld) plantGrowth(d dice) {
	for _, policy := range d.Perm(worldPolicies)[:2] {
		w.truth("exclusion-growth", w.Policies[policy].Group)
		for range 14 {
			who := w.someone(d)
			w.join(who, policy, w.moment(w.From+20*signin.Day, w.Until-10*signin.Day), 0)
			w.truth("orphan-exclusion", who, w.Policies[policy].Group)
		}
	}
}

// plantDead: excluded people the policy would not have caught; of some it cannot be told.
func (w *RequestWorld) plantDead(d dice) {
	for i := range 60 {
		who, p := w.someone(d), w.Policies[i%worldPolicies]
		x := WorldExcluded{Person: who, Policy: p.ID, Group: p.Group, SignIns: d.IntN(60)}
		w.Standing[p.Group] = append(w.Standing[p.Group], who)
		if i >= 40 {
			x.Open = 1 + d.IntN(4)
		} else {
			w.truth("dead-exclusion", who, p.ID)
		}
		w.Excluded = append(w.Excluded, x)
	}
}

// plantApprovers: for two policies one person decides nearly all and refuses
// nobody; see lenient.
func (w *RequestWorld) plantApprovers(d dice) {
	for _, policy := range d.Perm(worldPolicies)[:2] {
		w.lenient = append(w.lenient, policy)
		w.truth("request-approver", fmt.Sprintf("approver-%d-0", policy), w.Policies[policy].ID)
		for range 140 {
			w.ask(w.someone(d), policy, w.moment(w.From, w.Until), "approved", upTo(d, 2, 6), w.sentence(12))
		}
	}
}

// yield gives the decisions of lenient desks to the one approver, but for refusals.
func (w *RequestWorld) yield() {
	for _, policy := range w.lenient {
		for i := range w.Requests {
			r := &w.Requests[i]
			if r.Policy != w.Policies[policy].ID || r.Approver == "" {
				continue
			}
			n := 0
			if r.Decision != "approved" || w.dice.chance(0.03) {
				n = 1 + w.dice.IntN(3)
			}
			r.Approver = fmt.Sprintf("approver-%d-%d", policy, n)
		}
	}
}

// plantBlocks: of three policies half of the people who ask were blocked within
// the three days before.
func (w *RequestWorld) plantBlocks(d dice) {
	for _, policy := range d.Perm(worldPolicies)[:3] {
		id := w.Policies[policy].ID
		w.truth("block-driven-request", id)
		for i := range w.Requests {
			if r := &w.Requests[i]; r.Policy == id && d.chance(0.5) {
				if at := r.Created - d.between(signin.Hour, 70*signin.Hour); at >= w.From {
					w.Blocks = append(w.Blocks, WorldBlock{at, r.Person, id})
				}
			}
		}
	}
}
