package ingest

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "onelogin",
	Doc:      "OneLogin events: Events API pages ({\"data\": [...]}), event webhooks, JSON lines",
	Provider: "onelogin",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("event_type_id") || !s.hasAny("created_at", "event_timestamp") {
			return errors.New("no record has event_type_id and created_at (or event_timestamp)")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(oneLoginRow),
})

// oneLoginTypes are the event types that are attempts to sign in
// (developers.onelogin.com/api-docs/1/events/event-resource). Locks, assumed
// users, password changes and removed factors are counted by number.
var oneLoginTypes = map[string]struct {
	outcome  signin.Outcome
	reason   signin.Reason
	protocol string
}{
	"5":  {outcome: signin.Success},                                                 // logged into OneLogin
	"6":  {outcome: signin.Failure, reason: signin.OtherReason},                     // failed authentication
	"8":  {outcome: signin.Success, protocol: "app"},                                // logged into an app
	"68": {outcome: signin.Success, protocol: "radius"},                             // authenticated by RADIUS
	"69": {outcome: signin.Failure, reason: signin.BadPassword, protocol: "radius"}, // rejected by RADIUS
	"90": {outcome: signin.Failure, reason: signin.AppNotAssigned, protocol: "app"}, // denied; see oneLoginRow
}

var oneLoginWords = []wordReason{
	{"blocked", signin.PolicyBlock}, // before the word within it
	{"locked", signin.Locked},
	{"otp", signin.MFAFailed},
	{"mfa", signin.MFAFailed},
	{"security code", signin.MFAFailed},
	{"factor", signin.MFAFailed},
	{"expired", signin.ExpiredPassword},
	{"suspended", signin.Disabled},
	{"disabled", signin.Disabled},
	{"inactive", signin.Disabled},
	{"not found", signin.NoSuchUser},
	{"unknown user", signin.NoSuchUser},
	{"does not exist", signin.NoSuchUser},
	{"risk", signin.RiskBlock},
	{"policy", signin.PolicyBlock},
	{"ip address", signin.PolicyBlock},
	{"password", signin.BadPassword},
	{"credential", signin.BadPassword},
}

var (
	errOneLoginNoType = errors.New("no event_type_id")
	errOneLoginNoTime = errors.New("no created_at and no event_timestamp")
)

func oneLoginRow(r *docRow, v val, ev *signin.Event) (other string, err error) {
	typ := v.at("event_type_id").said() // a text in some exports, a number in others
	if typ == "" {
		return "", errOneLoginNoType
	}
	t, ok := oneLoginTypes[typ]
	// 90 is a person denied an app, and also a client denied an API.
	if !ok || typ == "90" && (v.first("user_id") == "" || v.first("app_id", "app_name") == "") {
		return "event type " + typ, nil
	}
	when := v.first("created_at", "event_timestamp")
	if when == "" {
		return "", errOneLoginNoTime
	}
	when = strings.TrimSuffix(when, " UTC")
	if ev.Time, err = r.time(when); err != nil {
		return "", err
	}
	ev.Stream = signin.Interactive
	ev.Tenant = v.at("account_id").said()
	p := &ev.Principal
	name := v.first("user_name", "login_name")
	p.ID, p.Kind = v.at("user_id").said(), signin.Member
	if strings.Contains(name, "@") || p.ID == "" {
		p.Name = strings.ToLower(name)
	} else {
		p.Display = name // OneLogin writes first and last name, the address only where it has no other
	}
	if p.ID == "" && p.Name == "" {
		return nobody("event type " + typ), nil
	}
	if ev.ID = lowerGUID(v.first("id", "uuid")); ev.ID == "" {
		ev.ID = r.treeID("onelogin", v)
	}
	ev.Outcome, ev.Reason, ev.Code, ev.Protocol = t.outcome, t.reason, typ, t.protocol
	ev.ReasonText = v.first("custom_message", "notes", "error_description")
	if ev.Reason == signin.OtherReason {
		ev.Reason = reasonIn(oneLoginWords, ev.ReasonText)
	}
	r.oneLoginFactor(v, ev)
	r.address(ev, v.at("ipaddr").said())
	ev.UserAgent = v.at("user_agent").said()
	ev.App = signin.Target{ID: v.at("app_id").said(), Name: v.at("app_name").said()}
	if actor := v.at("actor_user_id").said(); actor != "" && p.ID != "" && actor != p.ID {
		ev.Detail = "by " + v.first("actor_user_name", "actor_user_id")
	}
	r.oneLoginRisk(v, ev)
	if policy := v.first("policy_name", "policy_id"); policy != "" {
		ev.Policies = signin.EncodeList([]signin.RecordedPolicy{
			{ID: v.at("policy_id").said(), Name: policy, Result: strings.ToLower(t.outcome.String()), Satisfied: -1, NotSatisfied: -1},
		})
	}
	return "", nil
}

// oneLoginFactor reads the second factor, if the row names one: a login with a
// factor has it done, a failure with one has it refused. Silence is unknown.
func (r *docRow) oneLoginFactor(v val, ev *signin.Event) {
	method := v.first("authentication_factor_description", "authentication_factor_type", "otp_device_name")
	failedFactor := ev.Reason == signin.MFAFailed
	if failedFactor {
		ev.MFA.State = signin.MFANotDone
	}
	if method == "" {
		return
	}
	ev.MFA.Methods = r.set(method)
	switch {
	case strings.EqualFold(method, "password"): // the first factor
	case ev.Outcome == signin.Success:
		ev.MFA.State = signin.MFADone
		ev.MFA.Factors = r.factors(signin.Factor{Method: method, Succeeded: "true"})
	case failedFactor:
		ev.MFA.Factors = r.factors(signin.Factor{Method: method, Succeeded: "false"})
	}
}

// oneLoginRisk keeps the score of 0 to 100. Where its levels begin is set by the
// organisation, so it is no Risk.Level.
func (r *docRow) oneLoginRisk(v val, ev *signin.Event) {
	if score := v.at("risk_score").said(); score != "" {
		ev.Risk.Detail = "score " + score
	}
	reasons := v.at("risk_reasons")
	var list []string
	for e := range reasons.elems() {
		if t := e.said(); t != "" {
			list = append(list, t)
		}
	}
	if t := reasons.said(); t != "" {
		list = append(list, t)
	}
	ev.Risk.Events = r.set(list...)
}
