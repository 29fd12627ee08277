package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "pingfederate",
	Doc:      "PingFederate audit.log: pipe-separated, key=\"value\" (Splunk layout), or CEF lines",
	Provider: "pingfederate",
	Page:     "ping.md",
	detect: func(s *sample) error {
		if s.shape == shapeLines || s.shape == shapeValues {
			return shapeError("not text lines but JSON")
		}
		if slices.ContainsFunc(s.sampleLines(headLines), pingFederateLike) {
			return nil
		}
		return errors.New("no line is of a PingFederate audit log (time| tid:...| event| ..., or trackingid=\"tid:...\" event=\"...\")")
	},
	cut:    cutLines,
	open:   lineRows(pingFederateLine),
	claims: pingFederateClaims,
})

// pingFederateClaims looks at what stands before the person's name: somebody
// typed that.
func pingFederateClaims(line string) int {
	if before, _, ok := strings.Cut(line, cefPingFederate); ok {
		if at := strings.LastIndex(before, "CEF:"); at >= 0 && headerOnly(line[:at]) && plainFront(line, at) {
			return at
		}
		return -1
	}
	if len(line) < 24 || line[4] != '-' || line[10] != ' ' {
		return -1
	}
	body := strings.TrimLeft(line[19:], ",.0123456789 ")
	if fields, ok := strings.CutPrefix(body, "|"); ok {
		for range 3 {
			var f string
			f, fields, _ = strings.Cut(fields, "|")
			if f = strings.TrimSpace(f); strings.HasPrefix(f, "tid:") || pingFederateEvent(f) {
				return 0
			}
		}
		return -1
	}
	word, _, _ := strings.Cut(body, " ")
	if strings.Contains(word, `="`) && strings.Contains(line, ` event="`) && strings.Contains(line, ` subject="`) {
		return 0
	}
	return -1
}

func pingFederateLike(l string) bool {
	switch {
	case strings.Contains(l, cefPingFederate):
		return true
	case len(l) < 24 || l[4] != '-' || l[10] != ' ':
		return false
	case strings.Contains(l, ` event="`) && strings.Contains(l, ` subject="`):
		return true
	}
	f := strings.Split(l, "|")
	if len(f) < 12 {
		return false
	}
	return strings.HasPrefix(strings.TrimSpace(f[1]), "tid:") || pingFederateEvent(f[2]) || pingFederateEvent(f[3])
}

// pingFederateRow is one transaction of the security audit log, in any layout
// (docs.pingidentity.com, "Security audit logging").
type pingFederateRow struct {
	tracking, transaction, event, subject, ip, app, connection, protocol, role, status, adapter, text string
}

// pingFederateEvents says which events are sign-ins. A session that is created,
// used or deleted is a part of the SSO row beside it; log-outs, revocations and
// password changes are counted.
var pingFederateEvents = map[string]bool{
	"AUTHN_ATTEMPT": true, "AUTHN_REQUEST": true, "SSO": true, "OAuth": true, "STS": true,
	"SLO": false, "AUTHN_SESSION_CREATED": false, "AUTHN_SESSION_USED": false, "AUTHN_SESSION_DELETED": false,
	"AUTHN_SESSIONS_DELETED": false, "SRI_REVOKED": false, "USER_KEY_AND_SRI_ASSOCIATED": false,
}

// pingFederateEvent reports whether a field is the type of an event: a known
// one, or a constant of capitals and underscores.
func pingFederateEvent(s string) bool {
	s = strings.TrimSpace(s)
	if _, ok := pingFederateEvents[s]; ok {
		return true
	}
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(s) > 2
}

func pingFederateLine(r *kit, line string, ev *signin.Event) (other string, err error) {
	if i := strings.Index(line, cefPingFederate); i >= 0 {
		return pingFederateCEFLine(r, line[i:], ev)
	}
	if len(line) < 24 {
		return "", errors.New("line is too short for a time and an event")
	}
	var p pingFederateRow
	stamp := line[:min(23, len(line))]
	if strings.Contains(line, ` event="`) {
		if err := p.pairs(splitPairs(line[23:], nil)); err != nil {
			return "", err
		}
	} else if err := p.pipes(line); err != nil {
		return "", err
	}
	if other := p.fill(r, ev); other != "" {
		return other, nil
	}
	if ev.Time, err = r.localText(stamp); err != nil {
		return "", err
	}
	p.id(ev)
	return "", nil
}

func (p *pingFederateRow) pairs(pairs []pair) error {
	seen := map[string]bool{}
	for _, q := range pairs {
		switch q.key {
		case "event", "subject", "ip", "app", "connectionid", "role", "status", "adapterid":
			if seen[q.key] {
				return errTwice(q.key)
			}
			seen[q.key] = true
		}
	}
	p.tracking, p.transaction = pairText(pairs, "trackingid"), pairText(pairs, "transactionid")
	p.event, p.subject, p.ip = pairText(pairs, "event"), pairText(pairs, "subject"), pairText(pairs, "ip")
	p.app, p.connection, p.protocol = pairText(pairs, "app"), pairText(pairs, "connectionid"), pairText(pairs, "protocol")
	p.role, p.status, p.adapter, p.text = pairText(pairs, "role"), pairText(pairs, "status"), pairText(pairs, "adapterid"), pairText(pairs, "description")
	return nil
}

// errTwice is a row in which a name that somebody typed in looks like a field:
// nothing tells which of the two PingFederate wrote.
func errTwice(key string) error {
	return fmt.Errorf("%s= stands twice: a name that was typed in looks like a field", key)
}

// pipes reads the default layout, in the order of the documentation: time,
// tracking id, transaction id (since version 11.3), event, subject, address,
// application, connection, protocol, host, role, status, adapter, description,
// response time.
func (p *pingFederateRow) pipes(line string) error {
	f := strings.Split(line, "|")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	if len(f) < 12 {
		return fmt.Errorf("%d fields between pipes, want at least 12: is the audit layout changed?", len(f))
	}
	at := 2
	if !pingFederateEvent(f[2]) && pingFederateEvent(f[3]) {
		at = 3
		p.transaction = f[2]
	}
	if len(f) < at+10 || !pingFederateEvent(f[at]) {
		return fmt.Errorf("no event type in field 3 or 4: %q", clip([]byte(line), 80))
	}
	p.tracking, p.event, p.subject, p.ip = f[1], f[at], f[at+1], f[at+2]
	p.app, p.connection, p.protocol = f[at+3], f[at+4], f[at+5]
	p.role, p.status, p.adapter = f[at+7], f[at+8], ""
	if len(f) > at+9 {
		p.adapter = f[at+9]
	}
	if len(f) > at+11 {
		p.text = strings.Join(f[at+10:len(f)-1], "|")
	}
	if s := pingFederateStatus(p.status); s == "" && p.status != "" {
		return fmt.Errorf("status %q is none of success, failure, inprogress: a pipe in a name, or a changed layout", clip([]byte(p.status), 40))
	}
	for i := at + 3; i+6 < len(f); i++ { // an address and a status six fields later, once more
		if a, _, _ := parseAddr(f[i]); a.IsValid() && pingFederateStatus(f[i+6]) != "" {
			return errors.New("the row reads in two ways: a name with pipes in it")
		}
	}
	return nil
}

// pingFederateStatus is the status without its spellings, "" of anything else.
func pingFederateStatus(s string) string {
	switch w := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), " ", ""); w {
	case "success", "failure", "inprogress":
		return w
	case "tokenissue", "tokenissued": // a CEF layout that writes the message of an OAuth row
		return "success"
	}
	return ""
}

var pingFederateWords = []wordReason{
	{"invalid credential", signin.BadPassword},
	{"invalid_credential", signin.BadPassword},
	{"incorrect password", signin.BadPassword},
	{"password", signin.BadPassword},
	{"blocked", signin.PolicyBlock}, // before the word within it
	{"locked", signin.Locked},
	{"disabled", signin.Disabled},
	{"not found", signin.NoSuchUser},
	{"unknown user", signin.NoSuchUser},
	{"mfa", signin.MFAFailed},
	{"pingid", signin.MFAFailed},
	{"one-time", signin.MFAFailed},
	{"invalid_client", signin.ClientCredential},
	{"invalid_grant", signin.BadToken},
	{"token", signin.BadToken},
	{"consent", signin.Consent},
	{"access_denied", signin.PolicyBlock},
	{"policy", signin.PolicyBlock},
	{"not authorized", signin.AppNotAssigned},
	{"invalid_request", signin.ProtocolError},
	{"signature", signin.ProtocolError},
	{"saml", signin.ProtocolError},
}

// fill turns a row into an event; time and id are the caller's.
func (p *pingFederateRow) fill(r *kit, ev *signin.Event) (other string) {
	if p.event == "" {
		return "row without event"
	}
	if !pingFederateEvents[p.event] {
		return p.event
	}
	w := &ev.Principal
	w.Name, w.Kind = strings.ToLower(saidText(p.subject)), signin.Member
	ev.Stream = signin.Interactive
	switch {
	case p.event == "OAuth" && w.Name == "": // client credentials: the client is who signs in
		w.ID, w.Kind, ev.Stream = saidText(p.connection), signin.Service, signin.ServicePrincipal
	case p.event == "OAuth", p.event == "STS":
		ev.Stream = signin.NonInteractive
	}
	if w.ID == "" && w.Name == "" {
		return nobody(p.event)
	}
	r.address(ev, p.ip)
	ev.Session = saidText(p.tracking)
	if ev.Correlation = saidText(p.transaction); ev.Correlation == "" {
		ev.Correlation = ev.Session
	}
	ev.App = signin.Target{ID: saidText(p.connection), Name: saidText(p.app)}
	ev.Protocol, ev.Client, ev.ReasonText = saidText(p.protocol), saidText(p.role), saidText(p.text)
	status := pingFederateStatus(p.status)
	ev.Code = p.event
	switch status {
	case "success":
		ev.Outcome = signin.Success
	case "failure":
		ev.Outcome, ev.Reason = signin.Failure, reasonIn(pingFederateWords, ev.ReasonText)
		ev.Code = p.event + ":failure"
	case "inprogress":
		ev.Outcome, ev.Reason = signin.Challenge, signin.Interrupt
		ev.Code = p.event + ":inprogress"
	}
	if adapter := saidText(p.adapter); adapter != "" && p.event == "AUTHN_ATTEMPT" {
		// What an adapter asks for is its owner's choice of name, so which of them is
		// a second factor stays unknown where the name does not tell, and such a step is
		// not listed: listed, it would count as one of the two.
		ev.MFA.Methods = r.set(adapter)
		if status == "success" || status == "failure" {
			f := signin.Factor{Method: adapter, Succeeded: strconv.FormatBool(status == "success")}
			switch name := strings.ToLower(adapter); {
			case strings.Contains(name, "html"), strings.Contains(name, "password"), strings.Contains(name, "kerberos"), strings.Contains(name, "basic"):
				f.Requirement = firstFactor // Ping's own kinds of adapters for names and passwords
				ev.MFA.Factors = r.factors(f)
			case strings.Contains(name, "pingid"), strings.Contains(name, "mfa"), strings.Contains(name, "otp"), strings.Contains(name, "duo"):
				ev.MFA.Factors = r.factors(f)
			}
		}
	}
	if ev.Reason == signin.MFAFailed {
		ev.MFA.State = signin.MFANotDone
	}
	return ""
}

// id derives an identifier: the audit log has none.
func (p *pingFederateRow) id(ev *signin.Event) {
	ev.ID = derivedIDOf("pingfederate", ev.Time.String(), p.tracking, p.transaction, p.event, p.subject, p.ip, p.connection, p.status, p.adapter, p.text)
}
