package risk

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func detector(t testing.TB, name string) Detector {
	for _, d := range Detectors() {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no detector %q", name)
	return Detector{}
}

func randomPlace(rng *rand.Rand) place {
	return place{lat: rng.Float64()*180 - 90, lon: rng.Float64()*360 - 180, radius: rng.ExpFloat64() * 100}
}

// TestLegProperties: symmetric; a larger radius, more skew or more time never
// make a possible journey impossible; the bounds are ordered.
func TestLegProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	c := Defaults()
	impossible := 0
	for range 20000 {
		a, b := randomPlace(rng), randomPlace(rng)
		gap := signin.Time(rng.ExpFloat64() * 6 * float64(signin.Hour))
		l := c.leg(&a, &b, gap, c.TravelSkewSec)
		r := c.leg(&b, &a, -gap, c.TravelSkewSec)
		if l.impossible(&c) != r.impossible(&c) || l.lower != r.lower {
			t.Fatalf("not symmetric: %+v and %+v", l, r)
		}
		if l.lower > l.distance || l.had < l.gap {
			t.Fatalf("bounds on the wrong side: %+v", l)
		}
		if l.impossible(&c) {
			impossible++
			continue
		}
		wider, later := a, gap+signin.Time(rng.ExpFloat64()*float64(signin.Hour))
		wider.radius += rng.ExpFloat64() * 200
		for name, m := range map[string]leg{
			"radius": c.leg(&wider, &b, gap, c.TravelSkewSec),
			"skew":   c.leg(&a, &b, gap, c.TravelSkewSec+rng.ExpFloat64()*600),
			"time":   c.leg(&a, &b, later, c.TravelSkewSec),
		} {
			if m.impossible(&c) {
				t.Fatalf("more %s made %+v impossible: %+v", name, l, m)
			}
		}
	}
	if impossible == 0 {
		t.Error("no journey was impossible: the test shows nothing")
	}
}

// TestEqualTimes: rows of one instant may come in any order of ids.
func TestEqualTimes(t *testing.T) {
	const head = `{"t":"2026-03-01T08:00:00Z","user":"ada","ip":"192.0.2.10","country":"NO","at":[59.91,10.75],"device":"d"}
{"t":"2026-03-02T08:00:00Z","user":"ada","ip":"192.0.2.10","country":"NO","at":[59.91,10.75],"device":"d"}
`
	same := []string{
		`{"t":"2026-03-03T08:00:00Z","user":"ada","ip":"192.0.2.10","country":"NO","at":[59.91,10.75],"device":"d","id":%q}`,
		`{"t":"2026-03-03T08:00:00Z","user":"ada","ip":"203.0.113.1","country":"SG","at":[1.29,103.85],"id":%q}`,
		`{"t":"2026-03-03T08:00:00Z","user":"ada","ip":"203.0.113.9","country":"BR","at":[-23.5,-46.6],"id":%q}`,
	}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		text := head
		who := map[string]string{}
		for pos, i := range order {
			id := fmt.Sprintf("id%d", pos)
			who[id] = []string{"home", "singapore", "brazil"}[i]
			text += fmt.Sprintf(same[i], id) + "\n"
		}
		w := worldOf(parseEvents(t, text))
		var blamed []string
		for _, id := range w.assess(Defaults(), []Detector{detector(t, "impossible-travel")}).attack {
			blamed = append(blamed, who[id])
		}
		slices.Sort(blamed)
		if diff := cmp.Diff([]string{"brazil", "singapore"}, blamed); diff != "" {
			t.Errorf("order %v: %s", order, diff)
		}
	}
}

// TestPoisoning: an attacker who comes back every day for a month stays
// alerting, and never becomes the place the person is held to be.
func TestPoisoning(t *testing.T) {
	var text string
	for d := 1; d <= 31; d++ {
		text += fmt.Sprintf(`{"t":"2026-03-%02dT08:00:00Z","user":"ada","ip":"192.0.2.10","asn":64500,"country":"NO","at":[59.91,10.75],"id":"home%02d"}`+"\n", d, d)
		text += fmt.Sprintf(`{"t":"2026-03-%02dT09:00:00Z","user":"ada","ip":"203.0.113.1","asn":64510,"country":"SG","at":[1.29,103.85],"id":"evil%02d"}`+"\n", d, d)
	}
	w := worldOf(parseEvents(t, text))
	v := w.assess(Defaults(), []Detector{detector(t, "impossible-travel")})
	var want []string
	for d := 1; d <= 31; d++ {
		want = append(want, fmt.Sprintf("evil%02d", d))
	}
	if diff := cmp.Diff(want, v.attack); diff != "" {
		t.Error(diff)
	}
}

// TestQuarantine: once on an alert, a network loses against any other, even
// when it was used on more days since.
func TestQuarantine(t *testing.T) {
	text := `{"t":"2026-03-01T08:00:00Z","user":"ada","ip":"192.0.2.10","at":[59.91,10.75]}
{"t":"2026-03-01T09:00:00Z","user":"ada","ip":"203.0.113.1","at":[1.29,103.85],"id":"evil-1"}
`
	for d := 4; d <= 8; d++ { // possible by then, and on five days
		text += fmt.Sprintf(`{"t":"2026-03-%02dT09:00:00Z","user":"ada","ip":"203.0.113.1","at":[1.29,103.85],"id":"evil-%d"}`+"\n", d, d)
	}
	text += `{"t":"2026-03-08T10:00:00Z","user":"ada","ip":"198.51.100.7","at":[59.91,10.75],"id":"hotel"}` + "\n"
	w := worldOf(parseEvents(t, text))
	v := w.assess(Defaults(), []Detector{detector(t, "impossible-travel")})
	if diff := cmp.Diff([]string{"evil-1", "evil-8"}, v.attack); diff != "" {
		t.Error(diff)
	}
}

// TestTie: of two strangers at one instant the same is blamed in either order.
func TestTie(t *testing.T) {
	w := worldOf(parseEvents(t, `{"t":"2026-03-01T08:00:00Z","user":"ada","ip":"192.0.2.10","at":[59.91,10.75]}
{"t":"2026-03-01T08:00:00Z","user":"ada","ip":"203.0.113.1","at":[1.29,103.85]}
`))
	a := NewAssessor(Defaults(), []Detector{detector(t, "impossible-travel")}, nil, nil, w.sym)
	p := w.people[0]
	rows := slices.Clone(w.rows[p])
	one := a.Person(p, rows).Findings[0].Subject
	slices.Reverse(rows)
	if other := a.Person(p, rows).Findings[0].Subject; one != other {
		t.Errorf("blamed %v and, the other way round, %v", one, other)
	}
}

// TestSensitivity: each step down suppresses at least as much.
func TestSensitivity(t *testing.T) {
	w := worldOf(syntheticEvents(7, 40, 60))
	raised := func(s Sensitivity) int {
		cfg := Defaults()
		cfg.Sensitivity = s
		n := 0
		for _, f := range w.assess(cfg, []Detector{detector(t, "impossible-travel")}).findings {
			n += btoi(f.Suppressed == "")
		}
		return n
	}
	low, medium, high := raised(SensitivityLow), raised(SensitivityMedium), raised(SensitivityHigh)
	if !(low <= medium && medium < high) {
		t.Errorf("raised at low %d, medium %d, high %d", low, medium, high)
	}
}
