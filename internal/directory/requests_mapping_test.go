package directory

import (
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

const deskMapping = `
format: requests
name: helpdesk
match: {file: "desk-*", has: [Ticket, Antragsteller]}
timeZone: Europe/Berlin
only: {Typ: [Ausnahme, Exception]}
fields:
  id: Ticket
  created: {from: [Datum, Uhrzeit], join: " ", layout: "02.01.2006 15:04"}
  decided: {from: Entschieden, layout: "02.01.2006 15:04"}
  until: {from: Bis, layout: "02.01.2006"}
  beneficiary: {from: Antragsteller, pattern: '<([^>]+)>'}
  justification: [Begründung, Titel]
  decision: Ergebnis
  group: Gruppe
decisions: {"in Ordnung": approved, nein: denied}
groups: {GRP-Vier-Stunden: CA203}
texts:
  - {contains: "vpn", policy: CA205}
  - {pattern: "drucker|scanner", policy: CA001}
`

const deskCSV = `Ticket;Typ;Datum;Uhrzeit;Entschieden;Bis;Antragsteller;Titel;Begründung;Ergebnis;Gruppe;Raum
T1;Ausnahme;29.03.2026;09:00;30.03.2026 10:00;12.04.2026;Ana <ana@example.com>;Titel;vier Stunden zu kurz;in Ordnung;GRP-vier-stunden;7
T2;Störung;30.03.2026;09:00;;;Bo <bo@example.com>;Maus;;;;
T3;Exception;30.03.2026;09:00;;;Bo <bo@example.com>;VPN geht nicht;;Nein;;
T4;Exception;2026-03-30;09:00;;;Bo <bo@example.com>;x;;;;
`

func loadMapped(t testing.TB, mapping, name, data string) (*Directory, []File) {
	t.Helper()
	m, err := ParseRequestMapping([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	d := New()
	l := NewLoader(d, Options{})
	l.AddRequestMapping(m)
	if err := l.Read(name, strings.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	return d, l.Finish()
}

func TestRequestMapping(t *testing.T) {
	d, files := loadMapped(t, deskMapping, "desk-2026.csv", deskCSV)
	when := func(s string) signin.Time {
		v, err := parseTime(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	want := []Request{
		{
			ID: "T1", System: "helpdesk", Created: when("2026-03-29T07:00:00Z"), Decided: when("2026-03-30T08:00:00Z"), EffectiveTo: when("2026-04-11T22:00:00Z"),
			Beneficiary: "ana@example.com", Group: "GRP-vier-stunden", Justification: "vier Stunden zu kurz", Decision: "approved", Mapped: "CA203",
			File: "desk-2026.csv", Line: 2,
		},
		{
			ID: "T3", System: "helpdesk", Created: when("2026-03-30T07:00:00Z"), Beneficiary: "bo@example.com",
			Justification: "VPN geht nicht", Decision: "denied", Mapped: "CA205", File: "desk-2026.csv", Line: 4,
		},
	}
	if diff := cmp.Diff(want, d.Requests); diff != "" {
		t.Error(diff)
	}
	account := []RequestFile{{
		Name: "desk-2026.csv", Systems: []string{"helpdesk"}, Rows: 4, Used: 2,
		Left: []LeftOut{{leftBad, 1}, {leftOnly, 1}}, Unread: []string{"raum", "titel", "typ"},
	}}
	if diff := cmp.Diff(account, d.RequestFiles); diff != "" {
		t.Error(diff)
	}
	bad := files[0].Issues[0]
	if files[0].Bad != 1 || bad.Line != 5 || !strings.Contains(bad.Error(), `does not fit the layout "02.01.2006 15:04"`) || bad.Hint == "" {
		t.Errorf("%d bad, %v, %q", files[0].Bad, bad, bad.Hint)
	}
}

func TestRequestMappingJSON(t *testing.T) {
	d, _ := loadMapped(t, `
format: requests
name: portal
match: {has: [who.mail], equals: {kind: exception}}
record: tickets
fields:
  id: ref
  created: {from: at, layout: unix-ms}
  beneficiary: who.mail
  policy: {value: CA203}
`, "x.json", `{"tickets":[{"ref":7,"kind":"exception","at":1772355600000,"who":{"mail":"ana@example.com"}}]}`)
	if len(d.Requests) != 1 || d.Requests[0].ID != "7" || d.Requests[0].Beneficiary != "ana@example.com" || d.Requests[0].Policy != "CA203" ||
		d.Requests[0].Created.String() != "2026-03-01T09:00:00Z" {
		t.Errorf("%+v", d.Requests)
	}
}

func TestRequestMappingErrors(t *testing.T) {
	const fields = "\nfields: {id: a, created: b, beneficiary: c}\n"
	for _, tt := range []struct{ yaml, want string }{
		{"format: signins", "want requests"},
		{"format: requests\nname: x", "want fields, groups or texts"},
		{"format: requests\nnmme: x", "nmme"},
		{"format: requests\nname: x\nmatch: {has: [a]}\nfields: {id: a, creatd: b}", `unknown field "creatd"`},
		{"format: requests\nname: x\nmatch: {has: [a]}\nfields: {id: a, beneficiary: b}", "created is missing"},
		{"format: requests\nname: x" + fields, "match is missing"},
		{"format: requests\nmatch: {has: [a]}" + fields, "name is missing"},
		{"format: requests\ntimeZone: Mars\ngroups: {a: b}", "timeZone"},
		{"format: requests\ntexts: [{contains: a}]", "texts[0]"},
		{"format: requests\ndecisions: {ja: yes}\ngroups: {a: b}", "want approved, denied"},
		{"format: requests\nname: x\nmatch: {has: [a]}\nfields: {id: {from: a, pattern: '('}, created: b, beneficiary: c}", "pattern"},
	} {
		if _, err := ParseRequestMapping([]byte(tt.yaml)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.yaml, err, tt.want)
		}
	}
}

// Whatever a mapping and a file hold: no panic, every row counted once, and no
// request that lacks what every request has.
func FuzzRequestMapping(f *testing.F) {
	f.Add(deskMapping, "desk-1.csv", deskCSV)
	f.Add("format: requests\ntexts: [{pattern: 'a', policy: P}]", "x.json", `{"issues":[{"key":"A-1","fields":{"created":"2026-03-01","reporter":{"name":"x"},"summary":"a"}}]}`)
	f.Add(deskMapping, "x.json", `{"result":[{"number":{"display_value":"1","value":"1"},"opened_at":"2026-03-01","opened_by":"x","state":"3"}]}`)
	f.Add(deskMapping, "x.json", `{"issues":[{"key":"A-1","fields":{"customfield_1":[{"finalDecision":"x","approvers":[{}]}]}},7],"names":{"customfield_1":"Approval"}}`)
	f.Fuzz(func(t *testing.T, mapping, name, data string) {
		m, err := ParseRequestMapping([]byte(mapping))
		if err != nil {
			return
		}
		d := New()
		l := NewLoader(d, Options{})
		l.AddRequestMapping(m)
		if l.Read(name, strings.NewReader(data)) != nil {
			return
		}
		l.Finish()
		for _, q := range d.Requests {
			if q.Created == 0 || q.Beneficiary == "" || q.ID == "" {
				t.Fatalf("incomplete request %+v", q)
			}
		}
		for _, a := range d.RequestFiles {
			left := 0
			for _, x := range a.Left {
				left += x.N
			}
			if a.Used+left != a.Rows || a.Used < 0 {
				t.Fatalf("%+v", a)
			}
		}
	})
}
