package synth

import (
	"net/netip"

	"frisk/internal/signin"
)

// Resources of the world; each can be reached through two applications, the
// second of which fewer policies are about.
var wayResources = []string{
	"40000000-0000-4000-8000-000000000001", "40000000-0000-4000-8000-000000000002", "40000000-0000-4000-8000-000000000003",
}

func wayApp(resource int, second bool) string {
	n := resource * 2
	if second {
		n++
	}
	return "50000000-0000-4000-8000-" + pad(n, 12)
}

// wayLists are recorded results: what all policies say, but for one.
func wayList(policy int, result string) signin.List {
	out := make([]signin.RecordedPolicy, 0, wayPolicies)
	for i := range wayPolicies {
		p := signin.RecordedPolicy{ID: WayPolicy(i), Name: "Policy " + pad(i, 2), Result: "success", Grant: []string{"Mfa"}, Satisfied: -1, NotSatisfied: -1}
		if i == policy {
			p.Result = result
			if result == "failure" && i != wayMethodPolicy {
				p.Grant = []string{"Block"}
			}
		}
		out = append(out, p)
	}
	return signin.EncodeList(out)
}

// wayMethodPolicy asks for a second factor that people then do not give.
const wayMethodPolicy = 8

var wayAllowed = wayList(-1, "")

var wayNotApplied, wayRefused = func() (not, refused [wayPolicies]signin.List) {
	for i := range wayPolicies {
		not[i], refused[i] = wayList(i, "notApplied"), wayList(i, "failure")
	}
	return not, refused
}()

// addr6 is an address of the documentation range, of a network and a host.
func addr6(network, host int) netip.Addr {
	b := [16]byte{0x20, 0x01, 0x0d, 0xb8, byte(network >> 8), byte(network)}
	b[12], b[13], b[14], b[15] = byte(host>>24), byte(host>>16), byte(host>>8), byte(host)
	return netip.AddrFrom16(b)
}

// usual is a sign-in as the person makes it on the work machine.
func (w *wayfarer) usual(at signin.Time, resource int, home bool) signin.Event {
	w.ids++
	e := signin.Event{
		Time: at + signin.Time(w.ids%1000), ID: "w" + pad(w.n, 6) + "-" + pad(w.ids, 6), Provider: "entra", Tenant: wayTenant, Stream: signin.Interactive,
		Principal:  signin.Principal{ID: "a" + pad(w.n, 6), Name: "p" + pad(w.n, 6) + "@example.com", Kind: signin.Member},
		HomeTenant: wayTenant, ResourceTenant: wayTenant, Outcome: signin.Success, Code: "0",
		Device: signin.Device{ID: "laptop-" + pad(w.n, 6), OS: w.system, Browser: "Edge 120", Compliant: signin.True, Managed: signin.True, Trust: signin.AzureAD},
		App:    signin.Target{ID: wayApp(resource, false)}, Resource: signin.Target{ID: wayResources[resource]},
		Client: "Browser", Protocol: "oAuth2", Transfer: "none", Policies: wayAllowed, PolicyStatus: "success",
		MFA: signin.MFA{Requirement: signin.MultiFactor, State: signin.MFAByClaim},
	}
	e.Correlation = "c-" + e.ID
	e.Source.IP, e.ASN, e.Network = addr6(1, w.n%40), 64496, "[]"
	if home {
		e.Source.IP, e.ASN = addr6(2+w.n%8, w.n), uint32(64497+w.n%8) //nolint:gosec // small
	}
	if w.dice.chance(0.15) {
		w.factor(&e)
	}
	return e
}

// factor has the person give a second factor now.
func (w *wayfarer) factor(e *signin.Event) {
	e.MFA.State, e.MFA.Methods = signin.MFADone, signin.List(w.method)
	if w.newMethod != 0 && e.Time >= w.newMethod {
		e.MFA.Methods = `["Text message"]`
	}
}

func (w *wayfarer) add(e signin.Event, account int32) { w.rows = append(w.rows, wayRow{e, account}) }

// act is something the person does of a day, by habit.
func (w *wayfarer) act(day int, at signin.Time, home bool) {
	d := w.dice
	resource := (w.n + []int{0, 0, 0, 1, 1, 2}[d.IntN(6)]) % len(wayResources)
	e := w.usual(wayStart+signin.Time(day)*signin.Day+at, resource, home)
	account := int32(0)
	switch u := d.IntN(100); {
	case u < w.vpn:
		w.hide(&e)
	case u < w.vpn+w.code:
		w.typeCode(&e)
	case u < w.vpn+w.code+w.imap:
		w.mail(&e)
	case u < w.vpn+w.code+w.imap+w.twin:
		account = w.asTwin(&e)
	case u < w.vpn+w.code+w.imap+w.twin+w.abroad:
		e.ResourceTenant = "10000000-0000-4000-8000-000000000002"
	case u < w.vpn+w.code+w.imap+w.twin+w.abroad+w.home:
		w.ownMachine(&e)
	case w.phone && u > 85:
		e.Device = signin.Device{ID: "phone-" + pad(w.n, 6), OS: "Ios 17", Browser: "Mobile Safari", Compliant: signin.False, Managed: signin.False, Trust: signin.Workplace}
		if d.chance(0.4) {
			e.Source.IP, e.ASN = addr6(20, w.n), 64506
		}
	case u > 80 && !w.one:
		e.App.ID = wayApp(resource, true)
		e.Policies = wayNotApplied[6]
	}
	w.add(e, account)
}

func (w *wayfarer) hide(e *signin.Event) {
	e.Network, e.ASN, e.Source.IP = `["vpn"]`, 64510, addr6(30, w.dice.IntN(50))
}

func (w *wayfarer) typeCode(e *signin.Event) {
	e.Protocol, e.Transfer, e.Client = "deviceCode", "deviceCodeFlow", "Mobile Apps and Desktop clients"
	e.Device = signin.Device{OS: e.Device.OS, Trust: signin.TrustNone, Compliant: signin.False, Managed: signin.False}
}

func (w *wayfarer) mail(e *signin.Event) {
	e.Client, e.Protocol, e.Stream = "IMAP4", "ropc", signin.NonInteractive
	e.Device = signin.Device{Trust: signin.TrustNone, Compliant: signin.False, Managed: signin.False}
	e.MFA = signin.MFA{Requirement: signin.SingleFactor, State: signin.MFANotDone}
}

func (w *wayfarer) asTwin(e *signin.Event) int32 {
	e.Principal.ID, e.Principal.Name = "b"+pad(w.n, 6), "adm-"+e.Principal.Name
	return 1
}

// ownMachine is the computer at home: no id, or registered.
func (w *wayfarer) ownMachine(e *signin.Event) {
	e.Device = signin.Device{OS: "Windows11", Browser: "Firefox 121", Compliant: signin.False, Managed: signin.False, Trust: signin.TrustNone}
	if w.n%2 == 0 {
		e.Device.ID, e.Device.Trust = "own-"+pad(w.n, 6), signin.Workplace
	}
	e.Source.IP, e.ASN = addr6(2+w.n%8, w.n), uint32(64497+w.n%8) //nolint:gosec // small
}
