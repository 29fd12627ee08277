package risk

import (
	"strings"

	"frisk/internal/signin"
)

var _ = register(Detector{
	Name: "device-code",
	Doc: "a device code sign-in from a network new to the person: the one who asked for the code may not be " +
		"the one who entered it",
	Needs:      "transfer method or protocol (authenticationProtocol deviceCode), and address",
	Quiet:      "where the log names neither, nothing is said",
	Techniques: []string{"T1528", "T1566.002", "T1550.001"},
	Origin:     "Elastic, Entra ID device code rules; Storm-2372 (Microsoft Threat Intelligence, 2025); reference, detection 3",
	Scope:      ScopePerson,
	Need: usualNeed().Or(signin.NeedDims(signin.DimApp, signin.DimTransfer, signin.DimProtocol, signin.DimIP, signin.DimDevice, signin.DimNetwork,
		signin.DimNamedLocations, signin.DimASNOrg, signin.DimUserAgent, signin.DimAppName)),
	New: func(e *Env) Watcher {
		w := &deviceCode{env: e}
		w.transfer.of = func(s string) bool { return strings.EqualFold(s, "deviceCodeFlow") }
		w.protocol.of = func(s string) bool { return strings.EqualFold(s, "deviceCode") }
		w.broker.of = func(s string) bool { return strings.EqualFold(s, authenticationBroker) }
		return w
	},
})

// authenticationBroker is the app id of the Microsoft Authentication Broker. No
// person signs it in by device code; attackers do, since its refresh token gets a
// primary one (Microsoft Threat Intelligence on Storm-2372, February 2025; Elastic,
// Entra ID device code grant by Microsoft Authentication Broker).
const authenticationBroker = "29d9ed98-a469-4536-ade2-f981bc1d605e"

// deviceCode watches the flow and the renewals of tokens won by it. Reference,
// detection 3: "first for user; success from ASN or IP new to the user; strong
// when shortly after a block".
type deviceCode struct {
	env                *Env
	transfer, protocol byCode[bool]
	blocked            signin.Time // last block of the person by a policy
	used               signin.Time // last use of the flow from something of the person's
	broker             byCode[bool]
	told               stories
}

func (w *deviceCode) Begin()      { w.blocked, w.used = 0, 0; w.told.begin() }
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
		w.used = r.Time
		return
	}
	cfg := &w.env.Config
	f := Finding{Detector: "device-code", Severity: Medium, Score: scoreDeviceCode, Bits: cfg.BitsDeviceCode, Attack: true}
	what := "network new to the person"
	used := "never"
	if w.used != 0 {
		used = w.used.String()
	}
	switch after := w.blocked != 0 && r.Time-w.blocked <= minutes(cfg.DeviceCodeBlockMin); {
	case v.Class&rented != 0:
		f.Severity, f.Score, what = High, scoreDeviceCodeStrong, v.Class.String()+" network new to the person"
	case after:
		f.Severity, f.Score, what = High, scoreDeviceCodeStrong, "network new to the person, shortly after a policy blocked them"
	case w.broker.get(sym[signin.DimApp], r.C[signin.DimApp]):
		f.Severity, f.Score, what = High, scoreDeviceCodeStrong, "network new to the person, for the authentication broker, whose tokens register a device"
	}
	key := uint64(v.addr.net)<<1 | uint64(btoi(f.Severity == High)) //nolint:gosec // 0 or 1
	if w.told.more(s, key, FamilyCredential, f.Bits, signin.Day) {
		return
	}
	s.evidence().text("what", what).text("app", sym.Text(r, signin.DimAppName)).
		source(v.Index).text("user_agent", sym.Text(r, signin.DimUserAgent)).
		text("device", deviceWord(v)).text("flow_last_used_on_something_of_theirs", used)
	if w.blocked != 0 {
		s.text("last_block_by_policy", w.blocked.String())
	}
	s.usual(v.Index).after(v.Index).num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilyCredential, v.Index), signin.Day)
}

// Certainty. Assumptions: a new network alone is often a new server room; an
// engineer's first rented machine is the honest case of the strong one.
const (
	scoreDeviceCode       = 0.3
	scoreDeviceCodeStrong = 0.7
)
