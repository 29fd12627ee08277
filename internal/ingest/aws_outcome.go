package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// awsResult sets the outcome from Success or Failure.
func awsResult(ev *signin.Event, word string) {
	ev.Code = word
	switch word {
	case "Success":
		ev.Outcome = signin.Success
	case "Failure":
		ev.Outcome = signin.Failure
	}
}

// awsConsole reads ConsoleLogin.
func (r *docRow) awsConsole(v val, ev *signin.Event) {
	ev.Stream = signin.Interactive
	awsResult(ev, v.dot("responseElements.ConsoleLogin").said())
	extra := v.at("additionalEventData")
	ev.ReasonText = v.at("errorMessage").said()
	ev.Resource = awsPlace(extra.at("LoginTo").said())
	if extra.at("MobileVersion").truth() == signin.True {
		ev.Client = "mobile console"
	}
	used := extra.at("MFAUsed").truth()
	kind := v.dot("userIdentity.type").text()
	own := kind == "IAMUser" || kind == "Root" // AWS itself checked the password
	if provider := extra.at("SamlProviderArn").said(); provider != "" {
		own, ev.Protocol, ev.Detail = false, "saml20", provider
	}
	if ev.Outcome == signin.Failure {
		ev.Code = firstSaid(ev.ReasonText, ev.Code)
		switch {
		case v.dot("userIdentity.userName").text() == awsHidden, strings.HasPrefix(ev.ReasonText, "No username found"):
			ev.Reason = signin.NoSuchUser
		case own && used != signin.True:
			ev.Reason = signin.BadPassword
		default:
			ev.Reason = signin.OtherReason // with a second factor in use, which of the two was wrong is not told
		}
		if own && used != signin.True {
			ev.MFA.State = signin.MFANotDone
		}
	}
	if !own {
		// The identity provider may have asked for a second factor: MFAUsed "No" does
		// not know. "Yes" does.
		if used == signin.True && ev.Outcome == signin.Success {
			ev.MFA.State = signin.MFADone
			r.awsSteps(ev, []signin.Factor{{Method: awsDevice(extra.at("MFAIdentifier").said()), Succeeded: "true"}})
		}
		return
	}
	steps := []signin.Factor{{Method: "Password"}}
	method := awsDevice(extra.at("MFAIdentifier").said())
	switch {
	case ev.Outcome == signin.Success:
		steps[0].Succeeded = "true"
		switch used {
		case signin.True:
			ev.MFA.State = signin.MFADone
			steps = append(steps, signin.Factor{Method: method, Succeeded: "true"})
		case signin.False:
			ev.MFA.State = signin.MFANotDone
		}
	case ev.Reason == signin.BadPassword, ev.Reason == signin.NoSuchUser:
		steps[0].Succeeded = "false"
	}
	r.awsSteps(ev, steps)
}

// awsDevice names the kind of an MFA device by its arn
// ("arn:aws:iam::123456789012:mfa/ada", ":u2f/user/ada/…").
func awsDevice(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return "MFA device"
	}
	switch kind, _, _ := strings.Cut(parts[5], "/"); kind {
	case "mfa":
		return "virtual MFA device"
	case "u2f":
		return "security key"
	default:
		return kind
	}
}

func (r *docRow) awsSteps(ev *signin.Event, steps []signin.Factor) {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.Method
	}
	ev.MFA.Methods, ev.MFA.Factors = r.set(names...), r.factors(steps...)
}

// awsPlace is the site a login went to. Its query holds tokens and is left out.
func awsPlace(url string) signin.Target {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return signin.Target{}
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return signin.Target{Name: rest[:end]}
}

// awsSwitch reads SwitchRole: nobody is asked for anything, but other rights apply.
func (r *docRow) awsSwitch(v val, ev *signin.Event) {
	ev.Stream = signin.NonInteractive
	awsResult(ev, v.dot("responseElements.SwitchRole").said())
	ev.ReasonText = v.at("errorMessage").said()
	if ev.Outcome == signin.Failure {
		ev.Reason = signin.PolicyBlock
		ev.Code = firstSaid(v.at("errorCode").said(), ev.ReasonText, ev.Code)
	}
	to := v.dot("additionalEventData.SwitchTo").said()
	if from := v.dot("additionalEventData.SwitchFrom").said(); from != "" {
		// Recorded in the account of the role, whose session is the identity then.
		ev.Detail = "from " + from
		if to == "" {
			to = awsRole(v.dot("userIdentity.arn").said())
		}
	}
	if to != "" {
		ev.Resource = signin.Target{ID: to, Name: roleName(to)}
	}
	r.awsSession(v, ev)
}

// awsRole is the role of the arn of its session,
// "arn:aws:sts::123456789012:assumed-role/ROLE/SESSION"; a session's arn leaves
// the path of the role out.
func awsRole(arn string) string {
	account, rest, ok := strings.Cut(arn, ":assumed-role/")
	if !ok {
		return ""
	}
	role, _, _ := strings.Cut(rest, "/")
	return strings.Replace(account, ":sts:", ":iam:", 1) + ":role/" + role
}

// awsSession takes from the caller's session whether a second factor was given
// when it began. Sessions of a federated identity say "false" whatever was asked.
func (r *docRow) awsSession(v val, ev *signin.Event) {
	if ev.MFA.State != signin.MFAUnknown {
		return
	}
	id := v.at("userIdentity")
	switch id.dot("sessionContext.attributes.mfaAuthenticated").truth() {
	case signin.True:
		ev.MFA.State = signin.MFAByClaim
	case signin.False:
		if kind := id.at("type").text(); kind == "IAMUser" || kind == "Root" {
			ev.MFA.State = signin.MFANotDone
		}
	}
}

// roleName is what follows the last slash of an arn.
func roleName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// awsIdentityCenter reads the three events of a sign-in to IAM Identity Center
// or WorkSpaces, which AuthWorkflowID joins. A verified credential says nothing
// of the end: a second one may be asked for, and UserAuthentication follows
// where the sign-in succeeded.
func (r *docRow) awsIdentityCenter(v val, ev *signin.Event, name string) {
	ev.Stream = signin.Interactive
	ev.App.Name = "AWS IAM Identity Center"
	extra := v.at("additionalEventData")
	ev.Correlation = extra.at("AuthWorkflowID").said()
	ev.Resource = awsPlace(extra.at("LoginTo").said())
	credential := extra.at("CredentialType").said()
	word := v.at("serviceEventDetails").at(name).said()
	ev.ReasonText = v.at("errorMessage").said()
	second := awsSecond(credential)
	var steps []signin.Factor
	add := func(succeeded string) {
		for c := range strings.SplitSeq(credential, ",") {
			if c = strings.TrimSpace(c); c != "" && c != "EXTERNAL_IDP" {
				steps = append(steps, signin.Factor{Method: c, Succeeded: succeeded})
			}
		}
	}
	switch {
	case name == "CredentialChallenge" && word != "Failure":
		ev.Outcome, ev.Reason, ev.Code = signin.Challenge, signin.Interrupt, "asked for "+credential
		if second {
			ev.Reason, ev.MFA.State = signin.MFARequired, signin.MFANotDone
		}
	case name == "CredentialVerification" && word == "Success":
		ev.Code = "verified " + credential
		if second {
			ev.MFA.State = signin.MFADone
		}
		add("true")
	case word == "Failure":
		ev.Outcome, ev.Code = signin.Failure, name+" "+credential
		switch {
		case second:
			ev.Reason = signin.MFAFailed
		case credential == "PASSWORD":
			ev.Reason = signin.BadPassword
		default:
			ev.Reason = signin.OtherReason
		}
		if second || ev.Reason == signin.BadPassword {
			ev.MFA.State = signin.MFANotDone
		}
		if name == "CredentialVerification" {
			add("false")
		}
	default:
		awsResult(ev, word)
		if ev.Outcome == signin.Success {
			switch {
			case second:
				ev.MFA.State = signin.MFADone
			case credential == "PASSWORD", credential == "EMAIL_OTP":
				ev.MFA.State = signin.MFANotDone
			}
		}
		// The factors were counted where they were verified.
		if credential != "" && credential != "EXTERNAL_IDP" {
			ev.MFA.Methods = r.set(strings.Split(credential, ",")...)
		}
		if credential == "EXTERNAL_IDP" {
			ev.Protocol = "saml20"
		}
		return
	}
	if steps != nil {
		r.awsSteps(ev, steps)
	}
}

// awsSecond reports a list of credentials that holds more than a password:
// TOTP, WEBAUTHN, SMARTCARD, … An external provider is not known, and a code sent
// by mail is what people without a password begin with, so that it is a second
// factor only beside one.
func awsSecond(credentials string) bool {
	password, mail := false, false
	for c := range strings.SplitSeq(credentials, ",") {
		switch strings.TrimSpace(c) {
		case "", "EXTERNAL_IDP":
		case "PASSWORD":
			password = true
		case "EMAIL_OTP":
			mail = true
		default:
			return true
		}
	}
	return password && mail
}

// awsToken reads calls of STS that begin a session: federation, and those made
// with the code of an MFA device.
func (r *docRow) awsToken(v val, ev *signin.Event, name string) {
	ev.Stream = signin.NonInteractive
	ev.ReasonText = v.at("errorMessage").said()
	ev.Code = "Success"
	ev.Outcome = signin.Success
	if code := v.at("errorCode").said(); code != "" {
		ev.Outcome, ev.Code = signin.Failure, code
		ev.Reason = awsReason(code, ev.ReasonText)
	}
	ev.Token = v.dot("responseElements.credentials.accessKeyId").said()
	if role := v.dot("requestParameters.roleArn").said(); role != "" {
		ev.Resource = signin.Target{ID: role, Name: roleName(role)}
	}
	switch name {
	case "AssumeRoleWithSAML":
		ev.Protocol, ev.Detail = "saml20", v.first("requestParameters.principalArn", "responseElements.issuer")
	case "AssumeRoleWithWebIdentity":
		ev.Protocol, ev.Detail = "openIdConnect", v.first("userIdentity.identityProvider", "requestParameters.providerId", "responseElements.provider")
	default: // with a code: somebody typed it
		ev.Stream = signin.Interactive
		step := signin.Factor{Method: awsDevice(v.dot("requestParameters.serialNumber").said()), Succeeded: "true"}
		ev.MFA.State = signin.MFADone
		if ev.Outcome == signin.Failure {
			ev.MFA.State = signin.MFANotDone
			if ev.Reason == signin.MFAFailed {
				step.Succeeded = "false"
			} else {
				step.Succeeded, ev.MFA.State = "", signin.MFAUnknown
			}
		}
		r.awsSteps(ev, []signin.Factor{step})
	}
}

// awsReason classes the error codes of STS
// (docs.aws.amazon.com/STS/latest/APIReference, errors of each action).
func awsReason(code, message string) signin.Reason {
	switch code {
	case "AccessDenied", "AccessDeniedException", "Client.UnauthorizedAccess":
		if strings.Contains(message, "MultiFactorAuthentication failed") {
			return signin.MFAFailed
		}
		return signin.PolicyBlock
	case "ExpiredTokenException", "ExpiredToken", "InvalidIdentityToken", "InvalidIdentityTokenException", "InvalidClientTokenId":
		return signin.BadToken
	case "IDPCommunicationError", "IDPCommunicationErrorException":
		return signin.ServiceError
	case "MalformedPolicyDocument", "MalformedPolicyDocumentException", "PackedPolicyTooLarge", "PackedPolicyTooLargeException",
		"RegionDisabledException", "ValidationError", "ValidationException", "InvalidAuthorizationMessage":
		return signin.ProtocolError
	}
	return signin.OtherReason
}
