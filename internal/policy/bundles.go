package policy

import (
	_ "embed"
	"encoding/json"
	"fmt"
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
}

// DefaultBundles are the lists built into the program.
func DefaultBundles() *Bundles {
	b, err := ParseBundles(bundlesJSON)
	if err != nil {
		panic("policy: built-in bundles: " + err.Error())
	}
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
