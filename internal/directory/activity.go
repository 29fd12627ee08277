package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Kind{
	Name: "activity",
	Doc:  "Azure Activity log: az monitor activity-log list, diagnostic settings, or the AzureActivity table; kept where it lies in a workspace",
	Columns: []Column{
		{"TimeGenerated", "required"},
		{"Caller", "required, or Claims"},
		{"CallerIpAddress", ""},
		{"Claims", "the token's claims as JSON: uti ties the operation to one sign-in"},
		{"ResourceId", "required, or Authorization"},
		{"CorrelationId", "so that the records of one operation count once"},
	},
	rank: 10,
	fits: func(r *record) string {
		switch {
		case !r.has(activityTimes...):
			return "no TimeGenerated or eventTimestamp"
		case !r.has("caller", "claims") && r.sub("identity").sub("claims") == nil && !strings.EqualFold(r.text("category"), "Administrative"):
			return "no Caller or Claims"
		case !r.has("resourceid", "authorization"):
			return "no ResourceId or Authorization"
		}
		return ""
	},
	add: addActivityRecord,
})

var activityTimes = []string{"eventtimestamp", "timegenerated", "time"}

// The claims of a token, by norm. Source: learn.microsoft.com
// azure/azure-monitor/platform/activity-log-schema.
const (
	claimObject = "httpschemasmicrosoftcomidentityclaimsobjectidentifier"
	claimUPN    = "httpschemasxmlsoaporgws200505identityclaimsupn"
	claimName   = "httpschemasxmlsoaporgws200505identityclaimsname"
)

func addActivityRecord(l *Loader, r *record) error {
	identity := r.sub("identity")
	claims := r.sub("claims")
	if claims == nil {
		claims = identity.sub("claims")
	}
	scope := r.sub("authorization")
	if scope == nil {
		scope = identity.sub("authorization")
	}
	resource, ok := l.keeps(r.text("resourceid"))
	if !ok {
		resource, ok = l.keeps(scope.text("scope"))
	}
	if !ok {
		return fmt.Errorf("%w: not in a workspace", errOtherKind)
	}
	a := Activity{
		Time: r.time(activityTimes...), Resource: l.same(resource),
		Caller: l.same(cmp.Or(r.text("caller"), claims.text(claimUPN, "upn", claimName, "uniquename", "appid"))),
		Token:  signin.NormalizeToken(claims.text("uti")), Principal: l.same(key(claims.text(claimObject, "oid"))),
	}
	if ip := cmp.Or(r.text("calleripaddress"), r.sub("httprequest").text("clientipaddress"), claims.text("ipaddr")); ip != "" {
		a.IP = l.same(canonicalIP(ip))
	}
	switch {
	case r.err != nil:
		return r.err
	case a.Time == 0:
		return errors.New("no time")
	case a.Caller == "" && a.Principal == "" && a.Token == "":
		return errors.New("neither caller nor claims")
	}
	// One operation writes several records (Started, Accepted, Succeeded).
	if c := r.text("correlationid"); c != "" {
		h := signin.IDHash(c + "\x1f" + a.Resource + "\x1f" + a.Token)
		if l.seen[h] {
			return nil
		}
		l.seen[h] = true
	}
	l.root.Activity = append(l.root.Activity, a)
	return nil
}

// keeps cuts an ARM id to the workspace it lies in; false when it lies in none
// we care about.
func (l *Loader) keeps(id string) (string, bool) {
	id = key(id)
	for _, r := range l.opt.Resources {
		if within(id, r) {
			return r, true
		}
	}
	// Workspaces known so far may be of another resource type.
	i := slices.IndexFunc(l.root.Workspaces, func(w Workspace) bool {
		return w.ResourceID != "" && within(id, key(w.ResourceID))
	})
	if i >= 0 {
		return key(l.root.Workspaces[i].ResourceID), true
	}
	w := workspaceID(id)
	return w, w != ""
}
