package risk

import (
	"cmp"
	"slices"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// groups finds, per group and target, spans in which GroupMembers or more
// members asked within GroupDays of each other. Requests of one span make one
// finding, dated by the request that reached the threshold.
func (o *ExceptionOptions) groups(all []request) []RequestFinding {
	if o.Groups == nil {
		return nil
	}
	type key struct{ group, target string }
	by := map[key][]*request{}
	var keys []key
	for i := range all {
		r := &all[i]
		names := slices.Clone(o.Groups(r.person, r.Created))
		slices.Sort(names)
		for _, g := range slices.Compact(names) {
			k := key{g, r.target()}
			if by[k] == nil {
				keys = append(keys, k)
			}
			by[k] = append(by[k], r)
		}
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.target, b.target))
	})
	var out []RequestFinding
	for _, k := range keys {
		out = append(out, o.groupRuns(k.group, by[k])...)
	}
	return out
}

// groupRuns slides the window over one group's requests about one target.
func (o *ExceptionOptions) groupRuns(group string, rs []*request) []RequestFinding {
	width := signin.Time(o.GroupDays * float64(signin.Day))
	var out []RequestFinding
	start, end, reached := -1, -1, -1 // the open span
	flush := func() {
		if start >= 0 {
			out = append(out, o.groupFinding(group, rs[start:end+1], rs[reached]))
		}
		start = -1
	}
	lo := 0
	for hi := range rs {
		for rs[hi].Created-rs[lo].Created > width {
			lo++
		}
		if members(rs[lo:hi+1]) < o.GroupMembers {
			continue
		}
		if start < 0 || lo > end {
			flush()
			start, reached = lo, hi
		}
		end = hi
	}
	flush()
	return out
}

func members(rs []*request) int {
	seen := map[string]bool{}
	for _, r := range rs {
		seen[r.person] = true
	}
	return len(seen)
}

func (o *ExceptionOptions) groupFinding(group string, rs []*request, reached *request) RequestFinding {
	f := RequestFinding{
		Detector: GroupRequest, Severity: Medium, Score: 1, Group: group, Policy: rs[0].policy,
		Time: reached.Created, Subject: reached.ID,
	}
	if rs[0].policy == "" {
		f.App = rs[0].app
	}
	driven := 0
	for _, r := range rs {
		f.Requests = append(f.Requests, r.ID)
		if _, ok := o.block(r); ok {
			driven++
		}
	}
	s := Sink{}
	s.evidence().text("group", group).text("policy", f.Policy).text("app", f.App).
		num("members", float64(members(rs))).num("requests", float64(len(rs))).
		text("first_request", rs[0].Created.String()).text("last_request", rs[len(rs)-1].Created.String())
	if o.Blocks != nil {
		s.num("requests_after_block", float64(driven))
	}
	f.Evidence = s.takeEvidence()
	return f
}

// block is when the block that drove r happened: the BlockCount-th one of the
// BlockHours before it, by its policy.
func (o *ExceptionOptions) block(r *request) (signin.Time, bool) {
	if o.Blocks == nil {
		return 0, false
	}
	times := o.Blocks(r.person, r.policy, r.Created-hours(o.BlockHours), r.Created)
	if len(times) < max(o.BlockCount, 1) {
		return 0, false
	}
	return times[max(o.BlockCount, 1)-1], true
}

func (o *ExceptionOptions) blockFacts(s *Sink, r *request) {
	if o.Blocks == nil {
		return
	}
	if t, ok := o.block(r); ok {
		s.text("block_before", t.String()).num("hours_after_block", float64(r.Created-t)/float64(signin.Hour))
	}
}

// BlockDriven is how many requests followed a block of the person.
type BlockDriven struct {
	Requests    int // that could be compared
	Driven      int // made within BlockHours of a block by their policy
	MedianHours float64
}

// DrivenByBlocks counts requests made soon after a block by the policy they
// name. With a nil opt.Blocks nothing is known and Driven is 0.
func DrivenByBlocks(reqs []directory.Request, opt ExceptionOptions) BlockDriven {
	all := opt.prepare(reqs)
	out := BlockDriven{Requests: len(all)}
	var delays []signin.Time
	for i := range all {
		if t, ok := opt.block(&all[i]); ok {
			delays = append(delays, all[i].Created-t)
		}
	}
	out.Driven = len(delays)
	if n := len(delays); n > 0 {
		slices.Sort(delays)
		mid := delays[n/2]
		if n%2 == 0 {
			mid = (delays[n/2-1] + delays[n/2]) / 2
		}
		out.MedianHours = float64(mid) / float64(signin.Hour)
	}
	return out
}
