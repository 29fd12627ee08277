package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Fidelity is how far replayed current and the log agree, over the evaluations
// the log carries, and why where they do not. It says how far to trust the
// replay of a candidate.
type Fidelity struct {
	// Listed rows carry evaluations, Empty ones an empty list, Silent ones none at
	// all. All rows empty means an export without the right to read policies, not
	// a tenant without policies (reference 2.3).
	Listed int64 `json:"listed"`
	Empty  int64 `json:"empty"`
	Silent int64 `json:"silent"`
	// Attacks are rows that carry evaluations and are compared with nothing: a
	// finding blames them on an attack, and no set's replay counts them.
	Attacks int64 `json:"attacks"`
	// Hidden counts results "unknownFutureValue": the export was made without the
	// header that shows report-only results (reference 2.3). They are compared with nothing.
	Hidden int64 `json:"hidden"`
	// Bare counts evaluations of policies that are on whose condition masks the log
	// lacks: which condition failed is then not compared.
	Bare int64 `json:"bare"`
	// Verdicts are episodes by recorded and replayed verdict; see Verdict*.
	Verdicts [4][4]int64     `json:"verdicts"`
	Prompted PromptAgreement `json:"prompted"`
	// Policies are those of the current set, in its order. One without any
	// evaluation was not in force, or has another id than the log's.
	Policies []PolicyFidelity `json:"policies"`
	// Strangers are policies the log has evaluated and the set lacks, by id; Outside
	// policies of the set of which no version is known for the time of the evaluation.
	Strangers []Stranger `json:"strangers"`
	Outside   []Stranger `json:"outside"`
	// Conditions are compared only where masks are (Config.Masks).
	Conditions []ConditionFidelity `json:"conditions"`
	// Reasons say why evaluations disagree or stay unknown; by order of Reasons(),
	// then policy, item, subject. Only with Config.Masks.
	Reasons []ReasonCount `json:"reasons"`
}

// PromptAgreement is how many of the prompts that a policy can be behind
// (episodes counted in Recorded.Asked, of people, in scope) replayed current asks
// for in the same episode: Matched in both worlds, Open in one, Missed in none.
// A prompt that replay sees in a neighbouring episode is missed.
type PromptAgreement struct {
	Recorded int64 `json:"recorded"`
	Matched  int64 `json:"matched"`
	Open     int64 `json:"open"`
	Missed   int64 `json:"missed"`
}

// Verdicts of an episode, as indexes of Fidelity.Verdicts. VerdictOther is, for
// the log, an episode that ended for a reason no policy gave and, for replay,
// one whose verdict is unknown.
const (
	VerdictAllow = iota
	VerdictPrompt
	VerdictBlock
	VerdictOther
)

// Classes of an evaluation, as indexes of PolicyFidelity.Class. ClassUnknown
// is, for the log, a hidden result and, for replay, a condition nobody can tell.
const (
	ClassApplied = iota
	ClassNotApplied
	ClassUnknown
	ClassNotEnabled
)

var classNames = [4]string{"applied", "notApplied", "unknown", "notEnabled"}

// Groups of conditions, in the order Entra tests them (reference 2.4), as
// indexes of PolicyFidelity.Groups.
const (
	GroupApplication = iota
	GroupUsers
	GroupRest
	numGroups
)

// GroupNames are the groups of conditions by number.
var GroupNames = [numGroups]string{"application", "users", "other conditions"}

// Agreement counts comparisons. Unknown ones hang on a missing fact and are
// neither agreement nor not.
type Agreement struct {
	Agree    int64 `json:"agree"`
	Disagree int64 `json:"disagree"`
	Unknown  int64 `json:"unknown"`
}

// PolicyFidelity is the agreement about one policy.
type PolicyFidelity struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Class [4][4]int64 `json:"class"` // recorded class × replayed class
	// Result compares the recorded result with those our decision allows (a prompt
	// is recorded as failure before and success after it is answered), Group the
	// first group of conditions that fails, Mask the full masks (reference 2.4).
	// Groups compares each group where both sides tested it. All only with Config.Masks.
	Result Agreement            `json:"result"`
	Group  Agreement            `json:"group"`
	Mask   Agreement            `json:"mask"`
	Groups [numGroups]Agreement `json:"groups"`
	// Results are recorded results (rows, see ResultNames) by what replay says
	// (columns, Outcome*); hidden ones are the last row. Only with Config.Masks.
	Results [numResults][numOutcomes]int64 `json:"results"`
	// Changed counts the evaluations up to a day after the policy was last changed:
	// the log may speak of an older version (reference 1.1).
	Changed int64 `json:"changed"`
	// Applied is the part of Result in which the policy applied, for the log or for
	// replay: "not applied" is easy to agree on, and most evaluations are that.
	// Fresh is the part of it that an edit may have decided, as in Changed.
	Applied Agreement `json:"applied"`
	Fresh   Agreement `json:"fresh"`
	// Basis is Applied.Agree by what the agreement rests on.
	Basis    [numBases]int64 `json:"basis"`
	Examples []Disagreement  `json:"examples"` // the first few, by time
}

// Judged is Applied without the evaluations that an
// edit of the policy may have decided.
func (p *PolicyFidelity) Judged() Agreement {
	a, b := p.Applied, p.Fresh
	return Agreement{a.Agree - b.Agree, a.Disagree - b.Disagree, a.Unknown - b.Unknown}
}

// Loose is how many results agree only because replay allows both a met and an
// unmet demand; see Basis.
func (p *PolicyFidelity) Loose() int64 {
	n := int64(0)
	for b := range numBases {
		if b.Loose() {
			n += p.Basis[b]
		}
	}
	return n
}

// Disagreement is one evaluation replay and log do not agree on, or that replay
// cannot tell.
type Disagreement struct {
	At       signin.Time `json:"at"`
	Person   string      `json:"person"`
	Ref      signin.Ref  `json:"ref"`
	Recorded string      `json:"recorded"`
	Replayed string      `json:"replayed"`
	// Why are the conditions that differ, when the log carries masks, else those
	// that decided ours; SessionFact when the conditions agree and the result does not.
	Why []string `json:"why"`
}

// maxExamples is how many disagreements are kept per policy and per reason.
const maxExamples = 3

// Stranger is a policy of the log that cannot be compared.
type Stranger struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// ConditionFidelity is the agreement about one condition over all policies.
// Rows are the log's answer, columns ours: satisfied, not satisfied, and, last,
// not tested; ours has unknown before that.
type ConditionFidelity struct {
	Name  string      `json:"name"`
	Table [3][4]int64 `json:"table"`
}

// ReasonCount is how often one Reason explains that one policy's evaluations
// disagree, or that replay cannot tell. One disagreement has one reason; an
// evaluation that hangs on two facts counts for both.
type ReasonCount struct {
	Code   string `json:"code"`   // of a Reason
	Policy int    `json:"policy"` // index in set 0; -1 = a policy the set lacks
	// Item is what of the policy is in question: a group, role or location id, an
	// app group's name, the underlying reason of policy-edited; "" for none.
	Item string `json:"item,omitempty"`
	// Subject is what of the sign-ins is: the resource id of an app group question,
	// a country, a client; "" for none.
	Subject  string `json:"subject,omitempty"`
	Disagree int64  `json:"disagree"`
	// Results is the part of Disagree in which the recorded result differs: the rest
	// differ in a condition, and the result is the same all the same.
	Results int64 `json:"results"`
	Unknown int64 `json:"unknown"`
	// Learned is the part of both that facts learned from the log itself would settle.
	Learned  int64          `json:"learned"`
	Examples []Disagreement `json:"examples"` // the first few, by time
}

func newFidelity(ps []*policy.Policy) Fidelity {
	f := Fidelity{Policies: []PolicyFidelity{}, Strangers: []Stranger{}, Outside: []Stranger{}, Reasons: []ReasonCount{}}
	for _, p := range ps {
		f.Policies = append(f.Policies, PolicyFidelity{ID: p.ID, Name: p.Name, Examples: []Disagreement{}})
	}
	for _, n := range conditionNames {
		f.Conditions = append(f.Conditions, ConditionFidelity{Name: n})
	}
	return f
}
