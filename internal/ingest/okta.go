package ingest

import (
	"errors"
	"fmt"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// oktaField is one fact of an Okta System Log event, by its path.
const (
	oNone field = iota
	oPublished
	oUUID
	oEventType
	oMessage
	oActorID
	oActorName
	oActorDisplay
	oActorType
	oIP
	oClientDevice
	oUserAgent
	oUserAgentOS
	oBrowser
	oCity
	oState
	oCountry
	oLat
	oLon
	oResult
	oReason
	oASN
	oASNOrg
	oSession
	oRootSession
	oCredential
	oTransaction
	oFactor
	oFirstMethod
	oSecondMethod
	oRisk
	oBehaviors
	oLogOnly
	oThreat
	oSignOnMode
	oGrantType
	oDeviceID
	oDeviceName
	oDeviceManaged
	oDeviceRegistered
	oDeviceOS
	oChain
	oTunnels
	oIsProxy
	oReportedIP
	oReportedTransaction
	oTarget
)

// oktaFields names facts by path, joined with underscores: so the nested
// System Log and Sentinel's flat columns read alike.
var oktaFields = newKeyTable([]fieldName{
	{"published", oPublished},
	{"uuid", oUUID},
	{"eventType", oEventType},
	{"displayMessage", oMessage},
	{"actor_id", oActorID},
	{"actor_alternateId", oActorName},
	{"actor_displayName", oActorDisplay},
	{"actor_type", oActorType},
	{"client_ipAddress", oIP},
	{"client_device", oClientDevice},
	{"client_userAgent_rawUserAgent", oUserAgent},
	{"client_userAgent_os", oUserAgentOS},
	{"client_userAgent_browser", oBrowser},
	{"client_geographicalContext_city", oCity},
	{"client_geographicalContext_state", oState},
	{"client_geographicalContext_country", oCountry},
	{"client_geographicalContext_geolocation_lat", oLat},
	{"client_geographicalContext_geolocation_lon", oLon},
	{"outcome_result", oResult},
	{"outcome_reason", oReason},
	{"securityContext_asNumber", oASN},
	{"securityContext_asOrg", oASNOrg},
	{"authenticationContext_externalSessionId", oSession},
	{"authenticationContext_rootSessionId", oRootSession},
	{"authenticationContext_credentialType", oCredential},
	{"transaction_id", oTransaction},
	{"debugContext_debugData_factor", oFactor},
	{"debugContext_debugData_authMethodFirstType", oFirstMethod},
	{"debugContext_debugData_authMethodSecondType", oSecondMethod},
	{"debugContext_debugData_risk", oRisk},
	{"debugContext_debugData_behaviors", oBehaviors},
	{"debugContext_debugData_logOnlySecurityData", oLogOnly},
	{"debugContext_debugData_threatSuspected", oThreat},
	{"debugContext_debugData_signOnMode", oSignOnMode},
	{"debugContext_debugData_grantType", oGrantType},
	{"device_id", oDeviceID},
	{"device_name", oDeviceName},
	{"device_managed", oDeviceManaged},
	{"device_registered", oDeviceRegistered},
	{"device_os_platform", oDeviceOS},
	{"device_platform", oDeviceOS},
	{"device_osPlatform", oDeviceOS},
	{"request_ipChain", oChain},
	{"debugContext_debugData_tunnels", oTunnels},
	{"securityContext_isProxy", oIsProxy},
	{"debugContext_debugData_suspiciousActivityEventIp", oReportedIP},
	{"debugContext_debugData_suspiciousActivityEventTransactionId", oReportedTransaction},
	{"target", oTarget},
})

// oktaTarget is an element of target.
type oktaTarget struct {
	typ, id, name, display string
}

// oktaRow collects the facts of one event.
type oktaRow struct {
	ev   *signin.Event
	t    *tally
	sc   *scratch
	f    *file
	path []byte

	v       [oTarget]string
	targets []oktaTarget
}

// oktaUnsaid are texts Okta and its exports write for nothing.
func oktaUnsaid(s string) bool {
	return s == "" || s == "null" || s == "unknown" || s == "UNKNOWN" || s == "Unknown"
}

func (r *oktaRow) begin(ev *signin.Event, t *tally) {
	*r = oktaRow{ev: ev, t: t, sc: r.sc, f: r.f, path: r.path[:0], targets: r.targets[:0]}
}

// walk reads the members of an object below the current path.
func (r *oktaRow) walk(s *jsonscan.Scanner) {
	depth := len(r.path)
	for s.Object(); s.Next(); {
		r.path = append(r.path, s.Key...)
		f := oktaFields.find(viewText(r.path))
		switch {
		case f == oTarget:
			r.readTargets(s)
		case f == oChain && s.Kind() == '[':
			r.v[f] = viewText(s.Raw())
		case s.Kind() == '{' && f == oNone && len(r.path) < 200:
			r.path = append(r.path, '_')
			r.walk(s)
		case f == oNone || s.Kind() == '{' || s.Kind() == '[':
			s.Skip()
		default:
			r.v[f] = s.Text()
		}
		r.path = r.path[:depth]
	}
}

// flat reads the columns of a Sentinel row, with or without type suffixes.
func (r *oktaRow) flat(s *jsonscan.Scanner) {
	for s.Object(); s.Next(); {
		f := oktaFields.find(oktaColumn(viewText(s.Key)))
		switch {
		case f == oTarget:
			r.readTargets(s)
		case f == oNone || s.Kind() == '{' || s.Kind() == '[':
			s.Skip()
		default:
			r.v[f] = s.Text()
		}
	}
}

// oktaColumn takes the type suffix off a custom table's column.
func oktaColumn(name string) string {
	if n := len(name); n > 2 && name[n-2] == '_' && strings.IndexByte("sdbtg", name[n-1]) >= 0 {
		return name[:n-2]
	}
	return name
}

// readTargets reads target, an array or its text.
func (r *oktaRow) readTargets(s *jsonscan.Scanner) {
	if s.Kind() == '"' {
		text := strings.TrimSpace(s.Text())
		if s.Err() != nil || oktaUnsaid(text) {
			return
		}
		c := &r.sc.cell
		c.Reset(bytesOf(text))
		r.readTargets(c)
		if err := c.End(); err != nil {
			s.Fail((&cellError{text, err}).Error())
		}
		return
	}
	r.targets = r.targets[:0]
	for s.Array(); s.Elem(); {
		var t oktaTarget
		for s.Object(); s.Next(); {
			switch string(s.Key) {
			case "type":
				t.typ = s.Text()
			case "id":
				t.id = s.Text()
			case "alternateId":
				t.name = s.Text()
			case "displayName":
				t.display = s.Text()
			default:
				s.Skip()
			}
		}
		r.targets = append(r.targets, t)
	}
}

// target is the first target of one of the types.
func (r *oktaRow) target(types ...string) (oktaTarget, bool) {
	for _, typ := range types {
		for _, t := range r.targets {
			if t.typ == typ {
				return t, true
			}
		}
	}
	return oktaTarget{}, false
}

func oktaRows(flat bool) func(*file) (func(*scratch) decoder, error) {
	return func(f *file) (func(*scratch) decoder, error) {
		return func(sc *scratch) decoder {
			r := &oktaRow{sc: sc, f: f}
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				r.begin(ev, t)
				s := &sc.scan
				s.AllowNaN = flat
				s.Reset(rec)
				if s.Kind() != '{' {
					return "", notRecord(s.End())
				}
				if flat {
					r.flat(s)
				} else {
					r.walk(s)
				}
				if err := s.End(); err != nil {
					return "", err
				}
				return r.finish()
			}
		}, nil
	}
}

var (
	errNoType      = errors.New("no eventType")
	errNoPublished = errors.New("no published time")
)

var _ = register(Format{
	Name:     "okta-system-log",
	Doc:      "Okta System Log events: arrays, JSON lines, and event hooks ({\"data\": {\"events\": [...]}})",
	Provider: "okta",
	reuse:    true,
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("eventType", "published", "actor") {
			return fmt.Errorf("no record has eventType, published and actor")
		}
		return nil
	},
	open: oktaRows(false),
})

var _ = register(Format{
	Name:     "okta-sentinel",
	Doc:      "Okta events of the Sentinel table Okta_CL as JSON, with or without type suffixes in the column names",
	Provider: "okta",
	reuse:    true,
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if s.has("eventType_s", "published_t") || s.has("eventType", "published", "actor_id") {
			return nil
		}
		return fmt.Errorf("no row has the columns eventType_s and published_t (or eventType, published and actor_id)")
	},
	open: oktaRows(true),
})
