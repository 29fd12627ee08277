package replay

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// evaluation is one recorded evaluation, matched to the set.
type evaluation struct {
	policy   int // -1: not in the set
	id, name string
	result   policy.Results
	class    uint8
	yes, no  int64 // masks; -1 = not recorded
}

// evaluationsOf parses a list of recorded evaluations, once per distinct list.
// Policies are matched by id; by name only when the log gives no id.
func (w *Worker) evaluationsOf(text string) []evaluation {
	rs, err := signin.DecodeList[signin.RecordedPolicy](signin.List(text))
	if err != nil {
		return nil
	}
	out := make([]evaluation, 0, len(rs))
	for _, r := range rs {
		e := evaluation{policy: -1, id: strings.ToLower(r.ID), name: r.Name, yes: r.Satisfied, no: r.NotSatisfied}
		if n, ok := w.index[e.id]; ok && e.id != "" {
			e.policy = n
		} else if n, ok := w.byName[r.Name]; ok && e.id == "" {
			e.policy = n
		}
		e.result = policy.ParseResult(r.Result)
		switch {
		case e.result == policy.ResultNotEnabled:
			e.class = ClassNotEnabled
		case e.result.Class() == signin.True:
			e.class = ClassApplied
		case e.result.Class() == signin.False:
			e.class = ClassNotApplied
		default:
			e.class = ClassUnknown
		}
		out = append(out, e)
	}
	return out
}

// compareEvaluations holds what the log says of each policy on row i against
// what the current set said.
func (w *Worker) compareEvaluations(i int, st *policy.State) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	fid := &w.tally.Fidelity
	code := r.C[signin.DimPolicies]
	if f.flag&silent != 0 {
		if code == 0 {
			fid.Silent++
		} else {
			fid.Empty++
		}
		return
	}
	fid.Listed++
	s := w.sets[0]
	m := s.lo.Match
	for _, e := range *w.t.recorded.get(w.t.sym[signin.DimPolicies], code) {
		if e.result == policy.ResultUnknown {
			fid.Hidden++
		}
		if e.policy < 0 {
			w.stranger(&e)
			continue
		}
		s.policies[e.policy].recorded[bitOf(e.result)]++
		pf := &fid.Policies[e.policy]
		ours := w.classOf(e.policy, m)
		pf.Class[e.class][ours]++
		if t := s.plans[e.policy].modified; t != 0 && r.Time < t+signin.Day {
			pf.Changed++
		}
		differs := e.class != ours && e.class != ClassUnknown && ours != ClassUnknown
		if w.cfg.Masks {
			differs = w.compareMasks(s, i, &e, pf, st) || differs
		}
		if differs {
			w.disagree(s, i, &e, pf, ours, st)
		}
	}
}

func bitOf(r policy.Results) int {
	for n := range numResults {
		if r == 1<<n {
			return n
		}
	}
	return numResults - 1
}

func (w *Worker) classOf(n int, m policy.Match) uint8 {
	switch {
	case !w.sets[0].active.Has(n):
		return ClassNotEnabled
	case m.Applies.Has(n):
		return ClassApplied
	case m.Unknown.Has(n):
		return ClassUnknown
	}
	return ClassNotApplied
}

// groupOf is the first group of conditions that fails: Entra tests the
// application, then the users, then everything else (reference 2.4).
func groupOf(no uint32) int {
	switch {
	case no&policy.BitApplication != 0:
		return 1
	case no&(policy.BitUsers|policy.BitServicePrincipals) != 0:
		return 2
	case no != 0:
		return 3
	}
	return 0
}

// addressBits are bits of the masks that no condition of the policy schema
// sets by itself: they come with a location.
const addressBits = 1024 | 2048

// compareMasks compares results, first failing groups and masks; it reports a difference.
func (w *Worker) compareMasks(s *setRun, i int, e *evaluation, pf *PolicyFidelity, st *policy.State) bool {
	r := &w.p.rows[i]
	differs := false
	if e.class != ClassUnknown {
		want := s.expected(r, e.policy, st)
		agree := want&e.result != 0
		pf.Result.count(agree || !s.lo.Match.Unknown.Has(e.policy), agree)
		differs = !agree && !s.lo.Match.Unknown.Has(e.policy)
	}
	if e.yes < 0 || e.no < 0 || e.class == ClassNotEnabled || e.class == ClassUnknown || !s.active.Has(e.policy) {
		return differs
	}
	yes, no, unknown := s.ev.Conditions(r, e.policy)
	theirYes, theirNo := uint32(e.yes)&^addressBits, uint32(e.no)&^addressBits //nolint:gosec // 17 bits
	group := groupOf(no) == groupOf(theirNo)
	pf.Group.count(unknown == 0 || no != 0, group)
	mask := yes == theirYes && no == theirNo
	pf.Mask.count(unknown == 0, mask)
	for n := range conditionNames {
		bit := uint32(1) << n
		row, col := 2, 3
		switch {
		case theirYes&bit != 0:
			row = 0
		case theirNo&bit != 0:
			row = 1
		}
		switch {
		case yes&bit != 0:
			col = 0
		case no&bit != 0:
			col = 1
		case unknown&bit != 0:
			col = 2
		}
		if row != 2 || col != 3 {
			w.tally.Fidelity.Conditions[n].Table[row][col]++
		}
	}
	return differs || (unknown == 0 && (!group || !mask))
}

// expected is every result that agrees with ours. A refresh that frequency
// refuses is recorded as a failure at once, whenever the person is asked; and
// when one policy asks for the factors again, the interrupted row shows every
// policy that needs the second one as failed, for the new session lacks it yet.
func (s *setRun) expected(r *signin.Row, n int, st *policy.State) policy.Results {
	now := *st
	now.Background = false
	out := s.ev.Expected(r, n, s.lo.Match, &now)
	if s.hi.Unmet&policy.ControlFrequency != 0 {
		now.MFA, now.MethodsKnown = signin.False, false
		out |= s.ev.Expected(r, n, s.lo.Match, &now)
	}
	return out
}

func (w *Worker) disagree(s *setRun, i int, e *evaluation, pf *PolicyFidelity, ours uint8, st *policy.State) {
	r := &w.p.rows[i]
	d := Disagreement{At: r.Time, Person: w.key, Ref: r.Ref}
	if len(pf.Examples) == maxExamples && compareDisagreements(&d, &pf.Examples[maxExamples-1]) >= 0 {
		return
	}
	d.Recorded, d.Replayed, d.Why = e.result.Names()[0], classNames[ours], []string{}
	if ours == e.class {
		d.Replayed = strings.Join(s.expected(r, e.policy, st).Names(), " or ")
	}
	yes, no, unknown := s.ev.Conditions(r, e.policy)
	for n, name := range conditionNames {
		bit := uint32(1) << n
		if e.yes >= 0 && e.no >= 0 {
			if (yes&bit != 0) != (uint32(e.yes)&bit != 0) || (no&bit != 0) != (uint32(e.no)&bit != 0) { //nolint:gosec // 17 bits
				d.Why = append(d.Why, name)
			}
		} else if no&bit != 0 || unknown&bit != 0 {
			d.Why = append(d.Why, name)
		}
	}
	if len(d.Why) == 0 {
		d.Why = append(d.Why, SessionFact)
	}
	pf.Examples = firstExamples(append(pf.Examples, d))
}

var classNames = [4]string{"applied", "notApplied", "unknown", "notEnabled"}

func firstExamples(ds []Disagreement) []Disagreement {
	slices.SortFunc(ds, func(a, b Disagreement) int { return compareDisagreements(&a, &b) })
	return ds[:min(len(ds), maxExamples)]
}

func compareDisagreements(a, b *Disagreement) int {
	return cmp.Or(
		cmp.Compare(a.At, b.At), strings.Compare(a.Person, b.Person),
		cmp.Compare(a.Ref.Run, b.Ref.Run), cmp.Compare(a.Ref.Row, b.Ref.Row),
	)
}

func (w *Worker) stranger(e *evaluation) {
	list := &w.tally.Fidelity.Strangers
	n, ok := slices.BinarySearchFunc(*list, e, func(s Stranger, e *evaluation) int {
		return cmp.Or(strings.Compare(s.ID, e.id), strings.Compare(s.Name, e.name))
	})
	if !ok {
		*list = slices.Insert(*list, n, Stranger{ID: e.id, Name: e.name})
	}
	(*list)[n].Count++
}

// judge compares what the log and replayed current say of a whole episode. A
// demand on background rows is left out: both have it answered in a later episode.
func (w *Worker) judge(e *episode, last *signin.Row, n int) {
	if len(w.sets) == 0 || w.p.facts[e.last].scope != policy.InScope {
		return
	}
	if e.background && e.entries == 0 && (e.labelled || e.demanded) {
		return
	}
	theirs := VerdictOther
	switch {
	case last.Reason().PolicyBlocked():
		theirs = VerdictBlock
	case e.entries > 0 && (e.secondOK || e.labelled || e.refused), e.labelled:
		theirs = VerdictPrompt
	case last.Reason() == signin.MFARequired || last.Reason() == signin.MFAEnrol:
		theirs = VerdictPrompt
	case last.Outcome() == signin.Success:
		theirs = VerdictAllow
	}
	done := w.sets[0].done[n]
	word := func(side int) int {
		switch {
		case done&(countedBlock<<side) != 0:
			return VerdictBlock
		case done&(countedPrompt<<side) != 0:
			return VerdictPrompt
		}
		return VerdictAllow
	}
	ours := word(low)
	if word(high) != ours {
		ours = VerdictOther
	}
	w.tally.Fidelity.Verdicts[theirs][ours]++
}
