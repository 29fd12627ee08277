package ingest

import (
	"errors"
	"net/netip"
	"strings"
	"time"

	"frisk/internal/signin"
)

// OpenVPN server logs. A line is a time, the peer ("NAME/ADDRESS:PORT" once a name
// is known, else "ADDRESS:PORT") and a message (OpenVPN ssl_verify.c, multi.c).

// openvpnLine is what stands before a message.
type openvpnLine struct {
	time signin.Time
	host string
	ids  []string
}

var errOpenVPN = errors.New("not an OpenVPN line: want a time like \"2006-01-02 15:04:05\" or \"Mon Jan  2 15:04:05 2006\" in front")

// openvpnFile reads a line of a log file of OpenVPN's own (log, log-append).
func openvpnFile(k *kit, line string, ev *signin.Event) (string, error) {
	l := openvpnLine{ids: []string{line}}
	var err error
	var rest string
	switch {
	case len(line) > 20 && line[4] == '-' && line[10] == ' ' && line[19] == ' ':
		if l.time, err = k.localText(line[:19]); err != nil {
			return "", err
		}
		rest = line[20:]
	case len(line) > 24 && line[3] == ' ' && monthOf(line[4:7]) != 0 && isWeekday(line[:3]):
		if l.time, rest, err = k.stamp(line[4:]); err != nil {
			return "", err
		}
		rest = strings.TrimLeft(rest, " ")
	default:
		return "", errOpenVPN
	}
	if us, after, ok := strings.Cut(rest, " "); ok && strings.HasPrefix(us, "us=") { // verb 4 and more
		if n, tail, ok := number(us[len("us="):], 6); ok && tail == "" {
			l.time, rest = l.time+signin.Time(n), after
		}
	}
	return k.openvpn(&l, rest, ev)
}

func isWeekday(s string) bool {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if s == d.String()[:3] {
			return true
		}
	}
	return false
}

// openvpn reads "PEER message".
func (k *kit) openvpn(l *openvpnLine, s string, ev *signin.Event) (string, error) {
	name, addr, msg := openvpnPeer(s)
	f := openvpnFact(name, msg)
	if f.other != "" {
		return f.other, nil
	}
	if !addr.IsValid() { // "… with [AF_INET]198.51.100.7:1194"
		if i := strings.LastIndex(msg, "[AF_INET"); i >= 0 {
			if _, rest, ok := strings.Cut(msg[i:], "]"); ok {
				addr, _ = netip.ParseAddrPort(strings.TrimRight(rest, " ,"))
			}
		}
	}
	ev.Time, ev.Stream = l.time, signin.Interactive
	ev.ID = derivedIDOf(append([]string{"openvpn"}, l.ids...)...)
	p := &ev.Principal
	p.Name, p.Kind = f.user, signin.Member
	if f.user == "" {
		p.ID, p.Kind = unnamed, signin.KindUnknown
	}
	ev.Outcome, ev.Code, ev.Reason, ev.ReasonText = f.outcome, f.code, f.reason, msg
	if f.outcome == signin.Challenge {
		ev.MFA.State = signin.MFANotDone
	}
	ev.App.Name, ev.Resource.Name = "OpenVPN", strings.ToLower(l.host)
	if addr.IsValid() {
		ev.Source.IP, ev.Source.Port = addr.Addr().Unmap().WithZone(""), addr.Port()
		ev.Correlation = "openvpn:" + ev.Resource.Name + ":" + netip.AddrPortFrom(ev.Source.IP, ev.Source.Port).String()
	}
	return "", nil
}

// openvpnPeer takes the peer off a message.
func openvpnPeer(s string) (name string, addr netip.AddrPort, msg string) {
	word, rest, ok := strings.Cut(s, " ")
	if !ok {
		return "", addr, s
	}
	parse := func(t string) bool {
		if i := strings.LastIndexByte(t, ']'); i >= 0 && i+1 < len(t) && strings.Contains(t[:i], "AF_INET") { // "tcp4-server:[AF_INET]198.51.100.7:1194"
			t = t[i+1:]
		}
		a, err := netip.ParseAddrPort(t)
		addr = a
		return err == nil
	}
	i := strings.LastIndexByte(word, '/')
	if i < 0 && parse(word) {
		return "", addr, rest
	}
	if i >= 0 {
		if parse(word[i+1:]) {
			return word[:i], addr, rest
		}
		if parse(word[:i]) {
			return word[i+1:], addr, rest
		}
	}
	return "", netip.AddrPort{}, s
}

// openvpnFact reads a message of the peer called name ("" before it has one).
func openvpnFact(name, s string) linuxFact {
	if name == "UNDEF" {
		name = ""
	}
	fail := func(code, user string, reason signin.Reason) linuxFact {
		return linuxFact{code: code, user: user, outcome: signin.Failure, reason: reason}
	}
	switch {
	case strings.HasPrefix(s, "[") && strings.Contains(s, "] Peer Connection Initiated with "):
		name = s[1:strings.LastIndex(s, "] Peer Connection Initiated with ")]
		if name == "UNDEF" || name == "" {
			return linuxFact{other: "connection without a name"}
		}
		return linuxFact{code: "peer_connection_initiated", user: name, outcome: signin.Success}
	case strings.HasPrefix(s, "Peer Connection Initiated with ") && name != "":
		return linuxFact{code: "peer_connection_initiated", user: name, outcome: signin.Success}
	case s == "Authentication succeeded" && name != "":
		return linuxFact{code: "authentication_succeeded", user: name, outcome: signin.Success}
	case strings.HasPrefix(s, "TLS: Username/Password authentication succeeded for username '"):
		user := s[len("TLS: Username/Password authentication succeeded for username '"):]
		if i := strings.LastIndexByte(user, '\''); i >= 0 {
			return linuxFact{code: "password_succeeded", user: user[:i], outcome: signin.Success}
		}
	case strings.HasPrefix(s, "TLS Auth Error: Auth Username/Password verification failed"), strings.HasPrefix(s, "TLS Auth Error: username/password"):
		return fail("password_failed", name, signin.BadPassword)
	case strings.HasPrefix(s, "TLS Auth Error: --client-config-dir authentication failed for common name '"):
		user := s[len("TLS Auth Error: --client-config-dir authentication failed for common name '"):]
		if i := strings.LastIndex(user, "' file="); i >= 0 {
			user = user[:i]
		}
		return fail("client_config_missing", strings.TrimSuffix(user, "'"), signin.AppNotAssigned)
	case strings.HasPrefix(s, "VERIFY ERROR: depth=0"):
		i := strings.LastIndex(s, "CN=")
		if i < 0 {
			return fail("certificate_failed", name, signin.ClientCredential)
		}
		user, _, _ := strings.Cut(s[i+len("CN="):], ",")
		return fail("certificate_failed", strings.TrimSpace(user), signin.ClientCredential)
	case strings.HasPrefix(s, "AUTH: Received control message: AUTH_FAILED"):
		return fail("auth_failed", name, signin.BadPassword)
	case strings.HasPrefix(s, "SENT CONTROL [") && strings.Contains(s, "]: 'AUTH_FAILED"):
		user := s[len("SENT CONTROL ["):strings.LastIndex(s, "]: 'AUTH_FAILED")]
		if user == "UNDEF" || user == "" {
			return linuxFact{other: "answer to a peer without a name"}
		}
		switch why := s[strings.LastIndex(s, "]: 'AUTH_FAILED")+len("]: 'AUTH_FAILED"):]; {
		case strings.HasPrefix(why, ",CRV1:"): // a dynamic challenge (OpenVPN management-notes.txt): the password was good, a code is asked for
			return linuxFact{code: "auth_challenge", user: user, outcome: signin.Challenge, reason: signin.MFARequired}
		case strings.HasPrefix(why, ",SESSION:"): // the token that stands for the password ended
			return fail("auth_session", user, signin.SessionExpired)
		}
		return fail("auth_failed", user, signin.BadPassword)
	}
	for _, t := range []struct{ what, kind string }{
		{"TLS", "TLS message"},
		{"OpenSSL", "TLS message"},
		{"VERIFY", "TLS message"},
		{"TCP", "connection"},
		{"[UNDEF]", "connection without a name"},
		{"Peer Connection", "connection without a name"},
	} {
		if strings.HasPrefix(s, t.what) {
			return linuxFact{other: t.kind}
		}
	}
	return linuxFact{other: "other message"}
}

var _ = register(Format{
	Name:     "openvpn",
	Doc:      "OpenVPN server log files (its syslog lines are read by linux-auth)",
	Provider: "openvpn",
	cut:      cutLines,
	detect: func(s *sample) error {
		if len(s.recs) > 0 {
			return shapeError("not text lines but JSON")
		}
		for _, l := range s.sampleLines(headLines) {
			if openvpnBody(l) == "" {
				continue
			}
			for _, mark := range []string{"[AF_INET", "OpenVPN 2.", "Peer Connection Initiated", "TLS Auth Error:", "VERIFY OK: depth=", "VERIFY ERROR: depth="} {
				if strings.Contains(l, mark) {
					return nil
				}
			}
		}
		return errors.New("no line is one of OpenVPN (\"2006-01-02 15:04:05 203.0.113.5:1194 …[AF_INET]…\")")
	},
	open:   lineRows(openvpnFile),
	counts: true,
	claims: func(line string) int {
		body := openvpnBody(line)
		if body == "" {
			return -1
		}
		if _, peer, _ := openvpnPeer(body); peer.IsValid() || strings.HasPrefix(body, "OpenVPN 2.") {
			return 0
		}
		return -1
	},
})

// openvpnBody is what follows the time of a line of OpenVPN's own log, "" where
// there is no such time.
func openvpnBody(l string) string {
	switch {
	case len(l) > 20 && l[4] == '-' && l[10] == ' ' && l[19] == ' ':
		return l[20:]
	case len(l) > 25 && isWeekday(l[:3]) && monthOf(l[4:7]) != 0:
		return l[25:]
	}
	return ""
}
