package analysis

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// topScores is how many of the highest scores are kept beside those of findings.
const topScores = 100

// scored is one sign-in's score with its evidence.
type scored struct {
	ref    signin.Ref
	time   signin.Time
	person string // account
	score  float32
	parts  risk.Parts
}

// compareScored orders by score, highest first; a total order, whatever worker
// found them.
func compareScored(a, b scored) int {
	return cmp.Or(
		cmp.Compare(b.score, a.score), cmp.Compare(a.time, b.time), strings.Compare(a.person, b.person),
		cmp.Compare(a.ref.Run, b.ref.Run), cmp.Compare(a.ref.Row, b.ref.Row),
	)
}

// scoreHeap has the least of the kept on top.
type scoreHeap []scored

func (h scoreHeap) Len() int           { return len(h) }
func (h scoreHeap) Less(i, j int) bool { return compareScored(h[i], h[j]) > 0 }
func (h scoreHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *scoreHeap) Push(x any)        { *h = append(*h, x.(scored)) } //nolint:forcetypeassert // heap.Interface
func (h *scoreHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// scoreKeeper keeps the scores of one worker's people that are shown: of the
// sign-ins that findings blame, and the highest.
type scoreKeeper struct {
	top     scoreHeap
	blamed  []scored
	subject map[signin.Ref]bool // of the person at hand
}

// person keeps what is wanted of a person's accounts.
func (k *scoreKeeper) person(hs personal, by []risk.Assessed, findings []risk.Finding) {
	if k.subject == nil {
		k.subject = map[signin.Ref]bool{}
	}
	clear(k.subject)
	for i := range findings {
		k.subject[findings[i].Subject] = true
	}
	for n := range hs {
		rows, a := hs[n].Rows, &by[n]
		for i := range rows {
			full := len(k.top) >= topScores
			wanted := len(k.subject) > 0 && k.subject[rows[i].Ref]
			if !wanted && full && a.Score[i] < k.top[0].score {
				continue
			}
			s := scored{rows[i].Ref, rows[i].Time, hs[n].Person(), a.Score[i], a.Parts[i]}
			if wanted {
				k.blamed = append(k.blamed, s)
			}
			switch {
			case !full:
				heap.Push(&k.top, s)
			case compareScored(s, k.top[0]) < 0:
				k.top[0] = s
				heap.Fix(&k.top, 0)
			}
		}
	}
}

// joinScores is what all workers kept, highest first, once each.
func joinScores(keepers []*scoreKeeper) []scored {
	var top, all []scored
	for _, k := range keepers {
		top = append(top, k.top...)
		all = append(all, k.blamed...)
	}
	slices.SortFunc(top, compareScored)
	all = append(all, top[:min(len(top), topScores)]...)
	slices.SortFunc(all, compareScored)
	return slices.CompactFunc(all, func(a, b scored) bool { return a.ref == b.ref })
}

// SignInScore is one sign-in's score as outputs show it.
type SignInScore struct {
	Event  string `json:"event"`
	User   string `json:"user"`
	Person string `json:"person,omitempty"`
	Time   string `json:"time"`
	// Calibrated is the share of sign-ins with as much evidence that analysts found
	// compromised; absent without enough answers. Score is not changed by it.
	Calibrated *float64 `json:"calibrated,omitempty"`
	risk.ScoreParts
}

func (r *Result) signInScores() []SignInScore {
	out := make([]SignInScore, len(r.scores))
	for i := range r.scores {
		s := &r.scores[i]
		o := &out[i]
		o.Event, o.User, o.Time = r.events.id(s.ref), risk.PersonID(s.person), s.time.String()
		o.Person = r.around.joins.name(s.person)
		o.ScoreParts = s.parts.Explain(&r.risk)
		if r.calibration != nil {
			share := r.calibration.Of(s.parts.Evidence())
			o.Calibrated = &share
		}
	}
	return out
}

// Calibrated says what the answers of analysts make of the scores.
type Calibrated struct {
	Labels      int `json:"labels"` // answers that found their sign-in, the log's own included
	Compromised int `json:"compromised"`
	People      int `json:"people"`
	// Unmatched are labels that name no sign-in of the dataset, by line.
	Unmatched []int `json:"unmatchedLines,omitempty"`
	// Unused is why no calibration was made; "" when there is one.
	Unused string `json:"unused,omitempty"`
	Note   string `json:"note,omitempty"`
	// BrierCalibrated and BrierScore are mean squared errors on answers about people
	// whose own answers were left out.
	BrierCalibrated float64               `json:"brierCalibrated,omitempty"`
	BrierScore      float64               `json:"brierScore,omitempty"`
	Reliability     []risk.ReliabilityBin `json:"reliability,omitempty"`
	Steps           []CalibrationStep     `json:"steps,omitempty"`
}

// CalibrationStep is a corner of the calibration: at so many bits of evidence this
// share was compromised; between two corners it is interpolated.
type CalibrationStep struct {
	Evidence float64 `json:"evidence"`
	Share    float64 `json:"share"`
}

// calibrationNote goes with every calibrated number.
const calibrationNote = "The answers are a biased sample: mostly of sign-ins that alerted. A calibrated share holds for sign-ins like those that were looked into, " +
	"not for all. It is fitted on what became known later; the score itself uses only what was known at the time and stays as it is."

// calibrate fits the answers that workers found.
func (r *Result) calibrate(assessors []*risk.Assessor) {
	var answers []risk.Answer
	matched := make([]bool, r.labels.Len())
	for _, a := range assessors {
		found, hit := a.Answers()
		answers = append(answers, found...)
		for i := range hit {
			matched[i] = matched[i] || hit[i]
		}
	}
	if len(answers) == 0 && len(matched) == 0 {
		return
	}
	out := &Calibrated{Labels: len(answers)}
	people := map[string]bool{}
	for i := range answers {
		people[answers[i].Person] = true
		if answers[i].Verdict == risk.ConfirmedCompromised {
			out.Compromised++
		}
	}
	out.People = len(people)
	for i, ok := range matched {
		if !ok {
			out.Unmatched = append(out.Unmatched, r.labels.Label(i).Line)
		}
	}
	slices.Sort(out.Unmatched)
	r.calibration, out.Unused = risk.Calibrate(answers, &r.risk)
	if c := r.calibration; c != nil {
		out.Note, out.Reliability, out.BrierCalibrated, out.BrierScore = calibrationNote, c.Reliability, c.Brier, c.BrierRaw
		for i := range c.Evidence {
			out.Steps = append(out.Steps, CalibrationStep{c.Evidence[i], c.Share[i]})
		}
	}
	r.calibrated = out
}

// gatherScores joins what the workers kept.
func (r *Result) gatherScores(workers []*personWorker) {
	keepers, assessors := make([]*scoreKeeper, len(workers)), make([]*risk.Assessor, len(workers))
	for i, w := range workers {
		keepers[i], assessors[i] = &w.scores, w.assessor
	}
	r.scores = joinScores(keepers)
	r.calibrate(assessors)
}
