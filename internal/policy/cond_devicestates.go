package policy

import (
	"strings"

	"frisk/internal/signin"
)

// deviceStates: the condition that device filters replaced; old policies still
// carry it (reference 1.6).
var _ = register(Condition{
	Name:       "deviceStates",
	Doc:        "the deprecated device state condition: All, Compliant, DomainJoined",
	Unknown:    "a device whose compliance or join type neither the row nor the device export tells",
	Bit:        BitDevice,
	Dims:       deviceDims,
	stage:      2,
	configured: func(p *plan) bool { return p.DeviceStates != nil },
	dim:        byDevice,
	test: func(x *sight, p *plan) signin.Truth {
		in := signin.True
		if len(p.DeviceStates.Include) > 0 {
			in = x.deviceState(p.DeviceStates.Include)
		}
		out := x.deviceState(p.DeviceStates.Exclude)
		return x.say(in.And(out.Not()), "included: %s; excluded: %s", in, out)
	},
})

func (x *sight) deviceState(list []string) signin.Truth {
	t := signin.False
	for _, s := range list {
		switch strings.ToLower(s) {
		case "all":
			t = signin.True
		case "compliant":
			t = t.Or(x.ev.compliant(x.r))
		case "domainjoined":
			t = t.Or(x.ev.hybrid(x.r))
		default:
			t = t.Or(signin.Unknown)
		}
	}
	return t
}
