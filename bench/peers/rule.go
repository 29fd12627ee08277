// Package peers compares frisk's policy engine with three general policy
// engines, OPA, cel-go and cedar-go, on the same policies and the same rows:
// first the decisions, row by row, then the time. See README.md.
package peers

import "fmt"

// Rule is one Conditional Access policy in the part that all four engines can
// say. An empty list is not configured.
type Rule struct {
	ID                     string
	Include, Exclude       []string // group ids; no Include = all users
	Apps, NotApps          []string // app ids; no Apps = all resources
	Clients                []string // browser, mobileAppsAndDesktopClients, exchangeActiveSync, other
	Platforms, NotPlatform []string // windows, iOS, ...
	Untrusted              bool     // locations: all but the trusted ones
	Countries              []string // outside these countries
	Risks                  []string // sign-in risk levels
	DeviceCode             bool     // authentication flow
	Block                  bool     // else MFA is required
}

// Fact is one sign-in as the peers are given it: worked out beforehand, so that
// they do not pay for it. frisk works the same out from the row itself.
type Fact struct {
	Groups     []string // ids, nested memberships followed
	Resource   string
	Client     string // as in Rule.Clients
	Platform   string
	Trusted    bool // the address lies in a trusted named location
	Country    string
	Risk       string
	DeviceCode bool
	MFA        bool // the session carries an MFA claim
}

// Demands is the set of rules, by index, that refuse the sign-in or ask for a
// factor it has not given.
type Demands uint64

// engine is one contender: what the rules demand of the prepared fact i.
type engine interface {
	demands(i int) Demands
}

// realistic is the policy of the single-policy benchmark.
func realistic(t *tenant) []Rule { return twenty(t)[:1] }

// twenty are variations over the groups, apps and places of the sample tenant.
func twenty(t *tenant) []Rule { return rules(t, 0) }

// sixty are the twenty over other groups as well.
func sixty(t *tenant) []Rule {
	var out []Rule
	for shift := range 3 {
		out = append(out, rules(t, 7*shift)...)
	}
	for i := range out {
		out[i].ID = fmt.Sprintf("p%02d", i)
	}
	return out
}

func rules(t *tenant, shift int) []Rule {
	const (
		graph  = "00000003-0000-0000-c000-000000000000"
		arm    = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
		studio = "cb2ff863-7f30-4ced-ab89-a00194bcf6d9"
		ml     = "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe"
	)
	g := func(i int) []string { return []string{t.groups[(i+shift)%len(t.groups)]} }
	modern := []string{"browser", "mobileAppsAndDesktopClients"}
	return []Rule{
		{ID: "p00", Exclude: g(0), Apps: []string{graph, studio, ml}, Clients: modern, NotPlatform: []string{"linux"}, Untrusted: true},
		{ID: "p01", Exclude: g(0), Clients: []string{"exchangeActiveSync", "other"}, Block: true},
		{ID: "p02", Exclude: g(0)},
		{ID: "p03", Include: g(1), Apps: []string{ml, studio}, Untrusted: true},
		{ID: "p04", Include: g(2), Exclude: g(0), Clients: modern},
		{ID: "p05", Exclude: g(1), Countries: []string{"DE", "US", "IN", "NL"}, Block: true},
		{ID: "p06", Risks: []string{"high"}, Block: true},
		{ID: "p07", Exclude: g(0), Risks: []string{"medium", "high"}},
		{ID: "p08", Exclude: g(2), DeviceCode: true, Block: true},
		{ID: "p09", Platforms: []string{"iOS", "android"}, Clients: modern},
		{ID: "p10", NotPlatform: []string{"windows", "macOS", "linux", "iOS"}, Block: true},
		{ID: "p11", Include: g(3), Apps: []string{graph}, Untrusted: true},
		{ID: "p12", Include: append(g(1), g(2)...), Exclude: g(3), NotApps: []string{graph}},
		{ID: "p13", Exclude: g(4), Apps: []string{ml, arm}, Platforms: []string{"windows"}, Untrusted: true},
		{ID: "p14", Include: g(4), Countries: []string{"DE"}, Clients: []string{"browser"}},
		{ID: "p15", Exclude: append(g(0), g(5)...), Apps: []string{ml}, Platforms: []string{"macOS"}},
		{ID: "p16", Include: g(5), Clients: []string{"mobileAppsAndDesktopClients"}, Untrusted: true, Block: true},
		{ID: "p17", Include: g(6), NotApps: []string{ml, studio}, Risks: []string{"low", "medium", "high"}},
		{ID: "p18", Exclude: g(6), Apps: []string{arm, ml}, DeviceCode: true},
		{ID: "p19", Exclude: g(0), Platforms: []string{"linux"}, Countries: []string{"US"}, Clients: modern},
	}
}
