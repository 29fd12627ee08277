package risk

import (
	"math"

	"frisk/internal/rarity"
)

// Parts is the evidence behind one row's score, kept for every row of the person
// at hand.
type Parts struct {
	// Families holds the strongest evidence of each family, in bits.
	Families [numFamilies]float32
	// Ratios are p(x) / p(x | person) by chain and level, 0 where the log names no value.
	Ratios  [numChains]rarity.Ratios
	rare    [numChains]float32 // bits of each chain
	by      [numFamilies]uint8 // detector the family's evidence is of, plus one; 0 = the family itself
	looked  bool               // the statistic was asked
	history uint8              // bit by chain: the person had a past in it
}

// Contribution is one piece of evidence of a score.
type Contribution struct {
	// Name is a feature (country, asn, network, address, device_type, os, browser,
	// user_agent), a detector, or a family.
	Name string  `json:"name"`
	Bits float64 `json:"bits"` // log2 of how much likelier it makes a hostile sign-in
	// Counted: part of the sum. What is not only says the same as something stronger.
	Counted bool   `json:"counted"`
	Note    string `json:"note,omitempty"`
}

// ScoreParts explains a score: prior and counted contributions sum up, within the
// cap, to Bits, whose probability is the score.
type ScoreParts struct {
	Prior    float64 `json:"prior"`    // bits
	Evidence float64 `json:"evidence"` // bits, before the cap
	Cap      float64 `json:"cap"`      // bits, either way
	Bits     float64 `json:"bits"`     // prior and evidence within the cap
	Score    float64 `json:"score"`    // 0 to 1
	// History is "none" for somebody's first sign-in, which has no habit to compare
	// with, "some" afterwards, "" for rows nobody sat in front of.
	History       string         `json:"history,omitempty"`
	Contributions []Contribution `json:"contributions"`
	// Unknown are the features the log does not name, which count nothing.
	Unknown []string `json:"unknown,omitempty"`
}

// Explain says what a score was made of, under c.
func (p *Parts) Explain(c *Config) ScoreParts {
	out := ScoreParts{
		Prior: c.PriorBits, Cap: c.MaxBits, Evidence: tenth(p.evidence()), Contributions: []Contribution{},
		Score: float64(c.score(p.evidence())),
	}
	out.Bits = tenth(c.PriorBits + max(-c.MaxBits, min(c.MaxBits, p.evidence())))
	if p.looked {
		out.History = "none"
		if p.history != 0 {
			out.History = "some"
		}
	}
	for ch := range numChains {
		p.chain(&out, ch)
	}
	for f := range numFamilies {
		if f == FamilyCredential || f == FamilyProvider {
			p.family(&out, f, true, "")
		}
	}
	return out
}

// chain adds a chain's levels and the families that tell the same story.
func (p *Parts) chain(out *ScoreParts, ch Chain) {
	said := p.said(ch)
	rare := float64(p.rare[ch])
	detectors := said != 0 && heard(said, rare) == said
	note := ""
	if detectors {
		note = "what was found says more"
	}
	raw := 0.0
	for l, name := range levelNames[ch] {
		switch r := p.Ratios[ch][l]; {
		case r != 0:
			bits := math.Log2(float64(r))
			raw += bits
			if p.history&(1<<ch) != 0 {
				out.Contributions = append(out.Contributions, Contribution{name, tenth(bits), !detectors, note})
			}
		case p.looked:
			out.Unknown = append(out.Unknown, name)
		}
	}
	if p.history&(1<<ch) != 0 && tenth(rare-raw) != 0 {
		out.Contributions = append(out.Contributions, Contribution{
			[...]string{"place_floor", "client_floor"}[ch], tenth(rare - raw), !detectors, "an attacker may look like the person (rarity.mimic)",
		})
	}
	if ch == ChainPlace {
		p.family(out, FamilySource, detectors, "the rarity of the place says more")
	}
	p.family(out, chainFamilies[ch], detectors, "the rarity of the "+[...]string{"place", "client"}[ch]+" says more")
}

// said is what detectors and the device hold against a row in a chain's story.
func (p *Parts) said(ch Chain) float64 {
	bits := p.Families[chainFamilies[ch]]
	if ch == ChainPlace {
		bits += p.Families[FamilySource]
	}
	return float64(bits)
}

func (p *Parts) family(out *ScoreParts, f Family, counted bool, note string) {
	if p.Families[f] == 0 {
		return
	}
	name := f.String()
	if n := int(p.by[f]); n > 0 && n <= len(detectors) {
		name = detectors[n-1].Name
	}
	if f == FamilyDevice && p.by[f] == 0 {
		name = [...]string{"own-device", "new-device"}[btoi(p.Families[f] > 0)]
	}
	if counted {
		note = ""
	}
	out.Contributions = append(out.Contributions, Contribution{name, tenth(float64(p.Families[f])), counted, note})
}

// tenth rounds to a tenth of a bit, which is more than any of them knows.
func tenth(v float64) float64 { return math.Round(v*10)/10 + 0 }
