// Package scoreboard judges detectors against made-up histories whose truth is
// known: the rules that other products publish, restated as plain functions, and
// this program's own detectors, on the same sign-ins and by the same count.
//
// The count is that of the reference (detection 1.5): an alert is false when no
// event of an attack is among those it names; an attack is found when at least one
// of its events is.
//
// The package is pure: it makes worlds with internal/synth, in memory, from seeds.
package scoreboard

import (
	"runtime"
	"slices"
	"sync"

	"frisk/internal/signin"
	"frisk/internal/synth"
)

// Alert is one thing a rule raises: the sign-ins it names, as indexes into the
// world's events.
type Alert struct{ Events []int }

// Rule is something to be judged.
type Rule struct {
	Name string
	// Source is where the rule is published, or what of ours it is.
	Source string
	// Ours tells this program's detectors from the rules of others.
	Ours bool
	// All: not only travel; attacks that no distance shows count too.
	All bool
	run func(*bench) []Alert
}

// Score is how a rule did on some worlds together.
type Score struct {
	Rule   string `json:"rule"`
	Source string `json:"source"`
	Ours   bool   `json:"ours"`
	// Known is the knowledge the log had (synth.HostileView).
	Known   string `json:"known"`
	SignIns int    `json:"sign_ins"`
	Alerts  int    `json:"alerts"`
	False   int    `json:"false_alerts"`
	// Attacks are those that distance can show by the truth; Found of them.
	Attacks int `json:"attacks"`
	Found   int `json:"found"`
	// Shown are those of Attacks where a sign-in with an honest place shows it;
	// FoundShown of them.
	Shown      int `json:"shown"`
	FoundShown int `json:"found_shown"`
	// Everything counts every attack, also those that distance cannot show.
	Everything      int `json:"all_attacks"`
	FoundEverything int `json:"found_of_all"`
	// ByKind is Found of all attacks, by kind.
	ByKind []KindScore `json:"by_kind,omitempty"`
}

// KindScore is one kind of attack.
type KindScore struct {
	Kind  string `json:"kind"`
	Of    int    `json:"attacks"`
	Found int    `json:"found"`
}

// FalsePerThousand is false alerts per 1,000 sign-ins of the log.
func (s *Score) FalsePerThousand() float64 { return ratio(1000*s.False, s.SignIns) }

// Precision is the share of alerts that name an attack; 1 when there are none.
func (s *Score) Precision() float64 {
	if s.Alerts == 0 {
		return 1
	}
	return ratio(s.Alerts-s.False, s.Alerts)
}

// Recall is the share of Attacks found.
func (s *Score) Recall() float64 { return ratio(s.Found, s.Attacks) }

// RecallShown is the share of Shown found.
func (s *Score) RecallShown() float64 { return ratio(s.FoundShown, s.Shown) }

// RecallAll is the share of all attacks found.
func (s *Score) RecallAll() float64 { return ratio(s.FoundEverything, s.Everything) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// bench is one view of one world, ready for rules.
type bench struct {
	world  *synth.HostileWorld
	view   synth.HostileView
	events []signin.Event
	people [][]int // events by person, in order
	ours   []ourAlert
	quiet  []ourAlert // suppressed, of travel
	ran    bool
}

func newBench(w *synth.HostileWorld, v synth.HostileView) *bench {
	b := &bench{world: w, view: v, events: w.View(v), people: make([][]int, len(w.People))}
	for i := range w.Truth {
		p := w.Truth[i].Person
		b.people[p] = append(b.people[p], i)
	}
	return b
}

// travelAttack says whether an attack counts for travel: distance shows it, and
// where range lists tell that the address is rented, its place is no place.
func travelAttack(a *synth.HostileAttack, v synth.HostileView) bool {
	return a.Travel && !(a.Rented && a.Listed && v.Lists)
}

// Run judges rules on the worlds of seeds, each under several views. The scores
// come view by view, rule by rule, each over all seeds together. The rules share
// what they compute of a view.
func Run(cfg synth.HostileConfig, seeds []uint64, views []synth.HostileView, rules []Rule) []Score {
	perSeed := make([][]Score, len(seeds))
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(1, runtime.GOMAXPROCS(0)))
	for n, seed := range seeds {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			own := cfg
			own.Seed = seed
			w := synth.NewHostile(own)
			for _, v := range views {
				b := newBench(w, v)
				for _, r := range rules {
					s := Score{Rule: r.Name, Source: r.Source, Ours: r.Ours, Known: v.String()}
					b.judge(&s, r.run(b))
					perSeed[n] = append(perSeed[n], s)
				}
			}
		})
	}
	wg.Wait()
	out := slices.Clone(perSeed[0])
	for _, more := range perSeed[1:] {
		for i := range out {
			out[i].add(&more[i])
		}
	}
	return out
}

// add sums the counts of another world.
func (s *Score) add(o *Score) {
	s.SignIns += o.SignIns
	s.Alerts += o.Alerts
	s.False += o.False
	s.Attacks += o.Attacks
	s.Found += o.Found
	s.Shown += o.Shown
	s.FoundShown += o.FoundShown
	s.Everything += o.Everything
	s.FoundEverything += o.FoundEverything
	s.ByKind = slices.Clone(s.ByKind)
	for _, k := range o.ByKind {
		mine := s.kind(k.Kind)
		mine.Of += k.Of
		mine.Found += k.Found
	}
}

// judge adds what a rule raised on one world to its score.
func (b *bench) judge(s *Score, alerts []Alert) {
	found := make([]bool, len(b.world.Attacks))
	s.SignIns += len(b.events)
	for _, a := range alerts {
		hit := false
		for _, i := range a.Events {
			if n := b.world.Truth[i].Attack; n >= 0 {
				found[n], hit = true, true
			}
		}
		s.Alerts++
		if !hit {
			s.False++
		}
	}
	for i := range b.world.Attacks {
		a := &b.world.Attacks[i]
		add := func(of, n *int) {
			*of++
			if found[i] {
				*n++
			}
		}
		add(&s.Everything, &s.FoundEverything)
		k := s.kind(a.Kind)
		add(&k.Of, &k.Found)
		if travelAttack(a, b.view) {
			add(&s.Attacks, &s.Found)
			if a.Shown {
				add(&s.Shown, &s.FoundShown)
			}
		}
	}
}

func (s *Score) kind(name string) *KindScore {
	for i := range s.ByKind {
		if s.ByKind[i].Kind == name {
			return &s.ByKind[i]
		}
	}
	s.ByKind = append(s.ByKind, KindScore{Kind: name})
	return &s.ByKind[len(s.ByKind)-1]
}

// Rules are all rules: the published ones first, then ours.
func Rules() []Rule { return append(peers(), ours()...) }
