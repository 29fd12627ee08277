package directory

import "errors"

// Field names: learn.microsoft.com graph/api/resources/userregistrationdetails.
var _ = register(Kind{
	Name: "registrations",
	Doc:  "which authentication methods people have registered (Graph userRegistrationDetails)",
	Columns: []Column{
		{"id", "required, or userPrincipalName: the user's object id"},
		{"userPrincipalName", ""},
		{"methodsRegistered", "required: separated by semicolons, as mobilePhone;microsoftAuthenticatorPush"},
	},
	types:    []string{"userregistrationdetails"},
	contexts: []string{"reports/authenticationmethods/userregistrationdetails", "userregistrationdetails"},
	rank:     25,
	fits: func(r *record) string {
		switch {
		case !r.has("methodsregistered"):
			return "no methodsRegistered"
		case !r.has(idNames...) && !r.has(upnNames...):
			return "no id or userPrincipalName"
		}
		return ""
	},
	add: func(l *Loader, r *record) error {
		m := registration{r.text(idNames...), r.text(upnNames...), l.cur.Name, r.texts("methodsregistered")}
		if m.id == "" && m.upn == "" {
			return errors.New("neither id nor userPrincipalName")
		}
		if !r.has("methodsregistered") {
			return errors.New("no methodsRegistered")
		}
		l.methods = append(l.methods, m)
		return nil
	},
})

type registration struct {
	id, upn, file string
	methods       []string
}
