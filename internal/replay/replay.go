// Package replay runs one person's sign-in history through policy sets and
// counts what each set does: prompts, blocks, broken sessions, and the risk it
// lets through, per group and workspace.
//
// Set 0 is the current policies, replayed; the others are candidates. A
// candidate is compared with replayed current, never with the log, so that what
// the engine gets wrong falls out of the difference. How often replayed current
// and the log agree stands beside it (Fidelity).
//
// The log cannot tell how old the proof behind a session is. Each set is
// therefore played in two worlds: in the low one every unknown falls in the
// person's favour (one clock per device, refreshed at every opportunity), in the
// high one against (a clock per app, refreshed only when that is proved). What
// differs is reported as bounds, never as a number in between.
//
// What replay does not model: a sign-in that a candidate blocks does not erase
// the later rows of that session (background rows right after it excepted), and
// people do not change what they do. Current is what was in force at each
// sign-in where its set carries dates, else its policies count for the whole
// history; a candidate always does.
//
// A person is never split over workers, one person's figures depend on that
// person's rows, the directory and the policies only, and tallies merge in any
// order to the same bytes.
package replay

import (
	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// History is one person's sign-ins in signin.Compare order. The rows are only
// read. Its fields are those of the dataset's history, so one converts to the other.
type History struct {
	Provider, Tenant, Principal string
	Rows                        []signin.Row
}

// Config says what to replay. It is shared by all workers and not modified.
type Config struct {
	// Engines are the policy sets: 0 is current, the others candidates.
	Engines []*policy.Engine
	// Baseline is the set that Changes compare the others with: 0, or the index of
	// today's policies where set 0 holds those in force over time, so that a
	// candidate is not credited with edits that were made before.
	Baseline int
	// Plain is the current set compiled without the facts learned from the log that
	// Engines[0] rests on, same policies in the same order: Fidelity then compares the
	// log with it, so that agreement is not with facts taken from the answers. nil =
	// Engines[0] itself.
	Plain *policy.Engine
	// Directory answers who was in which group when; nil knows nothing.
	Directory *directory.Directory
	// Groups are the group ids that make rows of the result, in the order wanted.
	Groups []string
	// Attribute says which workspaces a row belongs to, normally a fork of
	// directory.Attributor per worker; nil leaves workspaces out. The result is
	// used before the next call.
	Attribute func(row *signin.Row, sym *signin.Symbols) []directory.Share
	// Pass is the share of hostile sign-ins that get past a grant control, by its
	// Graph spelling ("none" for no control, "phishingResistant" for a strength only
	// such methods meet); nil means the middle estimates of risk.Pass.
	Pass func(control string) float64
	// Masks compares the full condition masks with the recorded ones. Without it
	// only result classes are compared, which costs nothing.
	Masks bool
	// RememberMFA is the tenant's "remember multifactor authentication on trusted
	// devices" (a setting of the legacy MFA page; reference 1.10, rule 9); 0 = off.
	RememberMFA signin.Time
	// Decisions, when set, is called for every row that reached policy and every
	// set, in order of row and set. The pointer is valid during the call.
	Decisions func(*Decision)

	// fresh starts each session with no proof instead of with nothing known; see Session.
	fresh bool
	// evaluator asks for set 0, with the context it was given; see Session.
	evaluator *policy.Evaluator
	// watch is told the state of each set before each row; see One.
	watch func(set, row int, s policy.State)
}

// Need is every column a Worker reads, those of the engines included. The
// columns of Attribute are its own business: see directory.Attributor.Need.
func (c *Config) Need() signin.Need {
	n := signin.NeedDims(
		signin.DimProvider, signin.DimPrincipal, signin.DimDevice, signin.DimOS, signin.DimBrowser, signin.DimUserAgent,
		signin.DimApp, signin.DimClient, signin.DimCredential, signin.DimIncomingToken,
		signin.DimPolicies, signin.DimPolicyStatus, signin.DimFactors, signin.DimMethods,
		signin.DimDemanded, signin.DimLifetimes, signin.DimProtocol, signin.DimTransfer, signin.DimIPFromResource,
	)
	n = n.Or(signin.NeedDims(signin.DimIP, signin.DimCode, signin.DimHomeTenant, signin.DimResourceTenant))
	n.IDs[signin.IDCorrelation], n.IDs[signin.IDOriginal], n.IDs[signin.IDSession] = true, true, true
	for _, e := range c.Engines {
		n = n.Or(e.Need())
	}
	if c.Plain != nil {
		n = n.Or(c.Plain.Need())
	}
	// What the reasons tell disagreements apart by.
	return n.Or(signin.NeedDims(signin.DimResource, signin.DimCountry, signin.DimRiskLevel))
}

func (c *Config) pass(control string) float64 {
	if c.Pass != nil {
		return c.Pass(control)
	}
	e, _ := risk.Pass(control)
	return e.Mid
}
