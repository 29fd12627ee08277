package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// wait puts a demand off until somebody sits in front. limit is the strictest
// sign-in frequency in it.
func (c *clock) wait(s *session, ask policy.Controls, by policy.Mask, limit signin.Time, row int) {
	if c.pend == 0 {
		s.waiting++
		c.row, c.limit = int32(row), 0 //nolint:gosec // rows of one person
	}
	if limit == policy.EveryTime {
		limit = Tolerance
	}
	if limit > 0 && (c.limit == 0 || limit < c.limit) {
		c.limit = limit
	}
	c.pend |= ask
	c.by = c.by.Or(by)
	s.pend |= ask
}

// recovered takes a waiting demand for fresh factors away where the session has
// them by now: the person signed in anew, or unlocked the device, whose token was
// due (rule 3).
func (c *clock) recovered(s *session, f *rowFact, t signin.Time) {
	if c.pend&policy.ControlFrequency == 0 || c.limit == 0 {
		return
	}
	young := c.first > 0 && t-c.first <= c.limit && (c.claim != signin.True || t-c.second <= c.limit)
	if f.flag&(device|registered) != 0 && c.prt > 0 && t-c.prt <= c.limit {
		young = true
	}
	if young {
		c.forgive(s, policy.ControlFrequency)
	}
}

// forgive takes a part of a waiting demand away: what the person did meanwhile
// without being asked for it.
func (c *clock) forgive(s *session, ask policy.Controls) {
	if c.pend == 0 {
		return
	}
	if c.pend&^ask == 0 {
		c.done(s)
		return
	}
	c.pend &^= ask
}

// done takes a waiting demand away.
func (c *clock) done(s *session) {
	if c.pend == 0 {
		return
	}
	c.pend, c.by = 0, policy.Mask{}
	if s.waiting--; s.waiting == 0 {
		s.pend = 0
	}
}
