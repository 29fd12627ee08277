package analysis

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/workaround"
)

// workaroundEnv is what the search for workarounds knows beside the sign-ins. It
// is shared by all workers, who only read it.
func (r *Result) workaroundEnv(rc risk.Config, nets *risk.Networks) workaround.Env {
	env := workaround.Env{Config: rc, Requested: r.requestedBetween(), DevicePeople: nets.DevicePeople}
	if len(r.around.engines) == 0 {
		return env
	}
	dir := r.around.dir
	excludes := map[string]map[string]bool{} // policy -> groups it leaves out, nested ones too
	for _, p := range r.around.engines[0].Set().Policies {
		id := strings.ToLower(policyKey(p)) // as the log's results are keyed; "" there is a stop without a policy
		if excludes[id] == nil {
			excludes[id] = map[string]bool{}
		}
		for _, g := range p.Users.ExcludeGroups {
			excludes[id][strings.ToLower(g)] = true
			for _, nested := range dir.Within(g) {
				excludes[id][nested] = true
			}
		}
	}
	env.Excludes = func(policy, group string) bool { return excludes[policy][group] }
	joined := map[string][]workaround.Join{} // by member
	done := map[string]bool{}
	for _, id := range sortedKeys(excludes) {
		for _, g := range sortedKeys(excludes[id]) {
			if done[g] {
				continue
			}
			done[g] = true
			for _, c := range dir.MemberChanges(g) {
				if !c.Joined {
					continue
				}
				self := signin.Unknown
				if c.By != "" {
					self = signin.TruthOf(dir.Resolve(c.By) == c.Member)
				}
				joined[c.Member] = append(joined[c.Member], workaround.Join{At: c.At, Group: c.Group, Name: r.groupName(c.Group), Self: self})
			}
		}
	}
	for _, list := range joined { // each by itself
		slices.SortFunc(list, func(a, b workaround.Join) int {
			return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.Group, b.Group))
		})
	}
	if dir.HasMemberChanges() {
		env.Joined = func(person string) []workaround.Join { return joined[strings.ToLower(person)] }
	}
	return env
}

// requestedBetween looks up requests for exceptions; nil when none were read.
func (r *Result) requestedBetween() func(person string, policies []string, from, to signin.Time) signin.Truth {
	dir := r.around.dir
	if len(dir.Requests) == 0 {
		return nil
	}
	type asked struct {
		at     signin.Time
		policy string // lower case; "" = cannot be told
	}
	mean := newMeaning(r.exceptionPolicies(), r.around.present(), dir)
	by := map[string][]asked{}
	for i := range dir.Requests {
		q := &dir.Requests[i]
		who := strings.ToLower(q.Beneficiary)
		by[who] = append(by[who], asked{q.Created, strings.ToLower(mean.of(q))})
	}
	return func(person string, policies []string, from, to signin.Time) signin.Truth {
		for _, q := range by[strings.ToLower(person)] {
			if q.at >= from && q.at <= to && (q.policy == "" || slices.Contains(policies, q.policy)) {
				return signin.True
			}
		}
		return signin.False
	}
}

// showPerson shows one person, as risk saw them, to the search for workarounds.
func (w *personWorker) showPerson(hs personal, by []risk.Assessed) {
	p := workaround.Person{Key: w.joins.of(hs[0].Person()), Rows: hs[0].Rows, Attack: by[0].Attack}
	if len(hs) > 1 {
		m := &w.merged
		p.Rows, p.Account = m.rows, m.from
		p.Attack = make([]bool, len(m.rows))
		for k := range hs {
			p.Accounts = append(p.Accounts, hs[k].Person())
			for i, at := range m.back[k] {
				p.Attack[at] = by[k].Attack[i]
			}
		}
	}
	w.ways.Person(&p)
}
