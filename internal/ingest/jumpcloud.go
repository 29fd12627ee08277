package ingest

import (
	"cmp"
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "jumpcloud",
	Doc:      "JumpCloud Directory Insights events: arrays of the API, exports, JSON lines",
	Provider: "jumpcloud",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("event_type", "service", "timestamp") || !s.hasAny("organization", "initiated_by", "@version") {
			return errors.New("no record has event_type, service, timestamp and organization or initiated_by")
		}
		if !s.has("@version") && !s.anyTree(func(v val) bool {
			return v.at("initiated_by").kind() == '{' || len(v.at("organization").text()) == 24 && v.at("id").kind() == '"'
		}) {
			return errors.New("no record has initiated_by as JumpCloud writes it, or the id of an organization")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(jumpCloudRow),
})

// jumpCloudSignIn tells whether an event type is an attempt to sign in, and over
// what (docs.jumpcloud.com/api/insights/directory). Types that end like the
// known ones are attempts too; LDAP searches and everything else are counted.
func jumpCloudSignIn(typ, service string) (protocol string, ok bool) {
	switch typ {
	case "user_login_attempt", "admin_login_attempt":
		return "", true
	case "sso_auth":
		return "sso", true
	case "radius_auth_attempt":
		return "radius", true
	case "ldap_bind":
		return "ldap", true
	case "login_attempt":
		return "device", true
	}
	return service, strings.HasSuffix(typ, "_login_attempt") || strings.HasSuffix(typ, "_auth_attempt")
}

var jumpCloudWords = []wordReason{
	{"mfa", signin.MFAFailed},
	{"totp", signin.MFAFailed},
	{"multi-factor", signin.MFAFailed},
	{"push", signin.MFAFailed},
	{"expired", signin.ExpiredPassword},
	{"too many", signin.Locked},
	{"blocked", signin.PolicyBlock}, // before the word within it
	{"locked", signin.Locked},
	{"suspended", signin.Disabled},
	{"disabled", signin.Disabled},
	{"not activated", signin.Disabled},
	{"not found", signin.NoSuchUser},
	{"no such user", signin.NoSuchUser},
	{"does not exist", signin.NoSuchUser},
	{"unknown user", signin.NoSuchUser},
	{"not authorized", signin.AppNotAssigned},
	{"not bound", signin.AppNotAssigned},
	{"no access", signin.AppNotAssigned},
	{"conditional access", signin.PolicyBlock},
	{"policy", signin.PolicyBlock},
	{"denied", signin.PolicyBlock},
	{"certificate", signin.ClientCredential},
	{"password", signin.BadPassword},
	{"credential", signin.BadPassword},
	{"authentication failed", signin.BadPassword},
	{"not authenticated", signin.BadPassword},
}

var (
	errJumpCloudNoType = errors.New("no event_type")
	errJumpCloudNoTime = errors.New("no timestamp")
)

func jumpCloudRow(r *docRow, v val, ev *signin.Event) (other string, err error) {
	typ := v.at("event_type").said()
	if typ == "" {
		return "", errJumpCloudNoType
	}
	service := v.at("service").said()
	protocol, ok := jumpCloudSignIn(typ, service)
	if !ok {
		return typ, nil
	}
	when := v.at("timestamp").said()
	if when == "" {
		return "", errJumpCloudNoTime
	}
	if ev.Time, err = r.time(when); err != nil {
		return "", err
	}
	by := v.at("initiated_by")
	p := &ev.Principal
	p.Name, p.Kind = strings.ToLower(cmp.Or(by.first("username", "email"), v.first("username"))), signin.Member
	switch by.at("type").text() {
	case "user", "admin", "": // RADIUS, LDAP and devices often know the name only
		p.ID = by.at("id").said()
	case "system", "service_account", "api_key":
		p.ID, p.Kind = by.at("id").said(), signin.Service
	default:
		p.ID = by.at("id").said()
	}
	if p.ID == "" && p.Name == "" {
		return nobody(typ), nil
	}
	ev.Tenant, ev.Stream, ev.Protocol, ev.Code = v.at("organization").said(), signin.Interactive, protocol, typ
	if ev.ID = v.at("id").said(); ev.ID == "" {
		ev.ID = r.treeID("jumpcloud", v, "@version")
	}
	r.address(ev, v.first("client_ip", "src_ip"))
	g := v.at("geoip")
	r.place(ev, g.at("country_code").said(), g.first("region_name", "region_code"), g.at("city_name").said(), g.at("latitude").text(), g.at("longitude").text())
	app := v.at("application")
	ev.App = signin.Target{ID: app.at("id").said(), Name: app.first("display_label", "name")}
	if t := app.at("sso_type").said(); t != "" {
		ev.Protocol = t // saml, oidc
	}
	ev.Client = v.at("auth_method").said()
	jumpCloudDevice(v, ev)
	r.jumpCloudResult(v, ev)
	r.jumpCloudPolicies(v.at("auth_context", "policies_applied"), ev)
	return "", nil
}

func jumpCloudDevice(v val, ev *signin.Event) {
	system := v.at("auth_context", "system")
	if system.kind() != '{' {
		system = v.at("system")
	}
	d, ua := &ev.Device, v.at("useragent")
	d.ID, d.Name = system.at("id").said(), cmp.Or(system.at("hostname").said(), system.at("displayName").said())
	d.OS = strings.TrimSpace(system.at("os").said() + " " + system.at("version").said())
	if d.OS == "" {
		d.OS = ua.first("os_full", "os")
	}
	if d.Browser = ua.at("name").said(); d.Browser != "" {
		if version := ua.at("version").said(); version != "" {
			d.Browser += " " + version
		}
	}
	if d.ID != "" {
		d.Managed = signin.True // only devices with JumpCloud's agent have an id there
	}
}

// jumpCloudResult settles outcome and factors. "mfa" says whether a second
// factor counted: for single sign-on out of a running session it is the earlier
// one, so a claim. RADIUS also says whether its network device asks for one.
func (r *docRow) jumpCloudResult(v val, ev *signin.Event) {
	ok := v.at("success").truth()
	if ok == signin.Unknown {
		ok = v.at("sso_token_success").truth()
	}
	ev.ReasonText = v.first("error_message", "outer.error_message", "message")
	mfa := v.at("mfa").truth()
	if mfa == signin.Unknown && v.at("nas_mfa_state").text() == "DISABLED" {
		mfa = signin.False
	}
	var methods []string
	var steps []signin.Factor
	second, refused := false, false
	for name, m := range v.at("auth_context", "auth_methods").members() {
		s := m.at("success").truth()
		if s == signin.Unknown {
			continue
		}
		methods = append(methods, name)
		steps = append(steps, signin.Factor{Method: name, Succeeded: s.String()})
		if jumpCloudSecond(name) {
			second, refused = second || s == signin.True, refused || s == signin.False
		}
	}
	if t := v.at("mfa_meta", "type").said(); t != "" {
		methods = append(methods, t)
	}
	ev.MFA.Methods, ev.MFA.Factors = r.set(methods...), r.factors(steps...)
	m := &ev.MFA
	switch ok {
	case signin.True:
		ev.Outcome = signin.Success
		switch {
		case second:
			m.State = signin.MFADone
		case mfa == signin.True && v.at("auth_method").text() == "session":
			m.State = signin.MFAByClaim
		case mfa == signin.True:
			m.State = signin.MFADone
		case mfa == signin.False:
			m.State = signin.MFANotDone
		}
	case signin.False:
		ev.Outcome, ev.Reason = signin.Failure, reasonIn(jumpCloudWords, ev.ReasonText)
		if refused && ev.Reason == signin.OtherReason {
			ev.Reason = signin.MFAFailed
		}
		if ev.Reason == signin.MFAFailed || mfa == signin.False {
			m.State = signin.MFANotDone
		}
	}
}

// jumpCloudSecond reports whether a member of auth_methods is a second factor. A
// password, a running session or a device's certificate is none; of others it is
// not known, and "mfa" tells.
func jumpCloudSecond(method string) bool {
	method = strings.ToLower(method)
	for _, w := range []string{"totp", "otp", "push", "protect", "webauthn", "duo", "mfa"} {
		if strings.Contains(method, w) {
			return true
		}
	}
	return false
}

// jumpCloudPolicies records JumpCloud's own conditional access policies.
func (r *docRow) jumpCloudPolicies(list val, ev *signin.Event) {
	var out []signin.RecordedPolicy
	for p := range list.elems() {
		meta := p.at("metadata")
		out = append(out, signin.RecordedPolicy{
			ID: p.at("id").said(), Name: p.at("name").said(), Result: strings.ToLower(meta.at("action").said()), Satisfied: -1, NotSatisfied: -1,
		})
	}
	ev.Policies = signin.EncodeList(out)
}
