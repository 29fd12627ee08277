package risk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// answersOf are n answers of which the share sigmoid(bits/2) is compromised.
func answersOf(seed uint64, n int) []Answer {
	rng := rand.New(rand.NewPCG(seed, 5))
	out := make([]Answer, n)
	for i := range out {
		bits := rng.Float64()*16 - 4
		out[i] = Answer{Person: fmt.Sprintf("p%03d", rng.IntN(60)), Ref: signin.Ref{Row: uint32(i)}, Verdict: ConfirmedSafe, Evidence: bits, Label: i} //nolint:gosec // small
		if rng.Float64() < 1/(1+math.Exp(-(bits-4))) {
			out[i].Verdict = ConfirmedCompromised
		}
	}
	return out
}

// TestCalibrate: the map never falls, follows the truth, betters the plain score on
// answers it did not see, and does not depend on the order of the answers.
func TestCalibrate(t *testing.T) {
	c := Defaults()
	answers := answersOf(1, 2000)
	got, why := Calibrate(answers, &c)
	if got == nil {
		t.Fatal(why)
	}
	if !slices.IsSorted(got.Share) || !slices.IsSorted(got.Evidence) {
		t.Errorf("not monotone: %v at %v", got.Share, got.Evidence)
	}
	for _, bits := range []float64{-2, 1, 4, 7, 10} {
		if p, want := got.Of(bits), 1/(1+math.Exp(-(bits-4))); math.Abs(p-want) > 0.12 {
			t.Errorf("%v bits: %.2f, the truth is %.2f", bits, p, want)
		}
	}
	if !(got.Brier < got.BrierRaw) || len(got.Reliability) != folds {
		t.Errorf("Brier %v, without calibration %v; %v", got.Brier, got.BrierRaw, got.Reliability)
	}
	for _, b := range got.Reliability {
		if math.Abs(b.Forecast-b.Confirmed) > 0.15 {
			t.Errorf("forecast %.2f, confirmed %.2f of %d", b.Forecast, b.Confirmed, b.Labels)
		}
	}
	shuffled := slices.Clone(answers)
	rand.New(rand.NewPCG(9, 9)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	again, _ := Calibrate(shuffled, &c)
	if diff := cmp.Diff(got, again); diff != "" {
		t.Error(diff)
	}
}

// TestPool: the textbook example of pooling, and ties.
func TestPool(t *testing.T) {
	var in []Answer
	for i, bad := range []bool{false, true, false, true, true} {
		a := Answer{Evidence: []float64{1, 2, 3, 4, 4}[i], Verdict: ConfirmedSafe}
		if bad {
			a.Verdict = ConfirmedCompromised
		}
		in = append(in, a)
	}
	x, y := isotonic(in)
	if diff := cmp.Diff([]float64{1, 2, 3, 4}, x); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{0, 0.5, 0.5, 1}, y); diff != "" {
		t.Error(diff)
	}
	// The answers at 2 and 3 were pooled: both get the share of the pool.
	for at, want := range map[float64]float64{2: 0.5, 2.5: 0.5, 3: 0.5, 3.5: 0.75} {
		if got := stepAt(x, y, at); got != want {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
	if stepAt(x, y, -9) != 0 || stepAt(x, y, 99) != 1 {
		t.Error("beyond the ends")
	}
}

// TestTooFewAnswers: nothing is fitted on too little, and it is said why.
func TestTooFewAnswers(t *testing.T) {
	c := Defaults()
	few := answersOf(2, 49)
	oneSided := answersOf(3, 100)
	for i := range oneSided {
		oneSided[i].Verdict = ConfirmedCompromised
	}
	for name, in := range map[string][]Answer{"calibrate.min-labels": few, "calibrate.min-each": oneSided} {
		if got, why := Calibrate(in, &c); got != nil || why == "" {
			t.Errorf("%s: %v %q", name, got, why)
		}
	}
}
