package ingest

import (
	"net/netip"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// lowerGUID gives a canonical GUID in lower case and any other text unchanged.
func lowerGUID(s string) string {
	if len(s) != 36 {
		return s
	}
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'F' {
			if g, ok := signin.ParseGUID(s); ok {
				return g.String()
			}
			return s
		}
	}
	return s
}

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// words are the enum members of Microsoft Graph that exports also write as
// display text ("Primary Refresh Token", "Not Applied"). Unknown words stay as
// they are, so that a member added later survives.
var words = func() map[string]string {
	m := map[string]string{}
	for _, w := range []string{
		"none", "unknown", "unknownFutureValue", "success", "failure", "notApplied", "notEnabled", "interrupt",
		"reportOnlySuccess", "reportOnlyFailure", "reportOnlyNotApplied", "reportOnlyInterrupted",
		"oAuth2", "ropc", "wsFederation", "saml20", "deviceCode", "authenticationTransfer", "nativeAuth",
		"deviceCodeFlow", "primaryRefreshToken", "refreshToken", "saml11", "remoteDesktopToken",
		"b2bCollaboration", "b2bDirectConnect", "microsoftSupport", "serviceProvider", "passthrough",
		"low", "medium", "high", "hidden", "confirmedSafe", "remediated", "dismissed", "atRisk", "confirmedCompromised",
		"bound", "unbound",
	} {
		m[fold(w)] = w
		m[w] = w
	}
	return m
}()

// canonical gives the Graph spelling of an enum member.
func canonical(v string) string {
	if v == "" {
		return ""
	}
	if w, ok := words[v]; ok {
		return w
	}
	if w, ok := words[fold(v)]; ok {
		return w
	}
	return v
}

// fold keeps letters and digits, in lower case.
func fold(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80:
			b = append(b, c)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		}
	}
	return string(b)
}

// parseAddr reads an address in the forms logs use: bare, with a port
// ("198.51.100.7:443", "[2001:db8::1]:443"), with a zone, IPv4 mapped into
// IPv6. The zero Addr with ok means that the text says there is none.
func parseAddr(s string) (a netip.Addr, port uint16, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || s == "-" || s == "null" || s == "::" || s == "0.0.0.0" {
		return netip.Addr{}, 0, true
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		host := s
		if s[0] == '[' {
			end := strings.IndexByte(s, ']')
			if end < 0 {
				return netip.Addr{}, 0, false
			}
			host = s[1:end]
			s = s[end+1:]
		} else if strings.Count(s, ":") == 1 {
			host, s, _ = strings.Cut(s, ":")
			s = ":" + s
		}
		if a, err = netip.ParseAddr(host); err != nil {
			return netip.Addr{}, 0, false
		}
		if p, err := strconv.ParseUint(strings.TrimPrefix(s, ":"), 10, 16); err == nil {
			port = uint16(p)
		}
	}
	return a.Unmap().WithZone(""), port, true
}

// parseASN reads 64500 and "AS64500".
func parseASN(s string) uint32 {
	s = strings.TrimSpace(s)
	if len(s) > 2 && (s[0] == 'A' || s[0] == 'a') && (s[1] == 'S' || s[1] == 's') {
		s = s[2:]
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// trustOf maps the join types of the sign-in log and of device objects to the
// words of Conditional Access device filters. known is false for other words.
func trustOf(s string) (t signin.Trust, known bool) {
	switch s { // the usual words, without the work of folding
	case "":
		return signin.TrustUnknown, true
	case "Azure AD joined":
		return signin.AzureAD, true
	case "Hybrid Azure AD joined":
		return signin.ServerAD, true
	case "Azure AD registered":
		return signin.Workplace, true
	}
	w := fold(s)
	switch {
	case w == "":
		return signin.TrustUnknown, true
	case w == "none" || w == "unregistered":
		return signin.TrustNone, true
	case strings.Contains(w, "hybrid"), w == "serverad", strings.Contains(w, "domainjoined"):
		return signin.ServerAD, true
	case strings.Contains(w, "registered"), strings.HasPrefix(w, "workplace"):
		return signin.Workplace, true
	case strings.Contains(w, "joined"), w == "azuread":
		return signin.AzureAD, true
	}
	return signin.TrustUnknown, false
}
