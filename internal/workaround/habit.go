package workaround

import (
	"slices"

	"frisk/internal/signin"
)

// habits says when the person at hand used a device, and an application for a
// resource, other than after a stop and in attack traffic: ascending times. It is
// worked out when first asked for, so that asking costs no walk over the past.
type habits struct {
	known   bool
	devices map[habitKey][]signin.Time
	apps    map[habitKey][]signin.Time
}

// habitKey is a device id alone, or system and browser of a sign-in without one; or
// application and resource.
type habitKey [3]signin.Code

func deviceKey(r *signin.Row) habitKey {
	if d := r.C[signin.DimDevice]; d != 0 {
		return habitKey{d}
	}
	return habitKey{0, r.C[signin.DimOS], r.C[signin.DimBrowser]}
}

func appKey(r *signin.Row) habitKey {
	return habitKey{r.C[signin.DimApp], r.C[signin.DimResource]}
}

func (p *person) habit() *habits {
	h := &p.habits
	if h.known {
		return h
	}
	h.known = true
	if h.devices == nil {
		h.devices, h.apps = map[habitKey][]signin.Time{}, map[habitKey][]signin.Time{}
	}
	clear(h.devices)
	clear(h.apps)
	for k, i := range p.accepted {
		if p.aftermath[k] || p.attack(int(i)) {
			continue
		}
		r := &p.rows[i]
		d, a := deviceKey(r), appKey(r)
		h.devices[d], h.apps[a] = append(h.devices[d], r.Time), append(h.apps[a], r.Time)
	}
	return h
}

// within reports that one of ascending times is in the habit span before a time.
func (p *person) within(times []signin.Time, before signin.Time) bool {
	i, _ := slices.BinarySearch(times, before-p.habitSpan())
	return i < len(times) && times[i] < before
}

func (p *person) habitSpan() signin.Time {
	return signin.Time(p.w.env.Config.WorkaroundHabit * float64(signin.Day))
}

// usedDevice reports that the person used the device of a row in the habit span
// before a time, other than after a stop.
func (p *person) usedDevice(before signin.Time, r *signin.Row) bool {
	return p.within(p.habit().devices[deviceKey(r)], before)
}

// usedApp is the same for the application of a row, for its resource.
func (p *person) usedApp(before signin.Time, r *signin.Row) bool {
	return p.within(p.habit().apps[appKey(r)], before)
}
