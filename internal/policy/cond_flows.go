package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// authenticationFlows: device code flow and authentication transfer. A session
// that began with one stays tracked through its refreshes, which the row shows as
// originalTransferMethod (reference 1.6, Entra "authentication flows").
var _ = register(Condition{
	Name:       "authenticationFlows",
	Doc:        "device code flow and authentication transfer, in this request or, by protocol tracking, at the start of its session",
	Unknown:    "a row without originalTransferMethod (it is in beta and diagnostic exports)",
	Bit:        BitFlows,
	Dims:       []signin.Dim{signin.DimProtocol, signin.DimTransfer},
	stage:      2,
	configured: func(p *plan) bool { return len(p.Flows) > 0 },
	dim:        byFlow,
	test:       testFlows,
})

func testFlows(x *sight, p *plan) signin.Truth {
	protocol, transfer := strings.ToLower(x.text(signin.DimProtocol)), strings.ToLower(x.text(signin.DimTransfer))
	for _, f := range []struct{ flow, protocol, words string }{
		{"devicecodeflow", "devicecode", "device code flow"},
		{"authenticationtransfer", "authenticationtransfer", "authentication transfer"},
	} {
		if !slices.Contains(p.Flows, f.flow) {
			continue
		}
		if slices.Contains(strings.Split(protocol, ","), f.protocol) {
			return x.say(signin.True, "the request used %s", f.words)
		}
		if transfer == f.flow {
			return x.say(signin.True, "the session began with %s", f.words)
		}
	}
	if transfer == "" || transfer == "unknownfuturevalue" {
		return x.say(signin.Unknown, "the row does not say how the session began (originalTransferMethod)")
	}
	return x.say(signin.False, "the session did not begin with a flow the policy lists")
}
