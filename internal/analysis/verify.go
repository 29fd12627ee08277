package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/report"
	"frisk/internal/signin"
)

// reportVerify is the comparison with the log in full; nil without current
// policies or evaluations.
func (r *Result) reportVerify() *report.Verify {
	f := &r.Tally.Fidelity
	if len(r.around.engines) == 0 || f.Listed == 0 && f.Empty == 0 {
		return nil
	}
	y := &report.Verify{Plain: r.around.plain != nil, Problems: r.verifyProblems(), Attacks: f.Attacks}
	bases := make([]report.Basis, len(replay.BasisNames))
	for n := range bases {
		b := replay.Basis(n) //nolint:gosec // few
		bases[n] = report.Basis{Words: b.Words(), Proves: b.Proves(), Loose: b.Loose()}
	}
	confusion := map[report.Confusion]int64{}
	for i := range f.Policies {
		p := &f.Policies[i]
		a := report.PolicyAgreement{
			Policy: cmp.Or(r.around.engines[0].Set().Policies[i].Label(), p.ID), Result: report.Agreement(p.Result),
			Applied: report.Agreement(p.Applied), Loose: p.Loose(),
			Application: report.Agreement(p.Groups[replay.GroupApplication]), Users: report.Agreement(p.Groups[replay.GroupUsers]),
			Rest: report.Agreement(p.Groups[replay.GroupRest]), Mask: report.Agreement(p.Mask), Edited: p.Changed,
		}
		if p.Result != (replay.Agreement{}) {
			y.Policies = append(y.Policies, a)
		}
		y.Result = y.Result.Add(a.Result)
		y.Applied = y.Applied.Add(a.Applied)
		y.Judged = y.Judged.Add(report.Agreement(p.Judged()))
		y.Edited += p.Changed
		for n := range bases {
			bases[n].N += p.Basis[n]
		}
		for n, row := range p.Results {
			for k, count := range row {
				if count > 0 {
					confusion[report.Confusion{Recorded: replay.ResultNames()[n], Replayed: replay.OutcomeNames[k]}] += count
				}
			}
		}
	}
	for c, n := range confusion {
		c.N = n
		y.Confusion = append(y.Confusion, c)
	}
	for _, b := range bases {
		if b.N > 0 {
			y.Basis = append(y.Basis, b)
		}
	}
	y.Reasons = r.verifyReasons()
	y.Learned = r.learnedFacts()
	return y
}

// AppliedAgreement is the share of recorded results that replayed current reproduces
// where the policy applied, for the log or for replay: what verify --fail-on
// compares. Results that agree either way are in it, and so are those that came
// before an edit: setting them aside would let a wrong history pass. Those that could
// not be told are not. Where no policy applied it is the share of all; ok is false
// where nothing could be compared.
func (r *Result) AppliedAgreement() (share float64, ok bool) {
	var applied, all replay.Agreement
	for i := range r.Tally.Fidelity.Policies {
		p := &r.Tally.Fidelity.Policies[i]
		applied.Agree += p.Applied.Agree
		applied.Disagree += p.Applied.Disagree
		all.Agree += p.Result.Agree
		all.Disagree += p.Result.Disagree
	}
	if applied.Agree+applied.Disagree == 0 {
		applied = all
	}
	if applied.Agree+applied.Disagree == 0 {
		return 0, false
	}
	return float64(applied.Agree) / float64(applied.Agree+applied.Disagree), true
}

func (r *Result) verifyReasons() []report.ReasonFigures {
	by := map[string]*report.ReasonFigures{}
	var order []string
	f := &r.Tally.Fidelity
	for i := range f.Reasons {
		c := &f.Reasons[i]
		x := by[c.Code]
		if x == nil {
			reason, _ := replay.ReasonOf(c.Code)
			x = &report.ReasonFigures{Code: c.Code, Title: cmp.Or(reason.Title, c.Code), Doc: reason.Doc, Supply: reason.Supply, Order: len(order)}
			by[c.Code] = x
			order = append(order, c.Code)
		}
		name, item := c.Item, "" // of a policy the set lacks, the item is its name
		if c.Policy >= 0 {
			name, item = r.around.engines[0].Set().Policies[c.Policy].Label(), r.itemName(c)
		}
		x.Disagree += c.Disagree
		x.Results += c.Results
		x.Unknown += c.Unknown
		x.Learned += c.Learned
		x.Parts = append(x.Parts, report.ReasonPart{
			Policy: name, Item: item, Subject: c.Subject, Disagree: c.Disagree, Results: c.Results, Unknown: c.Unknown, Learned: c.Learned,
		})
		for _, e := range c.Examples {
			if len(x.Examples) < maxReasonExamples {
				x.Examples = append(x.Examples, report.ReasonExample{
					Policy: name, SignIn: r.events.id(e.Ref), Recorded: e.Recorded, Replayed: e.Replayed, Conditions: e.Why,
				})
			}
		}
	}
	var out []report.ReasonFigures
	for _, code := range order {
		out = append(out, *by[code])
	}
	return out
}

// maxReasonExamples is how many sign-ins show one reason, over all policies.
const maxReasonExamples = 6

// itemName names the groups, roles and locations of an item.
func (r *Result) itemName(c *replay.ReasonCount) string {
	var out []string
	for id := range strings.SplitSeq(c.Item, ",") {
		switch c.Code {
		case "membership-then":
			id = r.groupName(id)
		case "location-then":
			id = locationName(r.around.engines[0].Set(), id)
		case "policy-edited":
			if reason, ok := replay.ReasonOf(id); ok {
				id = "looks like: " + reason.Title
			}
		}
		out = append(out, id)
	}
	return strings.Join(out, ", ")
}

func locationName(set *policy.Set, id string) string {
	if id == "alltrusted" {
		return "all trusted locations"
	}
	for _, l := range set.Locations {
		if l.ID == id {
			return cmp.Or(l.Name, id)
		}
	}
	return id + " (not among the named locations given)"
}

// verifyRefs are the sign-ins the reasons show.
func verifyRefs(f *replay.Fidelity) []signin.Ref {
	var out []signin.Ref
	for i := range f.Reasons {
		for _, e := range f.Reasons[i].Examples {
			out = append(out, e.Ref)
		}
	}
	return out
}

// verifyProblems says what about the export limits the comparison.
func (r *Result) verifyProblems() []string {
	f := &r.Tally.Fidelity
	var out []string
	if f.Hidden > 0 {
		out = append(out, fmt.Sprintf("%s recorded results read unknownFutureValue: the export hides report-only results. Export again with the header Prefer: include-unknown-enum-members.", report.Number(f.Hidden)))
	}
	if f.Listed == 0 && f.Empty > 0 {
		out = append(out, "Every list of recorded policies is empty: the account that exported the log may not read policies (Policy.Read.All or a Conditional Access role), so nothing can be compared.")
	}
	if f.Bare > 0 {
		out = append(out, fmt.Sprintf("%s evaluations carry no condition masks: which condition failed is not compared. Exports of the beta endpoint and diagnostic settings carry them.", report.Number(f.Bare)))
	}
	list := func(strangers []replay.Stranger, what string) {
		n, names := int64(0), []string{}
		for _, s := range strangers {
			n += s.Count
			names = append(names, cmp.Or(s.Name, s.ID))
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%s recorded results are of %s: %s.", report.Number(n), what, someOf(names)))
		}
	}
	list(f.Strangers, "policies that were not given")
	list(f.Outside, "policies of which no version is known for that time")
	if r.Tally.InteractiveOnly() {
		out = append(out, "The log has interactive sign-ins only: how old a session’s proof is can be told less often, and results that hang on it agree within wide bounds.")
	}
	return out
}

// someOf lists the first few names.
func someOf(names []string) string {
	const few = 4
	if len(names) > few {
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d more", len(names)-few)
	}
	return strings.Join(names, ", ")
}

// learnedFacts says what the log proved, in counts.
func (r *Result) learnedFacts() []report.LearnedFact {
	l := r.learned
	if l == nil {
		return nil
	}
	type count struct {
		n     int64
		names []string
	}
	by := map[string]*count{}
	add := func(what, name string) {
		c := by[what]
		if c == nil {
			c = &count{}
			by[what] = c
		}
		c.n++
		if !slices.Contains(c.names, name) {
			c.names = append(c.names, name)
		}
	}
	for _, f := range l.Bundles {
		word := "resources that do not belong to it"
		if f.Member {
			word = "resources that belong to it"
		}
		add(f.Bundle+": "+word, f.App)
	}
	for _, f := range l.Members {
		word := "was not a member at a time"
		if f.Member {
			word = "was a member at a time"
		}
		what := "role " + f.Role
		if f.Group != "" {
			what = "group " + r.groupName(f.Group)
		}
		add(what+": who "+word, r.userName(f.Person))
	}
	for _, f := range l.Places {
		word := "not trusted then, and now are"
		if f.Trusted {
			word = "trusted then, and now are not"
		}
		add("addresses "+word, f.Address)
	}
	for _, f := range l.Conflicts {
		add(f.Bundle+": resources the log contradicts itself about", f.App)
	}
	var out []report.LearnedFact
	for what, c := range by {
		out = append(out, report.LearnedFact{What: what, N: int64(len(c.names)), Notes: someOf(c.names)})
	}
	slices.SortFunc(out, func(a, b report.LearnedFact) int { return strings.Compare(a.What, b.What) })
	if l.Confirmed > 0 {
		out = append(out, report.LearnedFact{What: "memberships and roles the directory says as well", N: l.Confirmed})
	}
	return out
}
