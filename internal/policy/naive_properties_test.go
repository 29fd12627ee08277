package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// propertyWorlds is how many random tenants each property is tried on.
func propertyWorlds() uint64 {
	if testing.Short() || raceEnabled {
		return 60
	}
	return 500
}

// refines reports what more knowledge took back of what less knowledge said:
// Unknown may become True or False, never the reverse, and the bounds of the
// verdict may only close.
//
// Grant controls take a person for one of this tenant where nothing tells where
// they are from (untold), so such a row is held to the policies that apply, not to
// the verdict.
func refines(less, more *naiveVerdict, untold bool) string {
	for i := range less.Applies {
		if less.Applies[i] != maybe && less.Applies[i] != more.Applies[i] {
			return "policy " + string(rune('0'+i)) + " was " + less.Applies[i].String() + " and is " + more.Applies[i].String()
		}
	}
	if untold {
		return ""
	}
	if less.Best > more.Best || less.Worst < more.Worst {
		return "the bounds opened"
	}
	if less.Unmet&^less.Maybe&^more.Unmet != 0 {
		return "a certain demand is gone"
	}
	if more.Unmet&^less.Unmet != 0 && less.Worst < policy.Block {
		return "a demand is new"
	}
	return ""
}

// forgetRow takes one fact out of a row. Left alone are the readings that
// docs/policies.md names as statements: an empty compliance beside other device
// state, a missing list of audiences, a client without credential that is no
// browser; and legacy clients and device code flow, since logs that have the
// columns name them.
var forgetRow = map[string]func(*signin.Event){
	"client":    forgetClient,
	"risk":      func(e *signin.Event) { e.Risk.Level = "" },
	"hidden":    func(e *signin.Event) { e.Risk.Level = "hidden" },
	"place":     func(e *signin.Event) { e.Source.IP, e.Geo.Country = signin.Source{}.IP, "" },
	"flow":      forgetFlow,
	"resource":  func(e *signin.Event) { e.Resource.ID = "" },
	"country":   func(e *signin.Event) { e.Geo = signin.Geo{} },
	"device":    func(e *signin.Event) { e.Device, e.UserAgent = signin.Device{}, "" },
	"device id": forgetDeviceID,
	"contexts":  func(e *signin.Event) { e.AuthContexts = "" },
	"tenants":   func(e *signin.Event) { e.HomeTenant, e.ResourceTenant, e.CrossTenantAccess = "", "", "" },
	"cross":     func(e *signin.Event) { e.CrossTenantAccess = "" },
	"user type": func(e *signin.Event) { e.Principal.Kind = signin.KindUnknown },
	"everything": func(e *signin.Event) {
		forgetClient(e)
		forgetFlow(e)
		e.Risk.Level, e.AuthContexts = "", ""
	},
}

// forgetDeviceID leaves the system, the browser and the state of the device.
func forgetDeviceID(e *signin.Event) {
	if e.Device.ID = ""; e.Device.Trust == signin.TrustNone {
		e.Device.Trust = signin.TrustUnknown
	}
}

func forgetFlow(e *signin.Event) {
	if e.Protocol != "deviceCode" && e.Transfer != "deviceCodeFlow" {
		e.Protocol, e.Transfer = "", ""
	}
}

func forgetClient(e *signin.Event) {
	if e.Client == "Browser" || e.Client == "Mobile Apps and Desktop clients" {
		e.Client = ""
	}
}

// untold reports that nothing tells whether the row's person is of this tenant.
func untold(t *naiveTenant, e *signin.Event) bool {
	c := &naiveCase{tenant: t, event: e}
	return !c.originTold()
}

// forgetSession takes one fact out of a session.
var forgetSession = map[string]func(*policy.State){
	"mfa":     func(s *policy.State) { s.MFA, s.MethodsKnown = signin.Unknown, false },
	"methods": func(s *policy.State) { s.MethodsKnown = false },
	"first":   func(s *policy.State) { s.First = policy.AnyAge },
	"second":  func(s *policy.State) { s.Second = policy.AnyAge },
	"token":   func(s *policy.State) { s.PRT = policy.AnyAge },
	"exactly": func(s *policy.State) {
		s.First = policy.Age{Min: s.First.Min / 2, Max: min(policy.Never, s.First.Max*2)}
		s.Second = policy.Age{Min: s.Second.Min / 2, Max: min(policy.Never, s.Second.Max*2)}
	},
}

// forgetTenant takes one fact out of what is known beside the rows.
var forgetTenant = map[string]func(*naiveTenant){
	"directory": func(t *naiveTenant) {
		t.Users, t.Groups, t.Roles, t.Devices, t.Risks, t.RolesComplete = nil, nil, nil, nil, nil, false
	},
	"devices":   func(t *naiveTenant) { t.Devices = nil },
	"risks":     func(t *naiveTenant) { t.Risks = nil },
	"trust":     func(t *naiveTenant) { t.Options.Inbound = policy.InboundTrust{} },
	"roles":     func(t *naiveTenant) { t.RolesComplete = false },
	"locations": func(t *naiveTenant) { t.Locations, t.LocationForces, t.LocationsKnown = nil, nil, false },
	"bundles": func(t *naiveTenant) {
		t.Bundles = &policy.Bundles{List: []policy.Bundle{{Name: "Office365"}, {Name: "MicrosoftAdminPortals"}}}
	},
	"lists": func(t *naiveTenant) {
		t.Groups = slices.Clone(t.Groups)
		for i := range t.Groups {
			t.Groups[i].Complete = false
		}
	},
	"known": func(t *naiveTenant) {
		t.Users = slices.Clone(t.Users)
		for i := range t.Users {
			t.Users[i].GroupsKnown, t.Users[i].RolesKnown = false, false
		}
	},
	"context": func(t *naiveTenant) {
		t.Context.UserRisk, t.Context.InsiderRisk, t.Context.ServicePrincipalRisk = "", "", ""
	},
}

// TestMoreKnowledgeRefines: knowing less of a row, a session, the directory or
// the locations never makes certain what knowing more denies.
func TestMoreKnowledgeRefines(t *testing.T) {
	for seed := range propertyWorlds() {
		w, m := newNaiveWorld(1_000_000 + seed)
		w.tenant.Context = policy.Context{SingleTenant: w.tenant.Context.SingleTenant} // what the exports tell is under test
		w.tenant.Options.LowPrivilegeFrom = 1
		full, symFull := w.engine(t)
		for name, forget := range forgetTenant {
			poor := *w
			tenant := *w.tenant
			forget(&tenant)
			poor.tenant = &tenant
			blind, symBlind := poor.engine(t)
			for range 8 {
				e, s := m.event(), m.state()
				m.consistent(w.tenant, &e)
				more, less := verdictOf(full, symFull, &e, &s), verdictOf(blind, symBlind, &e, &s)
				if bad := refines(&less, &more, untold(&tenant, &e)); bad != "" {
					t.Fatalf("seed %d, forgetting %s: %s\nless %v\nmore %v\n%s", seed, name, bad, &less, &more, explained(blind, symBlind, &e, &s, &less, &more)+explained(full, symFull, &e, &s, &less, &more))
				}
			}
		}
		for range worldEvents {
			e, s := m.event(), m.state()
			m.consistent(w.tenant, &e)
			more := verdictOf(full, symFull, &e, &s)
			for name, forget := range forgetRow {
				poor := e
				forget(&poor)
				less := verdictOf(full, symFull, &poor, &s)
				if bad := refines(&less, &more, untold(w.tenant, &poor)); bad != "" {
					t.Fatalf("seed %d, forgetting %s: %s\nless %v\nmore %v\n%s", seed, name, bad, &less, &more, explained(full, symFull, &poor, &s, &less, &more)+explained(full, symFull, &e, &s, &less, &more))
				}
			}
			for name, forget := range forgetSession {
				poor := s
				forget(&poor)
				less := verdictOf(full, symFull, &e, &poor)
				if bad := refines(&less, &more, false); bad != "" {
					t.Fatalf("seed %d, forgetting %s of the session: %s\nless %v\nmore %v\n%s", seed, name, bad, &less, &more, explained(full, symFull, &e, &poor, &less, &more)+explained(full, symFull, &e, &s, &less, &more))
				}
			}
		}
	}
}

// consistent makes a row agree with itself and with the directory: what a
// contradiction means is nobody's to refine.
func (m maker) consistent(t *naiveTenant, e *signin.Event) {
	if e.HomeTenant != "" && e.ResourceTenant != "" && e.HomeTenant != e.ResourceTenant && e.CrossTenantAccess == "none" {
		e.CrossTenantAccess = "b2bCollaboration"
	}
	if e.CrossTenantAccess == "b2bDirectConnect" || e.CrossTenantAccess == "serviceProvider" {
		e.Principal.Kind = signin.Member
	}
	if e.CrossTenantAccess == "microsoftSupport" || e.CrossTenantAccess == "passthrough" {
		e.CrossTenantAccess = "b2bCollaboration" // the first two say that nobody can tell
	}
	if e.Principal.Kind == signin.Service {
		e.HomeTenant = "t1" // a named service principal is taken for an own one until the row shows otherwise
	}
	e.ResourceTenant = "t1" // another one is out of scope, which a row without tenants cannot tell
	if e.HomeTenant == e.ResourceTenant {
		e.CrossTenantAccess = "none"
	}
	if d := t.device(e.Device.ID); d != nil && d.OperatingSystem != "" {
		e.Device.OS = d.OperatingSystem
	}
	c := &naiveCase{tenant: t, event: e}
	if u := t.user(c.person()); u != nil {
		if !strings.Contains(u.Name, "#EXT#") {
			e.HomeTenant, e.ResourceTenant, e.CrossTenantAccess = "t1", "t1", "none"
		}
		switch u.Type {
		case "Member":
			e.Principal.Kind = signin.Member
		case "Guest":
			e.Principal.Kind = signin.Guest
		}
	}
	if e.Principal.Kind == signin.Guest && (e.CrossTenantAccess == "b2bDirectConnect" || e.CrossTenantAccess == "serviceProvider") {
		e.CrossTenantAccess = "b2bCollaboration" // those have no guest account
	}
}

// explained is what is said of the policies whose results differ.
func explained(ev *policy.Evaluator, sym *signin.Symbols, e *signin.Event, s *policy.State, less, more *naiveVerdict) string {
	r := signin.RowOf(e, sym)
	x := ev.Explain(&r, s)
	var b strings.Builder
	fmt.Fprintf(&b, "%+v %s/%s/%s %s %+v\n", e.Principal, e.HomeTenant, e.ResourceTenant, e.CrossTenantAccess, e.Resource.ID, e.Device)
	b.WriteString(strings.Join(x.Reasons, "\n") + "\n")
	for i, p := range x.Policies {
		if less.Applies[i] == more.Applies[i] {
			continue
		}
		b.WriteString(p.Name + " " + p.Result + "\n")
		for _, c := range p.Conditions {
			b.WriteString("  " + c.Name + " " + c.Is + ": " + c.Why + "\n")
		}
	}
	return b.String()
}
