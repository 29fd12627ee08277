package synth

// bindingOf says whether the token of a request is bound to the device (Entra
// "token protection"): on Windows, in native apps that use the broker. A copy of
// a token that is used elsewhere is not. d may be nil for a device of nobody's.
func bindingOf(d *device, a *asked, copied bool) binding {
	switch {
	case !a.windows || a.client != clientNative:
		return tokenNoStatus
	case copied || d == nil || !d.registered():
		return tokenNoDevice
	case a.app != appOffice && a.app != appTeams:
		return tokenNoBroker
	case d.id[0]%16 == 0:
		return tokenOldSystem
	}
	return tokenBound
}

// word is the status as rows write it.
func (b binding) word() string {
	switch b {
	case tokenNoStatus:
		return "none"
	case tokenBound:
		return "bound"
	}
	return "unbound"
}
