package directory

import (
	"cmp"
	"slices"

	"frisk/internal/signin"
)

// Level is a risk level that held from a time on, until the next one of the
// same person. At 0 is "since ever", Level "" "not known from here on".
type Level struct {
	At    signin.Time
	Level string // Graph spelling, lower case: none, low, medium, high, hidden
}

// ServicePrincipal is what policies may ask of an application's identity in
// this tenant (Graph servicePrincipal).
type ServicePrincipal struct {
	ID    string // object id
	AppID string
	Name  string
	Type  string // servicePrincipalType: Application, ManagedIdentity, Legacy, SocialIdp; "" = not exported
	// OwnerTenant is appOwnerOrganizationId, Audience signInAudience; "" = not exported.
	OwnerTenant string
	Audience    string
	// Attributes are its custom security attributes by "<set>_<name>";
	// AttributesKnown tells none from not exported (reading them needs a role of its own).
	Attributes      map[string][]string
	AttributesKnown bool
}

// PolicyEdit is one change of a Conditional Access policy or named location
// from the directory audit log.
type PolicyEdit struct {
	At   signin.Time
	ID   string // object id of the policy or location, lower case
	Name string
	// Kind is "policy" or "location", Action "add", "update" or "delete".
	Kind, Action string
	// Old and New are the Graph JSON before and after as the log holds it; "" when it does not.
	Old, New string
	By       string // who did it: user principal name or app name
	File     string
	Line     int64
}

// UserRisk is the user's risk level at a time (Graph riskLevel, lower case); ok
// is false when no export tells. InsiderRisk and ServicePrincipalRisk alike.
func (d *Directory) UserRisk(userID string, at signin.Time) (level string, ok bool) {
	return d.level(riskOfUser, userID, at)
}

// InsiderRisk is the user's insider risk level (minor, moderate, elevated, none).
func (d *Directory) InsiderRisk(userID string, at signin.Time) (level string, ok bool) {
	return d.level(riskOfInsider, userID, at)
}

// ServicePrincipalRisk is the risk level of a service principal, by object id.
func (d *Directory) ServicePrincipalRisk(id string, at signin.Time) (level string, ok bool) {
	return d.level(riskOfService, id, at)
}

type riskKind int

const (
	riskOfUser riskKind = iota
	riskOfInsider
	riskOfService
	numRiskKinds
)

func (d *Directory) level(k riskKind, id string, at signin.Time) (string, bool) {
	if d == nil {
		return "", false
	}
	list, listed := d.risk[k][key(id)]
	if !listed && at < d.riskWhole[k] && id != "" {
		return "none", true
	}
	n, found := slices.BinarySearchFunc(list, at, func(l Level, t signin.Time) int { return cmp.Compare(l.At, t) })
	if found {
		n++
	}
	if n == 0 {
		return "", false
	}
	return list[n-1].Level, list[n-1].Level != ""
}

// AddServicePrincipal puts an application's identity in. One with the same id is
// completed: what it leaves out stays.
func (d *Directory) AddServicePrincipal(s ServicePrincipal) {
	s.ID, s.AppID = key(s.ID), key(s.AppID)
	if s.ID == "" {
		return
	}
	if old := d.services[s.ID]; old != nil {
		s.AppID, s.Name, s.Type = cmp.Or(s.AppID, old.AppID), cmp.Or(s.Name, old.Name), cmp.Or(s.Type, old.Type)
		s.OwnerTenant, s.Audience = cmp.Or(s.OwnerTenant, old.OwnerTenant), cmp.Or(s.Audience, old.Audience)
		if !s.AttributesKnown {
			s.Attributes, s.AttributesKnown = old.Attributes, old.AttributesKnown
		}
	}
	d.services[s.ID] = &s
	if s.AppID != "" {
		d.serviceOf[s.AppID] = s.ID
	}
}

// AddPolicyEdit records a change of a policy or named location. They may come
// in any order.
func (d *Directory) AddPolicyEdit(e PolicyEdit) {
	e.ID = key(e.ID)
	i, _ := slices.BinarySearchFunc(d.edits, e, func(a, b PolicyEdit) int {
		if c := comparePolicyEdits(a, b); c != 0 {
			return c
		}
		return -1 // behind its equals: order of reading
	})
	d.edits = slices.Insert(d.edits, i, e)
}

func comparePolicyEdits(a, b PolicyEdit) int {
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// SetRegistered records which authentication methods a user has registered, in
// the words of Graph userRegistrationDetails; empty = none.
func (d *Directory) SetRegistered(userID string, methods []string) {
	d.methods[key(userID)] = slices.Clone(methods)
}

// Registered are the authentication methods a user has registered, in the words
// of Graph userRegistrationDetails (mobilePhone, microsoftAuthenticatorPush,
// passKeyDeviceBound, …), as of the export. false when no export tells; true
// with none means that nothing is registered. The caller must not modify it.
func (d *Directory) Registered(userID string) (methods []string, ok bool) {
	if d == nil {
		return nil, false
	}
	methods, ok = d.methods[key(userID)]
	return methods, ok
}

// ServicePrincipal is the identity with this object id, or nil.
func (d *Directory) ServicePrincipal(id string) *ServicePrincipal {
	if d == nil {
		return nil
	}
	return d.services[key(id)]
}

// ServicePrincipalOf is the identity of an application by its app id, or nil.
func (d *Directory) ServicePrincipalOf(appID string) *ServicePrincipal {
	if d == nil {
		return nil
	}
	return d.services[d.serviceOf[key(appID)]]
}

// PolicyEdits lists the changes of policies and named locations, oldest first.
// The caller must not modify it.
func (d *Directory) PolicyEdits() []PolicyEdit {
	if d == nil {
		return nil
	}
	return d.edits
}
