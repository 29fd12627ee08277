// Package synth writes a made-up tenant with ground truth: the sign-in logs,
// policies, directory, activity log, exception requests and network lists of an
// invented machine-learning organisation, for the demo, tests and benchmarks.
//
// It is an independent writer: what the recorded rows say about Conditional
// Access comes from a small simulation of exactly these policies (rules.go,
// access.go), written by hand and sharing no code with the policy engine, so
// that comparing replay with record compares two implementations. Besides the
// standard library the package knows only signin.
//
// Everything is a function of Config: the same configuration gives the same
// bytes. Names, people and companies are invented; domains are example.com and
// its siblings; addresses come from blocks reserved for documentation (RFC 5737,
// RFC 3849) and benchmarking (RFC 2544), autonomous system numbers from the
// private range (RFC 6996). Cities and their coordinates are real, because
// distance is part of what is tested. Application ids are Microsoft's public
// ones, because policies name them.
package synth

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"frisk/internal/signin"
)

// Config says which tenant to make. The zero value of a field means its default.
type Config struct {
	// Seed selects one of the possible tenants; 0 is a seed like any other.
	Seed uint64
	// People is the number of human accounts; default 300, least 40.
	People int
	// Start is the first day, taken at 00:00 UTC; default 2026-05-04, a Monday.
	Start time.Time
	// Days is the length of the history; default 30.
	Days int
	// Dated lays changes into the history: two policies are edited and people change
	// production teams, which the directory audit log tells, and the results in the
	// log follow what was in force at the time. It adds a policy about user risk and
	// the history of risky users.
	Dated bool
	// Perturb makes files beside the log wrong, on purpose.
	Perturb Perturb
}

// The defaults, and the least number of people that fills every group.
const (
	DefaultPeople = 300
	DefaultDays   = 30
	minPeople     = 40
)

// DefaultStart is a Monday.
var DefaultStart = time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)

func (c Config) withDefaults() Config {
	if c.People == 0 {
		c.People = DefaultPeople
	}
	c.People = max(c.People, minPeople)
	if c.Days <= 0 {
		c.Days = DefaultDays
	}
	if c.Start.IsZero() {
		c.Start = DefaultStart
	}
	c.Start = c.Start.UTC().Truncate(24 * time.Hour)
	return c
}

// Tenant is a generated organisation. It holds people, devices and plans, not
// the history: Records makes that as it goes. A Tenant is for one goroutine.
type Tenant struct {
	cfg       Config
	start     signin.Time
	world     world // as it was; see Config.Perturb for what the files say
	people    []*person
	robots    []robot
	incidents []Incident
	requests  []request
}

// Generate makes the tenant of a configuration. The history itself is not made
// until Records is ranged over.
func Generate(cfg Config) *Tenant {
	cfg = cfg.withDefaults()
	t := &Tenant{cfg: cfg, start: signin.FromTime(cfg.Start)}
	t.populate()
	t.planTrips()
	t.planIncidents()
	t.planPrivacy()
	t.planRequests()
	t.planDates()
	t.planDetours()
	t.planPerturb()
	t.openSessions()
	t.robots = makeRobots(cfg.Seed)
	return t
}

// Records yields the whole history in time order (time, then id). The record
// is valid until the next one. Memory is bounded by about two days of records.
// Records may be ranged over once: it advances the people's sessions.
func (t *Tenant) Records() iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		var held []Record
		for day := range t.cfg.Days + 1 {
			held = t.simulateDay(day, held)
			// A person's simulated day runs from 04:00 to 04:00 local time, so the
			// next one starts at the earliest at 04:00 in the zone furthest east.
			safe := t.start + signin.Time(day+1)*signin.Day - 10*signin.Hour
			if day == t.cfg.Days {
				safe = t.start + signin.Time(t.cfg.Days)*signin.Day
			}
			sortRecords(held)
			n, _ := slices.BinarySearchFunc(held, safe, func(r Record, at signin.Time) int {
				return cmp.Or(cmp.Compare(r.Time, at), 1)
			})
			for i := range held[:n] {
				r := &held[i]
				if r.Time < t.start {
					continue
				}
				if !yield(r) {
					return
				}
			}
			held = append(held[:0], held[n:]...)
		}
	}
}

func compareRecords(a, b Record) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), slices.Compare(a.ID[:], b.ID[:]))
}

func sortRecords(rs []Record) { slices.SortFunc(rs, compareRecords) }
