package exceptions

import (
	"fmt"

	"frisk/internal/directory"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Orphan is the name of the pattern of exclusions nobody asked for.
const Orphan = "orphan-exclusion"

var _ = register(Pattern{
	Name:   Orphan,
	Doc:    "somebody was added to an exclusion group without an approved request of theirs for it",
	Needs:  "the audit log of group memberships, and exception requests of that time",
	Quiet:  "an addition before the first request exported is not judged and counted; without requests or audit log nothing is said",
	Origin: reference,
	find:   func(s *study) { s.orphans() },
})

func (s *study) orphans() {
	switch {
	case s.in.Changes == nil:
		s.quiet("no audit log of group memberships")
		return
	case len(s.all) == 0:
		s.quiet("no exception requests: every addition would be one that nobody asked for")
		return
	}
	from := s.all[0].Created
	late := span(s.cfg.OrphanDays)
	seen := map[string]bool{}
	for _, g := range s.excluded() {
		for _, p := range g.policies {
			if t := s.total(p.Key); t.Orphans < 0 {
				t.Orphans = 0
			}
		}
		for _, m := range s.movesOf(g.id) {
			for _, c := range m.joins {
				switch {
				case c.At < from:
					s.account.AddsNotJudged++
				case s.covers(m.person, &g, c.At, late, false) != nil:
				default:
					for _, p := range g.policies {
						s.total(p.Key).Orphans++
					}
					// A nested group may be excluded by several: once is enough.
					k := c.Group + "\x1f" + m.person + "\x1f" + c.At.String()
					if !seen[k] {
						seen[k] = true
						s.raise(s.orphan(&g, &m, &c))
					}
				}
			}
		}
	}
}

func (s *study) orphan(g *excludedGroup, m *move, c *directory.MemberChange) Finding {
	f := Finding{Severity: risk.Medium, Person: m.person, Group: s.groupName(g.id), Policy: g.policies[0].Key, Time: c.At}
	gone := leftAfter(m, c.At)
	self := c.By != "" && fold(c.By) == fold(s.personName(m.person)) || s.person(fold(c.By)) == m.person
	switch {
	case self:
		f.Severity = risk.High
	case gone != 0:
		f.Severity = risk.Low
	}
	var e facts
	e.text("policy", s.policyNames(g)).text("group", f.Group)
	if c.Group != g.id {
		e.text("by_way_of", s.groupName(c.Group))
	}
	e.at("added", c.At).text("added_by", c.By)
	if self {
		e.text("self_added", "yes")
	}
	e.at("removed", gone)
	if gone == 0 {
		e.num("days_excluded", days(s.now-c.At))
	}
	near, when := s.nearest(m.person, g, c.At)
	if near != nil {
		e.text("nearest_request", near.ID).text("nearest_state", near.words()).num("nearest_days", when)
	}
	f.Evidence = e
	who := s.personName(m.person)
	if s.in.PersonName != nil && who == m.person {
		who = s.groupName(m.person) // a nested group
	}
	how := ""
	switch {
	case self:
		how = ", by themselves,"
	case c.By != "":
		how = " by " + c.By
	}
	f.Summary = fmt.Sprintf("%s was added to %s%s on %s and no approved request says why.", who, f.Group, how, date(c.At))
	if gone != 0 {
		f.Summary += fmt.Sprintf(" Taken out on %s.", date(gone))
	}
	f.Action = "Ask whoever added them for the reason; take the membership back, or have it requested with an end."
	if near != nil {
		f.Requests, f.Subject = []string{near.ID}, near.ID
	}
	return f
}

// leftAfter is when the person left after a time, 0 = not.
func leftAfter(m *move, at signin.Time) signin.Time {
	for _, c := range m.leaves {
		if c.At > at {
			return c.At
		}
	}
	return 0
}

// nearest is the person's request for the group that lies nearest to a time, and
// how many days after it (negative: before).
func (s *study) nearest(person string, g *excludedGroup, at signin.Time) (*Request, float64) {
	var best *Request
	for _, r := range s.of(person) {
		if s.concerns(r, g) && (best == nil || distance(r.Created, at) < distance(best.Created, at)) {
			best = r
		}
	}
	if best == nil {
		return nil, 0
	}
	return best, days(best.Created - at)
}

func distance(a, b signin.Time) signin.Time {
	if a > b {
		return a - b
	}
	return b - a
}
