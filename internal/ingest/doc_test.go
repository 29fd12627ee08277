package ingest

import (
	"testing"
	"time"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

func TestDoc(t *testing.T) {
	var d doc
	var s, cell jsonscan.Scanner
	v, err := d.parse(&s, []byte(`{"a":{"b":[{"c":1},{"c":9007199254740993}]},"t":"[{\"x\":\"y\"}]","a.b":"dotted","n":null,"yes":"True","dup":1,"dup":2,"u":"Unknown","none":"none"}`), false)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"a.b": "dotted", "dup": "2", "n": "", "u": "", "none": "none", "missing.deep": "", "a": "", "yes": "True",
	} {
		if got := v.dot(path).said(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got := v.at("a", "b").elem(1).at("c").text(); got != "9007199254740993" {
		t.Errorf("a number lost digits: %s", got)
	}
	if got := v.at("t").within(&cell).elem(0).at("x").text(); got != "y" {
		t.Errorf("JSON within a text: %q", got)
	}
	if v.at("dup").within(&cell).kind() != 0 || v.at("missing").truth() != signin.Unknown || v.at("yes").truth() != signin.True {
		t.Error("absent and present are mixed up")
	}
	var keys string
	for k := range v.at("a").members() {
		keys += k
	}
	if keys != "b" || v.at("a", "b").elem(2).kind() != 0 {
		t.Errorf("members %q", keys)
	}
	if _, err := d.parseObject(&s, []byte(`[1]`), false); err == nil {
		t.Error("an array is taken for an object")
	}
}

func TestLocalTimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here")
	}
	asOf := signin.FromTime(time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC))
	for _, tt := range []struct {
		in, want, rest string
		zone           *time.Location
	}{
		{"Jan  2 15:04:05 host x", "2026-01-02T15:04:05Z", " host x", nil},
		{"Jan 3 15:04:05 host x", "2025-01-03T15:04:05Z", " host x", nil}, // more than a day ahead: last year
		{"Dec 31 23:59:59.250 host", "2025-12-31T23:59:59.25Z", " host", nil},
		{"Feb 29 10:00:00 h", "2024-02-29T10:00:00Z", " h", nil},
		{"Jun 22 2022 13:29:11 asa :", "2022-06-22T13:29:11Z", " asa :", nil},
		{"Jun 22 13:29:11 2022 asa", "2022-06-22T13:29:11Z", " asa", nil},
		{"Jul 22 2025 13:29:11 asa", "2025-07-22T11:29:11Z", " asa", berlin},
		{"Oct 26 2025 02:30:00 asa", "2025-10-26T00:30:00Z", " asa", berlin}, // occurs twice
		{"Mar 30 2025 02:30:00 asa", "2025-03-30T01:30:00Z", " asa", berlin}, // does not occur
		{"Foo 30 2025 02:30:00 asa", "", "", nil},
		{"Feb 30 2025 02:30:00 asa", "", "", nil},
	} {
		k := kit{f: &file{asOf: asOf, opt: &Options{Zone: tt.zone}}, t: &tally{}}
		got, rest, err := k.stamp(tt.in)
		if tt.want == "" {
			if err == nil {
				t.Errorf("%q is read as %s", tt.in, got)
			}
			continue
		}
		if err != nil || got.String() != tt.want || rest != tt.rest {
			t.Errorf("%q: %s %q %v, want %s %q", tt.in, got, rest, err, tt.want, tt.rest)
		}
	}
	k := kit{f: &file{opt: &Options{}}, t: &tally{}}
	if _, _, err := k.stamp("Jan  2 15:04:05 host"); err == nil {
		t.Error("a year was made up")
	}
}

func TestXMLSplitter(t *testing.T) {
	in := "<?xml version='1.0'?>\n<Events>\n<Event xmlns='x'>\n<EventID>1</EventID></Event><Event>\r\n2</Event>\n</Events>\n<Event>cut"
	want := `3 "<Event xmlns='x'>\n<EventID>1</EventID></Event>" <nil>|4 "<Event>\r\n2</Event>" <nil>|7 "<Event>cut" ` + errEnd.Error() + "|"
	for n := 1; n < len(in)+1; n++ {
		got := ""
		for _, p := range pieces(newXMLSplitter(), []byte(in), n) {
			got += p + "|"
		}
		if got != want {
			t.Fatalf("pieces of %d:\n%s\nwant\n%s", n, got, want)
		}
	}
}
