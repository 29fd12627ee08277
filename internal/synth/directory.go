package synth

import (
	"encoding/json"
	"slices"
)

type graphList[T any] struct {
	Context string `json:"@odata.context"`
	Value   []T    `json:"value"`
}

type graphMember struct {
	Type string `json:"@odata.type"`
	ID   string `json:"id"`
	UPN  string `json:"userPrincipalName,omitempty"`
	Name string `json:"displayName,omitempty"`
}

type graphUser struct {
	ID         string `json:"id"`
	Display    string `json:"displayName"`
	UPN        string `json:"userPrincipalName"`
	Mail       string `json:"mail"`
	UserType   string `json:"userType"`
	Enabled    bool   `json:"accountEnabled"`
	Department string `json:"department"`
	JobTitle   string `json:"jobTitle"`
}

type graphGroup struct {
	ID       string        `json:"id"`
	Display  string        `json:"displayName"`
	Security bool          `json:"securityEnabled"`
	Mail     bool          `json:"mailEnabled"`
	Types    []string      `json:"groupTypes"`
	Members  []graphMember `json:"members,omitzero"`
	// Complete is frisk's own word for a list that is whole although it has as
	// many members as a truncated $expand would show.
	Complete bool `json:"membersComplete,omitzero"`
}

type graphRole struct {
	ID       string        `json:"id"`
	Display  string        `json:"displayName"`
	Template string        `json:"roleTemplateId"`
	Members  []graphMember `json:"members"`
}

type graphDevice struct {
	ID           string            `json:"id"`
	DeviceID     string            `json:"deviceId"`
	Display      string            `json:"displayName"`
	OS           string            `json:"operatingSystem"`
	OSVersion    string            `json:"operatingSystemVersion"`
	Compliant    bool              `json:"isCompliant"`
	Managed      bool              `json:"isManaged"`
	Trust        string            `json:"trustType"`
	Ownership    string            `json:"deviceOwnership"`
	Profile      string            `json:"profileType"`
	Manufacturer string            `json:"manufacturer"`
	Model        string            `json:"model"`
	PhysicalIDs  []string          `json:"physicalIds"`
	Labels       []string          `json:"systemLabels"`
	Extension    map[string]string `json:"extensionAttributes"`
}

func (t *Tenant) users() []graphUser {
	out := make([]graphUser, 0, len(t.people))
	for _, p := range t.people {
		u := graphUser{
			ID: p.id.String(), Display: p.display(), UPN: p.upn, Mail: p.upn, UserType: "Member", Enabled: true,
			Department: roleGroups[p.role], JobTitle: jobTitles[p.role],
		}
		if p.guest {
			u.UserType = "Guest"
		}
		out = append(out, u)
	}
	return out
}

func asMember(p *person) graphMember {
	return graphMember{Type: "#microsoft.graph.user", ID: p.id.String(), UPN: p.upn, Name: p.display()}
}

// groups: by part, by workspace team, the nested ML Production and ML
// Development, and the exclusion groups.
func (t *Tenant) groups() []graphGroup {
	var out []graphGroup
	add := func(name string, in func(*person) bool, nested ...string) {
		g := graphGroup{ID: groupID(name), Display: name, Security: true, Types: []string{}, Members: []graphMember{}, Complete: true}
		if t.cfg.Perturb.has(PerturbIncomplete) && (name == groupDeviceExempt || name == groupTravelExempt) {
			g.Members, g.Complete = nil, false
			out = append(out, g)
			return
		}
		for _, n := range nested {
			g.Members = append(g.Members, graphMember{Type: "#microsoft.graph.group", ID: groupID(n), Name: n})
		}
		for _, p := range t.people {
			if in != nil && in(p) {
				g.Members = append(g.Members, asMember(p))
			}
		}
		out = append(out, g)
	}
	for r, name := range roleGroups {
		add(name, func(p *person) bool { return p.role == role(r) && !p.breakGlass }) //nolint:gosec // few
	}
	var prod, dev []string
	for i := range workspaces {
		w := &workspaces[i]
		add(w.team, func(p *person) bool {
			out := w.env == "prod" && (p.prodStay.to != 0 || p.dropped&(1<<inProd) != 0)
			return slices.Contains(p.teams, i) && !out
		})
		if w.env == "prod" {
			prod = append(prod, w.team)
		} else {
			dev = append(dev, w.team)
		}
	}
	add(groupProd, nil, prod...)
	add(groupDev, nil, dev...)
	add(groupBreakGlass, func(p *person) bool { return p.breakGlass })
	add(groupLegacyExempt, func(p *person) bool { return p.legacyAllowed })
	add(groupDeviceExempt, func(p *person) bool { return p.deviceExempt })
	add(groupTravelExempt, func(p *person) bool { return p.travelExempt })
	add(groupFrequencyExmpt, func(p *person) bool { return p.frequencyExempt || p.added&(1<<exFrequency) != 0 })
	return out
}

func (t *Tenant) directoryRoles() []graphRole {
	var out []graphRole
	for i, r := range adminRoles {
		g := graphRole{ID: fixedGUID("role " + r.name).String(), Display: r.name, Template: r.template, Members: []graphMember{}}
		for _, p := range t.people {
			if p.admin && p.adminRole == i {
				g.Members = append(g.Members, asMember(p))
			}
		}
		out = append(out, g)
	}
	return out
}

func (t *Tenant) devices() []graphDevice {
	out := []graphDevice{}
	for _, p := range t.people {
		for i := range p.devices {
			d := &p.devices[i]
			export := deviceRight
			if t.cfg.Perturb.has(PerturbDevice) {
				export = d.exported()
			}
			if !d.registered() || export == deviceGone {
				continue
			}
			_, trust := d.trust()
			g := graphDevice{
				ID: fixedGUID("device object " + d.id.String()).String(), DeviceID: d.id.String(), Display: d.name,
				OS: d.os, OSVersion: d.osVersion, Compliant: d.compliant, Managed: !d.phone() || d.compliant, Trust: trust,
				Ownership: "Company", Profile: "RegisteredDevice", PhysicalIDs: []string{}, Labels: []string{}, Extension: map[string]string{},
			}
			switch d.kind {
			case winJoined, winHybrid:
				g.OS, g.Manufacturer, g.Model = "Windows", "LENOVO", "ThinkPad T14"
			case macRegistered:
				g.OS, g.Manufacturer, g.Model = "MacMDM", "Apple", "MacBook Pro"
			case phoneRegistered:
				g.Ownership, g.Manufacturer = "Personal", "Apple"
			}
			if export == devicePersonal {
				g.Ownership = "Personal"
			}
			out = append(out, g)
		}
	}
	return out
}

type ipLocation struct {
	Type     string    `json:"@odata.type"`
	ID       string    `json:"id"`
	Display  string    `json:"displayName"`
	Modified string    `json:"modifiedDateTime"`
	Trusted  bool      `json:"isTrusted"`
	Ranges   []ipRange `json:"ipRanges"`
}

type ipRange struct {
	Type string `json:"@odata.type"`
	CIDR string `json:"cidrAddress"`
}

type countryLocation struct {
	Type      string   `json:"@odata.type"`
	ID        string   `json:"id"`
	Display   string   `json:"displayName"`
	Modified  string   `json:"modifiedDateTime"`
	Countries []string `json:"countriesAndRegions"`
	Unknown   bool     `json:"includeUnknownCountriesAndRegions"`
	Method    string   `json:"countryLookupMethod"`
}

// namedLocations: offices and VPN are trusted, the countries are not.
func (t *Tenant) namedLocations() []any {
	const modified = "2026-01-15T08:00:00Z"
	var out []any
	for _, l := range []struct{ name, id string }{{officeLocation, locationOffices}, {bengaluruLocation, locationBengaluru}, {vpnLocation, locationVPN}} {
		loc := ipLocation{"#microsoft.graph.ipNamedLocation", l.id, l.name, modified, true, nil}
		for i := range networks {
			if networks[i].trusted != l.name || i == vpnToronto && t.cfg.Perturb.has(PerturbLocation) {
				continue
			}
			loc.Ranges = append(loc.Ranges, ipRange{"#microsoft.graph.iPv4CidrRange", networks[i].v4.String()})
			if networks[i].v6.IsValid() && l.name != bengaluruLocation {
				loc.Ranges = append(loc.Ranges, ipRange{"#microsoft.graph.iPv6CidrRange", networks[i].v6.String()})
			}
		}
		out = append(out, loc)
	}
	if t.cfg.Perturb.has(PerturbNoLocation) {
		return out
	}
	name, countries := countryLocationName, businessCountries
	if t.cfg.Perturb.has(PerturbLocation) {
		name, countries = "Business countries (revised)", otherCountries()
	}
	return append(out, countryLocation{
		"#microsoft.graph.countryNamedLocation", locationCountries, name, modified,
		countries, false, "clientIpAddress",
	})
}

func indented(v any) []byte {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil { // plain structs only
		panic("synth: encode: " + err.Error())
	}
	return append(b, '\n')
}
