package ingest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// sampleLines yields up to n whole lines of the head that are not blank.
func (s *sample) sampleLines(n int) []string {
	var out []string
	for rest := s.head; len(rest) > 0 && len(out) < n; {
		line, after, _ := bytes.Cut(rest, []byte{'\n'})
		rest = after
		if t := strings.TrimRight(viewText(line), "\r "); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// foreign says what a line holds that is syslog on the outside and something
// else within, which has a format of its own; "" is nothing. Only what begins
// the message counts: a name that somebody tried at sshd may hold any of it.
func foreign(line string) string {
	if _, _, _, ok := asaNumber(line); ok {
		return "Cisco ASA messages"
	}
	if at := gpStart(line); at >= 0 {
		return "GlobalProtect records"
	}
	if at := fortiStart(line); at >= 0 && (strings.Contains(line, " subtype=") || strings.Contains(line, " devname=")) {
		return "FortiGate records"
	}
	for _, f := range []struct{ mark, what string }{{"[org.keycloak.events]", "Keycloak events"}, {"CEF:0|", "CEF records"}, {"LEEF:", "LEEF records"}} {
		if at := strings.Index(line, f.mark); at >= 0 && headerOnly(line[:at]) {
			return f.what
		}
	}
	return ""
}

// headerOnly reports whether s, the beginning of a line, is no more than what
// stands before a message: priority, times, hosts and tags, also of relays.
func headerOnly(s string) bool {
	s = dropPriority(s)
	if v, ok := strings.CutPrefix(s, "1 "); ok && looksISO(v) { // RFC 5424: five fields, structured data
		for range 5 {
			if _, v, ok = strings.Cut(v, " "); !ok {
				return true
			}
		}
		for strings.HasPrefix(v, "[") {
			end := structuredEnd(v)
			if end < 0 {
				return false
			}
			v = v[end:]
		}
		s = ": " + strings.TrimPrefix(v, "-")
	}
	for {
		_, rest, ok := strings.Cut(s, ": ")
		if !ok {
			return true
		}
		rest = strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(rest, " :*"), "\ufeff"), " :*")
		dated := len(rest) > 10 && (rest[4] == '-' && rest[7] == '-' || monthOf(rest[:3]) != 0 && rest[3] == ' ')
		if rest != "" && !dated {
			return false
		}
		s = rest
	}
}

// wantSyslog refuses what is not mostly syslog lines of Unix programs.
func (s *sample) wantSyslog() error {
	switch {
	case len(s.recs) > 0 || s.shape == shapeLines || s.shape == shapeValues:
		return shapeError("not text lines but JSON")
	case bytes.IndexByte(s.head[:min(len(s.head), 4096)], 0) >= 0:
		return errors.New("not text but binary data")
	}
	lines := s.sampleLines(headLines)
	good, what := 0, ""
	for _, l := range lines {
		if w := foreign(l); w != "" {
			what = cmp.Or(what, w)
		} else if likeSyslog(l) {
			good++
		}
	}
	if good == 0 && what != "" {
		return fmt.Errorf("lines hold %s", what)
	}
	if good == 0 {
		return fmt.Errorf("%d of the first %d lines are syslog lines of a program (\"Jan  2 15:04:05 host sshd[1]: …\")", good, len(lines))
	}
	return nil
}

// syslogTag is the program and the message of a line as likeSyslog knows it, and
// "" where either cannot be told.
func syslogTag(line string) (program, message string) {
	rest := dropPriority(line)
	if v, ok := strings.CutPrefix(rest, "1 "); ok && looksISO(v) {
		var word [5]string
		for i := range word {
			if word[i], v, ok = strings.Cut(v, " "); !ok {
				return "", ""
			}
		}
		for strings.HasPrefix(v, "[") {
			end := structuredEnd(v)
			if end < 0 {
				return "", ""
			}
			v = v[end:]
		}
		return saidText(word[2]), strings.TrimLeft(strings.TrimPrefix(v, "-"), " ")
	}
	switch {
	case looksISO(rest):
		_, rest, _ = strings.Cut(rest, " ")
	case len(rest) > 15 && monthOf(rest[:3]) != 0 && rest[3] == ' ':
		i := strings.IndexByte(rest, ':')
		if i < 5 || len(rest) < i+6 {
			return "", ""
		}
		rest = rest[i+6:]
	default:
		return "", ""
	}
	for range 3 {
		word, after, ok := strings.Cut(strings.TrimLeft(rest, " "), " ")
		if isTag(word) {
			return word, after
		}
		if !ok {
			break
		}
		rest = after
	}
	return "", ""
}

// plainMessage reports whether a message begins with a word, as a program's own
// words do, and not with a mark, a time, a number or a pair, with which another
// device's message may begin that was sent under a program's tag.
func plainMessage(s string) bool {
	s = strings.TrimLeft(s, " ")
	switch {
	case s == "", s[0] >= '0' && s[0] <= '9', strings.IndexByte("%<*:,|\x1b\xef", s[0]) >= 0, strings.HasPrefix(s, "CEF:"), strings.HasPrefix(s, "LEEF:"):
		return false
	}
	if len(s) > 4 && s[3] == ' ' && monthOf(s[:3]) != 0 {
		return false
	}
	for i := 1; i < len(s) && s[i] != ' '; i++ {
		if s[i] == '=' {
			return false
		}
	}
	return true
}

// likeSyslog is syslog without reading the time: a time in front and a tag.
func likeSyslog(line string) bool {
	rest := dropPriority(line)
	if v, ok := strings.CutPrefix(rest, "1 "); ok && looksISO(v) {
		return true
	}
	switch {
	case looksISO(rest):
		_, rest, _ = strings.Cut(rest, " ")
	case len(rest) > 15 && monthOf(rest[:3]) != 0 && rest[3] == ' ':
		i := strings.IndexByte(rest, ':')
		if i < 5 || len(rest) < i+6 {
			return false
		}
		rest = rest[i+6:]
	default:
		return false
	}
	for range 3 { // a year, a host, then the tag
		word, after, ok := strings.Cut(strings.TrimLeft(rest, " "), " ")
		if isTag(word) {
			return true
		}
		if !ok {
			return false
		}
		rest = after
	}
	return false
}
