package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// notSignIns are PAM services that change the rights of somebody who is signed
// in already, or run jobs: neither is a sign-in.
var notSignIns = map[string]bool{
	"su": true, "su-l": true, "sudo": true, "sudo-i": true, "runuser": true, "runuser-l": true, "cron": true, "crond": true,
	"atd": true, "anacron": true, "systemd-user": true, "polkit-1": true, "pkexec": true, "passwd": true, "chfn": true,
	"chsh": true, "chage": true, "useradd": true, "usermod": true, "newusers": true, "lightdm-greeter": true,
	"gdm-launch-environment": true, "sddm-greeter": true,
}

// sessionServices are those whose successful sign-in only PAM's "session
// opened" tells. sshd says it itself.
var sessionServices = map[string]bool{
	"login": true, "remote": true, "gdm": true, "gdm-password": true, "gdm-fingerprint": true, "gdm-smartcard": true,
	"lightdm": true, "sddm": true, "kde": true, "xdm": true, "xrdp-sesman": true, "cockpit": true, "vsftpd": true, "ppp": true,
}

// pamFact reads "pam_unix(sshd:auth): text" and, without such a front, "PAM 2
// more authentication failures; …". program is who logged it.
func pamFact(s, program string) linuxFact {
	module, kind, service := "", "auth", strings.ToLower(program)
	if strings.HasPrefix(s, "pam_") {
		i := strings.Index(s, "): ")
		j := strings.IndexByte(s, '(')
		if i < 0 || j < 0 || j > i {
			return linuxFact{other: service + ": pam"}
		}
		module = s[:j]
		service, kind, _ = strings.Cut(s[j+1:i], ":")
		service, s = strings.ToLower(service), s[i+len("): "):]
	}
	if service == "" || !isProgram(service) {
		service = strings.ToLower(program)
	}
	if notSignIns[service] {
		return linuxFact{other: service}
	}
	head, facts, _ := strings.Cut(s, ";")
	switch {
	case head == "authentication failure" || strings.HasSuffix(head, "more authentication failures") || strings.HasSuffix(head, "more authentication failure"):
		f := linuxFact{code: "pam_authentication_failure", outcome: signin.Failure, reason: signin.BadPassword, detail: module}
		pamWho(&f, facts)
		if n, _, ok := number(strings.TrimPrefix(head, "PAM "), 4); ok {
			f.times = n
			if n == 0 {
				return linuxFact{other: service + ": pam"}
			}
		}
		if f.user == "" { // pam_unix leaves out the name of who is unknown
			if service == "sshd" { // which says the name itself
				return linuxFact{other: "sshd: pam"}
			}
			f.unknown, f.reason = true, signin.NoSuchUser
		}
		return f
	case strings.HasPrefix(head, "session opened for user ") && sessionServices[service]:
		user := strings.TrimPrefix(head, "session opened for user ")
		if i := strings.LastIndex(user, " by "); i >= 0 {
			user = user[:i]
		}
		if i := strings.LastIndex(user, "(uid="); i > 0 {
			user = user[:i]
		}
		return linuxFact{code: "session_opened", user: user, outcome: signin.Success, detail: service}
	case strings.HasPrefix(module, "pam_tally") && strings.HasPrefix(head, "user "):
		// "user NAME (1001) tally 6, deny 5"
		if i := strings.LastIndex(s, " tally "); i > 0 && strings.Contains(s[i:], ", deny ") {
			user := strings.TrimPrefix(s[:i], "user ")
			if j := strings.LastIndex(user, " ("); j > 0 {
				user = user[:j]
			}
			return linuxFact{code: "pam_locked", user: user, outcome: signin.Failure, reason: signin.Locked, detail: module}
		}
	case kind == "account" && strings.HasPrefix(head, "account "):
		// "account NAME has expired (account expired)"
		if i := strings.LastIndex(head, " has expired"); i > 0 {
			r := signin.Disabled
			if strings.Contains(head[i:], "password") {
				r = signin.ExpiredPassword
			}
			return linuxFact{code: "pam_expired", user: strings.TrimPrefix(head[:i], "account "), outcome: signin.Failure, reason: r, detail: module}
		}
	}
	if kind == "session" {
		return linuxFact{other: service + ": session"}
	}
	return linuxFact{other: service + ": pam"}
}

// pamWho reads "logname= uid=0 euid=0 tty=ssh ruser= rhost=H  user=U". The host
// holds no blank, and all that follows "user=" is the name. Where ruser, the name
// somebody typed at an FTP server, holds a further " rhost=", the line can be read
// in several ways, and address and name stay unknown.
func pamWho(f *linuxFact, s string) {
	front, s, ok := strings.Cut(s, " rhost=")
	if !ok || !strings.HasSuffix(front, " ruser=") && strings.Contains(s, " rhost=") {
		return
	}
	f.addr, s, _ = strings.Cut(s, " ")
	if rest, ok := strings.CutPrefix(strings.TrimLeft(s, " "), "user="); ok {
		f.user = rest
	}
}

// pamReason reads the text of a PAM error (pam_strerror of Linux-PAM).
func pamReason(what string) signin.Reason {
	switch w := strings.ToLower(what); {
	case strings.Contains(w, "user not known"):
		return signin.NoSuchUser
	case strings.Contains(w, "account has expired"):
		return signin.Disabled
	case strings.Contains(w, "expired"), strings.Contains(w, "new authentication token"):
		return signin.ExpiredPassword
	case strings.Contains(w, "maximum number"):
		return signin.Locked
	case strings.Contains(w, "permission denied"):
		return signin.PolicyBlock
	case strings.Contains(w, "authentication failure"):
		return signin.BadPassword
	}
	return signin.OtherReason
}

// loginFact reads util-linux's login: "LOGIN ON tty1 BY ada FROM host", "ROOT
// LOGIN ON tty1", "FAILED LOGIN 1 FROM tty1 FOR ada, Authentication failure" and
// shadow's "FAILED LOGIN (1) on '/dev/tty1' FOR 'ada', …".
func loginFact(s string) (linuxFact, bool) {
	upper := strings.ToUpper(s)
	switch {
	case strings.HasPrefix(s, "LOGIN ON "), strings.HasPrefix(s, "DIALUP AT "):
		_, who, ok := strings.Cut(s, " BY ")
		if !ok {
			return linuxFact{}, false
		}
		f := linuxFact{code: "login", outcome: signin.Success, user: who}
		if j := strings.LastIndex(f.user, " FROM "); j > 0 {
			f.user, f.addr = f.user[:j], f.user[j+len(" FROM "):]
		}
		return f, true
	case strings.HasPrefix(upper, "ROOT LOGIN ON "), strings.HasPrefix(upper, "ROOT LOGIN  ON "):
		f := linuxFact{code: "login", outcome: signin.Success, user: "root"}
		if j := strings.LastIndex(s, " FROM "); j > 0 {
			f.addr = s[j+len(" FROM "):]
		}
		return f, true
	case strings.HasPrefix(s, "FAILED LOGIN "):
		front, who, ok := strings.Cut(s, " FOR ")
		if !ok {
			return linuxFact{}, false
		}
		f := linuxFact{code: "failed_login", outcome: signin.Failure, reason: signin.BadPassword}
		if i := strings.LastIndex(front, " FROM "); i >= 0 { // a host, or the terminal
			if a, ok := hostAddr(front[i+len(" FROM "):]); ok && a.IsValid() {
				f.addr = front[i+len(" FROM "):]
			}
		}
		if j := strings.LastIndex(who, ", "); j >= 0 {
			f.reason, f.detail, who = pamReason(who[j+2:]), who[j+2:], who[:j]
		}
		f.user = strings.Trim(who, "'")
		if f.user == "UNKNOWN" || f.user == "(unknown)" {
			f.user, f.unknown, f.reason = "", true, signin.NoSuchUser
		}
		return f, true
	}
	return linuxFact{}, false
}
