package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: "other-tenant", Title: "other tenant", rank: 20,
	Doc:    "a success on the same resource or application in another tenant, whose policies decide instead",
	Needs:  "resource tenant id, or accounts of several tenants that identity.csv joins",
	Quiet:  "a row that does not name the resource's tenant is taken for the tenant that owns the log",
	Origin: "reference, detection 4.2",
	Need:   signin.NeedDims(signin.DimResourceTenant, signin.DimTenant),
	says:   hasDim(signin.DimResourceTenant),
	took: func(p *person, s *stop, _ signin.Time, i int) bool {
		r, was := &p.rows[i], &p.rows[s.row]
		if !seen(r) {
			return false
		}
		if a, b := r.C[signin.DimResourceTenant], was.C[signin.DimResourceTenant]; a != 0 && b != 0 {
			return a != b
		}
		return r.C[signin.DimTenant] != was.C[signin.DimTenant]
	},
})
