package analysis

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/dataset"
	"frisk/internal/replay"
	"frisk/internal/signin"
	"frisk/queries"

	"github.com/google/go-cmp/cmp"
)

// mixed is a log of several providers and tenants. Alice has an Entra account in
// our tenant, one in a second tenant of ours, one of Okta and one on servers; on
// the last day her Okta account is used in New York half an hour after her Entra
// account was in Berlin. Her first account also visited a partner's tenant. Bob has
// Entra only.
func mixed() []signin.Event {
	const ours, other = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	start := signin.Earliest + 9500*signin.Day
	var out []signin.Event
	add := func(e signin.Event) {
		e.ID = fmt.Sprintf("event-%04d", len(out))
		e.Raw = signin.Raw{File: "made-up", Line: int64(len(out) + 1)}
		out = append(out, e)
	}
	berlin := signin.Geo{Country: "DE", City: "Berlin", Lat: 52.52, Lon: 13.4, Located: true, Source: signin.GeoLog}
	york := signin.Geo{Country: "US", City: "New York", Lat: 40.71, Lon: -74, Located: true, Source: signin.GeoLog}
	base := func(day, hour int, provider, tenant, id, name string) signin.Event {
		e := signin.Event{
			Time: start + signin.Time(day)*signin.Day + signin.Time(hour)*signin.Hour, Provider: provider, Tenant: tenant,
			Stream: signin.Interactive, Outcome: signin.Success, Geo: berlin, Source: signin.Source{IP: netip.MustParseAddr("192.0.2.10")},
			Principal: signin.Principal{ID: id, Name: name, Kind: signin.Member}, Client: "Browser",
		}
		e.Correlation = fmt.Sprintf("%s-%d-%d-%s", provider, day, hour, id)
		return e
	}
	entra := func(day, hour int, tenant, id, name string) signin.Event {
		e := base(day, hour, "entra", tenant, id, name)
		e.Code, e.HomeTenant, e.ResourceTenant = "0", tenant, tenant
		e.App, e.Resource = signin.Target{ID: "app"}, signin.Target{ID: "app"}
		e.MFA = signin.MFA{Requirement: signin.MultiFactor, State: signin.MFADone, Factors: signin.EncodeList([]signin.Factor{
			{Method: "Password", Succeeded: "true"}, {Method: "Mobile app notification", Succeeded: "true"},
		})}
		return e
	}
	for day := range 12 {
		add(entra(day, 8, ours, "a0000000-0000-4000-8000-000000000001", "alice@example.com"))
		add(entra(day, 9, ours, "b0000000-0000-4000-8000-000000000001", "bob@example.com"))
		add(entra(day, 10, other, "a0000000-0000-4000-8000-000000000002", "alice@example.org"))
		okta := base(day, 11, "okta", "example.okta.com", "00uAlice", "alice@example.com")
		add(okta)
		okta.Outcome, okta.Reason, okta.Code = signin.Challenge, signin.MFARequired, "CHALLENGE"
		okta.Time += signin.Second
		add(okta)
		okta.Outcome, okta.Reason, okta.Code = signin.Success, signin.ReasonNone, "SUCCESS"
		okta.Time += 10 * signin.Second
		okta.MFA = signin.MFA{State: signin.MFADone, Factors: signin.EncodeList([]signin.Factor{{Method: "OKTA_VERIFY_PUSH", Succeeded: "true"}})}
		add(okta)
		ssh := base(day, 12, "linux", "", "name:alice", "alice")
		ssh.Correlation, ssh.Client = fmt.Sprintf("sshd:host:%d", 100+day), "sshd"
		ssh.Outcome, ssh.Reason, ssh.Code = signin.Failure, signin.BadPassword, "pam_authentication_failure"
		add(ssh)
		ssh.Code, ssh.Time = "failed_password", ssh.Time+2*signin.Second
		add(ssh)
		ssh.Outcome, ssh.Reason, ssh.Code, ssh.Time = signin.Success, signin.ReasonNone, "accepted_password", ssh.Time+5*signin.Second
		add(ssh)
		aws := base(day, 13, "aws", "123456789012", "AIDAEXAMPLE", "alice-cli")
		aws.Correlation = ""
		add(aws)
	}
	typo := entra(11, 15, other, "a0000000-0000-4000-8000-000000000002", "alice@example.org")
	typo.Outcome, typo.Reason, typo.Code, typo.MFA = signin.Failure, signin.BadPassword, "50126", signin.MFA{}
	add(typo)
	abroad := entra(11, 16, "33333333-3333-4333-8333-333333333333", "a0000000-0000-4000-8000-000000000001", "alice@example.com")
	abroad.HomeTenant = ours
	add(abroad)
	add(entra(12, 8, ours, "a0000000-0000-4000-8000-000000000001", "alice@example.com"))
	far := base(12, 8, "okta", "example.okta.com", "00uAlice", "alice@example.com")
	far.Time += 30 * signin.Minute
	far.Geo, far.Source.IP, far.Correlation = york, netip.MustParseAddr("198.51.100.9"), "okta-far"
	add(far)
	return out
}

const mixedIdentity = `person,provider,tenant,account,display
alice,entra,,alice@example.com,Alice Example
alice,entra,,alice@example.org,
alice,okta,,00uAlice,
alice,linux,,alice,
alice,aws,,alice-cli,
carol,okta,,carol@example.com,
`

// mixedTenant writes a configuration and a dataset of events; cut says after how
// many events each ingest ends.
func mixedTenant(t *testing.T, identity string, events []signin.Event, cut ...int) *Config {
	t.Helper()
	dir := t.TempDir()
	file := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := "name: Mixed\ntenant: 11111111-1111-4111-8111-111111111111\ndata: data\npolicies:\n  current: [policies.json]\n"
	if identity != "" {
		text += "identity: identity.csv\n"
		file("identity.csv", identity)
	}
	file("frisk.yaml", text)
	file("policies.json", `[{"id":"p1","displayName":"MFA","state":"enabled","conditions":{"users":{"includeUsers":["All"]},
		"applications":{"includeApplications":["All"]},"clientAppTypes":["all"]},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}]`)
	cfg, err := LoadConfig(filepath.Join(dir, "frisk.yaml"), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dataset.Create(filepath.Join(dir, "data")); err != nil {
		t.Fatal(err)
	}
	for from, at := range append(cut, len(events)) {
		if from > 0 {
			from = cut[from-1]
		}
		appendEvents(t, cfg, events[from:at])
	}
	return cfg
}

// appendEvents does what an ingest does with events.
func appendEvents(t *testing.T, cfg *Config, events []signin.Event) {
	t.Helper()
	d, err := dataset.Open(cfg.data(&Options{}))
	if err != nil {
		t.Fatal(err)
	}
	home, key := placing(d)
	a, err := d.AppendWith(t.Context(), dataset.AppendOptions{Home: home, HomeKey: key})
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		if err := a.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := settle(t.Context(), d, cfg, &Options{}); err != nil {
		t.Fatal(err)
	}
}

func assessed(t *testing.T, cfg *Config, threads int) *Result {
	t.Helper()
	r, err := Assess(t.Context(), cfg, Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// travels lists the raised travel findings: whose, and who that is.
func travels(r *Result) []string {
	var out []string
	for i := range r.findings {
		f := &r.findings[i]
		if f.Detector == "impossible-travel" && f.Suppressed == "" {
			provider, _, _ := splitPerson(f.Person)
			out = append(out, provider+" "+r.around.joins.name(f.Person))
		}
	}
	return out
}

// total adds up what the cells of everybody record.
func total(r *Result) (sum replay.PersonCell) {
	for i := range r.Tally.People {
		if p := &r.Tally.People[i]; p.Cell == (replay.Cell{}) {
			sum.Recorded.FirstFactor += p.Recorded.FirstFactor
		}
	}
	return sum
}

func TestIdentityJoins(t *testing.T) {
	apart := assessed(t, mixedTenant(t, "", mixed()), 2)
	if got := travels(apart); len(got) != 0 {
		t.Errorf("without an identity file there are travel findings: %q", got)
	}
	joined := assessed(t, mixedTenant(t, mixedIdentity, mixed()), 2)
	if got := travels(joined); !slices.Equal(got, []string{"okta Alice Example"}) {
		t.Errorf("travel findings %q, want Alice's Okta account blamed", got)
	}
	// Joining changes nothing about what each account's log says.
	if d := cmp.Diff(apart.Tally.Providers, joined.Tally.Providers); d != "" {
		// but for the rows that the new finding takes out
		for i := range joined.Tally.Providers {
			p, q := &apart.Tally.Providers[i], &joined.Tally.Providers[i]
			if p.Rows != q.Rows || p.SignIns-q.Attack+p.Attack != q.SignIns {
				t.Errorf("providers differ by more than attack rows: %s", d)
			}
		}
	}
	var names []string
	for _, p := range joined.Tally.Providers {
		names = append(names, fmt.Sprintf("%s %s rows %d logins %d refused %d replayed %d", p.Provider, p.Tenant[:min(4, len(p.Tenant))], p.Rows, p.Episodes, p.FirstFactor, p.Replayed))
	}
	want := []string{
		"aws 1234 rows 12 logins 12 refused 0 replayed 0",
		"entra 1111 rows 25 logins 25 refused 0 replayed 25",
		"entra 2222 rows 13 logins 12 refused 1 replayed 0",
		"entra othe rows 1 logins 1 refused 0 replayed 0",
		"linux  rows 36 logins 12 refused 12 replayed 0",
		"okta exam rows 37 logins 12 refused 0 replayed 0",
	}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
	for name, r := range map[string]*Result{"apart": apart, "joined": joined} {
		if o := r.Tally.OutOfScope; o.Outbound != 1 || o.OtherTenant != 12 {
			t.Errorf("%s: out of scope %+v, want 1 visit to a partner and 12 sign-ins of the second tenant", name, o)
		}
		if f := total(r).Recorded.FirstFactor; f != 0 {
			t.Errorf("%s: %v first factors refused in the cells, which are another tenant's or provider's", name, f)
		}
		if in := r.input(); in.People != 2 || in.Total.Recorded.SignIns != 25 {
			t.Errorf("%s: %d people and %v sign-ins in the cells, want 2 and 25: Entra rows of our tenant", name, in.People, in.Total.Recorded.SignIns)
		}
	}
	for r, want := range map[*Result]float64{apart: 6, joined: 2} {
		table, err := Query(t.Context(), r.cfg, Options{}, queries.Query{Name: "people", SQL: "SELECT count(DISTINCT person) AS people FROM signins"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Rows[0][0].Num.Low; got != want {
			t.Errorf("SQL counts %v people, want %v", got, want)
		}
	}
	text, err := json.Marshal(joined.FindingsJSON())
	if err != nil || !strings.Contains(string(text), `"person":"Alice Example"`) {
		t.Errorf("the findings do not name the person: %v %s", err, text)
	}
}

// TestIdentityOrder: the result does not depend on the order and the cut of the
// log, on the number of threads, or on when the identity file came.
func TestIdentityOrder(t *testing.T) {
	figures := func(r *Result) string {
		b, err := json.Marshal([]any{r.FindingsJSON(), r.Tally.People, r.Tally.Providers, r.Tally.Policies, r.Model.Sections})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	want := figures(assessed(t, mixedTenant(t, mixedIdentity, mixed()), 1))
	backwards := mixed()
	slices.Reverse(backwards)
	for name, cfg := range map[string]*Config{
		"three ingests": mixedTenant(t, mixedIdentity, mixed(), 40, 90),
		"backwards":     mixedTenant(t, mixedIdentity, backwards, 1, 50),
	} {
		if d := cmp.Diff(want, figures(assessed(t, cfg, 4))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	late := mixedTenant(t, "", mixed(), 60)
	late.Identity = "identity.csv"
	if err := os.WriteFile(late.path("identity.csv"), []byte(mixedIdentity), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Assess(t.Context(), late, Options{}); !errors.Is(err, ErrIdentity) || !strings.Contains(err.Error(), "analyze identity apply") {
		t.Fatalf("an identity file that was never applied gives %v", err)
	}
	res, err := ApplyIdentity(t.Context(), late, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !res.Current || res.Seen != 6 || len(res.People) != 1 || len(res.People[0].Accounts) != 6 || len(res.Unseen) != 1 || res.Moved == 0 {
		t.Errorf("apply says %+v", res)
	}
	if d := cmp.Diff(want, figures(assessed(t, late, 2))); d != "" {
		t.Errorf("applied later: %s", d)
	}
	again, err := ApplyIdentity(t.Context(), late, Options{})
	if err != nil || again.Moved != 0 {
		t.Errorf("applied twice: %+v %v", again, err)
	}
	// A changed file is refused until it is applied; a note is no change.
	if err := os.WriteFile(late.path("identity.csv"), []byte(strings.Replace(mixedIdentity, "alice,aws,,alice-cli,\n", "", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Assess(t.Context(), late, Options{}); !errors.Is(err, ErrIdentity) {
		t.Errorf("a changed identity file gives %v", err)
	}
	if _, err := Explain(t.Context(), late, Options{}, "event-0000"); !errors.Is(err, ErrIdentity) {
		t.Errorf("explain with a changed identity file gives %v", err)
	}
	// Taken away, everybody is apart again, wherever rows lie.
	late.Identity = ""
	apart := figures(assessed(t, mixedTenant(t, "", mixed()), 1))
	if d := cmp.Diff(apart, figures(assessed(t, late, 2))); d != "" {
		t.Errorf("taken away: %s", d)
	}
	appendEvents(t, late, nil)
	if d := cmp.Diff(apart, figures(assessed(t, late, 2))); d != "" {
		t.Errorf("taken away, and ingested: %s", d)
	}
}

func TestExplainJoined(t *testing.T) {
	cfg := mixedTenant(t, mixedIdentity, mixed())
	events := mixed()
	far := events[len(events)-1].ID
	out, err := Explain(t.Context(), cfg, Options{}, far)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != 1 || len(out[0].Finding) == 0 || out[0].Finding[0].Person != "Alice Example" {
		t.Errorf("explained as %+v", out)
	}
}

func TestSuggestIdentity(t *testing.T) {
	cfg := mixedTenant(t, "", mixed())
	var b strings.Builder
	n, err := SuggestIdentity(t.Context(), cfg, Options{}, &b)
	if err != nil {
		t.Fatal(err)
	}
	if n != 1 || !strings.Contains(b.String(), "alice@example.com,okta,example.okta.com,00uAlice,") || strings.Contains(b.String(), "bob") {
		t.Errorf("%d suggested: %s", n, b.String())
	}
}
