package workaround

import (
	"cmp"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

var _ = register(Route{
	Name: "self-added-exclusion", Title: "self-added to an exclusion group", rank: 10, Slow: true,
	Doc:    "the person joined, by themselves, a group that the policy leaves out",
	Needs:  "the directory audit log (memberships), and the current policies for which groups they leave out",
	Quiet:  "a membership added by somebody else, or by nobody the log names, does not count; without policies no group is an exclusion group",
	Origin: "reference, detection 4.2; Microsoft Entra documentation, \"Use access reviews to manage users excluded from Conditional Access policies\"",
	says:   func(p *person, _ int) bool { return p.w.env.Joined != nil && p.w.env.Excludes != nil },
	between: func(p *person, s *stop, from, until signin.Time) (side, bool) {
		env := &p.w.env
		if env.Joined == nil || env.Excludes == nil {
			return side{}, false
		}
		for _, j := range p.joins() {
			if j.At < from || j.At > until || j.Self != signin.True {
				continue
			}
			for _, policy := range s.policies {
				if env.Excludes(policy, j.Group) {
					return side{j.At, risk.Fact{Name: "group", Text: cmp.Or(j.Name, j.Group)}}, true
				}
			}
		}
		return side{}, false
	},
})

// joins are the groups the person's accounts joined, asked for once per person.
func (p *person) joins() []Join {
	if !p.asked {
		p.asked = true
		p.joined = p.joined[:0]
		if p.in.Accounts == nil {
			p.joined = append(p.joined, p.w.env.Joined(risk.PersonID(p.key))...)
		}
		for _, a := range p.in.Accounts {
			p.joined = append(p.joined, p.w.env.Joined(risk.PersonID(a))...)
		}
	}
	return p.joined
}
