package ingest

import (
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// GlobalProtect logs of PAN-OS 9.1 and later (Palo Alto Networks, "GlobalProtect
// Log Fields"): a row of fields by position in syslog, by heading in exports.

// gpField is a field that says something of a sign-in.
type gpField uint8

const (
	gpType gpField = iota
	gpGenerated
	gpEvent
	gpStage
	gpMethod
	gpTunnel
	gpUser
	gpRegion
	gpMachine
	gpPublic4
	gpPublic6
	gpHostID
	gpClient
	gpOS
	gpOSVersion
	gpRepeat
	gpReason
	gpError
	gpDescription
	gpStatus
	gpCode
	gpPortal
	gpSequence
	gpPrecise
	gpGateway
	gpSerial
	numGP
)

// gpPlaces are the positions of the fields in syslog, 0 is FUTURE_USE.
var gpPlaces = map[int]gpField{
	2: gpSerial, 3: gpType, 6: gpGenerated, 8: gpEvent, 9: gpStage, 10: gpMethod, 11: gpTunnel, 12: gpUser, 13: gpRegion, 14: gpMachine,
	15: gpPublic4, 16: gpPublic6, 19: gpHostID, 21: gpClient, 22: gpOS, 23: gpOSVersion, 24: gpRepeat, 25: gpReason, 26: gpError,
	27: gpDescription, 28: gpStatus, 32: gpCode, 33: gpPortal, 34: gpSequence, 36: gpPrecise, 41: gpGateway,
}

// gpHeadings are the headings of exports, folded: the words of the web console,
// the names of the syslog fields and those of the logging service.
var gpHeadings = map[string]gpField{
	"type": gpType, "logtype": gpType, "generatetime": gpGenerated, "generatedtime": gpGenerated, "timegenerated": gpGenerated,
	"eventid": gpEvent, "eventidvalue": gpEvent, "stage": gpStage, "authenticationmethod": gpMethod, "authmethod": gpMethod,
	"tunneltype": gpTunnel, "sourceuser": gpUser, "srcuser": gpUser, "sourceusername": gpUser, "sourceregion": gpRegion, "srcregion": gpRegion,
	"machinename": gpMachine, "endpointdevicename": gpMachine, "publicip": gpPublic4, "publicipv4": gpPublic4, "publicipv6": gpPublic6,
	"hostid": gpHostID, "clientversion": gpClient, "clientver": gpClient, "globalprotectclientversion": gpClient, "clientos": gpOS,
	"endpointostype": gpOS, "clientosversion": gpOSVersion, "clientosver": gpOSVersion, "endpointosversion": gpOSVersion,
	"repeatcount": gpRepeat, "countofrepeats": gpRepeat, "reason": gpReason, "quarantinereason": gpReason, "error": gpError,
	"connectionerror": gpError, "description": gpDescription, "opaque": gpDescription, "status": gpStatus, "eventstatus": gpStatus,
	"errorcode": gpCode, "connectionerrorid": gpCode, "portal": gpPortal, "sequencenumber": gpSequence, "seqno": gpSequence,
	"sequenceno": gpSequence, "highrestimestamp": gpPrecise, "highresolutiontimestamp": gpPrecise, "timegeneratedhighresolution": gpPrecise,
	"gateway": gpGateway, "serialnumber": gpSerial, "serial": gpSerial, "devicesn": gpSerial,
}

// gpSignIns are the events in which somebody proves who they are. What follows
// (getting a configuration, the tunnel, host checks) belongs to the session.
var gpSignIns = map[string]bool{"portal-auth": true, "gateway-auth": true, "clientlessvpn-login": true}

// gpReasons classes error texts.
var gpReasons = []struct {
	word   string
	reason signin.Reason
}{
	{"invalid username or password", signin.BadPassword},
	{"invalid user", signin.NoSuchUser},
	{"user not found", signin.NoSuchUser},
	{"not in allow", signin.AppNotAssigned},
	{"allow list", signin.AppNotAssigned},
	{"locked", signin.Locked},
	{"disabled", signin.Disabled},
	{"password expired", signin.ExpiredPassword},
	{"expired", signin.ExpiredPassword},
	{"mfa", signin.MFAFailed},
	{"multi-factor", signin.MFAFailed},
	{"otp", signin.MFAFailed},
	{"quarantined", signin.DeviceNotCompliant},
	{"client cert", signin.ClientCredential},
	{"certificate", signin.ClientCredential},
	{"cookie", signin.SessionExpired},
	{"timeout", signin.ServiceError},
	{"timed out", signin.ServiceError},
	{"not reachable", signin.ServiceError},
	{"authentication failed", signin.BadPassword},
	{"auth failed", signin.BadPassword},
	{"authentication failure", signin.BadPassword},
}

// globalProtect fills ev from the fields of one record. raw makes its id.
func (k *kit) globalProtect(v *[numGP]string, raw string, ev *signin.Event) (string, error) {
	for i := range v {
		v[i] = strings.TrimSpace(v[i])
	}
	event, status := strings.ToLower(v[gpEvent]), strings.ToLower(v[gpStatus])
	if !gpSignIns[event] {
		return clip([]byte(strings.TrimSpace(event+" "+status)), 80), nil
	}
	var err error
	if ev.Time, err = k.gpTime(v); err != nil {
		return "", err
	}
	ev.ID = derivedIDOf("globalprotect", raw)
	if v[gpSequence] != "" && v[gpSequence] != "0" && v[gpSerial] != "" {
		ev.ID = derivedIDOf("globalprotect", v[gpSerial], v[gpSequence], event, ev.Time.String())
	}
	ev.Stream = signin.Interactive
	p := &ev.Principal
	p.Name, p.Kind = v[gpUser], signin.Member
	if p.Name == "" || p.Name == "pre-logon" { // the computer's tunnel before anybody signs in
		p.ID, p.Kind = unnamed, signin.KindUnknown
		if p.Name != "" {
			p.ID, p.Kind, ev.Stream = "", signin.Machine, signin.NonInteractive
		}
	}
	ip := v[gpPublic4]
	if ip == "" || ip == "0.0.0.0" {
		ip = v[gpPublic6]
	}
	k.address(ev, ip)
	// Portal and gateway ask one after the other in one login and share no number;
	// person, address and device tie them, and attempts end ten minutes after.
	if ev.Source.IP.IsValid() && p.ID == "" {
		ev.Correlation = "globalprotect:" + strings.ToLower(p.Name) + ":" + ev.Source.IP.String() + ":" + strings.ToLower(v[gpHostID]+v[gpMachine])
	}
	if region := v[gpRegion]; len(region) == 2 || len(countryCode(region)) == 2 {
		k.place(ev, region, "", "", "", "")
	}
	k.gpResult(v, status, ev)
	ev.Device.Name, ev.Device.ID = v[gpMachine], v[gpHostID]
	ev.Device.OS = v[gpOSVersion]
	if ev.Device.OS == "" {
		ev.Device.OS = v[gpOS]
	}
	ev.App.Name, ev.Client, ev.Protocol = "GlobalProtect", event, v[gpMethod]
	ev.Resource.Name = strings.ToLower(v[gpPortal])
	if event == "gateway-auth" && v[gpGateway] != "" {
		ev.Resource.Name = strings.ToLower(v[gpGateway])
	}
	if v[gpClient] != "" {
		ev.UserAgent = "GlobalProtect " + v[gpClient]
	}
	return "", k.gpRepeats(v[gpRepeat], ev)
}

func (k *kit) gpResult(v *[numGP]string, status string, ev *signin.Event) {
	ev.ReasonText = v[gpError]
	for _, f := range []gpField{gpReason, gpDescription} {
		if ev.ReasonText == "" {
			ev.ReasonText = v[f]
		}
	}
	ev.Code = status
	switch status {
	case "success":
		ev.Outcome = signin.Success
	case "failure", "failed":
		ev.Outcome, ev.Reason = signin.Failure, signin.OtherReason
		if c := v[gpCode]; c != "" && c != "0" {
			ev.Code = c
		}
		lower := strings.ToLower(v[gpError] + " " + v[gpReason] + " " + v[gpDescription])
		for _, r := range gpReasons {
			if strings.Contains(lower, r.word) {
				ev.Reason = r.reason
				break
			}
		}
	}
	// An override cookie stands for an earlier sign-in; nobody was asked.
	if strings.EqualFold(v[gpMethod], "cookie") && ev.Outcome == signin.Success {
		ev.Stream, ev.IncomingToken = signin.NonInteractive, "cookie"
	}
}

// gpRepeats emits the further attempts a record stands for.
func (k *kit) gpRepeats(count string, ev *signin.Event) error {
	n, rest, ok := number(count, 9)
	if !ok || rest != "" || n <= 1 {
		return nil
	}
	if n > maxRepeats {
		// Known versions write 2^24 for "once".
		if n == 1<<24 {
			return nil
		}
		return fmt.Errorf("the record stands for %d attempts, more than %d are not believed", n, maxRepeats)
	}
	for i := 1; i < n; i++ {
		again := *ev
		again.ID = derivedIDOf(ev.ID, fmt.Sprint(i))
		k.t.emit(&again)
	}
	return nil
}

// gpTime is the precise time where there is one (with a zone), else the firewall's wall time.
func (k *kit) gpTime(v *[numGP]string) (signin.Time, error) {
	for _, text := range []string{v[gpPrecise], v[gpGenerated]} {
		if text == "" || strings.HasPrefix(text, "1970") || strings.HasPrefix(text, "1969") {
			continue
		}
		if len(text) > 10 && text[4] == '/' && text[7] == '/' {
			text = text[:4] + "-" + text[5:7] + "-" + text[8:]
		}
		return k.localText(text)
	}
	return 0, errNoEventTime
}
