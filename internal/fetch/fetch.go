// Package fetch downloads from Microsoft Graph what frisk reads: sign-in logs,
// Conditional Access policies, and the directory around them. It writes pages as
// Graph sent them, so that ingest, the policy loader and the directory loader
// read them like any other export.
//
// A fetch may be killed at any moment and goes on where it stopped: see journal
// and state. It never deletes what an earlier fetch brought, except the slices it
// replaces with newer versions of themselves.
//
// The package reads no environment, prints nothing and has no clock of its own:
// all three come in with Options. Rules and limits of Graph are those of
// learn.microsoft.com/graph; each constant names its page.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Clock tells the time and waits. Sleep returns early, with the context's
// error, when the context ends.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// Progress is told how far a part is. Stage starts one; a total of -1 is unknown.
type Progress interface {
	Stage(name string, total int64, bytes bool)
	Add(n int64)
	Done()
}

// Options say what to fetch, from where and into which folder.
type Options struct {
	Out   string   // folder, made when missing
	Parts []Part   // from Select
	Base  *url.URL // scheme and host of Graph, see Cloud and BaseURL
	Token TokenSource
	Clock Clock
	// Tenant is the tenant asked for, "" when the credential decides. A folder
	// holds one tenant only.
	Tenant string

	// Since and Until bound the logs, Until not included. Zero means 30 days ago,
	// as far back as Entra keeps sign-ins, and now.
	Since, Until time.Time
	// Slice is how much time one query covers, at least a minute. 0 means 6 hours.
	Slice time.Duration
	// Late is how long rows may still arrive after the fact: a slice fetched
	// sooner is fetched again by the next run. 0 means 3 hours; negative means none.
	Late time.Duration

	AllGroups bool // every group, not only those that policies name
	// SecurityAttributes asks for custom security attributes of service principals.
	SecurityAttributes bool
	Force              bool // fetch again what is there

	// Patience is how long one request may wait for retries in all. 0 means 30 minutes.
	Patience time.Duration
	// Timeout bounds one try of one request. 0 means 5 minutes.
	Timeout time.Duration
	// Wait is how long to wait for another fetch in the folder to end. 0 means not
	// at all: ErrLocked.
	Wait time.Duration
	// MaxPages bounds one collection. 0 means 100000.
	MaxPages int
	Seed     uint64 // of the jitter between retries

	Transport http.RoundTripper // nil means a transport of its own with the usual proxies
	UserAgent string
	Progress  Progress     // may be nil
	Say       func(string) // told about waits and oddities; may be nil
}

// Defaults of Options.
const (
	// DefaultSince is Entra's retention of sign-in and audit logs with P1 or P2:
	// entra/identity/monitoring-health/reference-reports-data-retention.
	DefaultSince    = 30 * 24 * time.Hour
	DefaultSlice    = 6 * time.Hour
	DefaultLate     = 3 * time.Hour
	DefaultPatience = 30 * time.Minute
	DefaultTimeout  = 5 * time.Minute
	DefaultMaxPages = 100_000
)

// staleSnapshot is how old an unfinished run may be for its snapshots to be
// continued. An older one would mix two states of the tenant.
const staleSnapshot = 6 * time.Hour

func (o *Options) defaults() error {
	switch {
	case o.Out == "":
		return errors.New("no output folder")
	case o.Base == nil || o.Token == nil || o.Clock == nil:
		return errors.New("fetch: Options lack Base, Token or Clock")
	case len(o.Parts) == 0:
		return errors.New("nothing selected to fetch")
	case o.Slice < 0 || o.Slice > 0 && o.Slice < time.Minute:
		return fmt.Errorf("slice of %s: want at least a minute", o.Slice)
	}
	set := func(d *time.Duration, def time.Duration) {
		if *d == 0 {
			*d = def
		}
	}
	set(&o.Slice, DefaultSlice)
	set(&o.Late, DefaultLate)
	set(&o.Patience, DefaultPatience)
	set(&o.Timeout, DefaultTimeout)
	o.Late = max(o.Late, 0)
	if o.MaxPages == 0 {
		o.MaxPages = DefaultMaxPages
	}
	now := o.Clock.Now().UTC()
	if o.Until.IsZero() || o.Until.After(now) {
		o.Until = now
	}
	if o.Since.IsZero() {
		o.Since = now.Add(-DefaultSince).Truncate(o.Slice)
	}
	o.Since, o.Until = o.Since.UTC().Truncate(time.Second), o.Until.UTC().Truncate(time.Second)
	if !o.Since.Before(o.Until) {
		return fmt.Errorf("nothing between since %s and until %s", o.Since.Format(time.RFC3339), o.Until.Format(time.RFC3339))
	}
	return nil
}
