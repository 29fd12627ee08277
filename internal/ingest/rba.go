package ingest

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// The risk-based authentication login data set of Wiefling, Jorgensen, Thunem and
// Lo Iacono (ACM TOPS 2022, doi 10.1145/3546069; CC BY 4.0), synthesised from the
// logins of a large online service. Its labels become provider verdicts: an
// account takeover is Risk.State confirmedCompromised, an attack address the risk
// event attackIp.
var rbaColumns = []string{
	"index", "Login Timestamp", "User ID", "IP Address", "Country", "Region", "City", "ASN", "User Agent String",
	"Browser Name and Version", "OS Name and Version", "Device Type", "Login Successful", "Is Attack IP", "Is Account Takeover",
}

var _ = register(Format{
	Name:     "rba-csv",
	Doc:      "the risk-based authentication login data set (das-group), CSV",
	Provider: "rba",
	cut:      cutTable,
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		return rbaHeader(s.header)
	},
	open: tableDocs(func(f *file) ([]string, error) { return f.header, rbaHeader(f.header) }, rbaRow),
})

func rbaHeader(header []string) error {
	need := make([][]string, len(rbaColumns))
	for i, c := range rbaColumns {
		need[i] = []string{c}
	}
	return missing(header, func(n string) bool { return slices.Contains(header, n) }, need...)
}

func rbaRow(r *docRow, v val, ev *signin.Event) (string, error) {
	t, _, err := parseTime(v.at("Login Timestamp").text()) // without a zone, and UTC
	if err != nil {
		return "", err
	}
	ev.Time, ev.Stream = t, signin.Interactive
	if ev.ID = "rba-" + v.at("index").said(); ev.ID == "rba-" {
		ev.ID = r.treeID("rba", v)
	}
	ev.Principal = signin.Principal{ID: v.at("User ID").said(), Kind: signin.Member}
	switch v.at("Login Successful").truth() {
	case signin.True:
		ev.Outcome = signin.Success
	case signin.False:
		ev.Outcome, ev.Reason = signin.Failure, signin.OtherReason
	}
	r.address(ev, v.at("IP Address").text())
	r.place(ev, v.at("Country").said(), v.at("Region").said(), v.at("City").said(), "", "")
	ev.ASN = parseASN(v.at("ASN").text())
	ev.UserAgent = v.at("User Agent String").said()
	ev.Device.Browser, ev.Device.OS = v.at("Browser Name and Version").said(), v.at("OS Name and Version").said()
	ev.Client = strings.ToLower(v.at("Device Type").said())
	ev.Risk.Events = signin.EncodeList([]string{})
	if v.at("Is Attack IP").truth() == signin.True {
		ev.Risk.Events = r.set("attackIp")
	}
	if v.at("Is Account Takeover").truth() == signin.True {
		ev.Risk.State = "confirmedCompromised"
	}
	return "", nil
}
