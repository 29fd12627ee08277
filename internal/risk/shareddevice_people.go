package risk

import "frisk/internal/signin"

// fewPeople are the devices of two and more people, with how many, as far as they
// are counted.
func fewPeople(more map[uint64]*severalUses) map[uint64]uint8 {
	out := make(map[uint64]uint8, len(more))
	for k, m := range more {
		out[k] = uint8(len(m.uses)) //nolint:gosec // at most deviceUses
	}
	return out
}

// DevicePeople is how many people an accepted sign-in was seen of on a device, by
// its id, where several were: at most 16 are counted. 0 = one or none, or no first
// phase was run.
func (n *Networks) DevicePeople(id string) int {
	if d := surveyOf[*deviceSurvey](n); d != nil {
		return int(d.several[signin.IDHash(id)])
	}
	return 0
}
