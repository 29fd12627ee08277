package rba

import (
	"math"
	"testing"
)

// naive is the formula again, written after the authors' notebook and without
// any of model.go: filters over lists, as they do it.
func naive(history, user []Login, at *Login, users int) float64 {
	text := func(l *Login, level int) string {
		return []string{l.IP, l.ASN, l.Country, l.Agent, l.Browser, l.OS, l.Device}[level]
	}
	filter := func(of []Login, level int) (out []Login) {
		for i := range of {
			if text(&of[i], level) == text(at, level) {
				out = append(out, of[i])
			}
		}
		return out
	}
	unseen := func(of []Login, level int) float64 {
		end, n := 2, 1.0
		if level > 2 {
			end = 6
		}
		for l := level + 1; l <= end; l++ {
			kinds := map[string]bool{}
			for i := range of {
				kinds[text(&of[i], l)] = true
			}
			n += float64(len(kinds))
		}
		return n
	}
	likelihood := func(of []Login, level int, smooth bool) float64 {
		c, n, m := float64(len(filter(of, level))), float64(len(of)), 0.0
		if smooth {
			m = unseen(of, level)
		}
		switch {
		case c > 0:
			return c / n * (1 - m/(n+m))
		case smooth:
			return 1 / (n + m)
		}
		return 0
	}
	score := 1.0
	for _, levels := range [][]int{{0, 1, 2}, {3, 4, 5, 6}} {
		global, local := 0.0, 0.0
		for i, l := range levels {
			global += weights[l] * likelihood(filter(history, l), l, i == 0) * likelihood(history, l, i == 0)
			local += weights[l] * likelihood(filter(user, l), l, false) * likelihood(user, l, false)
		}
		if local == 0 {
			local = global / 4
		}
		score *= global / local
	}
	return score * (1 / float64(users)) / (float64(len(user)) / float64(len(history)))
}

// TestFormula: the model agrees with the formula written a second time, login by login.
func TestFormula(t *testing.T) {
	m := newModel()
	var history []Login
	of, pasts := map[string][]Login{}, map[string]past{}
	compared := 0
	for l, err := range Read(made(t, 3, 60)) {
		if err != nil {
			t.Fatal(err)
		}
		if !l.Success || !l.complete || l.User == UnknownUser {
			continue
		}
		var at [2]uint32
		at[0], _ = m.point(0, l.IP, l.ASN, l.Country)
		at[1], _ = m.point(1, l.Agent, l.Browser, l.OS, l.Device)
		if u := pasts[l.User]; len(u) > 0 {
			got, want := m.score(u, at, len(pasts)), naive(history, of[l.User], l, len(pasts))
			if math.Abs(got/want-1) > 1e-9 {
				t.Fatalf("login %d of %s: %v, want %v", len(u)+1, l.User, got, want)
			}
			compared++
		}
		m.learn(at)
		pasts[l.User] = append(pasts[l.User], visit{at: at})
		one := *l
		history, of[l.User] = append(history, one), append(of[l.User], one)
	}
	if compared < 500 {
		t.Errorf("only %d logins compared", compared)
	}
}

// TestFormulaByHand: two earlier logins of two users, worked out on paper.
func TestFormulaByHand(t *testing.T) {
	m := newModel()
	a := [2]uint32{}
	a[0], _ = m.point(0, "192.0.2.1", "64496", "NO")
	a[1], _ = m.point(1, "agent", "browser", "os", "desktop")
	m.learn(a)
	m.learn(a)
	u := past{{at: a}}
	// Everybody: the address is seen twice, M = 3 and m = 3: 0.6 · 2/5 · 2/5 + 0.3 + 0.1.
	// The client has M = m = 4: 0.53867 · 2/6 · 2/6 + the rest. The user: 1 each.
	// Times (1/2) / (1/2).
	rest := weights[levelBrowser] + weights[levelOS] + weights[levelDevice]
	want := (0.6*4/25 + 0.4) * (weights[levelAgent]*4/36 + rest)
	if got := m.score(u, a, 2); math.Abs(got-want) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
	// Nothing of it was ever seen of the user: p(x)/4, 4 times per feature.
	b := [2]uint32{}
	b[0], _ = m.point(0, "198.51.100.1", "64497", "SE")
	b[1], _ = m.point(1, "other", "other", "other", "mobile")
	if got := m.score(u, b, 2); math.Abs(got-16) > 1e-9 {
		t.Errorf("a stranger scores %v, want 16", got)
	}
	if got := m.score(nil, a, 2); got != 0 {
		t.Errorf("a first login scores %v", got)
	}
}
