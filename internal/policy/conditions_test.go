package policy

import (
	"net/netip"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

func TestGuestKinds(t *testing.T) {
	for i, c := range []struct {
		kind                  signin.PrincipalKind
		cross, home, resource string
		userType, upn         string
		want                  GuestKinds
	}{
		{signin.Guest, "none", "a", "A", "", "", InternalGuest},
		{signin.Guest, "b2bCollaboration", "b", "a", "", "", CollaborationGuest},
		{signin.Guest, "", "b", "a", "", "", CollaborationGuest},
		{signin.Member, "b2bCollaboration", "b", "a", "", "", CollaborationMember},
		{signin.Member, "b2bDirectConnect", "b", "a", "", "", DirectConnect},
		{signin.KindUnknown, "serviceProvider", "b", "a", "", "", ServiceProviderUser},
		{signin.Member, "none", "b", "a", "", "", OtherExternal},
		{signin.Member, "none", "a", "a", "", "", notExternal},
		{signin.KindUnknown, "", "", "", "Guest", "", InternalGuest | CollaborationGuest},
		{signin.Member, "", "", "", "", "", anyKind &^ (InternalGuest | CollaborationGuest)},
		{signin.Member, "", "", "", "", "ann@example.com", notExternal},
		{signin.Member, "", "", "", "", "ann_example.org#EXT#@example.com", anyKind &^ (InternalGuest | CollaborationGuest)},
		{signin.KindUnknown, "", "", "", "", "", anyKind},
		{signin.Member, "passthrough", "a", "a", "", "", anyKind},
	} {
		if got := possibleKinds(c.kind, c.cross, c.home, c.resource, c.userType, c.upn); got != c.want {
			t.Errorf("case %d: got %v, want %v", i, got.Names(), c.want.Names())
		}
	}
}

func TestPlatformOf(t *testing.T) {
	for text, want := range map[string]string{
		"Windows 10": "windows", "Windows10": "windows", "Ios": "ios", "iOS 17.2": "ios", "iOS17": "ios", "MacOs": "macos", "Mac OS X 10.15": "macos",
		"Linux": "linux", "Android 14": "android", "Windows Phone 8": "windowsphone", "ChromeOS": "", "axios/1.6": "", "python-requests/2.31": "",
		"Mozilla/5.0 (Linux; Android 14; Pixel 8)":                    "android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X)":      "ios",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)":                    "",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)":             "macos",
		"Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft;)": "windowsphone",
	} {
		if got := platformOf(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestExchangeActiveSyncPlatforms(t *testing.T) {
	set := &Set{Policies: []*Policy{{
		Name: "P", State: Enabled, Users: Users{IncludeUsers: []string{"all"}},
		Apps: Apps{Include: []string{"all"}}, ClientTypes: []string{"eassupported"},
	}}}
	ev, sym := asked(t, set, nil, Options{})
	for os, want := range map[string]string{"Ios": "applied", "": "unknown"} {
		r := signin.RowOf(&signin.Event{Client: "Exchange ActiveSync", Device: signin.Device{OS: os}}, sym)
		if got := ev.Explain(&r, &State{}).Policies[0].Result; got != want {
			t.Errorf("%q: got %s, want %s", os, got, want)
		}
	}
}

// The masks of the reference, 2.4: applications, then users, then the rest.
func TestConditionMasks(t *testing.T) {
	set := &Set{
		LocationsKnown: true, Locations: []*NamedLocation{{ID: "hq", Name: "HQ", Kind: LocationIP, Trusted: true, Ranges: []string{"203.0.113.0/24"}}},
		Policies: []*Policy{{
			Name: "P", State: Enabled, Users: Users{IncludeUsers: []string{"u1"}},
			Apps: Apps{Include: []string{"a1"}}, ClientTypes: []string{"browser"}, Platforms: &Choice{Include: []string{"windows"}},
			Locations: &Choice{Include: []string{"all"}, Exclude: []string{"alltrusted"}}, SignInRisk: []string{"high"},
		}},
	}
	ev, sym := asked(t, set, nil, Options{})
	base := signin.Event{
		Principal: signin.Principal{ID: "u1", Kind: signin.Member}, Resource: signin.Target{ID: "a1"}, Client: "Browser",
		Device: signin.Device{OS: "Windows"}, Source: signin.Source{IP: netip.MustParseAddr("198.51.100.1")}, Risk: signin.Risk{Level: "high"},
	}
	for _, c := range []struct {
		name            string
		change          func(*signin.Event)
		yes, no, unsure uint32
	}{
		{"all met", func(*signin.Event) {}, 1 + 2 + 4 + 8 + 16 + 32, 0, 0},
		{"application", func(e *signin.Event) { e.Resource.ID, e.Client = "a2", "IMAP4" }, 0, 1, 0},
		{"users", func(e *signin.Event) { e.Principal.ID = "u2" }, 1, 2, 0},
		{"location and client", func(e *signin.Event) {
			e.Client, e.Source.IP = "IMAP4", netip.MustParseAddr("203.0.113.1")
		}, 1 + 2 + 4 + 32, 8 + 16, 0},
		{"risk hidden", func(e *signin.Event) { e.Risk.Level = "hidden" }, 1 + 2 + 4 + 8 + 16, 0, 32},
	} {
		e := base
		c.change(&e)
		r := signin.RowOf(&e, sym)
		yes, no, unsure := ev.Conditions(&r, 0)
		if yes != c.yes || no != c.no || unsure != c.unsure {
			t.Errorf("%s: got %d/%d/%d, want %d/%d/%d", c.name, yes, no, unsure, c.yes, c.no, c.unsure)
		}
	}
}

// Dated membership: the answer changes at the instant it begins and ends.
func TestMembershipEpochs(t *testing.T) {
	dir := directory.New()
	dir.AddGroup(directory.Group{ID: "g", Complete: true})
	dir.AddMember("g", "u1", testEpoch+signin.Day, testEpoch+2*signin.Day)
	dir.Seal()
	set := &Set{Policies: []*Policy{{
		Name: "P", State: Enabled, Users: Users{IncludeGroups: []string{"g"}},
		Apps: Apps{Include: []string{"all"}}, Grant: &Grant{Controls: ControlBlock},
	}}}
	ev, sym := asked(t, set, dir, Options{})
	for range 2 { // the second time from memory
		for at, want := range map[signin.Time]bool{0: false, signin.Day - 1: false, signin.Day: true, 2*signin.Day - 1: true, 2 * signin.Day: false} {
			r := signin.RowOf(&signin.Event{Time: testEpoch + at, Principal: signin.Principal{ID: "u1"}}, sym)
			if got := ev.Match(&r); got.Applies.Has(0) != want || got.Unknown.Has(0) {
				t.Errorf("%s: got %v, want %t", r.Time, got.Applies.Has(0), want)
			}
		}
	}
}

func TestExpectedResults(t *testing.T) {
	policy := func(state Enforcement, g *Grant) *Policy {
		return &Policy{State: state, Users: Users{IncludeUsers: []string{"all"}}, Apps: Apps{Include: []string{"a1"}}, Grant: g}
	}
	mfa, block := &Grant{Controls: ControlMFA}, &Grant{Controls: ControlBlock}
	const mfaNone, mfaClaim = signin.False, signin.True
	for i, c := range []struct {
		p    *Policy
		app  string
		mfa  signin.Truth
		want Results
	}{
		{policy(Enabled, mfa), "a1", mfaClaim, ResultSuccess},
		{policy(Enabled, mfa), "a1", mfaNone, ResultSuccess | ResultFailure | ResultInterrupt},
		{policy(Enabled, block), "a1", mfaClaim, ResultFailure},
		{policy(Enabled, block), "a2", mfaClaim, ResultNotApplied},
		{policy(Enabled, block), "", mfaClaim, ResultNotApplied | ResultFailure},
		{policy(Disabled, block), "a1", mfaClaim, ResultNotEnabled},
		{policy(ReportOnly, block), "a1", mfaClaim, ResultReportOnlyFailure},
		{policy(ReportOnly, block), "a2", mfaClaim, ResultReportOnlyNotApplied},
		{policy(ReportOnly, mfa), "a1", mfaNone, ResultReportOnlyInterrupted}, // nobody was asked, so nobody answered
		{policy(ReportOnly, mfa), "a1", mfaClaim, ResultReportOnlySuccess},
		// A legacy client cannot answer: what it records is not documented.
		{policy(ReportOnly, mfa), "imap", mfaNone, ResultReportOnlyFailure | ResultReportOnlyInterrupted},
		{policy(ReportOnly, &Grant{Controls: ControlMFA | ControlCompliantDevice}), "imap", mfaNone, ResultReportOnlyFailure},
		{policy(Enabled, mfa), "imap", mfaNone, ResultFailure},
	} {
		ev, sym := asked(t, &Set{Policies: []*Policy{c.p}}, nil, Options{})
		e := signin.Event{Resource: signin.Target{ID: c.app}, Client: "Mobile Apps and Desktop clients"}
		if c.app == "imap" {
			e.Resource.ID, e.Client = "a1", "IMAP4"
		}
		r := signin.RowOf(&e, sym)
		if got := ev.Expected(&r, 0, ev.Match(&r), &State{MFA: c.mfa}); got != c.want {
			t.Errorf("case %d: got %v, want %v", i, got.Names(), c.want.Names())
		}
	}
	// A report-only success needs somebody who was asked: by an enabled policy, or by
	// something else, as the row then shows.
	set := &Set{Policies: []*Policy{policy(ReportOnly, mfa), policy(Enabled, mfa)}}
	for name, c := range map[string]struct {
		set  *Set
		done signin.MFAState
		want Results
	}{
		"an enabled policy asks": {set, signin.MFAUnknown, ResultReportOnlySuccess | ResultReportOnlyInterrupted},
		"the row shows it":       {&Set{Policies: set.Policies[:1]}, signin.MFADone, ResultReportOnlySuccess | ResultReportOnlyInterrupted},
		"nobody asks":            {&Set{Policies: set.Policies[:1]}, signin.MFANotDone, ResultReportOnlyInterrupted},
	} {
		ev, sym := asked(t, c.set, nil, Options{})
		e := signin.Event{Resource: signin.Target{ID: "a1"}, Client: "Browser"}
		e.MFA.State = c.done
		r := signin.RowOf(&e, sym)
		if got := ev.Expected(&r, 0, ev.Match(&r), &State{MFA: mfaNone}); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got.Names(), c.want.Names())
		}
	}
	for text, want := range map[string]signin.Truth{"success": signin.True, "reportOnlyNotApplied": signin.False, "unknownFutureValue": signin.Unknown, "notEnabled": signin.Unknown} {
		if got := ParseResult(text).Class(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	if ControlOfLabel("mfa") != ControlMFA || ControlOfLabel("My terms") != ControlOther {
		t.Error("grant labels")
	}
}
