package synth

// ruleSet is a set of rules as includeRulesSatisfied and excludeRulesSatisfied
// name them (Graph beta conditionalAccessRuleSatisfied; reference 2.4). They
// name kinds of rules, never ids.
type ruleSet uint16

const (
	ruleAllApps ruleSet = 1 << iota
	ruleAppID
	ruleOffice365
	ruleAllUsers
	ruleGroup
	ruleRole
	ruleGuest
	rulePlatform
	ruleAllLocations
	ruleTrusted
	ruleLocation
	ruleFilter
	ruleFilterUnmatched
)

// ruleTexts are the rules by bit, in the order they are written.
var ruleTexts = []struct{ condition, rule string }{
	{"application", "allApps"},
	{"application", "appId"},
	{"application", "office365"},
	{"users", "allUsers"},
	{"users", "groupId"},
	{"users", "roleId"},
	{"users", "guest"},
	{"devicePlatform", "devicePlatform"},
	{"location", "allLocations"},
	{"location", "allTrustedLocations"},
	{"location", "locationId"},
	{"deviceState", "deviceFilter"},
	{"deviceState", "deviceFilterIncludeRuleNotMatched"},
}
