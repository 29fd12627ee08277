package synth

import (
	"encoding/csv"
	"strconv"
	"strings"
)

func csvText(rows [][]string) []byte {
	var b strings.Builder
	b.WriteString("\ufeff") // both exports begin with a byte order mark
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil { // a strings.Builder does not fail
		panic("synth: write csv: " + err.Error())
	}
	return []byte(b.String())
}

// analyticsCSV is a Log Analytics export as CSV: structured columns are JSON
// text in a cell.
func (st *stage) analyticsCSV() []byte {
	var rows [][]string
	for _, r := range st.records() {
		cols := st.e.analytics(&r)
		var head, row []string
		for _, c := range cols {
			head, row = append(head, c.name), append(row, c.value)
		}
		if rows == nil {
			rows = append(rows, head)
		}
		rows = append(rows, row)
	}
	return csvText(rows)
}

// portalHeads are the headings of the portal's CSV download, with their odd
// spaces and the one that comes twice (reference 2.8).
var portalHeads = []string{
	"Date (UTC)", "Request ID", "User agent", "Correlation ID", "User ID", "User", "Username", "User type", "Cross tenant access type",
	"Incoming token type", "Authentication Protocol", "Unique token identifier", "Original transfer method", "Client credential type",
	"Token Protection - Sign In Session", "Token Protection - Sign In Session StatusCode", "Application", "Application ID ", "App owner tenant ID",
	"Resource", "Resource ID ", "Resource tenant ID", "Resource owner tenant ID", "Home tenant ID", "Home tenant name", "IP address", "Location",
	"Status", "Sign-in error code", "Failure reason", "Client app", "Device ID", "Browser", "Operating System", "Compliant", "Managed", "Join Type",
	"Multifactor authentication result", "Multifactor authentication auth method", "Multifactor authentication auth detail",
	"Authentication requirement", "Sign-in identifier", "Session ID", "IP address (seen by resource)", "Through Global Secure Access",
	"Global Secure Access IP address", "Autonomous system  number", "Flagged for review", "Token issuer type", "Incoming token type",
	"Token issuer name", "Latency", "Conditional Access", "Managed Identity type", "Associated Resource Id", "Federated Token Id", "Federated Token Issuer",
}

// portalCSV is the portal's download: one line a row, no policies.
func (st *stage) portalCSV() []byte {
	rows := [][]string{portalHeads}
	for _, r := range st.records() {
		id, res, dev, pl := identityOf(st.t, &r), &targets[r.resource], deviceOf(st.t, &r), r.where.place()
		status, code, reason := "Success", "", "Other."
		if c := textOf(r.code); r.code != 0 {
			status, code, reason = "Failure", strconv.Itoa(int(r.code)), c.reason
			if c.interrupted {
				status = "Interrupted"
			}
		}
		result, method := "", ""
		for _, s := range r.steps {
			if t := &stepTexts[s]; t.requirement == "Multifactor authentication" {
				result = t.result
				if s.entry() {
					method = t.method
				}
			}
		}
		requirement := "Single-factor authentication"
		if r.mfa {
			requirement = "Multifactor authentication"
		}
		token := []string{"None", "Primary refresh token", "Refresh token"}[r.token]
		session := ""
		if r.session != noGUID {
			session = r.session.String()
		}
		rows = append(rows, []string{
			r.Time.Time().Format("2006-01-02T15:04:05Z"), r.ID.String(), userAgents[r.ua].text, r.corr.String(), id.userID, id.display, id.upn,
			title(id.userType), id.crossTenant, token, "None", uti(r.ID), "None", "None", "None", "", id.app.name, id.app.id, id.app.owner,
			res.name, res.id, tenantID, microsoftID, id.homeTenant, "", r.where.ip.String(), pl.city + ", " + pl.state + ", " + pl.country,
			status, code, reason, clientNames[r.client], dev.id, dev.browser, dev.os, yes(dev.compliant), yes(dev.managed), dev.trust,
			result, method, "", requirement, id.upn, session, "", "No", "", strconv.Itoa(int(r.where.network().asn)), "No", "Azure AD", token,
			"", strconv.Itoa(90 + int(r.ID[3])), portalStatus[r.status], "None", "", "", "",
		})
	}
	return csvText(rows)
}

func yes(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

var portalStatus = map[result]string{notApplied: "Not Applied", success: "Success", failure: "Failure"}
