package ingest

import (
	"fmt"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// epochUnits are the units of counts since 1970, as powers of ten of microseconds.
var epochUnits = map[string]int{"unix": 6, "unix-ms": 3, "unix-us": 0, "unix-ns": -3}

// epoch reads a count since 1970 in the unit of layout (unix: seconds, unix-ms,
// unix-us, unix-ns), with or without a fraction or an exponent: Java and Spark
// write 1.772438400123E12. What is finer than a microsecond is cut off.
func epoch(text, layout string) (signin.Time, error) {
	text = strings.TrimSpace(text)
	digits, point, ok := decimal(text)
	if !ok {
		return 0, fmt.Errorf("time %q is not a number of %s", clip([]byte(text), 40), layout)
	}
	const most = 16 // digits of the year 2286 in microseconds
	if point += epochUnits[layout]; point > most || text[0] == '-' {
		return 0, fmt.Errorf("time %q is out of range: is the unit right?", clip([]byte(text), 40))
	}
	var micros signin.Time
	for i := range max(point, 0) {
		if micros *= 10; i < len(digits) {
			micros += signin.Time(digits[i] - '0')
		}
	}
	return micros, nil
}

// epochGuess reads a count since 1970 whose unit is told by its size, for logs
// that mix them: seconds up to 1e11, milliseconds to 1e14, microseconds to 1e17,
// else nanoseconds. Each range covers the years 2000 to 2100 of its unit.
func epochGuess(text string) (signin.Time, error) {
	switch _, n, _ := decimal(strings.TrimSpace(text)); {
	case n <= 11:
		return epoch(text, "unix")
	case n <= 14:
		return epoch(text, "unix-ms")
	case n <= 17:
		return epoch(text, "unix-us")
	}
	return epoch(text, "unix-ns")
}

// decimal takes a number apart: its digits without leading zeros, and how many of
// them stand before the point once the exponent is applied (less than none when
// zeros follow the point, more than there are when zeros follow the digits).
func decimal(s string) (digits string, point int, ok bool) {
	s = strings.TrimPrefix(s, "-")
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		shift, err := strconv.Atoi(s[i+1:])
		if err != nil || shift > 99 || shift < -99 {
			return "", 0, false
		}
		s, point = s[:i], shift
	}
	whole, fraction, _ := strings.Cut(s, ".")
	digits = whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "", 0, false
	}
	point += len(whole)
	trimmed := strings.TrimLeft(digits, "0")
	return trimmed, point - (len(digits) - len(trimmed)), true
}
