package ingest

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"frisk/internal/signin"
)

// Cisco ASA and Firepower (FTD) messages, by their number (Cisco Secure Firewall
// ASA Series Syslog Messages). The number alone tells the outcome.

// asaMessage is how the text of a message number is read. Groups of the pattern
// are named user, ip, port, why, group.
type asaMessage struct {
	outcome signin.Outcome
	reason  signin.Reason
	app     string
	pattern *regexp.Regexp
}

// asa makes a pattern: blanks match any number of blanks, and the values that
// some versions put into <> match with and without. A name may hold anything,
// what follows it in the message included, so it reaches as far as it can.
func asa(outcome signin.Outcome, reason signin.Reason, app, pattern string) *asaMessage {
	p := strings.NewReplacer(
		" ", `\s*`,
		// The angle brackets, where there are any, tell "Group <VPN-Users> User <ada>" apart.
		"{who}", `Group(?:\s*<(?P<group>.*?)>\s*User\s*<(?P<user>.*)>|\s+(?P<group2>.*?)\s+User\s+(?P<user2>.*))\s*IP`,
		"{group}", `<?(?P<group>.*?)>?`,
		"{user}", `[<'"]?(?P<user>.*)`,
		"{ip}", `<?(?P<ip>[0-9A-Fa-f:.%]+)>?`,
	).Replace(pattern)
	return &asaMessage{outcome, reason, app, regexp.MustCompile(`(?i)^` + p)}
}

const (
	asaVPN   = "VPN"
	asaAdmin = "administration"
	asaCut   = "firewall authentication"
)

var asaMessages = map[string]*asaMessage{
	"109005": asa(signin.Success, 0, asaCut, `Authentication succeeded for user {user} from {ip} /(?P<port>\d+) to `),
	"109006": asa(signin.Failure, signin.BadPassword, asaCut, `Authentication failed for user {user} from {ip} /(?P<port>\d+) to `),
	"113005": asa(signin.Failure, signin.BadPassword, "", `AAA user authentication Rejected : reason = (?P<why>.*?) : server = .*? : user = {user}$`),
	"113006": asa(signin.Failure, signin.Locked, "", `User {user} locked out on exceeding `),
	"113014": asa(signin.Failure, signin.ServiceError, "", `AAA authentication server not accessible : server = .*? : user = {user}$`),
	"113015": asa(signin.Failure, signin.BadPassword, "", `AAA user authentication Rejected : reason = (?P<why>.*?) : local database : user = {user}$`),
	"113016": asa(signin.Failure, signin.BadPassword, "", `AAA credentials rejected : reason = (?P<why>.*?) : server = .*? : user = {user}$`),
	"113017": asa(signin.Failure, signin.BadPassword, "", `AAA credentials rejected : reason = (?P<why>.*?) : local database : user = {user}$`),
	"113039": asa(signin.Success, 0, asaVPN, `{who} {ip} AnyConnect parent session started`),
	"605004": asa(signin.Failure, signin.BadPassword, asaAdmin, `Login denied from (?:{ip}|serial)(?:/(?P<port>\d+))? to .*? for user {user}$`),
	"605005": asa(signin.Success, 0, asaAdmin, `Login permitted from (?:{ip}|serial)(?:/(?P<port>\d+))? to .*? for user {user}$`),
	"611101": asa(signin.Success, 0, asaAdmin, `User authentication succeeded: IP(?: address)? ?:? ?(?:{ip})?,? Uname: {user}$`),
	"611102": asa(signin.Failure, signin.BadPassword, asaAdmin, `User authentication failed: IP(?: address)? ?:? ?(?:{ip})?,? Uname: {user}$`),
	"713228": asa(signin.Success, 0, asaVPN, `(?:Group = {group}, )?Username = {user}, IP = {ip}, Assigned private IP address `),
	"716001": asa(signin.Success, 0, asaVPN, `{who} {ip} WebVPN session started`),
	"716038": asa(signin.Success, 0, asaVPN, `{who} {ip} Authentication: successful`),
	"716039": asa(signin.Failure, signin.BadPassword, asaVPN, `{who} {ip} Authentication: rejected`),
	"734002": asa(signin.Failure, signin.PolicyBlock, asaVPN, `DAP: User {user}, Addr {ip} ?: Connection terminated by the following DAP records: (?P<why>.*)$`),
	"751025": asa(signin.Success, 0, asaVPN, `Local:\S+ Remote: {ip} Username: {user}\sGroup: {group} IPv4 Address`),
}

// asaReasons classes the reason of 113005 and its like.
var asaReasons = []struct {
	word   string
	reason signin.Reason
}{
	{"user was not found", signin.NoSuchUser},
	{"unknown user", signin.NoSuchUser},
	{"invalid password", signin.BadPassword},
	{"disabled", signin.Disabled},
	{"account expired", signin.Disabled},
	{"password expired", signin.ExpiredPassword},
	{"password has expired", signin.ExpiredPassword},
	{"locked", signin.Locked},
	{"logon hours", signin.PolicyBlock},
	{"restricted", signin.PolicyBlock},
	{"not accessible", signin.ServiceError},
	{"challenge", signin.MFARequired},
	{"aaa failure", signin.BadPassword},
}

// asaNames say what the frequent messages that are no sign-ins are.
var asaNames = map[string]string{
	"113004": "AAA accepted", "113008": "AAA accepted", "113009": "group policy", "113012": "AAA accepted", "113019": "session disconnected",
	"611103": "logout", "716002": "session ended", "722022": "tunnel established", "722023": "tunnel ended", "722051": "address assigned", "734001": "DAP records",
}

// asaUserIP is the address that releases since 9.0 put behind the name.
var asaUserIP = regexp.MustCompile(`\s*:\s*user IP\s*=\s*(\S*)\s*$`)

var errASA = errors.New("no %ASA- or %FTD- message")

// ciscoASA reads one line.
func ciscoASA(k *kit, line string, ev *signin.Event) (string, error) {
	number, text, at, ok := asaNumber(line)
	if !ok {
		return "", errASA
	}
	m := asaMessages[number]
	if m == nil {
		return strings.TrimSpace(number + " " + asaNames[number]), nil
	}
	g := m.pattern.FindStringSubmatch(text)
	if g == nil {
		if strings.Contains(strings.ToLower(text), "authorization") || strings.Contains(strings.ToLower(text), "accounting") {
			return number + " authorization", nil // shares the number with authentication
		}
		return "", errors.New("message " + number + " is not worded as documented")
	}
	group := func(name string) string {
		for _, n := range []string{name, name + "2"} {
			if i := m.pattern.SubexpIndex(n); i >= 0 && g[i] != "" {
				return strings.TrimSpace(g[i])
			}
		}
		return ""
	}
	var host string
	var err error
	if ev.Time, host, err = k.asaHeader(line[:at]); err != nil {
		return "", err
	}
	user, ip := group("user"), group("ip")
	if at := asaUserIP.FindStringSubmatchIndex(user); at != nil { // "… : user IP = 198.51.100.7", or None
		user, ip = user[:at[0]], user[at[2]:at[3]]
		if strings.EqualFold(ip, "none") {
			ip = ""
		}
	}
	user = strings.TrimSuffix(strings.TrimRight(user, ` '">`), " IKEv2")
	if a, _, ok := parseAddr(user); ok && a.IsValid() && m.app == asaVPN {
		return number + " of a network", nil // LAN to LAN: the peer's address stands for a name
	}
	k.asaEvent(m, ev, host, number, text, user, ip, group)
	ev.ID = derivedIDOf("cisco-asa", line)
	return "", nil
}

func (k *kit) asaEvent(m *asaMessage, ev *signin.Event, host, number, text, user, ip string, group func(string) string) {
	p := &ev.Principal
	p.Name, p.Kind = user, signin.Member
	if strings.Trim(user, "*") == "" { // "*****": the ASA hides names it does not know
		p.Name, p.ID, p.Kind = "", unnamed, signin.KindUnknown
	}
	k.address(ev, ip)
	if n := number16(group("port")); n > 0 && n <= 0xffff {
		ev.Source.Port = uint16(n)
	}
	ev.Stream, ev.Outcome, ev.Reason = signin.Interactive, m.outcome, m.reason
	ev.Code, ev.ReasonText, ev.Detail = number, text, group("group")
	if why := group("why"); why != "" {
		ev.Detail = why
		lower := strings.ToLower(why)
		for _, r := range asaReasons {
			if m.reason == signin.BadPassword && strings.Contains(lower, r.word) {
				ev.Reason = r.reason
				break
			}
		}
		switch ev.Reason {
		case signin.NoSuchUser:
			p.Kind = signin.KindUnknown
		case signin.MFARequired:
			ev.Outcome, ev.MFA.State = signin.Challenge, signin.MFANotDone
		}
	}
	ev.App.Name, ev.Resource.Name = m.app, strings.ToLower(host)
	// Several messages tell of one login and share no number; person, address and
	// device tie them, and episodes end ten minutes after.
	ip = ""
	if ev.Source.IP.IsValid() {
		ip = ev.Source.IP.String()
	}
	ev.Correlation = "asa:" + ev.Resource.Name + ":" + strings.ToLower(p.Name) + ":" + ip
}

// asaNumber finds "%ASA-6-113039: text"; at is where it begins. Such a text
// further on, in a name that somebody tried, is none.
func asaNumber(line string) (number, text string, at int, ok bool) {
	at = strings.Index(line, "%ASA-")
	if i := strings.Index(line, "%FTD-"); i >= 0 && (at < 0 || i < at) {
		at = i
	}
	if at < 0 || !headerOnly(line[:at]) {
		return "", "", 0, false
	}
	// "%ASA-6-113039:", and with a class "%ASA-session-6-302013:"
	head, rest, found := strings.Cut(line[at+len("%ASA-"):], ":")
	i := strings.LastIndexByte(head, '-')
	if !found || i <= 0 || len(head)-i != 7 || !isNumber(head[i+1:]) {
		return "", "", 0, false
	}
	return head[i+1:], strings.TrimSpace(rest), at, true
}

// asaHeader reads what stands before the message: any of a priority, one or two
// times (a relay's and the device's own, which is the later one), host, tag.
func (k *kit) asaHeader(s string) (t signin.Time, host string, err error) {
	s = strings.TrimLeft(dropPriority(s), " :*")
	err = errSyslog
	for s != "" {
		if looksISO(s) {
			word, rest, _ := strings.Cut(s, " ")
			if t, err = k.localText(strings.TrimRight(word, ":")); err != nil {
				return 0, "", err
			}
			s = rest
		} else if len(s) > 3 && monthOf(s[:3]) != 0 && s[3] == ' ' {
			at := k
			if saysUTC(s) {
				at = k.utc()
			}
			var rest string
			if t, rest, err = at.stamp(s); err != nil {
				return 0, "", err
			}
			s = rest
		} else {
			word, rest, _ := strings.Cut(s, " ")
			if w := strings.Trim(word, ":"); w != "" && w != "1" && w != "-" && !strings.Contains(w, "[") && !isZone(w) {
				host = w
			}
			s = rest
		}
		s = strings.TrimLeft(s, " :")
	}
	return t, host, err
}

// saysUTC reports whether the time that s begins with is followed by UTC or GMT.
// Other abbreviations stand for several zones each (IST, CST): --zone tells.
func saysUTC(s string) bool {
	words := strings.Fields(s[:min(len(s), 48)])
	for i, w := range words {
		if strings.Count(w, ":") >= 2 && i+1 < len(words) {
			z := strings.Trim(words[i+1], ":")
			return z == "UTC" || z == "GMT"
		}
	}
	return false
}

// utc is k for times that say they are UTC.
func (k *kit) utc() *kit {
	opt, f, u := *k.f.opt, *k.f, *k
	opt.Zone = time.UTC
	f.opt, u.f = &opt, &f
	return &u
}

// isZone tells the zone that "logging timestamp" may put after the time.
func isZone(w string) bool {
	switch w {
	case "UTC", "GMT", "CET", "CEST", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "BST", "JST", "IST":
		return true
	}
	return false
}

var _ = register(Format{
	Name:     "cisco-asa",
	Doc:      "Cisco ASA and Firepower syslog: AnyConnect, WebVPN and IKE sessions, AAA results, administrator logins",
	Provider: "cisco-asa",
	cut:      cutLines,
	detect: func(s *sample) error {
		if len(s.recs) > 0 {
			return shapeError("not text lines but JSON")
		}
		for _, l := range s.sampleLines(headLines) {
			if _, _, _, ok := asaNumber(l); ok {
				return nil
			}
		}
		return errors.New("no line holds a message like %ASA-6-113039")
	},
	open: lineRows(ciscoASA),
	claims: func(line string) int {
		if strings.IndexByte(line, '%') < 0 {
			return -1
		}
		if _, _, at, ok := asaNumber(line); ok && plainFront(line, at) {
			return at
		}
		return -1
	},
})
