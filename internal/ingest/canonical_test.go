package ingest

import (
	"net/netip"
	"testing"

	"frisk/internal/signin"
)

func TestCountryCode(t *testing.T) {
	for in, want := range map[string]string{
		"us": "US", "United States": "US", "France": "FR", "Germany": "DE", "United Kingdom": "GB", "Serbia": "RS", "Myanmar": "MM",
		"Russia": "RU", "South Korea": "KR", "Czech Republic": "CZ", "Türkiye": "TR", "Turkey": "TR", "Viet Nam": "VN", "Hong Kong": "HK",
		"": "", "Atlantis": "", " be ": "BE", "Netherlands": "NL", "Congo": "CG", "Sudan": "SD", "Yemen": "YE", "Romania": "RO",
	} {
		if got := countryCode(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestParseAddr(t *testing.T) {
	for in, want := range map[string]struct {
		addr string
		port uint16
		bad  bool
	}{
		"198.51.100.7": {addr: "198.51.100.7"}, "198.51.100.7:443": {addr: "198.51.100.7", port: 443}, "[2001:db8::1]:443": {addr: "2001:db8::1", port: 443},
		"2001:DB8:0::1": {addr: "2001:db8::1"}, "::ffff:198.51.100.7": {addr: "198.51.100.7"}, "fe80::1%eth0": {addr: "fe80::1"},
		"[2001:db8::1]": {addr: "2001:db8::1"}, "": {}, "-": {}, "0.0.0.0": {}, "198.51.100.300": {bad: true}, "host": {bad: true}, "[": {bad: true}, ":": {bad: true},
	} {
		a, port, ok := parseAddr(in)
		wantAddr := netip.Addr{}
		if want.addr != "" {
			wantAddr = netip.MustParseAddr(want.addr)
		}
		if ok == want.bad || a != wantAddr || port != want.port {
			t.Errorf("%q: got %v %d %v, want %+v", in, a, port, ok, want)
		}
	}
}

func TestParseTime(t *testing.T) {
	for in, want := range map[string]struct {
		text  string
		zoned bool
	}{
		"2026-03-02T08:00:00Z":              {"2026-03-02T08:00:00Z", true},
		"2026-03-02T08:00:00.1234567Z":      {"2026-03-02T08:00:00.123456Z", true},
		"2026-03-02T08:00:00.123456789Z":    {"2026-03-02T08:00:00.123456Z", true},
		"2026-03-02T03:00:00.5-05:00":       {"2026-03-02T08:00:00.5Z", true},
		"2026-03-02T08:00:00.1234567+00:00": {"2026-03-02T08:00:00.123456Z", true},
		"2026-03-02 08:00:00.882944":        {"2026-03-02T08:00:00.882944Z", false},
		"2024-02-29T23:59:59":               {"2024-02-29T23:59:59Z", false},
		"4/28/2021, 2:08:45.221 PM":         {"2021-04-28T14:08:45.221Z", false},
		"12/12/2025 3:03:58 PM":             {"2025-12-12T15:03:58Z", false},
		"12/12/2025 3:03:58 PM +01:00":      {"2025-12-12T14:03:58Z", true},
		"4/28/2021 12:00:00 AM":             {"2021-04-28T00:00:00Z", false},
		"11/4/2020 21:11":                   {"2020-11-04T21:11:00Z", false},
	} {
		got, zoned, err := parseTime(in)
		if err != nil || got.String() != want.text || zoned != want.zoned {
			t.Errorf("%q: got %s %v %v, want %s %v", in, got, zoned, err, want.text, want.zoned)
		}
	}
	for _, in := range []string{"", "yesterday", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-02T24:00:00Z", "28/04/2021 14:08", "2026-03-02", "2026-03-02T08:00:00.Z", "1772438400", "2026-03-02T08:00:00+1"} {
		if got, _, err := parseTime(in); err == nil {
			t.Errorf("%q: read as %s", in, got)
		}
	}
}

func TestTrust(t *testing.T) {
	for in, want := range map[string]signin.Trust{
		"Azure AD joined": signin.AzureAD, "Hybrid Azure AD joined": signin.ServerAD, "Azure AD registered": signin.Workplace,
		"Microsoft Entra joined": signin.AzureAD, "Microsoft Entra hybrid joined": signin.ServerAD, "Microsoft Entra registered": signin.Workplace,
		"AzureAD": signin.AzureAD, "ServerAD": signin.ServerAD, "Workplace": signin.Workplace, "": signin.TrustUnknown, "On-premises domain joined": signin.ServerAD,
	} {
		if got, known := trustOf(in); got != want || !known {
			t.Errorf("%q: got %v %v, want %v", in, got, known, want)
		}
	}
	if _, known := trustOf("Quantum"); known {
		t.Error("a word nobody defined is known")
	}
}

func TestMasks(t *testing.T) {
	for in, want := range map[string]int64{
		"": -1, "none": 0, "0": 0, "279": 279, "application,users": 3, "application, users,clientType": 19, "insiderRisk": 65536, "somethingNew,users": 4098,
		"ipAddressSeenByAzureAD,location": 1032,
	} {
		if got := maskOf(in); got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		code, detail string
		outcome      signin.Outcome
		reason       signin.Reason
		known        bool
	}{
		{"0", "", signin.Success, signin.ReasonNone, true},
		{"50140", "", signin.Challenge, signin.Interrupt, true},
		{"50126", "", signin.Failure, signin.BadPassword, true},
		{"70043", "", signin.Challenge, signin.SignInFrequency, true},
		{"53003", "", signin.Failure, signin.PolicyBlock, true},
		{"53000", "", signin.Failure, signin.DeviceNotCompliant, true},
		{"80005", "", signin.Failure, signin.ServiceError, true},
		{"500121", "MFA denied; user declined the authentication", signin.Failure, signin.MFADenied, true},
		{"500121", "MFA denied; user did not respond to mobile app notification", signin.Failure, signin.MFATimeout, true},
		{"500121", "MFA denied; Phone App Reported Fraud", signin.Failure, signin.MFAFraud, true},
		{"500121", "MFA denied; Fraud Code Entered", signin.Failure, signin.MFAFraud, true},
		{"500121", "MFA denied; duplicate authentication attempt", signin.Failure, signin.MFAFailed, true},
		{"1", "", signin.Failure, signin.OtherReason, false},
	} {
		v, known := entraVerdict(c.code, c.detail)
		if v.outcome != c.outcome || v.reason != c.reason || known != c.known {
			t.Errorf("%s %q: got %v %v %v", c.code, c.detail, v.outcome, v.reason, known)
		}
	}
	if entraCodesVersion == "" {
		t.Error("the table of codes has no version")
	}
}

func TestPython(t *testing.T) {
	for in, want := range map[string]string{
		`{'a': 1, 'b': [True, False, None], 'c': (1,)}`: `{"a": 1, "b": [true, false, null], "c": [1]}`,
		`{'it"s': "it's", u'x': 'caf\xe9 \u20ac'}`:      "{\"it\\\"s\": \"it's\", \"x\": \"café €\"}",
		`[-1.5e-10, nan]`: `[-1.5e-10, null]`,
		`['\n\t\\']`:      `["\n\t\\"]`,
	} {
		got, ok := pythonToJSON(in)
		if !ok || string(got) != want {
			t.Errorf("%s: got %s %v, want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{`{'a': Windows}`, `{'a`, `__import__('os')`, `{'a': '\`, "{'a': \x80}"} {
		if got, ok := pythonToJSON(in); ok {
			t.Errorf("%s: read as %s", in, got)
		}
	}
}
