package ingest

import (
	"fmt"
	"strings"
	"time"

	"frisk/internal/signin"
)

// parseTime reads the times met in sign-in logs: RFC 3339 with any number of
// fractional digits, the same with a space or without a zone, and the US forms
// of Log Analytics exports ("4/28/2021, 2:08:45.221 PM"). zoned is false when
// the text names no zone; it is then taken as UTC, which every Entra and Okta
// export uses. Digits past the microsecond are cut off.
func parseTime(s string) (t signin.Time, zoned bool, err error) {
	s = strings.TrimSpace(s)
	if t, zoned, ok := parseISO(s); ok {
		return t, zoned, nil
	}
	if strings.Contains(s, "/") {
		for _, layout := range usLayouts {
			if v, err := time.Parse(layout.text, s); err == nil {
				return signin.FromTime(v), layout.zoned, nil
			}
		}
	}
	return 0, false, fmt.Errorf("time %q is neither RFC 3339 nor month/day/year", clip([]byte(s), 40))
}

// A fraction of seconds is accepted by time.Parse where a layout has none.
var usLayouts = []struct {
	text  string
	zoned bool
}{
	{"1/2/2006, 3:04:05 PM", false},
	{"1/2/2006 3:04:05 PM", false},
	{"1/2/2006 3:04:05 PM -07:00", true},
	{"1/2/2006, 3:04:05 PM -07:00", true},
	{"1/2/2006 15:04:05 -07:00", true},
	{"1/2/2006 15:04:05", false},
	{"1/2/2006, 15:04:05", false},
	{"1/2/2006 15:04", false},
	{"1/2/2006 3:04 PM", false},
}

// parseISO is a fast reader of 2006-01-02T15:04:05[.fraction][Z|±07:00].
func parseISO(s string) (t signin.Time, zoned, ok bool) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || s[10] != 'T' && s[10] != ' ' && s[10] != 't' || s[13] != ':' || s[16] != ':' {
		return 0, false, false
	}
	year, ok1 := atoi(s[0:4])
	month, ok2 := atoi(s[5:7])
	day, ok3 := atoi(s[8:10])
	hour, ok4 := atoi(s[11:13])
	minute, ok5 := atoi(s[14:16])
	second, ok6 := atoi(s[17:19])
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !ok6 ||
		month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 60 {
		return 0, false, false
	}
	rest := s[19:]
	micros := 0
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		i, unit := 1, 100_000
		for ; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
			micros += int(rest[i]-'0') * unit
			unit /= 10
		}
		if i == 1 {
			return 0, false, false
		}
		rest = rest[i:]
	}
	offset := 0
	switch {
	case rest == "":
	case rest == "Z" || rest == "z":
		zoned = true
	case len(rest) == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':':
		h, okh := atoi(rest[1:3])
		m, okm := atoi(rest[4:6])
		if !okh || !okm || h > 23 || m > 59 {
			return 0, false, false
		}
		offset = (h*60 + m) * 60
		if rest[0] == '-' {
			offset = -offset
		}
		zoned = true
	default:
		return 0, false, false
	}
	seconds := int64(daysSinceEpoch(year, month, day))*86_400 + int64(hour*3600+minute*60+second-offset)
	return signin.Time(seconds)*signin.Second + signin.Time(micros), zoned, true
}

func atoi(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSinceEpoch counts days from 1970-01-01 in the proleptic Gregorian
// calendar (Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
func daysSinceEpoch(y, m, d int) int {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146_097 + doe - 719_468
}
