package directory

import (
	"strings"

	"frisk/internal/signin"
)

// Field names: learn.microsoft.com graph/api/resources/riskyuser,
// riskyuserhistoryitem, riskdetection; azure-monitor/reference/tables/
// aadriskyusers and aaduserriskevents; diagnostic categories RiskyUsers and
// UserRiskEvents (reference 2.6).
var _ = register(Kind{
	Name: "risky-users",
	Doc:  "user risk levels over time: Graph riskyUsers and their history, riskDetections, the RiskyUsers and UserRiskEvents logs",
	Columns: []Column{
		{"userId", "required, or id (riskyUsers), or userPrincipalName"},
		{"userPrincipalName", ""},
		{"riskLevel", "required: none, low, medium, high or hidden"},
		{"riskState", "remediated, dismissed and confirmedSafe mean level none"},
		{"riskLastUpdatedDateTime", "required: since when the level holds; detectedDateTime for a single detection"},
	},
	types:    []string{"riskyuser", "riskyuserhistoryitem", "riskdetection"},
	contexts: []string{"identityprotection/riskyusers", "identityprotection/riskyusers/history", "riskyusers", "riskyusers/history", "identityprotection/riskdetections", "riskdetections"},
	rank:     20,
	fits: func(r *record) string {
		return fitsRisk(r, []string{"RiskyUsers", "UserRiskEvents"}, func() string {
			switch {
			case r.has("appid", "serviceprincipalid", "serviceprincipaltype"):
				return "has columns of a service principal"
			case !r.has(riskUserNames...):
				return "no id, userId or userPrincipalName"
			}
			return ""
		})
	},
	add: func(l *Loader, r *record) error { return addRiskRecord(l, r, riskOfUser) },
})

// Field names: graph/api/resources/riskyserviceprincipal,
// serviceprincipalriskdetection; tables aadriskyserviceprincipals and
// aadserviceprincipalriskevents.
var _ = register(Kind{
	Name: "risky-service-principals",
	Doc:  "risk levels of service principals over time: Graph riskyServicePrincipals, their history and detections, and the like-named logs",
	Columns: []Column{
		{"servicePrincipalId", "required, or id (riskyServicePrincipals): the object id"},
		{"appId", "required, or servicePrincipalType: tells that this is no user"},
		{"riskLevel", "required"},
		{"riskState", ""},
		{"riskLastUpdatedDateTime", "required: since when the level holds; detectedDateTime for a single detection"},
	},
	types: []string{"riskyserviceprincipal", "riskyserviceprincipalhistoryitem", "serviceprincipalriskdetection"},
	contexts: []string{
		"identityprotection/riskyserviceprincipals", "identityprotection/riskyserviceprincipals/history", "identityprotection/serviceprincipalriskdetections",
	},
	rank: 19,
	fits: func(r *record) string {
		return fitsRisk(r, []string{"RiskyServicePrincipals", "ServicePrincipalRiskEvents"}, func() string {
			switch {
			case !r.has("appid", "serviceprincipalid", "serviceprincipaltype"):
				return "no appId or servicePrincipalId"
			case !r.has("id", "serviceprincipalid"):
				return "no id or servicePrincipalId"
			}
			return ""
		})
	},
	add: func(l *Loader, r *record) error { return addRiskRecord(l, r, riskOfService) },
})

var _ = register(Kind{
	Name: "insider-risk",
	Doc:  "insider risk levels of people, dated where known (Microsoft Purview adaptive protection), as a table",
	Columns: []Column{
		{"userId", "required, or userPrincipalName"},
		{"userPrincipalName", ""},
		{"level", "required: none, minor, moderate or elevated"},
		{"from", "since (RFC 3339); empty = always"},
		{"until", "until, not included; empty = still"},
	},
	rank: 60,
	fits: func(r *record) string {
		switch {
		case !r.has("insiderrisklevel", "level"):
			return "no level"
		case !r.has(memberNames...):
			return "no userId or userPrincipalName"
		case r.has("operationname", "ipaddress", "correlationid"):
			return "looks like a log"
		}
		return ""
	},
	add: addInsiderRecord,
})

var (
	riskUserNames   = []string{"userid", "id", "userprincipalname", "upn"}
	detectedNames   = []string{"detecteddatetime", "activitydatetime"}
	userRiskLevels  = []string{"none", "low", "medium", "high", "hidden"}
	insiderLevels   = []string{"none", "minor", "moderate", "elevated"}
	riskClosedState = []string{"remediated", "dismissed", "confirmedsafe"}
)

// fitsRisk knows the diagnostic envelope by its category, and the record itself
// by its columns; who says why the columns name the wrong sort of identity.
func fitsRisk(r *record, categories []string, who func() string) string {
	if c := r.text("category"); c != "" && r.has("properties") {
		for _, want := range categories {
			if strings.EqualFold(c, want) {
				return ""
			}
		}
		return "category is not " + strings.Join(categories, " or ")
	}
	switch {
	case !r.has("risklevel"):
		return "no riskLevel"
	case !r.has("risklastupdateddatetime") && !r.has(detectedNames...):
		return "no riskLastUpdatedDateTime or detectedDateTime"
	case r.has("ipaddress") && !r.has(detectedNames...):
		return "looks like a sign-in log"
	}
	return who()
}

// riskRecord is one record about the risk of an identity, as a file has it.
type riskRecord struct {
	kind         riskKind
	id, upn      string
	level, state string
	at           signin.Time
	made         moment // of the export
	stream       bool   // a log of changes: what it says holds until the next record
	detection    string // id of the detection; "" when the record is about the identity
	updated      signin.Time
	history      bool // an item of the identity's history
	file         string
}
