package ingest

import (
	"bytes"
	"errors"
	"strings"

	"frisk/internal/signin"
)

// CloudTrail records: docs.aws.amazon.com/awscloudtrail/latest/userguide, "AWS
// Management Console sign-in events" and "Logging IAM and AWS STS API calls";
// docs.aws.amazon.com/singlesignon/latest/userguide, "Example events for IAM
// Identity Center sign-in"; reference section 4.

var _ = register(Format{
	Name:     "aws-cloudtrail",
	Doc:      "AWS CloudTrail: console sign-ins, IAM Identity Center and STS; log files, lines, EventBridge events, lookup-events",
	Provider: "aws",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if s.has("eventVersion", "eventSource", "eventName") || s.has("EventId", "EventSource", "CloudTrailEvent") {
			return nil
		}
		if s.anyTree(func(v val) bool { return v.dot("detail.eventSource").kind() == '"' }) {
			return nil
		}
		return errors.New("no record has eventVersion, eventSource and eventName, by itself, under \"detail\" or in CloudTrailEvent")
	},
	open: func(f *file) (func(*scratch) decoder, error) {
		tree, err := docRows((*docRow).aws)(f)
		if err != nil {
			return nil, err
		}
		return func(sc *scratch) decoder {
			decode := tree(sc)
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				if typ, known := awsOther(rec); known {
					return typ, nil
				}
				return decode(rec, ev, t)
			}
		}, nil
	},
})

// awsSources are the services whose records can be sign-ins.
func awsSource(source []byte) bool {
	switch string(source) {
	case "signin.amazonaws.com", "sts.amazonaws.com", "sso.amazonaws.com":
		return true
	}
	return false
}

// awsSignIn reports the events that are sign-ins, or can be. The two STS calls
// count where somebody typed a code for them; see awsRecord.
func awsSignIn(source, name []byte) bool {
	if string(source) == "sso.amazonaws.com" {
		return false // what happens inside a session that UserAuthentication began
	}
	switch string(name) {
	case "ConsoleLogin", "SwitchRole", "CredentialChallenge", "CredentialVerification", "UserAuthentication":
		return string(source) == "signin.amazonaws.com"
	case "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRole", "GetSessionToken":
		return string(source) == "sts.amazonaws.com"
	}
	return false
}

var (
	keySource = []byte(`"eventSource"`)
	keyName   = []byte(`"eventName"`)
	keySerial = []byte(`"serialNumber"`)
)

// awsOther tells by two searches of its bytes that a record is no sign-in, and
// of which type: records of services are nine in ten, and parsing them would
// set the speed of the whole file. Inside a JSON text quotes are escaped, so
// each hit is a key, if perhaps of an inner object: a record in which one of
// the two keys occurs other than once is left to the parser, as is one cut off.
func awsOther(rec []byte) (typ string, known bool) {
	rec = bytes.TrimSpace(rec)
	if len(rec) == 0 || rec[0] != '{' || rec[len(rec)-1] != '}' {
		return "", false
	}
	source, ok := awsKey(rec, keySource)
	if !ok {
		return "", false
	}
	if !awsSource(source) {
		return viewText(source), true
	}
	name, ok := awsKey(rec, keyName)
	if !ok {
		return "", false
	}
	switch {
	case !awsSignIn(source, name):
	case string(name) == "AssumeRole" || string(name) == "GetSessionToken":
		if bytes.Contains(rec, keySerial) {
			return "", false
		}
	default:
		return "", false
	}
	return awsType(source, name), true
}

// awsKey is the plain text value of a key that occurs exactly once.
func awsKey(rec, key []byte) (value []byte, ok bool) {
	_, after, ok := bytes.Cut(rec, key)
	if !ok {
		return nil, false
	}
	rest := bytes.TrimLeft(after, " \t\r\n")
	if len(rest) == 0 || rest[0] != ':' {
		return nil, false
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' {
		return nil, false
	}
	end := bytes.IndexByte(rest[1:], '"')
	if end < 0 {
		return nil, false
	}
	value, rest = rest[1:1+end], rest[1+end:]
	for _, c := range value { // what a name of a service or a call is made of
		if c < '-' || c > 'z' || c == '\\' {
			return nil, false
		}
	}
	return value, !bytes.Contains(rest, key)
}

// awsType is the type under which other events of these services are counted;
// those of all others are counted by service, since there are thousands of calls.
func awsType(source, name []byte) string {
	return string(source) + " " + string(name)
}

// aws reads one record in any of its envelopes.
func (r *docRow) aws(v val, ev *signin.Event) (other string, err error) {
	switch {
	case v.at("CloudTrailEvent").kind() != 0: // aws cloudtrail lookup-events
		if v = v.at("CloudTrailEvent").within(&r.sc.cell); v.kind() != '{' {
			return "", errors.New("CloudTrailEvent is not a JSON object")
		}
	case v.at("detail").kind() == '{' && v.at("eventSource").kind() == 0: // EventBridge
		v = v.at("detail")
	}
	source, name := v.at("eventSource").said(), v.at("eventName").said()
	if source == "" || name == "" {
		return "", errors.New("no eventSource and eventName")
	}
	if !awsSource(bytesOf(source)) {
		return source, nil
	}
	if !awsSignIn(bytesOf(source), bytesOf(name)) {
		return awsType(bytesOf(source), bytesOf(name)), nil
	}
	if (name == "AssumeRole" || name == "GetSessionToken") && v.dot("requestParameters.serialNumber").said() == "" {
		return awsType(bytesOf(source), bytesOf(name)), nil
	}
	if ev.Time, err = r.time(v.at("eventTime").said()); err != nil {
		return "", err
	}
	ev.ID = lowerGUID(v.at("eventID").said())
	if ev.ID == "" {
		ev.ID = r.deriveID(v.at("eventTime").text(), name, v.at("requestID").text(), v.dot("userIdentity.principalId").text(), v.at("sourceIPAddress").text())
	}
	ev.Tenant = v.first("userIdentity.accountId", "recipientAccountId")
	ev.UserAgent = v.at("userAgent").said()
	// A key that begins otherwise is a person's own, used for years.
	if key := v.dot("userIdentity.accessKeyId").said(); strings.HasPrefix(key, "ASIA") {
		ev.Session = key
	}
	ev.Correlation = v.at("sharedEventID").said() // of a call that the trails of two accounts hold
	r.awsWho(v, ev)
	r.awsAddress(v, ev)
	ev.App = signin.Target{ID: source, Name: awsApps[source]}
	switch name {
	case "ConsoleLogin":
		r.awsConsole(v, ev)
	case "SwitchRole":
		r.awsSwitch(v, ev)
	case "CredentialChallenge", "CredentialVerification", "UserAuthentication":
		r.awsIdentityCenter(v, ev, name)
	default:
		r.awsToken(v, ev, name)
	}
	if ev.Principal.ID == "" && ev.Principal.Name == "" {
		return nobody(awsType(bytesOf(source), bytesOf(name))), nil
	}
	return "", nil
}

var awsApps = map[string]string{"signin.amazonaws.com": "AWS Management Console", "sts.amazonaws.com": "AWS STS"}

// awsHidden stands where a name was typed that no user has, so that a password
// typed into the wrong field is not logged.
const awsHidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

// awsWho tells the person by userIdentity.
func (r *docRow) awsWho(v val, ev *signin.Event) {
	id, p := v.at("userIdentity"), &ev.Principal
	name := id.at("userName").said()
	switch id.at("type").text() {
	case "Root":
		p.ID, p.Name, p.Kind = id.first("arn", "accountId"), firstSaid(name, "root"), signin.Member
		return
	case "IdentityCenterUser", "Unknown":
		// principalId is the account here, not the person.
		p.ID = lowerGUID(id.dot("onBehalfOf.userId").said())
		p.Name, p.Kind = firstSaid(v.dot("additionalEventData.UserName").said(), name), signin.Member
		if p.ID == "" && p.Name == "" {
			p.ID = id.at("credentialId").said()
		}
		p.Name = strings.ToLower(p.Name)
		return
	case "AWSService":
		p.ID, p.Name, p.Kind = id.first("principalId", "accountId"), id.first("invokedBy", "accountId"), signin.Service
		return
	case "AWSAccount": // somebody of another account, whose trail names them
		p.ID = id.first("principalId", "accountId")
		if p.ID == id.at("accountId").said() {
			p.Name, p.Kind = p.ID, signin.Service
		}
		return
	case "IAMUser", "SAMLUser":
		p.Kind = signin.Member
	}
	p.ID, p.Name = id.at("principalId").said(), name
	if name == awsHidden {
		p.ID = "" // the id, where there is one, is not of whom was meant
	}
	// A role's principal is ROLEID:SESSION, where the session carries the name.
	if _, session, ok := strings.Cut(p.ID, ":"); ok && p.Name == "" {
		p.Name = session
	}
	if awsMachine(p.Name, id.at("identityProvider").said()) {
		p.Kind = signin.Service
	}
	p.Name = strings.ToLower(p.Name)
	if name == awsHidden {
		p.Name = awsHidden
	}
}

// awsMachine reports subjects of web identities that are no people: service
// accounts of Kubernetes and jobs of build services.
func awsMachine(name, provider string) bool {
	return strings.HasPrefix(name, "system:serviceaccount:") || strings.HasPrefix(name, "repo:") || strings.HasPrefix(name, "project_path:") ||
		strings.Contains(provider, "actions.githubusercontent.com") || strings.Contains(provider, "oidc.eks.")
}

// awsAddress leaves out sources that are names: calls by AWS itself carry
// "AWS Internal" or a service's name.
func (r *docRow) awsAddress(v val, ev *signin.Event) {
	text := v.at("sourceIPAddress").said()
	if text == "AWS Internal" || strings.HasSuffix(text, ".amazonaws.com") {
		return
	}
	r.address(ev, text)
}
