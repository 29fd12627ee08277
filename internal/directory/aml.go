package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// The diagnostic tables of Azure Machine Learning say who did what in which
// workspace, reads included, but not with which token. Sources: learn.microsoft.com
// azure/machine-learning/monitor-azure-machine-learning-reference and
// azure/azure-monitor/reference/tables/aml*; reference 4.2 B.
var _ = register(Kind{
	Name: "ml-events",
	Doc:  "Azure Machine Learning diagnostic tables (AmlRunStatusChangedEvent, AmlComputeInstanceEvent, AmlDataSetEvent and so on): lines of a storage account, or an export of Log Analytics",
	Columns: []Column{
		{"TimeGenerated", "required"},
		{"Type", "name of the table; the column category does as well"},
		{"Identity", "required, or TriggeringUserName or CreatedBy: an object id, a name, or the identity as JSON"},
		{"AmlWorkspaceId", "required, or ResourceId, or WorkspaceName"},
		{"TriggeringUserName", ""},
		{"CallerIpAddress", "only with it are sign-ins tied to the event by time and address"},
		{"RunId", "so that the changes of one run count once"},
		{"CorrelationId", "so that the records of one operation count once"},
	},
	rank: 6,
	fits: func(r *record) string {
		switch {
		case trafficTable(r):
			return "looks like traffic of an endpoint"
		case !r.has(activityTimes...):
			return "no TimeGenerated or time"
		case mlTable(r) == "" && !mlColumns(r):
			return "no Type or category of an Azure ML table, and none of its columns"
		}
		return ""
	},
	add: addMLEvent,
})

// Requests to an endpoint come from whoever uses the model: no sign-in of a
// person is behind them, so they are counted and left.
var _ = register(Kind{
	Name: "ml-traffic",
	Doc:  "logs of online endpoints (AmlOnlineEndpointTrafficLog and others): counted and not used, for no person is behind them",
	Columns: []Column{
		{"TimeGenerated", ""},
		{"EndpointName", "required"},
		{"DeploymentName", "required"},
		{"ResponseCode", "required, or XRequestId"},
	},
	rank: 5,
	fits: func(r *record) string {
		if trafficTable(r) {
			return ""
		}
		return "no EndpointName, DeploymentName and ResponseCode"
	},
	add: func(*Loader, *record) error { return nil },
})

// mlTable is the lower-case name of the Azure ML table a record is of; "" when it does not say.
func mlTable(r *record) string {
	for _, name := range []string{"category", "type", "table"} {
		if s := strings.ToLower(r.text(name)); strings.HasPrefix(s, "aml") && !strings.ContainsAny(s, "/ ") {
			return s
		}
	}
	return ""
}

func trafficTable(r *record) bool {
	t := mlTable(r)
	return strings.HasPrefix(t, "amlonlineendpoint") ||
		t == "" && r.has("endpointname") && r.has("deploymentname") && r.has("responsecode", "xrequestid")
}

// mlColumns tells a table by its columns where the export left its name out.
func mlColumns(r *record) bool {
	if slices.ContainsFunc(r.keys, func(k string) bool { return strings.HasPrefix(k, "aml") }) {
		return true
	}
	return r.has("runid") && r.has("workspacename") || r.has("jobid") && r.has("workspacename", "experimentname") || r.has("clustername") && r.has("vmsize", "createdby")
}

// mlEvent is an event whose workspace and person are looked up when everything
// has been read.
type mlEvent struct {
	Activity
	id, name, subscription string // of the workspace, where there is no ARM id
	display                string // of the person, where there is nothing better
	once                   uint64 // what counts once: a run, an operation; 0 = the record itself
	file                   int
	line                   int64
	path                   string
}

func addMLEvent(l *Loader, r *record) error {
	more := r.sub("properties")
	text := func(names ...string) string { return cmp.Or(r.text(names...), more.text(names...)) }
	e := mlEvent{
		id: key(text("amlworkspaceid", "workspaceid")), name: text("amlworkspacename", "workspacename"),
		subscription: key(text("customersubscriptionid", "subscriptionid")), file: len(l.files) - 1, line: r.line, path: r.path,
	}
	e.Time = r.time(activityTimes...)
	e.Table = l.same(mlTable(r))
	if resource, ok := l.keeps(text("resourceid")); ok {
		e.Resource = l.same(resource)
	}
	who, fixed := mlPerson(r, more)
	e.Principal, e.Caller, e.display, e.Standing = l.same(who.id), l.same(who.name), who.display, fixed
	if ip := text("calleripaddress"); ip != "" {
		e.IP = l.same(canonicalIP(ip))
	}
	switch {
	case r.err != nil:
		return r.err
	case e.Time == 0:
		return errors.New("no time")
	case e.Resource == "" && e.id == "" && e.name == "":
		return errors.New("no workspace: neither ResourceId, AmlWorkspaceId nor WorkspaceName")
	case who == (mlWho{}):
		// Compute jobs and what the service does by itself.
		return fmt.Errorf("%w: names nobody", errOtherKind)
	}
	if run := text("runid", "jobid"); run != "" {
		e.once = signin.IDHash("run\x1f" + run)
	} else if c := text("correlationid"); c != "" {
		e.once = signin.IDHash("operation\x1f" + c)
	}
	if e.Standing { // a cluster's every change names who created it
		e.once = signin.IDHash("cluster\x1f" + text("clustername"))
	}
	l.events = append(l.events, e)
	return nil
}

// mlWho is how an event names a person.
type mlWho struct{ id, name, display string }

// mlPerson reads who did it. Identity is text in some tables and an object in
// others, whose properties no documentation lists: what looks like an object id
// or a user principal name is taken. standing says that the person is named for
// having created the thing, whenever that was.
func mlPerson(r, more *record) (who mlWho, standing bool) {
	find := func(name string) value {
		v, ok := r.find(name)
		if !ok {
			v, _ = more.find(name)
		}
		return v
	}
	if who := whoOf(find("identity")); who != (mlWho{}) {
		return who, false
	}
	if s := find("triggeringusername").String(); s != "" {
		return whoOf(value{text: s}), false
	}
	who = whoOf(find("createdby"))
	return who, who != (mlWho{})
}

func whoOf(v value) mlWho {
	if o := v.object(); o != nil {
		if c := o.sub("claims"); c != nil {
			o = c
		}
		return mlWho{
			id:   key(o.text(claimObject, "oid", "objectid", "userobjectid", "useraadobjectid", "principalid", "serviceprincipalid", "userid", "id")),
			name: o.text(claimUPN, "upn", "userprincipalname", "preferredusername", "username", "email", claimName, "name"),
		}.settled()
	}
	s := v.String()
	switch {
	case s == "" || strings.EqualFold(s, "system") || s[0] == '{' || s[0] == '[':
		return mlWho{}
	case len(guid.FindString(s)) == len(s):
		return mlWho{id: key(s)}
	case strings.Contains(s, "@"):
		return mlWho{name: s}
	}
	return mlWho{display: s}
}

// settled moves a name that is no account's to where names of people are.
func (w mlWho) settled() mlWho {
	if w.id != "" && len(guid.FindString(w.id)) != len(w.id) {
		w.id, w.name = "", cmp.Or(w.name, w.id)
	}
	if w.name != "" && !strings.Contains(w.name, "@") {
		w.display, w.name = w.name, ""
	}
	return w
}
