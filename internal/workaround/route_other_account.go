package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: otherAccount, Title: "other account", rank: 30,
	Doc:    "a success of another account: one that identity.csv joins to the person's, or one on the same device where at most four people use it",
	Needs:  "identity.csv for accounts of one person; else device ids",
	Quiet:  "two accounts that share no device are two people; a device that more than four people use speaks of nobody",
	Origin: "reference, detection 4.2",
	Need:   signin.NeedDims(signin.DimPrincipal, signin.DimPrincipalName, signin.DimDevice, signin.DimIP),
	says: func(p *person, i int) bool {
		return len(p.in.Accounts) > 1 || p.w.env.DevicePeople != nil && p.rows[i].C[signin.DimDevice] != 0
	},
	took: func(p *person, s *stop, _ signin.Time, i int) bool {
		return p.accountOf(i) != s.account && seen(&p.rows[i])
	},
})

// otherAccount is the one route that other people's rows may show; see beside.go.
const otherAccount = "other-account"
