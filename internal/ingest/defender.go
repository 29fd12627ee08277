package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"frisk/internal/signin"
)

// The tables of Defender XDR advanced hunting that hold sign-ins; their columns
// are those of learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables
// (AADSignInEventsBeta and its successor EntraIdSignInEvents, the two tables of
// service principals, and IdentityLogonEvents).

// defenderFields are the columns that mean what a field of the Entra log means.
var defenderFields = newKeyTable([]fieldName{
	{"Timestamp", fCreated},
	{"TimeGenerated", fGenerated},
	{"RequestId", fID},
	{"CorrelationId", fCorrelation},
	{"SessionId", fSession},
	{"UniqueTokenId", fToken},
	{"Application", fAppName},
	{"ApplicationId", fAppID},
	{"ResourceDisplayName", fResourceName},
	{"ResourceId", fResourceID},
	{"ResourceTenantId", fResourceTenant},
	{"AccountDisplayName", fUserDisplay},
	{"AccountObjectId", fUserID},
	{"AccountUpn", fUserName},
	{"ServicePrincipalId", fSPID},
	{"ServicePrincipalName", fSPName},
	{"ErrorCode", fErrorCode},
	{"LogonType", fEventTypes},
	{"AadDeviceId", fDeviceID},
	{"EntraIdDeviceId", fDeviceID},
	{"OSPlatform", fDeviceOS},
	{"Browser", fDeviceBrowser},
	{"DeviceTrustType", fDeviceTrust},
	{"IsManaged", fDeviceManaged},
	{"IsCompliant", fDeviceCompliant},
	{"AuthenticationRequirement", fRequirement},
	{"ClientAppUsed", fClient},
	{"UserAgent", fUserAgent},
	{"IPAddress", fIP},
	{"Country", fCountry},
	{"ConditionalAccessPolicies", fPolicies},
	{"ConditionalAccessStatus", fCAStatus},
	{"NetworkLocationDetails", fNetworks},
	{"RiskLevelAggregated", fRiskAggregate},
	{"RiskLevelDuringSignIn", fRiskLevel},
	{"RiskState", fRiskState},
	{"RiskEventTypes", fRiskEvents},
})

// defenderEnums are the numbers these tables write for words of the Entra log.
// A number that is not listed stays as it is.
var defenderEnums = map[field]map[string]string{
	fCAStatus:      {"0": "success", "1": "failure", "2": "notApplied"},
	fRiskAggregate: {"0": "", "1": "none", "10": "low", "50": "medium", "100": "high"},
	fRiskLevel:     {"0": "", "1": "none", "10": "low", "50": "medium", "100": "high"},
	fRiskState:     {"0": "none", "1": "confirmedSafe", "2": "remediated", "3": "dismissed", "4": "atRisk", "5": "confirmedCompromised"},
}

// defenderTables are the tables read, in lower case as streaming writes them
// behind "AdvancedHunting-".
var defenderTables = []string{"aadsignineventsbeta", "entraidsigninevents", "aadspnsignineventsbeta", "entraidspnsigninevents", "identitylogonevents"}

const defenderPrefix = "AdvancedHunting-"

// defenderKind tells by its columns whether a row is one of these tables'.
func defenderKind(has func(...string) bool) error {
	switch {
	case has("ErrorCode", "AccountObjectId", "RequestId"), has("ErrorCode", "ServicePrincipalId", "RequestId"),
		has("ErrorCode", "AccountUpn", "ReportId"), has("LogonType", "ActionType", "ReportId"):
		return nil
	}
	return errors.New("no columns of AADSignInEventsBeta, EntraIdSignInEvents or IdentityLogonEvents (ErrorCode, AccountObjectId and RequestId; or ActionType, LogonType and ReportId)")
}

// notDevice refuses the table of logons on devices, which has the columns of
// IdentityLogonEvents and more.
func notDevice(has func(...string) bool) error {
	if has("DeviceId", "InitiatingProcessFileName") {
		return errors.New("columns of a device table (DeviceLogonEvents)")
	}
	return nil
}

var _ = register(Format{
	Name:     "defender-hunting",
	Doc:      "Defender XDR advanced hunting as JSON: sign-in tables and IdentityLogonEvents, API results, streaming",
	Provider: "entra",
	Page:     "defender.md",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if s.props {
			if s.anyTree(func(v val) bool { return defenderTable(v.at("category").text()) }) {
				return nil
			}
			return errors.New("no record of a category AdvancedHunting-…SignInEvents or AdvancedHunting-IdentityLogonEvents")
		}
		if err := notDevice(s.has); err != nil {
			return err
		}
		return defenderKind(s.has)
	},
	open: entraDocs(defenderRow),
})

var _ = register(Format{
	Name:     "defender-hunting-csv",
	Doc:      "Defender XDR advanced hunting as the portal's CSV export: sign-in tables and IdentityLogonEvents",
	Provider: "entra",
	Page:     "defender.md",
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		names, err := defenderHeader(s.header)
		if err != nil {
			return err
		}
		has := func(keys ...string) bool {
			return !slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(names, k) })
		}
		if err := notDevice(has); err != nil {
			return err
		}
		return defenderKind(has)
	},
	cut:  cutTable,
	open: entraTables(func(f *file) ([]string, error) { return defenderHeader(f.header) }, defenderRow),
})

func defenderHeader(header []string) ([]string, error) {
	names := make([]string, len(header))
	for i, h := range header {
		names[i], _ = columnName(h)
	}
	return names, missing(header, func(n string) bool { return slices.Contains(names, n) }, []string{"Timestamp", "TimeGenerated"})
}

// defenderTable reports a streaming category of one of the tables.
func defenderTable(category string) bool {
	return hasPrefixFold(category, defenderPrefix) && slices.Contains(defenderTables, strings.ToLower(category[len(defenderPrefix):]))
}

// defenderRow reads one row, bare or in the envelope of streaming.
func defenderRow(r *docRow, e *entraRow, v val) (other string, err error) {
	if category := v.at("category"); category.kind() != 0 {
		if !defenderTable(category.text()) {
			return category.said(), nil
		}
		if tenant := v.at("tenantId").said(); tenant != "" {
			e.text(fEnvelopeTenant, tenant)
		}
		body := v.at("properties").within(&r.sc.cell)
		if body.kind() != '{' {
			return "", errors.New("no properties: want the columns of the row")
		}
		v = body
	}
	if v.at("ActionType").kind() != 0 {
		return r.identityLogon(v, e.ev)
	}
	if v.at("ErrorCode").said() == "" && v.at("RequestId").said() == "" {
		return "", errors.New("neither ErrorCode nor RequestId: not a row of a sign-in table")
	}
	if err := defenderColumns(r, e, v); err != nil {
		return "", err
	}
	defenderWho(e, v)
	coordinates(&e.ev.Geo, v.at("Latitude").said(), v.at("Longitude").said(), r.t)
	e.ev.Geo.City, e.ev.Geo.Region = v.at("City").said(), v.at("State").said()
	e.ev.Device.Name = v.at("DeviceName").said()
	e.ev.Detail = v.at("EndpointCall").said()
	if other, err = e.finish(); err != nil || other != "" {
		return other, err
	}
	if e.ev.Principal.ID == "" && e.ev.Principal.Name == "" {
		return nobody("sign-in"), nil
	}
	return "", nil
}

// defenderColumns hands over the columns that Entra's log has too. An empty
// text is how these tables write that a column has no value.
func defenderColumns(r *docRow, e *entraRow, v val) error {
	for name, x := range v.members() {
		f := defenderFields.find(name)
		if f == fNone {
			continue
		}
		text := x.said()
		if f.structured() {
			if err := defenderList(r, e, f, x); err != nil {
				return fmt.Errorf("column %q: %w", name, err)
			}
			continue
		}
		if word, ok := defenderEnums[f][text]; ok {
			text = word
		}
		switch {
		case text == "":
		case f == fCreated:
			t, err := r.defenderTime(text)
			if err != nil {
				return err
			}
			e.text(f, t)
		default:
			e.text(f, text)
		}
	}
	if e.ev.ID == "" {
		e.text(fID, v.at("ReportId").said())
	}
	return nil
}

// defenderList hands over a column that holds JSON, as text everywhere but in
// streaming, where it may be the value itself.
func defenderList(r *docRow, e *entraRow, f field, x val) error {
	if x.kind() == '"' {
		return e.cell(f, x.text())
	}
	if f == fEventTypes {
		e.eventType = x.elem(0).said()
	}
	return nil
}

// defenderTime gives the time in RFC 3339: the portal's CSV writes
// "Feb 20, 2026 10:11:12 AM" in the zone its user chose.
func (k *kit) defenderTime(text string) (string, error) {
	if text[0] >= '0' && text[0] <= '9' {
		return text, nil
	}
	// Browsers since 2023 write a narrow space before AM.
	t, err := time.Parse("Jan 2, 2006 3:04:05 PM", strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(text))
	if err != nil {
		return "", fmt.Errorf("time %q is neither RFC 3339 nor like \"Feb 20, 2026 10:11:12 AM\"", clip([]byte(text), 40))
	}
	return k.local(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0).String(), nil
}

func defenderWho(e *entraRow, v val) {
	if v.at("ServicePrincipalId").kind() != 0 && v.at("AccountObjectId").kind() == 0 {
		e.eventType = "servicePrincipal"
		if v.at("IsManagedIdentity").truth() == signin.True {
			e.eventType = "managedIdentity"
		}
		return
	}
	switch {
	case v.at("IsGuestUser").truth() == signin.True, v.at("IsExternalUser").text() == "1":
		e.text(fUserType, "guest")
	case v.at("IsGuestUser").truth() == signin.False:
		e.text(fUserType, "member")
	}
}
