package analysis

import (
	"fmt"
	"slices"

	"frisk/internal/policy"
)

// WhatIfSet is the answer of one policy set.
type WhatIfSet struct {
	Name string `json:"name"`
	*policy.WhatIfAnswer
}

// WhatIf answers a Graph conditionalAccess/evaluate request for the current
// policies and each candidate; without current policies, for the candidates alone.
// Nothing is known about the session; with missingIsNone a condition that was not
// given counts as none, as Graph has it.
func WhatIf(cfg *Config, request []byte, missingIsNone bool) ([]WhatIfSet, error) {
	q, err := policy.ParseWhatIf(request)
	if err != nil {
		return nil, err
	}
	now := *cfg // what-if asks about the policies as they are, not as they were
	now.Policies.AsPresent = true
	s, err := loadSurroundings(&now)
	if err != nil {
		return nil, err
	}
	if len(s.engines) == 0 {
		if err := s.loadCandidates(&now); err != nil {
			return nil, err
		}
	}
	if len(s.engines) == 0 {
		return nil, fmt.Errorf("what-if: %w", ErrNoPolicies)
	}
	var out []WhatIfSet
	for _, e := range s.engines {
		state := policy.State{First: policy.AnyAge, Second: policy.AnyAge, PRT: policy.AnyAge}
		a, err := policy.WhatIf(e, q, &state, policy.WhatIfOptions{MissingIsNone: missingIsNone})
		if err != nil {
			return nil, err
		}
		out = append(out, WhatIfSet{e.Set().Name, a})
	}
	return out, nil
}

// loadCandidates makes engines for the candidates where no current policies are
// configured. A candidate that goes on top of those has nothing to go on.
func (s *surroundings) loadCandidates(cfg *Config) error {
	candidates := cfg.setSources()[1:]
	for i := range candidates {
		if candidates[i].onTop {
			return fmt.Errorf("candidate %q goes on top of the current policies: %w", candidates[i].name, ErrNoPolicies)
		}
	}
	return s.loadSets(cfg, candidates)
}

// WhatIfWarnings are the warnings of every answer, each once, in order: they are
// about the question, and most are the same for every set.
func WhatIfWarnings(answers []WhatIfSet) []string {
	var out []string
	for _, a := range answers {
		for _, w := range a.Frisk.Warnings {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}
