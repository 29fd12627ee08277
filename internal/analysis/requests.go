package analysis

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/exceptions"
	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// judgeRequests looks at the requests for exceptions and at what became of them.
func (r *Result) judgeRequests(cfg risk.Config) {
	dir := r.around.dir
	in := &exceptions.Input{
		Requests: dir.Requests, Policies: r.exceptionPolicies(), From: r.from, Until: r.until, Now: r.until,
		People: len(dir.Users()), PersonName: r.userName, GroupName: r.groupName,
	}
	mean := newMeaning(in.Policies, r.around.present(), dir)
	in.PolicyOf = mean.of
	if same := r.around.joins.principals(); same != nil {
		in.Same = func(id string) string { return same[strings.ToLower(id)] }
	}
	r.groupsOfRequests(in)
	if len(dir.Groups()) > 0 {
		in.Member = func(person, group string, at signin.Time) signin.Truth {
			return dir.Member(person, mean.group(group), at)
		}
		in.Members = func(group string, at signin.Time) ([]string, bool) { return dir.Members(group, at), dir.Whole(group) }
	}
	if dir.HasMemberChanges() {
		in.Changes = func(group string) []directory.MemberChange {
			var out []directory.MemberChange
			for _, g := range dir.Within(group) {
				out = append(out, dir.MemberChanges(g)...)
			}
			slices.SortStableFunc(out, func(a, b directory.MemberChange) int {
				return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Member, b.Member))
			})
			return out
		}
	}
	in.Edits = r.policyEdits()
	if r.resultsRecorded() {
		in.Blocks = r.workarounds.Blocks
	}
	in.Dead = r.excluded
	in.Emergency = emergency(r.around.present())
	r.requests = exceptions.Analyse(in, cfg.Requests)
	r.exceptions = r.requests.Findings
}

// requestTotals are the figures of requests about a policy, valid after judgeRequests.
func (r *Result) requestTotals(p *policy.Policy) exceptions.Totals {
	return r.requests.Of(policyKey(p), p.Name)
}

// present is the current policies as they are at the end; nil without any.
func (s *surroundings) present() *policy.Set {
	if len(s.engines) == 0 {
		return nil
	}
	return s.engines[0].Set().Present()
}

// policyKey is what a policy is called by in findings about requests.
func policyKey(p *policy.Policy) string { return cmp.Or(p.ID, p.Name) }

// exceptionPolicies are the policies that requests may be about.
func (r *Result) exceptionPolicies() []exceptions.Policy {
	set := r.around.present()
	if set == nil {
		return nil
	}
	out := make([]exceptions.Policy, 0, len(set.Policies))
	shares := r.scopes(set)
	for _, p := range set.Policies {
		x := exceptions.Policy{Key: policyKey(p), Name: p.Name}
		for _, g := range p.Users.ExcludeGroups {
			if !shares[g] {
				x.Groups = append(x.Groups, g)
			}
		}
		out = append(out, x)
	}
	return out
}

// scopes are the groups that some policy includes, and those nested in them. A
// policy that excludes such a group leaves its members to the other policy:
// that divides the work and makes nobody an exception.
func (r *Result) scopes(set *policy.Set) map[string]bool {
	out := map[string]bool{}
	for _, p := range set.Policies {
		if p.State != policy.Enabled && p.State != policy.ReportOnly {
			continue
		}
		for _, g := range p.Users.IncludeGroups {
			out[g] = true
			for _, n := range r.around.dir.Within(g) {
				out[n] = true
			}
		}
	}
	return out
}

// emergency reports groups that every enabled policy about users excludes.
func emergency(set *policy.Set) func(string) bool {
	n, by := 0, map[string]int{}
	if set != nil {
		for _, p := range set.Policies {
			if p.State != policy.Enabled || p.Workload != nil {
				continue
			}
			n++
			for _, g := range p.Users.ExcludeGroups {
				by[g]++
			}
		}
	}
	return func(g string) bool { return n > 1 && by[g] == n }
}

// policyEdits are the changes of policies: those of the audit log, else those
// that exports by date show.
func (r *Result) policyEdits() []directory.PolicyEdit {
	var out []directory.PolicyEdit
	logged := map[string]bool{}
	for _, e := range r.around.dir.PolicyEdits() {
		if e.Kind == "policy" {
			out = append(out, e)
			logged[e.ID] = true
		}
	}
	if len(r.around.engines) == 0 {
		return out
	}
	for _, p := range r.around.engines[0].Set().Policies {
		if p.Force != nil && p.Force.From > r.from && p.Force.From == p.Force.MaybeFrom && !logged[p.ID] {
			out = append(out, directory.PolicyEdit{At: p.Force.From, ID: policyKey(p), Name: p.Name, Kind: "policy", Action: "update"})
		}
	}
	slices.SortStableFunc(out, func(a, b directory.PolicyEdit) int {
		return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.ID, b.ID))
	})
	return out
}

// resultsRecorded reports whether the log records what policies did.
func (r *Result) resultsRecorded() bool {
	if len(r.Tally.Policies) == 0 {
		return false
	}
	current := r.Tally.Policies[0]
	for i := range current {
		if len(current[i].Recorded) > 0 {
			return true
		}
	}
	return false
}

// principals maps the object ids of joined accounts to that of the person's
// first; nil when nobody has several.
func (j *joins) principals() map[string]string {
	if j == nil {
		return nil
	}
	var out map[string]string
	for i := range j.People {
		accounts := j.People[i].Accounts
		if len(accounts) < 2 {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		for _, a := range accounts {
			out[strings.ToLower(risk.PersonID(a))] = strings.ToLower(risk.PersonID(accounts[0]))
		}
	}
	return out
}
