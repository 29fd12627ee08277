package risk

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// tunnelWords are the words by which administrators name a location that people
// reach from anywhere. Vendors are listed because locations are often called
// after them. Assumption: nobody names an office so.
var tunnelWords = []string{
	"vpn", "proxy", "remote access", "remote-access", "zscaler", "netskope", "globalprotect", "anyconnect", "prisma access",
	"global secure access", "secure web gateway",
}

// tunnelOf reports whether a NamedLocations list holds a trusted location that
// is, by its name, the organisation's own VPN or proxy. Its address says that the
// person is one of ours, not where they sit (reference, detection 1.3, "corporate
// VPN egress switching": Defender for Cloud Apps leaves tagged egresses out too).
func tunnelOf(l string) bool {
	if !trustedOf(l) {
		return false
	}
	locs, err := signin.DecodeList[signin.NamedLocation](signin.List(l))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(locs, func(n signin.NamedLocation) bool {
		return isTrusted(n.Type) && slices.ContainsFunc(n.Names, func(name string) bool {
			name = strings.ToLower(name)
			return slices.ContainsFunc(tunnelWords, func(w string) bool { return strings.Contains(name, w) })
		})
	})
}

// tunnel reports that the row came through the organisation's own VPN or proxy.
func (e *Env) tunnel(r *signin.Row) bool {
	return e.tables.tunnel.get(e.Symbols[signin.DimNamedLocations], r.C[signin.DimNamedLocations])
}
