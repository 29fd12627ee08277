package policy

// Words lists the session controls for people, with what they change.
func (s *Session) Words() []string {
	var out []string
	switch s.Frequency {
	case 0:
	case EveryTime:
		out = append(out, "sign-in frequency: every time")
	default:
		out = append(out, "sign-in frequency: "+spanText(s.Frequency))
	}
	if s.SecondaryOnly && s.Frequency != 0 {
		out = append(out, "second factor only")
	}
	switch s.Persistent {
	case "never":
		out = append(out, "persistent browser: never (the session ends with the browser, whatever the person answers to \"stay signed in\")")
	case "always":
		out = append(out, "persistent browser: always (the session outlives the browser)")
	case "":
	default:
		out = append(out, "persistent browser: "+s.Persistent+" (not a mode: no effect)")
	}
	if s.TokenProtection {
		out = append(out, "token protection (a token that is not bound to a device is refused)")
	}
	if s.AppEnforced {
		out = append(out, "app enforced restrictions (Exchange and SharePoint show less; access stays)")
	}
	switch s.CloudAppSecurity {
	case "":
	case "blockDownloads":
		out = append(out, "app control: blockDownloads (the session runs through Defender for Cloud Apps, without downloads)")
	case "monitorOnly":
		out = append(out, "app control: monitorOnly (the session runs through Defender for Cloud Apps, watched)")
	default:
		out = append(out, "app control: "+s.CloudAppSecurity+" (the session runs through Defender for Cloud Apps)")
	}
	switch s.CAE {
	case "":
	case "disabled":
		out = append(out, "continuous access evaluation: disabled (tokens live an hour instead of up to 28)")
	case "strictLocation":
		out = append(out, "continuous access evaluation: strictLocation (a resource that sees another address than Entra did ends the session at once)")
	default:
		out = append(out, "continuous access evaluation: "+s.CAE)
	}
	if s.ResilienceOff {
		out = append(out, "resilience defaults off (in an outage expired sessions are refused)")
	}
	if s.Filtering != "" {
		out = append(out, "Global Secure Access filtering profile "+s.Filtering+" (web filtering; no sign-in is refused)")
	}
	return out
}
