package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// cefPingFederate begins a CEF record of PingFederate, after any syslog header.
const cefPingFederate = "|Ping Identity|PingFederate|"

var _ = register(Format{
	Name:     "pingfederate-cef",
	Doc:      "PingFederate audit rows of the Sentinel table CommonSecurityLog as JSON",
	Provider: "pingfederate",
	Page:     "ping.md",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("DeviceVendor", "DeviceProduct") {
			return errors.New("no row has DeviceVendor and DeviceProduct")
		}
		if !s.anyTree(func(v val) bool { return v.at("DeviceProduct").text() == "PingFederate" }) {
			return errors.New("no row's DeviceProduct is PingFederate")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(pingFederateCEFRow),
})

var errCEFNoTime = errors.New("no ReceiptTime and no TimeGenerated")

// pingFederateCEFRow reads a row of CommonSecurityLog: status or message in
// Message, the person in DestinationUserID (CEF duid), custom strings 1 to 4 for
// application, connection, protocol and role, the tracking id in ExternalID.
func pingFederateCEFRow(r *docRow, v val, ev *signin.Event) (other string, err error) {
	if product := v.at("DeviceProduct").text(); product != "PingFederate" {
		return "row of " + product, nil
	}
	p := pingFederateRow{
		tracking: v.first("ExternalID", "ExtID"), event: v.first("DeviceEventClassID", "Activity"),
		subject: v.first("DestinationUserID", "SourceUserName", "DestinationUserName"), ip: v.at("SourceIP").said(),
		app: v.at("DeviceCustomString1").said(), connection: v.at("DeviceCustomString2").said(),
		protocol: v.at("DeviceCustomString3").said(), role: v.at("DeviceCustomString4").said(), status: v.at("Message").said(),
	}
	p.message()
	if other := p.fill(&r.kit, ev); other != "" {
		return other, nil
	}
	when := v.at("ReceiptTime").said()
	if when == "" {
		if when = v.first("TimeGenerated [UTC]", "TimeGenerated"); when == "" {
			return "", errCEFNoTime
		}
		r.t.note(noteEnvelopeTime)
	}
	if ev.Time, _, err = parseTime(when); err != nil { // the workspace's times are UTC
		return "", err
	}
	p.id(ev)
	return "", nil
}

// message keeps what a CEF row says in place of a status.
func (p *pingFederateRow) message() {
	switch strings.ReplaceAll(strings.ToLower(p.status), " ", "") {
	case "success", "failure", "inprogress":
	default:
		p.text = p.status
	}
}

// pingFederateCEFLine reads a CEF record from "|Ping Identity" on: version,
// class, name and severity, then the extension.
func pingFederateCEFLine(r *kit, s string, ev *signin.Event) (other string, err error) {
	f := strings.SplitN(s[len(cefPingFederate):], "|", 5)
	if len(f) < 5 {
		return "", fmt.Errorf("CEF header of %d fields, want 7", len(f)+2)
	}
	ext, twice := cefExtension(f[4])
	if twice != "" {
		return "", errTwice(twice)
	}
	p := pingFederateRow{
		tracking: ext["externalId"], event: f[1], subject: ext["duid"], ip: ext["src"], app: ext["cs1"], connection: ext["cs2"],
		protocol: ext["cs3"], role: ext["cs4"], status: ext["msg"],
	}
	p.message()
	if other := p.fill(r, ev); other != "" {
		return other, nil
	}
	rt := ext["rt"]
	if rt == "" {
		return "", errors.New("no rt (receipt time) in the CEF extension")
	}
	if ev.Time, err = cefTime(r, rt); err != nil {
		return "", err
	}
	p.id(ev)
	return "", nil
}

// cefTime reads the times of CEF: milliseconds since 1970, or "May 18 2012
// 11:41:48.452" in the sender's local time.
func cefTime(r *kit, s string) (signin.Time, error) {
	if _, ok := atoi(s); ok {
		return epoch(s, "unix-ms")
	}
	if len(s) > 11 && monthOf(s[:3]) != 0 && s[6] == ' ' && s[11] == ' ' {
		year, ok1 := atoi(s[7:11])
		day, ok2 := atoi(strings.TrimSpace(s[4:6]))
		if ok1 && ok2 {
			return r.localText(fmt.Sprintf("%04d-%02d-%02d %s", year, monthOf(s[:3]), day, s[12:]))
		}
	}
	return 0, fmt.Errorf("time rt=%q is neither milliseconds nor like \"May 18 2012 11:41:48.452\"", clip([]byte(s), 40))
}

// cefExtension reads "key=value key=value" where values hold blanks and escape
// "=" and "\" with a backslash (ArcSight CEF, revision 25). The first value of a
// key counts; twice is a key of a sign-in that has another.
func cefExtension(s string) (m map[string]string, twice string) {
	m = map[string]string{}
	key := ""
	start := 0
	put := func(end int) {
		if key == "" {
			return
		}
		if _, ok := m[key]; ok {
			switch key {
			case "rt", "duid", "src", "msg", "externalId", "cs1", "cs2", "cs3", "cs4":
				twice = cmp.Or(twice, key)
			}
		} else {
			m[key] = strings.NewReplacer(`\=`, "=", `\\`, `\`, `\n`, "\n", `\r`, "\r").Replace(strings.TrimSpace(s[start:end]))
		}
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '=':
			from := i
			for from > 0 && isKeycloakKey(s[from-1:from]) {
				from--
			}
			if from == i || from > 0 && s[from-1] != ' ' {
				continue
			}
			put(from)
			key, start = s[from:i], i+1
		}
	}
	put(len(s))
	return m, twice
}
