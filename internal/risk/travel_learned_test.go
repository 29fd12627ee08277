package risk

import (
	"fmt"
	"slices"
	"testing"

	"frisk/internal/signin"
)

// learnedFrom is the first phase over the rows that fit, by several workers, merged
// from the left or from the right.
func (w *world) learnedFrom(parts int, right bool, fits func(*signin.Row) bool) *Networks {
	nets := make([]*Networks, parts)
	for i := range nets {
		nets[i] = NewNetworks(Defaults())
	}
	for k, p := range w.people {
		for i := range w.rows[p] {
			if r := &w.rows[p][i]; fits(r) {
				nets[k%parts].Observe(r, w.sym)
			}
		}
	}
	if right {
		slices.Reverse(nets)
		for i := parts - 2; i >= 0; i-- {
			nets[i].Merge(nets[i+1])
		}
	} else {
		for _, n := range nets[1:] {
			nets[0].Merge(n)
		}
	}
	nets[0].Seal()
	return nets[0]
}

// learned is all that the surveys of travel hold, as text.
func learned(n *Networks) string {
	g, t := surveyOf[*egress](n), surveyOf[*teleport](n)
	return fmt.Sprint(g.onceStep, g.twiceStep, t.roles, t.countries, t.cityDay)
}

// TestLearnedMerge: neither the number of workers nor how their parts are put
// together changes what is learned.
func TestLearnedMerge(t *testing.T) {
	w := worldOf(syntheticEvents(31, 20, 60))
	all := func(*signin.Row) bool { return true }
	want := learned(w.learnedFrom(1, false, all))
	for _, parts := range []int{2, 3, 7} {
		for _, right := range []bool{false, true} {
			if got := learned(w.learnedFrom(parts, right, all)); got != want {
				t.Errorf("%d parts, from the right %v: another result", parts, right)
			}
		}
	}
}

// TestLearnedAsOf: asked about a day, the surveys answer from the days before it.
func TestLearnedAsOf(t *testing.T) {
	w := worldOf(syntheticEvents(32, 14, 60))
	full := w.learnedFrom(1, false, func(*signin.Row) bool { return true })
	g, f := surveyOf[*egress](full), surveyOf[*teleport](full)
	answers := 0
	for d := range int32(16) {
		today := day(signin.Time(1_772_000_000)*signin.Second) + d
		past := w.learnedFrom(1, false, func(r *signin.Row) bool { return day(r.Time) < today })
		pg, pf := surveyOf[*egress](past), surveyOf[*teleport](past)
		for net := range g.onceStep {
			once, twice := g.people(net, today)
			if o, tw := pg.people(net, today); o != once || tw != twice {
				t.Errorf("day %d, network %x: %d and %d people, from the past %d and %d", d, net, once, twice, o, tw)
			}
			answers += twice
		}
		for key := range f.roles {
			if got, want := pf.role(key, today), f.role(key, today); got != want {
				t.Errorf("day %d, operator %d: %+v, from the past %+v", d, key, want, got)
			}
		}
		for asn := range f.countries {
			if got, want := pf.country(asn, today), f.country(asn, today); got != want {
				t.Errorf("day %d, AS%d in %q, from the past %q", d, asn, want, got)
			}
		}
		if pf.cities(today) != f.cities(today) {
			t.Errorf("day %d: cities named %v, from the past %v", d, f.cities(today), pf.cities(today))
		}
	}
	if answers == 0 {
		t.Error("nothing was learned: the test shows nothing")
	}
}

// TestTravelLinear: the second look does work in proportion to the rows, also for
// somebody who is in two places every minute.
func TestTravelLinear(t *testing.T) {
	work := func(rows int) int {
		var text string
		for i := range rows {
			at := (signin.Time(1_772_323_200) + signin.Time(i*60)) * signin.Second
			ip, place := "192.0.2.10", "[59.91,10.75]"
			if i%2 == 1 {
				ip, place = fmt.Sprintf("203.0.%d.1", i%200), fmt.Sprintf("[%d,103.85]", i%40-20)
			}
			text += fmt.Sprintf(`{"t":%q,"user":"ada","ip":%q,"at":%s}`+"\n", at.String(), ip, place)
		}
		w := worldOf(parseEvents(t, text))
		a := NewAssessor(Defaults(), []Detector{detector(t, "impossible-travel")}, w.networks(Defaults()), nil, w.sym)
		a.Person(w.people[0], w.rows[w.people[0]])
		for _, x := range a.watchers {
			if tr, ok := x.(*travel); ok {
				return tr.trace.journeys
			}
		}
		t.Fatal("no travel detector")
		return 0
	}
	small, large := work(1000), work(4000)
	if small == 0 || large > 5*small {
		t.Errorf("%d comparisons for 1,000 rows, %d for 4,000", small, large)
	}
}

// mainWorld is people without device ids in Oslo whose work goes through a proxy
// that comes out in three countries, and sometimes not; a thief joins one of them daily.
func mainWorld(people, days int, thief bool) (text string) {
	exits := []string{`"country":"DE","at":[50.11,8.68]`, `"country":"SG","at":[1.29,103.85]`, `"country":"US","at":[39.04,-77.49]`}
	for p := range people {
		for d := range days {
			at := signin.Time(1_772_323_200)*signin.Second + signin.Time(d)*signin.Day
			row := func(minutes int, id, ip string, asn int, place string) {
				text += fmt.Sprintf(`{"t":%q,"user":"p%d","ip":%q,"asn":%d,%s,"id":"%s%d-%02d"}`+"\n",
					(at + signin.Time(minutes)*signin.Minute).String(), p, ip, asn, place, id, p, d)
			}
			home := fmt.Sprintf("192.0.%d.10", p)
			row(480, "home", home, 64500, `"country":"NO","at":[59.91,10.75]`)
			for i, exit := range exits {
				row(500+i*20, fmt.Sprintf("work%d-", i), fmt.Sprintf("198.51.%d.7", 100+i), 64501, exit)
			}
			row(1100, "eve", home, 64500, `"country":"NO","at":[59.91,10.75]`)
			if thief && p == 0 {
				row(490, "evil", "203.0.113.1", 64510, `"country":"BR","at":[-23.55,-46.63]`)
			}
		}
	}
	return text
}

// TestTravelMainOperator: three people whose sign-ins mostly come through one
// operator in several countries are not on alert, without device ids and lists; a
// thief on another network is, every day; and two people are too few to learn from.
func TestTravelMainOperator(t *testing.T) {
	if _, v := travelOnly(t, Defaults(), parseEvents(t, mainWorld(3, 20, false))); len(alerted(v)) > 0 {
		t.Errorf("on alert: %v", alerted(v))
	}
	if _, v := travelOnly(t, Defaults(), parseEvents(t, mainWorld(2, 20, false))); len(alerted(v)) != 2 {
		t.Errorf("two people, on alert: %v", alerted(v))
	}
	w, v := travelOnly(t, Defaults(), parseEvents(t, mainWorld(3, 20, true)))
	raised := map[string]bool{}
	for _, f := range v.findings {
		for _, r := range f.Events {
			if f.Suppressed == "" {
				raised[w.ids[r]] = true
			}
		}
	}
	for d := range 20 {
		if id := fmt.Sprintf("evil0-%02d", d); !raised[id] {
			t.Errorf("%s is not on alert", id)
		}
	}
}
