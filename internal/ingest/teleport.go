package ingest

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "teleport",
	Doc:      "Teleport audit events: the log folder's *.log files, event handler output, JSON lines",
	Provider: "teleport",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("event", "uid", "code", "time") {
			return errors.New("no record has event, uid, code and time")
		}
		// Other systems log these members too; Teleport's codes are T and digits or
		// capitals, an I, W or E last, and every event has its index.
		if !s.hasAny("ei", "cluster_name") && !s.anyTree(func(v val) bool {
			code := v.at("code").text()
			return len(code) > 4 && code[0] == 'T' && strings.ContainsRune("IWE", rune(code[len(code)-1]))
		}) {
			return errors.New("no record has ei or cluster_name, or a code like T1000I")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(teleportRow),
})

// teleportWords classes the error of a refused login. Teleport does not say
// whether name, password or second factor was wrong; the text for all three
// counts as a bad password, which is what guessing looks like.
var teleportWords = []wordReason{
	{"invalid username, password", signin.BadPassword},
	{"invalid credentials", signin.BadPassword},
	{"invalid password", signin.BadPassword},
	{"exceeded", signin.Locked},
	{"blocked", signin.PolicyBlock}, // before the word within it
	{"locked", signin.Locked},
	{"lock in force", signin.Locked},
	{"not found", signin.NoSuchUser},
	{"expired", signin.SessionExpired},
	{"mfa", signin.MFAFailed},
	{"second factor", signin.MFAFailed},
	{"webauthn", signin.MFAFailed},
	{"trusted device", signin.DeviceNotCompliant},
	{"device trust", signin.DeviceNotCompliant},
	{"unauthorized device", signin.DeviceNotCompliant},
	{"access denied", signin.PolicyBlock},
	{"no roles", signin.AppNotAssigned},
	{"saml", signin.ProtocolError},
	{"oidc", signin.ProtocolError},
	{"bad request", signin.ProtocolError},
}

var (
	errTeleportNoEvent = errors.New("no event type")
	errTeleportNoTime  = errors.New("no time")
)

// teleportRow reads user.login; sessions, certificates and everything else are
// counted by type (goteleport.com/docs/reference/monitoring/audit).
func teleportRow(r *docRow, v val, ev *signin.Event) (other string, err error) {
	typ := v.at("event").said()
	if typ == "" {
		return "", errTeleportNoEvent
	}
	if typ != "user.login" {
		return typ, nil
	}
	when := v.at("time").said()
	if when == "" {
		return "", errTeleportNoTime
	}
	if ev.Time, err = r.time(when); err != nil {
		return "", err
	}
	p := &ev.Principal
	p.Name, p.Kind = strings.ToLower(v.at("user").said()), signin.Member
	if p.Name == "" {
		return nobody(typ), nil
	}
	switch v.at("user_kind").text() {
	case "USER_KIND_BOT", "2":
		p.Kind = signin.Service
	}
	ev.Tenant, ev.Stream = v.at("cluster_name").said(), signin.Interactive
	ev.Code = v.at("code").said()
	if ev.ID = lowerGUID(v.at("uid").said()); ev.ID == "" {
		ev.ID = r.treeID("teleport", v)
	}
	ev.Session = v.at("sid").said()
	r.address(ev, v.dot("addr.remote").said())
	ev.UserAgent, ev.Protocol = v.at("user_agent").said(), v.at("method").said()
	ev.Device.ID = v.first("trusted_device.device_id")
	ev.Device.OS = strings.TrimPrefix(v.first("trusted_device.os_type"), "OS_TYPE_")
	if ev.Device.ID != "" {
		ev.Device.Managed = signin.True
	}
	r.teleportResult(v, ev)
	return "", nil
}

// teleportResult trusts "success"; the code (T1000I local, T1001I single
// sign-on, W for a refusal) decides only where it is absent.
func (r *docRow) teleportResult(v val, ev *signin.Event) {
	ok := v.at("success").truth()
	if ok == signin.Unknown {
		switch {
		case strings.HasSuffix(ev.Code, "I"):
			ok = signin.True
		case strings.HasSuffix(ev.Code, "W"), strings.HasSuffix(ev.Code, "E"):
			ok = signin.False
		}
	}
	ev.ReasonText = v.first("error", "message")
	m := &ev.MFA
	method := v.first("mfa_device.mfa_device_type", "mfa_device.type")
	switch ok {
	case signin.True:
		ev.Outcome = signin.Success
		if method != "" {
			m.State = signin.MFADone
			m.Methods, m.Factors = r.set(method), r.factors(signin.Factor{Method: method, Detail: v.first("mfa_device.mfa_device_name"), Succeeded: "true"})
		}
	case signin.False:
		ev.Outcome = signin.Failure
		ev.Reason = reasonIn(teleportWords, v.first("error")+" "+v.first("message"))
		if ev.Reason == signin.MFAFailed {
			m.State = signin.MFANotDone
		}
		if method != "" {
			m.Methods = r.set(method)
		}
	}
}
