package risk

import (
	"math"
	"net/netip"
	"slices"
	"testing"

	"frisk/internal/signin"
)

// habit is a person who signs in every day from one place with one client.
func habit(days int) []signin.Event {
	var out []signin.Event
	for d := range days {
		e := signin.Event{Provider: "entra", Tenant: "t", Time: signin.Time(20_000+d)*signin.Day + 9*signin.Hour, Stream: signin.Interactive, Outcome: signin.Success}
		e.ID = string(rune('a' + d))
		e.Principal.ID = "anna"
		e.Source.IP, e.ASN, e.Geo.Country = netip.MustParseAddr("192.0.2.10"), 64496, "NO"
		e.Device.OS, e.Device.Browser, e.UserAgent = "Windows10", "Edge 120.0", "Mozilla/5.0 (Windows NT 10.0)"
		out = append(out, e)
	}
	return out
}

func partsOf(events []signin.Event) ([]Parts, []float32) {
	w := worldOf(events)
	a := NewAssessor(Defaults(), Detectors(), w.networks(Defaults()), nil, w.sym)
	got := a.Person(w.people[0], w.rows[w.people[0]])
	return slices.Clone(got.Parts), slices.Clone(got.Score)
}

// TestRarity: the first sign-in has no habit to go by, the habit lowers the score
// and no further than rarity.mimic, another operator raises it by that level alone,
// another client adds to it.
func TestRarity(t *testing.T) {
	c := Defaults()
	events := habit(20)
	abroad := events[19]
	abroad.Time += signin.Day
	abroad.ID, abroad.Source.IP, abroad.ASN = "new network", netip.MustParseAddr("198.51.100.7"), 64499
	other := abroad
	other.Time += signin.Day
	other.ID, other.Device.OS, other.Device.Browser, other.UserAgent = "new client", "Linux", "Firefox 119", "curl/8.0"
	parts, score := partsOf(append(events, abroad, other))
	first, home, net, client := parts[0].Explain(&c), parts[19].Explain(&c), parts[20].Explain(&c), parts[21].Explain(&c)
	if first.History != "none" || first.Evidence != 0 || len(first.Contributions) != 0 {
		t.Errorf("first sign-in: %+v", first)
	}
	if home.History != "some" || home.Evidence >= 0 || home.Evidence < 2*math.Log2(c.RarityMimic) {
		t.Errorf("at home: %+v", home)
	}
	if net.Evidence <= 0 || !(score[20] > score[19]) {
		t.Errorf("another operator: %+v", net)
	}
	for _, x := range net.Contributions {
		if (x.Name == "network" || x.Name == "address") && x.Bits != 0 {
			t.Errorf("a new operator's %s counts %v: the operator was the news", x.Name, x.Bits)
		}
	}
	if !(client.Evidence > net.Evidence) {
		t.Errorf("another client as well: %v, the network alone %v", client.Evidence, net.Evidence)
	}
}

// TestContributionsAddUp: what counts makes the evidence, whatever the row.
func TestContributionsAddUp(t *testing.T) {
	c := Defaults()
	w := worldOf(syntheticEvents(4, 10, 120))
	a := NewAssessor(c, Detectors(), w.networks(c), nil, w.sym)
	for _, p := range w.people {
		got := a.Person(p, w.rows[p])
		for i := range got.Parts {
			x := got.Parts[i].Explain(&c)
			sum := 0.0
			for _, k := range x.Contributions {
				if k.Counted {
					sum += k.Bits
				}
			}
			if math.Abs(sum-x.Evidence) > 0.05*float64(len(x.Contributions)+1) {
				t.Fatalf("%s row %d: contributions make %v, evidence is %v: %+v", p, i, sum, x.Evidence, x.Contributions)
			}
			if float32(x.Score) != got.Score[i] {
				t.Fatalf("%s row %d: explained as %v, scored %v", p, i, x.Score, got.Score[i])
			}
		}
	}
}

// TestUnknownFeatures: what the log does not name is named and counts nothing.
func TestUnknownFeatures(t *testing.T) {
	events := habit(5)
	for i := range events {
		events[i].ASN, events[i].Geo.Country, events[i].UserAgent, events[i].Device.OS, events[i].Device.Browser = 0, "", "", "", ""
	}
	parts, _ := partsOf(events)
	c := Defaults()
	x := parts[4].Explain(&c)
	if want := []string{"country", "asn", "device_type", "os", "browser", "user_agent"}; !slices.Equal(x.Unknown, want) {
		t.Errorf("unknown %v, want %v", x.Unknown, want)
	}
}

// TestFailedTeachNothing: wrong passwords from an address, however many, and
// sign-ins that a policy stopped, do not make it usual.
func TestFailedTeachNothing(t *testing.T) {
	c := Defaults()
	for _, reason := range []signin.Reason{signin.BadPassword, signin.PolicyBlock, signin.MFADenied} {
		events := habit(20)
		for i := 1; i < 19; i++ {
			e := events[i]
			e.ID += "x"
			e.Time += signin.Hour
			e.Outcome, e.Reason = signin.Failure, reason
			e.Source.IP, e.ASN = netip.MustParseAddr("203.0.113.9"), 64500
			events = append(events, e)
		}
		in := events[19]
		in.ID, in.Time, in.Source.IP, in.ASN = "in", in.Time+signin.Hour, netip.MustParseAddr("203.0.113.9"), 64500
		events = append(events, in)
		parts, _ := partsOf(events)
		if x := parts[len(parts)-1]; x.Ratios[ChainPlace][1] < 2 {
			t.Errorf("%s taught: %+v", reason, x.Explain(&c))
		}
	}
}

// TestHeard: what was found replaces the statistic and never adds to it.
func TestHeard(t *testing.T) {
	for _, c := range []struct{ said, rare, want float64 }{
		{8, 5, 8}, {4, 6, 6}, {8, -4, 8}, {0, 5, 5}, {0, -4, -4}, {-3, 5, -3}, {-3, -4, -4}, {0, 0, 0},
	} {
		if got := heard(c.said, c.rare); got != c.want {
			t.Errorf("heard(%v, %v) = %v, want %v", c.said, c.rare, got, c.want)
		}
	}
}

func TestDeviceType(t *testing.T) {
	for _, c := range []struct{ os, agent, want, family string }{
		{"Windows10", "", "desktop", "windows"},
		{"iOS 17.1", "", "mobile", "ios"},
		{"", "Mozilla/5.0 (iPad; CPU OS 13_4 like Mac OS X) Mobile", "tablet", ""},
		{"Android 14", "", "mobile", "android"},
		{"", "Mozilla/5.0 (Linux; Android 4.1)", "mobile", ""},
		{"", "python-requests/2.31", "bot", ""},
		{"MacOs", "", "desktop", "macos"},
		{"", "", "", ""},
	} {
		if got := deviceType(c.os, c.agent); got != c.want {
			t.Errorf("device type of %q %q is %q, want %q", c.os, c.agent, got, c.want)
		}
		if got := familyOf(c.os); got != c.family {
			t.Errorf("family of %q is %q, want %q", c.os, got, c.family)
		}
	}
}

// benchUsual is the plain path: people at their desks, named in every column.
func benchUsual() *world {
	events := syntheticEvents(11, 200, 500)
	for i := range events {
		e := &events[i]
		e.Outcome, e.Reason, e.Network, e.Risk, e.Client = signin.Success, 0, "", signin.Risk{}, "Browser"
		e.ASN = 64500
		e.Device.OS, e.Device.Browser = "Windows10", "Edge 120.0"
		e.UserAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + e.Principal.ID[:6]
	}
	return worldOf(events)
}

// BenchmarkRarity is the statistic alone in the second phase, per row.
func BenchmarkRarity(b *testing.B) {
	w := benchUsual()
	c := Defaults()
	a := NewAssessor(c, nil, w.networks(c), nil, w.sym)
	rows := 0
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range w.people {
			a.rarity.begin()
			for i := range w.rows[p] {
				var parts Parts
				a.rarity.look(&w.rows[p][i], w.sym, &parts)
				a.rarity.learn(day(w.rows[p][i].Time))
				rows++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}

// BenchmarkCrowd is the survey alone in the first phase, per row.
func BenchmarkCrowd(b *testing.B) {
	w := benchUsual()
	c := Defaults()
	rows := 0
	b.ReportAllocs()
	for b.Loop() {
		s := newCrowd(&c)
		s.Use(w.sym)
		for _, p := range w.people {
			for i := range w.rows[p] {
				s.Observe(&Sighting{Row: &w.rows[p][i], First: i == 0, Person: 1})
				rows++
			}
		}
		s.Seal()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}

// TestBlamedRowsAreForgotten: what a sign-in taught is taken back when a later one
// of the same day shows it to be an intruder's.
func TestBlamedRowsAreForgotten(t *testing.T) {
	w := worldOf(parseEvents(t, `{"t":"2026-03-02T09:00:00Z","n":6,"every":"24h","user":"ada","ip":"198.51.100.7","asn":64500,"country":"NO","at":[59.9,10.7],"radius":10,"device":"d1","agent":"Edge/1"}
{"t":"2026-03-08T08:00:00Z","user":"ada","id":"thief","ip":"203.0.113.9","asn":64510,"country":"BR","at":[-23.5,-46.6],"radius":10,"agent":"Other/1"}
{"t":"+30m","user":"ada","ip":"198.51.100.7","asn":64500,"country":"NO","at":[59.9,10.7],"radius":10,"device":"d1","agent":"Edge/1"}
{"t":"2026-03-12T08:00:00Z","user":"ada","id":"again","ip":"203.0.113.9","asn":64510,"country":"BR","at":[-23.5,-46.6],"radius":10,"agent":"Other/1"}`))
	a := NewAssessor(Defaults(), Detectors(), w.networks(Defaults()), nil, w.sym)
	rows := w.rows[w.people[0]]
	rare := func() float32 {
		got := a.Person(w.people[0], rows)
		for i := range rows {
			if w.ids[rows[i].Ref] == "again" {
				return got.Parts[i].rare[ChainPlace]
			}
		}
		return 0
	}
	with := rare()
	a.profile.forget = nil
	if without := rare(); !(with > without+1) {
		t.Errorf("the thief's place is rare by %.2f bits, by %.2f if it had been kept", with, without)
	}
}
