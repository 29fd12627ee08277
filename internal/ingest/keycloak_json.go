package ingest

import (
	"bytes"
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "keycloak-json",
	Doc:      "Keycloak server log as JSON lines (--log-console-output=json, plain or ECS) whose message holds the event",
	Provider: "keycloak",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("message") || !s.hasAny("@timestamp", "timestamp") {
			return errors.New("no record has message and @timestamp (or timestamp)")
		}
		if !s.anyTree(func(v val) bool {
			m := v.at("message").text()
			return strings.HasPrefix(keycloakLogger(v), "org.keycloak") ||
				strings.HasPrefix(m, "type=") && (strings.Contains(m, ", realmId=") || strings.Contains(m, ", realmName="))
		}) && !bytes.Contains(s.head, []byte(`"org.keycloak.events"`)) { // a start writes many lines of others first
			return errors.New("no record is of a logger org.keycloak")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(keycloakConsole),
})

var _ = register(Format{
	Name:     "keycloak-events",
	Doc:      "Keycloak events of the Admin REST API (/admin/realms/REALM/events) or of a webhook: arrays, JSON lines",
	Provider: "keycloak",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("realmId", "time") || !s.hasAny("type", "operationType") {
			return errors.New("no record has time, realmId and type")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(keycloakRest),
})

// keycloakLogger is the logger of a console record: log.logger in ECS, which
// writes dotted names or nested objects, loggerName in Quarkus' own form.
func keycloakLogger(v val) string { return v.first("log.logger", "loggerName", "logger") }

var (
	errKeycloakNoStamp = errors.New("no @timestamp and no timestamp")
	errKeycloakNoTime  = errors.New("no time in milliseconds")
	errKeycloakNoType  = errors.New("no type")
)

func keycloakConsole(r *docRow, v val, ev *signin.Event) (other string, err error) {
	m := v.at("message").text()
	if !strings.HasPrefix(m, "type=") && !strings.HasPrefix(m, "operationType=") {
		return "other server line", nil
	}
	k, err := keycloakText(m)
	if err != nil {
		return "", err
	}
	if other := k.fill(&r.kit, ev); other != "" {
		return other, nil
	}
	stamp := v.first("@timestamp", "timestamp")
	if stamp == "" {
		return "", errKeycloakNoStamp
	}
	if ev.Time, err = r.time(stamp); err != nil {
		return "", err
	}
	ev.ID = derivedIDOf("keycloak", ev.Time.String(), m)
	return "", nil
}

func keycloakRest(r *docRow, v val, ev *signin.Event) (other string, err error) {
	if op := v.at("operationType").said(); op != "" {
		return "administrator " + op, nil
	}
	var k keycloakEvent
	for name, m := range v.members() {
		k.set(name, m.text())
	}
	for name, m := range v.at("details").members() {
		k.set(name, m.text())
	}
	if k.v[kcType] == "" {
		return "", errKeycloakNoType
	}
	k.v[kcType], _ = strings.CutPrefix(k.v[kcType], "access.") // the webhook extensions say access.LOGIN
	if other := k.fill(&r.kit, ev); other != "" {
		return other, nil
	}
	ms := v.at("time").said()
	if ms == "" {
		return "", errKeycloakNoTime
	}
	if ev.Time, err = epoch(ms, "unix-ms"); err != nil {
		return "", err
	}
	if ev.ID = lowerGUID(v.first("id", "uid")); ev.ID == "" {
		ev.ID = derivedIDOf(append([]string{"keycloak", ms}, k.v[:]...)...)
	}
	return "", nil
}
