package peers

import "fmt"

// adminRoles are the 14 directory roles of Microsoft's policy template "require
// MFA for admins", syncRole that of directory synchronisation accounts (template ids).
var adminRoles = []string{
	"62e90394-69f5-4237-9190-012177145e10", "194ae4cb-b126-40b2-bd5b-6091b380977d", "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
	"29232cdf-9323-42fd-ade2-1d097af3e4de", "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "729827e3-9c14-49f7-bb1b-9608f156bbb8",
	"b0f54661-2d74-4c50-afa3-1ec803f12efe", "fe930be7-5e62-47db-91af-98c3a49a38b1", "c4e39bd9-1100-46d3-8c65-fb160da0071f",
	"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "158c047a-c907-4556-b7ef-446551a6b5f7", "966707d0-3269-4727-9be2-8c3a10f19b9d",
	"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "e8611ab8-c189-46e8-94e1-60213ab1f814",
}

const syncRole = "d29b2b05-8046-44ba-8758-1e26182fcf32"

// baseline is the 20 policies and the named locations they use. The first one is
// the realistic policy of the single-policy benchmark: all users but the excluded
// ones, all resources but some, any device, every untrusted place.
func baseline(t *tenant) ([]Policy, []*Place) {
	office := []string{
		"00000002-0000-0ff1-ce00-000000000000", "00000003-0000-0ff1-ce00-000000000000", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
		"00000005-0000-0ff1-ce00-000000000000", "09abbdfd-ed23-44ee-a2d9-a627aa1c90f3", "66c6d0d1-f2e7-4a18-97a9-ed10f3347016",
		"00000006-0000-0ff1-ce00-000000000000", "2d4d3d8e-2be3-4bef-9f87-7875a61c29de",
	}
	azure := []string{
		"797f4846-ba00-4fd7-ba43-dac1f8f63013", "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe", "cb2ff863-7f30-4ced-ab89-a00194bcf6d9",
		"c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "499b84ac-1321-427f-aa17-267ca6975798", "022907d3-0f1b-48f7-badc-1ba6abab6d66",
	}
	enrolment := []string{
		"d4ebce55-015a-49b5-a083-c84d1797ae8c", "0000000a-0000-0000-c000-000000000000", "45a330b1-b1ec-4cc1-9161-9f03992aa49f",
		"270efc09-cd0d-444b-a71f-39af4910ec45", "01cb2876-7ebd-4aa4-9cc9-d28bd4d3a952", "372140e0-b3b7-4226-8ef9-d57986796201",
	}
	offices := t.place("Offices", "203.0.113.0/29", "203.0.113.8/29", "203.0.113.16/29", "2001:db8:f000::/48")
	branches := t.place("Bengaluru office", "203.0.113.24/29", "203.0.113.32/28", "203.0.113.48/28", "203.0.113.64/28",
		"203.0.113.80/28", "203.0.113.96/27", "2001:db8:f001::/48", "2001:db8:f002::/48", "2001:db8:f003::/48")
	vpn := t.place("Corporate VPN", "203.0.113.128/27", "203.0.113.160/27", "203.0.113.192/28", "203.0.113.208/28",
		"203.0.113.224/28", "2001:db8:f004::/48", "2001:db8:f005::/48")
	home := &Place{ID: "home-countries", Countries: []string{"CH", "GB", "DE", "IN", "AT", "FR", "NL", "US", "IE", "CA"}}
	blocked := &Place{ID: "blocked-countries", Countries: []string{"KP", "IR", "SY", "CU", "BY", "RU", "SG", "ZA", "BR", "VE"}}

	modern := []string{"browser", "mobileAppsAndDesktopClients"}
	browser, app := modern[:1], modern[1:]
	notOurs := &DeviceRule{Exclude: true, Or: true, Tests: []DeviceTest{{"isCompliant", "-eq", "True"}, {"trustType", "-eq", "ServerAD"}}}
	joined := &DeviceRule{Exclude: true, Or: true, Tests: []DeviceTest{{"trustType", "-eq", "AzureAD"}, {"trustType", "-eq", "ServerAD"}}}
	notHardened := &DeviceRule{Exclude: true, Or: true, Tests: []DeviceTest{{"displayName", "-startsWith", "CPC-"}, {"displayName", "-startsWith", "PAW-"}}}
	own := &DeviceRule{Tests: []DeviceTest{{"trustType", "-eq", "Workplace"}}}
	notCompliant := &DeviceRule{Tests: []DeviceTest{{"isCompliant", "-ne", "True"}}}
	laptops := &DeviceRule{Tests: []DeviceTest{{"displayName", "-startsWith", "NW-LT-"}, {"trustType", "-eq", "AzureAD"}}}

	out := []Policy{
		{Name: "CA201 MFA outside trusted places", NotApps: enrolment, Clients: modern, NotPlatforms: []string{"iOS", "android"}, Untrusted: true, Device: notHardened},
		{Name: "CA001 block legacy authentication", Clients: []string{"exchangeActiveSync", "other"}, Grant: Block},
		{Name: "CA101 MFA for admins", IncludeRoles: adminRoles},
		{Name: "CA202 MFA for all users", NotApps: enrolment, Device: joined},
		{Name: "CA002 block other countries", NotPlaces: []*Place{home, vpn}, Grant: Block},
		{Name: "CA003 block listed countries", Places: []*Place{blocked}, Grant: Block},
		{Name: "CA004 block device code flow", ExcludeGroups: t.named("ML Production"), DeviceCode: true, Grant: Block},
		{Name: "CA005 block high risk", Risks: []string{"high"}, Grant: Block},
		{Name: "CA203 MFA at risk", NotApps: enrolment[:5], Risks: []string{"low", "medium"}, Clients: modern},
		{Name: "CA204 compliant desktop", Apps: office, Clients: app, Platforms: []string{"windows", "macOS"}, Grant: Compliant},
		{Name: "CA205 compliant phone or MFA", Apps: office, Clients: modern, Platforms: []string{"iOS", "android"}, Grant: CompliantOrMFA},
		{Name: "CA006 block other platforms", ExcludeGroups: t.named("ML Engineers"), NotPlatforms: []string{"windows", "macOS", "iOS", "android"}, Grant: Block},
		{Name: "CA102 admins at Azure", IncludeGroups: t.named("Administrators", "ML Production"), IncludeRoles: adminRoles, Apps: azure, Untrusted: true, Grant: CompliantAndMFA},
		{Name: "CA301 production from our devices", IncludeGroups: t.named("ML Production", "Team Forecast Production", "Team Fraud Production"), Apps: azure, NotPlaces: []*Place{offices, branches}, Device: notOurs, Grant: Block},
		{Name: "CA302 contractors", IncludeGroups: t.named("Contractors", "Team Research"), NotApps: enrolment, NotPlaces: []*Place{home}, Clients: modern},
		{Name: "CA303 own devices", Apps: office, Clients: browser, Device: own},
		{Name: "CA304 apps on unmanaged devices", Apps: office[:5], Clients: app, Device: notCompliant, Grant: Block},
		{Name: "CA305 analysts outside offices", IncludeGroups: t.named("Analysts (read-only)", "Business", "Data Scientists"), NotPlaces: []*Place{offices, vpn}, NotPlatforms: []string{"linux"}},
		{Name: "CA306 engineers' laptops", IncludeGroups: t.named("ML Engineers", "ML Development", "Data Scientists"), Apps: azure, Platforms: []string{"windows", "linux"}, Device: laptops, Grant: CompliantOrMFA},
		{Name: "CA206 browsers on other devices", NotApps: azure, Clients: browser, NotPlatforms: []string{"linux"}, Untrusted: true, Device: notOurs},
	}
	users := t.dir.Users()
	breakGlass := []string{users[3].ID, users[len(users)/2].ID, "5b1f0d4e-6f43-4a0e-9a0b-5d3c2b6a7e11", "c9a3be0f-7f0d-4e0b-8b5d-2f4a1c6d9e22"}
	for i := range out {
		p := &out[i]
		p.ExcludeUsers, p.ExcludeRoles = breakGlass, []string{syncRole}
		p.ExcludeGroups = append(p.ExcludeGroups, t.named("CA-Exclude Break Glass", "CA-Exclude Production Places", "CA-Exclude Legacy Mail")...)
	}
	return out, []*Place{offices, branches, vpn, home, blocked}
}

// place is a trusted location of the sample, with ranges added until it has ten or so.
func (t *tenant) place(name string, more ...string) *Place {
	for _, l := range t.locations {
		if l.Name == name {
			return &Place{ID: l.ID, Trusted: true, Ranges: append(l.Ranges[:len(l.Ranges):len(l.Ranges)], more...)}
		}
	}
	panic(fmt.Sprintf("peers: the sample has no named location %q", name))
}

// named is the ids of the sample's groups of these names.
func (t *tenant) named(names ...string) []string {
	var out []string
	for _, n := range names {
		id := t.dir.GroupByName(n)
		if id == "" {
			panic(fmt.Sprintf("peers: the sample has no group %q", n))
		}
		out = append(out, id)
	}
	return out
}
