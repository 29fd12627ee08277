package replay

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// evaluation is one recorded evaluation, matched to the set.
type evaluation struct {
	versions []int // of its policy in set 0, oldest first; none: not in the set
	id, name string
	result   policy.Results
	bit      uint8 // number of the result
	class    uint8
	outside  bool  // no version of the policy is known for the time
	yes, no  int64 // masks; -1 = not recorded
	include  []string
	exclude  []string
	grant    []string
}

// state is the policy's state as the result shows it.
func (e *evaluation) state() policy.Enforcement {
	const reported = policy.ResultReportOnlySuccess | policy.ResultReportOnlyFailure | policy.ResultReportOnlyInterrupted | policy.ResultReportOnlyNotApplied
	switch {
	case e.result == policy.ResultNotEnabled:
		return policy.Disabled
	case e.result&reported != 0:
		return policy.ReportOnly
	}
	return policy.Enabled
}

// index finds policies of set 0 as the log names them: by id, and by name only
// when the log gives no id.
type index struct {
	byID, byName map[string][]int
}

func newIndex(ps []*policy.Policy) index {
	x := index{map[string][]int{}, map[string][]int{}}
	owner := map[string]string{}
	for i, p := range ps {
		id := strings.ToLower(p.ID)
		x.byID[id] = append(x.byID[id], i)
		if o, ok := owner[p.Name]; ok && o != id {
			x.byName[p.Name] = nil // two policies share it
			continue
		}
		owner[p.Name] = id
		x.byName[p.Name] = append(x.byName[p.Name], i)
	}
	return x
}

// versions are the versions of the policy a recorded evaluation is about: by id,
// else by a name that one policy alone has.
func (x *index) versions(r *signin.RecordedPolicy) []int {
	if r.ID != "" {
		return x.byID[strings.ToLower(r.ID)]
	}
	return x.byName[r.Name]
}

// VersionOf finds the policy of a set that a recorded evaluation is about, as the
// comparison does: the version that counted at the time, the possible one where none
// is certain; -1 = none.
func VersionOf(ps []*policy.Policy, r *signin.RecordedPolicy, at signin.Time) int {
	x := newIndex(ps)
	return version(ps, x.versions(r), at)
}

// evaluationsOf parses a list of recorded evaluations, once per distinct list.
func (x *index) evaluationsOf(text string) []evaluation {
	rs, err := signin.DecodeList[signin.RecordedPolicy](signin.List(text))
	if err != nil {
		return nil
	}
	out := make([]evaluation, 0, len(rs))
	for _, r := range rs {
		e := evaluation{
			id: strings.ToLower(r.ID), name: r.Name, yes: r.Satisfied, no: r.NotSatisfied,
			include: r.Include, exclude: r.Exclude, grant: r.Grant,
		}
		e.versions = x.versions(&r)
		e.result = policy.ParseResult(r.Result)
		e.bit = bitOf(e.result)
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

// version is the version of an evaluation's policy that counted at a time, the
// possible one where none is certain; -1 = none.
func version(ps []*policy.Policy, versions []int, at signin.Time) int {
	found := -1
	for _, n := range versions {
		switch ps[n].Force.At(at) {
		case signin.True:
			return n
		case signin.Unknown:
			found = n
		case signin.False:
		}
	}
	return found
}

// edited reports whether what the log says of a policy at a time may be of another
// version than p: up to a day after a change, which takes that long to reach
// everything (reference 1.1), and before the first version anybody supplied.
func edited(p *policy.Policy, at signin.Time) bool {
	if p.Modified != 0 && at < p.Modified+signin.Day {
		return true
	}
	f := p.Force
	return f != nil && (at < f.Assumed || f.From != 0 && at < f.From+signin.Day || f.At(at) == signin.Unknown)
}

// epochs are the instants between which version and edited give one answer.
func epochs(ps []*policy.Policy) []signin.Time {
	var out []signin.Time
	for _, p := range ps {
		if p.Modified != 0 {
			out = append(out, p.Modified+signin.Day)
		}
		if f := p.Force; f != nil {
			out = append(out, f.Assumed, f.MaybeFrom, f.From, f.From+signin.Day, f.Until, f.MaybeUntil)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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

// groupBits are the conditions of each group.
var groupBits = [numGroups]uint32{
	policy.BitApplication,
	policy.BitUsers | policy.BitServicePrincipals,
	(1<<len(conditionNames) - 1) &^ (policy.BitApplication | policy.BitUsers | policy.BitServicePrincipals),
}

// tally is the outcome of one comparison.
type tally uint8

const (
	notCompared tally = iota
	agrees
	disagrees
	untold
)

func (t tally) count(a *Agreement, n int64) {
	switch t {
	case agrees:
		a.Agree += n
	case disagrees:
		a.Disagree += n
	case untold:
		a.Unknown += n
	case notCompared:
	}
}

func told(known, agree bool) tally {
	switch {
	case !known:
		return untold
	case agree:
		return agrees
	}
	return disagrees
}

// judged is one evaluation held against replay.
type judged struct {
	eval              int32 // index in the recorded list
	policy            int32 // index in set 0
	bit, outcome      uint8
	class, ours       uint8
	result, group     tally
	mask              tally
	groups            [numGroups]tally
	basis             Basis // of an agreement
	edited, bare      bool
	masked            bool // both sides have masks
	yes, no, unk      uint32
	theirYes, theirNo uint32
	want              policy.Results
}

// compare holds one recorded evaluation against what set 0 says of row r; x is
// what the policies ask for in that row's session.
func (c *comparer) compare(r *signin.Row, k int, e *evaluation, n int, x *effects) judged {
	p, m := c.policies[n], &c.lo.Match
	j := judged{
		eval: int32(k), policy: int32(n), bit: e.bit, class: e.class, ours: c.classOf(n), //nolint:gosec // few
		edited: edited(p, r.Time), bare: (e.yes < 0 || e.no < 0) && e.class != ClassNotEnabled,
	}
	if !c.masks {
		return j
	}
	is := signin.False
	switch {
	case m.Applies.Has(n):
		is = signin.True
	case m.Unknown.Has(n):
		is = signin.Unknown
	}
	if j.ours == ClassNotEnabled && p.Force.At(r.Time) == signin.Unknown {
		j.ours, is = ClassUnknown, signin.Unknown // perhaps the version before it was on
	}
	g := x.grade(n)
	j.want = policy.ResultsOf(p.State, is, g)
	j.outcome = outcomeOf(j.want, g)
	j.basis = basisOf(&seeing{
		p: p, applies: is, grade: g, recorded: e.result,
		anew: x.anew.Has(n), blocked: c.blockedBeside(n, x), background: x.background,
	})
	if e.class != ClassUnknown {
		j.result = told(is != signin.Unknown, j.want&e.result != 0)
	}
	if e.class == ClassUnknown || !c.set.active.Has(n) {
		return j
	}
	j.yes, j.no, j.unk = c.ev.Conditions(r, n)
	if e.class == ClassNotEnabled || j.bare {
		return j
	}
	j.masked = true
	j.theirYes, j.theirNo = theirBits(e.yes), theirBits(e.no)
	j.group = told(j.reached(), groupOf(j.no) == groupOf(j.theirNo))
	j.mask = told(j.unk == 0, j.yes == j.theirYes && j.no == j.theirNo)
	for g, bits := range groupBits {
		theirs, ours := (j.theirYes|j.theirNo)&bits, (j.yes|j.no|j.unk)&bits
		if theirs == 0 && ours == 0 || g > 0 && (j.stopped(g, j.theirNo) || j.stopped(g, j.no|j.unk)) {
			continue // one of the two ended before this group
		}
		j.groups[g] = told(j.unk&bits == 0, j.yes&bits == j.theirYes&bits && j.no&bits == j.theirNo&bits)
	}
	return j
}

// reached reports whether nothing unknown comes before the first group that
// fails for us: where something does, the evaluation may have ended there.
func (j *judged) reached() bool {
	for _, bits := range groupBits {
		switch {
		case j.no&bits != 0:
			return true
		case j.unk&bits != 0:
			return false
		}
	}
	return true
}

// both are the conditions of the groups that both sides came to: after a group
// that fails for one of them a difference is only the echo of the first.
func (j *judged) both() uint32 {
	out := uint32(0)
	for g, bits := range groupBits {
		if !j.stopped(g, j.theirNo) && !j.stopped(g, j.no) {
			out |= bits
		}
	}
	return out
}

// applied reports whether the policy applied, for the log or for replay.
func (j *judged) applied() bool { return j.class == ClassApplied || j.ours == ClassApplied }

// blockedBeside reports whether another enabled policy than n blocks for certain.
func (c *comparer) blockedBeside(n int, x *effects) bool {
	for k := range x.blocks.All() {
		if k != n && c.policies[k].State == policy.Enabled {
			return true
		}
	}
	return false
}

// stopped reports whether a failed condition ends the evaluation before group g.
func (j *judged) stopped(g int, no uint32) bool {
	for k := range g {
		if no&groupBits[k] != 0 {
			return true
		}
	}
	return false
}

// differs reports a disagreement of any kind.
func (j *judged) differs() bool {
	if j.result == disagrees || j.group == disagrees || j.mask == disagrees {
		return true
	}
	return j.class != j.ours && j.class != ClassUnknown && j.ours != ClassUnknown
}

func (c *comparer) classOf(n int) uint8 {
	m := &c.lo.Match
	switch {
	case !c.set.active.Has(n):
		return ClassNotEnabled
	case m.Applies.Has(n):
		return ClassApplied
	case m.Unknown.Has(n):
		return ClassUnknown
	}
	return ClassNotApplied
}
