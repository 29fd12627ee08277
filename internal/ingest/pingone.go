package ingest

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "pingone",
	Doc:      "PingOne audit activities: pages ({\"_embedded\": {\"activities\": [...]}}), webhooks, JSON lines",
	Provider: "pingone",
	Page:     "ping.md",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("action", "result") || !s.hasAny("recordedAt", "createdAt") || !s.hasAny("actors", "resources") {
			return errors.New("no record has recordedAt, action, result and actors or resources")
		}
		if !s.anyTree(func(v val) bool { return v.at("action", "type").kind() == '"' && v.at("result").kind() == '{' }) {
			return errors.New("no record has action.type and result as PingOne writes them")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(pingOneRow),
})

// pingOneAction says what an action type is.
type pingOneAction struct {
	outcome  signin.Outcome
	reason   signin.Reason
	mfa      signin.MFAState
	method   string
	protocol string
}

// pingOneActions are the action types that are sign-ins or steps of one
// (apidocs.pingidentity.com, audit reporting events). Their outcome is in the
// type: result.status says whether the activity was recorded, and is SUCCESS
// for PASSWORD.CHECK_FAILED.
var pingOneActions = map[string]pingOneAction{
	"USER.ACCESS_ALLOWED":      {outcome: signin.Success},
	"USER.ACCESS_DENIED":       {outcome: signin.Failure, reason: signin.PolicyBlock},
	"USER.KERBEROS_SUCCEEDED":  {outcome: signin.Success, protocol: "kerberos"},
	"USER.KERBEROS_FAILED":     {outcome: signin.Failure, reason: signin.BadToken, protocol: "kerberos"},
	"RADIUS_SESSION.CREATED":   {outcome: signin.Success, protocol: "radius"},
	"PASSWORD.CHECK_SUCCEEDED": {outcome: signin.Success, method: "password"},
	"PASSWORD.CHECK_FAILED":    {outcome: signin.Failure, reason: signin.BadPassword, method: "password"},
	"OTP.CHECK_SUCCESS":        {outcome: signin.Success, mfa: signin.MFADone, method: "otp"},
	"OTP.CHECK_FAILED":         {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, method: "otp"},
	"OTP.CHECK_INVALID":        {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, method: "otp"},
}

var pingOneWords = []wordReason{
	{"locked", signin.Locked},
	{"disabled", signin.Disabled},
	{"expired", signin.ExpiredPassword},
	{"not found", signin.NoSuchUser},
	{"does not exist", signin.NoSuchUser},
}

var (
	errPingOneNoAction = errors.New("no action.type")
	errPingOneNoTime   = errors.New("no recordedAt and no createdAt")
)

func pingOneRow(r *docRow, v val, ev *signin.Event) (other string, err error) {
	typ := v.at("action", "type").said()
	if typ == "" {
		return "", errPingOneNoAction
	}
	a, ok := pingOneActions[typ]
	if !ok {
		if a, ok = pingOneFamily(typ, v.at("result", "status").text()); !ok {
			return typ, nil
		}
	}
	when := v.at("recordedAt").said()
	if when == "" { // createdAt is when the activity was stored, milliseconds later
		if when = v.at("createdAt").said(); when == "" {
			return "", errPingOneNoTime
		}
		r.t.note(noteEnvelopeTime)
	}
	if ev.Time, err = r.time(when); err != nil {
		return "", err
	}
	user := v.at("actors", "user")
	app := v.at("actors", "client")
	environment := user.at("environment", "id").said()
	for res := range v.at("resources").elems() {
		switch res.at("type").text() {
		case "USER":
			if user.at("id").said() == "" {
				user = res // checks of a password name their user as a resource only
			}
		case "APPLICATION":
			app = res
		}
		if environment == "" {
			environment = res.at("environment", "id").said()
		}
	}
	p := &ev.Principal
	p.ID, p.Name, p.Kind = user.at("id").said(), strings.ToLower(user.at("name").said()), signin.Member
	if p.ID == "" && p.Name == "" {
		return nobody(typ), nil
	}
	ev.Tenant, ev.Stream = environment, signin.Interactive
	if ev.ID = lowerGUID(v.at("id").said()); ev.ID == "" {
		ev.ID = r.treeID("pingone", v, "createdAt", "_links")
	}
	ev.Correlation = v.first("correlationId", "internalCorrelation.transactionId")
	ev.Session = v.first("internalCorrelation.sessionId", "session.id")
	ev.App = signin.Target{ID: app.at("id").said(), Name: app.at("name").said()}
	r.address(ev, v.first("source.ipAddress", "source.ip"))
	ev.UserAgent = v.at("source", "userAgent").said()
	ev.Outcome, ev.Reason, ev.Protocol, ev.Code = a.outcome, a.reason, a.protocol, typ
	ev.ReasonText = v.at("result", "description").said()
	if a.reason == signin.BadPassword {
		if w := reasonIn(pingOneWords, ev.ReasonText); w != signin.OtherReason {
			ev.Reason = w
		}
	}
	ev.MFA.State = a.mfa
	if a.method != "" {
		f := signin.Factor{Method: a.method, Succeeded: "true"}
		if a.outcome == signin.Failure {
			f.Succeeded, f.Result = "false", typ
		}
		ev.MFA.Methods, ev.MFA.Factors = r.set(a.method), r.factors(f)
	}
	return "", nil
}

// pingOneFamily reads the types AUTHENTICATION.* and MFA.*, of which new ones
// appear: a verb that names an end is the outcome; of any other the end is
// unknown, save that a status other than SUCCESS is a failure.
func pingOneFamily(typ, status string) (a pingOneAction, ok bool) {
	family, verb, _ := strings.Cut(typ, ".")
	if family != "AUTHENTICATION" && family != "MFA" {
		return a, false
	}
	mfa := family == "MFA"
	failed, done := status != "" && status != "SUCCESS", false
	for _, w := range []string{"FAIL", "DENIED", "REJECTED", "INVALID", "EXPIRED", "TIMED_OUT", "TIMEOUT", "BLOCKED"} {
		failed = failed || strings.Contains(verb, w)
	}
	for _, w := range []string{"SUCCE", "COMPLETED", "ALLOWED", "APPROVED"} {
		done = done || strings.Contains(verb, w)
	}
	switch {
	case failed:
		a.outcome, a.reason = signin.Failure, signin.OtherReason
		if mfa {
			a.reason, a.mfa = signin.MFAFailed, signin.MFANotDone
		}
		if mfa && (strings.Contains(verb, "DENIED") || strings.Contains(verb, "REJECTED")) {
			a.reason = signin.MFADenied
		}
		if mfa && (strings.Contains(verb, "EXPIRED") || strings.Contains(verb, "TIME")) {
			a.reason = signin.MFATimeout
		}
	case done:
		a.outcome = signin.Success
		if mfa {
			a.mfa = signin.MFADone
		}
	}
	return a, true
}
