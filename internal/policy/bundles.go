package policy

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

//go:embed bundles.json
var bundlesJSON []byte

// Bundles says which apps belong to the app groups a policy can name
// (Office365, MicrosoftAdminPortals, and the Azure management app, which stands
// for several). Microsoft publishes no app ids for the first two, so those lists
// are incomplete: an app in neither list of an incomplete bundle is Unknown.
type Bundles struct {
	Source string   `json:"source"`
	Date   string   `json:"date"` // of the source, YYYY-MM-DD
	List   []Bundle `json:"bundles"`

	builtIn   bool
	conflicts []Notice
}

// Bundle is one app group.
type Bundle struct {
	Name string `json:"name"` // as policies spell it
	// Complete says that what is not a member is no member.
	Complete bool `json:"complete"`
	// BrowserOnly says that the members are web sites: another client is never in it.
	BrowserOnly bool  `json:"browserOnly"`
	Members     []App `json:"members"`
	NotMembers  []App `json:"notMembers"`
}

// App is an application by id, with a name for the reader of the file.
type App struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Learned is the evidence where the log taught the app, "" where a list names it.
	Learned string `json:"learned,omitempty"`
}

// DefaultBundles are the lists built into the program.
func DefaultBundles() *Bundles {
	b, err := ParseBundles(bundlesJSON)
	if err != nil {
		panic("policy: built-in bundles: " + err.Error())
	}
	b.builtIn = true
	return b
}

// ParseBundles reads a bundle file that replaces the built-in one.
func ParseBundles(data []byte) (*Bundles, error) {
	b := &Bundles{}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(b); err != nil {
		return nil, fmt.Errorf("parse app bundles: %w", err)
	}
	for i := range b.List {
		if b.List[i].Name == "" {
			return nil, fmt.Errorf("parse app bundles: bundle %d has no name", i+1)
		}
	}
	return b, nil
}

// Learn gives b with one app that the log proved to be in a bundle, or not to be
// (reference 1.5: a recorded rule "office365" proves that the resource is in it).
// evidence says what proved it, for the reader. b itself stays as it is.
//
// A file of the user is stronger than the log, the log than the built-in lists:
// where the stronger source disagrees, learned is false and nothing is added; a
// disagreement of either kind is one of Conflicts. A bundle b does not have is not
// learned.
func (b *Bundles) Learn(bundle, appID string, member bool, evidence string) (out *Bundles, learned bool) {
	old := b.find(bundle)
	if old == nil || appID == "" {
		return b, false
	}
	appID = strings.ToLower(appID)
	is := old.has(appID)
	if is == signin.TruthOf(member) {
		return b, true
	}
	c := *b
	c.List, c.conflicts = slices.Clone(b.List), slices.Clip(b.conflicts)
	word := map[bool]string{true: "a member", false: "no member"}
	if is != signin.Unknown {
		source := "the app list given"
		if b.builtIn {
			source = "the built-in list of " + b.Date
		}
		c.conflicts = append(c.conflicts, Notice{
			Code: "bundle-conflict", Level: "warning",
			Message: fmt.Sprintf("app %s is %s of %s by %s, and %s by the log (%s)", appID, word[!member], old.Name, source, word[member], evidence),
		})
		if !b.builtIn {
			return &c, false
		}
	}
	i := slices.IndexFunc(c.List, func(o Bundle) bool { return o.Name == old.Name })
	n := &c.List[i]
	others := func(list []App) []App {
		return slices.DeleteFunc(slices.Clone(list), func(a App) bool { return strings.EqualFold(a.ID, appID) })
	}
	n.Members, n.NotMembers = others(n.Members), others(n.NotMembers)
	app := App{ID: appID, Name: inEither(old, appID), Learned: evidence}
	if member {
		n.Members = append(n.Members, app)
	} else {
		n.NotMembers = append(n.NotMembers, app)
	}
	return &c, true
}

func inEither(b *Bundle, id string) string {
	for _, list := range [][]App{b.Members, b.NotMembers} {
		for _, a := range list {
			if strings.EqualFold(a.ID, id) {
				return a.Name
			}
		}
	}
	return ""
}

// Conflicts are the places where the log and a list disagreed, in the order they
// were learned.
func (b *Bundles) Conflicts() []Notice { return b.conflicts }

func (b *Bundles) find(name string) *Bundle {
	for i := range b.List {
		if strings.EqualFold(b.List[i].Name, name) {
			return &b.List[i]
		}
	}
	return nil
}

// has says whether an app is in the bundle.
func (b *Bundle) has(id string) signin.Truth {
	if inApps(b.Members, id) {
		return signin.True
	}
	if b.Complete || inApps(b.NotMembers, id) {
		return signin.False
	}
	return signin.Unknown
}

func inApps(list []App, id string) bool {
	for _, a := range list {
		if strings.EqualFold(a.ID, id) {
			return true
		}
	}
	return false
}

// inBundle says whether a target is in an app group.
func (x *sight) inBundle(b *Bundle, t target) signin.Truth {
	u := b.has(t.id)
	if t.id == "" {
		u = signin.Unknown
	}
	if b.BrowserOnly {
		switch x.ev.client(x.r) {
		case clientBrowser:
		case clientUnsaid, clientUnseen:
			if u == signin.True {
				return x.say(signin.Unknown, "app %s is in %s if the client is a browser", t.id, b.Name)
			}
		default:
			return x.say(signin.False, "%s are web sites, and the client is no browser", b.Name)
		}
	}
	switch {
	case t.id == "":
		return x.say(u, "whether the app is in %s: the row does not name it", b.Name)
	case u == signin.Unknown:
		return x.say(u, "no list says whether app %s is in %s", t.id, b.Name)
	case u == signin.False:
		return x.say(u, "app %s is not in %s", t.id, b.Name)
	}
	return x.say(u, "app %s is in %s", t.id, b.Name)
}
