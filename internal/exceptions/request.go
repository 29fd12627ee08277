package exceptions

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// Request is a directory.Request with its keys worked out.
type Request struct {
	*directory.Request
	Person string // who it is for; joined accounts are one person
	// Policy is the key of the policy it is about. Known says that it is one of
	// Input.Policies; else it is the text of the request, case and blanks folded.
	Policy string
	Known  bool
	App    string // folded; the target where Policy is ""

	from, end signin.Time // when it began and stopped helping, see period
	state     string
	open      bool // approved without an end
}

// target is what is asked for: the policy, else the app.
func (r *Request) target() string {
	if r.Policy != "" {
		return "p\x1f" + r.Policy
	}
	return "a\x1f" + r.App
}

func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// The words of directory.Request.Decision that a pattern asks for.
const (
	approved  = "approved"
	denied    = "denied"
	cancelled = "cancelled"
	pending   = "pending"
)

// granted reports that the request was approved, as far as its system says. One
// that expired was approved once, unless it never came to hold.
func (r *Request) granted() bool {
	switch r.state {
	case approved:
		return true
	case "expired", "closed":
		return r.EffectiveTo != 0 && r.Decided != 0
	}
	return false
}

// refused reports that the request was decided against.
func (r *Request) refused() bool { return r.state == denied }

// period is when a request helped: from its beginning, else its decision, to
// its expiry when it was granted; not at all when it was refused. A request
// still open, or granted without expiry, has not ended; then the end is its last
// date, so that asking again soon counts and asking again a year later does not.
func (r *Request) period() {
	r.state = fold(r.Decision)
	last := max(r.Decided, r.Created)
	r.from, r.end = cmp.Or(r.EffectiveFrom, r.Decided, r.Created), last
	switch {
	case r.granted() && r.EffectiveTo != 0:
		r.end = max(r.EffectiveTo, r.from)
	case r.granted():
		r.open = true
	}
}

// words is the state for people.
func (r *Request) words() string {
	switch {
	case r.state == "":
		return "open"
	case r.open:
		return r.state + ", no expiry"
	}
	return r.state
}

// prepare orders the requests by time and works out keys. What cannot be
// compared with anything is left out, and counted.
func (s *study) prepare() {
	for i := range s.in.Requests {
		q := &s.in.Requests[i]
		s.account.Read++
		r := Request{Request: q, Person: s.person(q.Beneficiary), App: fold(q.App)}
		if s.in.PolicyOf != nil {
			r.Policy = s.in.PolicyOf(q)
		}
		r.Known = s.policies[r.Policy] != nil
		if r.Policy == "" {
			r.Policy = cmp.Or(fold(q.Policy), fold(q.Mapped)) // no current policy: its own words, else the mapping's
		}
		if r.Policy == "" && r.App == "" {
			r.Policy = fold(q.Group)
		}
		r.period()
		switch {
		case q.Review:
			s.reviews = append(s.reviews, r)
			s.account.leave(leftReview)
		case r.Person == "" || q.Created == 0:
			s.account.leave(leftNobody)
		case r.Policy == "" && r.App == "":
			s.account.leave(leftNoTarget)
		case !r.Known && len(s.policies) > 0 && native(q.System):
			s.account.leave(leftElsewhere)
		default:
			s.all = append(s.all, r)
			s.account.count(&r)
		}
	}
	for _, rs := range [][]Request{s.all, s.reviews} {
		slices.SortFunc(rs, compareRequests)
	}
}

// native reports a system whose requests are about all kinds of access: only
// those that a policy's exclusion names are exceptions.
func native(system string) bool { return strings.HasPrefix(system, "entra-pim-") }

func compareRequests(a, b Request) int {
	return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.System, b.System), cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

func ids(rs []*Request) []string {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.ID
	}
	return out
}

// people counts distinct persons.
func people(rs []*Request) int {
	seen := map[string]bool{}
	for _, r := range rs {
		seen[r.Person] = true
	}
	return len(seen)
}
