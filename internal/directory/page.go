package directory

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// page is a Graph page while it is read. Its context may come after its
// records (PowerShell writes hash tables in any order), so what depends on it
// waits for the end of the page.
type page struct {
	context, next string
	group         string   // our own key: whose members these are
	ids           []member // every record that could be a member
	pending       []*record
	kind          string // of the last record understood
	whole         bool   // our own key "complete": nobody is missing from this list
}

type member struct {
	id    string
	group bool
}

// paging tells whether the last page of a collection was seen.
type paging struct {
	file       string
	open, ends int // pages with and without a nextLink
}

func (p *page) collect(r *record) {
	if id := r.text("id", "objectid"); id != "" {
		p.ids = append(p.ids, member{id, isGroupRecord(r)})
	}
}

func isGroupRecord(r *record) bool {
	t := strings.ToLower(r.text("@odata.type"))
	return t == "#microsoft.graph.group" || t == "" && r.has("grouptypes", "securityenabled") && !r.has("userprincipalname")
}

var (
	guid         = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)
	membersOf    = regexp.MustCompile(`(?i)/groups(?:/|\(')(` + guid.String() + `)(?:'\))?/(members|transitiveMembers)`)
	membersName  = regexp.MustCompile(`(?i)members?`)
	errWhoseList = errors.New("a member list that does not say of which group")
)

// owner finds the group whose members the page lists, and whether the list is
// transitive. isList is false when the page is no member list at all.
func (p *page) owner(file string) (group string, transitive, isList bool) {
	for _, s := range []string{p.next, p.context} {
		if m := membersOf.FindStringSubmatch(s); m != nil {
			return m[1], strings.EqualFold(m[2], "transitiveMembers"), true
		}
	}
	base, dir := filepath.Base(file), filepath.Base(filepath.Dir(file))
	transitive = strings.Contains(strings.ToLower(dir+"/"+base), "transitive")
	if p.group != "" {
		return p.group, transitive, true
	}
	c := contextName(p.context)
	if c != "directoryobjects" && c != "users" && c != "" {
		return "", false, false
	}
	if g := guid.FindString(base); g != "" && membersName.MatchString(dir+"/"+base) {
		return g, transitive, true
	}
	return "", false, c == "directoryobjects"
}

// endPage settles what could not be settled record by record.
func (l *Loader) endPage(p *page) {
	group, transitive, isList := p.owner(l.cur.Name)
	switch {
	case isList && group != "":
		l.dir.AddGroup(Group{ID: group, Transitive: transitive})
		for _, m := range p.ids {
			if m.group {
				l.dir.AddGroup(Group{ID: m.id})
			}
			l.dir.AddMember(group, m.id, 0, 0)
		}
		l.count("memberships")
		l.paged("members of group "+key(group), p.next)
		return
	case isList:
		l.issue(0, "", errWhoseList,
			"put the group's id into the file name, as in members-<group id>.json, or add a \"groupId\" property to the page")
	default:
		if c := contextName(p.context); c != "" || p.next != "" {
			l.paged(c, p.next)
		}
	}
	for _, r := range p.pending {
		k, err := kindOf(r, p.context)
		switch {
		case err == nil:
			p.kind = k.Name
			l.take(r, k)
		case errors.Is(err, errOtherKind):
			l.cur.Other++
		default:
			l.cur.Bad++
			l.issue(r.line, r.path, err, "")
		}
	}
	if p.whole && p.next == "" {
		l.wholeRisk(p)
	}
}

func (l *Loader) paged(collection, next string) {
	p := l.pages[collection]
	if p == nil {
		p = &paging{}
		l.pages[collection] = p
	}
	p.file = l.cur.Name
	if next == "" {
		p.ends++
	} else {
		p.open++
	}
}

// complete reports whether the last page of a group's member list was read.
func (p *paging) complete() bool { return p.ends > 0 || p.open == 0 }

func (p *paging) issue(collection string) *Issue {
	return &Issue{
		File: p.file,
		Err:  fmt.Errorf("the last page of %q is missing: every page read has an @odata.nextLink", collection),
		Hint: "follow the link until a page has none, or use Get-Mg… -All",
	}
}
