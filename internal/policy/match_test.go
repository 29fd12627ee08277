package policy

import (
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// slowMatch is Match without remembering anything and without masks: every
// condition of every policy, asked for this row alone.
func slowMatch(ev *Evaluator, r *signin.Row) Match {
	var m Match
	if ev.Scope(r) != InScope {
		return m
	}
	for i := range ev.e.plans {
		p := &ev.e.plans[i]
		t := p.Force.At(r.Time)
		if p.State != Enabled && p.State != ReportOnly {
			t = signin.False
		}
		if p.Incomplete {
			t = t.And(signin.Unknown)
		}
		for c := range ev.e.conds {
			if cond := &ev.e.conds[c]; cond.configured(p) {
				ev.x.see(r, false)
				t = t.And(cond.test(&ev.x, p))
			}
		}
		switch t {
		case signin.True:
			m.Applies.Add(i)
		case signin.Unknown:
			m.Unknown.Add(i)
		case signin.False:
		}
	}
	return m
}

// mixed is an event that is now and then a service's, or a confidential client's, or
// leaves out the credential, the location or the device id.
func (w world) mixed() signin.Event {
	e := w.event()
	if w.chance(15) {
		e.Principal.Kind = []signin.PrincipalKind{signin.Service, signin.Machine, signin.KindUnknown}[w.IntN(3)]
		e.Stream = []signin.Stream{signin.ServicePrincipal, signin.ManagedIdentity, signin.Interactive}[w.IntN(3)]
	}
	if w.chance(15) {
		e.ClientCredential = "clientAssertion"
	}
	if w.chance(15) {
		e.ClientCredential = ""
	}
	if w.chance(15) {
		e.Geo = signin.Geo{Source: signin.GeoSource(w.IntN(3))}
	}
	if w.chance(15) {
		e.Device.ID, e.Device.Trust = "", signin.TrustUnknown
	}
	return e
}

// The masks say what the conditions say, whatever rows came before: a key that
// left out a fact some condition reads would give the answer of another row.
func TestMatchAgrees(t *testing.T) {
	for seed := range uint64(6) {
		w := newWorld(seed)
		set := w.set([]int{1, 20, 70}[seed%3])
		if seed >= 3 {
			w.date(set)
		}
		ev, sym := asked(t, set, w.directory(), Options{Tenant: "t1"})
		for range 1500 {
			e := w.mixed()
			r := signin.RowOf(&e, sym)
			if diff := cmp.Diff(slowMatch(ev, &r), ev.Match(&r)); diff != "" {
				t.Fatalf("seed %d: -conditions +masks\n%s\n%+v", seed, diff, e)
			}
			m, n := ev.MatchTold(&r)
			if m != ev.Match(&r) || n != ev.Told(&r) {
				t.Fatal("MatchTold is not Match and Told")
			}
		}
	}
}

// Match finds what it saw before on its own short way: a key written down there
// that is not the dimension's would send rows the long way.
func TestMatchIsShort(t *testing.T) {
	w := newWorld(3)
	ev, sym := asked(t, w.set(20), w.directory(), Options{Tenant: "t1"})
	var rows []signin.Row
	for range 500 {
		e := w.mixed()
		rows = append(rows, signin.RowOf(&e, sym))
		ev.Match(&rows[len(rows)-1])
	}
	q := &ev.quick
	for _, g := range []*group{q.person, q.target, q.place, q.device} {
		d := g.dim
		long := false
		g.dim = &dimension{key: func(ev *Evaluator, r *signin.Row) key {
			long = true
			return d.key(ev, r)
		}}
		for i := range rows {
			k := d.key(ev, &rows[i])
			n := g.keys.find(k)
			g.keys = newKeys() // which now knows this row's key and no other
			g.keys.put(k, max(n, 0))
			long = false
			if ev.Match(&rows[i]); long {
				t.Errorf("the group at %d went the long way for key %+v", g.at, k)
				break
			}
		}
	}
}

// Rows with one number get the same answer of every condition.
func TestTold(t *testing.T) {
	w := newWorld(5)
	set := w.set(20)
	w.date(set)
	ev, sym := asked(t, set, w.directory(), Options{Tenant: "t1"})
	type answers struct {
		m Match
		c [20][3]uint32
	}
	seen := map[int32]answers{}
	for range 20000 {
		e := w.event()
		r := signin.RowOf(&e, sym)
		a := answers{m: ev.Match(&r)}
		for i := range a.c {
			a.c[i][0], a.c[i][1], a.c[i][2] = ev.Conditions(&r, i)
		}
		n := ev.Told(&r)
		if b, ok := seen[n]; ok && a != b {
			t.Fatalf("number %d stands for two answers: %s", n, cmp.Diff(a, b))
		}
		seen[n] = a
	}
	if int(ev.told.next) > 3*len(seen) || len(seen) < 100 {
		t.Errorf("%d numbers, %d seen", ev.told.next, len(seen))
	}
	ev.SetContext(Context{})
	e := w.event()
	r := signin.RowOf(&e, sym)
	if n := ev.Told(&r); seen[n] != (answers{}) {
		t.Errorf("number %d is used again", n)
	}
}

func TestKeys(t *testing.T) {
	tab := newKeys()
	for i := range uint64(5000) {
		k := key{a: i << 32, b: i % 7, c: i % 3}
		if tab.find(k) != -1 {
			t.Fatalf("found %v before it was put", k)
		}
		tab.put(k, int32(i))
	}
	for i := range uint64(5000) {
		if n := tab.find(key{a: i << 32, b: i % 7, c: i % 3}); n != int32(i) {
			t.Fatalf("%d: %d", i, n)
		}
	}
	for i := range uint64(2 * maxKeys) { // forgets, and stays within its bound
		tab.put(key{a: i, b: 1 << 40}, 1)
		if len(tab.slots) > 2*maxKeys {
			t.Fatalf("%d slots", len(tab.slots))
		}
	}
}
