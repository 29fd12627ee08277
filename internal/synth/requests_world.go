package synth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"frisk/internal/signin"
)

// RequestWorld is an organisation seen from its service desk only: requests for
// exceptions, changes of exclusion groups and policies, blocks, and what was
// planted in them. It is written to measure detectors of patterns in requests.
type RequestWorld struct {
	From, Until signin.Time
	People      []RequestPerson
	Policies    []RequestPolicy
	Requests    []WorldRequest
	Changes     []WorldChange // oldest first
	Edits       []WorldEdit   // oldest first
	Blocks      []WorldBlock  // oldest first
	Standing    map[string][]string
	Excluded    []WorldExcluded
	// Truth is what was planted: pattern -> keys, as RequestKey makes them. Null worlds
	// have none.
	Truth map[string][]string

	dice    dice
	changes map[string][]WorldChange // by person, once settled
	used    map[string]bool          // people with a part already
	serial  int
	lenient []int    // policies whose first approver refuses nobody
	desk    [][4]int // by policy: the approvers' shares
	vocab   []string
	phrases []string
}

// RequestPerson is one person, of one department.
type RequestPerson struct{ ID, Department string }

// RequestPolicy is one policy with its exclusion group.
type RequestPolicy struct{ ID, Name, Group string }

// WorldRequest is one request; times are 0 where its system has none.
type WorldRequest struct {
	ID, Person, Policy, Text, Decision, Approver string
	Created, Decided, From, To                   signin.Time
}

// WorldChange is one change of an exclusion group.
type WorldChange struct {
	At            signin.Time
	Group, Person string
	Joined        bool
	By            string
}

// WorldEdit is a change of a policy.
type WorldEdit struct {
	At     signin.Time
	Policy string
}

// WorldBlock is a sign-in that a policy refused.
type WorldBlock struct {
	At             signin.Time
	Person, Policy string
}

// WorldExcluded is an excluded person and what the policy would have caught.
type WorldExcluded struct {
	Person, Policy, Group string
	SignIns, Caught, Open int
}

// RequestWorldConfig says which world to make.
type RequestWorldConfig struct {
	Seed   uint64
	People int  // default 4,000
	Days   int  // default 180
	Null   bool // plant nothing: every pattern found is chance
}

const (
	worldPolicies   = 8
	worldDepartment = 40  // people, more or less
	monthlyRequests = .03 // per person: 3 in 100 ask in a month
)

// RequestKey names a planted thing.
func RequestKey(parts ...string) string { return strings.Join(parts, "|") }

// NewRequestWorld makes a world: the same configuration gives the same world.
func NewRequestWorld(cfg RequestWorldConfig) *RequestWorld {
	cfg.People, cfg.Days = cmp.Or(cfg.People, 4000), cmp.Or(cfg.Days, 180)
	w := &RequestWorld{
		From: signin.FromTime(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)), Standing: map[string][]string{}, Truth: map[string][]string{},
		used: map[string]bool{}, dice: newDice(cfg.Seed, "request world", 0),
	}
	w.Until = w.From + signin.Time(cfg.Days)*signin.Day
	w.words()
	for i := range cfg.People {
		w.People = append(w.People, RequestPerson{fmt.Sprintf("person-%05d", i), fmt.Sprintf("dept-%03d", i/worldDepartment)})
	}
	for i := range worldPolicies {
		w.Policies = append(w.Policies, RequestPolicy{fmt.Sprintf("policy-%d", i), fmt.Sprintf("CA20%d Example", i), fmt.Sprintf("exclude-%d", i)})
		w.desk = append(w.desk, [4]int{34, 30, 20, 16})
	}
	w.edit()
	if !cfg.Null {
		w.plant(cfg.Seed)
	}
	w.everyday(cfg)
	w.yield()
	w.settle()
	return w
}

// edit changes each policy twice, at least fifty days apart.
func (w *RequestWorld) edit() {
	for i := range w.Policies {
		for _, at := range []signin.Time{40, 100} {
			w.Edits = append(w.Edits, WorldEdit{w.From + at*signin.Day + w.dice.between(0, 30*signin.Day), w.Policies[i].ID})
		}
	}
}

// words makes a vocabulary, and the phrases a form suggests.
func (w *RequestWorld) words() {
	syllables := strings.Fields("ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zu bra cle dri flo gru")
	for range 600 {
		w.vocab = append(w.vocab, pick(w.dice, syllables)+pick(w.dice, syllables)+pick(w.dice, syllables))
	}
	for range 12 {
		w.phrases = append(w.phrases, w.sentence(9))
	}
}

func (w *RequestWorld) sentence(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = pick(w.dice, w.vocab)
	}
	return strings.Join(out, " ")
}

// text is what people write: one in three takes the form's wording.
func (w *RequestWorld) text() string {
	if w.dice.chance(0.33) {
		return pick(w.dice, w.phrases)
	}
	return w.sentence(8 + w.dice.IntN(10))
}

// moment is a working hour on a day, mostly a weekday.
func (w *RequestWorld) moment(from, until signin.Time) signin.Time {
	for range 50 {
		at := w.dice.between(from, until)
		day := at / signin.Day * signin.Day
		if wd := day.Time().Weekday(); (wd == time.Saturday || wd == time.Sunday) && w.dice.chance(0.85) {
			continue
		}
		if at = day + 8*signin.Hour + w.dice.between(0, 10*signin.Hour); at >= from && at < until {
			return at
		}
	}
	return w.dice.between(from, until)
}

func (w *RequestWorld) approver(policy int) string {
	n, at := w.dice.IntN(100), 0
	for i, share := range w.desk[policy] {
		if at += share; n < at {
			return fmt.Sprintf("approver-%d-%d", policy, i)
		}
	}
	return fmt.Sprintf("approver-%d-0", policy)
}

// ask adds a request and, when approved, the membership it brings: added soon
// after, taken out within two days of its end.
func (w *RequestWorld) ask(person string, policy int, created signin.Time, decision string, length signin.Time, text string) *WorldRequest {
	r := WorldRequest{
		ID: fmt.Sprintf("REQ%06d", w.serial), Person: person, Policy: w.Policies[policy].ID, Text: text, Decision: decision, Created: created,
	}
	w.serial++
	if decision != "pending" {
		r.Decided = created + w.dice.between(signin.Hour, 30*signin.Hour)
		r.Approver = w.approver(policy)
	}
	if decision == "approved" {
		r.From, r.To = r.Decided, r.Decided+length
		w.join(person, policy, r.Decided+w.dice.between(0, 6*signin.Hour), r.To+w.dice.between(0, 2*signin.Day))
	}
	w.Requests = append(w.Requests, r)
	return &w.Requests[len(w.Requests)-1]
}

// join adds somebody to a policy's exclusion group and takes them out again; to 0: never.
func (w *RequestWorld) join(person string, policy int, from, to signin.Time) {
	add := func(at signin.Time, joined bool) {
		if at > 0 && at < w.Until {
			w.Changes = append(w.Changes, WorldChange{at, w.Policies[policy].Group, person, joined, "desk@example.com"})
		}
	}
	add(from, true)
	add(to, false)
}

// someone is a person without a part yet.
func (w *RequestWorld) someone(d dice) string {
	for {
		if p := pick(d, w.People).ID; !w.used[p] {
			w.used[p] = true
			return p
		}
	}
}

// everyday is life without any pattern: everybody asks about a policy at most
// once, is blocked at unrelated times, and memberships end.
func (w *RequestWorld) everyday(cfg RequestWorldConfig) {
	n := int(float64(len(w.People)) * monthlyRequests * float64(cfg.Days) / 30)
	for range n {
		p := pick(w.dice, w.People).ID
		policy := w.dice.IntN(worldPolicies)
		if w.used[p] || w.used[RequestKey(p, w.Policies[policy].ID)] {
			continue
		}
		w.used[RequestKey(p, w.Policies[policy].ID)] = true
		decision := "approved"
		switch x := w.dice.Float64(); {
		case x < 0.22:
			decision = "denied"
		case x < 0.27:
			decision = "cancelled"
		case x < 0.3:
			decision = "pending"
		}
		w.ask(p, policy, w.moment(w.From, w.Until), decision, signin.Time(2+w.dice.IntN(28))*signin.Day, w.text())
	}
	for _, p := range w.People {
		if !w.dice.chance(0.4) {
			continue
		}
		for range 1 + w.dice.IntN(3) {
			w.Blocks = append(w.Blocks, WorldBlock{w.moment(w.From, w.Until), p.ID, pick(w.dice, w.Policies).ID})
		}
	}
	for _, p := range w.Policies {
		for range 25 {
			who := w.someone(w.dice)
			w.Standing[p.Group] = append(w.Standing[p.Group], who)
			w.Excluded = append(w.Excluded, WorldExcluded{who, p.ID, p.Group, 40 + w.dice.IntN(100), 1 + w.dice.IntN(30), 0})
		}
		// A few leave, who are no longer excluded at the end.
		all := w.Standing[p.Group]
		for _, who := range all[len(all)-3:] {
			w.Changes = append(w.Changes, WorldChange{w.moment(w.From, w.Until), p.Group, who, false, "desk@example.com"})
			w.Excluded = slices.DeleteFunc(w.Excluded, func(x WorldExcluded) bool { return x.Person == who && x.Group == p.Group })
		}
	}
}

func (w *RequestWorld) settle() {
	slices.SortFunc(w.Changes, func(a, b WorldChange) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Person, b.Person))
	})
	slices.SortFunc(w.Edits, func(a, b WorldEdit) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Policy, b.Policy)) })
	slices.SortFunc(w.Blocks, func(a, b WorldBlock) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Policy, b.Policy))
	})
	w.changes = map[string][]WorldChange{}
	for _, c := range w.Changes {
		w.changes[c.Person] = append(w.changes[c.Person], c)
	}
	// Blocks do not happen to people while they are excluded.
	w.Blocks = slices.DeleteFunc(w.Blocks, func(b WorldBlock) bool {
		for i := range w.Policies {
			if p := &w.Policies[i]; p.ID == b.Policy {
				return w.In(b.Person, p.Group, b.At)
			}
		}
		return false
	})
}

// In says whether a person was in an exclusion group at a time.
func (w *RequestWorld) In(person, group string, at signin.Time) bool {
	in := slices.Contains(w.Standing[group], person)
	for _, c := range w.changes[person] {
		if c.Group == group && c.At <= at {
			in = c.Joined
		}
	}
	return in
}
