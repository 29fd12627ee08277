package ingest

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

// sshdFact reads a message of sshd. User names and host names in it are chosen
// by whoever connects, blanks and " from 192.0.2.1" included, so what follows
// the name is read from the end of the line, where sshd puts what it knows
// itself (OpenSSH auth.c, auth_log).
func sshdFact(s string) linuxFact {
	s = strings.TrimSuffix(strings.TrimRight(s, " "), " [preauth]")
	s = strings.TrimPrefix(s, "error: ")
	if verb, rest, ok := strings.Cut(s, " "); ok {
		switch verb {
		case "Accepted", "Failed", "Partial":
			if f, ok := sshdTry(verb, rest); ok {
				return f
			} else if f.code != "" {
				return linuxFact{err: errSSHDTry}
			}
		case "Invalid", "Illegal":
			if who, ok := strings.CutPrefix(rest, "user "); ok {
				if f, ok := sshdFrom(who, linuxFact{code: "invalid_user", reason: signin.NoSuchUser, outcome: signin.Failure, unknown: true}); ok {
					return f
				}
			}
		case "User":
			if f, ok := sshdNotAllowed(rest); ok {
				return f
			}
		case "PAM:":
			if f, ok := sshdPAM(rest); ok {
				return f
			}
		}
	}
	for _, p := range []string{"Connection closed by ", "Connection reset by ", "Disconnected from ", "Disconnecting "} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return sshdClosed(rest)
		}
	}
	if rest, ok := strings.CutPrefix(s, "maximum authentication attempts exceeded for "); ok {
		f := linuxFact{code: "max_attempts", reason: signin.Locked, outcome: signin.Failure}
		if f, ok := sshdFrom(f.invalid(strings.TrimSuffix(rest, " ssh2")), f); ok {
			return f
		}
	}
	if rest, ok := strings.CutPrefix(s, "ROOT LOGIN REFUSED FROM "); ok {
		f := linuxFact{code: "root_refused", reason: signin.PolicyBlock, outcome: signin.Failure, user: "root"}
		f.addr, f.port, _ = strings.Cut(rest, " port ")
		return f
	}
	return linuxFact{other: sshdOther(s)}
}

var errSSHDTry = errors.New("an attempt that does not end like \"for USER from ADDRESS port N ssh2\"")

// invalid takes "invalid user " off a name and remembers it.
func (f *linuxFact) invalid(s string) string {
	for _, p := range []string{"invalid user ", "illegal user "} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			f.unknown, f.reason = true, signin.NoSuchUser
			return rest
		}
	}
	return s
}

// sshdTry reads "METHOD for [invalid user ]USER from ADDR port N ssh2[: KEY]".
func sshdTry(verb, s string) (linuxFact, bool) {
	method, s, ok := strings.Cut(s+" ", " for ")
	s = strings.TrimSuffix(s, " ")
	if !ok || method == "" || strings.IndexByte(method, ' ') >= 0 {
		return linuxFact{}, false
	}
	f := linuxFact{code: strings.ToLower(verb) + "_" + method, method: method}
	switch verb {
	case "Accepted":
		f.outcome = signin.Success
	case "Partial":
		f.outcome, f.reason = signin.Challenge, signin.MFARequired
	default:
		f.outcome, f.reason = signin.Failure, signin.BadPassword
		if method == "none" { // a client's question which methods there are
			f.method, f.reason = "", signin.OtherReason
		}
	}
	who := f.invalid(s)
	client := strings.LastIndex(who, ", client user ")
	// The last " from ADDR port N ssh2" that ends the line, or that only a key follows.
	for end := len(who); ; {
		i := strings.LastIndex(who[:end], " from ")
		if i < 0 {
			if rest, ok := strings.CutPrefix(who, "from "); ok { // an empty name in some versions
				if addr, port, extra, ok := sshdPlace(rest, client >= 0); ok {
					f.addr, f.port, f.detail = addr, port, extra
					return f, true
				}
			}
			return f, false
		}
		if addr, port, extra, ok := sshdPlace(who[i+len(" from "):], client > i); ok {
			f.user, f.addr, f.port, f.detail = who[:i], addr, port, extra
			return f, true
		}
		end = i
	}
}

// sshdPlace reads "ADDR port N ssh2[: KEY]" to the end of the text. KEY is
// "TYPE FINGERPRINT", for a certificate with more behind it; client says that
// ", client user " follows. A hostile line has many such places, so that nothing
// here may look through the rest of it.
func sshdPlace(s string, client bool) (addr, port, extra string, ok bool) {
	addr, s, ok = strings.Cut(s, " ")
	if !ok || addr == "" {
		return "", "", "", false
	}
	if s, ok = strings.CutPrefix(s, "port "); !ok {
		return "", "", "", false
	}
	port, s, _ = strings.Cut(s, " ")
	if port == "" || !isNumber(port) {
		return "", "", "", false
	}
	for _, version := range []string{"ssh2", "ssh1", "ssh"} {
		if rest, ok := strings.CutPrefix(s, version); ok && (rest == "" || rest[0] == ':') {
			s = rest
			break
		}
	}
	if s == "" {
		return addr, port, "", true
	}
	if extra, ok = strings.CutPrefix(s, ": "); !ok {
		return "", "", "", false
	}
	return addr, port, extra, isExtra(extra, client)
}

// isExtra accepts what sshd adds to an attempt: nothing, a word (a Kerberos
// principal), "RSA SHA256:…", a certificate, or the client's side of hostbased.
func isExtra(s string, client bool) bool {
	kind, rest, two := strings.Cut(s, " ")
	if !two {
		return true
	}
	return isKeyType(kind) && (strings.IndexByte(rest, ' ') < 0 || strings.HasSuffix(kind, "-CERT") || client)
}

// isKeyType tells "RSA", "ED25519-SK", "ECDSA-CERT": capitals, digits and dashes.
func isKeyType(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != ""
}

// sshdFrom reads "USER from ADDR[ port N]" from its end into f.
func sshdFrom(s string, f linuxFact) (linuxFact, bool) {
	if i := strings.LastIndex(s, " port "); i >= 0 && isNumber(s[i+len(" port "):]) {
		s, f.port = s[:i], s[i+len(" port "):]
	}
	i := strings.LastIndex(s, "from ")
	if i < 0 || i > 0 && s[i-1] != ' ' {
		return f, false
	}
	f.addr = s[i+len("from "):]
	if f.addr == "" || strings.IndexByte(f.addr, ' ') >= 0 {
		return f, false
	}
	f.user = strings.TrimSuffix(s[:i], " ")
	return f, true
}

// sshdNotAllowed reads "USER from ADDR not allowed because WHY" (auth.c,
// allowed_user). The name may hold anything, WHY holds only the shell or group.
func sshdNotAllowed(s string) (linuxFact, bool) {
	i := strings.LastIndex(s, " not allowed because ")
	if i < 0 {
		return linuxFact{}, false
	}
	why := s[i+len(" not allowed because "):]
	f := linuxFact{code: "user_not_allowed", reason: signin.PolicyBlock, outcome: signin.Failure, detail: why}
	if why == "account is locked" {
		f.code, f.reason = "account_locked", signin.Disabled
	}
	who := s[:i]
	if strings.LastIndex(who, " from ") < 0 { // "User root not allowed because shell /x does not exist"
		f.user = who
		return f, true
	}
	return sshdFrom(who, f)
}

// sshdPAM reads "WHAT for [illegal user ]USER from HOST" (auth-pam.c).
func sshdPAM(s string) (linuxFact, bool) {
	what, rest, ok := strings.Cut(s, " for ")
	if !ok {
		return linuxFact{}, false
	}
	f := linuxFact{code: "pam_error", outcome: signin.Failure, reason: pamReason(what), detail: what}
	return sshdFrom(f.invalid(rest), f)
}

// sshdClosed reads "authenticating user USER ADDR port N": a connection that
// ended while somebody was trying. The end of a session names no such state.
func sshdClosed(s string) linuxFact {
	f := linuxFact{code: "closed_before_authentication", outcome: signin.Failure, reason: signin.OtherReason}
	rest, ok := strings.CutPrefix(s, "authenticating user ")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "invalid user "); !ok {
			return linuxFact{other: "sshd: disconnect"}
		}
		f.unknown, f.reason = true, signin.NoSuchUser
	}
	const tooMany = ": Too many authentication failures"
	if t, ok := strings.CutSuffix(rest, tooMany); ok {
		rest, f.detail = t, tooMany[len(": "):]
	}
	i := strings.LastIndex(rest, " port ")
	if i < 0 || !isNumber(rest[i+len(" port "):]) {
		return linuxFact{other: "sshd: disconnect"}
	}
	rest, f.port = rest[:i], rest[i+len(" port "):]
	j := strings.LastIndexByte(rest, ' ')
	f.user, f.addr = rest[:max(j, 0)], rest[j+1:]
	return f
}

// sshdOther names the kinds of messages that are no attempt of somebody.
func sshdOther(s string) string {
	for _, k := range []struct{ what, kind string }{
		{"Received disconnect", "sshd: disconnect"},
		{"Disconnect", "sshd: disconnect"},
		{"Connection ", "sshd: connection"},
		{"Close session", "sshd: session"},
		{"Starting session", "sshd: session"},
		{"subsystem request", "sshd: session"},
		{"User child", "sshd: session"},
		{"Postponed", "sshd: step of an attempt"},
		{"input_userauth_request", "sshd: step of an attempt"},
		{"last message repeated", "sshd: last message repeated"},
		{"Did not receive identification", "sshd: no attempt"},
		{"Unable to negotiate", "sshd: no attempt"},
		{"banner exchange", "sshd: no attempt"},
		{"kex_", "sshd: no attempt"},
		{"ssh_dispatch_run_fatal", "sshd: no attempt"},
		{"Bad protocol", "sshd: no attempt"},
		{"Bad packet", "sshd: no attempt"},
		{"Protocol major versions", "sshd: no attempt"},
		{"Magic value check", "sshd: no attempt"},
		{"fatal: Timeout before", "sshd: no attempt"},
		{"Timeout before", "sshd: no attempt"},
		{"fatal: ", "sshd: no attempt"},
		{"refused connect", "sshd: no attempt"},
	} {
		if strings.HasPrefix(s, k.what) {
			return k.kind
		}
	}
	return "sshd: other"
}
