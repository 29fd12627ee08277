package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/exceptions"
	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// watched is who is excluded from what by a group at the end of the log, and the
// policies without their excluded groups. It is only read.
type watched struct {
	engine *policy.Engine
	index  map[string]int // policy key -> place in the engine's set
	people map[string][]exceptions.Excluded
}

// watchExcluded finds the people to look at in the second phase; nil when there
// is nobody, or the log is too short to say anything.
func (r *Result) watchExcluded(rc risk.Config) (*watched, error) {
	need := signin.Time(rc.Requests.DeadDays * float64(signin.Day))
	set := r.around.present()
	if set == nil || r.until-r.from < need {
		return nil, nil //nolint:nilnil // nobody to look at is no error
	}
	w := &watched{index: map[string]int{}, people: map[string][]exceptions.Excluded{}}
	bare := *set
	shares := r.scopes(set)
	bare.Policies = nil
	for _, p := range set.Policies {
		if p.State != policy.Enabled && p.State != policy.ReportOnly || len(p.Users.ExcludeGroups) == 0 {
			continue
		}
		q := *p
		q.Users.ExcludeGroups = nil
		w.index[policyKey(p)] = len(bare.Policies)
		bare.Policies = append(bare.Policies, &q)
		for _, g := range p.Users.ExcludeGroups {
			if shares[g] {
				continue
			}
			for _, who := range r.around.dir.Members(g, r.until) {
				x := exceptions.Excluded{Person: who, Policy: policyKey(p), Group: g, From: max(r.excludedSince(who, g), r.until-need), Until: r.until}
				if !slices.ContainsFunc(w.people[who], func(y exceptions.Excluded) bool { return y.Policy == x.Policy }) {
					w.people[who] = append(w.people[who], x)
				}
			}
		}
	}
	if len(w.people) == 0 {
		return nil, nil //nolint:nilnil // same
	}
	var err error
	if w.engine, err = policy.NewEngine(&bare, r.around.dir, r.around.engines[0].Options()); err != nil {
		return nil, fmt.Errorf("policies without exclusions: %w", err)
	}
	return w, nil
}

// excludedSince is from when on the person was in the group without a break,
// as far as is known; the start of the log if longer.
func (r *Result) excludedSince(person, group string) signin.Time {
	since := r.until
	for _, t := range slices.Backward(r.around.dir.Changes(person)) {
		if t >= since || t <= r.from {
			continue
		}
		if r.around.dir.Member(person, group, t-1) != signin.True {
			return t
		}
		since = t
	}
	return r.from
}

// exclusionWatcher counts, for one worker, what excluded people would have met.
type exclusionWatcher struct {
	w     *watched
	ev    *policy.Evaluator
	found map[string][]exceptions.Excluded
}

func (w *watched) worker(sym *signin.Symbols) *exclusionWatcher {
	if w == nil {
		return nil
	}
	return &exclusionWatcher{w: w, ev: w.engine.Evaluator(sym), found: map[string][]exceptions.Excluded{}}
}

// account looks at one account. On nil, and for people who are not excluded, it
// does nothing.
func (x *exclusionWatcher) account(h *dataset.History) {
	if x == nil {
		return
	}
	who := strings.ToLower(h.Principal)
	list, ok := x.w.people[who]
	if !ok {
		return
	}
	mine := x.found[who]
	if mine == nil {
		mine = slices.Clone(list)
	}
	for i := range h.Rows {
		row := &h.Rows[i]
		if row.Time < mine[0].From && !slices.ContainsFunc(mine, func(e exceptions.Excluded) bool { return row.Time >= e.From }) {
			continue
		}
		m := x.ev.Match(row)
		for k := range mine {
			e := &mine[k]
			if row.Time < e.From {
				continue
			}
			e.SignIns++
			switch n := x.w.index[e.Policy]; {
			case m.Applies.Has(n):
				e.Caught++
			case m.Unknown.Has(n):
				e.Open++
			}
		}
	}
	x.found[who] = mine
}

// excludedPeople joins what the workers counted; people without a sign-in are in it.
func (w *watched) excludedPeople(workers []*personWorker) []exceptions.Excluded {
	if w == nil {
		return nil
	}
	out := []exceptions.Excluded{}
	for _, who := range sortedKeys(w.people) {
		list := slices.Clone(w.people[who])
		for _, worker := range workers {
			for k, e := range worker.excluded.found[who] {
				list[k].SignIns += e.SignIns
				list[k].Caught += e.Caught
				list[k].Open += e.Open
			}
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b exceptions.Excluded) int {
		return cmp.Or(strings.Compare(a.Policy, b.Policy), strings.Compare(a.Group, b.Group), strings.Compare(a.Person, b.Person))
	})
	return out
}
