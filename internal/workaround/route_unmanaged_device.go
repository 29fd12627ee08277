package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: "unmanaged-device", Title: "unmanaged device", rank: 80,
	Doc:    "a success from a device that the log says is neither managed nor compliant nor joined, that is not the one that was stopped, and that the person did not use in the two weeks before, other than after a stop",
	Needs:  "device details: managed, compliant, join type",
	Quiet:  "a device the log says nothing about is not taken for unmanaged",
	Origin: "reference, detection 4.2",
	Need:   signin.NeedDims(signin.DimDevice, signin.DimOS, signin.DimBrowser),
	says:   func(p *person, i int) bool { return managed(&p.rows[i]) || unmanaged(&p.rows[i]) },
	took: func(p *person, s *stop, from signin.Time, i int) bool {
		r, was := &p.rows[i], &p.rows[s.row]
		if !seen(r) || !unmanaged(r) || p.w.facts.isLegacy(r) || p.w.facts.isDeviceCode(r) {
			return false
		}
		d, os := r.C[signin.DimDevice], r.C[signin.DimOS]
		switch {
		case d != 0 || was.C[signin.DimDevice] != 0:
			if d == was.C[signin.DimDevice] {
				return false
			}
		case os == 0 || was.C[signin.DimOS] == 0 || os == was.C[signin.DimOS]:
			// Neither has an id: another one where the system differs, or the managed state.
			if !managed(was) {
				return false
			}
		}
		return p.past.long(from) && !p.usedDevice(from, r)
	},
})

// managed reports that the log vouches for the device.
func managed(r *signin.Row) bool {
	return r.Compliant() == signin.True || r.Managed() == signin.True || r.Trust() >= signin.AzureAD
}

// unmanaged reports that the log says that nobody vouches for the device.
func unmanaged(r *signin.Row) bool {
	return !managed(r) && (r.Managed() == signin.False || r.Compliant() == signin.False || r.Trust() == signin.TrustNone || r.Trust() == signin.Workplace)
}
