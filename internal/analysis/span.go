package analysis

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"frisk/internal/signin"
)

// Span is a half-open stretch of event time: Since belongs to it, Until does
// not. A zero end is open. Times are UTC.
type Span struct {
	Since, Until time.Time
}

// Has reports whether t lies in the span.
func (s Span) Has(t signin.Time) bool {
	return (s.Since.IsZero() || t >= signin.FromTime(s.Since)) && (s.Until.IsZero() || t < signin.FromTime(s.Until))
}

// Open reports whether every time lies in the span.
func (s Span) Open() bool { return s.Since.IsZero() && s.Until.IsZero() }

// ParseSpan reads the values of --since and --until, "" for an open end. now is
// what a duration counts back from; event time itself has no present.
func ParseSpan(since, until string, now time.Time) (Span, error) {
	var s Span
	var err error
	if s.Since, err = parseMoment(since, now); err != nil {
		return s, fmt.Errorf("--since: %w", err)
	}
	if s.Until, err = parseMoment(until, now); err != nil {
		return s, fmt.Errorf("--until: %w", err)
	}
	if !s.Since.IsZero() && !s.Until.IsZero() && !s.Since.Before(s.Until) {
		return s, fmt.Errorf("--since %s is not before --until %s", s.Since.Format(time.RFC3339), s.Until.Format(time.RFC3339))
	}
	return s, nil
}

// longDuration is a duration in the units that time.ParseDuration lacks.
var longDuration = regexp.MustCompile(`^([0-9]{1,5})([dw])$`)

func parseMoment(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	if m := longDuration.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1]) // at most five digits
		if m[2] == "w" {
			n *= 7
		}
		return now.UTC().Add(-time.Duration(n) * 24 * time.Hour), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.UTC().Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("cannot read %q: want a time (2026-05-04T08:00:00Z), a date (2026-05-04, its first moment in UTC) or a time back from now (30d, 2w, 12h)", text)
}
