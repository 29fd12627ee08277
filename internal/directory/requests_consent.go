package directory

import "cmp"

// Admin consent and access reviews. Field names: Graph appConsentRequest,
// userConsentRequest, accessReviewInstanceDecisionItem (reference,
// conditional-access 6).

func isConsent(r *record) bool {
	return r.has("appid") && r.has("pendingscopes", "userconsentrequests") ||
		r.has("reason") && r.has("createdby") && r.has("createddatetime") && r.has("status") && r.has("approval", "approvalid")
}

// consentRequests reads what people asked to use an application for. An
// appConsentRequest is of the application; the people are in its
// userConsentRequests, if the export expanded them.
func consentRequests(r *record) ([]Request, string) {
	app := cmp.Or(r.text("appdisplayname"), r.text("appid"))
	own := r
	rs, ok := r.items("userconsentrequests")
	if !ok {
		if r.sub("createdby") == nil {
			return nil, leftNobody
		}
		q := consent(own, app)
		return []Request{q}, ""
	}
	var out []Request
	for _, v := range rs {
		if o := v.object(); o != nil {
			out = append(out, consent(o, app))
			r.err = cmp.Or(r.err, o.err)
		}
	}
	if len(out) == 0 {
		return nil, leftNobody
	}
	return out, ""
}

func consent(r *record, app string) Request {
	q := Request{
		ID: r.text("id"), Created: r.time("createddatetime"), Decided: r.time("completeddatetime"),
		Beneficiary: r.sub("createdby").person("user"), App: app, Category: "admin consent", Justification: r.text("reason"),
	}
	q.review(r)
	// Completed says that it ended; how is in the approval.
	q.Decision = cmp.Or(verdict(r), map[bool]string{true: pendingWord, false: "closed"}[decision(r.text("status")) == pendingWord])
	if s := norm(r.text("status")); s == "expired" && verdict(r) == "" {
		q.Decision = "expired"
	}
	if q.App == "" {
		q.App = "an application"
	}
	return q
}

func isReview(r *record) bool {
	return r.has("decision") && r.has("principal") && r.has("accessreviewid", "recommendation", "revieweddatetime")
}

// reviewDecision reads what a reviewer said of one member of a group or package.
func reviewDecision(r *record) ([]Request, string) {
	d := norm(r.text("decision"))
	if d != "approve" && d != "deny" {
		return nil, leftUnreviewed
	}
	at := r.time("revieweddatetime", "applieddatetime")
	res := r.sub("resource")
	q := Request{
		ID: r.text("id"), Created: at, Decided: at, Beneficiary: r.person("principal"), Group: res.text("id"), Policy: res.text("displayname"),
		Category: "access review", Justification: r.text("justification"), Decision: decision(d), Approver: r.person("reviewedby"), Review: true,
	}
	return []Request{q}, ""
}
