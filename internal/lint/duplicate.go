package lint

import (
	"reflect"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

var _ = register(Rule{
	Code: "duplicate-name", Level: Warning,
	Doc:    "Two different policies, or two named locations, have the same name. Logs and reports name policies by their display name.",
	Fix:    "rename one of them",
	Source: "frisk",
	check: func(p *pass) {
		first := map[string]*policy.Policy{}
		for _, q := range p.policies {
			if o := first[q.Name]; o != nil && p.copied(q) == nil {
				p.about(q, note{path: ".displayName"}, "the policy at %s has the same name", place(o.File, o.Path, q.File))
			}
			if first[q.Name] == nil {
				first[q.Name] = q
			}
		}
		locations := map[string]*policy.NamedLocation{}
		for _, l := range p.set.Locations {
			if o := locations[l.Name]; o != nil && o.ID != l.ID {
				p.location(l, note{path: ".displayName"}, "the named location at %s is called %q too", place(o.File, o.Path, l.File), l.Name)
			}
			if locations[l.Name] == nil {
				locations[l.Name] = l
			}
		}
	},
})

var _ = register(Rule{
	Code: "copied-policy", Level: Info,
	Doc: "The same policy was read several times, under the same name and with the same content: the folder may hold several sets, or an export and its backup. " +
		"All copies are evaluated, which changes no verdict but every count.",
	Fix:    "give check one set at a time",
	Source: "frisk",
	check: func(p *pass) {
		for _, q := range p.policies {
			if o := p.copied(q); o != nil {
				p.about(q, note{}, "the same policy was already read from %s: is the folder several sets?", o.File)
			}
		}
	},
})

// place is where something was read, as seen from a file: the path alone in the same one.
func place(file, path, from string) string {
	switch {
	case file == from:
		return path + " of this file"
	case path == "$":
		return file
	}
	return file + " " + path
}

// copied is the first policy that q is a copy of, nil when it is none.
func (p *pass) copied(q *policy.Policy) *policy.Policy {
	for _, o := range p.policies[:p.order[q]] {
		if o.Name == q.Name && reflect.DeepEqual(bare(o), bare(q)) {
			return o
		}
	}
	return nil
}

// bare is a policy without what says where and when it was read.
func bare(q *policy.Policy) policy.Policy {
	c := *q
	c.ID, c.File, c.Path, c.Created, c.Modified, c.Force, c.Version = "", "", "", 0, 0, nil, 0
	c.Unread = nil
	for _, u := range q.Unread {
		c.Unread = append(c.Unread, policy.Unread{Path: u.Path[min(len(q.Path), len(u.Path)):], Text: u.Text})
	}
	return c
}

var _ = register(Rule{
	Code: "stale-report-only", Level: Info,
	Doc:    "A policy has been report-only for more than 90 days without a change. Time is counted to the end of the log, or else to the newest edit of any policy here.",
	Fix:    "enable it or delete it; analyze replay says what it would do",
	Source: "frisk",
	check: func(p *pass) {
		now := p.now()
		for _, q := range p.policies {
			since := max(q.Modified, q.Created)
			if q.State == policy.ReportOnly && since != 0 && now-since > staleAfter {
				p.about(q, note{path: ".state"}, "report-only and unchanged for more than 90 days, since %s", day(since))
			}
		}
	},
})

// staleAfter is how long a trial may reasonably last: a quarter.
const staleAfter = 90 * signin.Day
