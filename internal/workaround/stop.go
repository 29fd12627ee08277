package workaround

import (
	"slices"

	"frisk/internal/signin"
)

// stop is one occasion on which a policy stopped the person: a block, or a prompt
// that was not completed, with its repetitions.
type stop struct {
	row       int // the first row
	at, last  signin.Time
	n         int // rows
	account   int32
	resource  signin.Code
	app       signin.Code
	policies  []string // ids as recorded; one "" when the log names none
	prompt    bool
	attack    bool         // attack traffic
	foreign   bool         // from a device and a network the person was never seen on
	requested signin.Truth // an exception was asked for around the time
}

// maxStops bounds the occasions of one person that are compared; later ones still
// count as blocks.
const maxStops = 200

// maxSpan is how long repetitions may stretch one occasion.
const maxSpan = signin.Day

// kinds of stop by reason; 0 is none.
const (
	blocked = 1 + iota
	prompted
)

// stopKinds are the reasons that stop somebody. MFAFraud is left out: the person
// says that the prompt was not theirs.
var stopKinds = func() (t [256]uint8) {
	for _, r := range []signin.Reason{signin.PolicyBlock, signin.DeviceNotCompliant, signin.DeviceNotJoined, signin.RiskBlock} {
		t[r] = blocked
	}
	for _, r := range []signin.Reason{signin.MFARequired, signin.MFAEnrol, signin.MFAFailed, signin.MFADenied, signin.MFATimeout} {
		t[r] = prompted
	}
	return t
}()

// seen reports that somebody may have sat in front of the row. Logs that do not
// say count: silence would blind us to whole providers.
func seen(r *signin.Row) bool {
	return r.Stream() == signin.Interactive || r.Stream() == signin.StreamUnknown
}

// human reports that the row is a person's.
func human(r *signin.Row) bool {
	switch r.Kind() {
	case signin.Service, signin.Machine:
		return false
	}
	return r.Stream() != signin.ServicePrincipal && r.Stream() != signin.ManagedIdentity
}

// findStops lists the occasions of the person at hand and notes blocks.
func (p *person) findStops() {
	w := p.w
	for i := range p.rows {
		r := &p.rows[i]
		kind := stopKinds[r.E[signin.EnumReason]]
		if kind == 0 || r.Outcome() == signin.Success || !human(r) {
			continue
		}
		if kind == prompted && (!seen(r) || p.completed(i)) {
			continue
		}
		o := w.facts.recorded(r)
		policies := o.behind(r.Reason())
		for _, id := range policies {
			w.tally.name(id, o.of(id).name)
		}
		if len(policies) == 0 {
			policies = unnamed
		}
		if kind == blocked && !p.attack(i) {
			w.tally.blocks.add(p.keyOf(i), p.key, policies, r.Time)
		}
		p.occasion(i, kind == prompted, policies)
	}
}

// unnamed stands for a policy the log does not name.
var unnamed = []string{""}

// occasion starts one with row i or adds i to the one that goes on.
func (p *person) occasion(i int, prompt bool, policies []string) {
	r := &p.rows[i]
	for k := len(p.stops) - 1; k >= 0; k-- {
		s := &p.stops[k]
		if r.Time-s.last > p.w.within {
			if r.Time-s.at > maxSpan+p.w.within {
				break
			}
			continue
		}
		if s.prompt == prompt && s.account == p.accountOf(i) && s.attack == p.attack(i) && p.same(s, i) && slices.Equal(s.policies, policies) {
			s.n++
			if seen(r) && r.Time-s.at <= maxSpan {
				// A program that tries again by itself does not make the occasion longer.
				s.last = r.Time
			}
			return
		}
	}
	if len(p.stops) < maxStops {
		p.stops = append(p.stops, stop{
			row: i, at: r.Time, last: r.Time, n: 1, account: p.accountOf(i), resource: r.C[signin.DimResource], app: r.C[signin.DimApp],
			policies: policies, prompt: prompt, attack: p.attack(i),
		})
	}
}

// same reports whether row i is about the same thing as the stop: the same
// resource where both rows name one, else the same application.
func (p *person) same(s *stop, i int) bool {
	r := &p.rows[i]
	if s.resource != 0 && r.C[signin.DimResource] != 0 {
		return s.resource == r.C[signin.DimResource]
	}
	return s.app != 0 && s.app == r.C[signin.DimApp]
}

// completed reports that the prompt of row i was answered after all: a success of
// the same attempt, or one within EpisodeSpan by the same client on the same
// device to the same thing.
func (p *person) completed(i int) bool {
	r := &p.rows[i]
	rest := p.successes()
	from, _ := slices.BinarySearch(rest, int32(i)) //nolint:gosec // rows of one person
	for _, at := range rest[from:] {
		j := int(at)
		q := &p.rows[j]
		if q.Time-r.Time > signin.EpisodeSpan {
			return false
		}
		if p.accountOf(j) != p.accountOf(i) {
			continue
		}
		if r.Correlation != 0 && r.Correlation == q.Correlation || r.Original != 0 && r.Original == q.Original {
			return true
		}
		s := stop{resource: r.C[signin.DimResource], app: r.C[signin.DimApp]}
		if p.same(&s, j) && r.C[signin.DimDevice] == q.C[signin.DimDevice] && r.C[signin.DimOS] == q.C[signin.DimOS] &&
			r.C[signin.DimClient] == q.C[signin.DimClient] && r.C[signin.DimIP] == q.C[signin.DimIP] && r.C[signin.DimTransfer] == q.C[signin.DimTransfer] {
			return true
		}
	}
	return false
}

// letIn is which rows of the person at hand are successes, found when first asked
// for: a program that is prompted thousands of times in ten minutes is asked about
// each time.
type letIn struct {
	known bool
	rows  []int32
}

func (p *person) successes() []int32 {
	l := &p.let
	if !l.known {
		l.known, l.rows = true, l.rows[:0]
		for i := range p.rows {
			if p.rows[i].Outcome() == signin.Success {
				l.rows = append(l.rows, int32(i)) //nolint:gosec // rows of one person
			}
		}
	}
	return l.rows
}
