package analysis

import (
	"cmp"
	"slices"

	"frisk/internal/replay"
	"frisk/internal/report"
)

// maxTenants is how many tenants of one provider the report lists; the others are
// one line.
const maxTenants = 20

// addProviders tells each provider and tenant apart.
func (r *Result) addProviders(in *report.Input) {
	if j := r.around.joins; j != nil {
		for i := range j.People {
			if len(j.People[i].Accounts) > 1 {
				in.Joined++
			}
		}
	}
	ps := r.Tally.Providers
	for len(ps) > 0 {
		n := 1
		for n < len(ps) && ps[n].Provider == ps[0].Provider {
			n++
		}
		in.Providers = append(in.Providers, tenantFigures(ps[:n])...)
		ps = ps[n:]
	}
}

// tenantFigures are the figures of one provider by tenant, the largest ones.
func tenantFigures(ps []replay.ProviderTally) []report.ProviderFigures {
	sizes := make([]int64, len(ps))
	for i := range ps {
		sizes[i] = ps[i].Rows
	}
	slices.SortFunc(sizes, func(a, b int64) int { return cmp.Compare(b, a) })
	least := sizes[min(len(sizes), maxTenants)-1]
	var out []report.ProviderFigures
	rest := replay.ProviderTally{Provider: ps[0].Provider, Tenant: "further tenants"}
	for i := range ps {
		if p := &ps[i]; p.Rows >= least || p.Tenant == replay.OutboundTenant {
			out = append(out, figuresOf(p))
		} else {
			rest.Add(p)
		}
	}
	if rest.Rows > 0 {
		out = append(out, figuresOf(&rest))
	}
	return out
}

func figuresOf(p *replay.ProviderTally) report.ProviderFigures {
	return report.ProviderFigures{
		Provider: cmp.Or(p.Provider, "not said"), Tenant: p.Tenant, Rows: p.Rows, Accounts: p.Accounts, SignIns: p.SignIns,
		Replayed: p.Replayed, Attempts: p.Episodes, Succeeded: p.Succeeded, Prompts: p.Prompts, Asked: p.Asked,
		Refused: p.FirstFactor, Blocks: p.Blocks, Attack: p.Attack, Outbound: p.Tenant == replay.OutboundTenant,
	}
}
