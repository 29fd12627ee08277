package directory

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"frisk/internal/signin"
)

// layouts are the spellings of a time that exports use, RFC 3339 first. Those
// without a zone are taken as UTC, which is what Log Analytics and ServiceNow
// exports mean; slashes are month first, as the Azure portal writes them.
var layouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05",
	"2006-01-02T15:04:05.9999999Z0700",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05",
	"2006-01-02 15:04",
	"2006-01-02",
	"1/2/2006, 3:04:05 PM",
	"1/2/2006 3:04:05 PM",
	"1/2/2006 3:04 PM",
	"1/2/2006 15:04:05",
	"1/2/2006 15:04",
	"1/2/2006",
	"2.1.2006 15:04:05", // dots are day first wherever they are used
	"2.1.2006 15:04",
	"2.1.2006",
	"02/Jan/06 3:04 PM", // Jira
	"2/Jan/06 3:04 PM",
	"02/Jan/2006 3:04 PM",
	"2006-01-02T15:04:05.000-0700", // Jira REST
}

// parseTime reads a time in one of the layouts. It must lie in the range that
// signin accepts for events, give or take: a year 1 or 9999 is how exports
// write "none" and gives 0.
func parseTime(s string) (signin.Time, error) {
	s = strings.TrimSpace(s)
	for _, l := range layouts {
		t, err := time.Parse(l, s)
		if err != nil {
			continue
		}
		v := signin.FromTime(t)
		switch {
		case t.Year() <= 1901 || t.Year() >= 9000:
			return 0, nil
		case v < signin.Earliest || v >= signin.Latest:
			return 0, fmt.Errorf("time %q is not between 2000 and 2100", s)
		}
		return v, nil
	}
	return 0, fmt.Errorf("%q is not a time, want RFC 3339 such as 2026-03-01T08:00:00Z", s)
}

var isoDuration = regexp.MustCompile(`^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$`)

// parseDuration reads an ISO 8601 duration of weeks, days and shorter units,
// as Graph schedules have them; false for anything else, months included.
func parseDuration(s string) (signin.Time, bool) {
	m := isoDuration.FindStringSubmatch(s)
	if m == nil || len(s) < 3 {
		return 0, false
	}
	units := []signin.Time{7 * signin.Day, signin.Day, signin.Hour, signin.Minute, signin.Second}
	var d signin.Time
	for i, u := range units {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.ParseInt(m[i+1], 10, 32)
		if err != nil {
			return 0, false
		}
		d += signin.Time(n) * u
	}
	return d, true
}
