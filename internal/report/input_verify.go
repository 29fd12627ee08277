package report

// Verify is the whole comparison of replayed current with the log's own
// results: how often they agree, and why not where they do not. Input.Fidelity
// holds the figures the lead uses; this is what stands behind them.
type Verify struct {
	// Result is over all recorded results. Applied is the part of it in which the policy
	// applied, for the log or for the replay, Judged that without what an edit of the
	// policy may have decided, up to a day after it.
	Result, Applied, Judged Agreement
	// Basis is Applied.Agree by what the agreement rests on, any order.
	Basis []Basis
	// Edited is how many results came up to a day after the last edit of their policy.
	Edited int64
	// Attacks is how many sign-ins with recorded results are left out as attacks.
	Attacks  int64
	Policies []PolicyAgreement
	// Confusion counts recorded results by what the replay says; any order.
	Confusion []Confusion
	// Reasons explain disagreements and open evaluations, any order.
	Reasons []ReasonFigures
	// Learned are facts the log itself proved, "" lines left out; any are shown in order.
	Learned []LearnedFact
	// Plain reports that the agreement is of the policies without learned facts,
	// while the rest of the report uses them.
	Plain bool
	// Problems say what about the export limits the comparison, one sentence each.
	Problems []string
}

// Agreement counts comparisons. Unknown ones hang on a missing fact and are
// neither agreement nor not.
type Agreement struct{ Agree, Disagree, Unknown int64 }

// Add is the sum of both.
func (a Agreement) Add(b Agreement) Agreement {
	return Agreement{a.Agree + b.Agree, a.Disagree + b.Disagree, a.Unknown + b.Unknown}
}

// share is agreement among what could be told.
func (a Agreement) share() Value { return share(a.Agree, a.told()) }

// told is how many could be compared.
func (a Agreement) told() int64 { return a.Agree + a.Disagree }

func (a Agreement) all() int64 { return a.Agree + a.Disagree + a.Unknown }

// Basis is how many agreements rest on one thing.
type Basis struct {
	Words  string // "one result fits"
	Proves string // "much", "some", "little"
	// Loose: another result had agreed as well, and nothing tells which it should be.
	Loose bool
	N     int64
}

// loose is how many results agree only because either would.
func (y *Verify) loose() int64 {
	n := int64(0)
	for _, b := range y.Basis {
		if b.Loose {
			n += b.N
		}
	}
	return n
}

// PolicyAgreement is the agreement about one policy: its result, each group of
// conditions in the order Entra tests them, and the full mask of conditions.
type PolicyAgreement struct {
	Policy                         string
	Result, Applied                Agreement // Applied as in Verify
	Loose                          int64     // the part of Applied.Agree in which either result agrees
	Application, Users, Rest, Mask Agreement
	Edited                         int64
}

// Confusion is how often the log recorded one result where the replay says another thing.
type Confusion struct {
	Recorded string // Graph spelling
	Replayed string // in words
	N        int64
}

// ReasonFigures is one reason and how often it explains a miss.
type ReasonFigures struct {
	Code, Title, Doc, Supply string
	Order                    int // to break ties, as the reasons are tried
	Disagree, Unknown        int64
	Results                  int64 // the part of Disagree whose result differs; the rest differ in a condition only
	Learned                  int64 // the part that facts learned from the log settle
	Parts                    []ReasonPart
	Examples                 []ReasonExample
}

// ReasonPart is the share of one policy, one item of it and one subject.
type ReasonPart struct {
	Policy            string // "" = unknown
	Item, Subject     string // by name where known; "" for none
	Disagree, Unknown int64
	Results, Learned  int64 // as in ReasonFigures
}

// ReasonExample is a sign-in that shows it; its id is for analyze explain.
type ReasonExample struct {
	Policy, SignIn     string
	Recorded, Replayed string
	Conditions         []string
}

// LearnedFact is a line of what the log proved.
type LearnedFact struct {
	What  string // "Office365: resources that belong to it"
	N     int64
	Notes string // names of the first few; "" for none
}

// Number is a count as the report writes it, thousands separated.
func Number(n int64) string { return whole(float64(n)) }
