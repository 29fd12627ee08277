package replay

import (
	"net/netip"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// Remembered MFA: native clients are asked again after so many days, a browser
// may hold a cookie that spares the question (reference 1.10, rule 9).
func TestRememberedMFA(t *testing.T) {
	day := 24 * hour
	weekly := func(mods ...mod) *story {
		s := newStory().at(0, append(mods, both)...)
		for d := signin.Time(3); d <= 12; d += 3 {
			s.at(d*day, append(mods, claim)...)
		}
		return s
	}
	again := newStory().at(0, both).at(2*day, password)
	sets := [][]string{nil, {policyJSON("mfa", mfa)}}
	for _, tt := range []struct {
		name  string
		story *story
		days  signin.Time
		want  Bounds
	}{
		{"off", weekly(native), 0, Bounds{1, 1}},
		{"a native client is asked every week", weekly(native), 7, Bounds{2, 2}},
		{"a browser with a session is not", weekly(), 7, Bounds{1, 1}},
		{"a new browser session may have the cookie", again, 7, Bounds{1, 2}},
		{"which lasts so many days", newStory().at(0, both).at(8*day, password, both), 7, Bounds{2, 2}},
	} {
		got := prompts(total(t, tt.story.run(Config{Engines: engines(t, sets...), RememberMFA: tt.days * signin.Day})))
		if diff := cmp.Diff([]Bounds{{}, tt.want}, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	tl := newStory().at(0, both, func(e *signin.Event) {
		e.Lifetimes = signin.EncodeList([]string{"rememberMultifactorAuthenticationOnTrustedDevices"})
	}).at(hour, claim, label).run(Config{Engines: engines(t, sets[1])})
	if tl.Labelled != (Labelled{Frequency: 1, Remembered: 1}) {
		t.Errorf("labelled %+v", tl.Labelled)
	}
}

const always90 = `{"sessionControls":{"persistentBrowser":{"isEnabled":true,"mode":"always"}}}`

// A browser session that never ends may spare the sign-ins of those that do; one
// that always ends may ask for more.
func TestPersistentBrowser(t *testing.T) {
	s := func() *story { return newStory().at(0, both).at(10*hour, both).at(20*hour, claim) }
	plain, always, never := []string{policyJSON("mfa", mfa)}, []string{policyJSON("mfa", mfa, always90)}, []string{policyJSON("mfa", mfa, never90)}
	for _, tt := range []struct {
		name string
		sets [][]string
		want []Bounds
	}{
		{"always", [][]string{plain, always}, []Bounds{{2, 2}, {1, 2}}},
		{"never, beside always", [][]string{plain, {always[0], policyJSON("never", never90)}}, []Bounds{{2, 2}, {2, 3}}},
		{"never no more", [][]string{never, plain}, []Bounds{{2, 2}, {1, 2}}},
		{"always already", [][]string{always, always}, []Bounds{{2, 2}, {2, 2}}},
	} {
		if diff := cmp.Diff(tt.want, prompts(total(t, s().run(Config{Engines: engines(t, tt.sets...)})))); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// On a registered device an unlock renews nothing; a native app that signs in may.
func TestRegisteredDevice(t *testing.T) {
	unlock := []mod{workplace, native, app(windowsSignIn)}
	s := newStory().at(0, workplace, native, both).at(5*hour, unlock...).at(6*hour, workplace, native, quiet, claim)
	got := prompts(total(t, s.run(Config{Engines: engines(t, nil, []string{policyJSON("sif", mfa, every(4))})})))
	// At best the sign-in at five hours renewed the token of the app's broker.
	if diff := cmp.Diff([]Bounds{{}, {1, 3}}, got); diff != "" {
		t.Error(diff)
	}
	s = newStory().at(0, workplace, native, both).at(5*hour, workplace, native, quiet, claim).at(6*hour, workplace, native, claim)
	got = prompts(total(t, s.run(Config{Engines: engines(t, nil, []string{policyJSON("sif", mfa, every(1))})})))
	if diff := cmp.Diff([]Bounds{{}, {1, 2}}, got); diff != "" {
		t.Error(diff)
	}
}

// Without continuous access evaluation tokens are renewed hourly, which no log
// made with it shows.
func TestWithoutCAE(t *testing.T) {
	off := `{"sessionControls":{"continuousAccessEvaluation":{"mode":"disabled"}}}`
	s := newStory().at(0, both).at(hour/2, quiet, claim).at(8*hour, claim)
	sif := policyJSON("sif", mfa, every(2))
	got := prompts(total(t, s.run(Config{Engines: engines(t, []string{sif}, []string{sif, policyJSON("cae", off)})})))
	if got[1].Low != got[0].Low || got[1].High != got[0].High+2 {
		t.Errorf("prompts %+v", got)
	}
}

// Strict location: the address the resource saw counts as well.
func TestStrictLocation(t *testing.T) {
	outside := `{"conditions":{"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}}}`
	strict := `{"sessionControls":{"continuousAccessEvaluation":{"mode":"strictLocation"}}}`
	set := func(parts ...string) *policy.Engine {
		text := "[" + policyJSON("outside", append([]string{block, outside}, parts...)...) + "," + policyJSON("cae", parts...) + "]"
		p, _, err := policy.Parse("set", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		p.LocationsKnown = true
		p.Locations = []*policy.NamedLocation{{ID: "office", Name: "office", Kind: policy.LocationIP, Trusted: true, Ranges: []string{"192.0.2.0/24"}}}
		e, err := policy.NewEngine(p, nil, policy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	from := func(entra, resource string) mod {
		return func(e *signin.Event) {
			e.Source.IP, e.Source.FromResource = netip.MustParseAddr(entra), netip.MustParseAddr(resource)
		}
	}
	s := newStory().at(0, from("192.0.2.1", "192.0.2.2")).at(hour, from("192.0.2.1", "198.51.100.1"))
	got := bounds(func(o Outcome) Bounds { return o.Blocks }, total(t, s.run(Config{Engines: []*policy.Engine{set(), set(strict)}})))
	if diff := cmp.Diff(exactly(0, 1), got); diff != "" {
		t.Error(diff)
	}
}

// What nobody says of the resource's address stays open: the log tells its country
// of Entra's address alone, and that is no unknown country.
func TestStrictLocationCountry(t *testing.T) {
	abroad := `{"conditions":{"locations":{"includeLocations":["All"],"excludeLocations":["us"]}}}`
	strict := `{"sessionControls":{"continuousAccessEvaluation":{"mode":"strictLocation"}}}`
	set := func(parts ...string) *policy.Engine {
		p, _, err := policy.Parse("set", []byte("["+policyJSON("abroad", append([]string{block, abroad}, parts...)...)+","+policyJSON("cae", parts...)+"]"))
		if err != nil {
			t.Fatal(err)
		}
		p.LocationsKnown = true
		p.Locations = []*policy.NamedLocation{{ID: "us", Name: "US", Kind: policy.LocationCountry, Countries: []string{"US"}}}
		e, err := policy.NewEngine(p, nil, policy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	s := newStory().at(0, func(e *signin.Event) {
		e.Source.IP, e.Source.FromResource = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.1")
		e.Geo.Country, e.Geo.Source = "US", signin.GeoLog
	})
	got := bounds(func(o Outcome) Bounds { return o.Blocks }, total(t, s.run(Config{Engines: []*policy.Engine{set(), set(strict)}})))
	if diff := cmp.Diff([]Bounds{{}, {0, 1}}, got); diff != "" {
		t.Error(diff)
	}
}

// With interactive rows only the high side grows by the prompts in between and
// by their factors.
func TestUnseenPromptsHaveFactors(t *testing.T) {
	s := newStory().at(0, both).at(9*hour, claim)
	pc := total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)}, []string{policyJSON("sif", mfa, every(4))})}))
	if diff := cmp.Diff([]Bounds{{1, 1}, {2, 3}}, prompts(pc)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Bounds{{1, 1}, {3, 5}}, bounds(func(o Outcome) Bounds { return o.Entries }, pc)); diff != "" {
		t.Error(diff)
	}
	// The same with a background row: the log shows what there was.
	s.at(9*hour+min1, quiet, claim)
	pc = total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)}, []string{policyJSON("sif", mfa, every(4))})}))
	if diff := cmp.Diff([]Bounds{{1, 1}, {2, 2}}, prompts(pc)); diff != "" {
		t.Error(diff)
	}
}

// A session keeps the methods of every step: a strength that wants the password
// and another factor is met in two.
func TestMethodsAddUp(t *testing.T) {
	custom := `{"grantControls":{"operator":"OR","authenticationStrength":{"id":"x","allowedCombinations":["password,sms"]}}}`
	text := func(e *signin.Event) {
		e.MFA.Requirement, e.MFA.State = signin.MultiFactor, signin.MFADone
		e.MFA.Factors = factors(
			signin.Factor{Method: "Previously satisfied", Succeeded: "true", Requirement: "Primary authentication"},
			signin.Factor{Method: "Text message", Succeeded: "true", Requirement: "user"})
	}
	s := newStory().at(0, both).at(hour, text).at(2*hour, claim, app("vault"))
	got := prompts(total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)},
		[]string{policyJSON("mfa", mfa), policyJSON("vault", custom, apps("vault"))})})))
	if diff := cmp.Diff(got[0], got[1]); diff != "" {
		t.Error("met in two steps:", diff)
	}
}
