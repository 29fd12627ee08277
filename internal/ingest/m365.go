package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// The unified audit log's schema is that of the Office 365 Management Activity
// API, common schema and "Azure Active Directory Secure Token Service (STS)
// Logon"; reference section 1, column (e).

// m365SignIn reports the operations that are sign-ins.
func m365SignIn(operation string) bool {
	return operation == "UserLoggedIn" || operation == "UserLoginFailed"
}

var (
	errNoOperation = errors.New("no Operation")
	errAuditData   = errors.New("AuditData is not a JSON object")
)

var _ = register(Format{
	Name:     "m365-audit",
	Doc:      "Microsoft 365 unified audit log as JSON: AuditData records, Management Activity API content, rows with AuditData",
	Provider: "entra",
	Page:     "m365.md",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if s.has("CreationTime", "Operation", "RecordType") || s.has("AuditData") || s.has("auditData") {
			return nil
		}
		return errors.New("no record has CreationTime, Operation and RecordType, or AuditData")
	},
	open: entraDocs(m365Row),
})

var _ = register(Format{
	Name:     "m365-audit-csv",
	Doc:      "Microsoft 365 unified audit log as CSV: the Purview portal's export or Search-UnifiedAuditLog, with an AuditData column",
	Provider: "entra",
	Page:     "m365.md",
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		if !slices.Contains(s.header, "AuditData") {
			return fmt.Errorf("no column AuditData; found %s", list(s.header))
		}
		return nil
	},
	cut: cutTable,
	open: entraTables(func(f *file) ([]string, error) {
		return f.header, missing(f.header, func(n string) bool { return slices.Contains(f.header, n) }, []string{"AuditData"})
	}, m365Row),
})

// m365Row reads one audit record, by itself or in the AuditData of a row.
func m365Row(r *docRow, e *entraRow, v val) (other string, err error) {
	for _, name := range []string{"AuditData", "auditData"} {
		if data := v.at(name); data.kind() != 0 {
			if v = data.within(&r.sc.cell); v.kind() != '{' {
				return "", errAuditData
			}
			break
		}
	}
	operation := v.at("Operation").said()
	if operation == "" {
		return "", errNoOperation
	}
	if !m365SignIn(operation) {
		return operation, nil
	}
	if workload := v.at("Workload").said(); workload != "" && workload != "AzureActiveDirectory" {
		return workload + " " + operation, nil
	}
	// The same sign-in in Entra's own log has this id: both are one event.
	id := v.at("IntraSystemId").said()
	if id == "" || id == zeroGUID {
		id = v.at("Id").said()
	}
	e.text(fID, id)
	e.text(fCreated, v.at("CreationTime").said())
	for _, m := range []struct {
		f    field
		text string
	}{
		{fCorrelation, v.at("InterSystemsId").said()},
		{fOwnerTenant, v.at("OrganizationId").said()},
		{fHomeTenant, v.at("ActorContextId").said()},
		{fResourceTenant, v.at("TargetContextId").said()},
		{fAppID, v.at("ApplicationId").said()},
		{fIP, v.first("ActorIpAddress", "ClientIP", "ClientIPAddress")},
		{fResourceID, m365GUID(v.at("ObjectId").said(), typedID(v.at("Target"), "0"))},
		{fFailureReason, v.at("LogonError").said()},
	} {
		if m.text != "" {
			e.text(m.f, m.text)
		}
	}
	m365Who(e, v)
	m365Code(e, v, operation)
	m365Properties(e, v)
	if other, err = e.finish(); err != nil || other != "" {
		return other, err
	}
	ev := e.ev
	if operation == "UserLoginFailed" && ev.Outcome == signin.Success {
		// A failure that names no error.
		ev.Outcome, ev.Reason = signin.Failure, signin.OtherReason
	}
	if ev.Principal.ID == "" && ev.Principal.Name == "" {
		return nobody(operation), nil
	}
	if ev.Detail == "" {
		ev.Detail = m365Property(v, "RequestType") // the endpoint, which is no client application
	}
	if methods := m365Methods(m365Property(v, "UserAuthenticationMethod")); methods != nil {
		ev.MFA.Methods = r.set(methods...)
	}
	return "", nil
}

// m365Who tells the person: an Actor of type 0 is the object id, one of type 5
// the user principal name; UserKey is the object id too in newer records, a
// PUID in older ones.
func m365Who(e *entraRow, v val) {
	unsaid := func(s string) string {
		if s == "Not Available" || s == "Unknown" {
			return ""
		}
		return s
	}
	e.text(fUserID, m365GUID(typedID(v.at("Actor"), "0"), v.at("UserKey").said()))
	name := unsaid(v.at("UserId").said())
	if _, guid := signin.ParseGUID(name); name == "" || guid {
		if upn := unsaid(typedID(v.at("Actor"), "5")); upn != "" {
			name = upn
		}
	}
	e.text(fUserName, name)
	switch v.at("UserType").text() { // UserType of the common schema
	case "5", "6":
		e.eventType = "servicePrincipal"
		e.text(fSPID, e.userID)
		e.text(fSPName, name)
	case "10":
		e.text(fUserType, "guest")
	}
}

// typedID is the first ID of a type in an Actor or Target list that is a GUID,
// else the last one of the type.
func typedID(list val, typ string) string {
	id := ""
	for a := range list.elems() {
		if a.at("Type").text() != typ {
			continue
		}
		id = a.at("ID").said()
		if _, ok := signin.ParseGUID(id); ok {
			return id
		}
	}
	return id
}

// m365GUID is the first text that is a GUID, "" when none is.
func m365GUID(texts ...string) string {
	for _, s := range texts {
		if _, ok := signin.ParseGUID(s); ok {
			return s
		}
	}
	return ""
}

// m365Code settles the result. ResultStatus is not read: it tells that the
// request was processed, and is "Success" for most failed sign-ins.
func m365Code(e *entraRow, v val, operation string) {
	code := v.at("ErrorNumber").said()
	if code == "" {
		code = m365Errors[v.at("LogonError").said()]
	}
	switch {
	case code != "":
		e.text(fErrorCode, code)
	case operation == "UserLoggedIn":
		e.text(fPortalStatus, "Success")
	default:
		e.text(fPortalStatus, "Failure")
	}
}

// m365Errors are the codes of error names, for records that carry only the
// name; names and numbers are those of
// learn.microsoft.com/entra/identity-platform/reference-error-codes.
var m365Errors = map[string]string{
	"ApplicationUsedIsNotAnApprovedApp":          "53002",
	"BlockedByConditionalAccess":                 "53003",
	"DeviceAuthenticationRequired":               "50097",
	"DeviceNotCompliant":                         "53000",
	"DelegationDoesNotExist":                     "65001",
	"DeviceNotDomainJoined":                      "53001",
	"EntitlementGrantsNotFound":                  "50105",
	"ExternalSecurityChallenge":                  "50158",
	"FlowTokenExpired":                           "50089",
	"FreshTokenNeeded":                           "50173",
	"IdsLocked":                                  "50053",
	"InvalidPasswordExpiredPassword":             "50055",
	"InvalidReplyTo":                             "50011",
	"InvalidUserNameOrPassword":                  "50126",
	"KmsiInterrupt":                              "50140",
	"PasswordResetRegistrationRequiredInterrupt": "50125",
	"ProofUpBlockedDueToRisk":                    "53004",
	"SelectUserAccount":                          "16000",
	"SsoArtifactInvalidOrExpired":                "50132",
	"SsoArtifactRevoked":                         "50133",
	"UserAccountNotFound":                        "50034",
	"UserAccountSelectionInvalid":                "16001",
	"UserDisabled":                               "50057",
	"UserInformationNotProvided":                 "50058",
	"UserStrongAuthClientAuthNRequired":          "50076",
	"UserStrongAuthClientAuthNRequiredInterrupt": "50074",
	"UserStrongAuthEnrollmentRequired":           "50079",
	"UserStrongAuthEnrollmentRequiredInterrupt":  "50072",
	"UserStrongAuthExpired":                      "50078",
	"UserUnauthorized":                           "50020",
}

// m365Properties reads ExtendedProperties and DeviceProperties, lists of names
// and values that are texts whatever they mean.
func m365Properties(e *entraRow, v val) {
	for p := range v.at("ExtendedProperties").elems() {
		value := p.at("Value").said()
		switch p.at("Name").text() {
		case "UserAgent":
			e.text(fUserAgent, value)
		case "additionalDetails":
			// JSON text with the user agent in some records; elsewhere a sentence.
			if value != "" && value[0] != '{' {
				e.text(fAdditionalDetails, value)
			}
		}
	}
	for p := range v.at("DeviceProperties").elems() {
		value := p.at("Value").said()
		if value == "" {
			continue
		}
		switch p.at("Name").text() {
		case "Id":
			e.text(fDeviceID, value)
		case "DisplayName":
			e.ev.Device.Name = value
		case "OS":
			e.text(fDeviceOS, value)
		case "BrowserType":
			e.text(fDeviceBrowser, value)
		case "SessionId":
			e.text(fSession, value)
		case "IsCompliant":
			e.text(fDeviceCompliant, value)
		case "IsCompliantAndManaged":
			if signin.ParseTruth(value) == signin.True { // False leaves open which of the two
				e.text(fDeviceCompliant, value)
				e.text(fDeviceManaged, value)
			}
		}
	}
}

// m365Property is the value of an extended property.
func m365Property(v val, name string) string {
	for p := range v.at("ExtendedProperties").elems() {
		if p.at("Name").text() == name {
			return p.at("Value").said()
		}
	}
	return ""
}

// m365Bits are the bits of UserAuthenticationMethod, which Microsoft does not
// document: Sekoia, "Decoding UserAuthenticationMethod in Microsoft 365 audit
// logs" (blog.sekoia.io, 2025), found them by comparing with the sign-in log.
// They name how the first factor was given, never whether a second one was.
var m365Bits = []struct {
	bit  uint
	name string
}{
	{0, "Password in the cloud"},
	{1, "Temporary Access Pass"},
	{2, "Seamless SSO"},
	{3, "Pass-through Authentication"},
	{4, "Password Hash Sync"},
	{6, "Passwordless phone sign-in"},
	{18, "Windows Hello for Business"},
	{19, "QR code"},
	{20, "SMS Sign-in"},
	{21, "X.509 Certificate"},
	{23, "macOS Platform Credentials"},
	{24, "QR code pin"},
	{25, "Passkey (device-bound)"},
	{27, "Email verification code"},
}

// m365Staged marks a method under staged rollout; it is no method itself.
const m365Staged = 1 << 8

// m365Methods names the bits of a number; bits that nobody explained are kept
// as "bit N". nil when the record has no number.
func m365Methods(text string) []string {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return nil
	}
	n &^= m365Staged
	var names []string
	for _, b := range m365Bits {
		if n&(1<<b.bit) != 0 {
			names = append(names, b.name)
			n &^= 1 << b.bit
		}
	}
	for bit := range 64 {
		if n&(1<<bit) != 0 {
			names = append(names, "bit "+strconv.Itoa(bit))
		}
	}
	return names
}
