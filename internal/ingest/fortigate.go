package ingest

import (
	"errors"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// FortiGate event logs (FortiOS Log Message Reference, type event): VPN logins
// (subtype vpn), logins at a policy (user) and of administrators (system).

// fortiReasons classes the reason of a failed login. FortiGate looks for a rule
// for the account before it asks for the password, so "no matching policy" is an
// account that nobody gave the VPN.
var fortiReasons = map[string]signin.Reason{
	"sslvpn_login_unknown_user": signin.NoSuchUser, "sslvpn_login_permission_denied": signin.BadPassword,
	"sslvpn_login_no_matching_policy": signin.AppNotAssigned, "sslvpn_login_password_expired": signin.ExpiredPassword,
	"sslvpn_login_cert_checked_error": signin.ClientCredential, "sslvpn_login_cert_required": signin.ClientCredential,
	"sslvpn_login_too_many_failed": signin.Locked, "sslvpn_login_blocked": signin.Locked,
	"passwd_invalid": signin.BadPassword, "name_invalid": signin.NoSuchUser, "invalid user name": signin.NoSuchUser,
	"invalid password": signin.BadPassword, "exceed_limit": signin.Locked, "locked": signin.Locked, "timed_out": signin.MFATimeout,
	"no_matching_policy": signin.AppNotAssigned, "policy": signin.PolicyBlock, "host_check_failed": signin.DeviceNotCompliant,
}

// fortigate reads one line: key=value pairs, blank or comma between them, with
// or without a syslog header.
func fortigate(k *kit, line string, ev *signin.Event) (string, error) {
	at := fortiStart(line)
	if at < 0 {
		return "", errors.New("no date= and no eventtime=: not a FortiGate line")
	}
	body := line[at:]
	if fortiCommas(body) {
		body = blanksForCommas(body)
	}
	pairs := splitPairs(body, nil)
	if err := fortiTwice(pairs); err != nil {
		return "", err
	}
	get := func(key string) string {
		v := strings.TrimSpace(pairText(pairs, key))
		if v == "N/A" || v == "none" {
			return ""
		}
		return v
	}
	typ, subtype, action := get("type"), get("subtype"), strings.ToLower(get("action"))
	if typ == "" && action == "" {
		return "", errors.New("neither type nor action: not a FortiGate event")
	}
	user := get("xauthuser") // IPsec: who signed in, while user is what the device calls itself
	if user == "" {
		user = get("user")
	}
	kind := fortiKind(typ, subtype, action, strings.ToLower(get("status")), user)
	if kind == signin.OutcomeUnknown {
		return clip([]byte(strings.Trim(typ+" "+subtype+" "+action, " ")), 80), nil
	}
	var err error
	if ev.Time, err = k.fortiTime(get); err != nil {
		return "", err
	}
	ev.Stream, ev.Outcome = signin.Interactive, kind
	ev.ID = derivedIDOf("fortigate", body)
	p := &ev.Principal
	p.Name = user
	if p.Kind = signin.Member; user == "" {
		p.ID, p.Kind = unnamed, signin.KindUnknown
	}
	ip := get("remip")
	for _, key := range []string{"srcip", "ip"} {
		if ip == "" {
			ip = get(key)
		}
	}
	if ip == "" { // ui="https(198.51.100.7)"
		if i := strings.IndexByte(get("ui"), '('); i > 0 {
			ip = strings.TrimSuffix(get("ui")[i+1:], ")")
		}
	}
	k.address(ev, ip)
	if country := get("srccountry"); country != "Reserved" {
		k.place(ev, country, "", "", "", "")
	}
	ev.Code, ev.ReasonText, ev.Detail = action, get("msg"), get("group")
	if reason := get("reason"); kind == signin.Failure {
		if ev.Code = action; reason != "" {
			ev.Code = reason
		}
		ev.Reason = signin.OtherReason
		if r, ok := fortiReasons[strings.ToLower(reason)]; ok {
			ev.Reason = r
		} else if reason != "" {
			k.t.note(noteUnknownCode)
		}
		if ev.Reason == signin.NoSuchUser {
			p.Kind = signin.KindUnknown
		}
	}
	device := get("devname")
	if device == "" {
		device = get("devid")
	}
	ev.Resource = signin.Target{ID: get("devid"), Name: strings.ToLower(device)}
	ev.App.Name = map[string]string{"vpn": "VPN", "user": "firewall authentication", "system": "administration"}[subtype]
	ev.Client, ev.Protocol = get("tunneltype"), get("authproto")
	if ev.Client == "" {
		ev.Client, _, _ = strings.Cut(get("ui"), "(")
	}
	ev.Device.Name = get("fctuid")
	if id := get("tunnelid"); id != "" && id != "0" {
		ev.Session = "fortigate:" + device + ":" + id
		ev.Correlation = ev.Session
	}
	return "", nil
}

// fortiStart is where the pairs begin, -1 when there is no time in front.
func fortiStart(line string) int {
	at := -1
	for _, key := range []string{"date=", "eventtime="} {
		if at >= 0 {
			line = line[:at] // only what stands before
		}
		i := strings.Index(line, key)
		for i > 0 && isKeyByte(line[i-1]) { // "update="
			j := strings.Index(line[i+1:], key)
			if j < 0 {
				i = -1
				break
			}
			i += 1 + j
		}
		if i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at < 0 || !headerOnly(line[:at]) {
		return -1
	}
	return at
}

// fortiTwice refuses a line in which a member that decides something stands
// twice: a quote in a name that somebody typed can put it there.
func fortiTwice(pairs []pair) error {
	for _, key := range []string{"type", "subtype", "action", "status", "user", "xauthuser", "remip", "srcip", "eventtime", "date", "time"} {
		first, found := "", false
		for _, p := range pairs {
			if p.key != key {
				continue
			}
			if found && p.value != first {
				return fmt.Errorf("%s= stands twice", key)
			}
			first, found = p.value, true
		}
	}
	return nil
}

// fortiKind tells sign-ins, by their outcome, from everything else (unknown).
func fortiKind(typ, subtype, action, status, user string) signin.Outcome {
	if typ != "" && typ != "event" {
		return signin.OutcomeUnknown
	}
	switch subtype + " " + action {
	case "vpn ssl-login-fail":
		return signin.Failure
	case "vpn tunnel-up": // without a user it joins two networks
		if a, _, ok := parseAddr(user); user != "" && !(ok && a.IsValid()) {
			return signin.Success
		}
	case "user authentication", "user auth-logon", "system login":
		switch status {
		case "success", "logon":
			return signin.Success
		case "failure", "failed", "timed_out":
			return signin.Failure
		}
		if action == "auth-logon" && status == "" {
			return signin.Success
		}
	}
	return signin.OutcomeUnknown
}

// fortiTime is eventtime, which FortiOS writes in seconds (6.0), nanoseconds
// (6.2 and later) or something between, else date and time in the zone tz.
func (k *kit) fortiTime(get func(string) string) (signin.Time, error) {
	if t := get("eventtime"); t != "" {
		return epochGuess(t)
	}
	text := get("date") + "T" + get("time")
	if tz := strings.TrimPrefix(get("tz"), "UTC"); len(tz) == 5 && (tz[0] == '+' || tz[0] == '-') {
		return k.time(text + tz[:3] + ":" + tz[3:])
	} else if len(tz) == 6 {
		return k.time(text + tz)
	}
	t, err := k.localText(text)
	if err != nil {
		return 0, fmt.Errorf("date and time: %w", err)
	}
	return t, nil
}

// fortiCommas tells "set format csv" of the syslog setting.
func fortiCommas(s string) bool {
	i := strings.IndexAny(s, ", ")
	return i > 0 && s[i] == ',' && i+1 < len(s) && s[i+1] != ' '
}

// blanksForCommas puts blanks for the commas outside quotes.
func blanksForCommas(s string) string {
	b := []byte(s)
	quoted := false
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case ',':
			if !quoted {
				b[i] = ' '
			}
		}
	}
	return string(b)
}

var _ = register(Format{
	Name:     "fortigate",
	Doc:      "FortiGate event logs as key=value lines: SSL and IPsec VPN, firewall authentication, administrator logins",
	Provider: "fortigate",
	cut:      cutLines,
	detect: func(s *sample) error {
		if len(s.recs) > 0 {
			return shapeError("not text lines but JSON")
		}
		for _, l := range s.sampleLines(headLines) {
			if fortiStart(l) >= 0 && strings.Contains(l, "logid=") && strings.Contains(l, "type=") && strings.Contains(l, "subtype=") {
				return nil
			}
		}
		return errors.New("no line has date=, logid=, type= and subtype=")
	},
	open: lineRows(fortigate),
	claims: func(line string) int {
		if !strings.Contains(line, "logid=") && !strings.Contains(line, "devname=") {
			return -1
		}
		if at := fortiStart(line); at >= 0 && plainFront(line, at) {
			return at
		}
		return -1
	},
})
