package risk

import (
	"frisk/internal/rarity"
	"frisk/internal/signin"
)

var _ = registerSurvey("crowd", rarityNeed(), func(c *Config) Survey { return newCrowd(c) })

// crowd is how usual each place and each client is among everybody: visits (days
// with a sign-in let in) of everybody, decayed, as of the day before. What was
// stopped does not count: an attacker who tries often must not become a usual sight. Memory is bounded by distinct addresses and clients per day.
type crowd struct {
	of    [numChains]*rarity.Crowd
	sym   *signin.Symbols
	memos memos
	last  [numChains]struct {
		day  int32
		leaf rarity.Node
	}
}

func newCrowd(c *Config) *crowd {
	w := &crowd{}
	for i := range numChains {
		w.of[i] = rarity.NewCrowd(c.RarityHalfLife)
		w.memos.paths[i] = w.of[i].Tree
	}
	return w
}

// Use forgets the codes of the table before.
func (w *crowd) Use(sym *signin.Symbols) {
	w.sym = sym
	w.memos.reset()
}

// Observe counts a visit, once while account, day and value stay the same.
func (w *crowd) Observe(s *Sighting) {
	if s.Refused || s.Row.Outcome() != signin.Success {
		return
	}
	d := day(s.Row.Time)
	for c := range numChains {
		m := w.memos.memo(c, s.Row, w.sym)
		l := &w.last[c]
		if l.leaf == m.leaf && l.day == d && !s.First {
			continue
		}
		l.day, l.leaf = d, m.leaf
		w.of[c].Visit(&m.path, d)
	}
}

// Merge adds what another worker's crowd saw.
func (w *crowd) Merge(other Survey) {
	o := other.(*crowd) //nolint:forcetypeassert // of the same kind by contract
	for i := range numChains {
		w.of[i].Merge(o.of[i])
	}
}

// Seal ends the filling.
func (w *crowd) Seal() {
	for _, c := range w.of {
		c.Seal()
	}
	w.memos, w.sym = memos{}, nil
}
