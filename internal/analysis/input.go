package analysis

import (
	"cmp"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policytext"
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
		Directory:   len(r.around.dir.Users()) > 0 || len(r.around.dir.Groups()) > 0,
		Workspaces:  len(r.around.dir.Workspaces) > 0,
		Findings:    r.reportFindings(),
		Exceptions:  r.reportExceptions(),
		Workarounds: r.reportWorkarounds(),
		Incidents:   r.reportIncidents(),
		Changes:     r.reportChanges(),
		Fidelity:    r.reportFidelity(),
		Verify:      r.reportVerify(),
		Quality:     r.reportQuality(),
	}
	f := &r.Tally.Fidelity
	in.Prompted = report.PromptFidelity(f.Prompted)
	for _, s := range f.Strangers {
		in.Elsewhere += s.Count
	}
	r.addProviders(in)
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
		if c.Set == r.around.baseline {
			continue
		}
		from := c.Set
		if c.Kind == replay.Relieved {
			from = r.around.baseline
		}
		rc := report.Change{
			Set: c.Set, Person: r.accountName(c.Person), Kind: changeKinds[c.Kind], Delta: report.Between(max(0, c.Delta.Low), c.Delta.High),
			Control: c.Control, At: c.At, Groups: r.groupsOf(c.Person), Certain: c.Certain, Modelled: c.Modelled,
		}
		if c.At != 0 {
			rc.Example = r.events.id(c.Example)
		}
		if c.Policy >= 0 {
			rc.Policy = r.around.engines[from].Set().Policies[c.Policy].Label()
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
	for k, n := range r.around.reportSets() {
		e := r.around.engines[n]
		set := e.Set()
		rs := report.Set{
			Name: set.Name, Policies: len(set.Policies), Enforced: e.Enforced().Len(), ReportOnly: e.ReportOnly().Len(), Diff: r.diff(n),
			Missing: r.missing(n), Placeholders: r.around.stands[n],
		}
		if k == 0 {
			rs.Name = currentName
		}
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
				Set: k, ID: p.ID, Name: p.Label(), State: p.State.String(), Controls: policytext.Controls(p),
				Applied: o.Applied, Unknown: o.Unknown,
				Prompts: report.Between(o.Prompts.Low, o.Prompts.High), Blocks: report.Between(o.Blocks.Low, o.Blocks.High),
				People: int(o.People), Only: o.Only, RiskMet: o.RiskMet, Attacks: o.Attacks,
			}
			if k == 0 {
				rp.Requests = requests[p.Name]
				rp.Recorded = r.recordedResults(p, i)
			}
			in.Policies = append(in.Policies, rp)
		}
	}
}

// recordedResults counts what the log recorded of a policy of today: of every
// version of it that was in force. i is its index, for a policy without an id.
func (r *Result) recordedResults(p *policy.Policy, i int) []report.Count {
	was := r.around.engines[0].Set()
	versions := was.Versions(p.ID)
	if r.around.baseline == 0 {
		versions = []int{i}
	}
	sum := map[string]int64{}
	for _, v := range versions {
		for name, n := range r.Tally.Policies[0][v].Recorded {
			sum[name] += n
		}
	}
	var out []report.Count
	for _, name := range sortedKeys(sum) {
		out = append(out, report.Count{Name: name, N: sum[name]})
	}
	return out
}

func (r *Result) requestsByPolicy() map[string]int {
	out := map[string]int{}
	for _, t := range r.requests.Totals() {
		out[t.Name] = t.Requests
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
