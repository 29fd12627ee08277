package policy

import (
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// deviceState is what the directory adds to a row's device, remembered per
// device code.
type deviceState struct {
	known   bool
	dir     *directory.Device // when no export of it is dated
	changes []signin.Time     // when the dated exports give another one
	at      span
}

func (ev *Evaluator) deviceState(r *signin.Row) *deviceState {
	c := r.C[signin.DimDevice]
	for int(c) >= len(ev.devices) {
		ev.devices = append(ev.devices, deviceState{})
	}
	d := &ev.devices[c]
	if !d.known {
		id := ev.sym.Text(r, signin.DimDevice)
		*d = deviceState{known: true, dir: ev.e.dir.Device(id), changes: ev.e.dir.DeviceChanges(id)}
	}
	return d
}

// device is the directory's record of the row's device at the time, or nil.
func (ev *Evaluator) device(r *signin.Row) *directory.Device {
	if ev.ctx.Device != nil {
		return ev.ctx.Device
	}
	d := ev.deviceState(r)
	if len(d.changes) == 0 {
		return d.dir
	}
	return ev.e.dir.DeviceAt(ev.sym.Text(r, signin.DimDevice), r.Time)
}

// deviceEpoch numbers the span between two dated records of the row's device.
func (ev *Evaluator) deviceEpoch(r *signin.Row) uint64 {
	d := ev.deviceState(r)
	if len(d.changes) == 0 {
		return 0
	}
	return uint64(d.at.find(d.changes, r.Time)) //nolint:gosec // an index
}

// registered says whether the request came with a device identity. TrustNone is a
// row that says it did not: the log has the device's id, and it is empty
// (reference 1.8). A row without any device id says nothing of it, whatever
// system and browser it names.
func (ev *Evaluator) registered(r *signin.Row) signin.Truth {
	switch {
	case r.C[signin.DimDevice] != 0, r.Compliant() == signin.True, r.Managed() == signin.True, r.Trust() > signin.TrustNone:
		return signin.True
	case r.Trust() == signin.TrustNone:
		return signin.False
	}
	return signin.Unknown
}

// compliant: as logged; a registered device whose row carries other device state
// and leaves compliance empty is not compliant (reference 1.9: null is not
// compliant or unregistered). Only when the row says nothing does the directory speak.
func (ev *Evaluator) compliant(r *signin.Row) signin.Truth {
	switch reg := ev.registered(r); {
	case reg == signin.False:
		return signin.False
	case r.Compliant() != signin.Unknown:
		return r.Compliant()
	case reg == signin.True && (r.Trust() != signin.TrustUnknown || r.Managed() != signin.Unknown):
		return signin.False
	}
	if d := ev.device(r); d != nil {
		return d.Compliant
	}
	return signin.Unknown
}

// compliantControl is compliant as the grant control takes it. The control does not
// keep Microsoft Authenticator from reading which methods a person may register
// (reference 1.9, Entra "grant": UserAuthenticationMethod.Read); which permissions a
// request was for no row says.
func (ev *Evaluator) compliantControl(r *signin.Row) signin.Truth {
	t := ev.compliant(r)
	if t == signin.True {
		return t
	}
	return t.Or(ev.readsMethods(r))
}

// readsMethods says whether the row is Authenticator asking Microsoft Graph for
// nothing but the methods of its user.
func (ev *Evaluator) readsMethods(r *signin.Row) signin.Truth {
	if !strings.EqualFold(ev.sym.Text(r, signin.DimApp), authenticator) {
		return signin.False
	}
	if id := ev.sym.Text(r, signin.DimResource); id != "" && !strings.EqualFold(id, microsoftGraph) {
		return signin.False
	}
	if ev.ctx.Scopes == nil {
		return signin.Unknown
	}
	read := false
	for _, s := range ev.ctx.Scopes {
		switch s = strings.ToLower(s); {
		case s == "userauthenticationmethod.read":
			read = true
		case !slices.Contains(signInScopes, s): // one more permission is not exempt
			return signin.False
		}
	}
	return signin.TruthOf(read)
}

// authenticator is the Microsoft Authenticator app.
const authenticator = "4813382a-8fa7-425e-ab75-3b753aab3abb"

// trust is the join type in filter words (AzureAD, ServerAD, Workplace); known is false when neither
// row nor directory tells. An unregistered device has the trust "".
func (ev *Evaluator) trust(r *signin.Row) (trust string, known bool) {
	if ev.registered(r) == signin.False {
		return "", true
	}
	switch r.Trust() {
	case signin.Workplace, signin.AzureAD, signin.ServerAD:
		return r.Trust().String(), true
	case signin.TrustNone:
		return "", true
	}
	if d := ev.device(r); d != nil && d.TrustType != "" {
		return d.TrustType, true
	}
	return "", false
}

// hybrid says whether the device is hybrid joined.
func (ev *Evaluator) hybrid(r *signin.Row) signin.Truth {
	t, known := ev.trust(r)
	if !known {
		return signin.Unknown
	}
	return signin.TruthOf(strings.EqualFold(t, "ServerAD"))
}

// intune says whether Intune manages the device.
func (ev *Evaluator) intune(r *signin.Row) signin.Truth {
	if r.Managed() != signin.Unknown {
		return r.Managed()
	}
	d := ev.device(r)
	switch {
	case d == nil:
		return signin.Unknown
	case d.MDMAppID != "":
		return signin.TruthOf(strings.EqualFold(d.MDMAppID, intuneApp))
	}
	return d.Managed
}

// intuneApp is the Microsoft Intune mobile device management app.
const intuneApp = "0000000a-0000-0000-c000-000000000000"

var deviceDims = []signin.Dim{signin.DimDevice, signin.DimOS, signin.DimBrowser, signin.DimDeviceName}
