package risk

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// The names of the two findings about requests.
const (
	RepeatRequest = "repeat-request"
	GroupRequest  = "group-request"
)

// RequestDetector is one kind of finding about requests, for lists and help
// texts. It is no Detector: it reads no sign-ins.
type RequestDetector struct {
	Name  string
	Doc   string // one sentence
	Needs string // what must be there
	Quiet string // what happens when it is not
}

// RequestDetectors lists the findings about requests by name. The slice is the caller's.
func RequestDetectors() []RequestDetector {
	return []RequestDetector{
		{
			GroupRequest, "several people of one group ask for an exception from the same policy within days of each other",
			"exception requests and the groups of the people they are for", "without groups nothing is said",
		},
		{
			RepeatRequest, "a person asks again for an exception from the same policy (or app) soon after their request before ended",
			"exception requests with beneficiary, policy or app, and date", "a request without one of these is left out",
		},
	}
}

// ExceptionOptions is how Exceptions judges, and what it may ask. Every
// function may be nil.
type ExceptionOptions struct {
	RepeatDays   float64 // N: a request this soon after the end of the one before is a repeat
	GroupMembers int     // k: members of one group that make a group repeat
	GroupDays    float64 // W: within so many days
	BlockHours   float64 // T: a request this soon after a block was driven by it
	BlockCount   int     // k: after so many blocks
	// Groups lists a person's groups at a time, as ids or names; the order does not matter.
	Groups func(person string, at signin.Time) []string
	// Policy names the policy (or exclusion group) a request's text means, "" when
	// it cannot be told; then the text itself, case and blanks folded, is the key.
	Policy func(text string) string
	// Blocks lists, ascending, when the policy blocked the person within [from, to].
	// policy is the key findings use; "" asks for blocks by any policy.
	Blocks func(person, policy string, from, to signin.Time) []signin.Time
}

// ExceptionDefaults are the thresholds of reference, detection 4.2.
func ExceptionDefaults() ExceptionOptions {
	return ExceptionOptions{RepeatDays: 30, GroupMembers: 3, GroupDays: 14, BlockHours: 72, BlockCount: 1}
}

// RequestFinding is one thing held against a policy or its people's requests:
// not an attack, but friction that people spoke up about. Ids are the request
// system's own.
type RequestFinding struct {
	Detector string // RepeatRequest or GroupRequest
	Severity Severity
	Score    float64 // 1: the definition is met, nothing is guessed
	Person   string  // beneficiary; "" for a group finding
	Group    string  // "" for a person finding
	Policy   string  // policy key, "" when the requests name only an app
	App      string  // app key, where no policy is named
	Time     signin.Time
	Subject  string   // the request that makes it a repeat
	Requests []string // all requests concerned, in order
	Evidence []Fact
}

// Encode turns f into the output form of findings; the beneficiary is the user.
func (f *RequestFinding) Encode() Encoded {
	return Encoded{
		Detector: f.Detector, Severity: f.Severity.String(), Score: f.Score, User: f.Person,
		Time: f.Time.String(), Subject: f.Subject, Events: f.Requests, Evidence: f.Evidence,
	}
}

// request is a directory.Request with its keys worked out.
type request struct {
	*directory.Request
	person string
	policy string
	app    string
	end    signin.Time // when it stopped helping; when that is not known, its last date
	state  string
}

// target is what is asked for: the policy, else the app.
func (r *request) target() string {
	if r.policy != "" {
		return "p\x1f" + r.policy
	}
	return "a\x1f" + r.app
}

func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// prepare orders the requests by time and works out keys. Requests without
// beneficiary, time, or any target cannot be compared and are left out.
func (o *ExceptionOptions) prepare(reqs []directory.Request) []request {
	out := make([]request, 0, len(reqs))
	for i := range reqs {
		r := request{Request: &reqs[i], person: strings.TrimSpace(reqs[i].Beneficiary), app: fold(reqs[i].App)}
		if reqs[i].Policy != "" {
			if o.Policy != nil {
				r.policy = o.Policy(reqs[i].Policy)
			}
			if r.policy == "" {
				r.policy = fold(reqs[i].Policy)
			}
		}
		if r.person == "" || reqs[i].Created == 0 || r.policy == "" && r.app == "" {
			continue
		}
		r.end, r.state = ended(&reqs[i])
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b request) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}

// ended is when a request stopped helping: at the decision when it was not
// granted, at its expiry when it was. A request still open, or granted without
// expiry, has not ended; then the gap is measured from its last date, so that
// asking again soon counts and asking again a year later does not.
func ended(r *directory.Request) (signin.Time, string) {
	last := max(r.Decided, r.Created)
	state := fold(r.Decision)
	switch state {
	case "", "pending", "submitted", "pendingapproval", "pending approval", "open", "new", "scheduled":
		return last, "open"
	case "approved", "granted", "delivered", "provisioned", "expired", "closed", "delivering":
		if r.EffectiveTo != 0 {
			return r.EffectiveTo, state
		}
		if state != "expired" && state != "closed" {
			state += ", no expiry"
		}
	}
	return last, state
}

// Exceptions finds repeated requests: the same person about the same policy (or
// app, where no policy is named) within RepeatDays of the end of their request
// before, and groups of which GroupMembers people ask about the same target
// within GroupDays. Findings come by time, detector, target and subject. The order of
// reqs does not matter.
func Exceptions(reqs []directory.Request, opt ExceptionOptions) []RequestFinding {
	all := opt.prepare(reqs)
	out := append(opt.repeats(all), opt.groups(all)...)
	slices.SortStableFunc(out, func(a, b RequestFinding) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Detector, b.Detector), cmp.Compare(a.Policy, b.Policy),
			cmp.Compare(a.App, b.App), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Subject, b.Subject))
	})
	return out
}

// gapDays are the spans repeats are also counted for (reference, detection 4.2).
var gapDays = []float64{7, 30, 90}

// repeats walks each (person, target) chain.
func (o *ExceptionOptions) repeats(all []request) []RequestFinding {
	type key struct{ person, target string }
	chains := map[key][]*request{}
	var out []RequestFinding
	for i := range all {
		r := &all[i]
		k := key{r.person, r.target()}
		chain := chains[k]
		chains[k] = append(chain, r)
		if len(chain) == 0 {
			continue
		}
		prev := chain[len(chain)-1]
		if days := gap(prev, r); days <= o.RepeatDays {
			out = append(out, o.repeat(chain, r, days))
		}
	}
	return out
}

// gap is the days from the end of one request to the next one's creation, 0
// when the earlier was still in force.
func gap(prev, r *request) float64 {
	return max(0, float64(r.Created-prev.end)/float64(signin.Day))
}

func (o *ExceptionOptions) repeat(chain []*request, r *request, days float64) RequestFinding {
	prev := chain[len(chain)-1]
	f := RequestFinding{
		Detector: RepeatRequest, Severity: Low, Score: 1, Person: r.person, Policy: r.policy,
		Time: r.Created, Subject: r.ID, Requests: []string{prev.ID, r.ID},
	}
	if r.policy == "" {
		f.App = r.app
	}
	if len(chain) >= 2 { // the third time at least
		f.Severity = Medium
	}
	s := Sink{}
	s.evidence().text("policy", r.policy).text("app", r.app).
		text("previous_request", prev.ID).text("previous_state", prev.state).
		text("previous_end", prev.end.String()).num("gap_days", days).
		num("requests_so_far", float64(len(chain)+1))
	for _, d := range gapDays {
		n := 0
		for i, q := range append(chain[1:len(chain):len(chain)], r) {
			if gap(chain[i], q) <= d {
				n++
			}
		}
		s.num(gapName(d), float64(n))
	}
	o.blockFacts(&s, r)
	f.Evidence = s.takeEvidence()
	return f
}

func gapName(d float64) string {
	switch d {
	case 7:
		return "repeats_within_7_days"
	case 30:
		return "repeats_within_30_days"
	}
	return "repeats_within_90_days"
}
