package rba

import (
	"io"
	"math"
	"slices"
)

// notebookRows is how many rows of the file the authors' notebook reads, and the
// logins it scores, counted over the successful complete ones.
const (
	notebookRows  = 1_000_000
	notebookFirst = 50_000
	notebookSize  = 50
)

// notebookScores are the values that the notebook asserts (das-group/rba-algorithm,
// commit 28fec467, MIT): the scores of logins 50,000 to 50,049 of the published
// file, those of users with an earlier login.
var notebookScores = []float64{
	0.001735608896331267, 0.0003131930911696338, 0.00038481209981864445, 0.00023380343388881817, 0.0062984271682455266,
	0.024024171011906934, 0.36241860205465537, 0.0003489615152250577, 0.00048701529441907065, 1.2462230273339967,
	0.00025999322274249494, 0.00021976714969851479, 0.47014766381586093, 0.0009798412309385818, 0.0841229474444737,
	0.4421278704947991, 0.01472119251257646, 0.03366013914910071, 0.000483684972634349, 0.0002568913432172573,
	0.0045807146185027755, 1.176522284255606e-05, 0.0006543352945740962, 0.0009051562075623795,
}

// Notebook computes the scores that the authors' notebook asserts from the
// beginning of the published file, and says how many agree to a part in a million.
// computed is empty for a file too short.
func Notebook(r io.Reader) (computed []float64, agree int, err error) {
	type kept struct {
		stamp string
		user  uint64
		at    [2]uint32
	}
	m, all := newModel(), []kept(nil)
	rows := 0
	for l, err := range Read(r) {
		if err != nil {
			return nil, 0, err
		}
		if rows++; rows > notebookRows {
			break
		}
		if !l.Success || !l.complete {
			continue
		}
		k := kept{stamp: string([]byte(l.Stamp)), user: hash(l.User)}
		k.at[0], _ = m.point(0, l.IP, l.ASN, l.Country)
		k.at[1], _ = m.point(1, l.Agent, l.Browser, l.OS, l.Device)
		all = append(all, k)
	}
	if len(all) < notebookFirst+notebookSize {
		return nil, 0, nil
	}
	slices.SortStableFunc(all, func(a, b kept) int {
		if a.stamp < b.stamp {
			return -1
		}
		return btoi(a.stamp > b.stamp)
	})
	ahead := *m
	for l := range ahead.counts {
		ahead.counts[l] = slices.Clone(m.counts[l])
	}
	for i := range all {
		ahead.learn(all[i].at)
	}
	m.ahead = &ahead
	users := map[uint64]past{}
	for i := range all[:notebookFirst+notebookSize] {
		k := &all[i]
		if u := users[k.user]; i >= notebookFirst && len(u) > 0 {
			computed = append(computed, m.score(u, k.at, len(users)))
		}
		m.learn(k.at)
		users[k.user] = append(users[k.user], visit{at: k.at})
	}
	for i := range min(len(computed), len(notebookScores)) {
		if math.Abs(computed[i]/notebookScores[i]-1) < 1e-6 {
			agree++
		}
	}
	return computed, agree, nil
}

// NotebookScores is how many scores the notebook asserts.
func NotebookScores() int { return len(notebookScores) }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
