package exceptions

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Group is the name of the pattern of groups that ask together.
const Group = "group-request"

var _ = register(Pattern{
	Name:   Group,
	Doc:    "several people of one group ask for an exception from the same policy within days of each other, more than the other groups do",
	Needs:  "exception requests, the groups of the people they are for, how large the groups are and how many people there are",
	Quiet:  "without groups nothing is said",
	Origin: reference,
	Null: "whoever asked about the policy in a window is drawn from everybody (Fisher's exact test, one-sided), summed over all windows that could have been looked at; " +
		"family: every group with every policy",
	find: func(s *study) { s.groups() },
})

// groups tests every group against every target: of the windows of GroupDays
// that begin with a request about the target, the one that holds the most
// surprising number of its members.
func (s *study) groups() {
	if s.in.Groups == nil || s.in.Size == nil {
		s.quiet("no groups")
		return
	}
	seen := map[string]bool{}
	targets := s.byTarget()
	var found []tested
	told := map[string][]map[string]bool{} // target -> requests already told
	for _, rs := range targets {
		in := map[string][]*Request{}
		for _, r := range rs {
			names := slices.Clone(s.in.Groups(r.Person, r.Created))
			slices.Sort(names)
			for _, g := range slices.Compact(names) {
				in[g] = append(in[g], r)
				seen[g] = true
			}
		}
		asked := askedFrom(rs, span(s.cfg.GroupDays))
		sizes := windowSizes(rs, span(s.cfg.GroupDays))
		for _, g := range slices.Sorted(maps.Keys(in)) {
			if w, ok := s.bestWindow(g, in[g], asked); ok {
				w.p = w.anyWindow(sizes, int(s.cfg.GroupMembers))
				found = append(found, tested{w.p, func(q float64) Finding { return s.groupFinding(&w, told, q) }})
			}
		}
	}
	s.control(found, max(len(seen), s.in.GroupCount, 1)*max(len(targets), 1))
}

// window is a span in which members of a group asked.
type window struct {
	group   string
	of      []*Request // the members' requests in it
	members int        // distinct, of them
	asked   int        // distinct people who asked in it, of any group
	size    int        // people of the group
	all     int        // people there are
	p       float64    // of this window, then of any: see anyWindow
	reached *Request   // the request with which it had GroupMembers people
}

// bestWindow is the window with the smallest p; false when none has enough members.
func (s *study) bestWindow(group string, mine []*Request, asked map[signin.Time]int) (window, bool) {
	best, size := window{p: 2}, s.in.Size(group)
	slide(mine, span(s.cfg.GroupDays), func(i, hi, n int) {
		if n < int(s.cfg.GroupMembers) {
			return
		}
		w := window{group: group, of: mine[i:hi], members: n, asked: asked[mine[i].Created], size: max(size, n)}
		w.all = max(s.in.People, w.size, w.asked)
		w.p = hyperTail(w.members, w.asked, w.size, w.all)
		if w.p < best.p {
			best = w
		}
	})
	if best.of == nil {
		return best, false
	}
	who := map[string]bool{}
	for _, r := range best.of {
		who[r.Person] = true
		if len(who) >= int(s.cfg.GroupMembers) {
			best.reached = r
			break
		}
	}
	return best, true
}

// slide tells of each window that begins with a request, rs[i:hi], how many
// people asked in it.
func slide(rs []*Request, width signin.Time, tell func(i, hi, people int)) {
	in := map[string]int{} // person -> requests in the window
	hi := 0
	for i, r := range rs {
		for hi < len(rs) && rs[hi].Created-r.Created <= width {
			in[rs[hi].Person]++
			hi++
		}
		tell(i, hi, len(in))
		if in[r.Person]--; in[r.Person] == 0 {
			delete(in, r.Person)
		}
	}
}

// windowSizes counts the windows that begin with a request by how many people
// asked in them.
func windowSizes(rs []*Request, width signin.Time) map[int]int {
	out := map[int]int{}
	slide(rs, width, func(_, _, people int) { out[people]++ })
	return out
}

// askedFrom is how many people asked in the window that begins at a time, with
// all requests of that very time.
func askedFrom(rs []*Request, width signin.Time) map[signin.Time]int {
	out := map[signin.Time]int{}
	slide(rs, width, func(i, _, people int) {
		if i == 0 || rs[i-1].Created != rs[i].Created {
			out[rs[i].Created] = people
		}
	})
	return out
}

// anyWindow is the chance that some window would look as surprising as this one
// if whoever asked were drawn from everybody: the sum, over all windows, of the
// chance that a member's request begins it and so many more members are in it
// (a union bound, so never too small).
func (w *window) anyWindow(sizes map[int]int, least int) float64 {
	if w.size >= w.all {
		return 1
	}
	begins := float64(w.size) / float64(w.all)
	sum, x := 0.0, least
	for _, n := range slices.Sorted(maps.Keys(sizes)) {
		// The larger the window, the more members it takes: x only rises.
		for x <= n && hyperTail(x, n, w.size, w.all) > w.p*(1+1e-9) {
			x++
		}
		if x <= n {
			sum += float64(sizes[n]) * begins * hyperTail(x-1, n-1, w.size-1, w.all-1)
		}
	}
	return min(1, sum)
}

func (s *study) groupFinding(w *window, told map[string][]map[string]bool, _ float64) Finding {
	first, last := w.of[0], w.of[len(w.of)-1]
	f := Finding{Severity: risk.Medium, Group: s.groupName(w.group), Policy: first.Policy, Time: w.reached.Created, Subject: w.reached.ID, Requests: ids(w.of)}
	if first.Policy == "" {
		f.App = first.App
	}
	var e facts
	e.text("group", f.Group).text("policy", s.policyName(first.Policy)).text("app", f.App).
		num("members", float64(w.members)).num("group_size", float64(w.size)).num("requests", float64(len(w.of))).
		at("first_request", first.Created).at("last_request", last.Created).
		num("asked_from_elsewhere", float64(w.asked-w.members)).num("people_elsewhere", float64(w.all-w.size)).
		text("who", s.list(w.of))
	driven, asked := 0, 0
	for _, r := range w.of {
		if s.inLog(r) {
			asked++
			if _, ok := s.block(r); ok {
				driven++
			}
		}
	}
	if asked > 0 && s.in.Blocks != nil {
		e.num("requests_after_block", float64(driven))
	}
	e.p("p", w.p).text("reason_given", last.Justification)
	f.Evidence = e
	f.Summary = fmt.Sprintf("%d of the %s of %s asked about %s within %s days; of the other %s, %d did.",
		w.members, count(w.size, "person"), f.Group, s.about(first), about(max(1, days(last.Created-first.Created))), count(w.all-w.size, "person"), w.asked-w.members)
	f.Action = "Ask the group's lead what the policy keeps them from: one change may answer all of these requests."
	mine := map[string]bool{}
	for _, r := range w.of {
		mine[r.System+"\x1f"+r.ID] = true
	}
	for _, other := range told[first.target()] {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(mine)), func(id string) bool { return !other[id] }) {
			f.Suppressed = "org: the same requests are told of another group of these people"
			return f
		}
	}
	told[first.target()] = append(told[first.target()], mine)
	return f
}

// listed is how many people a fact names.
const listed = 10

// list names the people of requests, first asked first.
func (s *study) list(rs []*Request) string {
	var names []string
	seen := map[string]bool{}
	for _, r := range rs {
		if !seen[r.Person] {
			seen[r.Person] = true
			names = append(names, s.personName(r.Person))
		}
	}
	if n := len(names); n > listed {
		names = append(names[:listed:listed], fmt.Sprintf("and %d more", n-listed))
	}
	return strings.Join(names, ", ")
}

// inLog reports whether the sign-in log covers the time before the request.
func (s *study) inLog(r *Request) bool {
	return s.in.Until != 0 && r.Created >= s.in.From+signin.Time(s.cfg.BlockHours*float64(signin.Hour)) && r.Created <= cmp.Or(s.in.Until, r.Created)
}
