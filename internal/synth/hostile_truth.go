package synth

import "frisk/internal/signin"

// The physics of the truth: nobody travels faster than 1,000 km/h door to door, nor
// boards within 45 minutes when the way is over 300 km (reference, detection 1.4). A
// way under 100 km proves nothing. Times of two rows may be a minute and a second off.
const (
	truthKmh     = 1000
	truthBoardKm = 300
	truthMinKm   = 100
	truthBoard   = 45 * signin.Minute
	truthSlack   = 61 * signin.Second
	truthWindow  = 24 * signin.Hour
)

// needed is the least time a way takes.
func needed(km float64) signin.Time {
	if km < truthMinKm {
		return 0
	}
	t := signin.Time(km / truthKmh * float64(signin.Hour))
	if km > truthBoardKm {
		t += truthBoard
	}
	return t
}

// Impossible reports whether nobody can have been at both places at the two times,
// by the true positions.
func (w *HostileWorld) Impossible(i, j int) bool {
	a, b := &w.Truth[i], &w.Truth[j]
	gap := w.Events[i].Time - w.Events[j].Time
	if gap < 0 {
		gap = -gap
	}
	km := kilometres(a.Lat, a.Lon, b.Lat, b.Lon)
	if a.Aloft || b.Aloft {
		return gap+truthSlack < signin.Time(km/truthKmh*float64(signin.Hour))
	}
	return gap+truthSlack < needed(km)
}

// shown reports whether the place that an attack's row claims is impossible with
// what a row of the victim tells: a true place, or a country.
func (w *HostileWorld) shown(attack, victim int) bool {
	at, v := &w.Events[attack].Geo, &w.Truth[victim]
	gap := max(w.Events[attack].Time-w.Events[victim].Time, w.Events[victim].Time-w.Events[attack].Time) + truthSlack
	if !at.Located {
		return false
	}
	if v.Honest {
		return gap < needed(kilometres(at.Lat, at.Lon, v.Lat, v.Lon))
	}
	if !v.Inland {
		return false
	}
	for i := range hostileCities {
		if c := &hostileCities[i]; c.country == w.Events[victim].Geo.Country && gap >= needed(kilometres(at.Lat, at.Lon, c.lat, c.lon)) {
			return false
		}
	}
	return true
}

// judge fills in what of the attacks distance can tell.
func (w *HostileWorld) judge() {
	byPerson := make([][]int, len(w.People))
	for i := range w.Events {
		if w.Truth[i].Counts {
			byPerson[w.Truth[i].Person] = append(byPerson[w.Truth[i].Person], i)
		}
	}
	for _, rows := range byPerson {
		for _, i := range rows {
			n := w.Truth[i].Attack
			if n < 0 {
				continue
			}
			for _, j := range rows {
				if w.Truth[j].Attack >= 0 || max(w.Events[i].Time-w.Events[j].Time, w.Events[j].Time-w.Events[i].Time) > truthWindow || !w.Impossible(i, j) {
					continue
				}
				a := &w.Attacks[n]
				a.Travel = true
				a.Shown = a.Shown || w.shown(i, j)
			}
		}
	}
}
