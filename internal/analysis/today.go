package analysis

import (
	"fmt"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// todayName is the set of the present policies where they changed within the
// history; no candidate may have it.
const todayName = "today"

// addToday adds, behind the candidates, the current policies as they are at the
// end, when they changed within the history. Candidates are compared with
// them: compared with what was in force at the time they would be credited with
// edits that were made long ago.
func (s *surroundings) addToday(from, until signin.Time) error {
	if len(s.engines) < 2 || s.versionsWithin(from, until) == 0 {
		return nil
	}
	now := s.engines[0]
	set := *now.Set().Present()
	set.Name = todayName
	e, err := policy.NewEngine(&set, s.dir, now.Options())
	if err != nil {
		return fmt.Errorf("policy set %q: %w", todayName, err)
	}
	s.baseline = len(s.engines)
	s.engines, s.stands = append(s.engines, e), append(s.stands, nil)
	return nil
}

// versionsWithin counts the current policies that began, ended or changed, or
// may have, within a span of time.
func (s *surroundings) versionsWithin(from, until signin.Time) int {
	within := func(t signin.Time) bool { return t > from && t <= until }
	ids := map[string]bool{}
	for _, p := range s.engines[0].Set().Policies {
		f := p.Force
		if f != nil && (within(f.MaybeFrom) || within(f.From) || within(f.Until) || within(f.MaybeUntil)) {
			ids[strings.ToLower(p.ID)] = true
		}
	}
	return len(ids)
}

// reportSets are the engines in the order of the report: today's policies, or
// current, then the candidates.
func (s *surroundings) reportSets() []int {
	out := make([]int, 0, len(s.engines))
	for n := range s.engines {
		switch {
		case n == s.baseline && n > 0:
		case n == 0:
			out = append(out, s.baseline)
		default:
			out = append(out, n)
		}
	}
	return out
}
