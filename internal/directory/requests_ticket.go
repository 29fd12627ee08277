package directory

import (
	"slices"
	"strings"
)

// The names under which systems export the same thing (reference,
// conditional-access 6), the surest first. Custom fields keep their own name:
// "Custom field (Requested for)" and u_policy count as requested for and policy,
// see alias. ServiceNow's dot-walked columns lose the dot.
var (
	requestIDs           = []string{"requestid", "number", "issuekey", "key", "issueid", "sysid", "id"}
	requestCreated       = []string{"created", "createddatetime", "createdat", "openedat", "opened", "syscreatedon", "createdon", "submitted"}
	requestDecided       = []string{"decided", "decidedat", "dateapproved", "approvedon", "approvalset", "completeddatetime", "closedat", "closed", "resolved", "resolvedat", "resolutiondate"}
	requestBeneficiaries = []string{"beneficiary", "requestedforuserprincipalname", "requestedforemail", "requestedforusername", "requestrequestedforemail", "requestedfor", "requestrequestedfor", "onbehalfof", "affecteduser", "user", "userprincipalname", "upn"}
	requestRequesters    = []string{"requester", "requesteremail", "requestedbyemail", "requestedby", "openedbyemail", "reporter", "openedby", "creator", "caller", "calleridemail", "callerid", "submittedby", "syscreatedby"}
	requestFrom          = []string{"from", "effectivefrom", "validfrom", "startdate", "start", "startdatetime"}
	requestUntil         = []string{"until", "effectiveto", "effectiveuntil", "validto", "validuntil", "expires", "expiry", "expirydate", "expirationdate", "enddate", "end", "enddatetime"}
	requestGroups        = []string{"group", "exclusiongroup", "grouporpackage", "groupid", "groupname", "package", "accesspackage"}
	requestPolicies      = []string{"policy", "controlorpolicy", "policyid", "policyname", "policystatement", "control", "controlobjective", "conditionalaccesspolicy"}
	requestApps          = []string{"app", "apporworkspace", "application", "workspace", "applicationname", "targetrecord", "businessservice", "cmdbci", "components"}
	requestCategories    = []string{"category", "reasoncategory", "reason", "sourcetype", "issuetype", "requesttype", "catitem", "labels"}
	requestWhy           = []string{"justification", "businessjustification"}
	requestHeads         = []string{"shortdescription", "summary"}
	requestBodies        = []string{"description", "comments"}
	requestDecisions     = []string{"decision", "approval", "approvalstatus", "resolution", "state", "status"}
	requestApprovers     = []string{"approver", "approvedby", "approveremail", "approvers", "closedby", "resolvedby", "assignedto", "assignee"}
	requestRisks         = []string{"riskrating", "risk", "residualrisk", "inherentrisk"}
	// requestOthers say something that has no place of its own in a Request.
	requestOthers = []string{"system", "record", "self", "expand", "sysclassname", "sysupdatedon", "updated", "sysdomain", "project", "projectkey", "projectname"}
)

// requestNames are all of them, to tell columns that say nothing known.
var requestNames = slices.Concat(requestIDs, requestCreated, requestDecided, requestBeneficiaries, requestRequesters, requestFrom, requestUntil,
	requestGroups, requestPolicies, requestApps, requestCategories, requestWhy, requestHeads, requestBodies, requestDecisions, requestApprovers, requestRisks, requestOthers)

// alias strips what ticket systems put before the names of custom columns.
func alias(name string) string {
	for _, p := range []string{"customfield", "u"} {
		rest, ok := strings.CutPrefix(name, p)
		if ok && rest != "" && (p != "u" || slices.Contains(requestNames, rest)) {
			return rest
		}
	}
	return name
}

// ticket reads a row of our own columns, of ServiceNow or of Jira. Objects are
// taken as their text; ServiceNow's {"display_value", "value"} as what people
// see, but for times, whose value is UTC and whose display is the exporter's.
func (l *Loader) ticket(r *record) Request {
	shown, exact := flatten(r)
	q := Request{
		ID: shown.text(requestIDs...), System: shown.text("system"),
		Created: exact.time(requestCreated...), Decided: exact.time(requestDecided...),
		EffectiveFrom: exact.time(requestFrom...), EffectiveTo: exact.time(requestUntil...),
		Beneficiary: shown.text(requestBeneficiaries...), Requester: shown.text(requestRequesters...),
		Group: shown.text(requestGroups...), Policy: shown.text(requestPolicies...), App: shown.text(requestApps...),
		Category: shown.text(requestCategories...), Justification: why(shown),
		Approver: shown.text(requestApprovers...), Risk: shown.text(requestRisks...),
	}
	switch {
	case q.System != "":
	case shown.has("issuekey"):
		q.System = "jira"
	case shown.has("number", "sysid"):
		q.System = "servicenow"
	default:
		q.System = "table"
	}
	q.Decision = decided(shown)
	unread := l.requestTally(l.cur.Name).unread
	for i, k := range shown.keys {
		if i < len(shown.vals) && !shown.vals[i].empty() && !slices.Contains(requestNames, k) {
			unread[k] = true
		}
	}
	r.err = exact.err
	return q
}

// why is the reason given: the justification, else title and description.
func why(r *record) string {
	if s := r.text(requestWhy...); s != "" {
		return s
	}
	return both(r.text(requestHeads...), r.text(requestBodies...))
}

// decided is the first of the decision columns that says how it ended: an
// approval that nobody asked for says less than the state.
func decided(r *record) string {
	first := ""
	for _, n := range requestDecisions {
		s := r.text(n)
		d := decision(s)
		switch {
		case s == "":
		case d != pendingWord && decisionKnown(s):
			return d
		case first == "":
			first = d
		}
	}
	return first
}

// flatten gives a record whose values are texts, twice: as people see them, and
// with the stored value of ServiceNow's pairs.
func flatten(r *record) (shown, exact *record) {
	mk := func() *record {
		return &record{file: r.file, line: r.line, path: r.path, keys: make([]string, len(r.keys)), vals: make([]value, len(r.keys))}
	}
	shown, exact = mk(), mk()
	for i, k := range r.keys {
		k = alias(k)
		shown.keys[i], exact.keys[i] = k, k
		if i >= len(r.vals) {
			continue
		}
		shown.vals[i].text, exact.vals[i].text = textsOf(r.vals[i], 0)
	}
	return shown, exact
}

// deepest bounds how far a value's inside is looked at.
const deepest = 12

// textsOf is a value as people see it and as it is stored.
func textsOf(v value, depth int) (shown, exact string) {
	raw := v.structure()
	if k := raw.Kind(); raw == nil || k != '{' && k != '[' || depth > deepest {
		s := v.String()
		return s, s
	}
	if raw.Kind() == '[' {
		items, _ := (&record{keys: []string{"v"}, vals: []value{{raw: raw}}}).items("v")
		var parts []string
		for _, e := range items {
			if s, _ := textsOf(e, depth+1); s != "" {
				parts = append(parts, s)
			}
		}
		s := strings.Join(parts, ", ")
		return s, s
	}
	o := v.object()
	switch {
	case o == nil:
		return "", ""
	case o.has("displayvalue"):
		exact = o.text("value")
		if shown = o.text("displayvalue"); shown == "" {
			shown = exact
		}
		return shown, exact
	case strings.EqualFold(o.text("type"), "doc") && o.has("content"):
		s := documentText(o, depth)
		return s, s
	case o.has("iso8601"):
		s := o.text("iso8601")
		return s, s
	}
	s := personOf(o)
	if n := o.text("name", "displayname", "value"); n != "" && !o.has("objectid", "userprincipalname", "principalname", "emailaddress", "email") {
		s = n
	}
	return s, s
}

// documentText is the text of a rich text document (Atlassian document format).
func documentText(o *record, depth int) string {
	if depth > deepest {
		return ""
	}
	s := o.text("text")
	items, _ := o.items("content")
	for _, e := range items {
		if in := e.object(); in != nil {
			if t := documentText(in, depth+1); t != "" {
				if s != "" && !strings.HasSuffix(s, " ") {
					s += " "
				}
				s += t
			}
		}
	}
	return strings.TrimSpace(s)
}
