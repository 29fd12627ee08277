package exceptions

import (
	"slices"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// excludedGroup is a group that policies exclude, with those policies.
type excludedGroup struct {
	id       string
	policies []*Policy // in order of the input
}

// excluded are the groups that the policies exclude, by id.
func (s *study) excluded() []excludedGroup {
	at := map[string]int{}
	var out []excludedGroup
	for i := range s.in.Policies {
		p := &s.in.Policies[i]
		for _, g := range p.Groups {
			n, ok := at[g]
			if !ok {
				n = len(out)
				at[g] = n
				out = append(out, excludedGroup{id: g})
			}
			out[n].policies = append(out[n].policies, p)
		}
	}
	slices.SortFunc(out, func(a, b excludedGroup) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	return out
}

// move is what the audit log says of one person in one excluded group.
type move struct {
	person        string
	joins, leaves []directory.MemberChange // oldest first
	in            bool                     // after the last change
}

// net is 1 for somebody who came to be in, -1 for one who is no longer, 0 for
// one who came and went (or the reverse).
func (m *move) net() int {
	switch d := len(m.joins) - len(m.leaves); {
	case m.in && d > 0:
		return 1
	case !m.in && d < 0:
		return -1
	}
	return 0
}

// movesOf are the people that joined or left the group, by id.
func (s *study) movesOf(group string) []move {
	if ms, ok := s.moves[group]; ok {
		return ms
	}
	at := map[string]int{}
	ms := []move{}
	for _, c := range s.in.Changes(group) {
		who := s.person(c.Member)
		n, ok := at[who]
		if !ok {
			n = len(ms)
			at[who] = n
			ms = append(ms, move{person: who})
		}
		m := &ms[n]
		m.in = c.Joined
		if c.Joined {
			m.joins = append(m.joins, c)
		} else {
			m.leaves = append(m.leaves, c)
		}
	}
	slices.SortFunc(ms, func(a, b move) int {
		if a.person < b.person {
			return -1
		}
		return 1
	})
	s.moves[group] = ms
	return ms
}

// covers reports that a granted request of the person about one of the group's
// policies, or naming the group, covers a time: written not later than late
// after it. running asks that it also has an end and has not come to it.
func (s *study) covers(person string, g *excludedGroup, at, late signin.Time, running bool) *Request {
	for _, r := range s.of(person) {
		if !r.granted() || r.Created > at+late || !s.concerns(r, g) {
			continue
		}
		end := r.end
		if r.open {
			if running {
				continue
			}
			end = at
		}
		if at <= end+late {
			return r
		}
	}
	return nil
}

// concerns reports that a request is about a policy that excludes the group.
func (s *study) concerns(r *Request, g *excludedGroup) bool {
	if fold(r.Group) == g.id || r.Group != "" && fold(r.Group) == fold(s.groupName(g.id)) {
		return true
	}
	return slices.ContainsFunc(g.policies, func(p *Policy) bool { return p.Key == r.Policy })
}

// of are the person's requests, oldest first.
func (s *study) of(person string) []*Request {
	if s.byPerson == nil {
		s.byPerson = map[string][]*Request{}
		for i := range s.all {
			r := &s.all[i]
			s.byPerson[r.Person] = append(s.byPerson[r.Person], r)
		}
	}
	return s.byPerson[person]
}
