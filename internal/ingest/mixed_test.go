package ingest

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/signin"

	"golang.org/x/tools/txtar"
)

const (
	mixedSSH   = "Mar  2 08:00:%02d bastion sshd[%d]: Failed password for bo from 203.0.113.5 port 4000 ssh2"
	mixedASA   = "Mar  2 2026 08:01:%02d fw01 : %%ASA-6-113039: Group <Staff> User <u%d> IP <198.51.100.7> AnyConnect parent session started."
	mixedForti = `Mar  2 08:03:%02d fgt01 date=2026-03-02 time=08:03:00 devname="fgt01" tz="+0000" logid="0101039426" type="event" subtype="vpn" action="ssl-login-fail" remip=203.0.113.5 user="u%d" reason="sslvpn_login_unknown_user"`
	mixedGP    = "<14>Mar  2 08:02:%02d pa01 1,2026/03/02 08:02:00,000000000001,GLOBALPROTECT,0,2562,2026/03/02 08:02:00,vsys1,portal-auth,login,LDAP,,u%d,CH,PC07,198.51.100.7,0.0.0.0,0.0.0.0,0.0.0.0,host-1,SN1,6.0.4,Windows,Windows 11,1,,,,success,,0,,0,GP-Portal,1001,0x0"
)

func some(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line+"\n", i%60, i)
	}
	return b.String()
}

// TestMixedFiles: what a syslog server writes is read line by line, whatever
// comes first.
func TestMixedFiles(t *testing.T) {
	inTurn := ""
	for i := range 17 {
		inTurn += fmt.Sprintf(mixedSSH+"\n"+mixedASA+"\n"+mixedGP+"\n"+mixedForti+"\n", i, i, i, i, i, i, i, i)
	}
	quoted := some(27, `results["s01"][%d]["message"] == "x%d date=2026-03-02 time=09:00:00 devname=\"f\" logid=\"1\" type=\"event\" subtype=\"vpn\""`)
	for name, tt := range map[string]struct {
		data, forced, format, formats string
		events, bad                   int64
	}{
		"few in front":        {some(3, mixedForti) + some(290, mixedSSH), "", "linux-auth", "linux-auth (290), fortigate (3)", 293, 0},
		"few at the end":      {some(310, mixedSSH) + some(8, mixedASA), "", "linux-auth", "linux-auth (310), cisco-asa (8)", 318, 0},
		"in turn":             {inTurn, "", "cisco-asa", "cisco-asa (17), fortigate (17), globalprotect (17), linux-auth (17)", 68, 0},
		"forced":              {some(9, mixedSSH) + some(3, mixedASA), "cisco-asa", "cisco-asa", "cisco-asa (12)", 3, 9},
		"no header at first":  {strings.Repeat("the rest of something\n", 200) + some(20, mixedSSH), "", "linux-auth", "linux-auth (220)", 20, 200},
		"quoted lines":        {quoted + strings.Repeat("len(results) == 1\n", 100), "", "", "", 0, 0},
		"quoted lines only":   {quoted, "", "", "", 0, 0},
		"too few":             {strings.Repeat("a page of text\n", 600) + some(27, mixedForti), "", "", "", 0, 0},
		"programs only":       {some(5, "Mar  2 08:00:%02d h CRON[%d]: (root) CMD (true)"), "", "linux-auth", "linux-auth (5)", 0, 0},
		"programs and an ASA": {some(9, "Mar  2 08:00:%02d h kernel: [%d.1] link up") + some(1, mixedASA), "", "linux-auth", "linux-auth (9), cisco-asa (1)", 1, 0},
	} {
		for _, workers := range []int{1, 3} {
			var a Account
			var events []signin.Event
			for b, err := range Read(context.Background(), []Source{ReaderSource(name, bytes.NewReader([]byte(tt.data)))}, Options{Workers: workers, AsOf: fixtureAsOf, Format: tt.forced}) {
				if err != nil {
					t.Fatal(err)
				}
				a.Add(b)
				events = append(events, b.Events...)
			}
			if (a.Err == nil) != (tt.format != "") {
				t.Errorf("%s: %v", name, a.Err)
			}
			if got := bySize(a.Formats); a.Format != tt.format || got != tt.formats || a.Events != tt.events || a.Bad != tt.bad {
				t.Errorf("%s: %q, %s, %d events, %d bad; want %+v", name, a.Format, got, a.Events, a.Bad, tt)
			}
			for i := range events {
				if strings.HasPrefix(events[i].Principal.Name, "bo") != (events[i].Provider == "linux") {
					t.Errorf("%s: %s is of %s", name, events[i].Principal.Name, events[i].Provider)
				}
			}
		}
	}
}

// TestMixedFollowed: who reads on in a file names its format, and the lines are
// still read one by one.
func TestMixedFollowed(t *testing.T) {
	src := ReaderSource("more", strings.NewReader(some(2, mixedASA)+some(1, mixedSSH)))
	src.Format = "linux-auth"
	var a Account
	for b, err := range Read(context.Background(), []Source{src}, Options{Workers: 1, AsOf: fixtureAsOf}) {
		if err != nil {
			t.Fatal(err)
		}
		a.Add(b)
	}
	if got := bySize(a.Formats); a.Format != "linux-auth" || got != "cisco-asa (2), linux-auth (1)" || a.Events != 3 {
		t.Errorf("%+v", a)
	}
}

// TestClaims: every line that a format of lines makes a sign-in of is claimed by
// that format and read by it within any other's file.
func TestClaims(t *testing.T) {
	var kinds []lineKind
	for _, f := range formats {
		if f.claims != nil {
			kinds = append(kinds, lineKind{format: f})
		}
	}
	for i, k := range kinds {
		paths, _ := filepath.Glob(filepath.Join("testdata", k.format.Name, "*.txtar"))
		for _, path := range paths {
			if strings.HasPrefix(filepath.Base(path), "mixed") {
				continue
			}
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(string(ar.Files[0].Data), "\n")
			src := []Source{ReaderSource(path, bytes.NewReader(ar.Files[0].Data))}
			for b, err := range Read(context.Background(), src, Options{Workers: 1, AsOf: fixtureAsOf}) {
				if err != nil {
					t.Fatal(err)
				}
				for e := range b.Events {
					line := lines[b.Events[e].Raw.Line-1]
					for j := range kinds {
						others := append([]lineKind{kinds[j]}, kinds...)
						if got := others[kindOfLine(others, line)].format; got != kinds[i].format {
							t.Errorf("%s in a file of %s is read by %s:\n%s", k.format.Name, kinds[j].format.Name, got.Name, line)
						}
					}
				}
			}
		}
	}
}

// BenchmarkKind is what telling a line's format adds to reading it, BenchmarkHead
// what detection of a file of lines takes.
func BenchmarkKind(b *testing.B) {
	for name, line := range benchLines {
		data := []byte(some(700, line))
		f := &file{opt: &Options{}}
		if _, err := prepare(f, data); err != nil {
			b.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(data)), "\n")
		decode := f.decoder(newScratch())
		f.asOf = fixtureAsOf
		b.Run(name+"/kind", func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if kindOfLine(f.kinds, lines[i%len(lines)]) != 0 {
					b.Fatal(lines[i%len(lines)])
				}
			}
		})
		b.Run(name+"/decode", func(b *testing.B) {
			var t tally
			for i := 0; b.Loop(); i++ {
				var ev signin.Event
				if _, err := decode([]byte(lines[i%len(lines)]), &ev, &t); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/head", func(b *testing.B) {
			for b.Loop() {
				s := probe(data)
				if _, err := detect(&s, &Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

var benchLines = map[string]string{
	"sshd": mixedSSH, "asa": mixedASA, "fortigate": mixedForti, "globalprotect": mixedGP,
	"cron":   "Mar  2 08:00:%02d web01 CRON[%d]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)",
	"kernel": "Mar  2 08:00:%02d web01 kernel: [82508.%06d] eth0: Link is Up - 1Gbps/Full",
}
