package directory

import (
	"bytes"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Field names: learn.microsoft.com graph/api/resources/serviceprincipal,
// graph/custom-security-attributes-examples.
var _ = register(Kind{
	Name: "service-principals",
	Doc:  "applications' identities in the tenant (Graph servicePrincipals), with custom security attributes where exported",
	Columns: []Column{
		{"id", "required: object id"},
		{"appId", "required"},
		{"displayName", ""},
		{"servicePrincipalType", "required, or appOwnerOrganizationId: Application, ManagedIdentity, Legacy or SocialIdp"},
		{"appOwnerOrganizationId", "the tenant that registered the application"},
		{"signInAudience", ""},
		{"customSecurityAttributes", "JSON; the column's presence means that every attribute is listed"},
	},
	types:    []string{"serviceprincipal"},
	contexts: []string{"serviceprincipals"},
	rank:     35,
	fits: func(r *record) string {
		switch {
		case !r.has("appid") || !r.has("id", "objectid"):
			return "no id and appId"
		case !r.has("serviceprincipaltype", "appownerorganizationid", "serviceprincipalnames", "customsecurityattributes"):
			return "no servicePrincipalType or appOwnerOrganizationId"
		case r.has("ipaddress"):
			return "looks like a sign-in log"
		}
		return ""
	},
	add: addServicePrincipalRecord,
})

func addServicePrincipalRecord(l *Loader, r *record) error {
	s := ServicePrincipal{
		ID: r.text("id", "objectid"), AppID: r.text("appid"), Name: r.text("displayname", "appdisplayname"), Type: r.text("serviceprincipaltype"),
		OwnerTenant: key(r.text("appownerorganizationid")), Audience: r.text("signinaudience"), AttributesKnown: r.has("customsecurityattributes"),
	}
	if s.ID == "" {
		return errors.New("no id")
	}
	if v, ok := r.find("customsecurityattributes"); ok {
		raw := v.structure()
		if raw.Kind() != '{' {
			return errors.New("customSecurityAttributes is not a JSON object")
		}
		var err error
		if s.Attributes, err = securityAttributes(raw); err != nil {
			return err
		}
	}
	l.root.AddServicePrincipal(s)
	return nil
}

// securityAttributes reads {"<set>": {"<name>": value or [values]}} into
// "<set>_<name>", the form that application filters use.
func securityAttributes(raw jsontext.Value) (map[string][]string, error) {
	out := map[string][]string{}
	err := eachMember(raw, func(set string, v jsontext.Value) error {
		if v.Kind() != '{' {
			return nil
		}
		return eachMember(v, func(name string, v jsontext.Value) error {
			if strings.Contains(name, "@odata.") {
				return nil
			}
			one := value{raw: v}
			list := []value{one}
			if v.Kind() == '[' {
				list, _ = (&record{keys: []string{"v"}, vals: []value{one}}).items("v")
			}
			for _, e := range list {
				if s := e.String(); s != "" {
					out[set+"_"+name] = append(out[set+"_"+name], s)
				}
			}
			return nil
		})
	})
	return out, err
}

// eachMember calls f for every property of a JSON object, names as written.
func eachMember(raw jsontext.Value, f func(name string, v jsontext.Value) error) error {
	dec := jsontext.NewDecoder(bytes.NewReader(raw), jsonOptions...)
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		n := name.String()
		v, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := f(n, v); err != nil {
			return err
		}
	}
	return nil
}
