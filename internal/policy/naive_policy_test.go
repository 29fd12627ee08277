package policy_test

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The naive evaluator is a second, deliberately slow reading of the reference
// text (sections 1.1 to 1.10). It shares no code with the engine: it decodes the
// Graph JSON into its own structs, keeps its own three-valued logic, and asks
// every rule of every policy one after the other.

// answer is three-valued; the zero value is maybe.
type answer int

const (
	maybe answer = iota
	no
	yes
)

func (a answer) String() string { return [...]string{"unknown", "false", "true"}[a] }

func sure(b bool) answer {
	if b {
		return yes
	}
	return no
}

func both(a, b answer) answer {
	if a == no || b == no {
		return no
	}
	if a == maybe || b == maybe {
		return maybe
	}
	return yes
}

func either(a, b answer) answer {
	if a == yes || b == yes {
		return yes
	}
	if a == maybe || b == maybe {
		return maybe
	}
	return no
}

func not(a answer) answer {
	if a == yes {
		return no
	}
	if a == no {
		return yes
	}
	return maybe
}

// naivePolicy is a Graph conditionalAccessPolicy. The fields without a meaning
// in the reference (Times, Agents, Strange) stand for the keys of tomorrow.
type naivePolicy struct {
	ID         string          `json:"id"`
	Name       string          `json:"displayName"`
	State      string          `json:"state"`
	Conditions naiveConditions `json:"conditions"`
	Grant      *naiveGrant     `json:"grantControls"`
	Session    *naiveSession   `json:"sessionControls,omitempty"`
}

type naiveConditions struct {
	Users       *naiveUsers     `json:"users,omitempty"`
	Workload    *naiveWorkload  `json:"clientApplications,omitempty"`
	Apps        *naiveApps      `json:"applications,omitempty"`
	ClientTypes []string        `json:"clientAppTypes,omitempty"`
	Platforms   *naivePlatforms `json:"platforms,omitempty"`
	Locations   *naiveLocations `json:"locations,omitempty"`
	SignInRisk  []string        `json:"signInRiskLevels,omitempty"`
	UserRisk    []string        `json:"userRiskLevels,omitempty"`
	ServiceRisk []string        `json:"servicePrincipalRiskLevels,omitempty"`
	InsiderRisk string          `json:"insiderRiskLevels,omitempty"`
	Devices     *naiveDevices   `json:"devices,omitempty"`
	Flows       *naiveFlows     `json:"authenticationFlows,omitempty"`
	Times       *naiveStrange   `json:"times,omitempty"`
	Agents      *naiveStrange   `json:"agents,omitempty"`
}

type naiveStrange struct {
	Include []string `json:"include,omitempty"`
}

type naiveUsers struct {
	IncludeUsers  []string     `json:"includeUsers,omitempty"`
	ExcludeUsers  []string     `json:"excludeUsers,omitempty"`
	IncludeGroups []string     `json:"includeGroups,omitempty"`
	ExcludeGroups []string     `json:"excludeGroups,omitempty"`
	IncludeRoles  []string     `json:"includeRoles,omitempty"`
	ExcludeRoles  []string     `json:"excludeRoles,omitempty"`
	IncludeGuests *naiveGuests `json:"includeGuestsOrExternalUsers,omitempty"`
	ExcludeGuests *naiveGuests `json:"excludeGuestsOrExternalUsers,omitempty"`
	Strange       []string     `json:"includeTeams,omitempty"` // an include list nobody knows
}

type naiveGuests struct {
	Kinds   string        `json:"guestOrExternalUserTypes"`
	Tenants *naiveTenants `json:"externalTenants,omitempty"`
}

type naiveTenants struct {
	Kind    string   `json:"membershipKind"`
	Members []string `json:"members,omitempty"`
}

type naiveWorkload struct {
	Include []string     `json:"includeServicePrincipals,omitempty"`
	Exclude []string     `json:"excludeServicePrincipals,omitempty"`
	Filter  *naiveFilter `json:"servicePrincipalFilter,omitempty"`
}

type naiveApps struct {
	Include  []string     `json:"includeApplications,omitempty"`
	Exclude  []string     `json:"excludeApplications,omitempty"`
	Actions  []string     `json:"includeUserActions,omitempty"`
	Contexts []string     `json:"includeAuthenticationContextClassReferences,omitempty"`
	Filter   *naiveFilter `json:"applicationFilter,omitempty"`
}

type naiveFilter struct {
	Mode string `json:"mode"`
	Rule string `json:"rule"`
}

type naivePlatforms struct {
	Include []string `json:"includePlatforms,omitempty"`
	Exclude []string `json:"excludePlatforms,omitempty"`
}

type naiveLocations struct {
	Include []string `json:"includeLocations,omitempty"`
	Exclude []string `json:"excludeLocations,omitempty"`
}

type naiveDevices struct {
	Filter  *naiveFilter `json:"deviceFilter,omitempty"`
	Include []string     `json:"includeDeviceStates,omitempty"`
	Exclude []string     `json:"excludeDeviceStates,omitempty"`
}

type naiveFlows struct {
	Methods string `json:"transferMethods"`
}

type naiveGrant struct {
	Operator string         `json:"operator"`
	Controls []string       `json:"builtInControls,omitempty"`
	Custom   []string       `json:"customAuthenticationFactors,omitempty"`
	Terms    []string       `json:"termsOfUse,omitempty"`
	Strength *naiveStrength `json:"authenticationStrength,omitempty"`
}

type naiveStrength struct {
	ID           string          `json:"id"`
	Combinations []string        `json:"allowedCombinations,omitempty"`
	Limits       []naiveKeyLimit `json:"combinationConfigurations,omitempty"`
}

type naiveKeyLimit struct {
	Type string   `json:"@odata.type"`
	ID   string   `json:"id"`
	Keys []string `json:"allowedAAGUIDs"`
	To   []string `json:"appliesToCombinations"`
}

type naiveSession struct {
	Frequency  *naiveFrequency  `json:"signInFrequency,omitempty"`
	Persistent *naivePersistent `json:"persistentBrowser,omitempty"`
	Token      *naiveToken      `json:"secureSignInSession,omitempty"`
}

type naiveFrequency struct {
	Enabled  bool    `json:"isEnabled"`
	Type     *string `json:"type"`
	Value    *int    `json:"value"`
	Interval string  `json:"frequencyInterval,omitempty"`
	Factors  string  `json:"authenticationType,omitempty"`
}

type naivePersistent struct {
	Enabled bool   `json:"isEnabled"`
	Mode    string `json:"mode"`
}

type naiveToken struct {
	Enabled bool `json:"isEnabled"`
}

// naiveLocation is a Graph namedLocation of any kind.
type naiveLocation struct {
	Type      string       `json:"@odata.type"`
	ID        string       `json:"id"`
	Name      string       `json:"displayName"`
	Trusted   bool         `json:"isTrusted,omitempty"`
	Ranges    []naiveRange `json:"ipRanges,omitempty"`
	Countries []string     `json:"countriesAndRegions,omitempty"`
	Unknown   bool         `json:"includeUnknownCountriesAndRegions,omitempty"`
	Lookup    string       `json:"countryLookupMethod,omitempty"`
}

type naiveRange struct {
	Type string `json:"@odata.type"`
	CIDR string `json:"cidrAddress"`
}

// readNaive decodes what the generator wrote, so that the decoding is under test too.
func readNaive(policies, locations []byte) ([]naivePolicy, []naiveLocation, error) {
	var p []naivePolicy
	if err := json.Unmarshal(policies, &p); err != nil {
		return nil, nil, fmt.Errorf("read policies: %w", err)
	}
	var l []naiveLocation
	if err := json.Unmarshal(locations, &l); err != nil {
		return nil, nil, fmt.Errorf("read locations: %w", err)
	}
	return p, l, nil
}

// says reports whether a list holds a word, in any case (reference 8: enum case varies).
func says(list []string, word string) bool {
	for _, s := range list {
		if strings.EqualFold(s, word) {
			return true
		}
	}
	return false
}

// flags splits a flags enum: comma joined in JSON (reference 1.3, 1.6).
func flags(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
