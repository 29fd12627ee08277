package risk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// travelOnly is what impossible travel says about events.
func travelOnly(t testing.TB, cfg Config, events []signin.Event) (*world, verdict) {
	w := worldOf(events)
	return w, w.assess(cfg, []Detector{detector(t, "impossible-travel")})
}

// alerted are the people with a raised finding.
func alerted(v verdict) map[string]bool {
	out := map[string]bool{}
	for _, f := range v.findings {
		if f.Suppressed == "" {
			out[f.Person] = true
		}
	}
	return out
}

// TestTravelShuffled: neither the order of the input nor the number of workers
// of the first phase changes a byte.
func TestTravelShuffled(t *testing.T) {
	events := syntheticEvents(21, 25, 80)
	w, v := travelOnly(t, Defaults(), events)
	want := string(w.text(v))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		rng.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		w, v := travelOnly(t, Defaults(), events)
		if diff := cmp.Diff(want, string(w.text(v))); diff != "" {
			t.Fatal(diff)
		}
	}
	for _, parts := range []int{2, 5} {
		nets := make([]*Networks, parts)
		for i := range nets {
			nets[i] = NewNetworks(Defaults())
		}
		for k, p := range w.people {
			for i := range w.rows[p] {
				nets[k%parts].Observe(&w.rows[p][i], w.sym)
			}
		}
		for i := parts - 2; i >= 0; i-- {
			nets[parts-1].Merge(nets[i])
		}
		nets[parts-1].Seal()
		a := NewAssessor(Defaults(), []Detector{detector(t, "impossible-travel")}, nets[parts-1], nil, w.sym)
		got := verdict{attack: v.attack}
		for _, p := range w.people {
			for _, f := range a.Person(p, w.rows[p]).Findings {
				got.findings = append(got.findings, f.Clone())
			}
		}
		if diff := cmp.Diff(want, string(w.text(got))); diff != "" {
			t.Fatalf("%d workers: %s", parts, diff)
		}
	}
}

// TestTravelMonotone: wider positions and more clock error never put somebody on
// alert who was not.
func TestTravelMonotone(t *testing.T) {
	events := syntheticEvents(22, 60, 60)
	_, v := travelOnly(t, Defaults(), events)
	was := alerted(v)
	if len(was) == 0 {
		t.Fatal("nobody on alert: the test shows nothing")
	}
	for _, more := range []float64{30, 200, 900} {
		wider := slices.Clone(events)
		for i := range wider {
			wider[i].Geo.Radius += more
		}
		later := Defaults()
		later.TravelSkewSec += more * 10
		for name, now := range map[string]map[string]bool{
			"radius": func() map[string]bool { _, v := travelOnly(t, Defaults(), wider); return alerted(v) }(),
			"skew":   func() map[string]bool { _, v := travelOnly(t, later, events); return alerted(v) }(),
		} {
			for p := range now {
				if !was[p] {
					t.Errorf("%v more %s put %q on alert", more, name, p)
				}
			}
		}
	}
}

// offset is the point km away from another in a direction.
func offset(lat, lon, km, bearing float64) (float64, float64) {
	d, b := km/EarthRadiusKm, bearing
	la, lo := lat*math.Pi/180, lon*math.Pi/180
	y := math.Asin(math.Sin(la)*math.Cos(d) + math.Cos(la)*math.Sin(d)*math.Cos(b))
	x := lo + math.Atan2(math.Sin(b)*math.Sin(d)*math.Cos(la), math.Cos(d)-math.Sin(la)*math.Sin(y))
	x = math.Mod(x*180/math.Pi+540, 360) - 180
	return y * 180 / math.Pi, x
}

// TestFeasibleTrajectory: people who travel below 900 km/h, the poles and the
// antimeridian included, and whose stated position is off by up to its radius, are
// never on alert.
func TestFeasibleTrajectory(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var events []signin.Event
	for p := range 400 {
		lat, lon := rng.Float64()*180-90, rng.Float64()*360-180
		now := signin.Time(1_772_000_000) * signin.Second
		for k := range 40 {
			hours := rng.ExpFloat64() * 2
			now += signin.Time(hours * float64(signin.Hour))
			if rng.IntN(3) == 0 {
				lat, lon = offset(lat, lon, 900*max(0, hours-0.75)*rng.Float64(), rng.Float64()*2*math.Pi)
			}
			radius := rng.Float64() * 300
			la, lo := offset(lat, lon, radius*rng.Float64(), rng.Float64()*2*math.Pi)
			e := signin.Event{
				Time: now, ID: fmt.Sprintf("p%d-%d", p, k), Provider: "entra", Tenant: "t", Stream: signin.Interactive, Outcome: signin.Success,
				Geo: signin.Geo{Lat: la, Lon: lo, Radius: radius, Located: true},
			}
			e.Principal.ID = fmt.Sprintf("user-%d", p)
			e.Source.IP = netip.AddrFrom4([4]byte{198, 18, byte(rng.IntN(256)), byte(p)})
			events = append(events, e)
		}
	}
	for _, s := range []Sensitivity{SensitivityMedium, SensitivityHigh} {
		cfg := Defaults()
		cfg.Sensitivity = s
		w, v := travelOnly(t, cfg, events)
		if len(v.findings) > 0 {
			t.Errorf("sensitivity %v: %s", s, w.text(v))
		}
	}
}

// TestPoisoningMonths: somebody who comes back every day stays on alert for
// months, also when theirs is the first sign-in of the log, with a device of their
// own or without any: each sign-in of theirs is on an alert and labelled.
func TestPoisoningMonths(t *testing.T) {
	for _, days := range []int{30, 120} {
		for _, first := range []bool{false, true} {
			for _, devices := range []bool{false, true} {
				var text string
				for d := range days {
					at := signin.Time(1_772_323_200)*signin.Second + signin.Time(d)*signin.Day
					home, evil := at+8*signin.Hour, at+9*signin.Hour
					if first {
						evil = at + 7*signin.Hour
					}
					own, theirs := "", ""
					if devices {
						own, theirs = `,"device":"laptop"`, `,"device":"rented"`
					}
					text += fmt.Sprintf(`{"t":%q,"user":"ada","ip":"192.0.2.10","asn":64500,"country":"NO","at":[59.91,10.75],"id":"home%03d"%s}`+"\n", home.String(), d, own)
					text += fmt.Sprintf(`{"t":%q,"user":"ada","ip":"192.0.2.10","asn":64500,"country":"NO","at":[59.91,10.75],"id":"noon%03d"%s}`+"\n", (home + 4*signin.Hour).String(), d, own)
					text += fmt.Sprintf(`{"t":%q,"user":"ada","ip":"203.0.113.1","asn":64510,"country":"SG","at":[1.29,103.85],"id":"evil%03d"%s}`+"\n", evil.String(), d, theirs)
				}
				w, v := travelOnly(t, Defaults(), parseEvents(t, text))
				seen := map[string]bool{}
				for _, f := range v.findings {
					for _, r := range f.Events {
						if f.Suppressed == "" {
							seen[w.ids[r]] = true
						}
					}
				}
				for d := range days {
					if id := fmt.Sprintf("evil%03d", d); !seen[id] || !slices.Contains(v.attack, id) {
						t.Errorf("%d days, thief first %v, devices %v: %s not on alert", days, first, devices, id)
						break
					}
				}
			}
		}
	}
}

// TestTravelEdges: points and times at which a careless sum goes wrong.
func TestTravelEdges(t *testing.T) {
	for _, c := range []struct {
		name  string
		a, b  [2]float64
		gap   string
		alert bool
	}{
		{"across the antimeridian", [2]float64{-17, 179.9}, [2]float64{-17, -179.9}, "+1m", false},
		{"around the world from it", [2]float64{-17, 179.9}, [2]float64{-17, 0.1}, "+1m", true},
		{"across the pole", [2]float64{89.8, 0}, [2]float64{89.8, 180}, "+1m", false},
		{"pole to pole", [2]float64{90, 0}, [2]float64{-90, 0}, "+10h", true},
		{"longitudes at the pole", [2]float64{90, -170}, [2]float64{90, 20}, "+1m", false},
		{"latitude 0", [2]float64{0, 9.45}, [2]float64{59.91, 10.75}, "+1h", true},
		{"longitude 0", [2]float64{51.48, 0}, [2]float64{1.29, 103.85}, "+1h", true},
		{"equator near Greenwich", [2]float64{0, 0.4}, [2]float64{0.4, 0}, "+1m", false},
		{"not located", [2]float64{0, 0}, [2]float64{1.29, 103.85}, "+1m", false},
		{"one instant", [2]float64{51.48, 0}, [2]float64{1.29, 103.85}, "+0s", true},
	} {
		text := fmt.Sprintf(`{"t":"2026-03-01T08:00:00Z","user":"ada","ip":"192.0.2.10","at":[%v,%v]}`+"\n"+
			`{"t":%q,"user":"ada","ip":"203.0.113.1","at":[%v,%v]}`+"\n", c.a[0], c.a[1], c.gap, c.b[0], c.b[1])
		if _, v := travelOnly(t, Defaults(), parseEvents(t, text)); len(alerted(v)) > 0 != c.alert {
			t.Errorf("%s: alert %v, want %v", c.name, !c.alert, c.alert)
		}
	}
}

// TestTravelDuplicates: rows told twice change nothing about who is on alert, nor
// the number of findings.
func TestTravelDuplicates(t *testing.T) {
	events := syntheticEvents(23, 25, 50)
	_, once := travelOnly(t, Defaults(), events)
	_, twice := travelOnly(t, Defaults(), append(slices.Clone(events), events...))
	if diff := cmp.Diff(alerted(once), alerted(twice)); diff != "" {
		t.Error(diff)
	}
}
