package replay

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// person makes a random history: a few devices and apps, every stream, proof
// that follows no policy in particular.
func randomPerson(rng *rand.Rand, sym *signin.Symbols, id string, n int) ([]signin.Row, risk.Assessed) {
	s := &story{sym: sym}
	at := signin.Time(rng.IntN(100)) * hour
	for i := range n {
		at += []signin.Time{min1, 20 * min1, hour, 3 * hour, 13 * hour, 60 * hour}[rng.IntN(6)]
		mods := []mod{app(fmt.Sprint("app", rng.IntN(3))), func(e *signin.Event) {
			e.Principal.ID = id
			e.ID = fmt.Sprint(id, i)
			if d := rng.IntN(4); d > 0 {
				e.Device.ID = fmt.Sprint(id, "-dev", d)
				e.Device.Trust = [4]signin.Trust{signin.TrustUnknown, signin.TrustNone, signin.AzureAD, signin.Workplace}[d]
			}
			if n := rng.IntN(6); n > 0 {
				e.Session = fmt.Sprint(id, e.Device.ID, n, i/20)
			}
		}}
		for _, m := range [][]mod{
			{claim, both, password, func(*signin.Event) {}},
			{quiet, quiet, func(*signin.Event) {}},
			{native, func(*signin.Event) {}},
			{label, func(*signin.Event) {}, func(*signin.Event) {}},
		} {
			mods = append(mods, m[rng.IntN(len(m))])
		}
		switch rng.IntN(12) {
		case 0:
			mods = append(mods, failed("70043", signin.Challenge, signin.SignInFrequency), quiet)
		case 1:
			mods = append(mods, failed("53003", signin.Failure, signin.PolicyBlock))
		case 2:
			mods = append(mods, corr(fmt.Sprint("c", rng.IntN(3))))
		case 3:
			mods = append(mods, func(e *signin.Event) { e.IncomingToken = "primaryRefreshToken" })
		case 4:
			mods = append(mods, func(e *signin.Event) { e.Protocol = "deviceCode" })
		}
		s.at(at, mods...)
		if rng.IntN(20) == 0 {
			s.attack[i], s.score[i] = true, rng.Float32()
		}
	}
	return s.rows, risk.Assessed{Score: s.score, Attack: s.attack}
}

// The same policies as a candidate change nothing, whatever the log says.
func TestCandidateEqualToCurrentChangesNothing(t *testing.T) {
	sets := [][]string{
		{policyJSON("mfa", mfa, every(4))},
		{policyJSON("mfa", mfa), policyJSON("sif", every(1), apps("app1")), policyJSON("no", block, apps("app2"))},
		{policyJSON("et", mfa, everyTime, apps("app0"))},
		{policyJSON("np", mfa, never90)},
		{policyJSON("ap", mfa, always90), policyJSON("strong", phishing, apps("app1"))},
	}
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		set := sets[seed%uint64(len(sets))]
		cfg := Config{Engines: engines(t, set, set)}
		sym := signin.NewSymbols()
		w := New(cfg, sym)
		rows, a := randomPerson(rng, sym, "u", 80)
		w.Person(History{"entra", "t", "u", rows}, a)
		tl := w.Tally()
		if len(tl.Changes) > 0 {
			t.Fatalf("seed %d: %+v", seed, tl.Changes)
		}
		for _, pc := range tl.People {
			if diff := cmp.Diff(pc.Sets[0], pc.Sets[1]); diff != "" {
				t.Fatalf("seed %d: %s", seed, diff)
			}
		}
		for i := range tl.Policies[0] {
			now, then := tl.Policies[0][i], tl.Policies[1][i]
			now.Recorded, then.Set = nil, 0
			if diff := cmp.Diff(now, then); diff != "" {
				t.Fatalf("seed %d policy %d: %s", seed, i, diff)
			}
		}
	}
}

// settled makes every row but each session's start carry a claim.
func settled(sym *signin.Symbols, rows []signin.Row) {
	for i := range rows {
		rows[i].E[signin.EnumMFA] = uint8(signin.MFAByClaim)
		rows[i].C[signin.DimFactors] = sym[signin.DimFactors].Code("[]")
	}
}

// raw replays one person and returns the totals before bounds are put in order.
func raw(cfg Config, sym *signin.Symbols, rows []signin.Row, a risk.Assessed) []Outcome {
	w := New(cfg, sym)
	w.Person(History{"entra", "t", "u", rows}, a)
	out := make([]Outcome, len(cfg.Engines))
	copy(out, w.cells.table[0].Sets)
	return out
}

// A looser frequency never asks more often than a stricter one, in either
// world, and the low world never asks more often than the high one. With a
// second factor in the policy this holds where nobody starts a new session in
// between: a step-up there renews the second factor only, and whether the first
// is too old at that moment too depends on the phase of the clocks.
func TestLooserNeverAsksMore(t *testing.T) {
	hours := []int{1, 4, 8, 12, 24, 72}
	for _, grant := range []string{mfa, `{}`} {
		for _, now := range []string{`{}`, every(4), every(24)} {
			looser(t, hours, grant, now)
		}
	}
}

func looser(t *testing.T, hours []int, grant, now string) {
	var sets [][]string
	sets = append(sets, []string{policyJSON("base", mfa, now)})
	for _, h := range hours {
		sets = append(sets, []string{policyJSON("sif", grant, every(h))})
	}
	sets = append(sets, []string{policyJSON("sif", grant)})
	cfg := Config{Engines: engines(t, sets...)}
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 2))
		sym := signin.NewSymbols()
		rows, a := randomPerson(rng, sym, "u", 100)
		if grant == mfa {
			settled(sym, rows)
		}
		out := raw(cfg, sym, rows, a)
		for i := range out {
			p := out[i].Prompts
			if p.Low > p.High {
				t.Fatalf("seed %d set %d: low above high %+v", seed, i, p)
			}
			if i < 2 {
				continue
			}
			if q := out[i-1].Prompts; p.Low > q.Low || p.High > q.High {
				t.Fatalf("seed %d grant %s: set %d asks %+v, stricter set %d %+v", seed, grant, i, p, i-1, q)
			}
		}
	}
}

// crowd is people in groups and workspaces.
func crowd(t testing.TB, n int) (Config, *signin.Symbols, []History, []risk.Assessed) {
	dir := directory.New()
	dir.AddGroup(directory.Group{ID: "g1", Complete: true})
	dir.AddGroup(directory.Group{ID: "g2"})
	dir.Workspaces = []directory.Workspace{{Name: "prod"}, {Name: "dev"}}
	sym := signin.NewSymbols()
	var hs []History
	var as []risk.Assessed
	for i := range n {
		id := fmt.Sprintf("user%03d", i)
		if i%3 == 0 {
			dir.AddMember("g1", id, 0, t0+50*hour)
		}
		if i%4 == 0 {
			dir.AddMember("g2", id, 0, 0)
		}
		rows, a := randomPerson(rand.New(rand.NewPCG(uint64(i), 3)), sym, id, 40)
		hs, as = append(hs, History{"entra", "t", id, rows}), append(as, a)
	}
	dir.Seal()
	var engines []*policy.Engine
	for _, p := range [][]string{{policyJSON("mfa", mfa, every(8))}, {policyJSON("mfa", mfa, every(2)), policyJSON("no", block, apps("app2")), policyJSON("strong", phishing, apps("app1")), reportOnly("would", mfa)}} {
		engines = append(engines, engine(t, "set", p...))
	}
	third := []directory.Share{{Workspace: 0, Weight: 1.0 / 3, Tier: directory.TierCandidate}, {Workspace: 1, Weight: 2.0 / 3, Tier: directory.TierCandidate}}
	other := []directory.Share{{Workspace: directory.OtherWork, Weight: 1}}
	unknown := []directory.Share{{Workspace: directory.UnknownWorkspace, Weight: 1}}
	return Config{
		Engines: engines, Directory: dir, Groups: []string{"g1", "g2"},
		Attribute: func(r *signin.Row, s *signin.Symbols) []directory.Share {
			switch s.Text(r, signin.DimApp) {
			case "app0":
				return third
			case "app1":
				return unknown
			}
			return other
		},
	}, sym, hs, as
}

func encode(t *testing.T, tl *Tally) string {
	t.Helper()
	b, err := json.MarshalIndent(tl, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Any split over workers, any order of people and any order of merging give
// the same bytes, and the bytes read back as the same value.
func TestMergeIsAssociativeAndCommutative(t *testing.T) {
	cfg, sym, hs, as := crowd(t, 30)
	whole := New(cfg, sym)
	for i := range hs {
		whole.Person(hs[i], as[i])
	}
	want := encode(t, whole.Tally())
	for _, parts := range []int{2, 3, 7} {
		rng := rand.New(rand.NewPCG(uint64(parts), 4))
		ws := make([]*Worker, parts)
		for i := range ws {
			ws[i] = New(cfg, sym)
		}
		for _, i := range rng.Perm(len(hs)) {
			ws[rng.IntN(parts)].Person(hs[i], as[i])
		}
		var left Tally
		for _, i := range rng.Perm(parts) {
			left.Merge(ws[i].Tally())
		}
		if diff := cmp.Diff(want, encode(t, &left)); diff != "" {
			t.Errorf("%d parts: %s", parts, diff)
		}
		// The other grouping: pairs first.
		var right Tally
		for i := 0; i < parts; i += 2 {
			var pair Tally
			pair.Merge(ws[i].Tally())
			if i+1 < parts {
				pair.Merge(ws[i+1].Tally())
			}
			right.Merge(&pair)
		}
		if diff := cmp.Diff(want, encode(t, &right)); diff != "" {
			t.Errorf("%d parts in pairs: %s", parts, diff)
		}
	}
	var back Tally
	if err := json.Unmarshal([]byte(want), &back); err != nil {
		t.Fatal(err)
	}
	if got := encode(t, &back); got != want {
		t.Error(cmp.Diff(want, got))
	}
}

// Totals count a person once, groups count members, workspaces by share.
func TestCells(t *testing.T) {
	cfg, sym, hs, as := crowd(t, 12)
	w := New(cfg, sym)
	for i := range hs {
		w.Person(hs[i], as[i])
	}
	tl := w.Tally()
	byPerson := map[string]float64{}
	split := map[string]float64{}
	for _, p := range tl.People {
		switch {
		case p.Cell == Cell{}:
			byPerson[p.Person] += p.Recorded.SignIns
		case p.Cell.Group == "":
			split[p.Person] += p.Recorded.SignIns
		}
	}
	if len(byPerson) != 12 {
		t.Errorf("%d people, want 12", len(byPerson))
	}
	for p, n := range byPerson {
		if d := n - split[p]; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: workspaces add up to %v, total %v", p, split[p], n)
		}
	}
	// g2's membership is not complete: whoever is not listed is unknown.
	if diff := cmp.Diff([]int64{0, 9}, tl.UnknownMembers); diff != "" {
		t.Error(diff)
	}
}

// Membership is that of the time of the sign-in.
func TestDatedMembership(t *testing.T) {
	dir := directory.New()
	dir.AddGroup(directory.Group{ID: "g", Complete: true})
	dir.AddMember("g", "u1", t0+2*hour, t0+4*hour)
	dir.Seal()
	s := newStory()
	for i := range signin.Time(6) {
		s.at(i * hour)
	}
	tl := s.run(Config{Directory: dir, Groups: []string{"g"}})
	for _, p := range tl.People {
		if p.Cell.Group == "g" && p.Recorded.SignIns != 2 {
			t.Errorf("%+v: %v sign-ins, want 2", p.Cell, p.Recorded.SignIns)
		}
	}
	if len(tl.People) != 2 {
		t.Errorf("%d cells, want everybody and g", len(tl.People))
	}
}
