package report

// ProviderFigures is what the log says of the people of one provider and tenant.
// Attack traffic is in Rows and Attack only.
type ProviderFigures struct {
	Provider, Tenant string // Tenant "" = not said
	Rows             int64
	Accounts         int64 // with a sign-in
	SignIns          int64 // rows that got past their first factor
	Replayed         int64 // of SignIns, those the policies decided
	Attempts         int64 // logins: several rows of one are one
	Succeeded        int64 // of Attempts
	Prompts          int64 // attempts with a factor entry
	Asked            int64 // of Prompts, those with a second factor
	Refused          int64 // tries refused at the first factor
	Blocks           int64
	Attack           int64
	// Outbound marks the line of our people at resources of other tenants.
	Outbound bool
}

var _ = register(Builder{
	Name: "providers", Order: 78, Title: "Providers and tenants",
	Doc: "Where several providers or tenants are in the data: what the log says of each, and how much of it was replayed.",
	Intro: "Cells, policies and candidates speak only of sign-ins that the replayed policies decided. This table has everybody, as each provider logged them. " +
		"Providers log different things, so compare a provider with itself.",
	Build: buildProviders,
})

// buildProviders is silent about a dataset of one provider and tenant, of which
// every other section speaks.
func buildProviders(v *view) []Block {
	ps := v.in.Providers
	own := 0
	for i := range ps {
		if !ps[i].Outbound {
			own++
		}
	}
	if own < 2 && v.in.Joined == 0 {
		return nil
	}
	t := &Table{Name: "providers", Caption: "What each provider logged", Columns: []Column{
		{Key: "provider", Name: "Provider"},
		{Key: "tenant", Name: "Tenant"},
		{Key: "rows", Name: "Rows", Unit: UnitCount, Source: Recorded},
		{Key: "accounts", Name: "Accounts", Unit: UnitCount, Source: Recorded},
		{Key: "attempts", Name: "Logins", Unit: UnitCount, Source: Recorded},
		{Key: "succeeded", Name: "Succeeded", Unit: UnitPercent, Source: Recorded, Ranged: true, Minor: 1},
		{Key: "prompts", Name: "Prompts per account and week", Unit: UnitNumber, Source: Recorded, Ranged: true},
		{Key: "asked", Name: "With a second factor", Unit: UnitNumber, Source: Recorded, Ranged: true},
		{Key: "refused", Name: "Refused tries", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "blocks", Name: "Blocks", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "attack", Name: "Attack rows", Unit: UnitCount, Source: Recorded, Minor: 3},
		{Key: "replayed", Name: "Replayed", Unit: UnitPercent, Source: Replayed, Ranged: true},
	}}
	var signIns, replayed int64
	for i := range ps {
		p := &ps[i]
		signIns, replayed = signIns+p.SignIns, replayed+p.Replayed
		weeks := max(v.in.Days, 1) / 7
		each := func(n int64) Range {
			// A log without a single factor is one that does not say: no zero.
			if p.Accounts == 0 || p.Prompts == 0 {
				return Range{}
			}
			return Exact(float64(n) / float64(p.Accounts) / weeks)
		}
		t.add(text(p.Provider), text(p.Tenant), count(p.Rows), count(p.Accounts), count(p.Attempts), bounds(partOf(p.Succeeded, p.Attempts)),
			bounds(each(p.Prompts)), bounds(each(p.Asked)), count(p.Refused), count(p.Blocks), count(p.Attack), bounds(partOf(p.Replayed, p.SignIns)))
	}
	var blocks []Block
	if v.in.Joined > 0 {
		blocks = append(blocks, &Paragraph{Line: say(strong(wholeOf(float64(v.in.Joined), "person", "people")),
			" with several accounts by the identity file: each counts once, under the Entra account where there is one.")})
	}
	if replayed < signIns && len(v.in.Sets) > 0 {
		blocks = append(blocks, &Paragraph{Line: say(strong(formatRange(partOf(signIns-replayed, signIns), UnitPercent)),
			" of the sign-ins past their first factor were not replayed: the policies did not decide them. They are in the findings and in this table, and in no cell.")})
	}
	return append(blocks, t)
}

func partOf(part, of int64) Range {
	if of == 0 {
		return Range{}
	}
	return Exact(float64(part) / float64(of))
}
