package ingest

import (
	"errors"
	"fmt"
	"time"

	"frisk/internal/signin"
)

// errNoYear is a time without a year in a file that nothing dates.
var errNoYear = errors.New("the time has no year and nothing dates the file: say up to when the log goes with --as-of")

// local is a wall time without a zone in the zone of local times (Options.Zone,
// else UTC). A wall time that summer time repeats is the earlier, one that it
// skips is taken as if the clock had not been changed.
func (k *kit) local(year int, month time.Month, day, hour, minute, second, micros int) signin.Time {
	if k.f.opt.Zone == nil {
		k.t.note(noteNoZone)
	}
	return k.wall(year, month, day, hour, minute, second, micros)
}

// wall is local without the note.
func (k *kit) wall(year int, month time.Month, day, hour, minute, second, micros int) signin.Time {
	zone := k.f.opt.Zone
	if zone == nil {
		zone = time.UTC
	}
	t := time.Date(year, month, day, hour, minute, second, micros*1000, zone)
	// time.Date picks one of the two offsets without promise; the earlier instant
	// is the one with the larger offset.
	if before := t.Add(-time.Hour); sameWall(t, before) {
		t = before
	}
	return signin.FromTime(t)
}

func sameWall(a, b time.Time) bool {
	return a.Hour() == b.Hour() && a.Minute() == b.Minute() && a.Day() == b.Day()
}

// localText reads "2006-01-02 15:04:05[.,fraction]" (also with T or slashes) as
// a local time, unless it names a zone.
func (k *kit) localText(s string) (signin.Time, error) {
	t, zoned, err := parseTime(s)
	if err != nil || zoned || k.f.opt.Zone == nil {
		if err == nil && !zoned {
			k.t.note(noteNoZone)
		}
		return t, err
	}
	u := t.Time()
	return k.local(u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), u.Nanosecond()/1000), nil
}

// noYear is a local time of RFC 3164, which names no year: the last such day
// that is at most a day after the file's asOf, the rule of Loki and others. It
// does not depend on other lines, so pieces of a file can be read apart.
func (k *kit) noYear(month time.Month, day, hour, minute, second, micros int) (signin.Time, error) {
	if k.f.asOf == 0 {
		return 0, errNoYear
	}
	k.t.note(noteNoYear)
	limit := k.f.asOf + signin.Day
	year := k.f.asOf.Time().Year() + 1
	for range 9 { // 29 February occurs every four years, or eight
		if day <= daysIn(year, int(month)) {
			if t := k.wall(year, month, day, hour, minute, second, micros); t <= limit {
				if k.f.opt.Zone == nil {
					k.t.note(noteNoZone)
				}
				return t, nil
			}
		}
		year--
	}
	return 0, fmt.Errorf("no year has a day %d of month %d", day, month)
}

// stamp reads the RFC 3164 time "Jan _2 15:04:05[.fraction]" at the beginning of
// s, with or without a year after the day ("Jun 22 2022 13:29:11") or at the end
// ("Jun 22 13:29:11 2022"), and returns what follows it.
func (k *kit) stamp(s string) (t signin.Time, rest string, err error) {
	bad := func() (signin.Time, string, error) {
		return 0, s, fmt.Errorf("time %q is not like \"Jan  2 15:04:05\"", clip([]byte(s), 24))
	}
	if len(s) < 14 {
		return bad()
	}
	month := monthOf(s[:3])
	if month == 0 || s[3] != ' ' {
		return bad()
	}
	p := s[4:]
	day, p, ok := number(skipBlanks(p), 2)
	if !ok || day < 1 || day > 31 || p == "" || p[0] != ' ' {
		return bad()
	}
	p = skipBlanks(p)
	year := 0
	if y, q, ok := number(p, 4); ok && y >= 1970 && q != "" && q[0] == ' ' {
		year, p = y, skipBlanks(q)
	}
	if len(p) < 8 || p[2] != ':' || p[5] != ':' {
		return bad()
	}
	hour, ok1 := atoi(p[:2])
	minute, ok2 := atoi(p[3:5])
	second, ok3 := atoi(p[6:8])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 60 {
		return bad()
	}
	p = p[8:]
	micros := 0
	if len(p) > 1 && p[0] == '.' {
		unit := 100_000
		for p = p[1:]; p != "" && p[0] >= '0' && p[0] <= '9'; p = p[1:] {
			micros += int(p[0]-'0') * unit
			unit /= 10
		}
	}
	if year == 0 && len(p) > 5 && p[0] == ' ' {
		if y, q, ok := number(p[1:], 4); ok && y >= 1970 && y < 2100 && q != "" && q[0] == ' ' {
			year, p = y, q
		}
	}
	if year == 0 {
		t, err = k.noYear(month, day, hour, minute, second, micros)
		return t, p, err
	}
	if day > daysIn(year, int(month)) {
		return bad()
	}
	return k.local(year, month, day, hour, minute, second, micros), p, nil
}

// number reads up to most digits at the beginning of s.
func number(s string, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i > 0
}

func skipBlanks(s string) string {
	for s != "" && s[0] == ' ' {
		s = s[1:]
	}
	return s
}

func monthOf(s string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if s == m.String()[:3] {
			return m
		}
	}
	return 0
}
