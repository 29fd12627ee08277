package ingest

import (
	"strings"
	"testing"

	"frisk/internal/signin"
)

func TestCorpusVPN(t *testing.T) {
	const c = "vpn/crowdsec/"
	corpusCheck(t, []corpusWant{
		{file: c + "fortinet-vpn-bf/fortinet-vpn-bf.log", format: "fortigate", records: 9, events: 9},
		{file: c + "openvpn/openvpn.log", format: "openvpn", records: 24, events: 4, success: 2},
		{file: c + "openvpn-bf/openvpn.log", format: "openvpn", records: 4},
		{file: c + "pulse-secure-sslvpn-cve-2019-11510/pulse-secure-sslvpn-cve-2019-11510.log", refused: true}, // a web server's access log
		{file: c + "wireguard-auth/wireguard-auth.log", format: "linux-auth", records: 5},
	}, Options{AsOf: fixtureAsOf})
}

// TestCorpusVPNCrowdsec compares with crowdsec's parsers. Of OpenVPN they count
// TLS errors as failed logins; those name nobody and are counted here.
func TestCorpusVPNCrowdsec(t *testing.T) {
	events, _, _ := corpusFile(t, "vpn/crowdsec/fortinet-vpn-bf/fortinet-vpn-bf.log", Options{})
	theirs := crowdsec(t, "vpn/crowdsec/fortinet-vpn-bf/parser.assert")
	if len(theirs) != len(events) {
		t.Fatalf("%d events, crowdsec %d", len(events), len(theirs))
	}
	for i, p := range theirs {
		ev := &events[i]
		user := strings.TrimPrefix(p["target_user"], "N/A")
		if ev.Source.IP.String() != p["source_ip"] || ev.Principal.Name != user || ev.Code != p["reason"] || ev.Outcome != signin.Failure || ev.ReasonText != p["msg"] || ev.Client != p["tunnel_type"] {
			t.Errorf("event %d: %v %v %v, crowdsec %v", i, ev.Source.IP, ev.Principal.Name, ev.Code, p)
		}
	}
	events, _, _ = corpusFile(t, "vpn/crowdsec/openvpn/openvpn.log", Options{})
	byText := map[string]*signin.Event{}
	for i := range events {
		byText[events[i].Source.IP.String()+" "+events[i].ReasonText] = &events[i]
	}
	var got corpusTally
	for _, p := range crowdsec(t, "vpn/crowdsec/openvpn/parser.assert") {
		if p["log_type"] == "" {
			continue
		}
		found := false
		for key := range byText {
			ip, text, _ := strings.Cut(key, " ")
			if strings.HasSuffix(p["message"], text) && ip == p["source_ip"] {
				found = true
				delete(byText, key)
				break
			}
		}
		switch {
		case found:
			got.same++
		case strings.Contains(p["message"], "TLS Error") || strings.Contains(p["message"], "TLS Auth Error: Auth Certificate"), strings.Contains(p["message"], "OpenSSL:"):
			got.theirsOnly++
		default:
			t.Errorf("only crowdsec reads %q", p["message"])
		}
	}
	got.oursOnly = len(byText)
	if want := (corpusTally{same: 2, oursOnly: 2, theirsOnly: 6}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
