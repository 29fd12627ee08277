package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// stream prefers what the row says of itself to the log it was found in: rows
// with isInteractive false occur in SignInLogs.
func (r *entraRow) stream() {
	ev := r.ev
	switch r.eventType {
	case "interactiveUser":
		ev.Stream = signin.Interactive
	case "nonInteractiveUser":
		ev.Stream = signin.NonInteractive
	case "servicePrincipal":
		ev.Stream = signin.ServicePrincipal
	case "managedIdentity":
		ev.Stream = signin.ManagedIdentity
	}
	if ev.Stream != signin.StreamUnknown {
		return
	}
	log := r.category
	if log == "" {
		log = r.table
	}
	ev.Stream = signInLogs[strings.ToLower(log)]
	if ev.Stream == signin.StreamUnknown {
		ev.Stream = r.hint
	}
	if ev.Stream == signin.ServicePrincipal || ev.Stream == signin.ManagedIdentity || ev.Stream == signin.NonInteractive {
		return
	}
	switch r.interactive {
	case signin.True:
		ev.Stream = signin.Interactive
	case signin.False:
		ev.Stream = signin.NonInteractive
	}
	if r.userID == "" && r.upn == "" && r.spID != "" {
		ev.Stream = signin.ServicePrincipal
	}
}

func (r *entraRow) who() {
	ev := r.ev
	p := &ev.Principal
	if ev.Stream == signin.ServicePrincipal || ev.Stream == signin.ManagedIdentity {
		p.ID, p.Name, p.Display, p.Kind = lowerGUID(r.spID), r.spName, "", signin.Service
		if p.Name == "" {
			p.Name = r.identity
		}
		if p.ID == "" {
			p.ID = ev.App.ID
		}
		return
	}
	p.ID, p.Name, p.Display = lowerGUID(r.userID), strings.ToLower(r.upn), r.display
	if p.ID == zeroGUID {
		p.ID = "" // written for names that no directory knows: they are not one person
	}
	if p.Display == "" {
		p.Display = r.identity
	}
	if p.Name == "" && p.ID == "" {
		p.Name = r.identity
	}
	switch strings.ToLower(r.userType) {
	case "member":
		p.Kind = signin.Member
	case "guest":
		p.Kind = signin.Guest
	case "":
		switch ev.CrossTenantAccess {
		case "b2bCollaboration", "b2bDirectConnect":
			p.Kind = signin.Guest
		}
	}
}

// tenants settles whose policies decided: the resource tenant's, else those of
// the tenant that owns the log.
func (r *entraRow) tenants() {
	ev := r.ev
	owner := lowerGUID(r.ownerTenant)
	if owner == "" {
		owner = lowerGUID(r.envelopeTenant)
	}
	if owner == "" {
		owner = tenantOfPath(r.tenantPath)
	}
	if owner == "" && ev.CrossTenantAccess == "none" {
		owner = ev.HomeTenant
	}
	if owner == "" {
		owner = lowerGUID(r.f.opt.Tenant)
	}
	ev.Tenant = ev.ResourceTenant
	if ev.Tenant == "" || ev.Tenant == zeroGUID {
		ev.Tenant = owner
	}
	if ev.Tenant == "" {
		r.t.note(noteNoTenant)
	}
}

// tenantOfPath reads /tenants/ID/providers/Microsoft.aadiam.
func tenantOfPath(path string) string {
	const prefix = "/tenants/"
	if !hasPrefixFold(path, prefix) {
		return ""
	}
	id, _, _ := strings.Cut(path[len(prefix):], "/")
	if _, ok := signin.ParseGUID(id); !ok {
		return ""
	}
	return lowerGUID(id)
}
