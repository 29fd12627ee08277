package report

import (
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Input is everything a report is built from. It is filled by the pipeline;
// every part may be empty, and the report then says what could not be told
// rather than showing a zero. Names are shown as given: whoever fills the
// Input replaces people's names when asked to.
type Input struct {
	Tenant  string      // name of the organisation; "" when not known
	From    signin.Time // first sign-in read; 0 = none
	Until   signin.Time // last sign-in read
	People  int         // distinct people with a sign-in
	SignIns int64       // rows read, all streams
	// Days is the length of the window that per-week figures refer to.
	Days float64

	// Directory and Workspaces say whether group membership and workspaces were given at all.
	Directory  bool
	Workspaces bool

	// Sets are the policy sets that were replayed: Sets[0] current, the others
	// candidates. Empty: nothing was replayed.
	Sets []Set
	// InForce is what the policies did as they were in force over time, where they
	// changed within the window: Sets[0] is then today's policies over the whole of
	// it, so that candidates are compared with them alike. Nil = they did not change.
	InForce *InForce
	// Total is everybody × all work, each person counted once.
	Total Cell
	// Cells are group × workspace, in any order; rows with an empty group
	// (everybody) or workspace (all work) are allowed and shown apart.
	Cells    []Cell
	Policies []Policy
	// Providers are the figures of each provider and tenant, by name; Joined is how
	// many people have several accounts by the identity file.
	Providers []ProviderFigures
	Joined    int
	Changes   []Change
	// Rollups are today's policies, any order; see Rollup.
	Rollups []Rollup

	// Findings are all findings of all detectors, suppressed ones included.
	Findings []Finding
	// Exceptions is what was read of requests for exceptions; nil without any.
	Exceptions *Exceptions
	// Workarounds is what people did after a policy stopped them; nil without any stop.
	Workarounds *Workarounds
	// Incidents group them into stories.
	Incidents []Incident

	Quality  Quality
	Fidelity []Fidelity
	// Verify explains Fidelity; nil where nothing was compared.
	Verify *Verify
	// Elsewhere is how many recorded policy results are of policies that are not in
	// the current set, so that the replay cannot be checked against them.
	Elsewhere int64
	// Prompted compares the prompts of the log with replayed current; zero: not compared.
	Prompted PromptFidelity
	// Constants are the assumptions behind seconds, risk and pass-through.
	Constants []Constant
}

// Set is one policy set.
type Set struct {
	Name string
	// Doc is the author's own words on what it is for; "" for none.
	Doc string
	// Diff lists, one line each, what it changes against the current set
	// ("CA006: sign-in frequency 4 h becomes 12 h"); nil for current or not computed.
	Diff []string
	// Policies is how many policies it holds, Enforced how many of them are
	// enabled, ReportOnly how many are in report-only.
	Policies, Enforced, ReportOnly int
	// Missing are the facts that leave verdicts of the set open, most verdicts first.
	Missing []MissingFact
	// Placeholders say, one line each, how a template's stand-ins were read.
	Placeholders []string
	// Incomplete is how many policies have a condition that is not evaluated: what
	// they ask for is not told apart by it.
	Incomplete int
	// MissingMethod is how many people the set would ask for an authentication
	// strength whose methods they were never seen to use: they have to register one
	// first, or are blocked.
	MissingMethod int
}

// InForce is current as it was in force over time.
type InForce struct {
	Changes int             // policies that began, ended or changed within the window
	Total   ReplayedFigures // over everybody
}

// Cell is the figures of one group × workspace.
type Cell struct {
	Group       string // "" = everybody
	Workspace   string // "" = all work
	Environment string // prod, dev, …; "" = not said
	People      int    // people with a sign-in in the cell and whom no exclusion spared
	// Pseudo marks a column that is no workspace: unknown workspace, other work.
	Pseudo   bool
	Recorded RecordedFigures
	// Sets are the replayed figures, in the order of Input.Sets; shorter or empty
	// when not replayed.
	Sets []ReplayedFigures
	// Causes are the policies behind the prompts of the current set in this cell, any order.
	Causes []Cause
	// Excluded are the people kept apart from the friction of the cell; People and
	// Excluded.People are all who signed in. Perhaps are sign-ins of People of which
	// it is not known whether an exclusion spared them.
	Excluded ExcludedFigures
	Perhaps  float64
	// Placed is how sure it is that the sign-ins belong to the workspace.
	Placed Placed
}

// RecordedFigures are what the log says of a cell. Legitimate sign-ins only,
// but for Attack.
type RecordedFigures struct {
	SignIns float64
	Prompts Range // per person and week
	// Asked is the part of Prompts a policy can be behind (a second factor, or a
	// frequency label), per person and week: what replayed prompts compare with. The
	// rest are first factors of new sessions, which come under every policy set.
	Asked         Range
	Interval      Range   // 95 % bootstrap interval of Prompts, over people
	Blocks        Range   // per person and week
	FactorEntries float64 // in the window
	FailedFactors float64 // in the window
	Broken        float64 // in the window: re-authentication while the session was in use
	Frequency     float64 // in the window: prompts the log itself labels with sign-in frequency
	NeverPrompted Range   // share of people, 0 to 1
	WorstDecile   Range   // prompts per week of the tenth most prompted tenth
	Blocked       int     // people blocked at least once
	Seconds       Range   // friction seconds per person and week, low to high assumption
	SecondsMid    float64 // the same at the middle assumption
	Attack        float64 // sign-ins taken out as attack traffic
	Legacy        float64 // sign-ins of legacy clients
	NoRecord      float64 // sign-ins without any recorded policy evaluation
}

// ReplayedFigures are what one policy set does in a cell, by our engine.
type ReplayedFigures struct {
	Prompts    Range // per person and week
	Interval   Range // 95 % bootstrap interval of the middle of Prompts
	Blocks     Range // per person and week
	Broken     Range // in the window
	Seconds    Range // friction seconds per person and week, low to high
	SecondsMid float64
	// Risk is the expected number of hostile sign-ins, Residual what is left
	// after the controls the set asks for, both in the window.
	Risk           float64
	Residual       Range
	Attacks        float64 // sign-ins a finding calls hostile that had passed their first factor
	AttacksThrough Range   // those of them let through with no challenge
	Unknown        Range   // share of sign-ins whose verdict hangs on a missing fact, 0 to 1
	Uncovered      Range   // share of sign-ins no enabled policy applied to, 0 to 1
}

// Cause is the part of a cell's prompts one policy of the current set asks for.
// A prompt two policies ask for counts for both.
type Cause struct {
	Policy string
	// Clause is what in the policy asks, in words ("sign-in frequency 4 h"); "" when not told apart.
	Clause string
	// Share of the cell's replayed prompts, 0 to 1.
	Share Range
	// Attacks is how many sign-ins that a finding calls hostile it prompted or
	// blocked in the cell.
	Attacks float64
}

// Policy is what one policy of one set did over everybody, in the window.
type Policy struct {
	Set      int // index in Input.Sets
	ID, Name string
	State    string // enabled, reportOnly, disabled
	// Controls is what it demands, in words ("mfa", "block", "compliant device or mfa; sign-in frequency 4 h").
	Controls string
	Applied  float64 // sign-ins it applied to
	Unknown  float64 // sign-ins for which that cannot be told
	Prompts  Range
	Blocks   Range
	People   int     // people it prompted or blocked at least once, for certain
	Only     float64 // prompts or blocks no other policy of the set asks for as well
	RiskMet  float64 // expected hostile sign-ins among those it prompted or blocked
	Attacks  float64 // sign-ins a finding calls hostile that it prompted or blocked
	// Requests is the number of exception requests that name it.
	Requests int
	// Recorded are the log's own results for this policy; nil when it is not in the log.
	Recorded []Count
}

// Count is a named number.
type Count struct {
	Name string
	N    int64
}

// ChangeKind says what a candidate changes for a person.
type ChangeKind uint8

// The kinds, worst first.
const (
	NewlyBlocked ChangeKind = iota
	NewlyPrompted
	Relieved
)

var changeNames = []string{"newly blocked", "newly prompted", "relieved"}

func (k ChangeKind) String() string { return changeNames[k] }

// Change is what a candidate changes for one person against replayed current.
type Change struct {
	Set    int // index in Input.Sets, 1 or more
	Person string
	Groups string // groups of the person, for orientation; "" when not known
	Kind   ChangeKind
	// Delta is how many sign-ins in the window: blocked or prompted more, or for
	// Relieved asked less. A Low of 0 or less means it may be none.
	Delta Range
	// Certain is set when it happens whatever the log leaves open. A Delta.Low above
	// 0 says the same.
	Certain bool
	// Policy and Control name what is behind the example.
	Policy, Control string
	// Modelled is set for a person whom an exclusion spares today: the history shows
	// no prompts of the policy to start from.
	Modelled bool
	// Example is the event id of a sign-in that shows it, At when it was.
	Example string
	At      signin.Time
}

// Finding is one finding of a detector, resolved for showing.
type Finding struct {
	Detector string
	Severity risk.Severity
	Score    float64
	Person   string // "" for a finding about a network
	Time     signin.Time
	Subject  string   // event id to blame
	Events   []string // event ids concerned
	Evidence []risk.Fact
	Attack   bool
	// Suppressed is why it is not raised; "" when it is.
	Suppressed string
	// Rows are the sign-ins concerned, in order; nil when not fetched.
	Rows []FindingRow
	// Summary says what was seen in one sentence, Action what to do; "" where the facts do.
	Summary, Action string
	// Pairs are texts to be read side by side.
	Pairs []TextPair
}

// FindingRow is one sign-in of a finding, as an analyst wants to see it.
type FindingRow struct {
	ID      string
	Time    signin.Time
	IP      string
	Place   string
	Network string // autonomous system or network class
	App     string
	Device  string
	Outcome string
}

// Fidelity compares replayed current with the log for one policy, or for one
// condition of it.
type Fidelity struct {
	Policy    string // "" = all policies together, for a condition
	Condition string // "" = the policy's result as a whole
	Compared  int64  // recorded results our engine also decided
	Agree     int64
	Unknown   int64 // recorded results our engine could not decide
	// Worst is the most frequent disagreement in words ("log: success, replay: notApplied"); "" for none.
	Worst   string
	Example string // event id of one
}

// PromptFidelity says how many of the prompts that the log puts down to a policy
// replayed current asks for too. Recorded = Matched + Open + Missed, but for
// episodes that could not be compared.
type PromptFidelity struct {
	Recorded int64 // prompt episodes of the log with a policy behind them
	Matched  int64 // asked for whatever the log leaves open
	Open     int64 // asked for under one reading of what the log leaves open
	Missed   int64 // not asked for
}

// Constant is a number the figures depend on.
type Constant struct {
	Name           string // as in the configuration
	Doc            string
	Unit           string
	Low, Mid, High float64
	Source         string // where the figure comes from
	Cited          bool   // false: an assumption
}
