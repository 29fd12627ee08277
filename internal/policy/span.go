package policy

import (
	"strconv"

	"frisk/internal/signin"
)

// spanText writes a span in the largest unit that fits it whole.
func spanText(t signin.Time) string {
	for _, u := range []struct {
		unit signin.Time
		name string
	}{{signin.Day, "day"}, {signin.Hour, "hour"}, {signin.Minute, "minute"}, {signin.Second, "second"}} {
		if t >= u.unit && t%u.unit == 0 {
			n := int64(t / u.unit)
			if n == 1 {
				return "1 " + u.name
			}
			return strconv.FormatInt(n, 10) + " " + u.name + "s"
		}
	}
	return strconv.FormatInt(int64(t), 10) + " µs"
}
