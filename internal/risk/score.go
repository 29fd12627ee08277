package risk

import "math"

// Family groups evidence that tells the same story. Within a family only the
// strongest piece counts, so that a new country and the impossible trip to it
// are not counted twice; families add up.
type Family uint8

// The families.
const (
	FamilyPlace      Family = iota // where: travel, new country
	FamilySource                   // the address: anonymiser, attacked us before
	FamilyCredential               // how the factors were won: brute force, prompt bombing, legacy protocol
	FamilyProvider                 // the provider's own verdict
	FamilyDevice                   // own, new
	numFamilies
)

// Probability turns log2 odds into a probability.
func Probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }

// Bits turns a probability in (0, 1) into log2 odds; it is the inverse of Probability.
func Bits(p float64) float64 { return math.Log2(p / (1 - p)) }

// familyNames are the families as outputs name them.
var familyNames = [numFamilies]string{"place", "source", "credential", "provider", "device"}

func (f Family) String() string { return familyNames[f] }

// heard is what a family of detectors and the statistic about the same story come
// to together. What a detector found replaces the statistic and never adds to
// it: the strongest of both counts against a sign-in, and familiar values do not
// excuse what was found. A device of the person's own, a key and no habit, goes
// before unusual values.
func heard(said, rare float64) float64 {
	switch {
	case said > 0:
		return max(said, rare)
	case said < 0:
		return min(said, rare)
	}
	return rare
}

// evidence is the sum of a row's evidence in bits, not capped: where it came from
// (place and source), with what (device), and the families without a statistic.
func (p *Parts) evidence() float64 {
	f := &p.Families
	return heard(float64(f[FamilyPlace]+f[FamilySource]), float64(p.rare[ChainPlace])) +
		heard(float64(f[FamilyDevice]), float64(p.rare[ChainAgent])) +
		float64(f[FamilyCredential]) + float64(f[FamilyProvider])
}

// Evidence is the sum of the row's evidence in bits, before prior and cap.
func (p *Parts) Evidence() float64 { return p.evidence() }

// score is the probability-like score of a row from its evidence: the prior plus
// the sum, capped, through the logistic function. It orders sign-ins well and is
// not calibrated to any one organisation.
func (c *Config) score(evidence float64) float32 {
	return float32(Probability(c.PriorBits + max(-c.MaxBits, min(c.MaxBits, evidence))))
}
