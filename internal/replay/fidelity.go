package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Fidelity is how far replayed current and the log agree, over the evaluations
// the log carries. It says how far to trust the replay of a candidate.
type Fidelity struct {
	// Listed rows carry evaluations, Empty ones an empty list, Silent ones none at
	// all. All rows empty means an export without the right to read policies, not
	// a tenant without policies (reference 2.3).
	Listed int64 `json:"listed"`
	Empty  int64 `json:"empty"`
	Silent int64 `json:"silent"`
	// Hidden counts results "unknownFutureValue": the export was made without the
	// header that shows report-only results (reference 2.3). They are compared with nothing.
	Hidden int64 `json:"hidden"`
	// Verdicts are episodes by recorded and replayed verdict; see Verdict*.
	Verdicts [4][4]int64     `json:"verdicts"`
	Prompted PromptAgreement `json:"prompted"`
	// Policies are those of the current set, in its order. One without any
	// evaluation was not in force, or has another id than the log's.
	Policies []PolicyFidelity `json:"policies"`
	// Strangers are policies the log has evaluated and the set lacks, by id.
	Strangers []Stranger `json:"strangers"`
	// Conditions are compared only where masks are (Config.Masks).
	Conditions []ConditionFidelity `json:"conditions"`
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

func (p *PromptAgreement) add(o PromptAgreement) {
	p.Recorded += o.Recorded
	p.Matched += o.Matched
	p.Open += o.Open
	p.Missed += o.Missed
}

// count takes in one recorded prompt; done is what replayed current was counted for.
func (p *PromptAgreement) count(done uint8) {
	p.Recorded++
	switch done & (countedPrompt<<low | countedPrompt<<high) {
	case countedPrompt<<low | countedPrompt<<high:
		p.Matched++
	case 0:
		p.Missed++
	default:
		p.Open++
	}
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

// Agreement counts comparisons. Unknown ones hang on a missing fact and are
// neither agreement nor not.
type Agreement struct {
	Agree    int64 `json:"agree"`
	Disagree int64 `json:"disagree"`
	Unknown  int64 `json:"unknown"`
}

func (a *Agreement) add(b Agreement) {
	a.Agree += b.Agree
	a.Disagree += b.Disagree
	a.Unknown += b.Unknown
}

func (a *Agreement) count(known, agree bool) {
	switch {
	case !known:
		a.Unknown++
	case agree:
		a.Agree++
	default:
		a.Disagree++
	}
}

// PolicyFidelity is the agreement about one policy.
type PolicyFidelity struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Class [4][4]int64 `json:"class"` // recorded class × replayed class
	// Result compares the recorded result with those our decision allows (a prompt
	// is recorded as failure before and success after it is answered), Group the
	// first group of conditions that fails, Mask the full masks (reference 2.4).
	// All three only with Config.Masks.
	Result Agreement `json:"result"`
	Group  Agreement `json:"group"`
	Mask   Agreement `json:"mask"`
	// Changed counts the evaluations up to a day after the policy was last changed:
	// the log may speak of an older version (reference 1.1).
	Changed  int64          `json:"changed"`
	Examples []Disagreement `json:"examples"` // the first few, by time
}

// Disagreement is one evaluation replay and log do not agree on.
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

// maxExamples is how many disagreements are kept per policy.
const maxExamples = 3

// Stranger is a policy of the log that the set lacks.
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

// conditionNames are the conditions by bit number (reference 2.4).
var conditionNames = [17]string{
	"application", "users", "devicePlatform", "location", "clientType", "signInRisk", "userRisk", "time",
	"deviceState", "client", "ipAddressSeenByAzureAD", "ipAddressSeenByResourceProvider", "unknownFutureValue",
	"servicePrincipals", "servicePrincipalRisk", "authenticationFlows", "insiderRisk",
}

func newFidelity(ps []*policy.Policy) Fidelity {
	f := Fidelity{Policies: []PolicyFidelity{}, Strangers: []Stranger{}}
	for _, p := range ps {
		f.Policies = append(f.Policies, PolicyFidelity{ID: p.ID, Name: p.Name, Examples: []Disagreement{}})
	}
	for _, n := range conditionNames {
		f.Conditions = append(f.Conditions, ConditionFidelity{Name: n})
	}
	return f
}
