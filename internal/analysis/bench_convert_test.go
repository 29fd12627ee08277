package analysis

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The other formats are measured on the same sign-ins, written as each of them
// writes: convertJob reads the first Rows diagnostic records of Input and writes
// them to Data in the shape named by Set.

// pageRows is the page size of Microsoft Graph's /auditLogs/signIns.
const pageRows = 1000

// diagnostic is what the shapes take from a record. Structures stay as text.
type diagnostic struct {
	Category   string
	TenantID   string         `json:"tenantId"`
	Properties jsontext.Value `json:"properties"`
	p          properties
}

type properties struct {
	ID, CreatedDateTime, CorrelationID, UserID, UserPrincipalName, UserDisplayName, UserType, SessionID              string
	AppID, AppDisplayName, ResourceID, ResourceDisplayName, ResourceTenantID, HomeTenantID, IPAddress, UserAgent     string
	ClientAppUsed, UniqueTokenIdentifier, IncomingTokenType, AuthenticationProtocol, OriginalTransferMethod          string
	CrossTenantAccessType, ConditionalAccessStatus, AuthenticationRequirement, ServicePrincipalID                    string
	RiskLevelDuringSignIn, RiskLevelAggregated, RiskState, RiskDetail                                                string
	AutonomousSystemNumber                                                                                           int64
	IsInteractive                                                                                                    bool
	Status                                                                                                           jsontext.Value
	DeviceDetail                                                                                                     jsontext.Value
	Location                                                                                                         jsontext.Value
	MFADetail                                                                                                        jsontext.Value
	AuthenticationDetails, AppliedConditionalAccessPolicies, NetworkLocationDetails, AuthenticationProcessingDetails jsontext.Value
	status                                                                                                           struct {
		ErrorCode                        int64
		FailureReason, AdditionalDetails string
	}
	device struct {
		DeviceID, DisplayName, OperatingSystem, Browser, TrustType string
		IsCompliant, IsManaged                                     bool
	}
	place struct {
		City, State, CountryOrRegion string
		GeoCoordinates               struct{ Latitude, Longitude float64 }
	}
}

// shapes write one record; nil ends the file.
var shapes = map[string]func(w *bufio.Writer) func(d *diagnostic) error{
	"pages":     pagesShape,
	"portal":    portalShape,
	"analytics": analyticsShape,
	"okta":      oktaShape,
}

func convertJob(_ context.Context, j *job) (outcome, error) {
	in, err := os.Open(j.Input)
	if err != nil {
		return outcome{}, err
	}
	defer in.Close()
	return outcome{}, WriteFile(j.Data, func(file io.Writer) error {
		w := bufio.NewWriterSize(file, 1<<20)
		write := shapes[j.Set](w)
		r := bufio.NewReaderSize(in, 1<<20)
		for range j.Rows {
			line, err := r.ReadSlice('\n')
			if err != nil {
				return err
			}
			d := &diagnostic{}
			err = json.Unmarshal(line, d, json.MatchCaseInsensitiveNames(true))
			if err == nil && j.Set != "pages" {
				err = d.read()
			}
			if err == nil {
				err = write(d)
			}
			if err != nil {
				return err
			}
		}
		if err := write(nil); err != nil {
			return err
		}
		return w.Flush()
	})
}

func (d *diagnostic) read() error {
	names := json.MatchCaseInsensitiveNames(true)
	p := &d.p
	if err := json.Unmarshal(d.Properties, p, names); err != nil {
		return err
	}
	if err := json.Unmarshal(p.Status, &p.status, names); err != nil {
		return err
	}
	if err := json.Unmarshal(p.DeviceDetail, &p.device, names); err != nil {
		return err
	}
	return json.Unmarshal(p.Location, &p.place, names)
}

// pagesShape is what Graph answers, a page a line.
func pagesShape(w *bufio.Writer) func(*diagnostic) error {
	n := 0
	return func(d *diagnostic) error {
		switch {
		case d == nil:
			_, err := w.WriteString("]}\n")
			return err
		case n == 0:
			_, _ = w.WriteString(`{"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns","value":[`)
		case n%pageRows == 0:
			_, _ = w.WriteString("]}\n" + `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns","value":[`)
		default:
			_ = w.WriteByte(',')
		}
		n++
		_, err := w.Write(d.Properties)
		return err
	}
}

// table writes CSV with columns given as heading and value.
func table(w *bufio.Writer, columns []string, row func(d *diagnostic) []string) func(*diagnostic) error {
	c := csv.NewWriter(w)
	err := c.Write(columns)
	return func(d *diagnostic) error {
		if d == nil {
			c.Flush()
			return c.Error()
		}
		if err != nil {
			return err
		}
		return c.Write(row(d))
	}
}

// portalShape is the download of the portal for interactive sign-ins.
func portalShape(w *bufio.Writer) func(*diagnostic) error {
	return table(w, strings.Split("Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type,"+
		"Authentication Protocol,Unique token identifier,Original transfer method,Client credential type,Application,Application ID,Resource,Resource ID,"+
		"Resource tenant ID,Home tenant ID,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,"+
		"Managed,Join Type,Multifactor authentication result,Authentication requirement,Session ID,Autonomous system number,Token issuer type,Latency,Conditional Access", ","),
		func(d *diagnostic) []string {
			p := &d.p
			if p.UserID == "" { // the download has people only
				p.UserID, p.UserDisplayName = p.ServicePrincipalID, p.AppDisplayName
			}
			status := "Success"
			if p.status.ErrorCode != 0 {
				status = "Failure"
			}
			return []string{
				p.CreatedDateTime, p.ID, p.UserAgent, p.CorrelationID, p.UserID, p.UserDisplayName, p.UserPrincipalName, p.UserType, p.CrossTenantAccessType, p.IncomingTokenType,
				p.AuthenticationProtocol, p.UniqueTokenIdentifier, p.OriginalTransferMethod, "", p.AppDisplayName, p.AppID, p.ResourceDisplayName, p.ResourceID,
				p.ResourceTenantID, p.HomeTenantID, p.IPAddress, p.place.City + ", " + p.place.State + ", " + p.place.CountryOrRegion, status,
				strconv.FormatInt(p.status.ErrorCode, 10), p.status.FailureReason, p.ClientAppUsed, p.device.DeviceID, p.device.Browser, p.device.OperatingSystem,
				strconv.FormatBool(p.device.IsCompliant), strconv.FormatBool(p.device.IsManaged), p.device.TrustType, p.status.AdditionalDetails, p.AuthenticationRequirement,
				p.SessionID, strconv.FormatInt(p.AutonomousSystemNumber, 10), "AzureAD", "285", p.ConditionalAccessStatus,
			}
		})
}

// analyticsShape is an export of the tables of a Log Analytics workspace.
func analyticsShape(w *bufio.Writer) func(*diagnostic) error {
	return table(w, strings.Split("TenantId,TimeGenerated,ResultType,ResultDescription,Category,AppDisplayName,AppId,AuthenticationDetails,AuthenticationProcessingDetails,"+
		"AuthenticationRequirement,ConditionalAccessPolicies,ConditionalAccessStatus,CorrelationId,CreatedDateTime,DeviceDetail,IsInteractive,Id,IPAddress,LocationDetails,"+
		"MfaDetail,NetworkLocationDetails,ResourceDisplayName,ResourceIdentity,ResourceTenantId,HomeTenantId,RiskDetail,RiskLevelAggregated,RiskLevelDuringSignIn,RiskState,"+
		"Status,UniqueTokenIdentifier,UserAgent,UserDisplayName,UserId,UserPrincipalName,UserType,ClientAppUsed,AADTenantId,AutonomousSystemNumber,SessionId,ServicePrincipalId,Type", ","),
		func(d *diagnostic) []string {
			p := &d.p
			return []string{
				d.TenantID, p.CreatedDateTime, strconv.FormatInt(p.status.ErrorCode, 10), p.status.FailureReason, "SignInLogs", p.AppDisplayName, p.AppID,
				string(p.AuthenticationDetails), string(p.AuthenticationProcessingDetails), p.AuthenticationRequirement, string(p.AppliedConditionalAccessPolicies),
				p.ConditionalAccessStatus, p.CorrelationID, p.CreatedDateTime, string(p.DeviceDetail), strconv.FormatBool(p.IsInteractive), p.ID, p.IPAddress, string(p.Location),
				string(p.MFADetail), string(p.NetworkLocationDetails), p.ResourceDisplayName, p.ResourceID, p.ResourceTenantID, p.HomeTenantID, p.RiskDetail,
				p.RiskLevelAggregated, p.RiskLevelDuringSignIn, p.RiskState, string(p.Status), p.UniqueTokenIdentifier, p.UserAgent, p.UserDisplayName, p.UserID,
				p.UserPrincipalName, p.UserType, p.ClientAppUsed, d.TenantID, strconv.FormatInt(p.AutonomousSystemNumber, 10), p.SessionID, p.ServicePrincipalID, "SigninLogs",
			}
		})
}

// oktaShape writes the sign-in as Okta's System Log would write a session start.
func oktaShape(w *bufio.Writer) func(*diagnostic) error {
	text := func(s string) string {
		b, _ := jsontext.AppendQuote(nil, s) // fails for invalid UTF-8 only
		return string(b)
	}
	return func(d *diagnostic) error {
		if d == nil {
			return nil
		}
		p := &d.p
		result := `"result":"SUCCESS","reason":null`
		if p.status.ErrorCode != 0 {
			result = `"result":"FAILURE","reason":"INVALID_CREDENTIALS"`
		}
		user, name := p.UserID, p.UserPrincipalName
		if user == "" {
			user, name = p.ServicePrincipalID, p.AppDisplayName
		}
		place := fmt.Sprintf(`{"city":%s,"state":%s,"country":%s,"postalCode":"8001","geolocation":{"lat":%v,"lon":%v}}`,
			text(p.place.City), text(p.place.State), text(p.place.CountryOrRegion), p.place.GeoCoordinates.Latitude, p.place.GeoCoordinates.Longitude)
		_, err := fmt.Fprintf(w, `{"uuid":%q,"published":%q,"eventType":"user.session.start","version":"0","severity":"INFO","displayMessage":"User login to Okta",`+
			`"actor":{"id":%s,"type":"User","alternateId":%s,"displayName":%s,"detailEntry":null},"client":{"userAgent":{"rawUserAgent":%s,"os":%s,"browser":%s},"zone":"null",`+
			`"device":"Computer","id":null,"ipAddress":%q,"geographicalContext":%s},"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,`+
			`"credentialType":"PASSWORD","issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":%q},"outcome":{%s},"securityContext":{"asNumber":%d,`+
			`"asOrg":"an example network","isp":"an example network","domain":"example.net","isProxy":false},"debugContext":{"debugData":{"requestId":%q,"requestUri":"/idp/idx/identify",`+
			`"url":"/idp/idx/identify?","threatSuspected":"false","risk":"{level=LOW}","behaviors":"{New Geo-Location=NEGATIVE, New Device=NEGATIVE, New IP=NEGATIVE, New State=NEGATIVE, `+
			`New Country=NEGATIVE, Velocity=NEGATIVE, New City=NEGATIVE}","deviceFingerprint":%q}},"legacyEventType":"core.user_auth.login_success","transaction":{"type":"WEB","id":%q,"detail":{}},`+
			`"request":{"ipChain":[{"ip":%q,"geographicalContext":%s,"version":"V4","source":null}]},"target":null}`+"\n",
			p.ID, p.CreatedDateTime, text(user), text(name), text(p.UserDisplayName), text(p.UserAgent), text(p.device.OperatingSystem), text(p.device.Browser),
			p.IPAddress, place, p.SessionID, result, p.AutonomousSystemNumber, p.CorrelationID, p.device.DeviceID, p.CorrelationID, p.IPAddress, place)
		return err
	}
}
