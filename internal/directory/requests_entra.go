package directory

import (
	"cmp"
	"strings"

	"frisk/internal/signin"
)

// Requests made in Entra itself. Field names: reference 6, from the Graph
// schema (accessPackageAssignmentRequest, privilegedAccessGroupAssignmentScheduleRequest).

func isEntitlement(r *record) bool { return r.has("requesttype") && r.has("requestor") }

func isPIMGroup(r *record) bool {
	return r.has("groupid") && r.has("action") && r.has("principalid") && !r.has("assignmenttype")
}

func isPIMRole(r *record) bool {
	return r.has("roledefinitionid") && r.has("action") && r.has("principalid") && !r.has("assignmenttype")
}

// entitlementRequest reads an access package request. A removal is no request
// for an exception.
func entitlementRequest(r *record) ([]Request, string) {
	kind := r.text("requesttype")
	if strings.HasSuffix(strings.ToLower(kind), "remove") {
		return nil, leftWithdrawal
	}
	pkg, assignment := r.sub("accesspackage"), r.sub("assignment", "accesspackageassignment")
	if pkg == nil {
		pkg = assignment.sub("accesspackage")
	}
	q := Request{
		ID: r.text("id"), Created: r.time("createddatetime"), Decided: r.time("completeddatetime", "completeddate"),
		Beneficiary: assignment.person("target"), Requester: r.person("requestor"),
		Group: pkg.text("id"), Policy: pkg.text("displayname"), Category: kind,
		Justification: cmp.Or(r.text("justification"), answers(r)),
		Decision:      decision(r.text("state", "requeststate")),
	}
	q.EffectiveFrom, q.EffectiveTo = schedule(r, "schedule")
	q.review(r)
	return []Request{q}, ""
}

// pimGroupRequest reads a request for time-bound group membership: the native
// way into a Conditional Access exclusion group for a few hours.
func pimGroupRequest(r *record) ([]Request, string) {
	if a := r.text("accessid"); a != "" && !strings.EqualFold(a, "member") {
		return nil, leftWithdrawal
	}
	return pimRequest(r, r.text("groupid"), r.sub("group").text("displayname"))
}

// pimRoleRequest reads a request for a directory role: an exception only where a
// policy leaves the role out.
func pimRoleRequest(r *record) ([]Request, string) {
	return pimRequest(r, r.text("roledefinitionid"), r.sub("roledefinition").text("displayname"))
}

// pimRequest reads what both have in common. Only asking to get in or to stay in
// counts.
func pimRequest(r *record, target, name string) ([]Request, string) {
	action := r.text("action")
	switch strings.ToLower(action) {
	case "selfactivate", "adminassign", "selfextend", "adminextend", "selfrenew", "adminrenew":
	default:
		return nil, leftWithdrawal
	}
	if r.truth("isvalidationonly") == signin.True {
		return nil, leftWithdrawal
	}
	q := Request{
		ID: r.text("id"), Created: r.time("createddatetime"), Decided: r.time("completeddatetime"),
		Beneficiary: r.text("principalid"), Requester: r.sub("createdby").person("user"),
		Group: target, Policy: name, Category: action,
		Justification: both(r.text("justification"), r.sub("ticketinfo").text("ticketnumber")), Decision: decision(r.text("status")),
	}
	q.EffectiveFrom, q.EffectiveTo = schedule(r, "scheduleinfo")
	q.review(r)
	return []Request{q}, ""
}

// review fills who approved, and, where the request does not say when it was
// decided, when they did.
func (q *Request) review(r *record) {
	var at signin.Time
	q.Approver, at = approver(r)
	q.Decided = cmp.Or(q.Decided, at)
}

// schedule reads a Graph requestSchedule or entitlementManagementSchedule.
func schedule(r *record, name string) (from, until signin.Time) {
	s := r.sub(name)
	if s == nil {
		return 0, 0
	}
	from = s.time("startdatetime")
	x := s.sub("expiration")
	if x == nil {
		x = s
	}
	until = x.time("enddatetime")
	if d, ok := parseDuration(x.text("duration")); ok && until == 0 && d > 0 {
		if start := cmp.Or(from, r.time("createddatetime")); start != 0 {
			until = start + d
		}
	}
	r.err = cmp.Or(r.err, s.err, x.err)
	return from, until
}

// answers joins what the requester wrote into the package's questions.
func answers(r *record) string {
	vs, _ := r.items("answers")
	var out []string
	for _, v := range vs {
		if s := v.object().text("displayvalue", "value"); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "; ")
}

// approver is the reviewer of the last stage that somebody reviewed and when,
// where the approval was exported with the request.
func approver(r *record) (who string, at signin.Time) {
	a := r.sub("approval")
	stages, ok := a.items("stages", "steps")
	if !ok {
		stages, _ = r.items("stages")
	}
	for _, s := range stages {
		o := s.object()
		if n := o.person("reviewedby"); n != "" {
			who, at = n, o.time("revieweddatetime")
		}
		if o != nil {
			r.err = cmp.Or(r.err, o.err)
		}
	}
	return who, at
}

// verdict is how the stages of an approval ended: approved or denied, "" when
// nobody reviewed.
func verdict(r *record) string {
	stages, ok := r.sub("approval").items("stages", "steps")
	if !ok {
		stages, _ = r.items("stages")
	}
	out := ""
	for _, s := range stages {
		switch d := decision(s.object().text("reviewresult")); d {
		case "denied":
			return d
		case "approved":
			out = d
		}
	}
	return out
}
