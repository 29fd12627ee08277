package workaround

import (
	"slices"
	"sync"
	"testing"

	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/synth"
)

// play reads a world with so many workers.
func play(cfg synth.WaysConfig, workers int) (*Result, []synth.WayTruth) {
	var truth []synth.WayTruth
	joins, requests := map[string][]synth.WayJoin{}, map[string][]signin.Time{}
	env := Env{
		Config: risk.Defaults(),
		Requested: func(person string, _ []string, from, to signin.Time) signin.Truth {
			for _, t := range requests[person] {
				if t >= from && t <= to {
					return signin.True
				}
			}
			return signin.False
		},
		Joined: func(person string) []Join {
			var out []Join
			for _, j := range joins[person] {
				out = append(out, Join{At: j.At, Group: j.Group, Self: signin.TruthOf(j.Self)})
			}
			return out
		},
		Excludes: func(policy, group string) bool {
			for i := range synth.WayRoutes {
				if synth.WayPolicy(i) == policy {
					return synth.WayGroup(i) == group
				}
			}
			return false
		},
	}
	ws := make([]*Worker, workers)
	syms := make([]*signin.Symbols, workers)
	for i := range ws {
		syms[i] = signin.NewSymbols()
		ws[i] = New(env, syms[i])
	}
	n := 0
	for person := range synth.Ways(cfg) {
		id := risk.PersonID(person.Key)
		joins[id], requests[id] = person.Joins, person.Requests
		w, sym := ws[n%workers], syms[n%workers]
		n++
		rows := make([]signin.Row, len(person.Events))
		for i := range person.Events {
			rows[i] = signin.RowOf(&person.Events[i], sym)
			rows[i].Ref = signin.Ref{Run: uint32(n), Row: uint32(i)} //nolint:gosec // test data
		}
		w.Person(&Person{Key: person.Key, Accounts: person.Accounts, Account: person.Account, Rows: rows})
		truth = append(truth, person.Truth...)
	}
	all := ws[workers-1].Tally()
	for _, w := range ws[:workers-1] {
		all.Merge(w.Tally())
	}
	return all.Result(env.Config), truth
}

// measured is how planted ways were found.
type measured struct {
	planted, found     int // cases of employees
	listed, right      int // listed cases that are not attacker-like, and the planted ones among them
	patterns, expected int // named patterns, and those that were planted
}

type caseID struct {
	person, route, policy string
	stop                  signin.Time
}

// outcome is what the detector makes of planted worlds.
type outcome struct {
	by                              map[string]*measured
	apart, judged                   int // planted cases found, and those read as what they are
	pivots, pivotsFound, pivotsRead int
	wrong                           int // named patterns nobody planted
}

func measure(seeds []uint64, people int) *outcome {
	o := &outcome{by: map[string]*measured{}}
	for _, r := range synth.WayRoutes {
		o.by[r] = &measured{expected: len(seeds)}
	}
	for _, seed := range seeds {
		res, truth := play(synth.WaysConfig{Seed: seed, People: people}, 2)
		want := map[caseID]synth.WayTruth{}
		for _, t := range truth {
			want[caseID{t.Person, t.Route, t.Policy, t.Stop}] = t
			if t.Attacker {
				o.pivots++
			} else {
				o.by[t.Route].planted++
			}
		}
		for _, c := range res.Cases() {
			t, ok := want[caseID{c.Person, c.Route, c.Policies[0], c.StopAt}]
			o.judge(&c, ok, t.Attacker)
		}
		for _, p := range res.Policies() {
			for _, r := range p.Routes {
				if !r.Named {
					continue
				}
				if i := slices.Index(synth.WayRoutes, r.Route); p.ID == synth.WayPolicy(i) {
					o.by[r.Route].patterns++
				} else {
					o.wrong++
				}
			}
		}
	}
	return o
}

func (o *outcome) judge(c *Case, planted, attacker bool) {
	hostile := c.Reading.Attacker >= attackLike
	m := o.by[c.Route]
	switch {
	case planted && attacker:
		o.judged++
		o.pivotsFound++
		o.pivotsRead += btoi(hostile)
		o.apart += btoi(hostile)
	case planted:
		o.judged++
		m.found++
		o.apart += btoi(!hostile)
	}
	if !hostile {
		m.listed++
		m.right += btoi(planted && !attacker)
	}
}

var seeds = []uint64{1, 2, 3, 4, 5, 6}

func TestPlanted(t *testing.T) {
	o := planted()
	patterns := 0
	for _, r := range synth.WayRoutes {
		m := o.by[r]
		if ratio(m.found, m.planted) < 0.95 {
			t.Errorf("%s: recall %d of %d", r, m.found, m.planted)
		}
		if ratio(m.right, m.listed) < 0.9 {
			t.Errorf("%s: precision %d of %d", r, m.right, m.listed)
		}
		patterns += m.patterns
	}
	if want := len(seeds) * len(synth.WayRoutes); ratio(patterns, want) < 0.95 {
		t.Errorf("%d of %d patterns named", patterns, want)
	}
	if o.wrong > 0 {
		t.Errorf("%d patterns nobody planted", o.wrong)
	}
	if ratio(o.apart, o.judged) < 0.95 || ratio(o.pivotsRead, o.pivotsFound) < 0.9 {
		t.Errorf("told apart %d of %d, of attackers %d of %d", o.apart, o.judged, o.pivotsRead, o.pivotsFound)
	}
}

// nullPatterns counts patterns where nothing was planted, over 10,000 people.
var nullPatterns = sync.OnceValue(func() int {
	n := 0
	for _, seed := range []uint64{11, 12, 13, 14, 15} {
		res, _ := play(synth.WaysConfig{Seed: seed, People: 2000, Days: 28, Null: true}, 2)
		for _, p := range res.Policies() {
			for _, r := range p.Routes {
				n += btoi(r.Named)
			}
		}
	}
	return n
})

func TestNull(t *testing.T) {
	if n := nullPatterns(); n > 1 {
		t.Errorf("%d patterns in 10,000 people where there are none", n)
	}
}
