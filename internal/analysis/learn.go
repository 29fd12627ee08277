package analysis

import (
	"fmt"

	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/signin"
)

// learn gives the engines what the log itself proved, unless the configuration
// says not to. The engine without it is kept for the comparison with the log,
// which would otherwise agree with facts taken from its own answers.
func (s *surroundings) learn(cfg *Config, l *replay.Learned) error {
	if l.Empty() || len(s.engines) == 0 || cfg.Policies.Learn != nil && !*cfg.Policies.Learn {
		return nil
	}
	s.plain = s.engines[0]
	dir, _ := l.Apply(s.dir, nil)
	engines := make([]*policy.Engine, len(s.engines))
	for i, e := range s.engines {
		opt := e.Options()
		_, opt.Bundles = l.Apply(nil, opt.Bundles)
		var err error
		if engines[i], err = policy.NewEngine(e.Set(), dir, opt); err != nil {
			return fmt.Errorf("policy set %q: %w", e.Set().Name, err)
		}
	}
	s.engines = engines
	return nil
}

// rememberMFA is the tenant's setting, 0 = off or not said.
func (s *surroundings) rememberMFA() signin.Time {
	if len(s.engines) == 0 {
		return 0
	}
	return s.engines[0].Options().RememberMFA
}
