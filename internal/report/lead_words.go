package report

// perWeek is the window, in days, from which figures are told per week: what a
// shorter one says about a week is an extrapolation.
const perWeek = 7

// short reports a window under a week; sentences then speak of its days.
func (v *view) short() bool { return v.in.Days > 0 && v.in.Days < perWeek }

// per scales a weekly figure to what sentences speak of.
func (v *view) per(r Range) Range {
	if v.short() {
		return r.Times(v.in.Days / perWeek)
	}
	return r
}

// span is what sentences speak of: "a week", or "in 3 days".
func (v *view) span() string {
	if v.short() {
		return "in " + plural(max(1, int(v.in.Days+0.5)), "day", "days")
	}
	return "a week"
}

// times is how often a person is asked, given a weekly figure: "4.4 times a week".
func (v *view) times(r Range) string { return num(v.per(r)) + " times " + v.span() }

// factWords turns the name of a condition into the fact it needs; other names
// stay as they are.
func factWords(name string) string {
	if w := factNames[name]; w != "" {
		return w
	}
	return name
}

var factNames = map[string]string{
	"users": "group membership", "applications": "the application signed in to", "clientAppTypes": "the kind of client",
	"deviceFilter": "device properties", "deviceStates": "the state of the device", "authenticationFlows": "the way of signing in (device code, transfer)",
	"insiderRiskLevels": "insider risk", "locations": "location", "platforms": "the operating system", "signInRiskLevels": "sign-in risk",
	"servicePrincipalRiskLevels": "workload risk", "userRiskLevels": "user risk", "clientApplications": "the workload identity",
	"session": "how old the session’s proof of identity is",
}
