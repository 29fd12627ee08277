package policy

import (
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// deviceState is what the directory adds to a row's device, remembered per
// device code.
type deviceState struct {
	known bool
	dir   *directory.Device
}

// device is the directory's record of the row's device, or nil.
func (ev *Evaluator) device(r *signin.Row) *directory.Device {
	if ev.ctx.Device != nil {
		return ev.ctx.Device
	}
	c := r.C[signin.DimDevice]
	for int(c) >= len(ev.devices) {
		ev.devices = append(ev.devices, deviceState{})
	}
	d := &ev.devices[c]
	if !d.known {
		*d = deviceState{true, ev.e.dir.Device(ev.sym.Text(r, signin.DimDevice))}
	}
	return d.dir
}

// registered says whether the request came with a device identity. An empty id
// beside an operating system or browser is a device Entra could not identify;
// TrustNone is a row that says so outright (reference 1.8).
func (ev *Evaluator) registered(r *signin.Row) signin.Truth {
	switch {
	case r.C[signin.DimDevice] != 0, r.Compliant() == signin.True, r.Managed() == signin.True, r.Trust() > signin.TrustNone:
		return signin.True
	case r.Trust() == signin.TrustNone, r.C[signin.DimOS] != 0, r.C[signin.DimBrowser] != 0:
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
