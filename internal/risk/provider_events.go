package risk

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// riskVerdict is what one event name of a provider means.
type riskVerdict struct {
	level riskLevel // where the provider gives no level; levelNone = context, not a verdict
	means string
}

// riskEvents are the names providers write, folded to small letters. Entra: Microsoft
// Learn, riskDetection resource (riskEventType) and "What are risk detections?", read
// March 2026; the levels are ours, after the wording there: certain is what Microsoft
// calls confirmed or matched against a known actor, high what needs the account to
// be in other hands already. Google: Reports API, login events. Okta: System Log
// (debugContext.debugData: behaviors, threatSuspected). "generic" is what a tenant
// without a P2 licence sees of any of them. What the person reported is the matter of
// user-reported.
var riskEvents = map[string]riskVerdict{
	"adminconfirmedusercompromised":               {levelCertain, "administrator confirmed the account compromised"},
	"attackerinthemiddle":                         {levelCertain, "adversary in the middle"},
	"nationstateip":                               {levelCertain, "address of a verified threat actor"},
	"verifiedthreatactorip":                       {levelCertain, "address of a verified threat actor"},
	"investigationsthreatintelligence":            {levelCertain, "matches a known attack pattern"},
	"threatintelligence":                          {levelCertain, "matches a known attack pattern"},
	"passwordspray":                               {levelCertain, "password spray in which the password was right"},
	"attemptedprtaccess":                          {levelHigh, "attempt to read the primary refresh token"},
	"tokenissueranomaly":                          {levelHigh, "SAML token issuer looks compromised"},
	"mcassuspiciousinboxmanipulationrules":        {levelHigh, "suspicious inbox rules"},
	"suspiciousinboxmanipulationrules":            {levelHigh, "suspicious inbox rules"},
	"mcassuspiciousinboxforwarding":               {levelHigh, "suspicious inbox forwarding"},
	"suspiciousinboxforwarding":                   {levelHigh, "suspicious inbox forwarding"},
	"suspicioussendingpatterns":                   {levelHigh, "suspicious sending of mail"},
	"userreportedsuspiciousactivity":              {levelNone, "reported by the person"},
	"gov_attack_warning":                          {levelHigh, "government-backed attack warning"},
	"leakedcredentials":                           {levelMedium, "password found among leaked ones"},
	"anomaloustoken":                              {levelMedium, "token with unusual properties"},
	"anomaloususeractivity":                       {levelMedium, "unusual activity of the person"},
	"suspiciousapitraffic":                        {levelMedium, "unusual traffic to Graph or directory"},
	"maliciousipaddress":                          {levelMedium, "address known to be malicious"},
	"maliciousipaddressvalidcredentialsblockedip": {levelMedium, "address known to be malicious, password right"},
	"suspiciousipaddress":                         {levelMedium, "suspicious address"},
	"malwareinfectedipaddress":                    {levelLow, "address of an infected machine"},
	"suspiciousbrowser":                           {levelMedium, "browser that signs in to many tenants"},
	"mcasimpossibletravel":                        {levelMedium, "impossible travel"},
	"impossibletravel":                            {levelMedium, "impossible travel"},
	"mcasfinsuspiciousfileaccess":                 {levelMedium, "mass access to files"},
	"riskyipaddress":                              {levelLow, "activity from an anonymous address"},
	"anonymizedipaddress":                         {levelLow, "anonymous address"},
	"unlikelytravel":                              {levelLow, "atypical travel"},
	"newcountry":                                  {levelLow, "new country"},
	"unfamiliarfeatures":                          {levelLow, "unfamiliar sign-in properties"},
	"generic":                                     {levelLow, "some risk that the licence does not name"},
	"is_suspicious":                               {levelMedium, "login Google called suspicious"},
	"suspicious_login":                            {levelMedium, "login Google called suspicious"},
	"suspicious_login_less_secure_app":            {levelMedium, "suspicious login from a less secure app, blocked"},
	"suspicious_programmatic_login":               {levelMedium, "suspicious login by a program, blocked"},
	"threatsuspected":                             {levelMedium, "address Okta ThreatInsight suspects"},
	"attackip":                                    {levelMedium, "address on a list of attackers"},
	"velocity":                                    {levelLow, "faster than Okta thinks anybody travels"},
	"new geo-location":                            {levelNone, "new place"},
	"new city":                                    {levelNone, "new city"},
	"new state":                                   {levelNone, "new state"},
	"new country":                                 {levelNone, "new country"},
	"new device":                                  {levelNone, "new device"},
	"new ip":                                      {levelNone, "new address"},
}

// spoken is a list of events read once.
type spoken struct {
	level riskLevel
	means string // of those known, joined
}

// eventsOf reads a list of events. Names nobody documented say nothing.
func eventsOf(list string) (out spoken) {
	names, err := signin.DecodeList[string](signin.List(list))
	if err != nil {
		return out
	}
	var means []string
	for _, n := range names {
		v, ok := riskEvents[foldASCII(n)]
		if !ok {
			v = assessment(n)
		}
		out.level = max(out.level, v.level)
		if v.means != "" && !slices.Contains(means, v.means) {
			means = append(means, v.means)
		}
	}
	out.means = strings.Join(means, "; ")
	return out
}

// assessment reads "name:level" of Duo's risk-based policies and "name:code" of
// Auth0's low confidence, which the formats write only where the trust is not normal.
func assessment(event string) riskVerdict {
	name, word, ok := strings.Cut(event, ":")
	if !ok || name == "" || word == "" || strings.Contains(name, " ") {
		return riskVerdict{}
	}
	return riskVerdict{levelLow, name + " (" + word + ")"}
}

// eventText is a list of events as a reader wants it.
func eventText(list string) string {
	names, err := signin.DecodeList[string](signin.List(list))
	if err != nil {
		return list
	}
	return strings.Join(names, ", ")
}
