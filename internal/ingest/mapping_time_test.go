package ingest

import (
	"strings"
	"testing"
)

// TestMappingLayouts: a layout of the user's own follows the rules of every
// other local time: the earlier of two, and a note where no zone is known. A
// zone's abbreviation that Go does not know is no UTC.
func TestMappingLayouts(t *testing.T) {
	for _, tt := range []struct{ layout, zone, text, want, note string }{
		{"02.01.2006 15:04:05", "Europe/Zurich", "25.10.2026 02:30:00", "2026-10-25T00:30:00Z", ""},
		{"2006-01-02 15:04:05", "America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z", ""},
		{"02.01.2006 15:04:05", "", "25.10.2026 02:30:00", "2026-10-25T02:30:00Z", "no time zone"},
		{"2006-01-02 15:04:05 -0700", "Europe/Zurich", "2026-03-02 08:00:00 +0300", "2026-03-02T05:00:00Z", ""},
		{"2006-01-02 15:04:05 -0700", "", "2026-03-02 08:00:00 +0000", "2026-03-02T08:00:00Z", ""},
		{"2006-01-02T15:04:05Z07:00", "", "2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", ""},
		{"Mon Jan 2 15:04:05 MST 2006", "Europe/Zurich", "Mon Mar 2 08:00:00 CET 2026", "2026-03-02T07:00:00Z", ""},
		{"Mon Jan 2 15:04:05 MST 2006", "", "Mon Mar 2 08:00:00 UTC 2026", "2026-03-02T08:00:00Z", ""},
		{"Mon Jan 2 15:04:05 MST 2006", "", "Mon Mar 2 08:00:00 CET 2026", `bad: x.json:1: p: field time: zone "CET"`, ""},
		{"Jan _2 15:04:05", "Europe/Zurich", "Oct 26 08:00:00", "2025-10-26T07:00:00Z", ""},
	} {
		yaml := "name: p\nkind: json\nmatch: {has: [t]}\nfields:\n  time: {from: t, layout: '" + tt.layout + "'}\n  outcome: o\n  user.name: u\n"
		if tt.zone != "" {
			yaml += "timeZone: " + tt.zone + "\n"
		}
		m, err := ParseMapping([]byte(yaml))
		if err != nil {
			t.Fatal(err)
		}
		got := result(t, "x.json", []byte(`{"t":"`+tt.text+`","o":"success","u":"ada"}`), Options{Workers: 1, AsOf: fixtureAsOf, Mappings: []*Mapping{m}})
		if !strings.Contains(got, tt.want) || tt.note != "" && !strings.Contains(got, tt.note) || tt.note == "" && strings.Contains(got, "no time zone") {
			t.Errorf("%s of %q in %q:\n%swant %s %s", tt.layout, tt.text, tt.zone, got, tt.want, tt.note)
		}
	}
}
