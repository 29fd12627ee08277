// Package analysis is the pipeline: it turns a configuration and a dataset into
// findings, replayed figures and a report. It is the only package that knows
// all the others, opens the files a configuration names, and starts goroutines
// over shards. It prints nothing: commands show what it returns.
//
// The same configuration and dataset give the same result whatever the number
// of threads: people are independent of each other, and everything that crosses
// people is merged in a way that does not depend on order.
package analysis

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"time"

	"frisk/internal/dataset"
)

// Errors a command has advice for.
var (
	// ErrNoDataset is a data folder that holds no dataset yet.
	ErrNoDataset = dataset.ErrNoDataset
	// ErrNoPolicies is a replay without a current policy set.
	ErrNoPolicies = errors.New("no current policies are configured")
	// ErrNoLogs is an ingest that names nothing to read.
	ErrNoLogs = errors.New("no logs are named")
	// ErrNotFound is an event id that the dataset does not have.
	ErrNotFound = errors.New("no such sign-in in the dataset")
)

// Options are the settings of one run that come from flags. The zero value
// works.
type Options struct {
	// Data overrides the configuration's dataset folder; "" keeps it.
	Data string
	// Threads is how many cores to use; 0 = all.
	Threads int
	// MemoryMB bounds DuckDB, and the program itself where the command sets it so;
	// 0 = 1024.
	MemoryMB int
	// Decisions writes what every set decides on every sign-in beside the dataset,
	// as the view decisions.
	Decisions bool
	// SkipDamaged reads a damaged dataset without its damaged runs, warning about
	// each, instead of refusing it.
	SkipDamaged bool
	// Progress hears about long stages; nil is silent.
	Progress Progress
	// Warn hears one line per thing the user should know; nil is silent.
	Warn func(string)
	// Tool is the program's version, kept in the dataset's manifest.
	Tool string
	// At and Wait are those of IngestOptions and ExportOptions where these do not
	// give their own.
	At   string
	Wait func(context.Context, time.Duration) error
}

// Progress is told what the pipeline is doing. Methods are called from one
// goroutine at a time.
type Progress interface {
	// Stage begins a stage; total is its size, 0 or less when not known, in bytes
	// or in sign-ins.
	Stage(name string, total int64, bytes bool)
	Add(n int64)
	Done()
}

type silent struct{}

func (silent) Stage(string, int64, bool) {}
func (silent) Add(int64)                 {}
func (silent) Done()                     {}

func (o *Options) progress() Progress {
	if o.Progress == nil {
		return silent{}
	}
	return o.Progress
}

func (o *Options) warn(text string) {
	if o.Warn != nil {
		o.Warn(text)
	}
}

func (o *Options) threads() int {
	if o.Threads > 0 {
		return o.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// MemoryLimitMB is MemoryMB, or 1024 where it is not set.
func (o *Options) MemoryLimitMB() int {
	if o.MemoryMB > 0 {
		return o.MemoryMB
	}
	return 1024
}

// DefaultData is the dataset folder when neither flag nor configuration names one.
const DefaultData = "frisk-data"

// data is the dataset folder: flag, then configuration, then default.
func (c *Config) data(opt *Options) string {
	switch {
	case opt.Data != "":
		return opt.Data
	case c.Data != "":
		return c.path(c.Data)
	}
	return c.path(DefaultData)
}

// closeAll closes cs in reverse order and joins their errors with err.
func closeAll(err error, cs ...io.Closer) error {
	for _, c := range slices.Backward(cs) {
		err = errors.Join(err, c.Close())
	}
	return err
}
