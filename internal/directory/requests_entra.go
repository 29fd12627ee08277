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

// entitlementRequest reads an access package request. A removal is no request
// for an exception and gives the zero Request.
func entitlementRequest(r *record) Request {
	kind := r.text("requesttype")
	if strings.HasSuffix(strings.ToLower(kind), "remove") {
		return Request{}
	}
	pkg, assignment := r.sub("accesspackage"), r.sub("assignment", "accesspackageassignment")
	if pkg == nil {
		pkg = assignment.sub("accesspackage")
	}
	q := Request{
		System: "entra-entitlement", ID: r.text("id"), Created: r.time("createddatetime"), Decided: r.time("completeddatetime", "completeddate"),
		Beneficiary: assignment.person("target"), Requester: r.person("requestor"),
		Group: pkg.text("id"), Policy: pkg.text("displayname"), Category: kind,
		Justification: cmp.Or(r.text("justification"), answers(r)),
		Decision:      decision(r.text("state", "requeststate")), Approver: approver(r),
	}
	q.EffectiveFrom, q.EffectiveTo = schedule(r, "schedule")
	if q.Beneficiary == q.Requester {
		q.Requester = ""
	}
	return q
}

// pimGroupRequest reads a request for time-bound group membership: the native
// way into a Conditional Access exclusion group for a few hours. Only asking to
// get in or to stay in counts.
func pimGroupRequest(r *record) Request {
	action := r.text("action")
	switch strings.ToLower(action) {
	case "selfactivate", "adminassign", "selfextend", "adminextend", "selfrenew", "adminrenew":
	default:
		return Request{}
	}
	if a := r.text("accessid"); a != "" && !strings.EqualFold(a, "member") {
		return Request{}
	}
	q := Request{
		System: "entra-pim-group", ID: r.text("id"), Created: r.time("createddatetime"), Decided: r.time("completeddatetime"),
		Beneficiary: r.text("principalid"), Requester: r.sub("createdby").person("user"),
		Group: r.text("groupid"), Policy: r.sub("group").text("displayname"), Category: action,
		Justification: r.text("justification"), Decision: decision(r.text("status")), Approver: approver(r),
	}
	q.EffectiveFrom, q.EffectiveTo = schedule(r, "scheduleinfo")
	if q.Requester == q.Beneficiary {
		q.Requester = ""
	}
	return q
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

// approver is the reviewer of the last stage that somebody reviewed, when the
// approval was exported with the request.
func approver(r *record) string {
	stages, ok := r.sub("approval").items("stages", "steps")
	if !ok {
		stages, _ = r.items("stages")
	}
	who := ""
	for _, s := range stages {
		if n := s.object().person("reviewedby"); n != "" {
			who = n
		}
	}
	return who
}
