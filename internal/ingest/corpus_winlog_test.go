package ingest

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/signin"
)

func TestCorpusWindows(t *testing.T) {
	corpusCheck(t, []corpusWant{
		{file: "windows/crowdsec/windows-bf/windows-bf.log", format: "windows-xml", records: 6, events: 6},
		{file: "windows/crowdsec/windows-logs/windows-logs.log", format: "windows-xml", records: 1, events: 1},
		{file: "windows/msticpy/failed_logons.jsonl", format: "windows-json", records: 4, events: 4},
		{file: "windows/msticpy/host_logons.csv", format: "windows-csv", records: 14, events: 3, success: 3},
		{file: "windows/msticpy/host_logons.jsonl", format: "windows-json", records: 25, events: 4, success: 4},
		{file: "windows/otrf/auth_events.jsonl", format: "windows-json", records: 2685, events: 278, success: 233},
	}, Options{})
}

// TestCorpusWindowsFields reads the largest file a second time, by a plain JSON
// decoder, and compares who, from where and how.
func TestCorpusWindowsFields(t *testing.T) {
	const rel = "windows/otrf/auth_events.jsonl"
	events, _, _ := corpusFile(t, rel, Options{})
	byLine := map[int64]*signin.Event{}
	for i := range events {
		byLine[events[i].Raw.Line] = &events[i]
	}
	f, err := os.Open(filepath.Join(os.Getenv("FRISK_CORPUS"), "logs", rel))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	ids := map[string]bool{}
	for n := int64(1); lines.Scan(); n++ {
		var r struct {
			EventID                              int
			TargetUserName, IPAddress, LogonType string
			SubStatus                            string
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		user, _, _ := strings.Cut(strings.ToLower(r.TargetUserName), "@")
		ev := byLine[n]
		signIn := r.EventID == 4624 || r.EventID == 4625
		if ev == nil {
			if signIn && !strings.HasSuffix(user, "$") && !builtIn(user, "") {
				t.Errorf("line %d: a sign-in of %q was counted as none", n, user)
			}
			continue
		}
		if _, name, _ := strings.Cut(ev.Principal.Name, `\`); name != user {
			t.Errorf("line %d: user %q, log %q", n, name, user)
		}
		ip := ""
		if ev.Source.IP.IsValid() {
			ip = ev.Source.IP.String()
		}
		if want := strings.TrimPrefix(r.IPAddress, "::ffff:"); ip != want && want != "-" && want != "::1" && want != "127.0.0.1" {
			t.Errorf("line %d: address %q, log %q", n, ip, want)
		}
		if signIn && ev.Client != logonTypes[r.LogonType] {
			t.Errorf("line %d: client %q, log %q", n, ev.Client, r.LogonType)
		}
		if r.EventID == 4625 && !strings.EqualFold(ev.Code, r.SubStatus) && number16(r.SubStatus) != 0 {
			t.Errorf("line %d: code %q, log %q", n, ev.Code, r.SubStatus)
		}
		if ids[ev.ID] {
			t.Logf("line %d: the id was met before", n) // one event stands in several data sets
		}
		ids[ev.ID] = true
	}
}
