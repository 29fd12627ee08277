package ingest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// Sign-ins to Linux and BSD hosts: sshd's own lines, PAM's, and those of login.
// The lines are those of OpenSSH's auth.c and monitor.c, Linux-PAM's pam_unix and
// util-linux's login; docs/formats/linux.md lists which of them are sign-ins.

// maxRepeats bounds "message repeated N times", so that a hostile line cannot
// ask for more memory than a day of real repeats would.
const maxRepeats = 10_000

// linuxLine is one line of a host's log, however it was transported.
type linuxLine struct {
	syslogLine
	ids []string // what tells the record apart where that is not the line itself
}

// id is what tells the record apart from others.
func (l *linuxLine) id() []string {
	if l.ids != nil {
		return l.ids
	}
	if l.data != "" {
		return []string{l.stamp, l.host, l.program, l.pid, l.message, l.data}
	}
	return []string{l.stamp, l.host, l.program, l.pid, l.message}
}

// linuxFact is what a message of a host says of one attempt.
type linuxFact struct {
	code    string
	user    string
	addr    string // address or host name as logged
	port    string
	method  string // of the factor: password, publickey, keyboard-interactive/pam, …
	detail  string // key fingerprint and the like
	outcome signin.Outcome
	reason  signin.Reason
	times   int    // attempts the line stands for; 0 is 1
	other   string // not a sign-in, but this
	unknown bool   // the name belongs to no account
	err     error  // an attempt that cannot be read
}

// linux turns one line into an event, or several where it stands for several.
func (k *kit) linux(l *linuxLine, ev *signin.Event) (other string, err error) {
	times := 1
	text := l.message
	if n, inner, ok := repeated(text); ok {
		text, times = inner, n
	}
	if p, _, _ := strings.Cut(l.program, "-"); p == "openvpn" || p == "ovpn" { // "ovpn-server"
		ev.Provider = "openvpn"
		return k.openvpn(&openvpnLine{time: l.time, host: l.host, ids: l.id()}, text, ev)
	}
	f := l.read(text)
	if f.other != "" || f.err != nil {
		return f.other, f.err
	}
	if f.times > 1 {
		times *= f.times
	}
	if times > maxRepeats {
		return "", fmt.Errorf("the line stands for %d attempts, more than %d are not believed", times, maxRepeats)
	}
	k.linuxEvent(l, &f, text, ev)
	for i := 1; i < times; i++ {
		again := *ev
		again.ID = derivedIDOf(append([]string{strconv.Itoa(i)}, l.id()...)...)
		k.t.emit(&again)
	}
	return "", nil
}

// read sorts a message by the program that wrote it.
func (l *linuxLine) read(text string) linuxFact {
	name, module, _ := strings.Cut(l.program, "(")
	switch name {
	case "sshd", "sshd-session", "sshd-auth":
		switch {
		case strings.HasPrefix(text, "pam_"), strings.HasPrefix(text, "PAM ") && strings.Contains(text, "authentication failure"):
			f := pamFact(text, "sshd")
			if f.code == "pam_authentication_failure" { // sshd says the same attempt itself: "Failed password for …"
				return linuxFact{other: "sshd: pam"}
			}
			return f
		case strings.HasPrefix(module, "pam_"): // "sshd(pam_unix)[1]: authentication failure; …", until about 2006
			return pamFact(strings.TrimSuffix(module, ")")+"(sshd:auth): "+text, "sshd")
		}
		return sshdFact(text)
	case "login":
		if f, ok := loginFact(text); ok {
			return f
		}
	}
	if strings.HasPrefix(text, "pam_") {
		return pamFact(text, name)
	}
	return linuxFact{other: programType(name)}
}

// programType is the type under which a program's lines are counted.
func programType(name string) string {
	if name == "" {
		return "no program"
	}
	return strings.ToLower(name)
}

// repeated reads rsyslog's "message repeated 5 times: [ text]".
func repeated(s string) (n int, inner string, ok bool) {
	s, ok = strings.CutPrefix(s, "message repeated ")
	if !ok {
		return 0, "", false
	}
	n, s, ok = number(s, 9)
	if !ok || n < 1 {
		return 0, "", false
	}
	if s, ok = strings.CutPrefix(s, " times: ["); !ok {
		return 0, "", false
	}
	s, ok = strings.CutSuffix(strings.TrimRight(s, " "), "]")
	return n, strings.TrimSpace(s), ok
}

// unnamed is the principal of attempts whose line says no name. They are no
// person's history, and still count for the network they came from.
const unnamed = "unnamed"

// linuxEvent fills ev from what a line says.
func (k *kit) linuxEvent(l *linuxLine, f *linuxFact, text string, ev *signin.Event) {
	ev.Time, ev.Stream = l.time, signin.Interactive
	ev.ID = derivedIDOf(l.id()...)
	if l.pid != "" {
		program, _, _ := strings.Cut(l.program, "(")
		if strings.HasPrefix(program, "sshd") {
			program = "sshd" // its parts share the connection's process id
		}
		ev.Correlation = program + ":" + strings.ToLower(l.host) + ":" + l.pid
	}
	p := &ev.Principal
	p.Name, p.ID = f.user, signin.NamePrefix+f.user // login names are case sensitive
	if f.user == "" {
		p.ID = unnamed
	} else if !f.unknown {
		p.Kind = signin.Member
	}
	ev.Outcome, ev.Code, ev.Reason, ev.ReasonText, ev.Detail = f.outcome, f.code, f.reason, text, f.detail
	if a, ok := hostAddr(f.addr); ok {
		ev.Source.IP = a
	} else if f.addr != "" {
		if ev.Detail != "" {
			ev.Detail += ", "
		}
		ev.Detail += "from " + f.addr // the name a resolver gave, no address
	}
	if n, err := strconv.ParseUint(f.port, 10, 16); err == nil {
		ev.Source.Port = uint16(n)
	}
	if f.method != "" {
		ev.MFA.Methods = k.set(f.method)
		ev.MFA.Factors = k.sshFactors(f)
	}
	if f.outcome == signin.Challenge {
		ev.MFA.State = signin.MFANotDone
	}
	ev.App.Name, _, _ = strings.Cut(l.program, "(")
	if strings.HasPrefix(ev.App.Name, "sshd") {
		ev.App.Name, ev.Protocol = "sshd", "ssh"
	}
	ev.Resource.Name = strings.ToLower(l.host)
}

// sshFactors are the steps of an attempt. A password or an answer is entered; a
// key, a ticket or a host's word is given by the client without asking anybody,
// so that such an attempt has an empty list.
func (k *kit) sshFactors(f *linuxFact) signin.List {
	if f.method != "password" && !strings.HasPrefix(f.method, "keyboard-interactive") {
		return noFactors
	}
	return k.factors(signin.Factor{Method: f.method, Succeeded: strconv.FormatBool(f.outcome != signin.Failure), Requirement: firstFactor})
}

// firstFactor is Graph's authenticationStepRequirement of a first factor.
const firstFactor = "Primary authentication"

// noFactors is a list of steps that says there was none.
var noFactors = signin.EncodeList([]signin.Factor{})

// hostAddr reads an address as hosts log it, also with zero-padded octets
// ("192.030.0.6"), which are decimal. ok is false for names and "UNKNOWN".
func hostAddr(s string) (netip.Addr, bool) {
	if s == "" || s == "UNKNOWN" {
		return netip.Addr{}, true
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap().WithZone(""), true
	}
	s = strings.TrimPrefix(s, "::ffff:")
	var b [4]byte
	for i := range b {
		n, rest, ok := number(s, 3)
		if !ok || n > 255 || i < 3 && !strings.HasPrefix(rest, ".") || i == 3 && rest != "" {
			return netip.Addr{}, false
		}
		b[i] = byte(n)
		s = strings.TrimPrefix(rest, ".")
	}
	return netip.AddrFrom4(b), true
}

var _ = register(Format{
	Name:     "linux-auth",
	Doc:      "syslog files with sshd, PAM and login lines (auth.log, secure, messages): RFC 3164, RFC 3339 and RFC 5424 headers",
	Provider: "linux",
	cut:      cutLines,
	detect:   (*sample).wantSyslog,
	fallback: true,
	claims: func(line string) int {
		program, message := syslogTag(line)
		switch {
		case program == "" || program[0] == '%':
			return -1
		case plainMessage(message):
			return 0
		}
		if i := strings.LastIndexByte(program, '/'); i >= 0 {
			program = program[i+1:]
		}
		for _, p := range []string{"sshd", "login", "openvpn", "ovpn"} { // those read whose messages may begin with anything
			if strings.HasPrefix(program, p) {
				return 0
			}
		}
		return -1
	},
	open: lineRows(func(k *kit, line string, ev *signin.Event) (string, error) {
		l, err := k.syslog(line)
		if err != nil {
			return "", err
		}
		return k.linux(&linuxLine{syslogLine: l}, ev)
	}),
})
