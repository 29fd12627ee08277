package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// clientAppTypes: browser, modern client, Exchange ActiveSync, or a legacy
// protocol (reference 1.6; the split is that of Microsoft's Conditional Access
// Gap Analyzer workbook: not Browser and not Mobile/Desktop is legacy).
var _ = register(Condition{
	Name:       "clientAppTypes",
	Doc:        "the client: browser, mobile app or desktop client, Exchange ActiveSync, or other (every legacy protocol), from clientAppUsed",
	Unknown:    "a row without clientAppUsed",
	Bit:        BitClient,
	Dims:       []signin.Dim{signin.DimClient, signin.DimOS, signin.DimUserAgent},
	stage:      2,
	configured: func(p *plan) bool { return len(p.ClientTypes) > 0 && !slices.Contains(p.ClientTypes, "all") },
	dim:        byClient,
	test:       testClient,
})

// clientClass is what kind of client a row names.
type clientClass uint8

const (
	clientUnseen clientClass = iota // not looked at yet
	clientUnsaid
	clientBrowser
	clientModern
	clientEAS
	clientOther
	// clientNone is that of a what-if question which names none: of no type a policy
	// can list, and no legacy one either.
	clientNone
)

var clientTypeNames = [...]string{"", "", "browser", "mobileappsanddesktopclients", "exchangeactivesync", "other", "not given"}

// classOf reads clientAppUsed, and Graph's clientAppType as well.
func classOf(text string) clientClass {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "unknown", "none":
		return clientUnsaid
	case "browser":
		return clientBrowser
	case "mobile apps and desktop clients", "mobileappsanddesktopclients", "modern":
		return clientModern
	case "exchange activesync", "exchange active sync", "exchangeactivesync", "easunsupported", "eassupported":
		return clientEAS
	case clientNotGiven:
		return clientNone
	}
	return clientOther
}

// legacy reports whether the client cannot answer a prompt nor prove a device.
func (c clientClass) legacy() bool { return c == clientEAS || c == clientOther }

// client is the class of the row's client, remembered per code.
func (ev *Evaluator) client(r *signin.Row) clientClass {
	c := r.C[signin.DimClient]
	for int(c) >= len(ev.clients) {
		ev.clients = append(ev.clients, clientUnseen)
	}
	if ev.clients[c] == clientUnseen {
		ev.clients[c] = classOf(ev.sym.Text(r, signin.DimClient))
	}
	return ev.clients[c]
}

func testClient(x *sight, p *plan) signin.Truth {
	text := x.text(signin.DimClient)
	class := x.ev.client(x.r)
	if class == clientUnsaid {
		return x.say(signin.Unknown, "the row does not say which client was used")
	}
	if slices.Contains(p.ClientTypes, clientTypeNames[class]) ||
		class == clientEAS && slices.Contains(p.ClientTypes, "easunsupported") {
		return x.say(signin.True, "client %q is of an included type", text)
	}
	if class == clientEAS && slices.Contains(p.ClientTypes, "eassupported") {
		if name, known := x.platform(); known && name != "" {
			return x.say(signin.True, "Exchange ActiveSync on the supported platform %s", name)
		}
		return x.say(signin.Unknown, "whether the platform of the Exchange ActiveSync client is a supported one")
	}
	return x.say(signin.False, "client %q is of none of the included types", text)
}
