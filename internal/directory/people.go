package directory

import (
	"cmp"
	"slices"

	"frisk/internal/signin"
)

// version is a record as one dated export has it.
type version[T any] struct {
	from signin.Time
	is   *T
}

// UserAt is the person as the last dated export before the time has it; when
// there is none before, as the first has it, and without dated exports as User
// has it. nil when nobody exported the person.
func (d *Directory) UserAt(id string, at signin.Time) *User {
	if d == nil {
		return nil
	}
	return cmp.Or(versionAt(d.userAt[key(id)], at), d.users[key(id)])
}

// DeviceAt is the device as the last dated export before the time has it; when
// there is none before, as the first has it, and without dated exports as
// Device has it. nil when nobody exported the device.
func (d *Directory) DeviceAt(deviceID string, at signin.Time) *Device {
	if d == nil || deviceID == "" {
		return nil
	}
	return cmp.Or(versionAt(d.deviceAt[key(deviceID)], at), d.devices[key(deviceID)])
}

// DeviceChanges lists the instants at which DeviceAt gives another record,
// ascending; none without dated exports.
func (d *Directory) DeviceChanges(deviceID string) []signin.Time {
	if d == nil {
		return nil
	}
	var out []signin.Time
	for i, v := range d.deviceAt[key(deviceID)] {
		if i > 0 {
			out = append(out, v.from)
		}
	}
	return out
}

func versionAt[T any](list []version[T], at signin.Time) *T {
	i, ok := slices.BinarySearchFunc(list, at, func(v version[T], t signin.Time) int { return cmp.Compare(v.from, t) })
	if !ok {
		i--
	}
	if len(list) == 0 {
		return nil
	}
	return list[max(i, 0)].is
}

// mergePeople adds the users and devices of a dated export. Exports come in
// ascending order, so that the newest record is what User and Device give.
func (d *Directory) mergePeople(s *Directory, m moment) {
	for _, u := range s.Users() {
		d.userAt[u.ID] = append(d.userAt[u.ID], version[User]{m.from, u})
		d.AddUser(*u)
	}
	for _, v := range sortedValues(s, func(d *Directory) map[string]*Device { return d.devices }) {
		d.deviceAt[v.ID] = append(d.deviceAt[v.ID], version[Device]{m.from, v})
		d.AddDevice(*v)
	}
}
