package lint

import (
	"cmp"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policytext"
)

var _ = register(Rule{
	Code: "placeholder", Level: Warning,
	Doc:    "A stand-in of a template, like <ExclusionGroup>, where the tenant has an id. Whether it matches is unknown.",
	Fix:    "put the object id in its place, or say what it means: --placeholder '<NAME>=GROUP', or policies.placeholders in frisk.yaml",
	Source: "frisk",
	check: func(p *pass) {
		p.eachValue(func(q *policy.Policy, _ idKind, path, id string) {
			if standIn(id) {
				p.about(q, note{path: path}, "%q is a template's placeholder: whether it matches is unknown", p.written(q, path, id))
			}
		})
	},
})

var _ = register(Rule{
	Code: "not-an-id", Level: Warning,
	Doc:    "A name, an address or a misspelt keyword where Entra wants an object id: it matches nothing, and Entra refuses the policy.",
	Fix:    "put the object id in its place",
	Source: "Graph: conditionalAccessUsers, conditionalAccessApplications, conditionalAccessLocations",
	check: func(p *pass) {
		p.eachValue(func(q *policy.Policy, kind idKind, path, id string) {
			if policytext.GUID(id) || standIn(id) || p.exists(kind, id) {
				return
			}
			text := p.written(q, path, id)
			fix := ""
			if means := p.meant(kind, id); means != "" {
				fix = "write " + means + " in its place"
			}
			p.about(q, note{path: path, fix: fix}, "%q is not the id of %s: it matches nothing", text, kindWords[kind])
		})
	},
})

var kindWords = [...]string{userID: "a user", groupID: "a group", roleID: "a role", appID: "an app", locationID: "a named location"}

// standIn reports that a value is written like a stand-in of a template:
// <Group>, {{group}}, %GROUP%, $(Group).
func standIn(id string) bool { return strings.ContainsAny(id, "<>{}[]%$") }

// exists reports that an export knows an object by this very id, whatever its form.
func (p *pass) exists(kind idKind, id string) bool {
	switch kind {
	case userID:
		return p.in.Directory.User(id) != nil
	case groupID:
		return p.in.Directory.Group(id) != nil
	case locationID:
		for _, l := range p.set.Locations {
			if l.ID == id {
				return true
			}
		}
	}
	return false
}

// written is a value as the file has it, which the reader has put in lower case.
func (p *pass) written(q *policy.Policy, path, id string) string {
	if v := p.in.Files.value(q.File, q.Path+path); v != nil && strings.EqualFold(v.text, id) {
		return v.text
	}
	return id
}

// meant is the id, with its name, or the keyword that somebody meant by a name;
// "" when the exports do not tell.
func (p *pass) meant(kind idKind, name string) string {
	same := func(s string) bool { return s != "" && strings.EqualFold(s, name) }
	switch kind {
	case userID:
		for _, u := range p.in.Directory.Users() {
			if same(u.UserPrincipalName) || same(u.Mail) || same(u.DisplayName) {
				return u.ID + " (" + cmp.Or(u.UserPrincipalName, u.DisplayName) + ")"
			}
		}
	case groupID:
		for _, g := range p.in.Directory.Groups() {
			if same(g.DisplayName) {
				return g.ID
			}
		}
	case roleID:
		if id := policytext.RoleNamed(name); id != "" {
			return "the template id " + id
		}
	case appID:
		return p.names.AppNamed(name)
	case locationID:
		for _, l := range p.set.Locations {
			if same(l.Name) {
				return l.ID
			}
		}
	}
	flat := strings.ReplaceAll(name, " ", "")
	for i, k := range keywords[kind] {
		if flat == k {
			return keywordWords[kind][i]
		}
	}
	return ""
}

// keywordWords are keywords in Graph's spelling.
var keywordWords = [...][]string{
	userID:     {"All", "None", "GuestsOrExternalUsers"},
	groupID:    {"All"},
	roleID:     {"All"},
	appID:      {"All", "None", "Office365", "MicrosoftAdminPortals", "AllAgentIdResources"},
	locationID: {"All", "AllTrusted"},
}
