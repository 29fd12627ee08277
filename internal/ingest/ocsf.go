package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// OCSF Authentication (class 3002), versions 1.0 to 1.5 and the release
// candidates before (schema.ocsf.io/1.5.0/classes/authentication), as JSON or as
// the columns of a Parquet table.
var _ = register(Format{
	Name:     "ocsf",
	Doc:      "OCSF Authentication events (class 3002, 1.0 to 1.5), as JSON or Parquet: security lakes and SIEM pipelines",
	Provider: "ocsf",
	generic:  true,
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.hasAny("class_uid", "class_name") {
			return errors.New("no record has class_uid")
		}
		if !s.hasAny("activity_id", "type_uid", "metadata", "category_uid") {
			return errors.New("records have class_uid but nothing else of OCSF (activity_id, metadata)")
		}
		return nil
	},
	open: docRows(ocsfRow),
})

const ocsfAuthentication = "3002"

// ocsfActivities are the activities of the class: a name for those that are no
// sign-in, and the stream of those that are.
var ocsfActivities = map[string]struct {
	other  string
	stream signin.Stream
}{
	"1": {"", signin.Interactive}, // Logon
	"2": {"Logoff", 0},
	"3": {"", signin.Interactive},    // Authentication Ticket
	"4": {"", signin.NonInteractive}, // Service Ticket Request
	"5": {"Service Ticket Renew", 0},
	"6": {"", signin.Interactive}, // Preauth
	"7": {"Account Switch", 0},
}

var errOCSFTime = errors.New("no time and no time_dt")

func ocsfRow(r *docRow, v val, ev *signin.Event) (string, error) {
	if class := v.at("class_uid").text(); class != ocsfAuthentication && (class != "" || v.at("class_name").text() != "Authentication") {
		return "class " + firstSaid(v.at("class_name").text(), class), nil
	}
	activity := v.at("activity_id").text()
	if activity == "" { // the last two digits of the type
		activity = strings.TrimLeft(strings.TrimPrefix(v.at("type_uid").text(), ocsfAuthentication), "0")
	}
	if a, ok := ocsfActivities[activity]; ok && a.other != "" {
		return a.other, nil
	} else if ok {
		ev.Stream = a.stream
	}
	if err := r.ocsfTime(v, ev); err != nil {
		return "", err
	}
	ev.Provider = providerOf("ocsf", v.dot("metadata.product.name").said(), v.dot("metadata.log_provider").said(), v.dot("metadata.product.vendor_name").said())
	ev.ID = lowerGUID(v.dot("metadata.uid").said())
	if ev.ID == "" {
		// what pipelines add on the way is not part of what happened
		ev.ID = r.treeID("ocsf", v, "enrichments", "metadata.logged_time", "metadata.logged_time_dt", "metadata.processed_time", "metadata.processed_time_dt",
			"metadata.modified_time", "metadata.modified_time_dt", "metadata.loggers")
	}
	ev.Correlation = v.first("metadata.correlation_uid")
	ev.Session = v.first("session.uid", "actor.session.uid", "session.uid_alt")
	ev.Tenant = v.first("metadata.tenant_uid", "user.org.uid", "cloud.account.uid", "cloud.account_uid")
	if !r.ocsfWho(v, ev) {
		return nobody(firstSaid(v.at("activity_name").text(), "Authentication")), nil
	}
	ocsfOutcome(v, ev)
	r.ocsfMFA(v, ev)
	r.ocsfSource(v, ev)
	ev.App = signin.Target{ID: v.first("service.uid"), Name: v.first("service.name", "dst_endpoint.svc_name")}
	ev.Resource = signin.Target{ID: v.first("dst_endpoint.uid"), Name: v.first("dst_endpoint.hostname", "dst_endpoint.name")}
	ev.Client = ocsfCaption(v, "logon_type", ocsfLogonTypes)
	ev.Protocol = ocsfCaption(v, "auth_protocol", ocsfProtocols)
	ev.UserAgent = v.first("http_request.user_agent")
	r.ocsfRisk(v, ev)
	return "", nil
}

// ocsfTime reads time, milliseconds in the specification and seconds in some
// published samples, or time_dt.
func (r *docRow) ocsfTime(v val, ev *signin.Event) (err error) {
	if t := v.at("time"); t.said() != "" {
		if t.kind() == '0' {
			ev.Time, err = epochGuess(t.text())
		} else if ev.Time, err = r.time(t.text()); err != nil {
			ev.Time, err = epochGuess(t.text())
		}
		if err != nil {
			return fmt.Errorf("time: %w", err)
		}
		return nil
	}
	if t := v.at("time_dt").said(); t != "" {
		ev.Time, err = r.time(t)
		return err
	}
	return errOCSFTime
}

// ocsfWho takes the subject (user), or who acted where there is no subject.
func (r *docRow) ocsfWho(v val, ev *signin.Event) bool {
	u := v.at("user")
	if u.first("uid", "name", "email_addr") == "" {
		u = v.dot("actor.user")
	}
	p := &ev.Principal
	p.ID = lowerGUID(u.first("uid", "uid_alt"))
	p.Name = strings.ToLower(u.first("email_addr", "name"))
	if p.Name != "" && !strings.Contains(p.Name, "@") {
		if d := strings.ToLower(u.first("domain")); d != "" {
			p.Name = d + `\` + p.Name
		}
	}
	p.Display = u.first("full_name", "display_name")
	switch u.at("type_id").text() {
	case "1", "2": // User, Admin
		p.Kind = signin.Member
	case "3", "4": // System, Service
		p.Kind = signin.Service
	}
	return p.ID != "" || p.Name != ""
}

func ocsfOutcome(v val, ev *signin.Event) {
	switch v.at("status_id").text() {
	case "1":
		ev.Outcome = signin.Success
	case "2":
		ev.Outcome = signin.Failure
	default:
		switch strings.ToLower(v.at("status").said()) {
		case "success", "succeeded", "0x0":
			ev.Outcome = signin.Success
		case "failure", "failed", "fail":
			ev.Outcome = signin.Failure
		default:
			if strings.HasPrefix(strings.ToLower(v.at("status").text()), "0xc") { // a Windows status in the wrong place
				ev.Outcome = signin.Failure
			}
		}
	}
	ev.Code = firstSaid(v.at("status_code").text(), v.at("status").text())
	ev.ReasonText = v.first("status_detail", "status_details", "message")
	if ev.Outcome == signin.Failure {
		ev.Reason = genericReason(ev.Code + " " + v.at("status").text() + " " + v.first("status_detail", "status_details"))
	}
	if ev.Outcome == signin.Failure && ev.Reason == signin.MFARequired {
		ev.Outcome = signin.Challenge
	}
}

// ocsfMFA reads is_mfa, and the factors where the log lists them.
func (r *docRow) ocsfMFA(v val, ev *signin.Event) {
	var methods []string
	for f := range v.at("auth_factors").elems() {
		if m := cmp.Or(ocsfCaption(f, "factor_type", ocsfFactors), f.first("device.name")); m != "" {
			methods = append(methods, m)
		}
	}
	if methods != nil {
		ev.MFA.Methods = r.set(methods...)
	}
	switch now, session := v.at("is_mfa").truth(), v.dot("session.is_mfa").truth(); {
	case now == signin.True && ev.Outcome == signin.Success:
		ev.MFA.State = signin.MFADone
	case now == signin.False && session == signin.True:
		ev.MFA.State = signin.MFAByClaim
	case now == signin.False:
		ev.MFA.State = signin.MFANotDone
	}
}

// ocsfSource reads the client's end. device, of the host profile, is where the
// event was seen, not what the person held.
func (r *docRow) ocsfSource(v val, ev *signin.Event) {
	src := v.at("src_endpoint")
	r.address(ev, src.at("ip").said())
	if port := src.at("port").said(); port != "" && ev.Source.Port == 0 {
		if n, _, ok := number(port, 5); ok && n < 1<<16 {
			ev.Source.Port = uint16(n)
		}
	}
	ev.Device.ID, ev.Device.Name = src.first("uid"), src.first("hostname", "name")
	ev.Device.OS = src.first("os.name", "os.type")
	l := src.at("location")
	lat, lon := l.at("lat").text(), l.at("long").text()
	if c := l.at("coordinates"); c.kind() == '[' { // up to 1.2: longitude first
		lon, lat = c.elem(0).text(), c.elem(1).text()
	}
	r.place(ev, l.first("country"), l.first("region"), l.first("city"), lat, lon)
	ev.ASN, ev.ASNOrg = parseASN(src.dot("autonomous_system.number").text()), src.first("autonomous_system.name", "location.isp")
}
