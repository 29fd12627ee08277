package signin

import "time"

// Time is an instant in microseconds since 1970-01-01T00:00:00Z. The zero value
// means "not said"; an event at the Unix epoch itself cannot be represented.
type Time int64

// Common spans in microseconds.
const (
	Second Time = 1_000_000
	Minute      = 60 * Second
	Hour        = 60 * Minute
	Day         = 24 * Hour
)

// FromTime truncates t to microseconds. The zero time.Time gives 0.
func FromTime(t time.Time) Time {
	if t.IsZero() {
		return 0
	}
	return Time(t.UnixMicro())
}

// Time converts to a time.Time in UTC; zero converts to the zero time.Time.
func (t Time) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(t)).UTC()
}

// String formats as RFC 3339 in UTC with as many of the six fractional digits
// as needed; zero gives "".
func (t Time) String() string {
	if t == 0 {
		return ""
	}
	return t.Time().Format("2006-01-02T15:04:05.999999Z")
}

// DayStart is midnight UTC of the day t falls in.
func (t Time) DayStart() Time {
	d := t / Day
	if t%Day < 0 {
		d--
	}
	return d * Day
}
