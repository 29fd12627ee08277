package scoreboard

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"frisk/internal/signin"
	"frisk/internal/synth"
)

// TestPlainWorld: where every answer about a place is true, every trajectory is
// feasible and nothing may be raised, whatever the log knows.
func TestPlainWorld(t *testing.T) {
	for seed := range uint64(3) {
		w := synth.NewHostile(synth.HostileConfig{Seed: 40 + seed, People: 60, Plain: true, Attacks: -1})
		for _, k := range []synth.Knowledge{synth.KnowRadius, synth.KnowPoints, synth.KnowCity, synth.KnowCountry, synth.KnowASN} {
			for _, devices := range []bool{true, false} {
				b := newBench(w, synth.HostileView{Knowledge: k, Devices: devices})
				b.assess()
				for i := range b.ours {
					a := &b.ours[i]
					if a.detector == travelDetector {
						t.Errorf("seed %d, %s, devices %v: raised on a feasible trajectory: %s", seed, k, devices, a.evidence)
						for _, e := range a.Events {
							t.Log(b.line(e, true))
						}
						break
					}
				}
			}
		}
	}
}

// daily is a person who works in Zurich and somebody in Lagos who uses the account
// every day at the same time, for so many days.
func daily(days int, ownDevice, intruderDevice bool) (*synth.HostileWorld, synth.HostileView) {
	w := &synth.HostileWorld{
		People:  []synth.HostilePerson{{ID: "victim"}},
		Attacks: make([]synth.HostileAttack, days),
	}
	start := signin.FromTime(synth.DefaultStart)
	add := func(at signin.Time, attack int, ip, city, country string, lat, lon float64, asn uint32, device string) {
		e := signin.Event{Time: at, ID: fmt.Sprintf("e%05d", len(w.Events)), Provider: "entra", Tenant: "t", Stream: signin.Interactive, Outcome: signin.Success}
		e.Principal.ID = "victim"
		e.Source.IP, e.ASN, e.ASNOrg = netip.MustParseAddr(ip), asn, "operator "+city
		e.Geo = signin.Geo{Country: country, City: city, Lat: lat, Lon: lon, Radius: 20, Located: true, Source: signin.GeoDatabase}
		e.Device.ID, e.UserAgent, e.MFA.State = device, "agent "+city, signin.MFANotDone
		w.Events = append(w.Events, e)
		w.Truth = append(w.Truth, synth.HostileTruth{Attack: attack, Lat: lat, Lon: lon, Honest: true, Counts: true})
	}
	for d := range days {
		day := start + signin.Time(d)*signin.Day
		device, other := "", ""
		if ownDevice {
			device = "laptop"
		}
		if intruderDevice {
			other = "elsewhere"
		}
		for _, h := range []signin.Time{7, 9, 13} {
			add(day+h*signin.Hour, -1, "192.0.2.10", "Zurich", "CH", 47.377, 8.542, 64500, device)
		}
		add(day+13*signin.Hour+25*signin.Minute, d, "203.0.113.7", "Lagos", "NG", 6.524, 3.379, 64501, other)
		add(day+14*signin.Hour, -1, "192.0.2.10", "Zurich", "CH", 47.377, 8.542, 64500, device)
		add(day+17*signin.Hour, -1, "192.0.2.10", "Zurich", "CH", 47.377, 8.542, 64500, device)
	}
	return w, synth.HostileView{Devices: true}
}

// TestPoisoning: an attacker who comes back every day for thirty days raises an
// alert on each of them: coming often does not make it a habit. The first and
// second day included.
func TestPoisoning(t *testing.T) {
	for _, own := range []bool{true, false} {
		for _, other := range []bool{true, false} {
			w, v := daily(30, own, other)
			b := newBench(w, v)
			b.assess()
			alerts := make([]bool, 30)
			for i := range b.ours {
				if b.ours[i].detector != travelDetector {
					continue
				}
				for _, e := range b.ours[i].Events {
					if n := w.Truth[e].Attack; n >= 0 {
						alerts[n] = true
					}
				}
			}
			if d := slices.Index(alerts, false); d >= 0 {
				t.Errorf("own device %v, intruder's device %v: silent on day %d: %v", own, other, d+1, alerts)
			}
		}
	}
}

// TestJudge: the count is that of the reference.
func TestJudge(t *testing.T) {
	w, v := daily(4, true, false)
	w.Attacks[0].Travel, w.Attacks[1].Travel = true, true
	attack := slices.IndexFunc(w.Truth, func(t synth.HostileTruth) bool { return t.Attack == 1 })
	b := newBench(w, v)
	var s Score
	b.judge(&s, []Alert{{[]int{0, 1}}, {[]int{attack - 1, attack}}, {[]int{attack}}})
	if s.Alerts != 3 || s.False != 1 || s.Attacks != 2 || s.Found != 1 || s.Everything != 4 || s.FoundEverything != 1 {
		t.Errorf("got %+v", s)
	}
}

// TestPeers: each rule of others fires on the plainest case, Zurich to Lagos and
// back in an hour, and on nothing at home.
func TestPeers(t *testing.T) {
	w, v := daily(20, true, false)
	for i := range w.Truth {
		if w.Truth[i].Attack >= 0 && w.Truth[i].Attack < 19 { // only the last day has a visitor, from another address
			w.Events[i].Geo, w.Events[i].Source.IP = w.Events[0].Geo, w.Events[0].Source.IP
		}
	}
	for _, r := range peers() {
		b := newBench(w, v)
		got := r.run(b)
		if len(got) == 0 && r.Name != "Elastic (two countries in 15 min)" {
			t.Errorf("%s: silent", r.Name)
		}
		for _, a := range got {
			if !slices.ContainsFunc(a.Events, func(i int) bool { return w.Truth[i].Attack == 19 }) {
				t.Errorf("%s: raised %v at home", r.Name, a.Events)
			}
		}
	}
}
