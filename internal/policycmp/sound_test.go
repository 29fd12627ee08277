package policycmp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// pick is one of several texts.
func pick(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

// some is a JSON list of some of the texts.
func some(r *rand.Rand, texts ...string) string {
	var out []string
	for _, s := range texts {
		if r.IntN(2) == 0 {
			out = append(out, `"`+s+`"`)
		}
	}
	return "[" + strings.Join(out, ",") + "]"
}

// onePolicy is a random policy out of few values, so that two often compare.
func onePolicy(r *rand.Rand, id string) string {
	const office, ml = "00000003-0000-0ff1-ce00-000000000000", "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe"
	maybe := func(s string) string {
		if r.IntN(4) == 0 {
			return s
		}
		return ""
	}
	cond := `"users":{"includeUsers":` + pick(r, `["All"]`, `["All"]`, `["u1"]`, `["u1","u2"]`, `["GuestsOrExternalUsers"]`, `["None"]`) +
		`,"excludeUsers":` + pick(r, `[]`, `[]`, `["u1"]`, `["GuestsOrExternalUsers"]`) +
		`,"includeGroups":` + pick(r, `[]`, `[]`, `["g1"]`, `["g1","g2"]`) + `,"excludeGroups":` + pick(r, `[]`, `[]`, `["g2"]`) +
		`,"includeRoles":` + pick(r, `[]`, `["r1"]`) + `}` +
		`,"applications":{"includeApplications":` + pick(r, `["All"]`, `["All"]`, `["`+office+`"]`, `["Office365"]`, `["`+ml+`","`+office+`"]`) +
		`,"excludeApplications":` + pick(r, `[]`, `[]`, `["`+ml+`"]`) + `}` +
		maybe(`,"clientAppTypes":`+some(r, "browser", "mobileAppsAndDesktopClients", "other", "exchangeActiveSync")) +
		maybe(`,"platforms":{"includePlatforms":`+pick(r, `["all"]`, `["windows"]`, `["windows","iOS"]`)+`,"excludePlatforms":`+pick(r, `[]`, `["iOS"]`)+`}`) +
		maybe(`,"locations":{"includeLocations":`+pick(r, `["All"]`, `["l1"]`, `["AllTrusted"]`)+`,"excludeLocations":`+pick(r, `[]`, `["l1"]`, `["AllTrusted"]`)+`}`) +
		maybe(`,"signInRiskLevels":`+some(r, "low", "medium", "high")) +
		maybe(`,"authenticationFlows":{"transferMethods":"deviceCodeFlow"}`) +
		maybe(`,"devices":{"deviceFilter":{"mode":"`+pick(r, "include", "exclude")+`","rule":"device.isCompliant -eq True"}}`)
	grant := pick(r, `"builtInControls":["mfa"]`, `"builtInControls":["block"]`, `"builtInControls":["mfa","compliantDevice"]`, `"builtInControls":["compliantDevice"]`,
		`"builtInControls":[],"authenticationStrength":{"id":"00000000-0000-0000-0000-00000000000`+pick(r, "2", "3", "4")+`"}`, `"builtInControls":["mfa"],"termsOfUse":["t1"]`)
	session := maybe(`,"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":` + pick(r, "1", "4") + `,"authenticationType":"` +
		pick(r, "primaryAndSecondaryAuthentication", "secondaryAuthentication") + `"}}`)
	return fmt.Sprintf(`{"id":%q,"displayName":%q,"state":"enabled","conditions":{%s},"grantControls":{"operator":%q,%s}%s}`,
		id, id, cond, pick(r, "AND", "OR"), grant, session)
}

func oneEvent(r *rand.Rand) signin.Event {
	e := signin.Event{Time: signin.Time(1_800_000_000_000_000), Provider: "entra"}
	e.Principal = signin.Principal{ID: pick(r, "u1", "u2", "u3"), Kind: []signin.PrincipalKind{signin.Member, signin.Guest, signin.KindUnknown}[r.IntN(3)]}
	e.Resource.ID = pick(r, "00000003-0000-0ff1-ce00-000000000000", "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe", "77777777-0000-4000-8000-000000000001", "")
	e.Client = pick(r, "Browser", "Mobile Apps and Desktop clients", "Exchange ActiveSync", "IMAP4", "")
	e.Device.OS = pick(r, "Windows", "iOS", "ChromeOS", "")
	e.Device.ID = pick(r, "d1", "")
	e.Device.Compliant = signin.Truth(r.IntN(3))
	if r.IntN(3) > 0 {
		e.Source.IP = netip.MustParseAddr(pick(r, "203.0.113.7", "198.51.100.7"))
	}
	return e
}

// What Covers and AsStrict prove is true of the engine: where q covers p, q
// applies wherever p does; where it also asks for as much, p changes no verdict.
func TestProofsHoldInTheEngine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	dir := directory.New()
	for _, u := range []string{"u1", "u2", "u3"} {
		dir.AddUser(directory.User{ID: u})
	}
	dir.AddGroup(directory.Group{ID: "g1", Complete: true})
	dir.AddMember("g1", "u1", 0, 0)
	dir.AddMember("g1", "u3", 0, 0)
	dir.AddRole("u2", "r1", 0, 0)
	dir.Seal()
	const place = `{"id":"l1","displayName":"Office","isTrusted":true,"ipRanges":[{"cidrAddress":"203.0.113.0/24"}]}`
	covered, strict := 0, 0
	for range 40_000 {
		p, q := onePolicy(r, "p"), onePolicy(r, "q")
		text := "[" + q + "," + p + "," + place + "]"
		set, _, err := policy.Parse("both.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if !Covers(set.Policies[0], set.Policies[1]) {
			continue
		}
		covered++
		asStrict := AsStrict(set.Policies[0], set.Policies[1])
		alone, _, err := policy.Parse("one.json", []byte("["+q+","+place+"]"))
		if err != nil {
			t.Fatal(err)
		}
		sym := signin.NewSymbols()
		both, one := evaluator(t, set, dir, sym), evaluator(t, alone, dir, sym)
		if asStrict {
			strict++
		}
		for range 20 {
			e := oneEvent(r)
			row := signin.RowOf(&e, sym)
			st := policy.State{MFA: signin.Truth(r.IntN(3)), First: age(r), Second: age(r), PRT: age(r), DeviceSession: r.IntN(2) == 0}
			d := decide(both, &row, &st)
			m := d.Match
			if m.Applies.Has(1) && !m.Applies.Has(0) || m.Unknown.Has(1) && !m.Unknown.Has(0) && !m.Applies.Has(0) {
				t.Fatalf("q is said to cover p and does not: %s\n%+v", text, e)
			}
			if o := decide(one, &row, &st); asStrict && (d.Best != o.Best || d.Worst != o.Worst) {
				t.Fatalf("p is said to change nothing, and %v..%v becomes %v..%v: %s\n%+v %+v", o.Best, o.Worst, d.Best, d.Worst, text, e, st)
			}
		}
	}
	if covered < 500 || strict < 100 {
		t.Errorf("only %d pairs cover and %d are as strict: the test says little", covered, strict)
	}
	t.Logf("%d pairs cover, %d of them as strict", covered, strict)
}

func age(r *rand.Rand) policy.Age {
	a := signin.Time(r.IntN(6)) * signin.Hour
	return policy.Age{Min: a, Max: a + signin.Time(r.IntN(2))*signin.Hour}
}

func evaluator(t *testing.T, set *policy.Set, dir *directory.Directory, sym *signin.Symbols) *policy.Evaluator {
	t.Helper()
	e, err := policy.NewEngine(set, dir, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e.Evaluator(sym)
}

func decide(ev *policy.Evaluator, r *signin.Row, st *policy.State) policy.Decision {
	return ev.Decide(r, ev.Match(r), st)
}
