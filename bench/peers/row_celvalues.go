package peers

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
)

// celRow is a row as ready values, ids as the keys of maps. A switch finds a name faster than the map of
// cel-go's own activation.
type celRow struct {
	user, resource, client, os, country, risk, trust, device, protocol, transfer ref.Val
	groups, roles, address, compliant, mfa                                       ref.Val
}

func celRowOf(r *Raw) *celRow {
	text := func(s string) ref.Val { return types.String(s) }
	set := func(ids []string) ref.Val {
		m := map[string]any{}
		for _, id := range ids {
			m[id] = types.True
		}
		return types.NewStringInterfaceMap(types.DefaultTypeAdapter, m)
	}
	return &celRow{
		user: text(r.User), resource: text(r.Resource), client: text(r.Client), os: text(r.OS), country: text(r.Country),
		risk: text(r.Risk), trust: text(r.Trust), device: text(r.Device), protocol: text(r.Protocol), transfer: text(r.Transfer),
		groups: set(r.Groups), roles: set(r.Roles), address: ext.IP{Addr: r.Address},
		compliant: types.Bool(r.Compliant), mfa: types.Bool(r.MFA),
	}
}

// Parent is nil: there is nothing around a row.
func (*celRow) Parent() cel.Activation { return nil }

// ResolveName finds a field.
func (r *celRow) ResolveName(name string) (any, bool) {
	switch name {
	case "user":
		return r.user, true
	case "groups":
		return r.groups, true
	case "roles":
		return r.roles, true
	case "resource":
		return r.resource, true
	case "client":
		return r.client, true
	case "os":
		return r.os, true
	case "address":
		return r.address, true
	case "country":
		return r.country, true
	case "risk":
		return r.risk, true
	case "compliant":
		return r.compliant, true
	case "trust":
		return r.trust, true
	case "device":
		return r.device, true
	case "protocol":
		return r.protocol, true
	case "transfer":
		return r.transfer, true
	case "mfa":
		return r.mfa, true
	}
	return nil, false
}
