package report

// Rollup is what one of today's policies costs and what it catches, from every
// source there is. Policies that are not enabled are told as what they would do.
type Rollup struct {
	ID, Name, State string
	// Prompts and Blocks are episodes in the window, by replay; People whom they
	// touched for certain.
	Prompts, Blocks Range
	People          int
	// Cost is the friction in seconds over the window at the low, middle and high
	// assumptions: prompts, blocks, and the time for requests and their approval.
	Cost Levels

	// Requests is nil where no exception requests were given.
	Requests *RollupRequests
	// Workarounds is nil where the log does not tell which policy refused whom.
	Workarounds *RollupWorkarounds

	// Growth is the net number of people added to its exclusion groups a month, Net in
	// the window; unknown without an audit log or dated exports.
	Net    Range
	Growth Range
	// Orphans are additions with no request behind them.
	Orphans Range
	// Excluded are people whom an exclusion of it spared, Spared their sign-ins.
	Excluded int
	Spared   float64

	// Hostile are sign-ins that a finding calls hostile and that it challenged or
	// refused. Stopped are the hostile sign-ins expected to fail at it, at the low,
	// middle and high estimate of what gets past its controls.
	Hostile float64
	Stopped Levels
	// Labelled are the confirmed incidents it challenged or refused; unknown without labels.
	Labelled Range
}

// RollupRequests are the exception requests about a policy.
type RollupRequests struct {
	Requests, People int
	RepeatShare      float64 // that came within 30 days of the end of the same person's one before
}

// RollupWorkarounds are the ways round a policy that people took.
type RollupWorkarounds struct {
	Cases, People int
	// Lift is how much more often than at other times people take another way after
	// being stopped; Interval its 95 % interval. Unknown: nothing to compare with.
	Lift, Interval Range
	// Route is the way they are about, where one is a pattern; "" = all ways together.
	Route string
	// Named: at least five people, and not by chance.
	Named bool
}

// Levels is a figure at the low, middle and high assumption.
type Levels struct{ Low, Mid, High float64 }

func (l Levels) each() [3]float64 { return [3]float64{l.Low, l.Mid, l.High} }

func (l Levels) bounds() Range { return Between(l.Low, l.High) }
