package directory

import (
	"errors"
	"slices"
	"strings"
)

var _ = register(Kind{
	Name: "requests",
	Doc:  "requests for exceptions: entitlement management, PIM for groups, ServiceNow, Jira, or a table",
	Columns: []Column{
		{"id", "required"},
		{"created", "required (RFC 3339)"},
		{"beneficiary", "required, or requester: object id, user principal name or mail"},
		{"requester", "who asked, when it was for somebody else"},
		{"system", "where the request was made"},
		{"decided", ""},
		{"from", "exception holds from"},
		{"until", "exception holds until; empty = no expiry recorded"},
		{"group", "exclusion group, id or name"},
		{"policy", "policy id, name or free text"},
		{"app", ""},
		{"category", ""},
		{"justification", ""},
		{"decision", "approved, denied, expired, cancelled, pending"},
		{"approver", ""},
	},
	types:    []string{"accesspackageassignmentrequest", "privilegedaccessgroupassignmentschedulerequest"},
	contexts: []string{"entitlementmanagement/assignmentrequests", "entitlementmanagement/accesspackageassignmentrequests", "privilegedaccess/group/assignmentschedulerequests"},
	rank:     20,
	fits: func(r *record) string {
		switch {
		case isEntitlement(r), isPIMGroup(r):
			return ""
		case !r.has(requestIDs...):
			return "no id, Number or Issue key"
		case !r.has(requestCreated...):
			return "no created, opened_at or Created"
		case !r.has(requestBeneficiaries...) && !r.has(requestRequesters...):
			return "no beneficiary, requested_for or Reporter"
		case !r.has("justification", "policy", "decision", "shortdescription", "summary", "approval", "state", "status"):
			return "no justification, policy, decision, short_description or Summary"
		case r.has("ipaddress", "clientappused", "appid"):
			return "looks like a sign-in log"
		}
		return ""
	},
	add: addRequestRecord,
})

// The names under which systems export the same thing (reference 6). Custom
// fields keep their own name: "Custom field (Requested for)" and u_policy count
// as requested for and policy, see alias.
var (
	requestIDs           = []string{"id", "requestid", "number", "issuekey", "key", "issueid", "sysid"}
	requestCreated       = []string{"created", "createddatetime", "createdat", "openedat", "opened", "syscreatedon", "createdon", "submitted"}
	requestDecided       = []string{"decided", "decidedat", "dateapproved", "completeddatetime", "closedat", "closed", "resolved", "resolvedat", "resolutiondate"}
	requestBeneficiaries = []string{"beneficiary", "requestedfor", "onbehalfof", "affecteduser", "user", "userprincipalname", "upn"}
	requestRequesters    = []string{"requester", "requestedby", "reporter", "openedby", "creator", "caller", "callerid", "submittedby"}
	requestFrom          = []string{"from", "effectivefrom", "validfrom", "startdate", "start", "startdatetime"}
	requestUntil         = []string{"until", "effectiveto", "effectiveuntil", "validto", "validuntil", "expires", "expiry", "expirydate", "expirationdate", "enddate", "end", "enddatetime"}
	requestGroups        = []string{"group", "exclusiongroup", "grouporpackage", "groupid", "groupname", "package", "accesspackage"}
	requestPolicies      = []string{"policy", "controlorpolicy", "policyid", "policyname", "control", "controlobjective", "conditionalaccesspolicy"}
	requestApps          = []string{"app", "apporworkspace", "application", "workspace", "applicationname", "businessservice", "cmdbci", "components"}
	requestCategories    = []string{"category", "reasoncategory", "reason", "sourcetype", "issuetype", "requesttype", "catitem", "labels"}
	requestWhy           = []string{"justification", "businessjustification", "shortdescription", "summary", "description", "comments"}
	requestDecisions     = []string{"decision", "approval", "approvalstatus", "resolution", "state", "status"}
	requestApprovers     = []string{"approver", "approvedby", "approvers", "closedby", "resolvedby", "assignedto", "assignee"}
)

// alias strips what ticket systems put before the names of custom columns.
func alias(name string) string {
	for _, p := range []string{"customfield", "u"} {
		rest, ok := strings.CutPrefix(name, p)
		if ok && rest != "" && (p != "u" || isRequestName(rest)) {
			return rest
		}
	}
	return name
}

func isRequestName(n string) bool {
	for _, names := range [][]string{requestBeneficiaries, requestGroups, requestPolicies, requestApps, requestUntil, requestFrom, requestWhy} {
		if slices.Contains(names, n) {
			return true
		}
	}
	return false
}

func addRequestRecord(l *Loader, r *record) error {
	var q Request
	switch {
	case isEntitlement(r):
		q = entitlementRequest(r)
	case isPIMGroup(r):
		q = pimGroupRequest(r)
	default:
		q = ticket(r)
	}
	q.File, q.Line = l.cur.Name, r.line
	if q.Beneficiary == "" {
		q.Beneficiary, q.Requester = q.Requester, ""
	}
	switch {
	case r.err != nil:
		return r.err
	case q.System == "":
		return errOtherKind // a withdrawal, not a request
	case q.ID == "":
		return errors.New("no id")
	case q.Created == 0:
		return errors.New("no creation time")
	case q.Beneficiary == "":
		return errors.New("nobody asked: no beneficiary or requester")
	}
	l.requests = append(l.requests, q)
	return nil
}

// ticket reads a row of our own columns, of ServiceNow or of Jira.
func ticket(r *record) Request {
	a := *r
	a.keys = make([]string, len(r.keys))
	for i, k := range r.keys {
		a.keys[i] = alias(k)
	}
	q := Request{
		ID: a.text(requestIDs...), System: a.text("system"),
		Created: a.time(requestCreated...), Decided: a.time(requestDecided...),
		EffectiveFrom: a.time(requestFrom...), EffectiveTo: a.time(requestUntil...),
		Beneficiary: a.person(requestBeneficiaries...), Requester: a.person(requestRequesters...),
		Group: a.text(requestGroups...), Policy: a.text(requestPolicies...), App: a.text(requestApps...),
		Category: a.text(requestCategories...), Justification: a.text(requestWhy...),
		Decision: decision(a.text(requestDecisions...)), Approver: a.person(requestApprovers...),
	}
	switch {
	case q.System != "":
	case r.has("issuekey"):
		q.System = "jira"
	case r.has("number", "sysid"):
		q.System = "servicenow"
	default:
		q.System = "table"
	}
	r.err = a.err
	return q
}

// person is a person named as text, or as an object such as ServiceNow's
// {"display_value", "value"} and Jira's {"emailAddress", "accountId"}.
func (r *record) person(names ...string) string {
	for _, n := range names {
		if s := r.text(n); s != "" {
			return s
		}
		if o := r.sub(n); o != nil {
			if s := o.text("objectid", "principalname", "userprincipalname", "emailaddress", "email", "displayvalue", "displayname", "id", "name", "value"); s != "" {
				return s
			}
		}
	}
	return ""
}

// decisions maps the words of request systems to ours.
var decisions = map[string]string{
	"approved": "approved", "granted": "approved", "adminapproved": "approved", "provisioned": "approved", "schedulecreated": "approved",
	"delivered": "approved", "delivering": "approved", "partiallydelivered": "approved", "scheduled": "approved", "accepted": "approved",
	"denied": "denied", "admindenied": "denied", "rejected": "denied", "declined": "denied", "wontdo": "denied", "refused": "denied",
	"canceled": "cancelled", "cancelled": "cancelled", "revoked": "cancelled", "withdrawn": "cancelled", "closedcancelled": "cancelled",
	"expired": "expired", "timedout": "expired",
	"pending": "pending", "submitted": "pending", "pendingapproval": "pending", "pendingadmindecision": "pending", "requested": "pending",
	"open": "pending", "new": "pending", "notyetrequested": "pending", "inreview": "pending", "review": "pending",
	"waitingforapproval": "pending", "todo": "pending", "inprogress": "pending", "workinprogress": "pending", "unresolved": "pending", "pendingprovisioning": "pending",
}

func decision(s string) string {
	if d := decisions[norm(s)]; d != "" {
		return d
	}
	return s
}
