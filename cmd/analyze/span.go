package main

import (
	"context"
	"time"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

// spanFlags are --since and --until, alike on every command that has them.
type spanFlags struct{ since, until string }

func (s *spanFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.since, "since", "", "leave out sign-ins before this: a time, a date (its first moment, UTC), or a time back from now (30d, 12h)")
	f.StringVar(&s.until, "until", "", "leave out sign-ins from this on, as --since")
}

// span counts durations back from the wall clock: what is asked for by "30d" are
// the last thirty days, whatever a log holds.
func (s *spanFlags) span() (analysis.Span, error) {
	span, err := analysis.ParseSpan(s.since, s.until, time.Now())
	if err != nil {
		return span, usageError{err}
	}
	return span, nil
}

// wait pauses, or ends early with the context's error.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
