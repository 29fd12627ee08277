package risk

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// syntheticEvents is a seeded, messy tenant: homes, trips, VPN exits, typos,
// prompts, risk levels, a spray. Only variety matters here.
func syntheticEvents(seed uint64, people, perPerson int) []signin.Event {
	rng := rand.New(rand.NewPCG(seed, 9))
	cities := []struct {
		name, country string
		lat, lon      float64
	}{{"Oslo", "NO", 59.91, 10.75}, {"Bergen", "NO", 60.39, 5.32}, {"Hamburg", "DE", 53.55, 10}, {"Singapore", "SG", 1.29, 103.85}, {"Dallas", "US", 32.78, -96.8}}
	start := signin.Time(1_772_000_000) * signin.Second
	var out []signin.Event
	add := func(e signin.Event) {
		e.ID = fmt.Sprintf("e%06d", len(out))
		e.Provider, e.Tenant = "entra", "t"
		out = append(out, e)
	}
	for p := range people {
		now := start
		home := rng.IntN(3)
		for range perPerson {
			now += signin.Time(rng.ExpFloat64() * 5 * float64(signin.Hour))
			e := signin.Event{Time: now, Stream: signin.Interactive, Outcome: signin.Success, Client: "Browser"}
			e.Principal.ID = fmt.Sprintf("user-%03d", p)
			at := home
			if rng.IntN(12) == 0 {
				at = rng.IntN(len(cities))
			}
			e.Source.IP = netip.AddrFrom4([4]byte{198, 51, byte(at), byte(p)})
			e.Geo = signin.Geo{Country: cities[at].country, City: cities[at].name, Lat: cities[at].lat, Lon: cities[at].lon, Radius: 20, Located: true}
			e.ASN = 64500 + uint32(at)
			if rng.IntN(3) > 0 {
				e.Device.ID = fmt.Sprintf("dev-%03d", p)
			}
			switch rng.IntN(20) {
			case 0:
				e.Outcome, e.Reason = signin.Failure, signin.BadPassword
			case 1:
				e.Network = signin.EncodeList([]string{"vpn"})
			case 2:
				e.Outcome, e.Reason = signin.Failure, signin.MFADenied
			case 3:
				e.Risk = signin.Risk{Level: "medium", State: []string{"atRisk", "confirmedCompromised", "confirmedSafe"}[rng.IntN(3)]}
			case 4:
				e.Client = "IMAP4"
			case 5, 6, 7:
				e.Stream = signin.NonInteractive
			}
			add(e)
		}
	}
	for i := range people * 2 {
		e := signin.Event{Time: start + signin.Day*5 + signin.Time(i)*20*signin.Second, Outcome: signin.Failure, Reason: signin.BadPassword}
		e.Principal.ID = fmt.Sprintf("user-%03d", i%people)
		e.Source.IP = netip.MustParseAddr("203.0.113.66")
		add(e)
		if i%9 == 0 {
			e.Outcome, e.Reason, e.Stream = signin.Success, signin.ReasonNone, signin.Interactive
			e.Time += signin.Day * signin.Time(i%3)
			add(e)
		}
	}
	return out
}

// TestPrefix: the score of a row does not change when later rows are cut off.
func TestPrefix(t *testing.T) {
	w := worldOf(syntheticEvents(1, 12, 80))
	nets := w.networks(Defaults())
	a := NewAssessor(Defaults(), Detectors(), nets, nil, w.sym)
	for _, p := range w.people {
		rows := w.rows[p]
		want := slices.Clone(a.Person(p, rows).Score)
		for k := range rows {
			if diff := cmp.Diff(want[:k+1], a.Person(p, rows[:k+1]).Score); diff != "" {
				t.Fatalf("%s cut after %d: %s", p, k, diff)
			}
		}
	}
}

// TestAsOfTheDayBefore: a day's scores are the same when the first phase saw
// only the days before it.
func TestAsOfTheDayBefore(t *testing.T) {
	w := worldOf(syntheticEvents(2, 12, 60))
	full := w.assess(Defaults(), Detectors())
	moved := 0
	for d := range int32(12) {
		today := day(signin.Time(1_772_000_000)*signin.Second) + d
		n := NewNetworks(Defaults())
		for _, p := range w.people {
			for i := range w.rows[p] {
				if day(w.rows[p][i].Time) < today {
					n.Observe(&w.rows[p][i], w.sym)
				}
			}
		}
		n.Seal()
		a := NewAssessor(Defaults(), Detectors(), n, nil, w.sym)
		for _, p := range w.people {
			got := a.Person(p, w.rows[p]).Score
			for i := range got {
				if day(w.rows[p][i].Time) == today && got[i] != full.scores[p][i] {
					t.Fatalf("%s row %d on day %d: %v with the past, %v with everything", p, i, d, got[i], full.scores[p][i])
				}
				moved += btoi(full.scores[p][i] > 0.01)
			}
		}
	}
	if moved == 0 {
		t.Error("no score ever rose: the test shows nothing")
	}
}

// TestOrderOfPeople: nothing is carried from one person to the next.
func TestOrderOfPeople(t *testing.T) {
	w := worldOf(syntheticEvents(3, 15, 60))
	nets := w.networks(Defaults())
	one := func(order []string) map[string][]Finding {
		a := NewAssessor(Defaults(), Detectors(), nets, nil, w.sym)
		out := map[string][]Finding{}
		for _, p := range order {
			for _, f := range a.Person(p, w.rows[p]).Findings {
				out[p] = append(out[p], f.Clone())
			}
		}
		return out
	}
	back := slices.Clone(w.people)
	slices.Reverse(back)
	if diff := cmp.Diff(one(w.people), one(back)); diff != "" {
		t.Error(diff)
	}
}

// TestMerge: any split of the rows over workers gives the same attacks.
func TestMerge(t *testing.T) {
	events := syntheticEvents(4, 30, 60)
	whole := worldOf(events).networks(Defaults())
	if len(whole.Attacks()) == 0 {
		t.Fatal("no attack: the test shows nothing")
	}
	for _, parts := range []int{2, 3, 7} {
		nets := make([]*Networks, parts)
		syms := make([]*signin.Symbols, parts)
		for i := range nets {
			nets[i], syms[i] = NewNetworks(Defaults()), signin.NewSymbols()
		}
		slices.SortStableFunc(events, func(a, b signin.Event) int { return signin.Compare(&a, &b) })
		for i := range events {
			k := signin.Shard(events[i].Person()) % parts
			r := signin.RowOf(&events[i], syms[k])
			r.Ref = signin.Ref{Row: uint32(i)}
			nets[k].Observe(&r, syms[k])
		}
		for i := parts - 2; i >= 0; i-- { // the other way round than the whole
			nets[parts-1].Merge(nets[i])
		}
		nets[parts-1].Seal()
		if diff := cmp.Diff(whole.Findings(), nets[parts-1].Findings()); diff != "" {
			t.Errorf("%d parts: %s", parts, diff)
		}
	}
}

// TestAnyOrder: the first phase does not depend on the order of rows.
func TestAnyOrder(t *testing.T) {
	w := worldOf(syntheticEvents(8, 30, 60))
	n := NewNetworks(Defaults())
	for _, p := range slices.Backward(w.people) {
		for i := range slices.Backward(w.rows[p]) {
			n.Observe(&w.rows[p][i], w.sym)
		}
	}
	n.Seal()
	if diff := cmp.Diff(w.networks(Defaults()).Findings(), n.Findings()); diff != "" {
		t.Error(diff)
	}
}

// TestHostileRowsTeachNothing: what an attacker signs in with stays strange.
func TestHostileRowsTeachNothing(t *testing.T) {
	w := worldOf(parseEvents(t, `{"t":"2026-03-01T08:00:00Z","user":"ada","n":9,"every":"24h","ip":"203.0.113.1","device":"evil","network":["tor"]}`))
	scores := w.assess(Defaults(), Detectors()).scores[w.people[0]]
	if scores[0] < 0.01 || scores[8] != scores[0] {
		t.Errorf("scores %v", scores)
	}
}

// TestSafe: a row an administrator confirmed safe is never attack traffic.
func TestSafe(t *testing.T) {
	w := worldOf(syntheticEvents(5, 20, 80))
	v := w.assess(Defaults(), Detectors())
	state := w.sym[signin.DimRiskState]
	for _, p := range w.people {
		for i := range w.rows[p] {
			r := &w.rows[p][i]
			if state.Text(r.C[signin.DimRiskState]) == "confirmedSafe" && slices.Contains(v.attack, w.ids[r.Ref]) {
				t.Errorf("row %s is safe and attack", w.ids[r.Ref])
			}
		}
	}
}

// TestScore: bits and probabilities convert, and the sum is capped.
func TestScore(t *testing.T) {
	c := Defaults()
	if got := c.score(15); got != 0.5 {
		t.Errorf("15 bits on a prior of -15: %v", got)
	}
	if lo, hi := c.score(99), Probability(c.PriorBits+c.MaxBits); float64(lo) > hi+1e-6 {
		t.Errorf("cap: %v over %v", lo, hi)
	}
	for _, p := range []float64{0.001, 0.5, 0.9} {
		if got := Probability(Bits(p)); got < p-1e-12 || got > p+1e-12 {
			t.Errorf("Probability(Bits(%v)) = %v", p, got)
		}
	}
}

// TestSteadyState: once buffers have grown, a person without findings costs no
// allocation.
func TestSteadyState(t *testing.T) {
	events := syntheticEvents(6, 1, 500)
	for i := range events {
		e := &events[i]
		e.Outcome, e.Reason, e.Network, e.Risk, e.Client = signin.Success, 0, "", signin.Risk{}, "Browser"
		e.Geo.Lat, e.Geo.Lon, e.Geo.Country, e.Source.IP = 59.91, 10.75, "NO", netip.MustParseAddr("192.0.2.10")
	}
	w := worldOf(events)
	a := NewAssessor(Defaults(), Detectors(), w.networks(Defaults()), nil, w.sym)
	p := w.people[0]
	if got := a.Person(p, w.rows[p]); len(got.Findings) != 0 {
		t.Fatalf("%d findings", len(got.Findings))
	}
	if n := testing.AllocsPerRun(20, func() { a.Person(p, w.rows[p]) }); n != 0 {
		t.Errorf("%v allocations for %d rows", n, len(w.rows[p]))
	}
}

// TestJoin: counts of one key add up the same either way round.
func TestJoin(t *testing.T) {
	a := fail{n: 2, unknown: 1, first: 10, last: 20, ref: signin.Ref{Row: 1}}
	b := fail{n: 3, first: 5, last: 15, ref: signin.Ref{Row: 9}}
	want := fail{n: 5, unknown: 1, first: 5, last: 20, ref: signin.Ref{Row: 9}}
	if x, y := join(a, b), join(b, a); x != want || y != want {
		t.Errorf("%+v and %+v, want %+v", x, y, want)
	}
	if got := join(fail{}, a); got != a {
		t.Errorf("with nothing: %+v", got)
	}
}
