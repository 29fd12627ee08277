package synth

import (
	"iter"
	"slices"
	"strconv"
	"time"

	"frisk/internal/signin"
)

// WaysConfig says which world of workarounds to make: people at work, policies
// that stop them, and what they do then. It is a world of its own, apart from the
// sample tenant, with truth about every way around that was planted.
type WaysConfig struct {
	Seed   uint64
	People int // default 400
	Days   int // default 42
	// Null plants nothing: stops fall at any time, and life goes on as before.
	Null bool
}

// WayTruth is one planted way around a policy.
type WayTruth struct {
	Person   string // WayPerson.Key
	Route    string // as internal/workaround names it
	Policy   string
	Stop     signin.Time // of the first refused row
	Attacker bool        // a pivot of somebody who has the password
}

// WayJoin is a membership a person began.
type WayJoin struct {
	At    signin.Time
	Group string
	Self  bool
}

// WayPerson is one person of such a world.
type WayPerson struct {
	Key      string // signin.PersonKey of the first account
	Accounts []string
	// Events of all accounts in order of time, and whose each one is.
	Events   []signin.Event
	Account  []int32
	Joins    []WayJoin
	Requests []signin.Time
	Truth    []WayTruth
}

// WayRoutes are the routes that are planted, each by people of its own under a
// policy of its own (WayPolicy).
var WayRoutes = []string{
	"legacy-client", "device-code", "other-platform", "unmanaged-device", "anonymiser-egress",
	"other-account", "other-app", "other-tenant", "new-mfa-method", "self-added-exclusion",
}

const wayTenant = "10000000-0000-4000-8000-000000000001"

// WayPolicy is the id of policy i; those from len(WayRoutes) on stop people
// without anybody going around them.
func WayPolicy(i int) string { return "20000000-0000-4000-8000-" + pad(i, 12) }

// WayGroup is the exclusion group of policy i.
func WayGroup(i int) string { return "30000000-0000-4000-8000-" + pad(i, 12) }

const wayPolicies = 14

func pad(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}

// Ways yields the people of a world one by one, the same for the same
// configuration.
func Ways(cfg WaysConfig) iter.Seq[*WayPerson] {
	if cfg.People == 0 {
		cfg.People = 400
	}
	if cfg.Days == 0 {
		cfg.Days = 42
	}
	return func(yield func(*WayPerson) bool) {
		for i := range cfg.People {
			if !yield(newWayfarer(&cfg, i).live()) {
				return
			}
		}
	}
}

// wayStart is a Monday.
var wayStart = signin.FromTime(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))

// wayfarer is a person being simulated.
type wayfarer struct {
	cfg   *WaysConfig
	n     int
	dice  dice
	out   *WayPerson
	ids   int
	rows  []wayRow
	plant int // index of WayRoutes, -1 = goes around nothing
	prey  bool

	// Habits: how often of a hundred sign-ins.
	vpn, code, imap, twin, abroad, home int
	phone, one                          bool // has a phone; uses one application only
	method                              string
	newMethod                           signin.Time // when a phone was replaced, 0 = never
	system                              string
}

type wayRow struct {
	e       signin.Event
	account int32
}

func newWayfarer(cfg *WaysConfig, n int) *wayfarer {
	d := newDice(cfg.Seed, "workaround", n)
	w := &wayfarer{cfg: cfg, n: n, dice: d, plant: -1, out: &WayPerson{}, system: pick(d, []string{"Windows10", "Windows10", "MacOs"})}
	for _, prefix := range []string{"a", "b"} {
		w.out.Accounts = append(w.out.Accounts, signin.PersonKey("entra", wayTenant, prefix+pad(n, 6)))
	}
	w.out.Key = w.out.Accounts[0]
	habit := func(to *int, share float64, often int) {
		if d.chance(share) {
			*to = often/2 + d.IntN(often)
		}
	}
	habit(&w.vpn, 0.08, 40)
	habit(&w.code, 0.05, 12)
	habit(&w.imap, 0.04, 30)
	habit(&w.twin, 0.05, 25)
	habit(&w.abroad, 0.03, 15)
	habit(&w.home, 0.12, 25)
	w.phone = d.chance(0.5)
	w.method = pick(d, []string{`["Mobile app notification"]`, `["OATH verification code"]`})
	if d.chance(0.06) {
		w.newMethod = wayStart + d.between(5*signin.Day, signin.Time(cfg.Days)*signin.Day)
	}
	switch {
	case cfg.Null:
	case n%4 == 0:
		w.plant = n / 4 % len(WayRoutes)
		w.unlearn(WayRoutes[w.plant])
	case n%20 == 7:
		w.prey = true
	}
	return w
}

// unlearn takes the habit of a route from somebody who will take it as a way
// around: who goes there every week does not go around anything.
func (w *wayfarer) unlearn(route string) {
	switch route {
	case "legacy-client":
		w.imap = 0
	case "device-code":
		w.code = 0
	case "anonymiser-egress":
		w.vpn = 0
	case "other-account":
		w.twin = 0
	case "other-tenant":
		w.abroad = 0
	case "unmanaged-device":
		w.home = 0
	case "other-app":
		w.one = true
	case "new-mfa-method":
		w.newMethod = 0
	}
}

// live simulates the whole history.
func (w *wayfarer) live() *WayPerson {
	for day := range w.cfg.Days {
		if wd := day % 7; wd == 5 || wd == 6 {
			if w.dice.chance(0.1) {
				w.act(day, 10*signin.Hour+w.dice.between(0, 8*signin.Hour), true)
			}
			continue
		}
		if w.dice.chance(0.06) {
			continue // leave
		}
		home := w.dice.chance(0.4)
		for range 4 + w.dice.IntN(6) {
			w.act(day, 8*signin.Hour+w.dice.between(0, 10*signin.Hour), home)
		}
		if w.dice.chance(0.25) {
			w.act(day, 19*signin.Hour+w.dice.between(0, 3*signin.Hour), true)
		}
	}
	w.stops()
	if w.prey {
		w.pivot()
	}
	slices.SortStableFunc(w.rows, func(a, b wayRow) int { return signin.Compare(&a.e, &b.e) })
	for i := range w.rows {
		w.out.Events = append(w.out.Events, w.rows[i].e)
		w.out.Account = append(w.out.Account, w.rows[i].account)
	}
	return w.out
}
