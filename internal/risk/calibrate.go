package risk

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
)

// Calibration turns evidence into the share of sign-ins that analysts found
// compromised at that much evidence: the isotonic regression of the answers on
// the evidence, by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and
// Silverman, Ann. Math. Statist. 26(4), 1955; for probabilities Zadrozny and
// Elkan, KDD 2002, doi 10.1145/775047.775151). It never reverses two sign-ins.
//
// It is retrospective: fitted on what became known later, about the same history.
// And it speaks about sign-ins like those that were looked into, which are a
// biased sample: analysts look at what alerts.
type Calibration struct {
	// Evidence and Share are the corners of the map, in order: the first and last
	// evidence of each pool of answers, with its share. Between two corners the share
	// is interpolated, so an answer gets the share of its own pool; beyond the ends it
	// is that of the nearest.
	Evidence, Share []float64
	// Labels, Compromised and People count what it was fitted on.
	Labels, Compromised, People int
	// Reliability compares forecast and outcome of answers that were left out of the
	// fit that forecast them, five parts, all answers about one person in one part.
	Reliability []ReliabilityBin
	// Brier and BrierRaw are the mean squared errors of those forecasts and of the
	// score without calibration, on the same answers.
	Brier, BrierRaw float64
}

// ReliabilityBin is a fifth of the answers, by forecast.
type ReliabilityBin struct {
	Labels    int     `json:"labels"`
	Forecast  float64 `json:"forecast"` // mean
	Confirmed float64 `json:"confirmed"`
}

// folds is how many parts the honest forecasts are made in, and bins the reliability table.
const folds = 5

// Calibrate fits the answers; nil with the reason when they are too few.
func Calibrate(answers []Answer, c *Config) (*Calibration, string) {
	n, bad := len(answers), 0
	people := map[string]bool{}
	for i := range answers {
		people[answers[i].Person] = true
		if answers[i].Verdict == ConfirmedCompromised {
			bad++
		}
	}
	switch each := int(c.CalibrateMinEach); {
	case n < int(c.CalibrateMinLabels):
		return nil, "fewer answers than calibrate.min-labels"
	case bad < each || n-bad < each:
		return nil, "fewer answers of one kind than calibrate.min-each"
	}
	out := &Calibration{Labels: n, Compromised: bad, People: len(people)}
	all := slices.Clone(answers)
	slices.SortFunc(all, compareAnswers)
	out.Evidence, out.Share = isotonic(all)
	out.judge(all, c)
	return out, ""
}

func compareAnswers(a, b Answer) int {
	return cmp.Or(
		cmp.Compare(a.Evidence, b.Evidence), cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Person, b.Person),
		cmp.Compare(a.Time, b.Time), cmp.Compare(a.Ref.Run, b.Ref.Run), cmp.Compare(a.Ref.Row, b.Ref.Row),
	)
}

// isotonic pools adjacent violators of answers in order of evidence.
func isotonic(sorted []Answer) (evidence, share []float64) {
	type block struct{ from, to, sum, n float64 }
	var blocks []block
	for i := 0; i < len(sorted); {
		b := block{from: sorted[i].Evidence, to: sorted[i].Evidence}
		for ; i < len(sorted) && sorted[i].Evidence == b.from; i++ {
			b.n++
			if sorted[i].Verdict == ConfirmedCompromised {
				b.sum++
			}
		}
		blocks = append(blocks, b)
		for k := len(blocks) - 1; k > 0 && blocks[k-1].sum*blocks[k].n >= blocks[k].sum*blocks[k-1].n; k-- {
			blocks[k-1].sum += blocks[k].sum
			blocks[k-1].n += blocks[k].n
			blocks[k-1].to = blocks[k].to
			blocks = blocks[:k]
		}
	}
	for _, b := range blocks {
		evidence, share = append(evidence, b.from), append(share, b.sum/b.n)
		if b.to > b.from {
			evidence, share = append(evidence, b.to), append(share, b.sum/b.n)
		}
	}
	return evidence, share
}

// Of is the calibrated share at so many bits of evidence.
func (c *Calibration) Of(evidence float64) float64 { return stepAt(c.Evidence, c.Share, evidence) }

func stepAt(x, y []float64, at float64) float64 {
	i, exact := slices.BinarySearch(x, at)
	switch {
	case exact:
		return y[i]
	case i == 0:
		return y[0]
	case i == len(x):
		return y[i-1]
	}
	return y[i-1] + (y[i]-y[i-1])*(at-x[i-1])/(x[i]-x[i-1])
}

// judge forecasts every part of the people from the others.
func (c *Calibration) judge(all []Answer, cfg *Config) {
	type forecast struct{ p, y float64 }
	var out []forecast
	for part := range uint64(folds) {
		var in []Answer
		for i := range all {
			if partOf(all[i].Person) != part {
				in = append(in, all[i])
			}
		}
		if len(in) == 0 {
			continue
		}
		x, y := isotonic(in)
		for i := range all {
			if partOf(all[i].Person) == part {
				f := forecast{p: stepAt(x, y, all[i].Evidence)}
				if all[i].Verdict == ConfirmedCompromised {
					f.y = 1
				}
				out = append(out, f)
				c.BrierRaw += math.Pow(float64(cfg.score(all[i].Evidence))-f.y, 2)
				c.Brier += (f.p - f.y) * (f.p - f.y)
			}
		}
	}
	if len(out) == 0 {
		return
	}
	c.Brier /= float64(len(out))
	c.BrierRaw /= float64(len(out))
	slices.SortFunc(out, func(a, b forecast) int { return cmp.Or(cmp.Compare(a.p, b.p), cmp.Compare(a.y, b.y)) })
	for b := range folds {
		part := out[b*len(out)/folds : (b+1)*len(out)/folds]
		if len(part) == 0 {
			continue
		}
		bin := ReliabilityBin{Labels: len(part)}
		for _, f := range part {
			bin.Forecast += f.p / float64(len(part))
			bin.Confirmed += f.y / float64(len(part))
		}
		c.Reliability = append(c.Reliability, bin)
	}
}

// partOf puts all answers about a person into one part.
func partOf(person string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(person))
	return h.Sum64() % folds
}
