package policy

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// The values Graph's signInConditions, signInContext and userSignIn take (Graph:
// whatIf resources of conditionalAccess/evaluate). "hidden" is a level nobody may
// see, so it leaves the answer unknown.
var (
	whatIfClients   = []string{"all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"}
	whatIfPlatforms = []string{"android", "iOS", "windows", "windowsPhone", "macOS", "linux"}
	whatIfRisks     = []string{"none", "low", "medium", "high", "hidden"}
	whatIfInsider   = []string{"none", "minor", "moderate", "elevated"}
	whatIfFlows     = []string{"none", "deviceCodeFlow", "authenticationTransfer"}
	whatIfActions   = []string{"registerSecurityInformation", "registerOrJoinDevices"}
	whatIfTrusts    = []string{"AzureAD", "EntraID", "ServerAD", "Workplace"}
	whatIfGuests    = append([]string{"none"}, guestKindNames[:6]...)
)

// canonical is a copy of q with Graph's spelling of every value. A value Graph
// does not have is an error, all of them in one: taken as a fact it would fit no
// policy, or the wrong one.
func (q WhatIfRequest) canonical() (*WhatIfRequest, error) {
	var bad []error
	word := func(field string, value *string, allowed []string) {
		if *value = strings.TrimSpace(*value); *value == "" {
			return
		}
		for _, w := range allowed {
			if strings.EqualFold(w, *value) {
				*value = w
				return
			}
		}
		bad = append(bad, fmt.Errorf("%s %q: want one of %s", field, *value, strings.Join(allowed, ", ")))
	}
	id, c := &q.Identity, &q.Conditions
	switch user, service := strings.TrimSpace(id.UserID), strings.TrimSpace(id.ServicePrincipalID); {
	case user == "" && service == "":
		bad = append(bad, errors.New("signInIdentity names neither a userId nor a servicePrincipalId"))
	case user != "" && service != "":
		bad = append(bad, errors.New("signInIdentity names a userId and a servicePrincipalId: want one of them"))
	}
	word("signInIdentity.externalUserType", &id.ExternalUserType, whatIfGuests)
	word("signInContext.userAction", &q.Context.UserAction, whatIfActions)
	word("signInConditions.devicePlatform", &c.Platform, whatIfPlatforms)
	word("signInConditions.clientAppType", &c.ClientApp, whatIfClients)
	word("signInConditions.signInRiskLevel", &c.SignInRisk, whatIfRisks)
	word("signInConditions.userRiskLevel", &c.UserRisk, whatIfRisks)
	word("signInConditions.servicePrincipalRiskLevel", &c.ServicePrincipalRisk, whatIfRisks)
	word("signInConditions.insiderRiskLevel", &c.InsiderRisk, whatIfInsider)
	if c.Flow != nil {
		flow := *c.Flow
		c.Flow = &flow
		word("signInConditions.authenticationFlow.transferMethod", &flow.Method, whatIfFlows)
	}
	if c.Device != nil {
		device := *c.Device
		c.Device = &device
		word("signInConditions.deviceInfo.trustType", &device.TrustType, whatIfTrusts)
	}
	bad = append(bad, countryError(&c.Country), contextError(&q.Context.AuthContext))
	if c.IPAddress = strings.TrimSpace(c.IPAddress); c.IPAddress != "" {
		if _, err := netip.ParseAddr(c.IPAddress); err != nil {
			bad = append(bad, fmt.Errorf("signInConditions.ipAddress %q: want an IPv4 or IPv6 address", c.IPAddress))
		}
	}
	return &q, inOneLine(bad)
}

// countryError wants a country as sign-in logs write it: two letters of ISO 3166-1.
func countryError(country *string) error {
	given := strings.TrimSpace(*country)
	c := strings.ToUpper(given)
	*country = c
	letter := func(b byte) bool { return b >= 'A' && b <= 'Z' }
	switch {
	case c == "" || c != "UK" && len(c) == 2 && letter(c[0]) && letter(c[1]):
		return nil
	case c == "UK": // reserved there for other uses, and in no log
		return errors.New(`signInConditions.country "UK": want "GB"`)
	}
	return fmt.Errorf("signInConditions.country %q: want the two letters of ISO 3166, like CH or JP", given)
}

// contextError wants an authentication context's id, c1 to c99.
func contextError(id *string) error {
	s := strings.ToLower(strings.TrimSpace(*id))
	*id = s
	number, ok := strings.CutPrefix(s, "c")
	if n, err := strconv.Atoi(number); s == "" || ok && err == nil && n >= 1 && n <= 99 {
		return nil
	}
	return fmt.Errorf("signInContext.authenticationContextValue %q: want c1 to c99", s)
}

// inOneLine joins errors; nil when there is none.
func inOneLine(list []error) error {
	var out []string
	for _, err := range list {
		if err != nil {
			out = append(out, err.Error())
		}
	}
	if len(out) == 0 {
		return nil
	}
	return errors.New(strings.Join(out, "; "))
}
