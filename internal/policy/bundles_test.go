package policy

import (
	"testing"

	"frisk/internal/signin"
)

const ownBundles = `{"source":"mine","date":"2026-01-01","bundles":[{"name":"Office365","complete":false,
 "members":[{"id":"A1","name":"one"}],"notMembers":[{"id":"a2","name":"two"}]}]}`

// The user's file is stronger than the log, the log than the built-in lists.
func TestLearnBundles(t *testing.T) {
	own, err := ParseBundles([]byte(ownBundles))
	if err != nil {
		t.Fatal(err)
	}
	const sharePoint, arm = "00000003-0000-0ff1-ce00-000000000000", "797f4846-ba00-4fd7-ba43-dac1f8f63013"
	for _, c := range []struct {
		name      string
		b         *Bundles
		bundle    string
		app       string
		member    bool
		learned   bool
		conflicts int
		want      signin.Truth
	}{
		{"new to the user's list", own, "office365", "A3", true, true, 0, signin.True},
		{"already there", own, "Office365", "a1", true, true, 0, signin.True},
		{"against the user's member", own, "Office365", "a1", false, false, 1, signin.True},
		{"against the user's non-member", own, "Office365", "A2", true, false, 1, signin.False},
		{"new to the built-in list", DefaultBundles(), "Office365", "a3", true, true, 0, signin.True},
		{"against a built-in member", DefaultBundles(), "Office365", sharePoint, false, true, 1, signin.False},
		{"against a built-in non-member", DefaultBundles(), "Office365", arm, true, true, 1, signin.True},
		{"against a complete list", DefaultBundles(), arm, "a3", true, true, 1, signin.True},
		{"a bundle nobody knows", own, "Office366", "a1", true, false, 0, signin.Unknown},
	} {
		before := signin.Unknown
		if old := c.b.find(c.bundle); old != nil {
			before = old.has(c.app)
		}
		out, learned := c.b.Learn(c.bundle, c.app, c.member, "3 rows")
		got := signin.Unknown
		if b := out.find(c.bundle); b != nil {
			got = b.has(c.app)
		}
		if learned != c.learned || len(out.Conflicts()) != c.conflicts || got != c.want {
			t.Errorf("%s: learned %t, conflicts %v, is %s; want %t, %d, %s", c.name, learned, out.Conflicts(), got, c.learned, c.conflicts, c.want)
		}
		if old := c.b.find(c.bundle); old != nil && old.has(c.app) != before {
			t.Errorf("%s: the list learned from changed", c.name)
		}
	}
	if b := DefaultBundles(); b.Source == "" || b.Date == "" {
		t.Error("the built-in list says neither source nor date")
	}
}
