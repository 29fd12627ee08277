package policy

import (
	"strings"
	"testing"
)

// A word Graph does not have is no fact: the error names the field and what it takes.
func TestWhatIfValues(t *testing.T) {
	for _, c := range []struct{ part, want string }{
		{`"signInConditions":{"clientAppType":"Browzer"}`, `signInConditions.clientAppType "Browzer": want one of all, browser, mobileAppsAndDesktopClients, exchangeActiveSync, easSupported, other`},
		{`"signInConditions":{"devicePlatform":"MacOSX"}`, `devicePlatform "MacOSX": want one of android, iOS, windows, windowsPhone, macOS, linux`},
		{`"signInConditions":{"country":"Switzerland"}`, `country "Switzerland": want the two letters`},
		{`"signInConditions":{"country":"uk"}`, `want "GB"`},
		{`"signInConditions":{"country":"4X"}`, "two letters"},
		{`"signInConditions":{"signInRiskLevel":"hi"}`, "signInRiskLevel \"hi\": want one of none, low, medium, high, hidden"},
		{`"signInConditions":{"userRiskLevel":"severe"}`, "userRiskLevel"},
		{`"signInConditions":{"servicePrincipalRiskLevel":"severe"}`, "servicePrincipalRiskLevel"},
		{`"signInConditions":{"insiderRiskLevel":"high"}`, "none, minor, moderate, elevated"},
		{`"signInConditions":{"authenticationFlow":{"transferMethod":"deviceCode"}}`, "none, deviceCodeFlow, authenticationTransfer"},
		{`"signInConditions":{"deviceInfo":{"trustType":"joined"}}`, "AzureAD, EntraID, ServerAD, Workplace"},
		{`"signInConditions":{"ipAddress":"192.0.2"}`, "IPv4 or IPv6"},
		{`"signInContext":{"userAction":"registerSecurityInfo"}`, "registerSecurityInformation, registerOrJoinDevices"},
		{`"signInContext":{"authenticationContextValue":"c100"}`, "c1 to c99"},
		{`"signInConditions":{"country":"Japan","devicePlatform":"MacOSX"}`, `; signInConditions.country "Japan"`},
		{`"signInConditions":{"clientAppType":" BROWSER ","devicePlatform":"IOS","country":"ch","insiderRiskLevel":"Minor","deviceInfo":{"trustType":"entraid"}}`, ""},
	} {
		_, err := ParseWhatIf([]byte(`{"signInIdentity":{"userId":"u"},` + c.part + `}`))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.part, err, c.want)
		}
	}
	for _, kind := range append([]string{"visitor"}, whatIfGuests...) {
		_, err := ParseWhatIf([]byte(`{"signInIdentity":{"userId":"u","externalUserType":"` + strings.ToUpper(kind) + `"}}`))
		if (err != nil) != (kind == "visitor") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// The words Graph has are words the engine reads: each makes a policy that asks for it apply.
func TestWhatIfWordsAreRead(t *testing.T) {
	asks := func(condition string) *Engine {
		return whatIfEngine(t, nil, `{"id":"p","displayName":"P","state":"enabled","conditions":{"users":{"includeUsers":["All"]},
		 "applications":{"includeApplications":["All"]},`+condition+`},"grantControls":{"operator":"OR","builtInControls":["block"]}}`)
	}
	for _, c := range []struct {
		words            []string
		policy, question string // with %s for the word
	}{
		{whatIfClients[1:], `"clientAppTypes":["%s"]`, `"clientAppType":"%s","devicePlatform":"iOS"`},
		{whatIfPlatforms, `"clientAppTypes":["all"],"platforms":{"includePlatforms":["%s"]}`, `"devicePlatform":"%s"`},
		{whatIfRisks[1:4], `"clientAppTypes":["all"],"signInRiskLevels":["%s"]`, `"signInRiskLevel":"%s"`},
		{whatIfRisks[1:4], `"clientAppTypes":["all"],"userRiskLevels":["%s"]`, `"userRiskLevel":"%s"`},
		{whatIfInsider[1:], `"clientAppTypes":["all"],"insiderRiskLevels":"%s"`, `"insiderRiskLevel":"%s"`},
		{whatIfFlows[1:], `"clientAppTypes":["all"],"authenticationFlows":{"transferMethods":"%s"}`, `"authenticationFlow":{"transferMethod":"%s"}`},
	} {
		for _, w := range c.words {
			e := asks(strings.ReplaceAll(c.policy, "%s", w))
			for _, none := range []bool{false, true} {
				a := ask(t, e, `{"signInIdentity":{"userId":"u"},"signInContext":{"includeApplications":["`+sharePoint+`"]},
				 "signInConditions":{`+strings.ReplaceAll(c.question, "%s", strings.ToUpper(w))+`}}`, none)
				if !a.Value[0].Applies {
					t.Errorf("%s (missing as none %t): %s: %s", w, none, a.Value[0].Reasons, because(&a.Frisk.Policies[0]))
				}
			}
		}
	}
}
