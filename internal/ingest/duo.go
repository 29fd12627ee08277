package ingest

import (
	"errors"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "duo",
	Doc:      "Duo authentication log: Admin API v2 and v1 pages, arrays, JSON lines; administrator and telephony rows are counted",
	Provider: "duo",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		switch {
		case s.has("txid", "access_device", "result"),
			s.has("timestamp", "username", "factor", "integration"),
			s.has("isotimestamp", "result", "factor"):
			return nil
		case s.has("context", "credits", "phone", "timestamp"): // telephony log
			return nil
		case s.has("timestamp", "username", "action", "object", "description") && s.anyTree(func(v val) bool {
			return v.at("timestamp").kind() == '0' && (v.at("description").kind() == 'n' || v.at("description").within(new(jsonscan.Scanner)).kind() == '{')
		}): // administrator log
			return nil
		}
		return errors.New("no record has txid, access_device and result (or the columns of the first version)")
	},
	cut:  cutJSON,
	open: docRows(func(r *docRow, v val, ev *signin.Event) (string, error) { return r.duoRow(duoNames, v, ev) }),
})

var _ = register(Format{
	Name:     "duo-sentinel",
	Doc:      "Duo rows of the Sentinel custom tables DuoSecurity*_CL as JSON",
	Provider: "duo",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if strings.HasPrefix(s.words["Type"], "DuoSecurity") || s.has("access_device_ip_s", "result_s") {
			return nil
		}
		return errors.New("no row is of a table DuoSecurity*_CL")
	},
	cut:  cutJSON,
	open: docRows(func(r *docRow, v val, ev *signin.Event) (string, error) { return r.duoRow(duoColumns, v, ev) }),
})

// duoField is where a fact of a record stands; the paths are tried in order.
type duoFields struct {
	txid, time, seconds, event, result, reason, factor         []string
	userID, user, email, alias                                 []string
	ip, os, osVersion, browser, host, deviceKey                []string
	city, state, country, appID, app, endpoint, phone, account []string
	trust                                                      []string
}

// duoNames are the fields of the API; the later of two names is that of the
// first version of the log.
var duoNames = &duoFields{
	txid: []string{"txid"}, time: []string{"isotimestamp"}, seconds: []string{"timestamp"},
	event: []string{"event_type", "eventtype"}, result: []string{"result"}, reason: []string{"reason"}, factor: []string{"factor"},
	userID: []string{"user.key"}, user: []string{"user.name", "username"}, email: []string{"email"}, alias: []string{"alias"},
	ip: []string{"access_device.ip", "ip"}, os: []string{"access_device.os"}, osVersion: []string{"access_device.os_version"},
	browser: []string{"access_device.browser"}, host: []string{"access_device.hostname"}, deviceKey: []string{"access_device.epkey"},
	city:    []string{"access_device.location.city", "location.city"},
	state:   []string{"access_device.location.state", "location.state"},
	country: []string{"access_device.location.country", "location.country"},
	appID:   []string{"application.key", "ikey"}, app: []string{"application.name", "integration"},
	endpoint: []string{"trusted_endpoint_status"}, phone: []string{"auth_device.name", "device"}, account: []string{"akey"},
	trust: []string{"adaptive_trust_assessments"},
}

// duoColumns are the columns of a Sentinel custom table, which carry a type
// suffix and, in portal exports, the zone.
var duoColumns = &duoFields{
	txid: []string{"txid_g", "txid_s", "txid"}, time: []string{"isotimestamp_t [UTC]", "isotimestamp_t", "isotimestamp_s"}, seconds: []string{"timestamp_d"},
	event: []string{"event_type_s", "eventtype_s"}, result: []string{"result_s"}, reason: []string{"reason_s"}, factor: []string{"factor_s"},
	userID: []string{"user_key_s"}, user: []string{"user_name_s", "username_s"}, email: []string{"email_s"}, alias: []string{"alias_s"},
	ip: []string{"access_device_ip_s"}, os: []string{"access_device_os_s"}, osVersion: []string{"access_device_os_version_s"},
	browser: []string{"access_device_browser_s"}, host: []string{"access_device_hostname_s"}, deviceKey: []string{"access_device_epkey_s"},
	city: []string{"access_device_location_city_s"}, state: []string{"access_device_location_state_s"}, country: []string{"access_device_location_country_s"},
	appID: []string{"application_key_s"}, app: []string{"application_name_s"},
	endpoint: []string{"trusted_endpoint_status_s"}, phone: []string{"auth_device_name_s"}, account: []string{"akey_s"},
	trust: []string{"adaptive_trust_assessments_s"},
}

var errDuoNoTime = errors.New("no isotimestamp and no timestamp")

func (r *docRow) duoRow(f *duoFields, v val, ev *signin.Event) (other string, err error) {
	result := v.first(f.result...)
	if other := duoOther(f, v, result); other != "" {
		return other, nil
	}
	seconds := v.first(f.seconds...)
	if text := v.first(f.time...); text != "" {
		if f == duoColumns && !strings.ContainsAny(text, "Z+") && strings.Contains(text, "/") {
			ev.Time, _, err = parseTime(text) // the column's own name says UTC
		} else {
			ev.Time, err = r.time(text)
		}
		if err != nil {
			return "", err
		}
	} else if seconds == "" {
		return "", errDuoNoTime
	} else if ev.Time, err = epoch(seconds, "unix"); err != nil {
		return "", err
	}
	ev.Stream = signin.Interactive
	ev.Tenant = v.first(f.account...)
	p := &ev.Principal
	p.ID, p.Name, p.Kind = v.first(f.userID...), strings.ToLower(v.first(f.user...)), signin.Member
	if p.Name == "" {
		p.Name = strings.ToLower(v.first(f.email...))
	}
	if p.ID == "" && p.Name == "" {
		return nobody("authentication"), nil
	}
	r.duoResult(result, v.first(f.reason...), v.first(f.factor...), ev)
	r.duoDevice(f, v, ev)
	r.duoTrust(v.dot(f.trust[0]), ev)
	ev.App = signin.Target{ID: v.first(f.appID...), Name: v.first(f.app...)}
	ev.ID = lowerGUID(v.first(f.txid...))
	ev.Correlation = ev.ID
	if ev.ID == "" {
		ev.ID = r.deriveID("duo", ev.Time.String(), p.ID, p.Name, ev.App.Name, ev.Source.IP.String(), v.first(f.factor...),
			result, v.first(f.reason...), v.first(f.phone...), v.first(f.event...))
	}
	return "", nil
}

// duoOther is the type of a row that is no authentication, "" of one that is.
// Sentinel names the table; rows of the API are told by their fields.
func duoOther(f *duoFields, v val, result string) string {
	table := v.at("Type").text()
	if strings.HasPrefix(table, "DuoSecurity") && table != "DuoSecurityAuthentication_CL" {
		typ := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(table, "DuoSecurity"), "_CL"))
		if w := v.first("action_s", "type_s"); w != "" {
			typ += ":" + w
		}
		return typ
	}
	if event := v.first(f.event...); event != "" && event != "authentication" && result != "" {
		return event // enrollment
	}
	if result != "" {
		return ""
	}
	for _, w := range [][2]string{{"action", "administrator"}, {"action_s", "administrator"}, {"credits", "telephony"}, {"credits_d", "telephony"}} {
		if a := v.at(w[0]).said(); a != "" {
			if w[1] == "telephony" {
				return w[1]
			}
			return w[1] + ":" + a
		}
	}
	if event := v.first(f.event...); event != "" {
		return event
	}
	return "" // an authentication without a result: its outcome is unknown
}

// duoDevice reads the access device, where the person sits. The auth device is
// the phone that was asked, never the source of the request.
func (r *docRow) duoDevice(f *duoFields, v val, ev *signin.Event) {
	r.address(ev, v.first(f.ip...))
	r.place(ev, v.first(f.country...), v.first(f.state...), v.first(f.city...), "", "")
	d := &ev.Device
	d.ID, d.Name, d.Browser = v.first(f.deviceKey...), v.first(f.host...), v.first(f.browser...)
	d.OS = v.first(f.os...)
	if version := v.first(f.osVersion...); d.OS != "" && version != "" {
		d.OS += " " + version
	}
	switch duoWord(v.first(f.endpoint...)) {
	case "trusted":
		d.Managed = signin.True
	case "not_trusted":
		d.Managed = signin.False
	}
	if phone := v.first(f.phone...); phone != "" {
		ev.Detail = "prompt on " + phone
	}
}

// duoTrust keeps the assessments of risk-based policies. Their trust level
// "LOW" is a risky sign-in, so it must not stand in Risk.Level, whose "low"
// means little risk.
func (r *docRow) duoTrust(v val, ev *signin.Event) {
	v = v.within(&r.sc.cell)
	if v.kind() != '{' {
		return
	}
	events := []string{}
	var reasons []string
	for name, a := range v.members() {
		if level := a.at("trust_level").said(); level != "" && !strings.EqualFold(level, "normal") {
			events = append(events, name+":"+level)
		}
		if why := a.at("reason").said(); why != "" {
			reasons = append(reasons, why)
		}
	}
	ev.Risk.Events = "[]"
	if len(events) > 0 {
		ev.Risk.Events = r.set(events...)
	}
	ev.Risk.Detail = strings.Join(reasons, "; ")
}
