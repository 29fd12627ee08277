package risk

import (
	"strings"

	"frisk/internal/signin"
)

var _ = register(Detector{
	Name: "device-code",
	Doc: "a device code sign-in from a network new to the person: the one who asked for the code may not be " +
		"the one who entered it",
	Needs: "transfer method or protocol (authenticationProtocol deviceCode), and address",
	Quiet: "where the log names neither, nothing is said",
	Scope: ScopePerson,
	Need: signin.NeedDims(signin.DimTransfer, signin.DimProtocol, signin.DimIP, signin.DimDevice, signin.DimNetwork,
		signin.DimNamedLocations, signin.DimASNOrg, signin.DimUserAgent, signin.DimAppName),
	New: func(e *Env) Watcher {
		w := &deviceCode{env: e}
		w.transfer.of = func(s string) bool { return strings.EqualFold(s, "deviceCodeFlow") }
		w.protocol.of = func(s string) bool { return strings.EqualFold(s, "deviceCode") }
		return w
	},
})

// deviceCode watches the flow and the renewals of tokens won by it. Reference,
// detection 3: "first for user; success from ASN or IP new to the user; strong
// when shortly after a block".
type deviceCode struct {
	env                *Env
	transfer, protocol byCode[bool]
	blocked            signin.Time // last block of the person by a policy
	told               stories
}

func (w *deviceCode) Begin()      { w.blocked = 0; w.told.begin() }
func (w *deviceCode) End(s *Sink) { w.told.end(s) }

func (w *deviceCode) Observe(v *View, s *Sink) {
	r := v.Row
	if r.Reason() == signin.PolicyBlock && v.Entered {
		w.blocked = r.Time
	}
	t, p := r.C[signin.DimTransfer], r.C[signin.DimProtocol]
	if t|p == 0 || !v.Entered || r.Outcome() != signin.Success {
		return
	}
	sym := w.env.Symbols
	if !w.transfer.get(sym[signin.DimTransfer], t) && !w.protocol.get(sym[signin.DimProtocol], p) {
		return
	}
	w.env.regard(v, s.profile)
	if !strange(v) || v.addr.net == 0 {
		return
	}
	cfg := &w.env.Config
	f := Finding{Detector: "device-code", Severity: Medium, Score: scoreDeviceCode, Bits: cfg.BitsDeviceCode, Attack: true}
	what := "network new to the person"
	switch after := w.blocked != 0 && r.Time-w.blocked <= minutes(cfg.DeviceCodeBlockMin); {
	case v.Class&rented != 0:
		f.Severity, f.Score, what = High, scoreDeviceCodeStrong, v.Class.String()+" network new to the person"
	case after:
		f.Severity, f.Score, what = High, scoreDeviceCodeStrong, "network new to the person, shortly after a policy blocked them"
	}
	key := uint64(v.addr.net)<<1 | uint64(btoi(f.Severity == High)) //nolint:gosec // 0 or 1
	if w.told.more(s, key, FamilyCredential, f.Bits, signin.Day) {
		return
	}
	s.evidence().text("what", what).text("app", sym.Text(r, signin.DimAppName)).
		text("ip", sym.Text(r, signin.DimIP)).text("network", asnText(r.ASN)).
		text("organisation", sym.Text(r, signin.DimASNOrg)).text("user_agent", sym.Text(r, signin.DimUserAgent)).
		text("device", deviceWord(v)).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilyCredential, v.Index), signin.Day)
}

// Certainty. Assumptions: a new network alone is often a new server room; an
// engineer's first rented machine is the honest case of the strong one.
const (
	scoreDeviceCode       = 0.3
	scoreDeviceCodeStrong = 0.7
)
