package risk

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"

	gocmp "github.com/google/go-cmp/cmp"
)

// incidentsOf assesses events with every detector and groups what is found.
func incidentsOf(t *testing.T, cfg Config, text string) (got []Incident, fs []Finding, w *world) {
	t.Helper()
	events := parseEvents(t, text)
	w = worldOf(events)
	byRef := map[signin.Ref]*signin.Event{}
	byID := map[string]*signin.Event{}
	for i := range events {
		byID[events[i].ID] = &events[i]
	}
	for ref, id := range w.ids {
		byRef[ref] = byID[id]
	}
	nets := w.networks(cfg)
	fs = nets.Findings()
	a := NewAssessor(cfg, Detectors(), nets, nil, w.sym)
	for _, p := range w.people {
		for _, f := range a.Person(p, w.rows[p]).Findings {
			fs = append(fs, f.Clone())
		}
	}
	c := IncidentContext{Config: cfg, Networks: nets, Event: func(r signin.Ref) *signin.Event { return byRef[r] }}
	got = Incidents(fs, c)
	shuffled := slices.Clone(fs)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if diff := gocmp.Diff(encodeAll(got, fs), encodeAll(Incidents(shuffled, c), shuffled)); diff != "" {
		t.Errorf("order of findings matters: %s", diff)
	}
	return got, fs, w
}

func encodeAll(ins []Incident, fs []Finding) []EncodedIncident {
	out := make([]EncodedIncident, len(ins))
	for i := range ins {
		out[i] = ins[i].Encode(fs, func(k int) string { return FindingID(&fs[k], "") }, nil)
	}
	return out
}

// history is a person at work for two days, on their own device and network.
func history(user string, n int) string {
	return fmt.Sprintf(`{"t":"2026-02-2%dT09:00:00Z","user":%q,"n":4,"every":"24h","ip":"192.0.2.%d","asn":64496,"country":"NO","device":"laptop-%s","agent":"Browser"}`+"\n",
		4, user, n, user)
}

const sprayLines = `
{"t":"2026-03-02T02:00:00Z","users":12,"n":24,"every":"90s","ip":"203.0.113.66","asn":64500,"reason":"bad_password","agent":"fasthttp"}
{"t":"+5m","user":"user-7","id":"prize","ip":"203.0.113.66","asn":64500,"country":"RO","agent":"fasthttp"}
{"t":"+30m","user":"user-7","id":"code","ip":"203.0.113.67","asn":64500,"country":"RO","transfer":"deviceCodeFlow","protocol":"deviceCode","agent":"Other"}
`

// TestIncidentStory: a spray, its success and what followed are one incident
// with a sentence that says so.
func TestIncidentStory(t *testing.T) {
	got, fs, _ := incidentsOf(t, Defaults(), history("user-7", 7)+sprayLines)
	if len(got) != 1 {
		t.Fatalf("%d incidents: %+v", len(got), encodeAll(got, fs))
	}
	in := got[0]
	e := in.Encode(fs, func(k int) string { return "" }, nil)
	for _, want := range []string{"Password spray from 203.0.113.66 against 12 people, one success for user-7", "one success for user-7, then a device code sign-in from a new network"} {
		if !strings.Contains(e.Story, want) {
			t.Errorf("story %q lacks %q", e.Story, want)
		}
	}
	if e.Severity != "high" || !slices.Equal(e.GotIn, []string{"user-7"}) || e.PeopleTried != 12 || !strings.Contains(e.NextStep, "user-7") {
		t.Errorf("%+v", e)
	}
	if e.From != "2026-03-02T02:00:00Z" || e.Until != "2026-03-02T03:09:30Z" {
		t.Errorf("from %s until %s", e.From, e.Until)
	}
	if !slices.Contains(e.Techniques, "T1110.003") || !slices.IsSortedFunc(e.Techniques, func(a, b string) int { return techniqueRank(a) - techniqueRank(b) }) {
		t.Errorf("techniques %q", e.Techniques)
	}
	best := 0.0
	for _, i := range in.Findings {
		best = max(best, fs[i].Score)
	}
	if in.Score < best || in.Score > maxIncidentScore {
		t.Errorf("score %v, best finding %v", in.Score, best)
	}
}

// TestIncidentsApart: what honest people share joins nothing, nor does time.
func TestIncidentsApart(t *testing.T) {
	tor := func(user, at, ip, more string) string {
		return fmt.Sprintf(`{"t":%q,"user":%q,"ip":%q,"asn":64500,"country":"RO","network":["tor"],"agent":"A%s"%s}`+"\n", at, user, ip, user, more)
	}
	people := history("ada", 1) + history("bob", 2)
	crowd := `{"t":"2026-02-20T09:00:00Z","users":20,"n":100,"every":"10m","ip":"203.0.113.9","asn":64500,"country":"RO","agent":"Browser"}` + "\n"
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"one address, hours apart", people + tor("ada", "2026-03-02T02:00:00Z", "203.0.113.9", "") + tor("bob", "2026-03-02T05:00:00Z", "203.0.113.9", ""), 1},
		{"neighbours in a network for rent", people + tor("ada", "2026-03-02T02:00:00Z", "203.0.113.9", "") + tor("bob", "2026-03-02T05:00:00Z", "203.0.113.10", ""), 2},
		{"a week apart", people + tor("ada", "2026-03-02T02:00:00Z", "203.0.113.9", "") + tor("bob", "2026-03-09T05:00:00Z", "203.0.113.9", ""), 2},
		{"an address many use", crowd + people + tor("ada", "2026-03-02T02:00:00Z", "203.0.113.9", "") + tor("bob", "2026-03-02T05:00:00Z", "203.0.113.9", ""), 2},
		{"other addresses", people + tor("ada", "2026-03-02T02:00:00Z", "203.0.113.9", "") + tor("bob", "2026-03-02T05:00:00Z", "198.51.100.9", ""), 2},
		{"one device", people + tor("ada", "2026-03-02T02:00:00Z", "203.0.113.9", `,"device":"stranger-1"`) + tor("bob", "2026-03-02T05:00:00Z", "198.51.100.9", `,"device":"stranger-1"`), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, fs, _ := incidentsOf(t, Defaults(), c.text)
			n := 0
			for i := range got {
				if slices.Contains(got[i].Detectors, "anonymiser") {
					n++
				}
			}
			if n != c.want {
				t.Errorf("%d incidents, want %d: %+v", n, c.want, encodeAll(got, fs))
			}
		})
	}
}

// TestIncidentHome: a trusted location, a corporate network and a compliant device
// are the organisation's, whatever findings say.
func TestIncidentHome(t *testing.T) {
	const same, next = "203.0.113.9", "203.0.113.10"
	for _, c := range []struct {
		mark, ip string
		want     int
	}{
		{"", same, 1},
		{"", next, 1},
		{"", "198.51.100.1", 2},
		{`,"trusted":true`, same, 2},
		{`,"network":["corporate"]`, same, 2},
		{`,"network":["hosting"]`, same, 1},
		{`,"network":["hosting"]`, next, 2},
		{`,"device":"machine-1"`, "198.51.100.1", 1},
		{`,"device":"machine-1","compliant":true`, "198.51.100.1", 2},
		{`,"device":"1"`, "198.51.100.1", 2},
		{`,"session":"session-1"`, "198.51.100.1", 1},
		{`,"asn":64500,"agent":"tool"`, "198.51.100.1", 1},
		{`,"agent":"tool"`, "198.51.100.1", 2},
	} {
		events := parseEvents(t, `{"t":"2026-03-02T02:00:00Z","user":"ada","ip":"203.0.113.9"`+c.mark+"}\n"+
			`{"t":"2026-03-02T03:00:00Z","user":"bob","ip":"`+c.ip+`"`+c.mark+"}\n")
		var fs []Finding
		for i, e := range events {
			ref := signin.Ref{Row: uint32(i)}
			fs = append(fs, Finding{Detector: "d", Severity: High, Score: 0.9, Person: e.Person(), Time: e.Time, Subject: ref, Events: []signin.Ref{ref}, Attack: true})
		}
		nets := worldOf(events).networks(Defaults())
		at := func(r signin.Ref) *signin.Event { return &events[r.Row] }
		if got := Incidents(fs, IncidentContext{Networks: nets, Event: at}); len(got) != c.want {
			t.Errorf("%s at %s: %d incidents, want %d", c.mark, c.ip, len(got), c.want)
		}
	}
}

// TestIncidentID: more of the same story keeps its id.
func TestIncidentID(t *testing.T) {
	first, _, _ := incidentsOf(t, Defaults(), history("user-7", 7)+sprayLines)
	more := history("user-7", 7) + sprayLines +
		`{"t":"2026-03-02T20:00:00Z","user":"user-3","ip":"203.0.113.66","asn":64500,"country":"RO","agent":"fasthttp"}` + "\n"
	second, fs, _ := incidentsOf(t, Defaults(), more)
	if len(first) != 1 || len(second) != 1 || first[0].ID != second[0].ID {
		t.Errorf("ids differ: %v, %+v", first, encodeAll(second, fs))
	}
	if len(second[0].GotIn) != 2 {
		t.Errorf("let in: %q", second[0].GotIn)
	}
}

// TestIncidentCover: every weighty finding is in exactly one incident, no
// suppressed one is among the raised.
func TestIncidentCover(t *testing.T) {
	w := worldOf(syntheticEvents(3, 40, 60))
	fs := w.assess(Defaults(), Detectors()).findings
	got := Incidents(fs, IncidentContext{})
	in := make([]int, len(fs))
	for i := range got {
		for _, k := range got[i].Findings {
			in[k]++
			if fs[k].Suppressed != "" {
				t.Errorf("suppressed finding %d raised in %s", k, got[i].ID)
			}
		}
		for _, k := range got[i].Suppressed {
			in[k]++
		}
		if got[i].Score <= 0 || got[i].Score > maxIncidentScore || got[i].From > got[i].Until {
			t.Errorf("%+v", got[i])
		}
	}
	for i := range fs {
		if weighty(&fs[i]) && in[i] != 1 || in[i] > 1 {
			t.Errorf("finding %d (%s) is in %d incidents", i, fs[i].Detector, in[i])
		}
	}
	if len(got) == 0 {
		t.Error("no incidents")
	}
}

func TestCombined(t *testing.T) {
	for _, c := range []struct {
		best map[string]float64
		want float64
	}{
		{nil, 0},
		{map[string]float64{"a": 0.6}, 0.6},
		{map[string]float64{"a": 0.6, "b": 0.4}, 1 - 0.4*0.8},
		{map[string]float64{"a": 0.95, "b": 0.95, "c": 0.95, "d": 0.95}, maxIncidentScore},
	} {
		if got := combined(c.best); got < c.want-1e-9 || got > c.want+1e-9 {
			t.Errorf("%v: %v, want %v", c.best, got, c.want)
		}
	}
}

// TestConsentWords: an app that only asked was granted nothing.
func TestConsentWords(t *testing.T) {
	fs := []Finding{
		{Detector: "device-code", Severity: High, Attack: true, Score: 0.7, Person: "ada", Time: 10},
		{Detector: "consent-phishing", Severity: Low, Person: "ada", Time: 20},
	}
	story := func() string {
		in := Incidents(fs, IncidentContext{})
		if len(in) != 1 {
			t.Fatalf("%d incidents, want 1", len(in))
		}
		return in[0].Story(fs, func(p string) string { return p })
	}
	if got := story(); !strings.Contains(got, "also a new app asking for access") {
		t.Error(got)
	}
	fs[1].Severity = Medium // asked, and let in
	if got := story(); !strings.Contains(got, "then a sign-in to a new app that had asked for access") {
		t.Error(got)
	}
}
