package exceptions

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Growth is the name of the pattern of exclusion groups that grow.
const Growth = "exclusion-growth"

var _ = register(Pattern{
	Name:   Growth,
	Doc:    "more people came to be in an exclusion group than left it, more than chance would have it; those with an approval that will end are not counted",
	Needs:  "the audit log of group memberships",
	Quiet:  "without the audit log (or dated exports of it) nothing is said",
	Origin: reference,
	Null:   "whoever joins for good and whoever leaves for good are equally likely (exact binomial test); family: every exclusion group that changed",
	find:   func(s *study) { s.growths() },
})

// month is the twelfth part of a year.
const month = 365.25 / 12

func (s *study) growths() {
	if s.in.Changes == nil {
		s.quiet("no audit log of group memberships")
		return
	}
	var found []tested
	size := 0
	for _, g := range s.excluded() {
		joined, left, adds, removes := 0, 0, 0, 0
		var first signin.Time
		for _, m := range s.movesOf(g.id) {
			adds, removes = adds+len(m.joins), removes+len(m.leaves)
			for _, c := range append(slices.Clip(m.joins), m.leaves...) {
				if first == 0 || c.At < first {
					first = c.At
				}
			}
			switch m.net() {
			case 1:
				if s.covers(m.person, &g, s.now, 0, true) == nil {
					joined++
				}
			case -1:
				left++
			}
		}
		s.counted(&g, adds-removes, first)
		if adds+removes == 0 {
			continue
		}
		size++
		if joined-left < int(s.cfg.GrowthAdds) {
			continue
		}
		found = append(found, tested{binomialTail(joined, joined+left, 0.5), func(float64) Finding { return s.growth(&g, joined, left, adds, removes, first) }})
	}
	s.control(found, size)
}

// counted puts a group's changes to the totals of its policies.
func (s *study) counted(g *excludedGroup, net int, first signin.Time) {
	now, whole := s.size(g.id, s.now)
	before, wholeBefore := s.size(g.id, max(s.in.From, 1))
	for _, p := range g.policies {
		t := s.total(p.Key)
		if whole {
			t.Members = max(t.Members, 0) + now
		}
		if wholeBefore && s.in.From != 0 {
			t.MembersBefore = max(t.MembersBefore, 0) + before
		}
		if first != 0 {
			t.GrowthKnown = true
			t.NetGrowth += net
			t.NetPerMonth += float64(net) / max(days(s.now-s.began(first)), 1) * month
		}
	}
}

// began is from when the audit log is taken to tell: the start of the sign-in
// log, or the first change if that is earlier.
func (s *study) began(first signin.Time) signin.Time {
	if s.in.From != 0 {
		return min(first, s.in.From)
	}
	return first
}

func (s *study) size(group string, at signin.Time) (int, bool) {
	if s.in.Members == nil {
		return 0, false
	}
	who, whole := s.in.Members(group, at)
	return len(who), whole
}

func (s *study) growth(g *excludedGroup, joined, left, adds, removes int, first signin.Time) Finding {
	f := Finding{Severity: risk.Medium, Group: s.groupName(g.id), Policy: g.policies[0].Key, Time: s.now}
	var e facts
	e.text("group", f.Group).text("policy", s.policyNames(g)).
		num("joined_for_good", float64(joined)).num("left_for_good", float64(left)).num("additions", float64(adds)).num("removals", float64(removes)).
		at("since", s.began(first)).num("net_per_month", float64(joined-left)/max(days(s.now-s.began(first)), 1)*month).text("by_month", s.byMonth(g.id))
	if now, whole := s.size(g.id, s.now); whole {
		e.num("members_now", float64(now))
	}
	f.Evidence = e
	f.Summary = fmt.Sprintf("%s grew: since %s %s joined without an end and %d left.", f.Group, date(s.began(first)), count(joined, "person"), left)
	f.Action = "Review the members (an access review removes who does not answer) and let memberships end by themselves."
	return f
}

func (s *study) policyNames(g *excludedGroup) string {
	var out []string
	for _, p := range g.policies {
		out = append(out, s.policyName(p.Key))
	}
	return strings.Join(out, ", ")
}

// byMonth is the net number of additions of each month that has any: "2026-04 +2, 2026-05 -1".
func (s *study) byMonth(group string) string {
	net := map[string]int{}
	for _, m := range s.movesOf(group) {
		for _, c := range m.joins {
			net[date(c.At)[:7]]++
		}
		for _, c := range m.leaves {
			net[date(c.At)[:7]]--
		}
	}
	var out []string
	for _, k := range sortedKeys(net) {
		out = append(out, fmt.Sprintf("%s %+d", k, net[k]))
	}
	return strings.Join(out, ", ")
}
