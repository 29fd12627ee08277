package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
		case mlTable(r) != "":
			return "looks like a table of Azure ML"
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
	a.Issued, a.Expires = claimTime(claims, "iat", "nbf"), claimTime(claims, "exp")
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
	// One operation writes several records (Started, Accepted, Succeeded), which exports
	// list the newest first: the earliest is when somebody did it.
	if c := r.text("correlationid"); c != "" {
		h := signin.IDHash(c + "\x1f" + a.Resource + "\x1f" + a.Token)
		if i, ok := l.firsts[h]; ok {
			if first := &l.root.Activity[i]; a.Time < first.Time {
				a.IP = cmp.Or(a.IP, first.IP)
				*first = a
			}
			return nil
		}
		l.firsts[h] = len(l.root.Activity)
	}
	l.root.Activity = append(l.root.Activity, a)
	return nil
}

// claimTime is the first of the claims that is a time in seconds since 1970; 0
// when none is. It only ever widens what is known, so a wrong one is left.
func claimTime(claims *record, names ...string) signin.Time {
	for _, n := range names {
		s, err := strconv.ParseInt(claims.text(n), 10, 64)
		if t := signin.Time(s) * signin.Second; err == nil && s > 0 && s < 1<<33 && t >= signin.Earliest && t < signin.Latest {
			return t
		}
	}
	return 0
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
