package main

import (
	"fmt"
	"strings"

	"frisk/internal/risk"
)

// score says what the score was made of, in bits: prior, what counts, what only
// repeats something stronger, and what the log does not name.
func (s *screen) score(p *risk.ScoreParts) {
	counted := []string{fmt.Sprintf("%.1f bits: prior %.1f", p.Bits, p.Prior)}
	var beside []string
	for _, c := range p.Contributions {
		text := fmt.Sprintf("%s %+.1f", strings.ReplaceAll(c.Name, "_", " "), c.Bits)
		switch {
		case c.Bits == 0:
		case c.Counted:
			counted = append(counted, text)
		default:
			beside = append(beside, text)
		}
	}
	text := strings.Join(counted, ", ")
	if p.Evidence > p.Cap || p.Evidence < -p.Cap {
		text += fmt.Sprintf(", capped at %.1f", p.Cap)
	}
	if len(beside) > 0 {
		text += "; said already: " + strings.Join(beside, ", ")
	}
	if p.History == "none" {
		text += "; no day before to compare with"
	}
	if len(p.Unknown) > 0 {
		text += "; the log names no " + strings.ReplaceAll(strings.Join(p.Unknown, ", "), "_", " ")
	}
	s.fact("score", text)
}
