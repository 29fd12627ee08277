package directory

import (
	"os"
	"path/filepath"
	"testing"

	"frisk/internal/signin"
)

// A token identifier of zeros stands for none: it ties nobody's sign-ins to a workspace.
func TestAttributeNoToken(t *testing.T) {
	d := New()
	d.Activity = []Activity{{Time: t0, Principal: "ana", Token: signin.NormalizeToken("AAAAAAAAAAAAAAAAAAAAAA"), Resource: armML + "w"}}
	d.Seal()
	sym := signin.NewSymbols()
	r := signin.RowOf(row{who: "bo", app: "mail", token: noToken}.event(), sym)
	if got := NewAttributor(d).Attribute(&r, sym); got[0].Workspace != OtherWork {
		t.Errorf("%+v", got)
	}
}

// Rows that know people by name only do not share an answer.
func TestAttributeByRoleByNameOnly(t *testing.T) {
	d := New()
	for _, w := range []string{"a", "b"} {
		d.AddWorkspace(Workspace{Name: w, ResourceID: armML + w})
	}
	d.AzureRoles = []RoleAssignment{{"ana@example.com", "owner", armML + "a", 0}, {"bo@example.com", "owner", armML + "b", 0}}
	d.Seal()
	a, sym := NewAttributor(d), signin.NewSymbols()
	for w, who := range []string{"ana@example.com", "bo@example.com"} {
		r := signin.RowOf(row{name: who, app: studio, at: t0}.event(), sym)
		if got := a.Attribute(&r, sym); got[0].Workspace != w {
			t.Errorf("%s: %+v, want %d", who, got, w)
		}
	}
}

// An ARM id typed with a slash at its end is the workspace it names, and not another.
func TestWorkspaceTrailingSlash(t *testing.T) {
	d := New()
	d.AddWorkspace(Workspace{Name: "mine", ResourceID: armML + "w/", Environment: "prod"})
	d.Activity = []Activity{{Time: t0, Principal: "ana", Resource: armML + "w"}}
	d.Seal()
	sym := signin.NewSymbols()
	r := signin.RowOf(row{who: "x", arm: armML + "W/computes/c"}.event(), sym)
	if got := NewAttributor(d).Attribute(&r, sym); len(d.Workspaces) != 1 || got[0] != (Share{0, 1, TierExact}) {
		t.Errorf("%+v of %+v", got, d.Workspaces)
	}
}

// Of the records of one operation the earliest is when somebody did it, in
// whatever order an export lists them.
func TestActivityEarliestRecord(t *testing.T) {
	const (
		begun = `{"eventTimestamp":"2026-05-04T08:00:00Z","caller":"ana@example.com","correlationId":"c","resourceId":"` + armML + `w","httpRequest":{"clientIpAddress":"192.0.2.1"}}`
		ended = `{"eventTimestamp":"2026-05-04T10:30:00Z","caller":"ana@example.com","correlationId":"c","resourceId":"` + armML + `w"}`
	)
	for _, text := range []string{"[" + begun + "," + ended + "]", "[" + ended + "," + begun + "]"} {
		p := filepath.Join(t.TempDir(), "activity.json")
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		d := New()
		l := NewLoader(d, Options{})
		if err := l.Path(p); err != nil {
			t.Fatal(err)
		}
		l.Finish()
		if len(d.Activity) != 1 || d.Activity[0].Time.String() != "2026-05-04T08:00:00Z" || d.Activity[0].IP != "192.0.2.1" {
			t.Errorf("%s: %+v", text, d.Activity)
		}
	}
}
