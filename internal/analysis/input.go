package analysis

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/replay"
	"frisk/internal/report"
	"frisk/internal/signin"
)

// input turns the result into what a report is built from. Ids become names
// here; everything else is the tally's.
func (r *Result) input() *report.Input {
	t := r.Tally
	in := &report.Input{
		Tenant: cmp.Or(r.cfg.Name, r.cfg.Tenant), From: r.from, Until: r.until, SignIns: t.Rows, Days: t.Weeks() * 7,
		Directory:  len(r.around.dir.Users()) > 0 || len(r.around.dir.Groups()) > 0,
		Workspaces: len(r.around.dir.Workspaces) > 0,
		Findings:   r.reportFindings(),
		Changes:    r.reportChanges(),
		Fidelity:   r.reportFidelity(),
		Quality:    r.reportQuality(),
	}
	f := &r.Tally.Fidelity
	in.Prompted = report.PromptFidelity(f.Prompted)
	for _, s := range f.Strangers {
		in.Elsewhere += s.Count
	}
	r.addSets(in)
	r.addCells(in)
	return in
}

var changeKinds = map[string]report.ChangeKind{
	replay.NewlyBlocked: report.NewlyBlocked, replay.NewlyPrompted: report.NewlyPrompted, replay.Relieved: report.Relieved,
}

func (r *Result) reportChanges() []report.Change {
	var out []report.Change
	for i := range r.Tally.Changes {
		c := &r.Tally.Changes[i]
		from := c.Set
		if c.Kind == replay.Relieved {
			from = 0
		}
		rc := report.Change{
			Set: c.Set, Person: r.personName(c.Person), Kind: changeKinds[c.Kind], Delta: report.Between(c.Delta.Low, c.Delta.High),
			Control: c.Control, At: c.At, Groups: r.groupsOf(c.Person), Certain: c.Certain,
		}
		if c.At != 0 {
			rc.Example = r.events.id(c.Example)
		}
		if c.Policy >= 0 {
			rc.Policy = r.Tally.Sets[from].Policies[c.Policy].Name
		}
		out = append(out, rc)
	}
	return out
}

// groupsOf names the reported groups of a person at the end of the history.
func (r *Result) groupsOf(person string) string {
	var names []string
	_, _, id := splitPerson(person)
	for _, g := range r.Tally.Groups {
		if r.around.dir.Member(id, g, r.until) == signin.True {
			names = append(names, r.groupName(g))
		}
	}
	return strings.Join(names, ", ")
}

// addSets describes the policy sets and what each policy did.
func (r *Result) addSets(in *report.Input) {
	requests := r.requestsByPolicy()
	for n, e := range r.around.engines {
		set := e.Set()
		rs := report.Set{Name: set.Name, Policies: len(set.Policies), Enforced: e.Enforced().Len(), Diff: r.diff(n)}
		if n < len(r.Tally.MissingMethod) {
			rs.MissingMethod = int(r.Tally.MissingMethod[n])
		}
		for _, p := range set.Policies {
			if p.Incomplete {
				rs.Incomplete++
			}
		}
		in.Sets = append(in.Sets, rs)
		for i, p := range set.Policies {
			o := &r.Tally.Policies[n][i]
			rp := report.Policy{
				Set: n, ID: p.ID, Name: p.Name, State: p.State.String(), Controls: policyWords(p),
				Applied: o.Applied, Unknown: o.Unknown,
				Prompts: report.Between(o.Prompts.Low, o.Prompts.High), Blocks: report.Between(o.Blocks.Low, o.Blocks.High),
				People: int(o.People), Only: o.Only, RiskMet: o.RiskMet, Attacks: o.Attacks,
			}
			if n == 0 {
				rp.Requests = requests[p.Name]
				for name, count := range o.Recorded {
					rp.Recorded = append(rp.Recorded, report.Count{Name: name, N: count})
				}
				slices.SortFunc(rp.Recorded, func(a, b report.Count) int { return strings.Compare(a.Name, b.Name) })
			}
			in.Policies = append(in.Policies, rp)
		}
	}
}

func (r *Result) requestsByPolicy() map[string]int {
	out := map[string]int{}
	for i := range r.around.dir.Requests {
		if name := r.policyOf(r.around.dir.Requests[i].Policy); name != "" {
			out[name]++
		}
	}
	return out
}

// reportFidelity compares replayed current with the log, per policy and, where
// the log carries masks, per condition. The figure of a policy as a whole is
// its result, met and unmet told apart, the hardest thing to reproduce.
func (r *Result) reportFidelity() []report.Fidelity {
	var out []report.Fidelity
	f := &r.Tally.Fidelity
	for i := range f.Policies {
		p := &f.Policies[i]
		name := cmp.Or(p.Name, p.ID)
		whole := fidelityOf(name, "", p.Result)
		if len(p.Examples) > 0 {
			e := &p.Examples[0]
			whole.Worst = "log: " + e.Recorded + ", replay: " + e.Replayed
			if len(e.Why) > 0 {
				whole.Worst += " (" + strings.Join(e.Why, ", ") + ")"
			}
			whole.Example = r.events.id(e.Ref)
		}
		for _, rf := range []report.Fidelity{
			whole, appliedFidelity(name, p),
			fidelityOf(name, "first group of conditions that fails", p.Group), fidelityOf(name, "every condition", p.Mask),
		} {
			if rf.Compared+rf.Unknown > 0 {
				out = append(out, rf)
			}
		}
	}
	for i := range f.Conditions {
		c := &f.Conditions[i]
		rf := report.Fidelity{Condition: c.Name}
		for row, cols := range c.Table {
			for col, n := range cols {
				if col == 2 {
					rf.Unknown += n
					continue
				}
				rf.Compared += n
				if row == col || (row == 2 && col == 3) { // not tested on either side
					rf.Agree += n
				}
			}
		}
		if rf.Compared+rf.Unknown > 0 {
			out = append(out, rf)
		}
	}
	return out
}

func fidelityOf(policy, what string, a replay.Agreement) report.Fidelity {
	return report.Fidelity{Policy: policy, Condition: what, Compared: a.Agree + a.Disagree, Agree: a.Agree, Unknown: a.Unknown}
}

// appliedFidelity compares only whether the policy applied.
func appliedFidelity(name string, p *replay.PolicyFidelity) report.Fidelity {
	rf := report.Fidelity{Policy: name, Condition: "whether it applies"}
	for row, cols := range p.Class {
		if row == replay.ClassUnknown {
			continue
		}
		for col, n := range cols {
			switch col {
			case replay.ClassUnknown:
				rf.Unknown += n
			case row:
				rf.Agree += n
				rf.Compared += n
			default:
				rf.Compared += n
			}
		}
	}
	return rf
}

// Agreement is the share of recorded policy results that replayed current
// reproduces; ok is false when the log has none to compare with.
func (r *Result) Agreement() (share float64, ok bool) {
	var agree, compared int64
	for _, f := range r.reportFidelity() {
		if f.Condition == "" {
			agree += f.Agree
			compared += f.Compared
		}
	}
	if compared == 0 {
		return 0, false
	}
	return float64(agree) / float64(compared), true
}
