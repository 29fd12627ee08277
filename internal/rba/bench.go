package rba

import (
	"io"
	"strings"
)

// Options of a run. The zero value means the defaults.
type Options struct {
	// Seed draws the attacks.
	Seed uint64
	// Every: one of so many scored logins is attacked, by each kind; default 10.
	Every int
	// Exactly takes the users with exactly n scored logins for the median at n, and
	// not those with n or more.
	Exactly bool
	// Progress is told of rows read, now and then; nil is nobody.
	Progress func(rows int64)
}

// horizon is the largest n of the table; later logins of a user teach and are not scored.
const horizon = 39

// user is what is kept of one.
type user struct {
	past past
	das  []float32 // of the scored logins up to horizon
}

// trial is one attack: on whom, when in their history, and from where.
type trial struct {
	user uint32
	seen uint32 // logins of the user before it
	at   [2]uint32
	day  int32
	kind Attacker
	das  float64
	own  float64
}

// run is the state of a measurement.
type run struct {
	opt    Options
	model  *Model
	own    *own
	from   *attackers
	ids    map[uint64]uint32
	users  []user
	active int // users with a login
	trials []trial
	turn   int
	count  Counts
	last   string
}

// Counts says what was read.
type Counts struct {
	Rows int64 `json:"rows"`
	// Logins were learned from: successful, complete, no takeover, of a known user.
	Logins     int64 `json:"logins"`
	Incomplete int64 `json:"incomplete"` // a feature is missing
	NoUser     int64 `json:"unknownUser"`
	Takeovers  int64 `json:"takeovers"`
	// Unscored are takeovers of users without an earlier login.
	Unscored  int64 `json:"takeoversUnscored"`
	Backwards int64 `json:"backwards"` // rows earlier than the one before
	Users     int   `json:"users"`
}

// Run measures a CSV of the data set's form.
func Run(r io.Reader, opt Options) (*Result, error) {
	if opt.Every == 0 {
		opt.Every = 10
	}
	b := &run{opt: opt, model: newModel(), own: newOwn(), from: newAttackers(opt.Seed), ids: map[uint64]uint32{}}
	for l, err := range Read(r) {
		if err != nil {
			return nil, err
		}
		b.row(l)
	}
	b.count.Users = b.active
	return b.result(), nil
}

func (b *run) row(l *Login) {
	b.count.Rows++
	if b.opt.Progress != nil && b.count.Rows%(1<<18) == 0 {
		b.opt.Progress(b.count.Rows)
	}
	if l.Stamp < b.last {
		b.count.Backwards++
	}
	if l.Stamp != b.last {
		b.last = strings.Clone(l.Stamp)
	}
	if !l.complete {
		b.count.Incomplete++
		return
	}
	if l.AttackIP && !l.Takeover {
		b.from.hostile(l, b.points(l))
	}
	if l.User == UnknownUser {
		b.count.NoUser++
		return
	}
	switch {
	case l.Takeover:
		b.takeover(l)
	case l.Success:
		b.login(l)
	}
}

// points numbers a row's place and client.
func (b *run) points(l *Login) (at [2]uint32) {
	var fresh bool
	if at[0], fresh = b.model.point(0, l.IP, l.ASN, l.Country); fresh {
		b.own.place(l)
	}
	if at[1], fresh = b.model.point(1, l.Agent, l.Browser, l.OS, l.Device); fresh {
		b.own.agent(l)
	}
	return at
}

func (b *run) userOf(l *Login) uint32 {
	h := hash(l.User)
	n, ok := b.ids[h]
	if !ok {
		n = uint32(len(b.users)) //nolint:gosec // users of one file
		b.ids[h] = n
		b.users = append(b.users, user{})
	}
	return n
}

func (b *run) takeover(l *Login) {
	b.count.Takeovers++
	n := b.userOf(l)
	if len(b.users[n].past) == 0 {
		b.count.Unscored++
		return
	}
	b.try(n, VeryTargeted, b.points(l), l.Day)
}

func (b *run) try(n uint32, kind Attacker, at [2]uint32, day int32) {
	u := &b.users[n]
	b.trials = append(b.trials, trial{
		user: n, seen: uint32(len(u.past)), at: at, day: day, kind: kind, //nolint:gosec // logins of one user
		das: b.model.score(u.past, at, b.active),
	})
}

func (b *run) login(l *Login) {
	b.count.Logins++
	n, at := b.userOf(l), b.points(l)
	u := &b.users[n]
	if len(u.past) == 0 {
		b.active++
	}
	if len(u.past) > 0 && len(u.das) < horizon {
		u.das = append(u.das, float32(b.model.score(u.past, at, b.active)))
		if b.turn++; b.turn%b.opt.Every == 0 {
			for k := range VeryTargeted {
				if to, ok := b.from.against(k, l, n); ok {
					b.try(n, k, to, l.Day)
				}
			}
		}
	}
	b.model.learn(at)
	b.own.learn(at, l.Day)
	b.from.honest(l, at, n)
	u.past = append(u.past, visit{at, l.Day})
}
