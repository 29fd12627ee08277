package analysis

import (
	"slices"

	"frisk/internal/directory"
	"frisk/internal/exceptions"
	"frisk/internal/report"
)

// requestAccount is the account of requests as JSON: what was read from which
// file, what was used, what was left out and why, and what each test family did.
type requestAccount struct {
	Rows              int             `json:"rows"` // in the files; each is used there or left, see files
	Read              int             `json:"read"` // requests they gave
	Used              int             `json:"used"`
	Left              []requestReason `json:"left"`
	UnknownPeople     int             `json:"unknownPeople"`
	UnknownPolicies   int             `json:"unknownPolicies"`
	NoEnd             int             `json:"noEnd"`
	NoDecision        int             `json:"noDecision"`
	MembershipUnknown int             `json:"membershipUnknown"`
	AddsNotJudged     int             `json:"addsNotJudged"`
	DeadUnknown       int             `json:"deadUnknown"`
	Tests             []requestTests  `json:"tests"`
	Silent            []requestReason `json:"silent"`
	Files             []requestFile   `json:"files"`
	Problems          []string        `json:"problems"` // rows and files that could not be read
}

type requestReason struct {
	Pattern string `json:"pattern,omitempty"`
	Reason  string `json:"reason"`
	N       int    `json:"n,omitempty"`
}

type requestTests struct {
	Pattern string `json:"pattern"`
	Tests   int    `json:"tests"`
	Chance  int    `json:"chance"`
}

type requestFile struct {
	Name    string          `json:"name"`
	Systems []string        `json:"systems"`
	Rows    int             `json:"rows"`
	Used    int             `json:"used"`
	Left    []requestReason `json:"left"`
	Unread  []string        `json:"unreadColumns"`
}

// requestLine is one policy as JSON; -1 is not known.
type requestLine struct {
	Policy       string  `json:"policy"`
	Name         string  `json:"name"`
	Requests     int     `json:"requests"`
	People       int     `json:"people"`
	Repeats      int     `json:"repeats"`
	RepeatShare  float64 `json:"repeatShare"`
	Approved     int     `json:"approved"`
	Denied       int     `json:"denied"`
	Open         int     `json:"open"`
	BlockDriven  int     `json:"blockDriven"`
	BlockAsked   int     `json:"blockAsked"`
	MedianHours  float64 `json:"medianHours"`
	Members      int     `json:"members"`
	MembersStart int     `json:"membersAtStart"`
	NetGrowth    *int    `json:"netGrowth"` // null: not known
	NetPerMonth  float64 `json:"netPerMonth"`
	Orphans      int     `json:"orphans"`
	Permanent    int     `json:"permanent"`
	Dead         int     `json:"dead"`
}

func reasonsJSON(rs []exceptions.Reason) []requestReason {
	out := make([]requestReason, len(rs))
	for i, r := range rs {
		out[i] = requestReason(r)
	}
	return out
}

func (r *Result) requestAccount() requestAccount {
	a := &r.requests.Account
	out := requestAccount{
		Read: a.Read, Used: a.Used, Left: reasonsJSON(a.Left), UnknownPeople: a.UnknownPeople, UnknownPolicies: a.UnknownPolicies,
		NoEnd: a.NoEnd, NoDecision: a.NoDecision, MembershipUnknown: a.MembershipUnknown, AddsNotJudged: a.AddsNotJudged,
		DeadUnknown: a.DeadUnknown, Tests: make([]requestTests, len(a.Tests)), Silent: reasonsJSON(a.Silent), Files: []requestFile{},
	}
	for i, t := range a.Tests {
		out.Tests[i] = requestTests(t)
	}
	for _, f := range r.around.dir.RequestFiles {
		out.Rows += f.Rows
		out.Files = append(out.Files, requestFileOf(f))
	}
	out.Problems = append([]string{}, r.requestProblems()...)
	return out
}

func requestFileOf(f directory.RequestFile) requestFile {
	out := requestFile{
		Name: f.Name, Systems: append([]string{}, f.Systems...), Rows: f.Rows, Used: f.Used, Left: []requestReason{}, Unread: append([]string{}, f.Unread...),
	}
	for _, l := range f.Left {
		out.Left = append(out.Left, requestReason{Reason: l.Reason, N: l.N})
	}
	return out
}

func (r *Result) requestLines() []requestLine {
	out := []requestLine{}
	for _, t := range r.requests.Totals() {
		l := requestLine{
			Policy: t.Key, Name: t.Name, Requests: t.Requests, People: t.People, Repeats: t.Repeats, RepeatShare: t.RepeatShare,
			Approved: t.Approved, Denied: t.Denied, Open: t.Open, BlockDriven: t.BlockDriven, BlockAsked: t.BlockAsked,
			MedianHours: t.MedianHours, Members: t.Members, MembersStart: t.MembersBefore, NetPerMonth: t.NetPerMonth,
			Orphans: t.Orphans, Permanent: t.Permanent, Dead: t.Dead,
		}
		if t.GrowthKnown {
			l.NetGrowth = &t.NetGrowth
		}
		out = append(out, l)
	}
	return out
}

// reportExceptions is the account of requests for the report; nil when there is
// nothing to tell.
func (r *Result) reportExceptions() *report.Exceptions {
	a := &r.requests.Account
	problems := r.requestProblems()
	if a.Read == 0 && len(r.exceptions) == 0 && len(problems) == 0 {
		return nil
	}
	out := &report.Exceptions{Read: a.Read, Used: a.Used, Files: len(r.around.dir.RequestFiles), Problems: problems}
	for _, f := range r.around.dir.RequestFiles {
		out.Rows += f.Rows
		for _, l := range f.Left {
			k := slices.IndexFunc(out.Left, func(c report.Count) bool { return c.Name == l.Reason })
			if k < 0 {
				k, out.Left = len(out.Left), append(out.Left, report.Count{Name: l.Reason})
			}
			out.Left[k].N += int64(l.N)
		}
	}
	for _, l := range a.Left {
		out.Left = append(out.Left, report.Count{Name: l.Reason, N: int64(l.N)})
	}
	for _, o := range []struct {
		what string
		n    int
	}{
		{"for somebody the user export lacks", a.UnknownPeople},
		{"about no policy of the current set", a.UnknownPolicies},
		{"approved without an end", a.NoEnd},
		{"without a decision", a.NoDecision},
		{"past their end, membership not known", a.MembershipUnknown},
		{"additions to exclusion groups before the first request", a.AddsNotJudged},
		{"excluded people whose sign-ins the policy may have caught", a.DeadUnknown},
	} {
		if o.n > 0 {
			out.Open = append(out.Open, report.Count{Name: o.what, N: int64(o.n)})
		}
	}
	for _, t := range r.requests.Totals() {
		if t.Requests == 0 && t.NetGrowth == 0 && t.Orphans <= 0 && t.Permanent == 0 && t.Dead <= 0 {
			continue
		}
		out.Policies = append(out.Policies, report.ExceptionPolicy{
			Name: t.Name, Requests: t.Requests, People: t.People, Repeats: t.Repeats, Approved: t.Approved, Denied: t.Denied,
			BlockDriven: t.BlockDriven, BlockAsked: t.BlockAsked, MedianHours: t.MedianHours, Members: t.Members, NetGrowth: t.NetGrowth,
			GrowthKnown: t.GrowthKnown, Orphans: t.Orphans, Permanent: t.Permanent, Exclusion: t.Dead,
		})
	}
	slices.SortStableFunc(out.Policies, func(x, y report.ExceptionPolicy) int { return y.Requests - x.Requests })
	for _, p := range exceptions.Patterns() {
		out.Patterns = append(out.Patterns, r.patternLine(p))
	}
	return out
}

func (r *Result) patternLine(p exceptions.Pattern) report.ExceptionPattern {
	l := report.ExceptionPattern{Name: p.Name, Doc: p.Doc}
	for i := range r.exceptions {
		switch f := &r.exceptions[i]; {
		case f.Detector != p.Name:
		case f.Suppressed != "":
			l.Suppressed++
		default:
			l.Raised++
		}
	}
	for _, t := range r.requests.Account.Tests {
		if t.Pattern == p.Name {
			l.Tests, l.Chance = l.Tests+t.Tests, l.Chance+t.Chance
		}
	}
	for _, s := range r.requests.Account.Silent {
		if s.Pattern == p.Name {
			l.Silent = s.Reason
		}
	}
	return l
}

func pairsOf(f *exceptions.Finding) []report.TextPair {
	var out []report.TextPair
	for _, p := range f.Pairs {
		out = append(out, report.TextPair(p))
	}
	return out
}
