package policy

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const onePolicyJSON = `{"id":"AAAA","displayName":"P","state":"EnabledForReportingButNotEnforced","createdDateTime":"2026-01-02T03:04:05Z",
 "conditions":{"@odata.type":"#x","clientAppTypes":["All"],"clientAppTypes@odata.type":"#Collection",
  "users":{"includeUsers":["All"],"excludeGroups":["G1"],"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest,b2bCollaborationGuest","externalTenants":{"membershipKind":"enumerated","members":["T1"]}}},
  "applications":{"includeApplications":["Office365"],"excludeApplications":[]},
  "platforms":null,"locations":{},"signInRiskLevels":["HIGH"],
  "authenticationFlows":{"transferMethods":["deviceCodeFlow","authenticationTransfer"]},
  "devices":{"deviceFilter":{"mode":"exclude","rule":"device.isCompliant -eq True"}}},
 "grantControls":{"operator":"AND","builtInControls":["MFA","compliantDevice"],"termsOfUse":[],"authenticationStrength":null},
 "sessionControls":{"signInFrequency":{"isEnabled":true,"type":"days","value":"2","frequencyInterval":"timeBased"},"persistentBrowser":{"isEnabled":true,"mode":"Never"},"disableResilienceDefaults":null}}`

func wantPolicy(file, path string) *Policy {
	return &Policy{
		ID: "aaaa", Name: "P", State: ReportOnly, StateText: "EnabledForReportingButNotEnforced", Created: 1767323045 * signin.Second,
		File: file, Path: path,
		Users: Users{
			IncludeUsers: []string{"all"}, ExcludeGroups: []string{"g1"},
			IncludeGuests: &Guests{Kinds: InternalGuest | CollaborationGuest, Tenants: []string{"t1"}},
		},
		Apps: Apps{Include: []string{"office365"}}, ClientTypes: []string{"all"}, SignInRisk: []string{"high"},
		Flows:   []string{"devicecodeflow", "authenticationtransfer"},
		Filter:  &DeviceFilter{Exclude: true, Rule: "device.isCompliant -eq True"},
		Grant:   &Grant{Controls: ControlMFA | ControlCompliantDevice},
		Session: Session{Frequency: 2 * signin.Day, Persistent: "never"},
	}
}

var samePolicy = cmp.Options{cmpopts.IgnoreUnexported(DeviceFilter{}), cmpopts.EquateEmpty()}

func utf16le(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// The same policy in every shape people have it.
func TestShapes(t *testing.T) {
	capitals := strings.NewReplacer(`"conditions"`, `"Conditions"`, `"includeUsers"`, `"IncludeUsers"`, `"displayName"`, `"DisplayName"`).Replace(onePolicyJSON)
	for name, c := range map[string]struct {
		data []byte
		path string
	}{
		"object":     {[]byte(onePolicyJSON), "$"},
		"array":      {[]byte("[" + onePolicyJSON + "]"), "$[0]"},
		"page":       {[]byte(`{"@odata.context":"x","value":[` + onePolicyJSON + "]}"), "$.value[0]"},
		"utf-8 bom":  {append([]byte{0xef, 0xbb, 0xbf}, onePolicyJSON...), "$"},
		"utf-16":     {utf16le(onePolicyJSON), "$"},
		"powershell": {[]byte(capitals), "$"},
	} {
		set, notices, err := Parse("f.json", c.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(notices) > 0 {
			t.Errorf("%s: %+v", name, notices)
		}
		if diff := cmp.Diff([]*Policy{wantPolicy("f.json", c.path)}, set.Policies, samePolicy); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestLoadFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("b.json", onePolicyJSON)
	write("a.JSON", strings.Replace(onePolicyJSON, `"P"`, `"Q"`, 1))
	write("note.txt", "not read")
	locations := filepath.Join(dir, "locations")
	if err := os.Mkdir(locations, 0o700); err != nil {
		t.Fatal(err)
	}
	write("locations/l.json", `{"value":[{"@odata.type":"#microsoft.graph.ipNamedLocation","id":"L1","displayName":"HQ","isTrusted":true,
	 "ipRanges":[{"cidrAddress":"203.0.113.7/24"},{"cidrAddress":"::ffff:198.51.100.0/120"},{"cidrAddress":"bad"}]},
	 {"id":"L2","displayName":"C","countriesAndRegions":["us"],"includeUnknownCountriesAndRegions":true,"countryLookupMethod":"authenticatorAppGps"}]}`)
	set, notices, err := Load("current", []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Policies) != 2 || set.Policies[0].Name != "Q" || len(set.Locations) != 2 || !set.LocationsKnown {
		t.Errorf("read %d policies, %d locations", len(set.Policies), len(set.Locations))
	}
	if diff := cmp.Diff([]string{"203.0.113.0/24", "198.51.100.0/24"}, set.Locations[0].Ranges); diff != "" {
		t.Error(diff)
	}
	if l := set.Locations[1]; !l.GPS || !l.IncludeUnknown || l.Countries[0] != "US" {
		t.Errorf("%+v", l)
	}
	var codes []string
	for _, n := range notices {
		codes = append(codes, n.Code)
	}
	if diff := cmp.Diff([]string{"bad-range", "duplicate-id"}, codes); diff != "" {
		t.Error(diff)
	}
}

// What is not understood is kept, named by file and path, and makes the answer
// unknown at best where it is a condition.
func TestUnknownParts(t *testing.T) {
	for _, c := range []struct {
		name, json, code, path string
		incomplete             bool
	}{
		{"condition", `{"state":"enabled","conditions":{"moonPhase":"full"}}`, "unknown-key", "$.conditions.moonPhase", true},
		{"empty one", `{"state":"enabled","conditions":{"moonPhase":[]}}`, "no-controls", "$", false},
		{"exclude list", `{"state":"enabled","conditions":{"users":{"excludeRobots":["All"]}}}`, "unknown-key", "$.conditions.users.excludeRobots", true},
		{"include list", `{"state":"enabled","conditions":{"users":{"includeRobots":["All"]}}}`, "unknown-key", "$.conditions.users.includeRobots", false},
		{"session", `{"state":"enabled","conditions":{},"sessionControls":{"x":{"isEnabled":true}}}`, "unknown-key", "$.sessionControls.x", false},
		{"value", `{"state":"enabled","conditions":{"clientAppTypes":["telepathy"]}}`, "unknown-value", "$.conditions.clientAppTypes[0]", true},
		{"risk level", `{"state":"enabled","conditions":{"signInRiskLevels":["low","hihg"]}}`, "unknown-value", "$.conditions.signInRiskLevels[1]", true},
		{"operator", `{"state":"enabled","conditions":{},"grantControls":{"operator":"XOR","builtInControls":["mfa","compliantDevice"]}}`, "unknown-value", "$.grantControls.operator", false},
		{"no operator", `{"state":"enabled","conditions":{},"grantControls":{"builtInControls":["mfa","compliantDevice"]}}`, "off-schema", "$.grantControls", false},
		{"frequency of what", `{"state":"enabled","conditions":{},"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":4,"authenticationType":"x"}}}`, "unknown-value", "$.sessionControls.signInFrequency.authenticationType", false},
		{"agents", `{"state":"enabled","conditions":{"agents":{"includeAgentUsers":["All"]}}}`, "not-evaluated", "$.conditions.agents", true},
		{"table of names", `{"TenantId":"t","Objects":[{"Id":"a","DisplayName":"b"}]}`, "name-table", "$", false},
		{"type", `{"state":"enabled","conditions":{"users":"All"}}`, "off-schema", "$.conditions.users", true},
		{"control", `{"state":"enabled","conditions":{},"grantControls":{"builtInControls":["compliantNetwork"]}}`, "unknown-control", "$.grantControls.builtInControls", false},
		{"state", `{"state":"partiallyEnabled","conditions":{}}`, "unknown-state", "$.state", false},
		{"filter", `{"state":"enabled","conditions":{"devices":{"deviceFilter":{"mode":"include","rule":"device.x"}}}}`, "bad-filter", "$.conditions.devices.deviceFilter.rule", false},
		{"frequency", `{"state":"enabled","conditions":{},"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":0}}}`, "off-schema", "$.sessionControls.signInFrequency.value", false},
		{"strength", `{"state":"enabled","conditions":{},"grantControls":{"authenticationStrength":{"id":"mine"}}}`, "unknown-strength", "$.grantControls.authenticationStrength", false},
		{"not a policy", `{"a":1}`, "not-a-policy", "$", false},
	} {
		set, notices, err := Parse("f.json", []byte(c.json))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		found := false
		for _, n := range notices {
			found = found || n.Code == c.code && n.Path == c.path && n.File == "f.json" && n.Message != ""
		}
		if !found {
			t.Errorf("%s: no notice %s at %s among %+v", c.name, c.code, c.path, notices)
		}
		if len(set.Policies) == 1 && set.Policies[0].Incomplete != c.incomplete {
			t.Errorf("%s: incomplete is %t", c.name, set.Policies[0].Incomplete)
		}
	}
}

func TestBadFiles(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"empty":     {"", "EOF"},
		"truncated": {`{"conditions":{`, "f.json"},
		"two":       {`{} {}`, "follows"},
		"latin-1":   {"{\"displayName\":\"caf\xe9\"}", "not UTF-8"},
		"utf-16 be": {"\x00{\x00}", "byte order mark"},
		"half":      {"\xff\xfe{", "half a character"},
		"deep":      {strings.Repeat("[", 100), "nested"},
	} {
		_, _, err := Parse("f.json", []byte(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `"f.json"`) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	if _, _, err := Load("x", []string{"/nowhere/at/all"}, nil); err == nil {
		t.Error("a missing path is no error")
	}
	if _, _, err := Load("x", []string{t.TempDir()}, nil); err == nil {
		t.Error("an empty folder is no error")
	}
}

// A broken file is an error that says where; a check reports it and goes on.
func TestBrokenFileHasAPlace(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.json": "{\n  \"displayName\": ,\n}", "b.json": onePolicyJSON, "c.json": "{\"conditions\":{}} x", "d.json": "\xff\xfe{",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err := Load("x", []string{dir}, nil)
	if err == nil || !strings.Contains(err.Error(), "a.json") || !strings.Contains(err.Error(), "line 2, column 18 (in $.displayName)") {
		t.Errorf("got %v", err)
	}
	set, notices, err := LoadAll("x", []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var broken []string
	for _, n := range notices {
		if n.Code == "bad-json" && n.Level == "error" {
			broken = append(broken, filepath.Base(n.File))
		}
	}
	if diff := cmp.Diff([]string{"a.json", "c.json", "d.json"}, broken); diff != "" || len(set.Policies) == 0 {
		t.Errorf("%d policies, %s", len(set.Policies), diff)
	}
}

// A misspelt key or value gets the word that was meant.
func TestMisspelt(t *testing.T) {
	for text, want := range map[string]string{
		`{"state":"enabled","conditions":{"users":{"includeUser":["All"]}}}`:   "includeUsers",
		`{"state":"enabled","conditions":{"signInRiskLevel":["high"]}}`:        "signInRiskLevels",
		`{"state":"enabled","conditions":{},"grantControl":{"operator":"OR"}}`: "grantControls",
		`{"state":"enabled","conditions":{"clientAppTypes":["browsers"]}}`:     "browser",
		`{"state":"enabled","conditions":{"moonPhase":"full"}}`:                "",
		`{"state":"enabled","conditions":{"users":{"includeRobots":["All"]}}}`: "",
	} {
		_, notices, err := Parse("f.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, n := range notices {
			if word, ok := strings.CutPrefix(n.Fix, "check the spelling: Graph calls it "); ok {
				got = word
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// Whatever parses can be compiled, asked and explained.
func FuzzParse(f *testing.F) {
	f.Add([]byte(onePolicyJSON))
	f.Add(utf16le(onePolicyJSON))
	f.Add([]byte(`{"value":[{"state":"enabled","conditions":{"users":{"includeUsers":"All"},"applications":{"includeApplications":["All"],"applicationFilter":{"mode":"exclude","rule":"x"}},"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted","00000000-0000-0000-0000-000000000000"]}},"grantControls":{"operator":"OR","builtInControls":["block","x"],"customAuthenticationFactors":["y"],"authenticationStrength":{"id":"z","allowedCombinations":["password,sms"],"combinationConfigurations":[1]}},"sessionControls":{"signInFrequency":{"isEnabled":true,"frequencyInterval":"everyTime","type":null,"value":null}}}]}`))
	f.Add([]byte(`[{"conditions":{"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"]}},"state":"enabled"},{"ipRanges":["203.0.113.0/24"],"id":"a"}]`))
	w := newWorld(1)
	dir, events := w.directory(), []signin.Event{}
	for range 5 {
		events = append(events, w.event())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, _, err := Parse("fuzz", data)
		if err != nil {
			return
		}
		e, err := NewEngine(set, dir, Options{Tenant: "t1"})
		if err != nil {
			t.Fatalf("a set that parsed does not compile: %v", err)
		}
		sym := signin.NewSymbols()
		ev := e.Evaluator(sym)
		for i := range events {
			r := signin.RowOf(&events[i], sym)
			x := ev.Explain(&r, &State{})
			if len(x.Reasons) == 0 || len(x.Policies) != len(set.Policies) {
				t.Fatalf("an explanation without reasons: %+v", x)
			}
		}
	})
}
