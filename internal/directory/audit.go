package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Field names: learn.microsoft.com graph/api/resources/directoryaudit,
// targetresource, modifiedproperty; azure-monitor/reference/tables/auditlogs;
// the diagnostic category AuditLogs (reference 2.6). Names of activities:
// MicrosoftDocs/entra-docs identity/monitoring-health/reference-audit-activities.
var _ = register(Kind{
	Name: "audit-log",
	Doc:  "directory audit log: when people joined and left groups and roles, and edits of policies and named locations; other activities are passed over",
	Columns: []Column{
		{"ActivityDateTime", "required, or TimeGenerated; Date (UTC) in the portal's download"},
		{"OperationName", "required; Activity in the portal's download"},
		{"TargetResources", "required, as JSON; Target1ObjectId and so on in the portal's download"},
		{"InitiatedBy", "as JSON"},
		{"Result", "only success counts"},
		{"Id", "so that a record exported twice counts once"},
	},
	types:    []string{"directoryaudit"},
	contexts: []string{"auditlogs/directoryaudits"},
	rank:     15,
	fits: func(r *record) string {
		if strings.EqualFold(r.text("category"), "AuditLogs") && r.has("properties") {
			return ""
		}
		switch {
		case !r.has(auditNames...):
			return "no OperationName"
		case !r.has(auditTimes...):
			return "no ActivityDateTime or TimeGenerated"
		case !r.has("targetresources", "target1objectid"):
			return "no TargetResources"
		}
		return ""
	},
	add: addAuditRecord,
})

var (
	auditNames = []string{"activitydisplayname", "operationname", "activity"}
	auditTimes = []string{"activitydatetime", "timegenerated", "dateutc", "date", "time"}
)

// audit is one record of the directory audit log, whatever its shape.
type audit struct {
	at       signin.Time
	id       string
	activity string // lower case
	pim      bool
	category string
	by       string
	targets  []auditTarget
	details  []property // additionalDetails, key and value
}

// auditTarget is a resource that the activity touched.
type auditTarget struct {
	id, name, kind string
	upn            string
	props          []property
}

// property is one changed property; values as the log has them: JSON text
// inside a string, often quoted once more.
type property struct{ name, old, new string }

func addAuditRecord(l *Loader, r *record) error {
	inner := auditRecord(r)
	activity := strings.ToLower(cmp.Or(inner.text(auditNames...), r.text(auditNames...)))
	handle := auditActivities[activity]
	if handle == nil {
		return fmt.Errorf("%w: activity %q", errOtherKind, activity)
	}
	a := readAudit(r, inner)
	a.activity = activity
	if s := cmp.Or(inner.text("result"), r.text("result")); s != "" && !strings.EqualFold(s, "success") {
		return fmt.Errorf("%w: result %q", errOtherKind, s)
	}
	switch {
	case r.err != nil:
		return r.err
	case a.at == 0:
		return errors.New("no time")
	case len(a.targets) == 0:
		return errors.New("no target resources")
	}
	if a.id != "" {
		h := signin.IDHash("audit\x1f" + a.id + "\x1f" + a.activity)
		if l.seen[h] {
			return nil
		}
		l.seen[h] = true
	}
	return handle(l, r, &a)
}

// auditRecord is what a diagnostic envelope wraps, else the record itself.
func auditRecord(r *record) *record {
	if p := r.sub("properties"); p != nil {
		return p
	}
	return r
}

// readAudit reads the record p, which r wraps or is.
func readAudit(r, p *record) audit {
	a := audit{
		id:       cmp.Or(p.text("id"), r.text("id")),
		category: strings.ToLower(p.text("category")), pim: strings.EqualFold(p.text("loggedbyservice", "service"), "PIM"),
	}
	a.at = p.time(auditTimes...)
	if a.at == 0 && p != r {
		a.at = r.time(auditTimes...)
	}
	r.err = cmp.Or(r.err, p.err)
	if who := p.sub("initiatedby"); who != nil {
		user, app := who.sub("user"), who.sub("app")
		a.by = cmp.Or(user.text("userprincipalname"), user.text("displayname"), user.text("id"), app.text("displayname"), app.text("serviceprincipalname", "appid"))
	} else {
		a.by = p.text("actoruserprincipalname", "actordisplayname", "identity")
	}
	vs, _ := p.items("targetresources")
	for _, v := range vs {
		if o := v.object(); o != nil {
			a.targets = append(a.targets, targetOf(o))
		}
	}
	if len(vs) == 0 {
		a.targets = portalTargets(p)
	}
	vs, _ = p.items("additionaldetails")
	for _, v := range vs {
		if o := v.object(); o != nil {
			a.details = append(a.details, property{name: o.text("key"), new: o.text("value")})
		}
	}
	return a
}

func targetOf(o *record) auditTarget {
	t := auditTarget{id: o.text("id"), name: o.text("displayname"), kind: strings.ToLower(o.text("type")), upn: o.text("userprincipalname")}
	vs, _ := o.items("modifiedproperties")
	for _, v := range vs {
		if m := v.object(); m != nil {
			t.props = append(t.props, property{m.text("displayname"), anyText(m, "oldvalue"), anyText(m, "newvalue")})
		}
	}
	return t
}

// anyText is a value as text, an object or array as its JSON: some exporters
// unpack the log's JSON strings.
func anyText(r *record, name string) string {
	v, _ := r.find(name)
	if k := v.raw.Kind(); k == '{' || k == '[' {
		return string(v.raw)
	}
	return v.String()
}

// portalTargets reads the columns of the portal's CSV download: Target1Type,
// Target1ObjectId, Target1ModifiedProperty1Name and so on.
func portalTargets(r *record) []auditTarget {
	var out []auditTarget
	for i := 1; i <= 10; i++ {
		n := fmt.Sprintf("target%d", i)
		t := auditTarget{id: r.text(n + "objectid"), name: r.text(n + "displayname"), kind: strings.ToLower(r.text(n + "type")), upn: r.text(n + "userprincipalname")}
		for j := 1; j <= 20; j++ {
			m := fmt.Sprintf("%smodifiedproperty%d", n, j)
			if name := r.text(m + "name"); name != "" {
				t.props = append(t.props, property{name, r.text(m + "oldvalue"), r.text(m + "newvalue")})
			}
		}
		if t.id != "" || t.name != "" || t.upn != "" {
			out = append(out, t)
		}
	}
	return out
}

// find gives the plain value of a property: the new one, or the old one when
// there is no new one (removals).
func find(ps []property, names ...string) string {
	for _, n := range names {
		i := slices.IndexFunc(ps, func(p property) bool { return strings.EqualFold(p.name, n) })
		if i >= 0 {
			if v := cmp.Or(plain(ps[i].new), plain(ps[i].old)); v != "" {
				return v
			}
		}
	}
	return ""
}

// plain takes the quotes off a value: `"\"id\""`, `["id"]` and `id` are one.
func plain(s string) string {
	for range 4 {
		v := value{raw: []byte(s)}
		switch {
		case s == "" || !v.raw.IsValid(jsonOptions...):
			return strings.TrimSpace(s)
		case v.raw.Kind() == '"':
			s = v.String()
		case v.raw.Kind() == '[':
			list, _ := (&record{keys: []string{"v"}, vals: []value{v}}).items("v")
			if len(list) != 1 {
				return ""
			}
			s = string(list[0].raw)
		case v.raw.Kind() == 'n':
			return ""
		default:
			return strings.TrimSpace(s)
		}
	}
	return ""
}
