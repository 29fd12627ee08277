package risk

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// TestSilentOnSilence: rows that say only who, when and how it ended are evidence of
// nothing but refused passwords and prompts, and here there are too few of those.
func TestSilentOnSilence(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	var events []signin.Event
	now := signin.Time(1_772_000_000) * signin.Second
	reasons := []signin.Reason{
		0, 0, 0, 0, signin.BadPassword, signin.MFARequired, signin.MFADenied, signin.MFAFailed, signin.PolicyBlock, signin.Consent,
		signin.SignInFrequency, signin.Locked,
	}
	for i := range 4000 {
		now += signin.Time(rng.ExpFloat64() * float64(12*signin.Hour))
		if rng.IntN(200) == 0 {
			now += 200 * signin.Day
		}
		e := signin.Event{Time: now, ID: fmt.Sprint(i), Provider: "entra", Tenant: "t", Outcome: signin.Success}
		e.Principal.ID = "ada"
		if r := reasons[rng.IntN(len(reasons))]; r != 0 {
			e.Outcome, e.Reason = signin.Failure, r
		}
		e.Stream = signin.Stream(rng.IntN(3))
		events = append(events, e)
		if now > signin.Latest-400*signin.Day {
			break
		}
	}
	v := worldOf(events).assess(Defaults(), Detectors())
	for _, f := range v.findings {
		t.Errorf("%s at %v of nothing: %+v", f.Detector, f.Time, f.Evidence)
	}
	if len(v.attack) > 0 {
		t.Errorf("attack rows %v", v.attack)
	}
}

// TestIrrelevant: neither the order of the input, nor what columns say that no
// detector asks for, nor later people change what is found.
func TestIrrelevant(t *testing.T) {
	events := syntheticEvents(12, 12, 80)
	for i := range events {
		e := &events[i]
		e.Session, e.UserAgent = fmt.Sprintf("s%d", i%7), []string{"Browser/1", "axios/1", "Mail/2"}[i%3]
		e.App = signin.Target{ID: fmt.Sprint("app", i%5), Name: fmt.Sprint("App ", i%5)}
		if i%40 == 0 {
			e.Outcome, e.Reason = signin.Challenge, signin.Consent
		}
	}
	want := texts(events)
	shuffled := slices.Clone(events)
	rand.New(rand.NewPCG(3, 3)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if diff := cmp.Diff(want, texts(shuffled)); diff != "" {
		t.Errorf("shuffled: %s", diff)
	}
	noisy := slices.Clone(events)
	for i := range noisy {
		e := &noisy[i]
		e.ReasonText, e.Detail, e.PolicyStatus = fmt.Sprint("text ", i), fmt.Sprint("detail ", i%3), "success"
		e.Raw = signin.Raw{File: fmt.Sprint("f", i%9), Line: int64(i)}
		e.Source.Port, e.Token = uint16(i), fmt.Sprint("token ", i)
	}
	if diff := cmp.Diff(want, texts(noisy)); diff != "" {
		t.Errorf("with other columns filled: %s", diff)
	}
	more := slices.Clone(events)
	for i := range 50 {
		e := signin.Event{
			Time: events[len(events)-1].Time + signin.Day*200, ID: fmt.Sprint("z", i), Provider: "entra", Tenant: "t",
			Stream: signin.Interactive, Outcome: signin.Success,
		}
		e.Principal.ID, e.Source.IP = fmt.Sprint("zoe-", i), netip.MustParseAddr("192.0.2.200")
		more = append(more, e)
	}
	if diff := cmp.Diff(want, texts(more)); diff != "" {
		t.Errorf("with later people: %s", diff)
	}
}

// texts is what the detectors say of events, in their golden form.
func texts(events []signin.Event) string {
	w := worldOf(events)
	return string(w.text(w.assess(Defaults(), Detectors())))
}

// refusedDaily is an honest history and then, every day, a sign-in with the right
// password from elsewhere that something stops.
func refusedDaily(reason signin.Reason) []signin.Event {
	var events []signin.Event
	start := signin.Time(1_772_000_000) * signin.Second
	for d := range 60 {
		e := signin.Event{Time: start + signin.Time(d)*signin.Day, ID: fmt.Sprintf("own-%02d", d), Provider: "entra", Tenant: "t", Stream: signin.Interactive, Outcome: signin.Success, ASN: 64500}
		e.Principal.ID, e.Device.ID, e.UserAgent, e.Geo.Country = "ada", "laptop", "Browser/1.0", "NO"
		e.Source.IP = netip.MustParseAddr("192.0.2.10")
		events = append(events, e)
		if d < 20 {
			continue
		}
		e.ID, e.Time = fmt.Sprintf("evil-%02d", d), e.Time+6*signin.Hour
		e.Outcome, e.Reason, e.ASN, e.Device.ID, e.UserAgent, e.Geo.Country = signin.Failure, reason, 64510, "evil", "Other/1.0", "BR"
		e.Source.IP = netip.MustParseAddr("203.0.113.77")
		events = append(events, e)
	}
	return events
}

// TestRefusedTeachesNothing: somebody who has the password and is stopped every day
// never makes their network, device or country the person's own.
func TestRefusedTeachesNothing(t *testing.T) {
	for _, reason := range []signin.Reason{signin.MFADenied, signin.MFATimeout, signin.MFAFailed, signin.MFARequired, signin.PolicyBlock, signin.RiskBlock, signin.DeviceNotCompliant} {
		w := worldOf(refusedDaily(reason))
		rows := w.rows[w.people[0]]
		seen := 0
		probe := Detector{Name: "probe", New: func(*Env) Watcher {
			return probeFunc(func(v *View) {
				if v.Row.Outcome() == signin.Success {
					return
				}
				seen++
				if v.Device != New || v.Network != New || v.ASN != New || v.Country != New || !strange(v) {
					t.Errorf("%v: day %d: device %v, network %v, operator %v, country %v", reason, seen, v.Device, v.Network, v.ASN, v.Country)
				}
			})
		}}
		NewAssessor(Defaults(), append(Detectors(), probe), w.networks(Defaults()), nil, w.sym).Person(w.people[0], rows)
		if seen != 40 {
			t.Errorf("%v: %d rows", reason, seen)
		}
	}
}

// probeFunc is a watcher that only looks.
type probeFunc func(*View)

func (probeFunc) Begin()                     {}
func (p probeFunc) Observe(v *View, _ *Sink) { p(v) }
func (probeFunc) End(*Sink)                  {}

// TestSlowPromptsAreFound: forty refused prompts, one a day, are found, and as few
// findings as there are weeks.
func TestSlowPromptsAreFound(t *testing.T) {
	cfg := Defaults()
	if err := cfg.Set("fatigue.slow-days", 14); err != nil {
		t.Fatal(err)
	}
	v := worldOf(refusedDaily(signin.MFADenied)).assess(cfg, []Detector{detector(t, "mfa-fatigue")})
	if n := len(v.findings); n < 2 || n > 4 {
		t.Errorf("%d findings: %+v", n, v.findings)
	}
}

// TestQuietLives: what honest people do raises nothing of medium or high severity:
// first days, typos, a phone behind a carrier, a password change that all clients
// learn late, a new phone abroad, return from leave.
func TestQuietLives(t *testing.T) {
	for name, lines := range map[string]string{
		"first days": `{"t":"2026-03-02T08:00:00Z","user":"new","n":4,"every":"20s","ip":"192.0.2.10","asn":64500,"country":"NO","agent":"Browser/1.0","reason":"bad_password"}
{"t":"+1m","user":"new","ip":"192.0.2.10","asn":64500,"country":"NO","agent":"Browser/1.0","reason":"mfa_enrol","outcome":"challenge"}
{"t":"+2m","user":"new","n":3,"every":"1h","ip":"192.0.2.10","asn":64500,"country":"NO","agent":"Browser/1.0","mfa":"done"}
{"t":"+5h","user":"new","n":3,"every":"1h","ip":"203.0.113.10","asn":64501,"country":"NO","agent":"Phone/1.0","mfa":"done"}`,
		"password change": `{"t":"2026-02-02T08:00:00Z","user":"ada","n":20,"every":"24h","ip":"192.0.2.10","asn":64500,"device":"laptop","agent":"Browser/1.0"}
{"t":"2026-02-10T12:00:00Z","user":"ada","n":9,"every":"24h","ip":"203.0.113.10","asn":64501,"agent":"Mail/1.0"}
{"t":"2026-02-22T08:00:00Z","user":"ada","n":40,"every":"10s","ip":"192.0.2.10","asn":64500,"agent":"Teams/3","reason":"bad_password"}
{"t":"+1s","user":"ada","n":60,"every":"10s","ip":"198.51.100.10","asn":64501,"agent":"Mail/1.1","reason":"bad_password"}
{"t":"+1m","user":"ada","n":20,"every":"10s","ip":"198.51.100.10","asn":64501,"agent":"Mail/1.1","reason":"locked"}
{"t":"+15m","user":"ada","ip":"198.51.100.10","asn":64501,"agent":"Mail/1.1"}`,
		"new phone abroad": `{"t":"2026-02-02T08:00:00Z","user":"ada","n":20,"every":"24h","ip":"192.0.2.10","asn":64500,"country":"NO","at":[59.91,10.75],"device":"laptop","agent":"Browser/1.0"}
{"t":"2026-02-22T18:00:00Z","user":"ada","n":4,"every":"3h","ip":"203.0.113.10","asn":64501,"country":"PT","at":[38.72,-9.14],"device":"phone","agent":"Phone/1.0","mfa":"done"}`,
		"back from leave": `{"t":"2026-01-02T08:00:00Z","user":"ada","n":20,"every":"24h","ip":"192.0.2.10","asn":64500,"country":"NO","device":"laptop","agent":"Browser/1.0"}
{"t":"2026-06-02T08:00:00Z","user":"ada","n":3,"every":"10s","ip":"192.0.2.10","asn":64500,"country":"NO","device":"laptop","agent":"Browser/9.0","reason":"bad_password"}
{"t":"+1m","user":"ada","n":3,"every":"1h","ip":"192.0.2.10","asn":64500,"country":"NO","device":"laptop","agent":"Browser/9.0","mfa":"done"}
{"t":"+1h","user":"ada","n":3,"every":"1h","ip":"192.0.2.10","asn":64500,"country":"NO","device":"new-phone","agent":"Phone/2.0","mfa":"done"}`,
		"forgotten phone": `{"t":"2026-02-02T08:00:00Z","user":"ada","n":20,"every":"24h","ip":"192.0.2.10","asn":64500,"country":"NO","device":"laptop","agent":"Browser/1.0"}
{"t":"2026-02-22T08:00:00Z","user":"ada","n":12,"every":"40s","ip":"192.0.2.10","asn":64500,"country":"NO","device":"laptop","agent":"Browser/1.0","reason":"mfa_timeout"}
{"t":"+40s","user":"ada","ip":"192.0.2.10","asn":64500,"country":"NO","device":"laptop","agent":"Browser/1.0","mfa":"done"}`,
	} {
		v := worldOf(parseEvents(t, lines)).assess(Defaults(), Detectors())
		for _, f := range v.findings {
			if f.Suppressed == "" && f.Severity >= Medium && f.Person != "" { // findings about sources: hunt_test.go
				t.Errorf("%s: %s %s: %+v", name, f.Severity, f.Detector, f.Evidence)
			}
		}
		if len(v.attack) > 0 {
			t.Errorf("%s: attack rows %v", name, v.attack)
		}
	}
}
