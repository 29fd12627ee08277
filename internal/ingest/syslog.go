package ingest

import (
	"errors"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// syslogLine is the header of a syslog record and what follows it. Its texts
// share memory with the line.
type syslogLine struct {
	time    signin.Time
	stamp   string // the time as written, for derived ids
	host    string // "" where the line names none
	program string // tag without path: sshd, CRON, sshd(pam_unix)
	pid     string // "" where the line gives none
	message string
	data    string // RFC 5424: message id and structured data, "" for none
}

var errSyslog = errors.New("not a syslog line: want a time like \"Jan  2 15:04:05\" or 2006-01-02T15:04:05Z, a host and a program")

// syslog reads one line in the forms met on disk: RFC 3164 ("Jan  2 15:04:05 host
// sshd[1]: text", with or without <PRI>, year or host), the same with an RFC
// 3339 time (rsyslog's file format, the default of Debian 12 and Ubuntu 24.04),
// and RFC 5424.
func (k *kit) syslog(line string) (l syslogLine, err error) {
	rest := dropPriority(line)
	if v, ok := strings.CutPrefix(rest, "1 "); ok && looksISO(v) {
		return k.syslog5424(v)
	}
	start := rest
	if looksISO(rest) {
		var text string
		text, rest, _ = strings.Cut(rest, " ")
		if l.time, err = k.localText(text); err != nil {
			return l, err
		}
		l.stamp = text
	} else {
		if len(rest) < 4 || monthOf(rest[:3]) == 0 || rest[3] != ' ' {
			return l, errSyslog
		}
		if l.time, rest, err = k.stamp(rest); err != nil {
			return l, err
		}
		l.stamp = start[:len(start)-len(rest)]
	}
	rest = strings.TrimLeft(rest, " ")
	word, after, _ := strings.Cut(rest, " ")
	if !isTag(word) { // a word that is no tag is the host
		l.host, rest = word, strings.TrimLeft(after, " ")
	}
	return l, l.tag(rest)
}

// dropPriority takes off "<38>".
func dropPriority(s string) string {
	if len(s) > 2 && s[0] == '<' {
		if i := strings.IndexByte(s[:min(len(s), 6)], '>'); i > 1 {
			if _, ok := atoi(s[1:i]); ok {
				return s[i+1:]
			}
		}
	}
	return s
}

// looksISO tells a time with T between date and clock, which a log of another
// kind that merely begins with a date ("2023-05-25 22:24:19,357 WARN") has not.
func looksISO(s string) bool {
	return len(s) > 19 && s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[13] == ':' && s[16] == ':'
}

// isTag reports whether a word is "sshd[1]:", "sudo:" and the like.
func isTag(w string) bool {
	if !strings.HasSuffix(w, ":") || len(w) < 2 {
		return false
	}
	w = w[:len(w)-1]
	if strings.HasSuffix(w, "]") {
		i := strings.IndexByte(w, '[')
		return i > 0 && isProgram(w[:i])
	}
	return isProgram(w) && strings.IndexByte(w, ':') < 0 && !isNumber(w)
}

func isNumber(s string) bool {
	_, ok := atoi(s)
	return ok
}

// isProgram accepts what programs are called; anything else is not a tag.
func isProgram(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("_-./()@+%", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// tag reads "sshd[123]: message". A message without a tag keeps program "".
func (l *syslogLine) tag(s string) error {
	word, _, _ := strings.Cut(s, " ")
	if !isTag(word) {
		if s == "" {
			return errSyslog
		}
		l.message = s
		return nil
	}
	l.message = strings.TrimLeft(s[len(word):], " ")
	l.program = word[:len(word)-1]
	if i := strings.IndexByte(l.program, '['); i > 0 {
		l.pid = l.program[i+1 : len(l.program)-1]
		l.program = l.program[:i]
	}
	if i := strings.LastIndexByte(l.program, '/'); i >= 0 && i+1 < len(l.program) {
		l.program = l.program[i+1:]
	}
	return nil
}

// syslog5424 reads "TIME HOST APP PROCID MSGID [sd id=\"v\"] message" after the version.
func (k *kit) syslog5424(s string) (l syslogLine, err error) {
	var word [5]string
	for i := range word {
		var ok bool
		if word[i], s, ok = strings.Cut(s, " "); !ok {
			return l, fmt.Errorf("%w (RFC 5424: fields end after %d)", errSyslog, i)
		}
	}
	if l.time, err = k.localText(word[0]); err != nil {
		return l, err
	}
	l.stamp = word[0]
	l.host, l.program, l.pid = saidText(word[1]), saidText(word[2]), saidText(word[3])
	data := s
	for strings.HasPrefix(s, "[") {
		end := structuredEnd(s)
		if end < 0 {
			return l, fmt.Errorf("%w (RFC 5424: structured data never ends)", errSyslog)
		}
		s = s[end:]
	}
	if l.data = data[:len(data)-len(s)]; l.data != "" {
		l.data = word[4] + " " + l.data
	}
	s = strings.TrimPrefix(s, "-")
	s = strings.TrimPrefix(strings.TrimLeft(s, " "), "\ufeff")
	l.message = s
	return l, nil
}

// structuredEnd is the offset after the element that s begins with, -1 when it
// does not end. A ']' inside a quoted value is escaped or not, so quotes count.
func structuredEnd(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case ']':
			if !quoted {
				return i + 1
			}
		}
	}
	return -1
}
