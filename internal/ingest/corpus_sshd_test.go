package ingest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// corpusFile reads one file of the corpus and checks that every record of it is
// accounted for. It skips where there is no corpus.
func corpusFile(t *testing.T, rel string, opt Options) ([]signin.Event, *Account, []*LineError) {
	t.Helper()
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	path := filepath.Join(root, "logs", rel)
	a := &Account{}
	var events []signin.Event
	var bad []*LineError
	for b, err := range Read(context.Background(), []Source{FileSource(path, -1)}, opt) {
		if err != nil {
			t.Fatal(err)
		}
		a.Add(b)
		events = append(events, b.Events...)
		bad = append(bad, b.Bad...)
	}
	others := int64(0)
	for _, o := range a.NotSignIn {
		others += o.Count
	}
	if a.Records != a.Events+a.Bad+others {
		t.Errorf("%s: %d records are not %d events + %d bad + %d others", rel, a.Records, a.Events, a.Bad, others)
	}
	return events, a, bad
}

// corpusWant is what a file of the corpus must give.
type corpusWant struct {
	file, format        string
	records, events     int64
	bad                 int64
	success, challenged int64
	refused             bool
}

func corpusCheck(t *testing.T, wants []corpusWant, opt Options) {
	for _, w := range wants {
		events, a, bad := corpusFile(t, w.file, opt)
		if w.refused {
			if a.Err == nil || !strings.Contains(a.Err.Error(), "no format fits") {
				t.Errorf("%s is not refused: %v", w.file, a.Err)
			}
			continue
		}
		got := corpusWant{file: w.file, format: a.Format, records: a.Records, events: a.Events, bad: a.Bad}
		for i := range events {
			switch events[i].Outcome {
			case signin.Success:
				got.success++
			case signin.Challenge:
				got.challenged++
			}
		}
		if got != w || a.Err != nil {
			t.Errorf("\n got %+v\nwant %+v\n%v, not sign-ins %v", got, w, a.Err, a.NotSignIn)
		}
		for _, b := range bad {
			t.Logf("%v", b)
		}
	}
}

// assertLine is one field of a crowdsec parser.assert: results["s01-parse"]["crowdsecurity/sshd-logs"][3].Evt.Meta["source_ip"] == "…".
var assertLine = regexp.MustCompile(`results\["s01-parse"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.(?:Parsed|Meta|Unmarshaled)\["([^"]+)"\]\)? == (".*")$`)

// crowdsec reads the records of an assert file that a parser of theirs understood, in order.
func crowdsec(t *testing.T, rel string) []map[string]string {
	t.Helper()
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	data, err := os.ReadFile(filepath.Join(root, "logs", rel))
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	index := map[string]int{}
	for line := range strings.SplitSeq(string(data), "\n") {
		m := assertLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		key := m[1] + m[2]
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, map[string]string{"parser": m[1]})
		}
		if text, err := strconv.Unquote(m[4]); err == nil {
			out[i][m[3]] = text
		}
	}
	return out
}

// corpusTally counts how a comparison with a peer came out.
type corpusTally struct{ same, oursOnly, theirsOnly, differ int }

func TestCorpusLinux(t *testing.T) {
	const c = "sshd/crowdsec/"
	corpusCheck(t, []corpusWant{
		{file: "sshd/filebeat/test.log", format: "linux-auth", records: 10, events: 4, success: 2},
		{file: "sshd/filebeat/timestamp.log", format: "linux-auth", records: 2},
		{file: "sshd/filebeat/auth-ubuntu1204.log", format: "linux-auth", records: 1000, events: 13, success: 13},
		// 352 "Failed password" lines; PAM's of the same attempts are counted apart.
		{file: "sshd/filebeat/secure-rhel7.log", format: "linux-auth", records: 1000, events: 355, success: 3},
		{file: c + "endlessh-logs/endlessh-logs.log", refused: true}, // a tarpit: nobody can sign in there
		{file: c + "opnsense-sshd/opnsense-sshd.log", format: "linux-auth", records: 10, events: 10},
		{file: c + "pam-logs/pam-logs.log", format: "linux-auth", records: 2},
		{file: c + "ssh-bf/ssh-bf.log", format: "linux-auth", records: 6, events: 6},
		{file: c + "ssh-generic-test/ssh-generic-test.log", format: "linux-auth", records: 1, events: 1},
		{file: c + "ssh-slow-bf/ssh-slow-bf.log", format: "linux-auth", records: 22, events: 22},
		{file: c + "ssh-time-based-bf/ssh-time-based-bf.log", format: "linux-auth", records: 15, events: 15, success: 1},
		{file: c + "ssh-timeout/ssh-timeout.log", format: "linux-auth", records: 8},
		{file: c + "sshd-bad-keyexchange-bf/sshd-bad-keyexchange-bf.log", format: "linux-auth", records: 19},
		{file: c + "sshd-impossible-travel/sshd-success-logs.log", format: "linux-auth", records: 2, events: 2, success: 2},
		{file: c + "sshd-impossible-travel-user/sshd-success-logs.log", format: "linux-auth", records: 2, events: 2, success: 2},
		{file: c + "sshd-invalid-bf/sshd-invalid-bf.log", format: "linux-auth", records: 6, events: 6},
		{file: c + "sshd-logs/sshd-logs.log", format: "linux-auth", records: 24, events: 11},
		{file: c + "sshd-logs-fp/sshd-logs.log", format: "linux-auth", records: 6},
		{file: c + "sshd-refused-conn/sshd-refused-conn.log", format: "linux-auth", records: 1},
		{file: c + "sshd-success-logs/sshd-success-logs.log", format: "linux-auth", records: 4, events: 4, success: 4},
		{file: c + "sshd_banner_exchange/sshd_banner_exchange.log", format: "linux-auth", records: 12},
		{file: "vpn/crowdsec/wireguard-auth/wireguard-auth.log", format: "linux-auth", records: 5},
	}, Options{AsOf: fixtureAsOf})
}

// TestCorpusLinuxCrowdsec compares address, user and outcome with crowdsec's
// parser. Where only they see an attempt, the reason is one of theirsOnly.
func TestCorpusLinuxCrowdsec(t *testing.T) {
	theirsOnly := map[string]string{
		"ssh_bad_keyexchange": "no user was named yet: counted as no attempt",
		"ssh_auth_timeout":    "the same",
		"ssh_dispatch_fatal":  "the same",
		"ssh_refused_conn":    "refused by TCP wrappers before sshd asked for a name",
		"ssh_failed-auth":     "a PAM line, beside which sshd's own line is the attempt; a disconnect that names no state; a bad handshake",
		"pam_failed_auth":     "sudo: somebody who is signed in already",
		"pam_user_lock":       "the same",
	}
	var got corpusTally
	for _, name := range []string{"opnsense-sshd/opnsense-sshd", "pam-logs/pam-logs", "sshd-invalid-bf/sshd-invalid-bf", "sshd-logs/sshd-logs", "sshd-logs-fp/sshd-logs", "sshd-success-logs/sshd-success-logs"} {
		rel := "sshd/crowdsec/" + name + ".log"
		events, _, _ := corpusFile(t, rel, Options{AsOf: fixtureAsOf})
		used := make([]bool, len(events))
		for _, p := range crowdsec(t, filepath.Join(filepath.Dir(rel), "parser.assert")) {
			if p["log_type"] == "" {
				continue
			}
			at := -1
			for i := range events {
				if !used[i] && events[i].ReasonText == strings.TrimSpace(p["message"]) {
					at = i
					break
				}
			}
			if at < 0 {
				if theirsOnly[p["log_type"]] == "" {
					t.Errorf("%s: only crowdsec reads %q", rel, p["message"])
				}
				got.theirsOnly++
				continue
			}
			used[at] = true
			ev := &events[at]
			user := p["target_user"] + p["user"]
			success := p["log_type"] == "auth_success"
			if ev.Source.IP.String() != p["source_ip"] || user != "" && ev.Principal.Name != user || success != (ev.Outcome == signin.Success) {
				t.Errorf("%s: %q: %v %v %v, crowdsec %v", rel, p["message"], ev.Source.IP, ev.Principal.Name, ev.Outcome, p)
				got.differ++
				continue
			}
			got.same++
		}
		for _, u := range used {
			if !u {
				got.oursOnly++
			}
		}
	}
	if want := (corpusTally{same: 31, theirsOnly: 14}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestCorpusLinuxFilebeat compares with filebeat's expected documents, of which
// there is one for each of the first lines.
func TestCorpusLinuxFilebeat(t *testing.T) {
	var got corpusTally
	for _, name := range []string{"test", "timestamp", "secure-rhel7", "auth-ubuntu1204"} {
		rel := "sshd/filebeat/" + name + ".log"
		events, _, _ := corpusFile(t, rel, Options{AsOf: fixtureAsOf})
		byLine := map[int64]*signin.Event{}
		for i := range events {
			byLine[events[i].Raw.Line] = &events[i]
		}
		path := filepath.Join(os.Getenv("FRISK_CORPUS"), "logs", rel)
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path + "-expected.json")
		if err != nil {
			t.Fatal(err)
		}
		var docs []struct {
			Offset  int    `json:"log.offset"`
			Action  string `json:"event.action"`
			Outcome string `json:"event.outcome"`
			User    string `json:"user.name"`
			IP      string `json:"source.ip"`
			Port    int    `json:"source.port"`
			Method  string `json:"system.auth.ssh.method"`
		}
		if err := json.Unmarshal(data, &docs); err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			line := int64(strings.Count(string(log[:d.Offset]), "\n")) + 1
			ev := byLine[line]
			switch {
			case ev == nil && d.Action == "ssh_login":
				t.Errorf("%s:%d: only filebeat sees a sign-in", rel, line)
			case ev == nil:
			case d.Action != "ssh_login":
				got.oursOnly++
			case ev.Source.IP.String() != d.IP || ev.Principal.Name != d.User || ev.Outcome.String() != d.Outcome ||
				d.Port != 0 && int(ev.Source.Port) != d.Port || d.Method != "" && !strings.HasSuffix(ev.Code, d.Method):
				t.Errorf("%s:%d: %v %v %v %v, filebeat %+v", rel, line, ev.Source, ev.Principal.Name, ev.Outcome, ev.Code, d)
				got.differ++
			default:
				got.same++
			}
		}
	}
	if want := (corpusTally{same: 39}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
