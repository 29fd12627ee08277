package ingest

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Windows Security events (Microsoft Learn, "Advanced security audit policy
// settings", one page per event id). Every container gives the same named
// values, so the containers only collect them and windowsEvent reads them.

// winField is a value of an event that says something of a sign-in.
type winField uint8

const (
	wTargetUser winField = iota
	wTargetDomain
	wTargetSID
	wTargetLogonID
	wLinkedLogonID
	wSubjectUser
	wSubjectDomain
	wAccount
	wLogonType
	wProcess
	wPackage
	wLmPackage
	wWorkstation
	wIP
	wPort
	wStatus
	wSubStatus
	wServiceName
	wTargetServer
	wPreAuthType
	numWin
)

// winFields are the names in EventData. Some events call the same thing otherwise.
var winFields = map[string]winField{
	"TargetUserName": wTargetUser, "TargetDomainName": wTargetDomain, "TargetUserSid": wTargetSID, "TargetSid": wTargetSID,
	"TargetLogonId": wTargetLogonID, "TargetLinkedLogonId": wLinkedLogonID, "SubjectUserName": wSubjectUser,
	"SubjectDomainName": wSubjectDomain, "Account": wAccount, "TargetAccount": wAccount, "LogonType": wLogonType,
	"LogonProcessName": wProcess, "AuthenticationPackageName": wPackage, "PackageName": wPackage, "AuthenticationPackage": wPackage,
	"LmPackageName": wLmPackage, "WorkstationName": wWorkstation, "Workstation": wWorkstation, "IpAddress": wIP, "ClientAddress": wIP,
	"IpPort": wPort, "ClientPort": wPort, "Status": wStatus, "SubStatus": wSubStatus, "ServiceName": wServiceName,
	"TargetServerName": wTargetServer, "PreAuthType": wPreAuthType,
}

// winEvent is one event, whatever it was wrapped in.
type winEvent struct {
	id       int
	channel  string
	computer string
	record   string // the record number in its channel; "" = not said
	time     signin.Time
	v        [numWin]string
}

// set takes a value by its name, unless it says nothing.
func (w *winEvent) set(name, value string) {
	if f, ok := winFields[name]; ok {
		if value = strings.TrimSpace(value); value != "" && value != "-" {
			w.v[f] = value
		}
	}
}

// winTypes name the events that are no sign-ins.
var winTypes = map[int]string{
	1102: "log cleared", 4616: "clock changed", 4634: "logoff", 4647: "logoff by the user", 4649: "replay attack", 4672: "special privileges",
	4673: "privileged service", 4688: "process", 4720: "account created", 4722: "account enabled", 4723: "password changed", 4724: "password reset",
	4725: "account disabled", 4726: "account deleted", 4738: "account changed", 4740: "account locked out", 4767: "account unlocked",
	4770: "ticket renewed", 4774: "account mapped", 4778: "session reconnected", 4779: "session disconnected", 4800: "workstation locked",
	4801: "workstation unlocked", 4964: "special groups",
}

// logonTypes are the words of Microsoft for the logon types of 4624 and 4625.
var logonTypes = map[string]string{
	"0": "System", "2": "Interactive", "3": "Network", "4": "Batch", "5": "Service", "7": "Unlock", "8": "NetworkCleartext",
	"9": "NewCredentials", "10": "RemoteInteractive", "11": "CachedInteractive", "12": "CachedRemoteInteractive", "13": "CachedUnlock",
}

// windowsEvent fills ev from an event.
func (k *kit) windowsEvent(w *winEvent, ev *signin.Event) (other string, err error) {
	if w.channel != "" && !strings.EqualFold(w.channel, "Security") {
		return fmt.Sprintf("event %d of %s", w.id, clip([]byte(w.channel), 80)), nil
	}
	switch w.id {
	case 4624, 4625, 4648, 4768, 4769, 4771, 4776:
	default:
		if name, ok := winTypes[w.id]; ok {
			return fmt.Sprintf("%d %s", w.id, name), nil
		}
		return fmt.Sprintf("event %d", w.id), nil
	}
	user, domain := w.who()
	switch {
	case builtIn(user, w.v[wTargetSID]):
		return fmt.Sprintf("%d of a built-in account", w.id), nil
	case strings.HasSuffix(user, "$"):
		return fmt.Sprintf("%d of a computer account", w.id), nil
	case w.id == 4648 && w.local():
		return "4648 on the same computer", nil
	}
	ev.Time = w.time
	w.identify(ev)
	p := &ev.Principal
	p.Kind = signin.Member
	switch {
	case user == "":
		p.ID, p.Kind = unnamed, signin.KindUnknown
	case domain == "":
		p.Name = strings.ToLower(user)
	default:
		p.Name = domain + `\` + strings.ToLower(user)
	}
	if sid := w.v[wTargetSID]; strings.HasPrefix(sid, "S-1-5-21-") || strings.HasPrefix(sid, "S-1-12-1-") {
		ev.Detail = sid
	}
	k.winSource(w, ev)
	ev.Resource.Name = strings.ToLower(w.computer)
	ev.Device.Name = strings.TrimLeft(w.v[wWorkstation], `\`)
	ev.App.Name, ev.Protocol = w.v[wProcess], w.v[wPackage]
	if lm := w.v[wLmPackage]; lm != "" {
		ev.Protocol = lm
	}
	k.winResult(w, ev)
	if ev.Reason == signin.NoSuchUser {
		p.Kind = signin.KindUnknown
	}
	return "", nil
}

// identify sets id, correlation and session. Record numbers begin anew when a
// log is cleared, so the second belongs to the id; ActivityID is shared by
// unrelated attempts and joins nothing. The two tokens of one elevated logon
// name each other and are one attempt.
func (w *winEvent) identify(ev *signin.Event) {
	computer := strings.ToLower(w.computer)
	second := (w.time - w.time%signin.Second).String()
	if w.record != "" {
		ev.ID = derivedIDOf("windows", computer, w.record, fmt.Sprint(w.id), second)
	} else {
		ev.ID = derivedIDOf(append([]string{"windows", computer, fmt.Sprint(w.id), w.time.String()}, w.v[:]...)...)
	}
	id := number16(w.v[wTargetLogonID])
	if w.id != 4624 || id == 0 {
		return
	}
	ev.Session = fmt.Sprintf("%s:0x%x", computer, id)
	if linked := number16(w.v[wLinkedLogonID]); linked != 0 {
		id = min(id, linked)
	}
	ev.Correlation = fmt.Sprintf("%s:0x%x", computer, id)
}

// who is the account and the first label of its domain in lower case, so that
// CORP, corp.example.com and the realm of ada@CORP.EXAMPLE.COM agree. 4776 and
// others name no domain; the computer's own is taken where its name tells it.
func (w *winEvent) who() (user, domain string) {
	user, domain = w.v[wTargetUser], w.v[wTargetDomain]
	if user == "" {
		user = w.v[wAccount]
		if user == `-\-` || user == `\` {
			user = ""
		}
	}
	if d, u, ok := strings.Cut(user, `\`); ok {
		user, domain = u, d
	}
	if u, realm, ok := strings.Cut(user, "@"); ok && u != "" && realm != "" {
		user, domain = u, realm
	}
	if domain == "" || domain == "." {
		host, own, ok := strings.Cut(w.computer, ".")
		if domain = own; !ok { // a computer without a domain has accounts of its own
			domain = host
		}
	}
	domain, _, _ = strings.Cut(domain, ".")
	return user, strings.ToLower(domain)
}

// builtIn tells the accounts that are part of Windows.
func builtIn(user, sid string) bool {
	if slices.Contains([]string{"S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-7", "S-1-5-17"}, sid) {
		return true
	}
	if strings.HasPrefix(sid, "S-1-5-90-") || strings.HasPrefix(sid, "S-1-5-96-") {
		return true
	}
	switch u := strings.ToUpper(user); u {
	case "SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE", "ANONYMOUS LOGON", "IUSR":
		return true
	default:
		return strings.HasPrefix(u, "DWM-") || strings.HasPrefix(u, "UMFD-")
	}
}

// local reports a 4648 whose target is the computer itself: the 4624 or 4625
// beside it tells how it ended.
func (w *winEvent) local() bool {
	t := strings.ToLower(w.v[wTargetServer])
	short, _, _ := strings.Cut(strings.ToLower(w.computer), ".")
	host, _, _ := strings.Cut(t, ".")
	return t == "" || t == "localhost" || t == "127.0.0.1" || short != "" && host == short
}

// winSource sets the address. Loopback is every computer's own and tells
// nothing apart, so it is left unsaid.
func (k *kit) winSource(w *winEvent, ev *signin.Event) {
	ip := strings.TrimPrefix(w.v[wIP], `\\`)
	if ip == "" || strings.EqualFold(ip, "LOCAL") || strings.EqualFold(ip, "localhost") {
		return
	}
	k.address(ev, ip)
	if !ev.Source.IP.IsValid() {
		return
	}
	if ev.Source.IP.IsLoopback() {
		ev.Source.IP = netip0
		return
	}
	if n := number16(w.v[wPort]); n > 0 && n <= 0xffff {
		ev.Source.Port = uint16(n)
	}
}
