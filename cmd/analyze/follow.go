package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

// followFlags are those of ingest --follow.
type followFlags struct {
	on               bool
	interval, settle time.Duration
}

func (f *followFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.on, "follow", false, "keep reading what is added, until an interrupt (Ctrl-C) or SIGTERM")
	fl.DurationVar(&f.interval, "interval", analysis.DefaultInterval, "with --follow: how often to look")
	fl.DurationVar(&f.settle, "settle", 0, "with --follow: how long a compressed file, a page of JSON or a last line without an end must not change before it is read (default: the interval)")
}

// follow runs until the context ends, which is success.
func (a *app) follow(ctx context.Context, cfg *analysis.Config, paths []string, in analysis.IngestOptions, f *followFlags) error {
	if f.interval <= 0 || f.settle < 0 {
		return usageError{errors.New("--interval and --settle must be positive")}
	}
	// The first interrupt ends the run in order; a second one kills it, which the
	// dataset survives.
	release := context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt, syscall.SIGTERM) })
	defer release()
	opt := a.options()
	opt.Progress = nil // nobody watches a bar for days
	var failed error
	err := analysis.Follow(ctx, cfg, opt, paths, in, analysis.FollowOptions{
		Interval: f.interval, Settle: f.settle, Now: time.Now, Wait: wait,
		Round: func(res *analysis.IngestResult) {
			if a.json {
				failed = errors.Join(failed, a.printJSON(res))
				return
			}
			a.printIngestTotal(res)
		},
	})
	if err == nil && failed == nil && !a.json {
		fmt.Fprintln(a.stdout, "stopped; everything read is committed")
	}
	return errors.Join(err, failed)
}
