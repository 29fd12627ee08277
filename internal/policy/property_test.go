package policy

import (
	"slices"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// asked is one engine with an evaluator, for a property.
func asked(t testing.TB, s *Set, d *directory.Directory, o Options) (*Evaluator, *signin.Symbols) {
	t.Helper()
	e, err := NewEngine(s, d, o)
	if err != nil {
		t.Fatal(err)
	}
	sym := signin.NewSymbols()
	return e.Evaluator(sym), sym
}

func decide(ev *Evaluator, sym *signin.Symbols, e *signin.Event, s *State) Decision {
	r := signin.RowOf(e, sym)
	return ev.Decide(&r, ev.Match(&r), s)
}

const worlds = 300

// Adding a block, or taking an exclusion away, never lets anyone through.
func TestStricterNeverFrees(t *testing.T) {
	for seed := range uint64(worlds) {
		w := newWorld(seed)
		set, dir := w.set(6), w.directory()
		more := *set
		block := w.policy(99)
		block.State, block.Grant = Enabled, &Grant{Or: true, Controls: ControlBlock}
		more.Policies = append(slices.Clone(set.Policies), block)
		open := *set
		open.Policies = slices.Clone(set.Policies)
		wider := *open.Policies[0]
		switch w.IntN(4) {
		case 0:
			wider.Users.ExcludeUsers, wider.Users.ExcludeGroups, wider.Users.ExcludeRoles = nil, nil, nil
		case 1:
			wider.Apps.Exclude = nil
		case 2:
			if wider.Locations != nil {
				wider.Locations = &Choice{wider.Locations.Include, nil}
			}
		case 3:
			if wider.Platforms != nil {
				wider.Platforms = &Choice{wider.Platforms.Include, nil}
			}
		}
		open.Policies[0] = &wider
		base, sym := asked(t, set, dir, Options{})
		withBlock, symBlock := asked(t, &more, dir, Options{})
		without, symOpen := asked(t, &open, dir, Options{})
		for range 40 {
			e, s := w.event(), w.state()
			a := decide(base, sym, &e, &s)
			for name, b := range map[string]Decision{"block added": decide(withBlock, symBlock, &e, &s), "exclusion removed": decide(without, symOpen, &e, &s)} {
				if b.Best < a.Best || b.Worst < a.Worst {
					t.Fatalf("seed %d: %s: %v to %v became %v to %v", seed, name, a.Best, a.Worst, b.Best, b.Worst)
				}
			}
		}
	}
}

// Report-only and disabled policies, and the order of policies, change no verdict.
func TestReportOnlyAndOrderChangeNothing(t *testing.T) {
	for seed := range uint64(worlds) {
		w := newWorld(seed)
		set, dir := w.set(6), w.directory()
		shuffled := *set
		shuffled.Policies = slices.Clone(set.Policies)
		extra := w.policy(99)
		extra.State = []Enforcement{ReportOnly, Disabled, StateOther}[w.IntN(3)]
		shuffled.Policies = append(shuffled.Policies, extra)
		w.Shuffle(len(shuffled.Policies), func(i, j int) {
			shuffled.Policies[i], shuffled.Policies[j] = shuffled.Policies[j], shuffled.Policies[i]
		})
		a, symA := asked(t, set, dir, Options{})
		b, symB := asked(t, &shuffled, dir, Options{})
		for range 40 {
			e, s := w.event(), w.state()
			x, y := decide(a, symA, &e, &s), decide(b, symB, &e, &s)
			if x.Best != y.Best || x.Worst != y.Worst || x.Unmet != y.Unmet || x.MaybeUnmet != y.MaybeUnmet ||
				x.Frequency != y.Frequency || x.NotPersistent != y.NotPersistent {
				t.Fatalf("seed %d: %+v became %+v", seed, x, y)
			}
		}
	}
}

// forget takes facts away from an event. Facts that only make sense together
// go together.
var forget = []func(*signin.Event){
	func(e *signin.Event) { e.Client = "" },
	func(e *signin.Event) { e.Risk.Level = "" },
	func(e *signin.Event) { e.Risk.Level = "hidden" },
	func(e *signin.Event) { e.Source.IP, e.Geo.Country = signin.Source{}.IP, "" },
	func(e *signin.Event) { e.Transfer = "" },
	func(e *signin.Event) { e.Protocol, e.Transfer = "", "" },
	func(e *signin.Event) { e.Resource.ID = "" },
	func(e *signin.Event) { e.Device = signin.Device{} },
	func(e *signin.Event) { e.Device = signin.Device{OS: e.Device.OS, Browser: e.Device.Browser} },
	func(e *signin.Event) { e.Geo = signin.Geo{} },
	func(e *signin.Event) { e.HomeTenant, e.ResourceTenant, e.CrossTenantAccess = "", "", "" },
	func(e *signin.Event) { e.Principal.Kind = signin.KindUnknown },
	func(e *signin.Event) { e.Principal.ID, e.Principal.Name = signin.NamePrefix+"x", "x" },
}

// More knowledge refines: what is True or False of a policy when facts are
// missing stays so when they are known.
func TestKnowledgeRefines(t *testing.T) {
	for seed := range uint64(worlds) {
		w := newWorld(seed)
		set, dir := w.set(8), w.directory()
		full, symFull := asked(t, set, dir, Options{})
		blind, symBlind := asked(t, set, nil, Options{})
		less := *set
		less.Locations, less.LocationsKnown = nil, false
		lost, symLost := asked(t, &less, dir, Options{})
		known, symKnown := asked(t, set, dir, Options{})
		for range 40 {
			e := w.event()
			r := signin.RowOf(&e, symFull)
			want := full.Match(&r)
			check := func(what string, ev *Evaluator, sym *signin.Symbols, e signin.Event) {
				r := signin.RowOf(&e, sym)
				got := ev.Match(&r)
				for i := range set.Policies {
					sureYes, sureNo := got.Applies.Has(i), !got.Applies.Has(i) && !got.Unknown.Has(i)
					if sureYes && !want.Applies.Has(i) || sureNo && (want.Applies.Has(i) || want.Unknown.Has(i)) {
						s := State{}
						t.Fatalf("seed %d, %s: policy %d was said for certain and is otherwise:\n%s\n%s", seed, what, i,
							because(&ev.Explain(&r, &s).Policies[i]), because(&full.Explain(refRow(&e, symFull), &s).Policies[i]))
					}
				}
			}
			check("no directory", blind, symBlind, e)
			check("no locations", lost, symLost, e)
			for i, f := range forget {
				less := e
				f(&less)
				check("forget "+string(rune('a'+i)), known, symKnown, less)
			}
		}
	}
}

func refRow(e *signin.Event, sym *signin.Symbols) *signin.Row {
	r := signin.RowOf(e, sym)
	return &r
}

// The masks say what each condition says when asked directly, the explanation
// says what the masks say, and every verdict has a reason.
func TestMasksExplainAndReasonsAgree(t *testing.T) {
	for seed := range uint64(worlds) {
		w := newWorld(seed)
		set, dir := w.set(8), w.directory()
		ev, sym := asked(t, set, dir, Options{})
		for range 30 {
			e, s := w.event(), w.state()
			forget[w.IntN(len(forget))](&e)
			r := signin.RowOf(&e, sym)
			m := ev.Match(&r)
			d := ev.Decide(&r, m, &s)
			x := ev.Explain(&r, &s)
			if d != x.Decision {
				t.Fatalf("seed %d: decided %+v, explained %+v", seed, d, x.Decision)
			}
			if len(x.Reasons) == 0 || d.Worst > Allow && len(x.Reasons[0]) == 0 {
				t.Fatalf("seed %d: %s has no reason", seed, x.Verdict)
			}
			if d.Best > d.Worst || d.MaybeUnmet&^d.Unmet != 0 || d.Worst == Allow && d.Unmet != 0 {
				t.Fatalf("seed %d: inconsistent %+v", seed, d)
			}
			for i := range x.Policies {
				naive := signin.True
				for _, c := range x.Policies[i].Conditions {
					naive = naive.And(map[string]signin.Truth{"true": signin.True, "false": signin.False, "unknown": signin.Unknown}[c.Is])
					if c.Why == "" {
						t.Fatalf("seed %d: condition %s of policy %d is %s for no reason", seed, c.Name, i, c.Is)
					}
				}
				live := set.Policies[i].State == Enabled || set.Policies[i].State == ReportOnly
				if live && (m.Applies.Has(i) != (naive == signin.True) || m.Unknown.Has(i) != (naive == signin.Unknown)) {
					t.Fatalf("seed %d: policy %d: masks and conditions differ: %s", seed, i, because(&x.Policies[i]))
				}
				if yes, no, maybe := ev.Conditions(&r, i); live && m.Applies.Has(i) && (no != 0 || maybe != 0 || yes == 0) {
					t.Fatalf("seed %d: policy %d applies with masks %d/%d/%d", seed, i, yes, no, maybe)
				}
				if live && ev.Expected(&r, i, m, &s) == 0 {
					t.Fatalf("seed %d: policy %d: no recorded result would agree", seed, i)
				}
			}
		}
	}
}
