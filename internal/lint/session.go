package lint

import (
	"slices"
	"strconv"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
)

var _ = register(Rule{
	Code: "invalid-session", Level: Error,
	Doc: "Session controls that Entra does not accept: persistentBrowser without all resources, continuous access evaluation disabled with anything but all resources and no condition, " +
		"a sign-in frequency out of range (1 to 23 hours, 1 to 365 days), session controls for workload identities.",
	Source: "Conditional Access: session (concept-conditional-access-session, howto-conditional-access-session-lifetime)",
	check: func(p *pass) {
		for _, q := range p.policies {
			p.invalidSession(q)
			p.frequency(q)
		}
	},
})

const sessionPath = ".sessionControls"

func (p *pass) invalidSession(q *policy.Policy) {
	s := &q.Session
	if s.Persistent != "" && !has(q.Apps.Include, "all") {
		p.about(q, note{path: sessionPath + ".persistentBrowser", fix: "target all resources"}, "a persistent browser session can only be set for all resources")
	}
	if s.Persistent != "" && s.Persistent != "always" && s.Persistent != "never" {
		p.about(q, note{path: sessionPath + ".persistentBrowser.mode", fix: "use always or never"}, "persistentBrowser mode %q is neither always nor never", s.Persistent)
	}
	const cae = sessionPath + ".continuousAccessEvaluation"
	switch mode := strings.ToLower(s.CAE); mode {
	case "", "strictlocation":
	case "disabled":
		if !everything(q) || !unconditional(q) {
			p.about(q, note{path: cae, fix: "target all resources, with no condition"},
				"continuous access evaluation can only be disabled for all resources and without conditions")
		}
	case "strictenforcement":
		p.about(q, note{level: Info, path: cae, fix: "use strictLocation"}, "strictEnforcement is the old name of strictLocation")
	default:
		p.about(q, note{level: Warning, path: cae, fix: "use disabled or strictLocation"}, "unknown continuous access evaluation mode %q", s.CAE)
	}
	if q.Workload != nil && *s != (policy.Session{}) {
		p.about(q, note{path: sessionPath, fix: "take them out"}, "session controls do not apply to workload identities")
	}
}

// frequency judges the value as written; the reader has already said what does not parse.
func (p *pass) frequency(q *policy.Policy) {
	const path = sessionPath + ".signInFrequency"
	read := func(key string) *value { return p.in.Files.value(q.File, q.Path+path+"."+key) }
	kind, count, interval := read("type"), read("value"), read("frequencyInterval")
	if q.Session.Frequency == 0 || count == nil || count.kind == 'n' {
		return
	}
	if interval != nil && strings.EqualFold(interval.text, "everyTime") {
		p.about(q, note{level: Info, path: path + ".value", fix: "set value and type to null"}, "the value is ignored: the frequency is every time")
		return
	}
	n, err := strconv.Atoi(count.text)
	if err != nil || kind == nil {
		return
	}
	switch k := strings.ToLower(kind.text); {
	case k == "hours" && n > 23:
		p.about(q, note{path: path + ".value", fix: "use days for anything longer than 23 hours"}, "sign-in frequency of %d hours is out of range: 1 to 23", n)
	case k == "days" && n > 365:
		p.about(q, note{path: path + ".value", fix: "use at most 365 days"}, "sign-in frequency of %d days is out of range: 1 to 365", n)
	}
}

var _ = register(Rule{
	Code: "token-protection", Level: Warning,
	Doc: "Token protection works for native Windows clients of Exchange Online, SharePoint Online, Teams, Azure Virtual Desktop and Windows 365 only. " +
		"With browsers, other platforms or the whole Office 365 group it blocks people who cannot meet it.",
	Source: "Conditional Access: token protection (concept-token-protection)",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			if q.Session.TokenProtection {
				p.tokenProtection(q)
			}
		})
	},
})

func (p *pass) tokenProtection(q *policy.Policy) {
	say := func(path, fix, text string) { p.about(q, note{path: ".conditions." + path, fix: fix}, "%s", text) }
	if policycmp.AllClients(q) || !policycmp.Subset(q.ClientTypes, []string{"mobileappsanddesktopclients"}) {
		say("clientAppTypes", "leave only mobileAppsAndDesktopClients", "token protection blocks clients that are not native applications, browsers among them")
	}
	if slices.ContainsFunc(platforms, func(s string) bool { return s != "windows" && onPlatform(q, s) }) {
		say("platforms", "leave only windows", "token protection works on Windows only; the policy also covers other platforms")
	}
	if has(q.Apps.Include, "office365") || has(q.Apps.Include, "all") {
		say("applications.includeApplications", "name Exchange Online, SharePoint Online and Teams one by one",
			"token protection works for a few resources only; the policy targets Office 365 or everything")
	}
}

var _ = register(Rule{
	Code: "off-schema", Level: Info,
	Doc:    "A value is not of the type Graph's schema has there. It was kept; a warning says that it is not evaluated.",
	Fix:    "write it the way Graph exports it",
	Source: "Graph: conditionalAccessPolicy (schema)",
	check: func(p *pass) {
		for _, q := range p.policies {
			const path = ".conditions.authenticationFlows.transferMethods"
			if v := p.in.Files.value(q.File, q.Path+path); v != nil && v.kind == '[' {
				p.about(q, note{path: path, fix: `write the flags as one text: "deviceCodeFlow,authenticationTransfer"`},
					"transferMethods is an array; Graph takes one text of flags and refuses the array")
			}
		}
	},
})
