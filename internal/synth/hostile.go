package synth

import (
	"cmp"
	"slices"
	"time"

	"frisk/internal/signin"
)

// HostileConfig says which proving ground to make. The zero value of a field
// means its default.
type HostileConfig struct {
	Seed   uint64
	People int // default 100
	Days   int // default 28
	// Attacks is the number of attacks; 0 means DefaultAttacks or one for every four
	// people, whichever is more; a negative number means none.
	Attacks int
	// Start is the first day, taken at 00:00 UTC; default DefaultStart.
	Start time.Time
	// Plain is a world in which every answer about a place is true: the stated
	// circle holds the person, there is no VPN, proxy, relay or carrier gateway. People
	// still fly, commute and have two homes. Every trajectory is feasible.
	Plain bool
}

// The defaults of HostileConfig.
const (
	DefaultHostilePeople = 100
	DefaultHostileDays   = 28
	DefaultAttacks       = 66
)

func (c HostileConfig) withDefaults() HostileConfig {
	if c.People <= 0 {
		c.People = DefaultHostilePeople
	}
	if c.Days <= 0 {
		c.Days = DefaultHostileDays
	}
	if c.Attacks == 0 {
		c.Attacks = max(DefaultAttacks, c.People/4)
	}
	c.Attacks = max(c.Attacks, 0)
	if c.Start.IsZero() {
		c.Start = DefaultStart
	}
	c.Start = c.Start.UTC().Truncate(24 * time.Hour)
	return c
}

// HostileWorld is a history made to confuse a travel detector, with the truth
// beside it. It is written from what networks and people do (reference, detection
// 1.3 and 1.5), not from what any detector looks at.
type HostileWorld struct {
	Config HostileConfig
	// Events has everything the log could know, in signin.Compare order; View takes
	// parts of it away.
	Events []signin.Event
	// Truth belongs to Events, index by index.
	Truth   []HostileTruth
	Attacks []HostileAttack
	People  []HostilePerson
}

// HostileTruth is what really happened in one event.
type HostileTruth struct {
	// Attack indexes HostileWorld.Attacks; -1 for the person's own doing.
	Attack int
	// Person indexes HostileWorld.People.
	Person int
	// Lat and Lon are where whoever signed in was; of an attack, where the network
	// it came through is.
	Lat, Lon float64
	// Honest: the network says where its users are, within a city or so. False for
	// VPNs, proxies, relays, clouds, aircraft and carriers.
	Honest bool
	// Inland: it is a carrier's gateway in the country where the person is.
	Inland bool
	// Aloft: in an aircraft, which has boarded.
	Aloft bool
	// Counts: a sign-in with somebody in front whose first factor was accepted.
	Counts bool
}

// HostilePerson is one account.
type HostilePerson struct {
	ID     string   `json:"id"`               // stable id in the log
	Traits []string `json:"traits,omitempty"` // what makes the person noisy; empty for the quiet ones
}

// HostileAttack is one attack: everything one intruder does to one person.
type HostileAttack struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`   // see HostileKinds
	Person string `json:"person"` // the victim's id
	From   string `json:"from"`   // city of the network
	// Travel: at least one accepted sign-in of it cannot be on one feasible
	// trajectory with the places where the victim really was at the own accepted
	// interactive sign-ins of the 24 hours around. False for attacks that nobody can
	// see by distance: those long after the victim's last sign-in.
	Travel bool `json:"travel"`
	// Shown: Travel, and one of those sign-ins of the victim came through a network
	// that says where its users are, or through a carrier of a country that is too far
	// away as a whole. Without that only habits could tell.
	Shown bool `json:"shown"`
	// Rented: it came through a hosting company or a commercial VPN, whose place says
	// nothing about who uses it.
	Rented bool `json:"rented"`
	// Listed: the attack's address is on a range list (where lists are given).
	Listed bool `json:"listed"`
	// Abroad: it came from a country other than where the victim was.
	Abroad bool     `json:"abroad"`
	Events []string `json:"events"` // event ids, in order
}

// NewHostile makes the world of a configuration: same configuration, same world.
func NewHostile(cfg HostileConfig) *HostileWorld {
	cfg = cfg.withDefaults()
	h := &hostile{cfg: cfg, start: signin.FromTime(cfg.Start), end: signin.FromTime(cfg.Start) + signin.Time(cfg.Days)*signin.Day}
	h.nets = newHostileNets(cfg, h.start, h.end)
	h.populate()
	for _, p := range h.people {
		h.walk(p)
		h.live(p)
	}
	h.assault()
	return h.world()
}

// hostile is a world being made.
type hostile struct {
	cfg        HostileConfig
	start, end signin.Time
	nets       *hostileNets
	people     []*hostilePerson
	rows       []hostileRow
	attacks    []HostileAttack
}

// hostileRow is one event with its truth.
type hostileRow struct {
	ev    signin.Event
	truth HostileTruth
}

// world sorts what was made and works out what follows from it.
func (h *hostile) world() *HostileWorld {
	slices.SortFunc(h.rows, func(a, b hostileRow) int {
		return cmp.Or(signin.Compare(&a.ev, &b.ev), cmp.Compare(a.truth.Person, b.truth.Person))
	})
	w := &HostileWorld{Config: h.cfg, Attacks: h.attacks}
	for _, p := range h.people {
		w.People = append(w.People, HostilePerson{ID: p.id, Traits: p.traitNames()})
	}
	for i := range h.rows {
		r := &h.rows[i]
		w.Events = append(w.Events, r.ev)
		w.Truth = append(w.Truth, r.truth)
		if a := r.truth.Attack; a >= 0 {
			w.Attacks[a].Events = append(w.Attacks[a].Events, r.ev.ID)
		}
	}
	w.judge()
	return w
}
