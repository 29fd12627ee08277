package policy_test

import (
	"strings"
)

// level: 1.6, list membership and not a threshold; hidden is unknown.
func level(list []string, is string) answer {
	if is == "" || strings.EqualFold(is, "hidden") {
		return maybe
	}
	return sure(says(list, is))
}

func (c *naiveCase) signInRisk() answer {
	return level(c.policy.Conditions.SignInRisk, c.event.Risk.Level)
}

// userRisk: 1.6, not in the sign-in row but in the risk history.
func (c *naiveCase) userRisk() answer {
	known := c.tenant.Context.UserRisk
	if known == "" && c.person() != "" {
		known = c.tenant.risk("user", c.person(), c.event.Time)
	}
	return level(c.policy.Conditions.UserRisk, known)
}

func (c *naiveCase) insiderRisk() answer {
	known := c.tenant.Context.InsiderRisk
	if known == "" && c.person() != "" {
		known = c.tenant.risk("insider", c.person(), c.event.Time)
	}
	return level(flags(c.policy.Conditions.InsiderRisk), known)
}

func (c *naiveCase) serviceRisk() answer {
	known := c.tenant.Context.ServicePrincipalRisk
	if known == "" {
		known = c.tenant.risk("service", c.event.Principal.ID, c.event.Time)
	}
	return level(c.policy.Conditions.ServiceRisk, known)
}

// client: 1.6, table clientAppUsed.
func (c *naiveCase) client() answer {
	list := c.policy.Conditions.ClientTypes
	if says(list, "all") {
		return yes
	}
	switch c.event.Client {
	case "":
		return maybe
	case "Browser":
		return sure(says(list, "browser"))
	case "Mobile Apps and Desktop clients":
		return sure(says(list, "mobileAppsAndDesktopClients"))
	case "Exchange ActiveSync":
		return sure(says(list, "exchangeActiveSync"))
	}
	return sure(says(list, "other"))
}

// legacy: 1.6, not Browser and not Mobile or Desktop.
func (c *naiveCase) legacy() bool {
	return c.event.Client != "" && c.event.Client != "Browser" && c.event.Client != "Mobile Apps and Desktop clients"
}

// platform is the device platform of a row, "" when nobody can tell, "other"
// for one that matches only all (1.6).
func (c *naiveCase) platform() string {
	if os := strings.ToLower(c.event.Device.OS); os != "" {
		switch {
		case strings.HasPrefix(os, "windows phone"), strings.HasPrefix(os, "windowsphone"):
			return "windowsPhone"
		case strings.HasPrefix(os, "windows"):
			return "windows"
		case strings.HasPrefix(os, "ios"), strings.HasPrefix(os, "ipados"):
			return "iOS"
		case strings.HasPrefix(os, "macos"), strings.HasPrefix(os, "mac os"):
			return "macOS"
		case strings.HasPrefix(os, "android"):
			return "android"
		case strings.HasPrefix(os, "linux"):
			return "linux"
		}
		return "other"
	}
	agent := c.event.UserAgent
	switch {
	case agent == "":
		return ""
	case strings.Contains(agent, "Windows Phone"):
		return "windowsPhone"
	case strings.Contains(agent, "Windows NT"):
		return "windows"
	case strings.Contains(agent, "Android"):
		return "android"
	case strings.Contains(agent, "iPhone"), strings.Contains(agent, "iPad"):
		return "iOS"
	case strings.Contains(agent, "Macintosh"):
		return "macOS"
	case strings.Contains(agent, "CrOS"):
		return "other"
	case strings.Contains(agent, "Linux"):
		return "linux"
	}
	return "other"
}

func (c *naiveCase) platforms() answer {
	p := c.policy.Conditions.Platforms
	return both(c.onPlatform(p.Include), not(c.onPlatform(p.Exclude)))
}

func (c *naiveCase) onPlatform(list []string) answer {
	if len(list) == 0 {
		return no
	}
	if says(list, "all") {
		return yes
	}
	is := c.platform()
	if is == "" {
		return maybe
	}
	return sure(says(list, is))
}

// flows: 1.6. Device code matches in this request or by protocol tracking.
func (c *naiveCase) flows() answer {
	out := no
	for _, m := range flags(c.policy.Conditions.Flows.Methods) {
		if m == "deviceCodeFlow" && c.event.Protocol == "deviceCode" {
			return yes
		}
		if c.event.Transfer == "" {
			out = either(out, maybe)
		} else {
			out = either(out, sure(c.event.Transfer == m))
		}
	}
	return out
}

// deviceStates: 1.6, deprecated.
func (c *naiveCase) deviceStates() answer {
	d := c.policy.Conditions.Devices
	return both(c.inState(d.Include), not(c.inState(d.Exclude)))
}

func (c *naiveCase) inState(list []string) answer {
	out := no
	for _, s := range list {
		switch {
		case strings.EqualFold(s, "All"):
			out = yes
		case strings.EqualFold(s, "Compliant"):
			out = either(out, c.attributeIs("isCompliant", "True"))
		case strings.EqualFold(s, "DomainJoined"):
			out = either(out, c.attributeIs("trustType", "ServerAD"))
		}
	}
	return out
}

// scope: 1.1 (first factor), 1.3 (outbound), and rows Entra did not write.
func (c *naiveCase) outOfScope() bool {
	e := c.event
	if e.Provider != "entra" || e.Reason.FirstFactorFailed() {
		return true
	}
	own := c.tenant.Options.Tenant
	return own != "" && e.ResourceTenant != "" && !strings.EqualFold(e.ResourceTenant, own) && strings.EqualFold(e.HomeTenant, own)
}
