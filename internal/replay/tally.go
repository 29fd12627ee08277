package replay

import (
	"frisk/internal/signin"
)

// Bounds is a figure that hangs on what the log cannot tell. Low is the figure
// when every unknown falls in the person's favour, High when against. One
// person's two may have swapped; they are put in order for each person, cell,
// policy and clause before anything is added up, so that Low <= High everywhere
// in a Tally.
type Bounds struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Cell is group × workspace. Group "" is everybody (each person once);
// Workspace "" is all work together. UnknownWorkspace is the column of
// sign-ins whose workspace cannot be told.
type Cell struct {
	Group     string `json:"group"`     // group id
	Workspace string `json:"workspace"` // workspace name
}

// UnknownWorkspace names the column of sign-ins to a workspace app whose
// workspace is unknown; OtherWork the column of sign-ins to anything else.
const (
	UnknownWorkspace = "unknown workspace"
	OtherWork        = "other work"
)

// Recorded is what the log says happened to one person in one cell. Sign-ins
// shared by several workspaces count by share, hence floats. Attack traffic is
// in none of the figures but Attack.
type Recorded struct {
	SignIns       float64 `json:"signIns"`  // rows that reached policy (first factor accepted)
	Episodes      float64 `json:"episodes"` // attempts that reached policy: rows of one correlation within ten minutes
	FactorEntries float64 `json:"factorEntries"`
	Prompts       float64 `json:"prompts"` // episodes with at least one factor entry
	// Asked is the part of Prompts with a second factor or a frequency label: what
	// policies can be behind, and what replayed prompts compare with. The rest are
	// first factors of new sessions, which come under every set.
	Asked         float64 `json:"asked"`
	FailedFactors float64 `json:"failedFactors"`
	Interrupts    float64 `json:"interrupts"`  // rows that asked for something that is not a credential
	Blocks        float64 `json:"blocks"`      // episodes whose last row a policy refused
	Frequency     float64 `json:"frequency"`   // prompts the log itself blames on sign-in frequency
	Broken        float64 `json:"broken"`      // re-authentications demanded while the session was in use
	FirstFactor   float64 `json:"firstFactor"` // rows that failed at the first factor and are not attack
	Attack        float64 `json:"attack"`      // rows taken out as attack traffic
	Legacy        float64 `json:"legacy"`      // rows of legacy clients
	NoRecord      float64 `json:"noRecord"`    // rows that carry no policy evaluations at all
}

// Outcome is what one policy set does to one person in one cell, by our engine.
type Outcome struct {
	// Prompts are episodes in which the set asks the person for something,
	// Entries the factors it asks for. First factors of new sessions, which no
	// policy asks for, are in neither: see Recorded.Asked.
	Prompts Bounds `json:"prompts"`
	Entries Bounds `json:"entries"`
	Blocks  Bounds `json:"blocks"`
	Broken  Bounds `json:"broken"` // prompts that fall into a session in use
	// Unknown counts sign-ins whose verdict hangs on a missing fact.
	Unknown float64 `json:"unknown"`
	// Risk is Σ score over sign-ins, attack traffic included; Residual what passes
	// after the controls met (pass-through constants in risk); Stopped what a block ends.
	Risk     float64 `json:"risk"`
	Residual Bounds  `json:"residual"`
	Stopped  Bounds  `json:"stopped"`
	// Attacks and AttacksThrough count sign-ins blamed by a finding at or above the
	// attack threshold that had passed their first factor, and those let through with no challenge.
	Attacks        float64 `json:"attacks"`
	AttacksThrough Bounds  `json:"attacksThrough"`
	// Uncovered counts sign-ins no enabled policy applied to.
	Uncovered float64 `json:"uncovered"`
}

// PersonCell is one person's part of one cell: the unit everything is summed
// and bootstrapped from. Sets[0] is replayed current, Sets[i] candidate i.
type PersonCell struct {
	Person   string    `json:"person"`
	Cell     Cell      `json:"cell"`
	Recorded Recorded  `json:"recorded"`
	Sets     []Outcome `json:"sets"`
	// Excluded counts the sign-ins from which an exclusion spared the person a policy
	// of set 0 that would have asked something of them: see Worker.spare. Perhaps
	// counts those of which that is not known.
	Excluded float64 `json:"excluded"`
	Perhaps  float64 `json:"perhapsExcluded"`
	// TierWeight is the recorded sign-ins by workspace attribution tier (index directory.Tier).
	TierWeight [5]float64 `json:"tierWeight"`
}

// PolicyOutcome is what one policy of one set did, over everybody. Of a
// report-only policy, whose state SetInfo holds, it is what the policy would have
// done: its prompts and blocks are in nobody's Outcome, and Only stays 0. They are
// counted per attempt, as in the log: nobody answers such a policy, so its demand
// comes back until the session has the proof for another reason. A disabled
// policy is not evaluated: all its figures but Recorded are 0.
type PolicyOutcome struct {
	Set     int     `json:"set"`
	Policy  int     `json:"policy"` // index in the set
	Applied float64 `json:"applied"`
	Unknown float64 `json:"unknown"`
	Prompts Bounds  `json:"prompts"`
	Blocks  Bounds  `json:"blocks"`
	People  float64 `json:"people"`  // people it prompted or blocked at least once, for certain
	Only    float64 `json:"only"`    // prompts or blocks no other policy of the set asks for as well
	RiskMet float64 `json:"riskMet"` // Σ score of the sign-ins it prompted or blocked
	Attacks float64 `json:"attacks"` // attack sign-ins it prompted or blocked
	// Confirmed are sign-ins that a label calls compromised and that it prompted or
	// blocked; see Worker.Confirmed.
	Confirmed float64 `json:"confirmed,omitempty"`
	Recorded  Results `json:"recorded"` // the log's own results for this policy; set 0 only
	// Spared are the sign-ins that it would have applied to, were it not for an
	// exclusion of the person, and SparedPeople whose they are; set 0 only.
	Spared       float64 `json:"spared,omitempty"`
	SparedPeople float64 `json:"sparedPeople,omitempty"`
}

// Results counts recorded results of one policy by Graph result.
type Results map[string]int64

// Change is what a candidate changes for one person against replayed current,
// net over the history. One person has at most one of NewlyPrompted and Relieved
// for a set: where the bounds allow both it is the likelier by their middle, not
// Certain, and Delta.Low is negative. Who is blocked is not relieved of prompts.
type Change struct {
	Set     int        `json:"set"`
	Person  string     `json:"person"`
	Kind    string     `json:"kind"`    // NewlyBlocked, NewlyPrompted, Relieved
	Delta   Bounds     `json:"delta"`   // episodes over the span, more (or, for relieved, fewer) than current, in the same world
	Certain bool       `json:"certain"` // in both worlds: Delta.Low > 0
	Example signin.Ref `json:"example"` // a sign-in of the person which itself shows it; refs hold for one snapshot of the dataset
	Policy  int        `json:"policy"`  // the policy of the candidate (or, for relieved, of current) behind the example; -1 = none to name
	Control string     `json:"control"` // what it asks for: a control's name or ControlPersistentBrowser
	// At is when the example was; 0 = no row of the log shows it and Example means
	// nothing: the change lies in work nobody logged (interactive rows only), in
	// a browser that may have been closed, or in what moves between sign-ins.
	At signin.Time `json:"at"`
	// Modelled is set for a person whom an exclusion of set 0 spares: their history
	// shows no prompts of the policy to start from.
	Modelled bool `json:"modelled,omitempty"`
}

// Cause is the part of a cell's replayed current prompts that one clause of one
// policy asks for. A prompt two policies ask for counts for both.
type Cause struct {
	Cell    Cell    `json:"cell"`
	Policy  int     `json:"policy"`  // index in set 0
	Clause  string  `json:"clause"`  // ClauseGrant or ClauseFrequency
	Prompts Bounds  `json:"prompts"` // by workspace share, like the cell's own; of accounts without a spared sign-in
	Attacks float64 `json:"attacks"` // attack sign-ins the policy prompted or blocked here; with ClauseGrant
}

// The clauses of a policy that ask for something.
const (
	ClauseGrant     = "grant"
	ClauseFrequency = "signInFrequency"
)

// The kinds of Change, by Delta.High: more blocks, more prompts, fewer of both together.
const (
	NewlyBlocked  = "newlyBlocked"
	NewlyPrompted = "newlyPrompted"
	Relieved      = "relieved"
)

// SetInfo names one policy set of a Tally, so that a stored one can be read.
type SetInfo struct {
	Name     string       `json:"name"`
	Policies []PolicyInfo `json:"policies"`
}

// PolicyInfo names one policy.
type PolicyInfo struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	State   string `json:"state"`
	Version int    `json:"version,omitempty"` // of a set with dates; versions of a policy share its id
}

// OutOfScope counts rows these policies have no say in.
type OutOfScope struct {
	OtherProvider int64 `json:"otherProvider"`
	Outbound      int64 `json:"outbound"` // our people at another tenant's resource
	// OtherTenant are people of another tenant in that tenant's own log.
	OtherTenant     int64 `json:"otherTenant"`
	ManagedIdentity int64 `json:"managedIdentity"`
}

// Workload is what the sets do to service principals: nobody is prompted there.
type Workload struct {
	SignIns int64    `json:"signIns"`
	Blocks  []Bounds `json:"blocks"` // by set
}

// Missing counts sign-ins whose verdict under a set hangs on one fact.
type Missing struct {
	Set    int    `json:"set"`
	Policy int    `json:"policy"` // -1 when it is not a condition
	Fact   string `json:"fact"`   // a condition's name, or SessionFact
	Count  int64  `json:"count"`
}

// Labelled counts sign-ins by the session lifetime setting the log blames
// (sessionLifetimePolicies, reference 1.10 rule 13).
type Labelled struct {
	Frequency int64 `json:"frequency"` // sign-in frequency, a refused refresh (70043) included
	// Remembered are those of "remember multifactor authentication", which is a
	// tenant setting: with any of them, Config.RememberMFA should be given.
	Remembered int64 `json:"remembered"`
}

// SessionFact is the missing fact when every condition is known: how old the
// session's proof is, what it consists of, or a control no row shows.
const SessionFact = "session"

// Tally is what replay knows about a set of people. Tallies of disjoint sets of
// people merge in any order and grouping to the same value, and their JSON
// encoding is stable.
type Tally struct {
	Schema     int               `json:"schema"`
	Sets       []SetInfo         `json:"sets"`
	Groups     []string          `json:"groups"`
	Workspaces []string          `json:"workspaces"`
	Rows       int64             `json:"rows"`
	Streams    [5]int64          `json:"streams"` // rows by signin.Stream
	From       signin.Time       `json:"from"`    // first and last row; 0 = none
	To         signin.Time       `json:"to"`
	People     []PersonCell      `json:"people"`   // by person, group, workspace
	Policies   [][]PolicyOutcome `json:"policies"` // by set, then policy
	Causes     []Cause           `json:"causes"`   // by group, workspace, policy, clause
	Changes    []Change          `json:"changes"`  // by set, kind, person
	Missing    []Missing         `json:"missing"`  // by set, policy, fact
	OutOfScope OutOfScope        `json:"outOfScope"`
	Providers  []ProviderTally   `json:"providers"` // by provider and tenant
	Workload   Workload          `json:"workload"`
	// UnknownMembers counts, by group of Groups, people of whom it is not known
	// whether they belong.
	UnknownMembers []int64 `json:"unknownMembers"`
	// MissingMethod counts, by set, the people the set asks, in either world, for
	// an authentication strength none of whose combinations they were ever seen to
	// use: looking back, they would have had to register a method first. People of
	// whom the log lists no authentication step are not counted.
	MissingMethod []int64 `json:"missingMethod"`
	// Labelled counts sign-ins that the log says a session lifetime setting interrupted.
	Labelled Labelled `json:"labelled"`
	Fidelity Fidelity `json:"fidelity"`
}

// TallySchema is the version of a Tally's JSON form.
const TallySchema = 1

// InteractiveOnly reports that the log holds no background rows: activity that
// a stricter frequency would interrupt is not to be seen, and the low side of
// every candidate is too low (reference 1.10).
func (t *Tally) InteractiveOnly() bool {
	rows, background := t.Foreign()
	return t.Rows > rows && t.Streams[signin.NonInteractive] == background
}

// Weeks is the span of the log in weeks, at least one day.
func (t *Tally) Weeks() float64 {
	return max(float64(t.To-t.From), float64(signin.Day)) / float64(7*signin.Day)
}

func newTally(c *Config) *Tally {
	t := &Tally{
		Schema: TallySchema, Groups: append([]string{}, c.Groups...), Workspaces: []string{},
		Sets: []SetInfo{}, People: []PersonCell{}, Policies: [][]PolicyOutcome{}, Causes: []Cause{}, Changes: []Change{}, Missing: []Missing{},
		Providers: []ProviderTally{}, UnknownMembers: make([]int64, len(c.Groups)), MissingMethod: make([]int64, len(c.Engines)),
	}
	if c.Directory != nil && c.Attribute != nil {
		for i := range c.Directory.Workspaces {
			t.Workspaces = append(t.Workspaces, c.Directory.Workspaces[i].Name)
		}
	}
	t.Workload.Blocks = make([]Bounds, len(c.Engines))
	for n, e := range c.Engines {
		info := SetInfo{Name: e.Set().Name, Policies: []PolicyInfo{}}
		outcomes := make([]PolicyOutcome, len(e.Set().Policies))
		for i, p := range e.Set().Policies {
			info.Policies = append(info.Policies, PolicyInfo{p.ID, p.Name, p.State.String(), p.Version})
			outcomes[i] = PolicyOutcome{Set: n, Policy: i}
			if n == 0 {
				outcomes[i].Recorded = Results{}
			}
		}
		t.Sets = append(t.Sets, info)
		t.Policies = append(t.Policies, outcomes)
	}
	if len(c.Engines) > 0 {
		t.Fidelity = newFidelity(c.Engines[0].Set().Policies)
	}
	return t
}

// column is the workspace name of a column of the cell table.
func (t *Tally) column(n int) string {
	switch n {
	case allWork:
		return ""
	case unknownWork:
		return UnknownWorkspace
	case otherWork:
		return OtherWork
	}
	return t.Workspaces[n-firstWorkspace]
}
