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

// score is the probability-like score of a row from the evidence in its
// families: the prior plus their sum, capped, through the logistic function.
// It orders sign-ins well and is not calibrated to any one organisation.
func (c *Config) score(families *[numFamilies]float64) float32 {
	sum := 0.0
	for _, b := range families {
		sum += b
	}
	return float32(Probability(c.PriorBits + max(-c.MaxBits, min(c.MaxBits, sum))))
}
