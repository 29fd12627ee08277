package ingest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

var errNoRealtime = errors.New("no __REALTIME_TIMESTAMP")

// journald reads one entry of `journalctl --output=json` (systemd's Journal JSON
// Format): all values are texts, save that a message that is not UTF-8 is an
// array of bytes, one that is too long is null, and a field that occurs twice is
// an array of texts.
func journald(r *docRow, v val, ev *signin.Event) (string, error) {
	stamp := v.at("__REALTIME_TIMESTAMP").text()
	if stamp == "" {
		return "", errNoRealtime
	}
	micros, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return "", fmt.Errorf("__REALTIME_TIMESTAMP %q is not a number of microseconds", clip([]byte(stamp), 40))
	}
	l := &linuxLine{syslogLine: syslogLine{
		time: signin.Time(micros), stamp: stamp,
		host: journalText(v.at("_HOSTNAME")), message: journalText(v.at("MESSAGE")),
	}}
	for _, name := range []string{"SYSLOG_IDENTIFIER", "_COMM"} {
		if l.program == "" {
			l.program = journalText(v.at(name))
		}
	}
	for _, name := range []string{"SYSLOG_PID", "_PID"} {
		if l.pid == "" {
			l.pid = journalText(v.at(name))
		}
	}
	if c := v.at("__CURSOR").text(); c != "" {
		l.ids = []string{"journald", c}
	}
	if l.message == "" {
		return programType(l.program) + ": no message", nil
	}
	return r.linux(l, ev)
}

// journalText is the text of a field, whichever way it is written.
func journalText(v val) string {
	if v.kind() != '[' {
		return v.text()
	}
	var b []byte
	for e := range v.elems() {
		if e.kind() == '"' {
			return e.text() // the first of several
		}
		n, ok := atoi(e.text())
		if !ok || n > 255 {
			return ""
		}
		b = append(b, byte(n))
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

var _ = register(Format{
	Name:     "linux-journald",
	Doc:      "systemd journal entries as JSON lines (journalctl -o json, also -o json-pretty)",
	Provider: "linux",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("__REALTIME_TIMESTAMP") || !s.hasAny("MESSAGE", "SYSLOG_IDENTIFIER", "_HOSTNAME") {
			return errors.New("no entry has __REALTIME_TIMESTAMP and MESSAGE (journalctl -o json)")
		}
		return nil
	},
	open: docRows(journald),
})
