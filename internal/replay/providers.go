package replay

import (
	"cmp"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// OutboundTenant is the Tenant of a ProviderTally that holds what our people did
// at resources of other tenants, which are too many to list.
const OutboundTenant = "other tenants"

// ProviderTally is what the log itself says about the people of one provider and
// tenant. Cells hold only what the replayed policies had a say in; these figures
// hold everybody, so that what was not replayed is seen. Attack traffic is in
// Rows and Attack only, service identities in Rows only.
type ProviderTally struct {
	Provider string `json:"provider"`
	Tenant   string `json:"tenant"`
	Rows     int64  `json:"rows"`
	// Background are the rows of the non-interactive stream.
	Background int64 `json:"background"`
	Attack     int64 `json:"attack"`
	Accounts   int64 `json:"accounts"` // with at least one sign-in
	SignIns    int64 `json:"signIns"`  // rows that got past their first factor
	Replayed   int64 `json:"replayed"` // of SignIns, those the policies decided
	// FirstFactor are tries refused at the first factor, each counted once
	// however many rows describe it.
	FirstFactor   int64 `json:"firstFactor"`
	Episodes      int64 `json:"episodes"`  // attempts that got past their first factor
	Succeeded     int64 `json:"succeeded"` // of Episodes, by their last row
	Prompts       int64 `json:"prompts"`   // episodes with a factor entry
	Asked         int64 `json:"asked"`     // of Prompts, those with a second factor of their own
	FactorEntries int64 `json:"factorEntries"`
	FailedFactors int64 `json:"failedFactors"`
	Blocks        int64 `json:"blocks"` // episodes whose last row a policy refused
}

// elsewhere is the account at hand as its provider's log shows it: in its own
// tenant, and at others.
type elsewhere struct {
	here, away ProviderTally
	table      map[[2]string]*ProviderTally
}

// ours reports that a provider's rows are for Conditional Access to decide.
func ours(provider string) bool { return provider == "" || provider == "entra" }

// provider counts row i in the figures of its provider.
func (w *Worker) provider(i int) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	c := &w.logs.here
	if w.abroad(r) && !w.resident(r) {
		c = &w.logs.away
	}
	c.Rows++
	if r.Stream() == signin.NonInteractive {
		c.Background++
	}
	if f.flag&human == 0 {
		return
	}
	if f.flag&attack != 0 {
		c.Attack++
		return
	}
	if r.Reason().FirstFactorFailed() && f.flag&again == 0 {
		c.FirstFactor++
	}
	if f.flag&reached != 0 {
		c.SignIns++
		if f.scope == policy.InScope && len(w.sets) > 0 {
			c.Replayed++
		}
	}
	e := &w.p.episodes[f.episode]
	if e.last != int32(i) || e.attack || !e.reached { //nolint:gosec // rows of one person
		return
	}
	c.Episodes++
	c.FactorEntries += int64(e.entries)
	c.FailedFactors += int64(e.failed)
	if r.Outcome() == signin.Success {
		c.Succeeded++
	}
	if e.entries > 0 {
		c.Prompts++
		if e.prompted() {
			c.Asked++
		}
	}
	if r.Reason().PolicyBlocked() {
		c.Blocks++
	}
}

// abroad reports a resource of an Entra tenant other than the one whose policies
// are replayed.
func (w *Worker) abroad(r *signin.Row) bool {
	return !w.p.foreign && *w.t.abroad.get(w.t.sym[signin.DimResourceTenant], r.C[signin.DimResourceTenant])
}

// resident reports that the row's tenant is the account's own: a second tenant's
// log, and not our people abroad.
func (w *Worker) resident(r *signin.Row) bool {
	home, at := r.C[signin.DimHomeTenant], r.C[signin.DimResourceTenant]
	if home == 0 || at == 0 {
		return false
	}
	return strings.EqualFold(w.t.sym[signin.DimHomeTenant].Text(home), w.t.sym[signin.DimResourceTenant].Text(at))
}

// close adds the account at hand to the table.
func (x *elsewhere) close(provider, tenant string) {
	if x.table == nil {
		x.table = map[[2]string]*ProviderTally{}
	}
	x.here.Provider, x.here.Tenant = provider, tenant
	x.away.Provider, x.away.Tenant = provider, OutboundTenant
	for _, c := range [...]*ProviderTally{&x.here, &x.away} {
		if c.SignIns > 0 {
			c.Accounts = 1
		}
		if c.Rows == 0 {
			continue
		}
		k := [2]string{c.Provider, c.Tenant}
		if x.table[k] == nil {
			x.table[k] = &ProviderTally{Provider: c.Provider, Tenant: c.Tenant}
		}
		x.table[k].Add(c)
	}
	x.here, x.away = ProviderTally{}, ProviderTally{}
}

// flush moves the table into a tally, sorted.
func (x *elsewhere) flush(t *Tally) {
	var mine []ProviderTally
	for _, c := range x.table { // sorted by mergeProviders
		mine = append(mine, *c)
	}
	x.table = nil
	t.Providers = mergeProviders(t.Providers, mine)
}

// Add sums o into p, whose names stay.
func (p *ProviderTally) Add(o *ProviderTally) {
	p.Rows += o.Rows
	p.Background += o.Background
	p.Attack += o.Attack
	p.Accounts += o.Accounts
	p.SignIns += o.SignIns
	p.Replayed += o.Replayed
	p.FirstFactor += o.FirstFactor
	p.Episodes += o.Episodes
	p.Succeeded += o.Succeeded
	p.Prompts += o.Prompts
	p.Asked += o.Asked
	p.FactorEntries += o.FactorEntries
	p.FailedFactors += o.FailedFactors
	p.Blocks += o.Blocks
}

// mergeProviders adds two lists up by provider and tenant.
func mergeProviders(a, b []ProviderTally) []ProviderTally {
	return sumEqual(a, b, func(x, y ProviderTally) int {
		return cmp.Or(strings.Compare(x.Provider, y.Provider), strings.Compare(x.Tenant, y.Tenant))
	}, func(x *ProviderTally, y ProviderTally) { x.Add(&y) })
}

// Foreign counts the rows of providers whose policies are not replayed, and those
// of them without a person in front. Without policies nothing is foreign.
func (t *Tally) Foreign() (rows, background int64) {
	if len(t.Sets) == 0 {
		return 0, 0
	}
	for i := range t.Providers {
		if p := &t.Providers[i]; !ours(p.Provider) {
			rows += p.Rows
			background += p.Background
		}
	}
	return rows, background
}
