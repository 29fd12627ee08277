package directory

import (
	"errors"
	"fmt"
	"strings"
)

var _ = register(Kind{
	Name: "requests",
	Doc:  "requests for exceptions: entitlement management, PIM for groups and roles, admin consent, access reviews, ServiceNow, Jira, or a table",
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
		{"app", "application or workspace"},
		{"category", "kind of reason"},
		{"justification", ""},
		{"decision", "approved, denied, expired, cancelled, pending"},
		{"approver", ""},
		{"risk", "risk rating"},
	},
	types: []string{
		"accesspackageassignmentrequest", "privilegedaccessgroupassignmentschedulerequest", "unifiedroleassignmentschedulerequest",
		"appconsentrequest", "userconsentrequest", "accessreviewinstancedecisionitem",
	},
	contexts: []string{
		"entitlementmanagement/assignmentrequests", "entitlementmanagement/accesspackageassignmentrequests", "privilegedaccess/group/assignmentschedulerequests",
		"rolemanagement/directory/roleassignmentschedulerequests", "appconsent/appconsentrequests", "appconsent/appconsentrequests/userconsentrequests",
		"accessreviews/definitions/instances/decisions",
	},
	rank:      20,
	otherwise: "; a mapping file can say which column is what (docs/exceptions.md)",
	fits: func(r *record) string {
		for i := range requestSystems {
			if requestSystems[i].fits(r) {
				return ""
			}
		}
		switch {
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

// requestSystem is a system whose records have a shape of their own. Everything
// else is a ticket: a flat row, see ticket.
type requestSystem struct {
	name string
	fits func(*record) bool
	// read gives the requests of a record, or why there is none.
	read func(*record) (qs []Request, left string)
}

// requestSystems in the order they are tried.
var requestSystems = []requestSystem{
	{"entra-entitlement", isEntitlement, entitlementRequest},
	{"entra-pim-group", isPIMGroup, pimGroupRequest},
	{"entra-pim-role", isPIMRole, pimRoleRequest},
	{"entra-consent", isConsent, consentRequests},
	{"entra-access-review", isReview, reviewDecision},
}

func addRequestRecord(l *Loader, r *record) error {
	var qs []Request
	left := ""
	found := false
	for i := range requestSystems {
		if s := &requestSystems[i]; s.fits(r) {
			qs, left = s.read(r)
			for k := range qs {
				qs[k].System = s.name
			}
			found = true
			break
		}
	}
	if !found {
		qs = []Request{l.ticket(r)}
	}
	return l.takeRequests(qs, left, r)
}

// takeRequests keeps what a record gave and counts it, or why it gave nothing.
func (l *Loader) takeRequests(qs []Request, left string, r *record) error {
	err := r.err
	for i := 0; err == nil && i < len(qs); i++ {
		q := &qs[i]
		q.File, q.Line = l.cur.Name, r.line
		if q.Beneficiary == "" {
			q.Beneficiary, q.Requester = q.Requester, ""
		}
		if q.Requester == q.Beneficiary {
			q.Requester = ""
		}
		err = q.check()
	}
	switch {
	case err != nil:
		l.leave(leftBad)
		return err
	case left != "":
		l.leave(left)
		return fmt.Errorf("%w: %s", errOtherKind, left)
	}
	t := l.requestTally(l.cur.Name)
	t.rows++
	t.used++
	for i := range qs {
		t.systems[qs[i].System] = true
	}
	l.requests = append(l.requests, qs...)
	return nil
}

// check says what a request lacks.
func (q *Request) check() error {
	switch {
	case q.ID == "":
		return hinted{errors.New("no id"), "want a column id, Number or Issue key, or a mapping file that names it"}
	case q.Created == 0:
		return hinted{errors.New("no creation time"), "want a column created, opened_at, sys_created_on or Created, or a mapping file that names it"}
	case q.Beneficiary == "":
		return hinted{errors.New("nobody asked: no beneficiary or requester"), "want a column beneficiary, requested_for, requester or Reporter, or a mapping file that names it"}
	case q.EffectiveTo != 0 && q.EffectiveFrom != 0 && q.EffectiveTo < q.EffectiveFrom:
		return hinted{fmt.Errorf("ends at %s, before its start %s", q.EffectiveTo, q.EffectiveFrom), "check which columns hold the beginning and the end; a mapping file can name them"}
	}
	return nil
}

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// hintOf is the hint an error carries, "" for none.
func hintOf(err error) string {
	if h, ok := errors.AsType[hinted](err); ok {
		return h.hint
	}
	return ""
}

// person is a person named as text, or as an object such as ServiceNow's
// {"display_value", "value"} and Jira's {"emailAddress", "accountId"}.
func (r *record) person(names ...string) string {
	for _, n := range names {
		if s := r.text(n); s != "" {
			return s
		}
		if o := r.sub(n); o != nil {
			if s := personOf(o); s != "" {
				return s
			}
		}
	}
	return ""
}

// personOf is the name of a person in an object, the surest first.
func personOf(o *record) string {
	return o.text("objectid", "userprincipalname", "principalname", "emailaddress", "email", "id", "displayvalue", "displayname", "name", "value")
}

// both joins texts that say something.
func both(a, b string) string {
	if a == "" || b == "" || strings.Contains(a, b) {
		return a + map[bool]string{true: b}[a == ""]
	}
	return a + "; " + b
}
