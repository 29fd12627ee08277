package ingest

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

// identityLogon reads a row of IdentityLogonEvents: what Defender for Identity
// saw on domain controllers, and what Defender for Cloud Apps saw of Microsoft
// 365. The provider is "defender": its ids are the table's own.
func (r *docRow) identityLogon(v val, ev *signin.Event) (other string, err error) {
	action := v.at("ActionType").said()
	switch {
	case strings.EqualFold(action, "LogonSuccess"):
		ev.Outcome = signin.Success
	case strings.EqualFold(action, "LogonFailed"):
		ev.Outcome = signin.Failure
	case strings.EqualFold(action, "LogonAttempted"):
	case action == "":
		return "", errors.New("no ActionType")
	default:
		return action, nil
	}
	ev.Provider = "defender"
	text := v.first("Timestamp", "TimeGenerated")
	if text == "" {
		return "", errors.New("no Timestamp")
	}
	if text, err = r.defenderTime(text); err != nil {
		return "", err
	}
	if ev.Time, err = r.time(text); err != nil {
		return "", err
	}
	ev.ID = v.at("ReportId").said()
	if ev.ID == "" {
		ev.ID = r.deriveID(text, v.at("AccountSid").text(), v.at("AccountUpn").text(), v.at("AccountName").text(),
			v.at("IPAddress").text(), v.at("LogonType").text(), action)
	}
	r.identityWho(v, ev)
	if ev.Principal.ID == "" && ev.Principal.Name == "" {
		return nobody(action), nil
	}
	logon := v.at("LogonType").said()
	ev.Stream = identityStream(logon)
	ev.Detail = logon
	ev.Protocol = v.at("Protocol").said()
	if ev.Outcome == signin.Failure {
		ev.ReasonText = v.at("FailureReason").said()
		ev.Code = firstSaid(ev.ReasonText, action)
		ev.Reason = identityReason(ev.ReasonText)
	} else {
		ev.Code = action
	}
	ev.App.Name = v.at("Application").said()
	ev.Resource.Name = v.first("TargetDeviceName", "DestinationDeviceName")
	ev.Device.Name, ev.Device.OS = v.at("DeviceName").said(), v.at("OSPlatform").said()
	r.address(ev, v.at("IPAddress").said())
	if port, ok := atoi(v.at("Port").said()); ok && port > 0 && port < 1<<16 {
		ev.Source.Port = uint16(port) //nolint:gosec // checked
	}
	if place := v.at("Location").said(); place != "" {
		city, region, country := splitPlace(place)
		r.place(ev, country, region, city, "", "")
	}
	ev.UserAgent = v.at("AdditionalFields").within(&r.sc.cell).at("UserAgent").said()
	return "", nil
}

// identityWho prefers the directory's object id, then the Windows SID.
func (r *docRow) identityWho(v val, ev *signin.Event) {
	p := &ev.Principal
	p.ID = lowerGUID(v.first("AccountObjectId", "AccountSid"))
	p.Name, p.Display = strings.ToLower(v.at("AccountUpn").said()), v.at("AccountDisplayName").said()
	if name := strings.ToLower(v.at("AccountName").said()); p.Name == "" && name != "" {
		p.Name = name
		if domain := strings.ToLower(v.at("AccountDomain").said()); domain != "" {
			p.Name = domain + `\` + name
		}
	}
	if strings.HasSuffix(p.Name, "$") {
		p.Kind = signin.Machine
	}
}

// identityStream tells by the logon type whether somebody was there. The types
// are those of the table's page ("Supported logon types") and, for the cloud,
// Entra's endpoints ("OAuth2:Authorize"), of which the table holds interactive
// and legacy sign-ins only. A credentials validation can be either.
func identityStream(logon string) signin.Stream {
	l := strings.ToLower(logon)
	switch {
	case strings.Contains(l, "interactive"), strings.Contains(l, "remote desktop"), strings.Contains(l, ":"):
		return signin.Interactive
	case strings.Contains(l, "resource access"):
		return signin.NonInteractive
	}
	return signin.StreamUnknown
}

// identityReasons are words of FailureReason: causes Defender for Identity
// lists ("WrongPassword", "OldPassword", "AccountDisabled", …).
var identityReasons = []wordReason{
	{"oldpassword", signin.BadPassword},
	{"wrongpassword", signin.BadPassword},
	{"passwordexpired", signin.ExpiredPassword},
	{"expiredpassword", signin.ExpiredPassword},
	{"accountlocked", signin.Locked},
	{"locked", signin.Locked},
	{"disabled", signin.Disabled},
	{"accountexpired", signin.Disabled},
	{"unknownuser", signin.NoSuchUser},
	{"notfound", signin.NoSuchUser},
	{"logonhours", signin.PolicyBlock},
	{"invalidusernameorpassword", signin.BadPassword},
}

// identityReason also knows the error names of Entra, which rows of the cloud carry.
func identityReason(text string) signin.Reason {
	if code, ok := m365Errors[text]; ok {
		return entraVerdicts[code].reason
	}
	return reasonIn(identityReasons, strings.ReplaceAll(text, " ", ""))
}
