package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func inSession(id string) mod { return func(e *signin.Event) { e.Session = id } }

// TestEpisodesByProvider: what one login looks like in the log of each kind of
// provider, and what is counted of it. The shapes are those of docs/metrics.md.
func TestEpisodesByProvider(t *testing.T) {
	const second = signin.Second
	push := func(e *signin.Event) {
		e.MFA.State, e.MFA.Methods = signin.MFADone, signin.EncodeList([]string{"OKTA_VERIFY_PUSH"})
		e.MFA.Factors = factors(signin.Factor{Method: "OKTA_VERIFY_PUSH", Succeeded: "true"})
	}
	challenge := failed("CHALLENGE", signin.Challenge, signin.MFARequired)
	wrong := func(code string) mod { return failed(code, signin.Failure, signin.BadPassword) }
	for _, c := range []struct {
		name, provider string
		rows           func(*story)
		want           ProviderTally
	}{
		{
			"entra: interrupt, then success", "entra", func(s *story) {
				s.at(0, corr("c"), failed("50074", signin.Challenge, signin.MFARequired)).at(20*second, corr("c"), both)
			},
			ProviderTally{Rows: 2, SignIns: 2, Episodes: 1, Succeeded: 1, Prompts: 1, Asked: 1, FactorEntries: 2},
		},
		{
			"entra: interrupt, and nobody came back", "entra", func(s *story) { s.at(0, corr("c"), failed("50074", signin.Challenge, signin.MFARequired)) },
			ProviderTally{Rows: 1, SignIns: 1, Episodes: 1},
		},
		{
			"entra: two tries in one flow", "entra", func(s *story) {
				s.at(0, corr("c"), wrong("50126")).at(5*second, corr("c"), wrong("50053"))
			},
			ProviderTally{Rows: 2, FirstFactor: 2},
		},
		{
			"okta: session, policy, verify and sso of one transaction", "okta", func(s *story) {
				s.at(0, corr("tx"), inSession("s")).at(second, corr("tx"), inSession("s"), challenge).
					at(12*second, corr("tx"), inSession("s"), push).at(13*second, corr("tx"), inSession("s"))
			},
			ProviderTally{Rows: 4, SignIns: 4, Episodes: 1, Succeeded: 1, Prompts: 1, Asked: 1, FactorEntries: 1},
		},
		{
			"okta: the same with a transaction per request", "okta", func(s *story) {
				s.at(0, corr("t1"), inSession("s")).at(second, corr("t1"), inSession("s"), challenge).
					at(12*second, corr("t2"), inSession("s"), push).at(13*second, corr("t3"), inSession("s"))
			},
			ProviderTally{Rows: 4, SignIns: 4, Episodes: 1, Succeeded: 1, Prompts: 1, Asked: 1, FactorEntries: 1},
		},
		{
			"okta: another app of the session later is another login", "okta", func(s *story) {
				s.at(0, corr("t1"), inSession("s"), push).at(5*min1, corr("t2"), inSession("s"))
			},
			ProviderTally{Rows: 2, SignIns: 2, Episodes: 2, Succeeded: 2, Prompts: 1, Asked: 1, FactorEntries: 1},
		},
		{
			"linux: PAM and Failed of one try, then Accepted", "linux", func(s *story) {
				s.at(0, corr("h:1"), wrong("pam_authentication_failure")).at(2*second, corr("h:1"), wrong("failed_password")).at(9*second, corr("h:1"))
			},
			ProviderTally{Rows: 3, SignIns: 1, FirstFactor: 1, Episodes: 1, Succeeded: 1},
		},
		{
			"linux: three tries of one connection", "linux", func(s *story) {
				for i := range signin.Time(3) {
					s.at(6*i*second, corr("h:1"), wrong("pam_authentication_failure")).at((6*i+2)*second, corr("h:1"), wrong("failed_password"))
				}
			},
			ProviderTally{Rows: 6, FirstFactor: 3},
		},
		{
			"no identifier: a challenge and its answer", "onelogin", func(s *story) { s.at(0, challenge).at(30*second, push) },
			ProviderTally{Rows: 2, SignIns: 2, Episodes: 1, Succeeded: 1, Prompts: 1, Asked: 1, FactorEntries: 1},
		},
		{
			"no identifier: answered too late", "onelogin", func(s *story) { s.at(0, challenge).at(11*min1, push) },
			ProviderTally{Rows: 2, SignIns: 2, Episodes: 2, Succeeded: 1, Prompts: 1, Asked: 1, FactorEntries: 1},
		},
		{
			"no identifier: each success is a login", "aws", func(s *story) { s.at(0).at(second) },
			ProviderTally{Rows: 2, SignIns: 2, Episodes: 2, Succeeded: 2},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory()
			c.rows(s)
			provider := s.sym[signin.DimProvider].Code(c.provider)
			for i := range s.rows {
				s.rows[i].C[signin.DimProvider] = provider
			}
			for _, policies := range []bool{false, true} {
				cfg := Config{}
				if policies {
					cfg.Engines = []*policy.Engine{engine(t, "now", policyJSON("p", mfa))}
				}
				w := New(cfg, s.sym)
				w.Person(History{Provider: c.provider, Tenant: "t", Principal: "u1", Rows: s.rows}, risk.Assessed{})
				tl := w.Tally()
				want := c.want
				want.Provider, want.Tenant = c.provider, "t"
				want.Accounts = min(1, want.SignIns)
				if policies && c.provider == "entra" {
					want.Replayed = want.SignIns
				}
				if d := cmp.Diff([]ProviderTally{want}, tl.Providers); d != "" {
					t.Errorf("policies %v: %s", policies, d)
				}
				// The cells hold what the policies had a say in, or everything without any.
				cells := 0
				for i := range tl.People {
					cells += int(tl.People[i].Recorded.Episodes)
				}
				if in := !policies || c.provider == "entra"; (cells > 0) != (in && want.Episodes > 0) {
					t.Errorf("policies %v: %d episodes in the cells", policies, cells)
				}
			}
		})
	}
}

// TestPersonOf: two accounts of one person are replayed apart and counted once.
func TestPersonOf(t *testing.T) {
	s := newStory().at(0, both).at(26*hour, both)
	cfg := Config{Engines: []*policy.Engine{engine(t, "now", policyJSON("p", mfa, every(24)))}}
	w := New(cfg, s.sym)
	who := signin.PersonKey("entra", "t", "u1")
	w.PersonOf(who, s.history(), risk.Assessed{}, false)
	h := s.history()
	h.Principal = "admin-u1"
	w.PersonOf(who, h, risk.Assessed{}, true)
	h.Principal = "u2"
	w.Person(h, risk.Assessed{})
	tl := w.Tally()
	if n := len(tl.People); n != 2 {
		t.Fatalf("%d people, want 2: %+v", n, tl.People)
	}
	if a, b := &tl.People[0], &tl.People[1]; a.Person != who || a.Recorded.SignIns != 4 || b.Recorded.SignIns != 2 || a.Sets[0].Prompts.High != 2*b.Sets[0].Prompts.High {
		t.Errorf("the joined person has %+v, the other %+v", a, b)
	}
	if p := tl.Policies[0][0].People; p != 2 {
		t.Errorf("the policy asked %v people, want 2", p)
	}
	if s := Summarize(tl, SummaryOptions{}); s.Total.People != 2 {
		t.Errorf("%d people in total, want 2", s.Total.People)
	}
}
