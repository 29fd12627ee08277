package ingest

import "testing"

func TestEpoch(t *testing.T) {
	const day = "2026-03-02T08:00:00"
	for _, tt := range []struct{ text, layout, want string }{
		{"1772438400", "unix", day + "Z"},
		{"1772438400.25", "unix", day + ".25Z"},
		{"1772438400123", "unix-ms", day + ".123Z"},
		{"1772438400123.0", "unix-ms", day + ".123Z"},
		{"1772438400123.4567", "unix-ms", day + ".123456Z"},
		{"1772438400123456", "unix-us", day + ".123456Z"},
		{"1772438400123456789", "unix-ns", day + ".123456Z"},
		{"1.7724384E9", "unix", day + "Z"}, // as Java and Spark write a double
		{"1.772438400123E12", "unix-ms", day + ".123Z"},
		{"1.772438400123e+12", "", day + ".123Z"},
		{"17724384e+2", "", day + "Z"},
		{"1772438400", "", day + "Z"},
		{"1772438400123", "", day + ".123Z"},
		{"1772438400123456", "", day + ".123456Z"},
		{"1772438400123456789", "", day + ".123456Z"},
		{"-1", "unix", ""},
		{"-1", "unix-us", ""},
		{"-1", "unix-ns", ""},
		{"1772438400x", "unix", ""},
		{"1772438400.2x", "unix", ""},
		{"1772438400123.x", "unix-ms", ""},
		{"1e99999999999", "unix", ""},
		{"1e18", "unix", ""},
		{"9223372036854775807", "unix-ms", ""},
		{"99999999999999999999999", "", ""},
		{"9223372036854775807", "unix-us", ""},
		{"", "", ""},
		{".", "", ""},
		{"e", "", ""},
		{"1e", "", ""},
	} {
		read := func() (string, error) {
			if tt.layout == "" {
				v, err := epochGuess(tt.text)
				return v.String(), err
			}
			v, err := epoch(tt.text, tt.layout)
			return v.String(), err
		}
		got, err := read()
		if tt.want == "" && err == nil || tt.want != "" && (err != nil || got != tt.want) {
			t.Errorf("%q as %q: %s, %v; want %s", tt.text, tt.layout, got, err, tt.want)
		}
	}
}
