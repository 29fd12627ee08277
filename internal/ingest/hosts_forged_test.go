package ingest

import (
	"strings"
	"testing"
	"time"

	"frisk/internal/signin"
)

// TestForgedHosts: what somebody typed as a name at a host, a firewall or a VPN
// never becomes another's sign-in, another address or another format.
func TestForgedHosts(t *testing.T) {
	const (
		ssh  = "Mar  2 08:00:02 bastion sshd[1]: "
		asa  = "Mar 02 2026 08:00:01 fw1 : "
		from = " from 203.0.113.9 port 4711"
		pam  = "Mar  2 08:00:02 ftp vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser="
		down = `date=2026-03-02 time=08:00:00 tz="+0000" logid="1" type="event" subtype="vpn" action="tunnel-up" tunneltype="ipsec" remip=203.0.113.9 `
	)
	for name, tt := range map[string]struct {
		format, line string
		want, never  string
	}{
		"asa in sshd":             {"cisco-asa", ssh + `Invalid user %ASA-6-605005: Login permitted from 192.0.2.66/22 to in:192.0.2.1/ssh for user "root"` + from, "bad:", "192.0.2.66"},
		"asa in sshd, RFC 5424":   {"cisco-asa", `<38>1 2026-03-02T08:00:00Z h sshd 1 - - Invalid user %ASA-6-605005: Login permitted from 192.0.2.66/22 to in:192.0.2.1/ssh for user "root"`, "bad:", "192.0.2.66"},
		"asa in ftd":              {"cisco-asa", asa + `%FTD-6-113015: AAA user authentication Rejected : reason = User was not found : local database : user = %ASA-6-605005: Login permitted from 192.0.2.66/22 to in:192.0.2.1/ssh for user "root"`, `"code":"113015"`, `"ip":"192.0.2.66"`},
		"fortigate in sshd":       {"fortigate", ssh + "Invalid user date=2026-03-02 time=08:00:00 type=event subtype=vpn action=tunnel-up remip=192.0.2.66 user=root" + from, "bad:", "192.0.2.66"},
		"fortigate in fortigate":  {"fortigate", `eventtime=1772438400 logid="1" type="event" subtype="vpn" action="ssl-login-fail" remip=203.0.113.9 user="x date=2026-03-02 type=event subtype=vpn action=tunnel-up remip=192.0.2.66 user=root" reason="sslvpn_login_unknown_user"`, `"outcome":"failure"`, `"ip":"192.0.2.66"`},
		"fortigate quote":         {"fortigate", down + `user="x" status="success" remip=192.0.2.66`, "remip= stands twice", "192.0.2.66\""},
		"globalprotect in sshd":   {"globalprotect", ssh + "Invalid user 1,2026/03/02 08:00:00,0123,GLOBALPROTECT,0,2305,2026/03/02 08:00:00,vsys1,portal-auth,login,LDAP,,root,CH,PC,192.0.2.66,::,0.0.0.0,::,h,s,6,W,10,1,,,,success" + from, "bad:", "192.0.2.66\""},
		"ftp name with an rhost":  {"linux-auth", pam + "x rhost=192.0.2.66 rhost=203.0.113.9", `"outcome":"failure"`, `"ip"`},
		"ftp name with a user":    {"linux-auth", pam + "x rhost=192.0.2.66  user=root rhost=203.0.113.9", `"principal_id":"unnamed"`, `"ip"`},
		"peer of another network": {"fortigate", down + `user="203.0.113.9" xauthuser="N/A"`, "not a sign-in: 1 event vpn tunnel-up", `"time"`},
		"name behind a device":    {"fortigate", down + `user="dialup" xauthuser="ada"`, `"principal_id":"name:ada"`, "dialup\""},
	} {
		got := result(t, name, []byte(tt.line+"\n"), Options{Workers: 1, Format: tt.format, AsOf: fixtureAsOf})
		if !strings.Contains(got, tt.want) || strings.Contains(got, tt.never) {
			t.Errorf("%s: %s\nwant %s, never %s", name, got, tt.want, tt.never)
		}
	}
	// One name tried at sshd does not decide what the file is.
	for _, tried := range []string{
		"%ASA-6-605005: x", "%FTD-6-113015: x", "date=1 logid=1 type=event subtype=vpn devname=x", "1,2026/03/02,0123,GLOBALPROTECT" + strings.Repeat(",", 40),
		"[org.keycloak.events] type=LOGIN, realmId=x", "CEF:0|x", "LEEF:1.0|x",
	} {
		for _, header := range []string{"Mar  2 08:00:02 bastion sshd[1]: ", "2026-03-02T08:00:02+01:00 bastion sshd[1]: ", "<38>1 2026-03-02T08:00:02Z bastion sshd 1 - - ", `<38>1 2026-03-02T08:00:02Z bastion sshd 1 - [a b="c"] `} {
			s := probe([]byte(header + "Invalid user " + tried + " from 203.0.113.9 port 4711\n"))
			if f, err := detect(&s, &Options{}); err != nil || f.Name != "linux-auth" {
				t.Errorf("%s%s: %v, %v", header, tried, f, err)
			}
		}
	}
}

// TestFirewallHeaders: the same message is found behind every header, and is the
// same firewall's.
func TestFirewallHeaders(t *testing.T) {
	const message = "%ASA-6-113039: Group <VPN-Users> User <ada> IP <198.51.100.7> AnyConnect parent session started."
	for header, want := range map[string]string{
		"<166>Mar 02 2026 08:00:01 fw1 : ":                       "2026-03-02T07:00:01Z",
		"Mar  2 08:00:01 fw1 ":                                   "2026-03-02T07:00:01Z",
		"Mar 02 2026 08:00:01 UTC: ":                             "2026-03-02T08:00:01Z",
		"<166>Mar 02 2026 08:00:01 GMT fw1 : ":                   "2026-03-02T08:00:01Z",
		"Mar  2 08:00:03 relay Mar 02 2026 08:00:01 UTC: ":       "2026-03-02T08:00:01Z",
		"Mar 02 2026 08:00:01 CET: ":                             "2026-03-02T07:00:01Z",
		"Mar  2 2026 08:00:01 CiscoASA[999]: ":                   "2026-03-02T07:00:01Z",
		"2026-03-02T08:00:01Z fw1 : ":                            "2026-03-02T08:00:01Z",
		"<166>1 2026-03-02T08:00:01Z fw1 : ":                     "2026-03-02T08:00:01Z",
		"<166>1 2026-03-02T08:00:01Z fw1 - - - - ":               "2026-03-02T08:00:01Z",
		"Mar  2 08:00:02 relay 4711: Mar 02 2026 08:00:01 fw1: ": "2026-03-02T07:00:01Z",
	} {
		zone, err := time.LoadLocation("Europe/Zurich")
		if err != nil {
			t.Fatal(err)
		}
		got := result(t, "fw", []byte(header+message+"\n"), Options{Workers: 1, AsOf: fixtureAsOf, Zone: zone})
		if !strings.Contains(got, `"time":"`+want+`"`) || !strings.Contains(got, `"principal_id":"name:ada"`) || !strings.Contains(got, `"detail":"VPN-Users"`) {
			t.Errorf("%q: %s", header, got)
		}
	}
}

// TestASAGroups: names of groups may hold the words of the message.
func TestASAGroups(t *testing.T) {
	for text, group := range map[string]string{
		"Group <VPN-Users> User <ada>":           "VPN-Users",
		"Group <Remote User Access> User <ada>":  "Remote User Access",
		"Group <IP User> User <ada>":             "IP User",
		"Group RemoteUsers User ada":             "RemoteUsers",
		"Group GP Staff User ada":                "GP Staff",
		"Group <GP> User <x> IP <192.0.2.66> y>": "GP",
	} {
		got := result(t, "fw", []byte("Mar 02 2026 08:00:01 fw1 : %ASA-6-716038: "+text+" IP <198.51.100.7> Authentication: successful, Session Type: WebVPN.\n"), Options{Workers: 1})
		if !strings.Contains(got, `"detail":"`+group+`"`) || !strings.Contains(got, `"ip":"198.51.100.7"`) || strings.Contains(got, "name:s") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// TestOpenVPNAnswers: a dynamic challenge is no wrong password, and lines of verb
// 4 are read like those of verb 3.
func TestOpenVPNAnswers(t *testing.T) {
	for line, want := range map[string]string{
		"203.0.113.5:1194 SENT CONTROL [ada]: 'AUTH_FAILED,CRV1:R,E:T0tQ:YWRh:Enter Your OTP Code' (status=1)": `"outcome":"challenge","reason":"mfa_required"`,
		"203.0.113.5:1194 SENT CONTROL [ada]: 'AUTH_FAILED,SESSION: token expired' (status=1)":                 `"outcome":"failure","reason":"session_expired"`,
		"203.0.113.5:1194 SENT CONTROL [ada]: 'AUTH_FAILED' (status=1)":                                        `"outcome":"failure","reason":"bad_password"`,
		"us=123456 203.0.113.5:1194 [ada] Peer Connection Initiated with [AF_INET]203.0.113.5:1194":            `"time":"2026-03-02T08:00:01.123456Z"`,
	} {
		for _, front := range []string{"2026-03-02 08:00:01 ", "Mon Mar  2 08:00:01 2026 "} {
			got := result(t, "vpn", []byte(front+line+"\n"), Options{Workers: 1, Format: "openvpn"})
			if !strings.Contains(got, want) || !strings.Contains(got, `"principal_id":"name:ada"`) {
				t.Errorf("%s%s: %s", front, line, got)
			}
		}
	}
}

// TestMidnight: an attempt that goes on past midnight stays one, and so does a
// GlobalProtect login, which asks at the portal and at the gateway.
func TestMidnight(t *testing.T) {
	for name, lines := range map[string][2]string{
		"sshd":    {"2026-03-01T23:59:59Z h sshd[7]: Failed password for ada from 203.0.113.9 port 4711 ssh2", "2026-03-02T00:00:02Z h sshd[7]: Accepted password for ada from 203.0.113.9 port 4711 ssh2"},
		"asa":     {"2026-03-01T23:59:59Z fw : %ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : server = 10.1.1.5 : user = ada : user IP = 203.0.113.9", "2026-03-02T00:00:02Z fw : %ASA-6-716039: Group <g> User <ada> IP <203.0.113.9> Authentication: rejected, Session Type: WebVPN."},
		"openvpn": {"2026-03-01 23:59:59 203.0.113.9:1194 SENT CONTROL [ada]: 'AUTH_FAILED' (status=1)", "2026-03-02 00:00:02 203.0.113.9:1194 [ada] Peer Connection Initiated with [AF_INET]203.0.113.9:1194"},
		"globalprotect": {
			"Mar  1 23:59:59 fw 1,2026/03/01 23:59:59,0123,GLOBALPROTECT,0,2305,2026/03/01 23:59:59,vsys1,portal-auth,login,LDAP,,ada,CH,PC1,203.0.113.9,::,0.0.0.0,::,h1,s,6.0,Windows,10,1,,,,success,,0,,0,p,1",
			"Mar  2 00:00:02 fw 1,2026/03/02 00:00:02,0123,GLOBALPROTECT,0,2305,2026/03/02 00:00:02,vsys1,gateway-auth,login,LDAP,,ada,CH,PC1,203.0.113.9,::,0.0.0.0,::,h1,s,6.0,Windows,10,1,,,,success,,0,,0,g,2",
		},
	} {
		got := result(t, name, []byte(lines[0]+"\n"+lines[1]+"\n"), Options{Workers: 1, AsOf: fixtureAsOf})
		seen := map[string]bool{}
		for _, part := range strings.Split(got, `"correlation_id":"`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			seen[id] = true
		}
		if strings.Count(got, `"correlation_id"`) != 2 || len(seen) != 1 {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestWindowsEdges: codes and times that are missing or cut short are not taken
// for a success, or for something else.
func TestWindowsEdges(t *testing.T) {
	for name, tt := range map[string]struct{ id, time, status, want string }{
		"no code of 4771":    {"4771", "2026-03-02T08:00:00Z", "", `"outcome":"failure","reason":"other"`},
		"half a code":        {"4776", "2026-03-02T08:00:00Z", "0x", `"outcome":"failure","reason":"other"`},
		"zero":               {"4776", "2026-03-02T08:00:00Z", "0x00000000", `"outcome":"success"`},
		"decimal zero":       {"4776", "2026-03-02T08:00:00Z", "0", `"outcome":"success"`},
		"upper case":         {"4776", "2026-03-02T08:00:00Z", "0XC000006A", `"reason":"bad_password"`},
		"decimal":            {"4776", "2026-03-02T08:00:00Z", "3221225578", `"reason":"bad_password"`},
		"signed":             {"4776", "2026-03-02T08:00:00Z", "-1073741718", `"reason":"bad_password"`},
		"account expired":    {"4768", "2026-03-02T08:00:00Z", "0x1", `"reason":"disabled"`},
		"no code says no":    {"4776", "2026-03-02T08:00:00Z", "-", `"principal_kind":"member","provider"`},
		"no time":            {"4776", "", "0x0", "no event time"},
		"an entity of a DTD": {"4776", "2026-03-02T08:00:00Z", "&bomb;", "invalid XML"},
	} {
		got := result(t, name, []byte(`<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>`+tt.id+`</EventID><Channel>Security</Channel><Computer>pc1.corp.example.com</Computer><EventRecordID>7</EventRecordID><TimeCreated SystemTime="`+tt.time+
			`"/></System><EventData><Data Name="TargetUserName">ada</Data><Data Name="Status">`+tt.status+`</Data></EventData></Event>`), Options{Workers: 1, Format: "windows-xml"})
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\nwant %s", name, got, tt.want)
		}
	}
}

// TestSyslogYears: a file without years that goes on past New Year, or holds a
// leap day, is dated by the day it ends.
func TestSyslogYears(t *testing.T) {
	day := func(text string) signin.Time {
		d, err := time.Parse("2006-01-02", text)
		if err != nil {
			t.Fatal(err)
		}
		return signin.FromTime(d)
	}
	for _, tt := range []struct{ asOf, stamp, want string }{
		{"2026-01-05", "Dec 31 23:59:59", "2025-12-31T23:59:59Z"},
		{"2026-01-05", "Jan  1 00:00:01", "2026-01-01T00:00:01Z"},
		{"2026-01-05", "Jan 1 00:00:01", "2026-01-01T00:00:01Z"},
		{"2025-12-31", "Jan  1 00:00:00", "2026-01-01T00:00:00Z"}, // a clock ahead of the copy's
		{"2026-03-01", "Feb 29 12:00:00", "2024-02-29T12:00:00Z"},
		{"2024-03-01", "Feb 29 12:00:00", "2024-02-29T12:00:00Z"},
		{"2026-03-01", "Feb 30 12:00:00", "no year has"},
		{"", "Mar  2 08:00:00", "--as-of"},
	} {
		opt := Options{Workers: 1, Format: "linux-auth"}
		if tt.asOf != "" {
			opt.AsOf = day(tt.asOf)
		}
		got := result(t, "auth.log", []byte(tt.stamp+" h sshd[1]: Accepted password for ada from 203.0.113.9 port 4711 ssh2\r\n"), opt)
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s as of %s: %s\nwant %s", tt.stamp, tt.asOf, got, tt.want)
		}
	}
}

// TestHostIDs: lines that differ in anything are two attempts, the same line read
// twice is one.
func TestHostIDs(t *testing.T) {
	const line = "<38>1 2026-03-02T08:00:00Z h sshd 1 - [m seq=\"1\"] Failed password for ada from 203.0.113.9 port 4711 ssh2"
	seen := map[string]string{}
	for _, l := range []string{
		line, strings.Replace(line, "seq=\"1\"", "seq=\"2\"", 1), strings.Replace(line, "1 - [", "1 id [", 1), strings.Replace(line, " h ", " i ", 1),
		strings.Replace(line, "sshd 1", "sshd 2", 1), strings.Replace(line, "4711", "4712", 1), strings.Replace(line, "00Z", "01Z", 1),
	} {
		for range 2 {
			got := result(t, "auth.log", []byte(l+"\n"), Options{Workers: 1, Format: "linux-auth"})
			_, rest, _ := strings.Cut(got, `"id":"`)
			id, _, _ := strings.Cut(rest, `"`)
			if other, ok := seen[id]; ok && other != l || id == "" {
				t.Errorf("%s and %s share an id", l, other)
			}
			seen[id] = l
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d ids of 7 lines", len(seen))
	}
}

// TestLongNames: the time a line takes grows with its length, not with its square.
func TestLongNames(t *testing.T) {
	for _, piece := range []string{" from a port 1 ", " from a port 1 ssh2: A b ", " from a port 1 ssh2: A-CERT b ", " from ", ", client user ", " from a port 1 ssh2: A b, client user "} {
		for _, end := range []string{"", " x: y z", " from 203.0.113.9 port 4711 ssh2"} {
			f := sshdFact("Failed password for invalid user " + strings.Repeat(piece, 4_000_000/len(piece)) + end)
			if end != "" && end[1] == 'f' && f.addr != "203.0.113.9" {
				t.Errorf("%q: %q", piece, f.addr)
			}
		}
	}
}
