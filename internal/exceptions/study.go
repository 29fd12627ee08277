package exceptions

import (
	"cmp"
	"slices"

	"frisk/internal/directory"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// study is what the patterns share: the requests in order, and names.
type study struct {
	in       *Input
	cfg      risk.RequestConfig
	pattern  *Pattern // the one at work
	policies map[string]*Policy
	all      []Request // comparable requests, oldest first
	reviews  []Request
	now      signin.Time
	out      []Finding
	account  Account
	// What a pattern works out that totals show too, by policy key.
	tally map[string]*Totals
	keys  []string
	moves map[string][]move // by excluded group, see moves.go
	// byPerson is made at first use, see of.
	byPerson map[string][]*Request
}

func newStudy(in *Input, cfg risk.RequestConfig) *study {
	s := &study{in: in, cfg: cfg, policies: map[string]*Policy{}, tally: map[string]*Totals{}, moves: map[string][]move{}}
	for i := range in.Policies {
		p := &in.Policies[i]
		if s.policies[p.Key] == nil {
			s.policies[p.Key] = p
		}
	}
	s.prepare()
	s.now = in.Now
	if s.now == 0 {
		s.now = in.Until
		for i := range s.all {
			s.now = max(s.now, s.all[i].Created, s.all[i].Decided)
		}
	}
	for i := range s.all {
		r := &s.all[i]
		t := s.total(cmp.Or(r.Policy, r.App))
		t.Requests++
		switch {
		case r.granted():
			t.Approved++
		case r.refused():
			t.Denied++
		case r.state == pending || r.state == "":
			t.Open++
		}
	}
	for i := range in.Policies {
		s.total(in.Policies[i].Key)
	}
	return s
}

// total is the line of a policy, made at first sight.
func (s *study) total(key string) *Totals {
	t := s.tally[key]
	if t == nil {
		t = noTotals(key, s.policyName(key))
		s.tally[key] = t
		s.keys = append(s.keys, key)
	}
	return t
}

func (s *study) person(id string) string {
	if s.in.Same != nil && id != "" {
		return cmp.Or(s.in.Same(id), id)
	}
	return id
}

func named(of func(string) string, id string) string {
	if of == nil || id == "" {
		return id
	}
	return cmp.Or(of(id), id)
}

func (s *study) personName(id string) string { return named(s.in.PersonName, id) }
func (s *study) groupName(id string) string  { return named(s.in.GroupName, id) }

func (s *study) policyName(key string) string {
	if p := s.policies[key]; p != nil && p.Name != "" {
		return p.Name
	}
	return named(s.in.PolicyName, key)
}

// about is what a request is about, for a sentence.
func (s *study) about(r *Request) string {
	if r.Policy != "" {
		return s.policyName(r.Policy)
	}
	return r.App
}

// raise keeps a finding of the pattern at work.
func (s *study) raise(f Finding) {
	f.Detector = s.pattern.Name
	if f.P == 0 && f.Q == 0 {
		f.Score = 1
	} else {
		f.Score = 1 - f.Q
	}
	s.out = append(s.out, f)
}

// tested is a finding that waits for its family's false-discovery control.
type tested struct {
	p float64
	f func(q float64) Finding
}

// control raises the tests of a family that hold against chance; size counts all
// tests made, also those without a candidate.
func (s *study) control(ts []tested, size int) {
	ps := make([]float64, len(ts))
	for i := range ts {
		ps[i] = ts[i].p
	}
	s.account.Tests = append(s.account.Tests, Family{Pattern: s.pattern.Name, Tests: size})
	fam := &s.account.Tests[len(s.account.Tests)-1]
	qs := adjust(ps, size)
	order := make([]int, len(ts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	for _, i := range order { // the clearest first
		q := qs[i]
		if q > s.cfg.FalseDiscovery {
			fam.Chance++
			continue
		}
		f := ts[i].f(q)
		f.P, f.Q = ts[i].p, q
		s.raise(f)
	}
}

// chains are the requests of each person about each target, oldest first, in
// order of first request.
func (s *study) chains() [][]*Request {
	type key struct{ person, target string }
	at := map[key]int{}
	var out [][]*Request
	for i := range s.all {
		r := &s.all[i]
		k := key{r.Person, r.target()}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], r)
	}
	return out
}

// byTarget are the requests about each target, in order of the target.
func (s *study) byTarget() [][]*Request {
	at := map[string][]*Request{}
	var keys []string
	for i := range s.all {
		r := &s.all[i]
		k := r.target()
		if at[k] == nil {
			keys = append(keys, k)
		}
		at[k] = append(at[k], r)
	}
	slices.Sort(keys)
	out := make([][]*Request, len(keys))
	for i, k := range keys {
		out[i] = at[k]
	}
	return out
}

// edits are the changes of a policy, oldest first; those within a day are one.
func (s *study) edits(policy string) []directory.PolicyEdit {
	var out []directory.PolicyEdit
	for _, e := range s.in.Edits {
		if e.ID != policy || e.Kind != "policy" {
			continue
		}
		if n := len(out); n > 0 && e.At-out[n-1].At < signin.Day {
			continue
		}
		out = append(out, e)
	}
	return out
}
