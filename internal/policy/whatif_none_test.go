package policy

import (
	"strings"
	"testing"
)

// Where missing counts as none, nothing of the question stays unknown: no listed
// client and no legacy one, no known place, no app, null for a device attribute.
func TestWhatIfMissingIsNone(t *testing.T) {
	policy := func(id, more string) string {
		return `{"id":"` + id + `","displayName":"` + id + `","state":"enabled","conditions":{"users":{"includeUsers":["All"]},` + more + `},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`
	}
	const every = `"clientAppTypes":["all"],"applications":{"includeApplications":["All"]}`
	e := whatIfEngine(t, nil, `[`+strings.Join([]string{
		policy("legacy", `"applications":{"includeApplications":["All"]},"clientAppTypes":["exchangeActiveSync","other"]`),
		policy("browser", `"applications":{"includeApplications":["All"]},"clientAppTypes":["browser"]`),
		policy("everything", every),
		policy("country", every+`,"locations":{"includeLocations":["us"]}`),
		policy("elsewhere", every+`,"locations":{"includeLocations":["All"],"excludeLocations":["hq","us"]}`),
		policy("trusted", every+`,"locations":{"includeLocations":["AllTrusted"]}`),
		policy("filter", every+`,"devices":{"deviceFilter":{"mode":"include","rule":"device.model -eq \"X\" -or device.trustType -eq \"ServerAD\" -or device.isCompliant -eq True -or device.extensionAttribute1 -eq \"SAW\""}}`),
		policy("office", `"clientAppTypes":["all"],"applications":{"includeApplications":["Office365"]}`),
		policy("platform", every+`,"platforms":{"includePlatforms":["windows"]}`),
	}, ",")+`,{"id":"us","displayName":"US","countriesAndRegions":["US"]},{"id":"hq","displayName":"HQ","isTrusted":true,"ipRanges":[{"cidrAddress":"203.0.113.0/24"}]}]`)
	const app = `,"signInContext":{"includeApplications":["` + sharePoint + `"]}`
	const conditions, device = `,"signInConditions":{}`, `,"signInConditions":{"deviceInfo":{"profileType":"x"}}`
	for _, c := range []struct{ body, applies string }{
		{app + conditions, "everything elsewhere office"},
		{app + device, "everything elsewhere office"},
		{conditions, ""},
		{app + `,"signInConditions":{"country":"US"}`, "everything country office"},
		{app + `,"signInConditions":{"ipAddress":"203.0.113.1"}`, "everything trusted office"},
		{app + `,"signInConditions":{"clientAppType":"other"}`, "legacy everything elsewhere office"},
	} {
		a := ask(t, e, `{"signInIdentity":{"userId":"u"}`+c.body+`}`, true)
		var applies []string
		for _, v := range a.Value {
			if v.Applies {
				applies = append(applies, v.ID)
			}
			if v.Reasons == "notEnoughInformation" {
				t.Errorf("%s: %s stays open: %s", c.body, v.ID, because(&v.Frisk))
			}
		}
		if got := strings.Join(applies, " "); got != c.applies {
			t.Errorf("%s: %s apply, want %s", c.body, got, c.applies)
		}
		// An ordinary client can answer for MFA; whether it has is open.
		if strings.Contains(c.body, app+conditions) && a.Frisk.Worst != "prompt" {
			t.Errorf("%s: %s to %s: %s", c.body, a.Frisk.Best, a.Frisk.Worst, a.Frisk.Reasons)
		}
	}
}
