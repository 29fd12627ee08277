package analysis

import (
	"fmt"

	"frisk/internal/policy"
)

// WhatIfSet is the answer of one policy set.
type WhatIfSet struct {
	Name string `json:"name"`
	*policy.WhatIfAnswer
}

// WhatIf answers a Graph conditionalAccess/evaluate request for the current
// policies and each candidate. Nothing is known about the session; with
// missingIsNone a condition that was not given counts as none, as Graph has it.
func WhatIf(cfg *Config, request []byte, missingIsNone bool) ([]WhatIfSet, error) {
	q, err := policy.ParseWhatIf(request)
	if err != nil {
		return nil, err
	}
	s, err := loadSurroundings(cfg)
	if err != nil {
		return nil, err
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
