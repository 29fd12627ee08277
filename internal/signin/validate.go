package signin

import (
	"errors"
	"fmt"
	"math"
)

// Bounds of a plausible event time: Entra ID and every log format read here
// are younger than Earliest, and a date at or past Latest is a parsing slip.
var (
	Earliest = Time(946_684_800) * Second   // 2000-01-01T00:00:00Z
	Latest   = Time(4_102_444_800) * Second // 2100-01-01T00:00:00Z
)

// Errors Validate wraps.
var (
	ErrNoTime       = errors.New("no event time")
	ErrTimeRange    = errors.New("event time out of range")
	ErrNoID         = errors.New("no event id")
	ErrNoProvider   = errors.New("no provider")
	ErrCoordinates  = errors.New("impossible coordinates")
	ErrNoPrincipal  = errors.New("no principal id or name")
	errRadiusNegate = errors.New("negative accuracy radius")
)

// Validate reports the first thing that makes e unfit to store. Decoders call
// it on each event; what fails goes to quarantine.
func (e *Event) Validate() error {
	switch {
	case e.Time == 0:
		return ErrNoTime
	case e.Time < Earliest || e.Time >= Latest:
		return fmt.Errorf("%w: %s is not between 2000 and 2100", ErrTimeRange, e.Time)
	case e.ID == "":
		return ErrNoID
	case e.Provider == "":
		return ErrNoProvider
	case e.Principal.ID == "":
		return ErrNoPrincipal
	}
	if g := &e.Geo; g.Located {
		if !ValidCoordinates(g.Lat, g.Lon) {
			return fmt.Errorf("%w: %v, %v", ErrCoordinates, g.Lat, g.Lon)
		}
		if g.Radius < 0 {
			return errRadiusNegate
		}
	}
	return nil
}

// ValidCoordinates reports whether the point can be a place: finite, in range,
// and not 0,0, which logs write for "no geolocation" and which is open sea.
func ValidCoordinates(lat, lon float64) bool {
	if math.IsNaN(lat) || math.IsNaN(lon) || math.Abs(lat) > 90 || math.Abs(lon) > 180 {
		return false
	}
	return lat != 0 || lon != 0
}
