package workaround

import (
	"math"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Evidence is one thing that speaks for an attacker (Bits above 0) or for an
// employee (below 0): log2 odds, added up. The weights are knobs (workaround.bits-*),
// stated, not learned: no labelled pivots are public.
type Evidence struct {
	Name string  // snake_case
	Text string  // in words
	Bits float64 //
}

// Reading is both ways to see a case.
type Reading struct {
	// Attacker is the weight of the attacker's reading, 0 to 1; the employee's is
	// the rest. It is a probability only as far as the stated weights are right.
	Attacker float64
	Evidence []Evidence
}

// add counts one more piece of evidence.
func (r *Reading) add(e Evidence) {
	r.Evidence = append(r.Evidence, e)
	odds := math.Log2(r.Attacker/(1-r.Attacker)) + e.Bits
	r.Attacker = 1 / (1 + math.Exp2(-odds))
}

// attackLike is from which weight a case is left out of patterns.
const attackLike = 0.5

// foreign reports that the stop came from a device and a network that the person
// was never seen on: it may be somebody else's attempt.
func (p *person) foreign(s *stop) bool {
	r := &p.rows[s.row]
	h := &p.past
	if managed(r) || known(h, h.networks, r.ASN, s.at) != signin.False || r.ASN == 0 {
		return false
	}
	if d := r.C[signin.DimDevice]; d != 0 {
		return known(h, h.devices, d, s.at) == signin.False
	}
	return known(h, h.systems, [2]signin.Code{r.C[signin.DimOS], r.C[signin.DimBrowser]}, s.at) == signin.False
}

// read weighs the success in row i after stop s, by what was known at a time; i
// below 0 weighs the stop alone, for a way beside the rows. Texts are made only
// when wanted.
func (p *person) read(s *stop, i int, at signin.Time, texts bool) Reading {
	cfg := &p.w.env.Config
	var out Reading
	sum := cfg.WorkaroundPrior
	add := func(name, text string, bits float64) {
		if bits == 0 {
			return
		}
		sum += bits
		if texts {
			out.Evidence = append(out.Evidence, Evidence{name, text, bits})
		}
	}
	row := i
	if row < 0 {
		row = s.row
	}
	r, was, h := &p.rows[row], &p.rows[s.row], &p.past
	os := [2]signin.Code{r.C[signin.DimOS], r.C[signin.DimBrowser]}
	switch d := r.C[signin.DimDevice]; {
	case managed(r):
		add("device", "managed or compliant device", -cfg.WorkaroundBitsDevice)
	case d != 0 && known(h, h.devices, d, at) == signin.True:
		add("device", "device the person used before", -cfg.WorkaroundBitsDevice)
	case d != 0 && known(h, h.devices, d, at) == signin.False:
		add("device", "device never seen with this person", cfg.WorkaroundBitsDevice/2)
	case d == 0 && os[0] != 0 && known(h, h.systems, os, at) == signin.True:
		add("device", "no device id, but a system and browser the person used before", -cfg.WorkaroundBitsSystem)
	case d == 0 && os[0] != 0 && known(h, h.systems, os, at) == signin.False:
		add("device", "no device id, and a system or browser never seen with this person", 2*cfg.WorkaroundBitsSystem)
	}
	if r.ASN != 0 {
		switch known(h, h.networks, r.ASN, at) {
		case signin.True:
			add("network", "network the person used before", -cfg.WorkaroundBitsNetwork)
		case signin.False:
			add("network", "network never seen with this person", cfg.WorkaroundBitsNetwork)
		}
	}
	if i >= 0 && !s.foreign && !s.attack {
		same := r.C[signin.DimDevice] != 0 && r.C[signin.DimDevice] == was.C[signin.DimDevice] ||
			r.C[signin.DimIP] != 0 && r.C[signin.DimIP] == was.C[signin.DimIP]
		if same {
			add("beside", "same device or address as the refused attempt, which was the person's own", -cfg.WorkaroundBitsBeside)
		}
	}
	if p.attack(row) || s.attack {
		add("detectors", "a detector took the sign-in, or the refused attempt, for an attack", cfg.WorkaroundBitsAttack)
	}
	switch s.requested {
	case signin.True:
		add("request", "an exception from the policy was requested around the time", -cfg.WorkaroundBitsRequest)
	case signin.False:
		add("request", "no exception from the policy was requested", cfg.WorkaroundBitsNoRequest)
	}
	out.Attacker = 1 / (1 + math.Exp2(-sum))
	return out
}

// The span around a stop in which a request belongs to it: people ask before they
// try, and give up asking after a week. Ours, after the 7 days of slow routes.
const (
	requestBefore = 14 * signin.Day
	requestAfter  = 7 * signin.Day
)

func (p *person) requested(s *stop) signin.Truth {
	ask := p.w.env.Requested
	if ask == nil {
		return signin.Unknown
	}
	if p.in.Accounts == nil {
		return ask(risk.PersonID(p.key), s.policies, s.at-requestBefore, s.at+requestAfter)
	}
	out := signin.Unknown
	for _, a := range p.in.Accounts {
		switch ask(risk.PersonID(a), s.policies, s.at-requestBefore, s.at+requestAfter) {
		case signin.True:
			return signin.True
		case signin.False:
			out = signin.False
		}
	}
	return out
}
