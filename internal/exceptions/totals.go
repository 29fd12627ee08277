package exceptions

import (
	"cmp"
	"slices"
	"strings"
)

// Totals is what requests, and the audit log, say of one policy. -1 in an int:
// not known.
type Totals struct {
	Key  string // policy id, else its name; the folded text of the requests where no policy is meant
	Name string
	// Requests about it and the People they are for. Repeats came within RepeatDays
	// of the end of the same person's one before, renewals among them.
	Requests, People, Groups int
	Repeats                  int
	RepeatShare              float64
	Approved, Denied, Open   int
	// BlockDriven are requests soon after a block by the policy, of BlockAsked within
	// the span of the log; -1: the log does not tell of blocks.
	BlockDriven, BlockAsked int
	BlockDrivenShare        float64
	MedianHours             float64 // from the block to the request
	// Members of its exclusion groups at the end and at the start of the log.
	Members, MembersBefore int
	// NetGrowth is how many more people the audit log has joining them than leaving.
	NetGrowth   int
	NetPerMonth float64
	GrowthKnown bool
	Orphans     int // joined without an approved request
	Permanent   int // exceptions that outlived their end, or have none
	Dead        int // excluded people the policy would not have caught
}

func noTotals(key, name string) *Totals {
	return &Totals{Key: key, Name: name, BlockDriven: -1, Members: -1, MembersBefore: -1, Orphans: -1, Dead: -1}
}

// totals finishes the lines, by key.
func (s *study) totals() []Totals {
	seen := map[[2]string]bool{}
	for i := range s.all {
		r := &s.all[i]
		k := cmp.Or(r.Policy, r.App)
		if !seen[[2]string{k, r.Person}] {
			seen[[2]string{k, r.Person}] = true
			s.tally[k].People++
		}
	}
	var out []Totals
	for _, k := range s.keys {
		t := s.tally[k]
		if p := s.policies[k]; p != nil {
			t.Groups = len(p.Groups)
		}
		if t.Requests > 0 {
			t.RepeatShare = float64(t.Repeats) / float64(t.Requests)
		}
		if t.BlockAsked > 0 {
			t.BlockDrivenShare = float64(t.BlockDriven) / float64(t.BlockAsked)
		}
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Totals) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// Totals lists what is known per policy, by key: every policy of the input, and
// every other text or application that requests are about. The slice is the caller's.
func (r *Report) Totals() []Totals { return slices.Clone(r.totals) }

// Of is the line of the policy known by one of the keys (id or name, any case);
// one that says nothing is known when there is none.
func (r *Report) Of(keys ...string) Totals {
	for _, k := range keys {
		for i := range r.totals {
			if k != "" && (strings.EqualFold(r.totals[i].Key, k) || strings.EqualFold(r.totals[i].Name, k)) {
				return r.totals[i]
			}
		}
	}
	return *noTotals("", "")
}
