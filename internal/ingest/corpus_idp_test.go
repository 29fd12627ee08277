package ingest

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func TestCorpusDuoPingKeycloakTeleport(t *testing.T) {
	corpusCheck(t, []corpusWant{
		{file: "duo/azure-sentinel/DuoSecurityAuthentication_CL.json", format: "duo-sentinel", records: 30, events: 20, success: 20},
		{file: "duo/azure-sentinel/DuoSecurityAdministrator_CL.json", format: "duo-sentinel", records: 285},
		{file: "duo/azure-sentinel/DuoSecurityOfflineEnrollment_CL.json", format: "duo-sentinel", records: 5},
		{file: "duo/azure-sentinel/DuoSecurityTelephony_CL.json", format: "duo-sentinel", records: 5},
		{file: "duo/azure-sentinel/DuoSecurityTrustMonitor_CL.json", format: "duo-sentinel", records: 10},
		{file: "ping/azure-sentinel/CEF/PingFederate.json", format: "pingfederate-cef", records: 6, events: 6, success: 6},
		{file: "keycloak/crowdsec/keycloak-logs/keycloak-logs.log", format: "keycloak", records: 7, events: 7},
		{file: "keycloak/crowdsec/keycloak-bf/keycloak-logs.log", format: "keycloak", records: 10, events: 10},
		{file: "keycloak/crowdsec/keycloak-slow-bf/keycloak-logs.log", format: "keycloak", records: 12, events: 12},
		{file: "teleport/crowdsec/teleport-bf/teleport-bf.log", format: "teleport", records: 6, events: 6},
		{file: "teleport/crowdsec/teleport-logs/teleport-logs.log", format: "teleport", records: 1, events: 1},
		{file: "teleport/crowdsec/teleport-impossible-travel/teleport-bf.log", format: "teleport", records: 2, events: 2, success: 2},
	}, Options{})
}

// TestCorpusDuo: a login by "bypass_user" is none with a second factor, the time
// is that of the authentication and not of the table's row, enrollments and
// administrator rows are counted.
func TestCorpusDuo(t *testing.T) {
	events, a, _ := corpusFile(t, "duo/azure-sentinel/DuoSecurityAuthentication_CL.json", Options{})
	ids := map[string]bool{}
	for i := range events {
		ev := &events[i]
		ids[ev.ID] = true
		if ev.MFA.State != signin.MFANotDone || ev.Code != "bypass_user" || ev.Geo.Country != "US" || !ev.Source.IP.IsValid() || ev.Time.Time().Hour() == 3 {
			t.Errorf("%s", dump(ev))
		}
	}
	// Each authentication stands five times in the file, with one id.
	if len(ids) != 4 {
		t.Errorf("%d ids", len(ids))
	}
	if diff := cmp.Diff([]TypeCount{{Type: "enrollment", Count: 10}}, a.NotSignIn); diff != "" {
		t.Error(diff)
	}
	_, a, _ = corpusFile(t, "duo/azure-sentinel/DuoSecurityAdministrator_CL.json", Options{})
	for _, o := range a.NotSignIn {
		if !strings.HasPrefix(o.Type, "administrator:") {
			t.Errorf("%+v", o)
		}
	}
}

// scenarioLine is a field of an event in a crowdsec scenario.assert.
var scenarioLine = regexp.MustCompile(`results\[(\d+)\]\.Overflow\.Alert\.Events\[(\d+)\]\.GetMeta\("([^"]+)"\) == (".*")$`)

// scenario reads the events of a scenario.assert; the same log line occurs in it
// once for each scenario that it poured into.
func scenario(t *testing.T, rel string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(os.Getenv("FRISK_CORPUS"), "logs", rel))
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	index := map[string]int{}
	for line := range strings.SplitSeq(string(data), "\n") {
		m := scenarioLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		key := m[1] + "/" + m[2]
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, map[string]string{})
		}
		if text, err := strconv.Unquote(m[4]); err == nil {
			out[i][m[3]] = text
		}
	}
	return out
}

// keycloakFields is what crowdsec and this package both say of an event. Their
// "username" keeps its case, ours is lower case; nothing else differs. (Beside
// the fields, their parser leaves the comma at the end of each unquoted value
// that it lists; the normalised ones compared here have none.)
func keycloakFields(ev *signin.Event) string {
	return strings.Join([]string{ev.Time.String(), ev.Source.IP.String(), ev.Principal.Name, ev.Code}, " ")
}

func TestCorpusKeycloakAsserts(t *testing.T) {
	const c = "keycloak/crowdsec/"
	events, _, _ := corpusFile(t, c+"keycloak-logs/keycloak-logs.log", Options{})
	theirs := crowdsec(t, c+"keycloak-logs/parser.assert")
	if len(theirs) != len(events) {
		t.Fatalf("crowdsec parses %d lines, frisk %d", len(theirs), len(events))
	}
	for i, w := range theirs {
		when, _, err := parseTime(w["datetime"])
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Join([]string{when.String(), w["source_ip"], strings.ToLower(w["username"]), w["error"]}, " ")
		if got := keycloakFields(&events[i]); got != want || w["log_type"] != "LOGIN_ERROR" || events[i].Outcome != signin.Failure {
			t.Errorf("line %d: %s, crowdsec %s", i+1, got, want)
		}
	}
	for _, dir := range []string{"keycloak-bf", "keycloak-slow-bf"} {
		events, _, _ := corpusFile(t, c+dir+"/keycloak-logs.log", Options{})
		ours := map[string]bool{}
		for i := range events {
			ours[keycloakFields(&events[i])] = true
		}
		list := scenario(t, c+dir+"/scenario.assert")
		if len(list) == 0 {
			t.Errorf("%s: no events in the assert", dir)
		}
		for _, w := range list {
			if want := strings.Join([]string{w["timestamp"], w["source_ip"], strings.ToLower(w["username"]), w["error"]}, " "); !ours[want] {
				t.Errorf("%s: crowdsec has %s", dir, want)
			}
		}
	}
}

// TestCorpusTeleportAsserts: in the impossible-travel sample two logins carry
// success true beside the code of a refusal (T1000W); crowdsec and frisk both go
// by "success". The samples repeat one uid for different logins, which real
// clusters never do, so a dataset would keep one of them.
func TestCorpusTeleportAsserts(t *testing.T) {
	const c = "teleport/crowdsec/"
	fields := func(ev *signin.Event) string {
		success := map[signin.Outcome]string{signin.Success: "true", signin.Failure: "false"}[ev.Outcome]
		return strings.Join([]string{ev.Time.String(), ev.Source.IP.String(), ev.Principal.Name, success, ev.UserAgent}, " ")
	}
	want := func(w map[string]string, when string) string {
		return strings.Join([]string{when, w["source_ip"], strings.ToLower(w["user"]), w["success"], w["http_user_agent"]}, " ")
	}
	events, _, _ := corpusFile(t, c+"teleport-logs/teleport-logs.log", Options{})
	theirs := crowdsec(t, c+"teleport-logs/parser.assert")
	if len(theirs) != 1 || len(events) != 1 {
		t.Fatalf("crowdsec parses %d lines, frisk %d", len(theirs), len(events))
	}
	if got, w := fields(&events[0]), want(theirs[0], events[0].Time.String()); got != w {
		t.Errorf("%s, crowdsec %s", got, w)
	}
	for _, file := range []string{"teleport-bf", "teleport-impossible-travel"} {
		events, _, _ := corpusFile(t, c+file+"/teleport-bf.log", Options{})
		ours := map[string]bool{}
		for i := range events {
			ours[fields(&events[i])] = true
		}
		list := scenario(t, c+file+"/scenario.assert")
		if len(list) == 0 {
			t.Errorf("%s: no events in the assert", file)
		}
		for _, w := range list {
			if s := want(w, w["timestamp"]); !ours[s] {
				t.Errorf("%s: crowdsec has %s", file, s)
			}
		}
	}
}

// TestCorpusPingFederate: the rows are OAuth tokens issued to a person, at the
// time of the table as the export's receipt time is empty.
func TestCorpusPingFederate(t *testing.T) {
	events, _, _ := corpusFile(t, "ping/azure-sentinel/CEF/PingFederate.json", Options{})
	for i := range events {
		if ev := &events[i]; ev.Stream != signin.NonInteractive || ev.Protocol != "OAuth20" || ev.Outcome != signin.Success || !ev.Source.IP.IsValid() {
			t.Errorf("%s", dump(ev))
		}
	}
}
