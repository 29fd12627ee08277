package ingest

import (
	"errors"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "keycloak",
	Doc:      "Keycloak server log as text: event lines (type=LOGIN_ERROR, realmId=...), quoted or not, among other lines",
	Provider: "keycloak",
	detect: func(s *sample) error {
		if s.shape == shapeLines || s.shape == shapeValues {
			return shapeError("not text lines but JSON")
		}
		for _, l := range s.sampleLines(headLines) {
			l = dropColours(l)
			m := keycloakMessage(l)
			if front := l[:len(l)-len(m)]; m != "" && !headerOnly(front[:max(strings.LastIndexByte(front, '['), 0)]) {
				continue // a name that somebody tried at sshd
			}
			if m != "" && (strings.Contains(m, "realmId=") || strings.Contains(m, "realmName=")) && keycloakStamp(l[:len(l)-len(m)]) != "" {
				return nil
			}
		}
		return errors.New("no line of the beginning is a Keycloak event (type=LOGIN, realmId=...)")
	},
	cut:    cutLines,
	open:   lineRows(keycloakLine),
	counts: true,
	claims: func(line string) int {
		if at := strings.Index(line, keycloakMark); at >= 0 && headerOnly(line[:at]) && plainFront(line, at) {
			return at
		}
		return -1
	},
})

// keycloakMark stands before the events.
const keycloakMark = "[org.keycloak.events]"

// keycloakMessage is the event in a server log line, from "type=" on, "" of
// any other line. Administrator events begin with operationType.
func keycloakMessage(line string) string {
	for _, start := range []string{") type=", "] type=", ") operationType=", "] operationType="} {
		if i := strings.Index(line, start); i >= 0 {
			return line[i+2:]
		}
	}
	return ""
}

// keycloakLine reads "2024-05-06 20:40:16,353 WARN  [org.keycloak.events]
// (executor-thread-1) type=…". The time is the server's local time.
func keycloakLine(r *kit, line string, ev *signin.Event) (other string, err error) {
	line = dropColours(line)
	m := keycloakMessage(line)
	if m == "" {
		return "other server line", nil
	}
	k, err := keycloakText(m)
	if err != nil {
		return "", err
	}
	if other := k.fill(r, ev); other != "" {
		return other, nil
	}
	stamp := keycloakStamp(line[:len(line)-len(m)])
	if stamp == "" {
		return "", errKeycloakNoDate
	}
	if ev.Time, err = r.localText(stamp); err != nil {
		return "", err
	}
	ev.ID = derivedIDOf("keycloak", ev.Time.String(), m)
	return "", nil
}

var errKeycloakNoDate = errors.New("no date and time (2006-01-02 15:04:05,000) stands before the event")

// keycloakStamp is the last time in what stands before an event: containers and
// journals put another in front of the server's own.
func keycloakStamp(before string) string {
	for i := len(before) - 19; i >= 0; i-- {
		if _, _, ok := parseISO(before[i : i+19]); !ok || i > 0 && before[i-1] > ' ' {
			continue
		}
		stamp := before[i:]
		if end := strings.IndexByte(stamp[19:], ' '); end >= 0 {
			stamp = stamp[:19+end]
		}
		return stamp
	}
	return ""
}

// dropColours takes out the escape sequences of coloured console output.
func dropColours(s string) string {
	if strings.IndexByte(s, 0x1b) < 0 {
		return s
	}
	var b strings.Builder
	for s != "" {
		before, after, ok := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !ok {
			break
		}
		end := strings.IndexFunc(after, func(c rune) bool { return c != ';' && (c < '0' || c > '9') })
		if end < 0 {
			break
		}
		s = after[end+1:]
		if after[end] != 'm' {
			s = after[end:]
		}
	}
	return b.String()
}

// keycloakText reads the event's own text in either syntax:
//
//	type=LOGIN_ERROR, realmId=main, userId=null, error=user_not_found, username=a, b
//	type="LOGIN_ERROR", realmId="main", userId="null", error="user_not_found", username="a, b"
//
// A quoted value ends at the quote before a comma or the end, with quotes within
// escaped. An unquoted one ends before the next ", name=", so a client or user
// name with such a text in it cannot be told from more members. Where a member
// that matters stands twice, one of the two was typed in by somebody and nothing
// tells which: that is an error.
func keycloakText(m string) (k keycloakEvent, err error) {
	for m != "" {
		key, rest, ok := strings.Cut(m, "=")
		if !ok || !isKeycloakKey(key) {
			return k, fmt.Errorf("event text %q is not a list of name=value", clip([]byte(m), 60))
		}
		var value string
		if strings.HasPrefix(rest, `"`) {
			value, m, ok = keycloakQuoted(rest[1:])
			if !ok {
				return k, fmt.Errorf("the quote after %s= is not closed", clip([]byte(key), 40))
			}
		} else {
			end := nextKeycloakKey(rest)
			value, m = rest[:end], strings.TrimPrefix(rest[end:], ", ")
		}
		if key == "operationType" && k.v[kcType] == "" {
			k.v[kcType] = "administrator " + saidText(value)
			return k, nil
		}
		if i, ok := keycloakNames[key]; ok && k.seen[i] && keycloakOnce[i] {
			return k, fmt.Errorf("%s= stands twice: a name that was typed in looks like a part of the event", key)
		}
		k.set(key, value)
	}
	return k, nil
}

func isKeycloakKey(s string) bool { return s != "" && keyLength(s) == len(s) }

// keyLength is how many bytes at the beginning of s can be a member's name.
func keyLength(s string) int {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && c != '_' && c != '-' && c != '.' && (c < '0' || c > '9') {
			return i
		}
	}
	return len(s)
}

// nextKeycloakKey is where an unquoted value ends: before ", name=".
func nextKeycloakKey(s string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], ", ")
		if i < 0 {
			return len(s)
		}
		i += from
		if n := keyLength(s[i+2:]); n > 0 && strings.HasPrefix(s[i+2+n:], "=") {
			return i
		}
		from = i + 2
	}
}

// keycloakQuoted reads a value after its opening quote, and what follows the
// closing one and its comma.
func keycloakQuoted(s string) (value, rest string, ok bool) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			rest = s[i+1:]
			if rest != "" && !strings.HasPrefix(rest, ",") {
				continue // a quote that an old version did not escape
			}
			value = s[:i]
			if strings.IndexByte(value, '\\') >= 0 {
				value = strings.ReplaceAll(value, `\"`, `"`)
			}
			return value, strings.TrimPrefix(strings.TrimPrefix(rest, ","), " "), true
		}
	}
	return "", "", false
}
