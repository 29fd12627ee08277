package ingest

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "auth0",
	Doc:      "Auth0 tenant logs: Management API, log streams ({\"log_id\": ..., \"data\": {...}}), EventBridge events",
	Provider: "auth0",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.hasAny("log_id", "detail") && !s.has("date", "type") {
			return errors.New("no record has log_id, or date and type")
		}
		if !s.anyTree(func(v val) bool {
			d := auth0Body(v)
			return d.at("type").kind() == '"' && d.at("date").kind() == '"' && (d.at("log_id").kind() != 0 || v.at("log_id").kind() != 0)
		}) {
			return errors.New("no record has log_id, date and type (in itself, in data, or in detail.data)")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(auth0Row),
})

// auth0Body is the log entry itself: bare, within "data" of a log stream, or
// within "detail.data" of an EventBridge event.
func auth0Body(v val) val {
	if d := v.at("detail"); d.kind() == '{' {
		v = d
	}
	if d := v.at("data"); d.kind() == '{' {
		return d
	}
	return v
}

var (
	errAuth0NoType = errors.New("no type code")
	errAuth0NoDate = errors.New("no date")
)

func auth0Row(r *docRow, v val, ev *signin.Event) (other string, err error) {
	d := auth0Body(v)
	typ := d.at("type").text()
	if typ == "" {
		return "", errAuth0NoType
	}
	code, ok := auth0Codes[typ]
	if !ok {
		return typ, nil
	}
	date := d.at("date").said()
	if date == "" {
		return "", errAuth0NoDate
	}
	if ev.Time, err = r.time(date); err != nil {
		return "", err
	}
	ev.ID = d.at("log_id").said()
	if ev.ID == "" {
		if ev.ID = v.first("log_id", "detail.log_id", "_id", "id"); ev.ID == "" {
			ev.ID = r.treeID("auth0", d)
		}
	}
	ev.Tenant = d.first("tenant_name", "tenant", "$tenant_id")
	ev.Stream = code.stream
	if !auth0Who(d, ev) {
		return nobody(typ), nil
	}
	details := d.at("details")
	ev.Session = d.at("session_id").said()
	if ev.Session == "" {
		ev.Session = details.at("session_id").said()
	}
	ev.Correlation = details.at("transaction_id").said()
	if ev.Correlation == "" && code.stream == signin.Interactive {
		ev.Correlation = ev.Session
	}
	r.auth0Result(typ, &code, d, ev)
	r.auth0Client(&code, d, ev)
	r.auth0Risk(details.at("riskAssessment"), ev)
	return "", nil
}

// auth0Who fills the principal: the user, or the client of a grant without one.
func auth0Who(d val, ev *signin.Event) bool {
	p := &ev.Principal
	if ev.Stream == signin.ServicePrincipal {
		p.ID, p.Name, p.Kind = d.at("client_id").said(), d.at("client_name").said(), signin.Service
		return p.ID != "" || p.Name != ""
	}
	p.ID, p.Name, p.Kind = d.at("user_id").said(), strings.ToLower(d.at("user_name").said()), signin.Member
	return p.ID != "" || p.Name != ""
}

func (r *docRow) auth0Result(typ string, code *auth0Code, d val, ev *signin.Event) {
	ev.Outcome, ev.Code, ev.Reason = code.outcome, typ, code.reason
	details := d.at("details")
	ev.ReasonText = d.at("description").said()
	if ev.ReasonText == "" && code.outcome != signin.Success {
		ev.ReasonText = details.first("error.message", "error")
	}
	if code.reason == signin.OtherReason {
		ev.Reason = reasonIn(auth0Words, ev.ReasonText+" "+details.first("error.oauthError", "error.type"))
		if ev.Reason == signin.MFARequired {
			ev.Outcome = signin.Challenge // a password grant that is told to come back with a second factor
		}
	}
	// A device code that nobody has confirmed yet is asked for again and again.
	if typ == "fede" && strings.Contains(strings.ToLower(ev.ReasonText), "pending") {
		ev.Outcome, ev.Reason = signin.Challenge, signin.Interrupt
	}
	m := &ev.MFA
	m.State = code.mfa
	if ev.Reason == signin.MFARequired || ev.Reason == signin.MFAFailed {
		m.State = signin.MFANotDone
	}
	var methods []string
	var steps []signin.Factor
	if code.method != "" {
		methods = append(methods, code.method)
		f := signin.Factor{Method: code.method}
		switch code.outcome {
		case signin.Success:
			f.Succeeded = "true"
		case signin.Failure:
			f.Succeeded, f.Result = "false", typ
		}
		steps = append(steps, f)
	}
	r.auth0Prompts(d, ev, methods, steps)
}

// auth0Prompts reads details.prompts, the steps of a login page: a completed
// step "mfa" is a second factor given now. A database login that lists its
// steps and has none was not asked for one; of other connections the second
// factor may have been given to the identity provider behind them.
func (r *docRow) auth0Prompts(d val, ev *signin.Event, methods []string, steps []signin.Factor) {
	listed, second, reused := 0, false, false
	for p := range d.at("details", "prompts").elems() {
		listed++
		name := p.at("name").said()
		done := p.at("completedAt").kind() == '0' || p.at("performed_amr").kind() == '['
		mfa := strings.HasPrefix(name, "mfa")
		for a := range p.at("performed_amr").elems() {
			if w := a.said(); w != "" {
				mfa = mfa || w == "mfa"
				methods = append(methods, w)
			}
		}
		second = second || mfa && done
		reused = reused || p.at("session").truth() == signin.True
		if done && (mfa || auth0Typed(name)) {
			methods = append(methods, name)
			f := signin.Factor{Method: name, Succeeded: "true"}
			if !mfa {
				f.Requirement = firstFactor // the login page; its names are no methods
			}
			steps = append(steps, f)
		}
	}
	ev.MFA.Methods, ev.MFA.Factors = r.set(methods...), r.factors(steps...)
	if ev.MFA.State != signin.MFAUnknown || ev.Outcome != signin.Success {
		return
	}
	switch {
	case second:
		ev.MFA.State = signin.MFADone
	case listed > 0 && !reused && d.at("strategy").text() == "auth0":
		ev.MFA.State = signin.MFANotDone
	}
}

// auth0Typed reports whether a step of the login page takes a credential: login,
// login-password, login-passwordless-*, passkey. login-id asks for the name only.
func auth0Typed(name string) bool {
	return name != "login-id" && (strings.HasPrefix(name, "login") || strings.HasPrefix(name, "passkey"))
}

func (r *docRow) auth0Client(code *auth0Code, d val, ev *signin.Event) {
	r.address(ev, d.at("ip").said())
	l := d.at("location_info")
	r.place(ev, l.first("country_code", "country_name"), l.first("subdivision_name", "subdivision_code"), l.at("city_name").said(),
		l.at("latitude").text(), l.at("longitude").text())
	ev.UserAgent = d.at("user_agent").said()
	ev.Client = d.at("auth0_client", "name").said()
	ev.App = signin.Target{ID: d.at("client_id").said(), Name: d.at("client_name").said()}
	ev.Resource.ID = d.first("audience", "details.audience", "details.request.audience")
	ev.Protocol = code.grant
	if ev.Protocol == "" {
		ev.Protocol = d.at("strategy").said()
	}
	if code.grant == "device_code" {
		ev.Transfer = "deviceCodeFlow"
	}
	if c := d.at("connection").said(); c != "" {
		ev.Detail = "connection " + c
	}
}

// auth0Risk keeps details.riskAssessment. Its confidence is Auth0's trust in the
// login: "low" is a risky one, so it must not stand in Risk.Level, whose "low"
// means little risk.
func (r *docRow) auth0Risk(a val, ev *signin.Event) {
	if c := a.at("confidence").said(); c != "" {
		ev.Risk.Detail = "confidence " + c
	}
	if a.at("assessments").kind() != '{' {
		return
	}
	events := []string{}
	for name, as := range a.at("assessments").members() {
		if as.at("confidence").text() == "low" {
			events = append(events, name+":"+as.at("code").said())
		}
	}
	if len(events) == 0 {
		ev.Risk.Events = "[]"
		return
	}
	ev.Risk.Events = r.set(events...)
}
