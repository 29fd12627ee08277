package dataset

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	"frisk/internal/signin"
)

// generator makes made-up sign-ins in about the shape of Entra's: few people,
// apps and addresses, long repeating lists, random ids. Same seed, same events.
type generator struct {
	rng      *rand.Rand
	people   int
	apps     int
	start    signin.Time
	span     signin.Time
	second   bool // whole-second times, so that ties happen
	policies []signin.List
}

func newGenerator(seed uint64, people int) *generator {
	g := &generator{
		rng: rand.New(rand.NewPCG(seed, 1)), people: people, apps: 40,
		start: signin.Earliest + 9000*signin.Day, span: 30 * signin.Day,
	}
	for range 200 {
		var ps []signin.RecordedPolicy
		for p := range 5 + g.rng.IntN(8) {
			ps = append(ps, signin.RecordedPolicy{
				ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", p), Name: fmt.Sprintf("Policy %d", p),
				Result: []string{"success", "notApplied", "failure", "reportOnlySuccess"}[g.rng.IntN(4)],
				Grant:  []string{"mfa"}, Satisfied: int64(g.rng.IntN(64)), NotSatisfied: int64(g.rng.IntN(64)),
			})
		}
		g.policies = append(g.policies, signin.EncodeList(ps))
	}
	return g
}

func (g *generator) guid() string {
	var b signin.GUID
	for i := range b {
		b[i] = byte(g.rng.UintN(256))
	}
	return b.String()
}

func (g *generator) pick(s ...string) string { return s[g.rng.IntN(len(s))] }

// event is the n-th event of a log that is in time order.
func (g *generator) event(n, total int) signin.Event {
	var e signin.Event
	at := g.start + g.span*signin.Time(n)/signin.Time(total)
	if g.second {
		at -= at % signin.Second
	}
	p := int(float64(g.people) * g.rng.Float64() * g.rng.Float64())
	e.Time, e.ID, e.Provider = at, g.guid(), "entra"
	e.Tenant = fmt.Sprintf("10000000-0000-4000-8000-%012d", p%50/49)
	e.Stream = signin.Stream(1 + g.rng.IntN(2))
	e.Correlation, e.OriginalRequest = g.guid(), g.guid()
	if g.rng.IntN(3) > 0 {
		e.Session = g.guid()
	}
	e.Token = g.guid()
	e.Principal = signin.Principal{
		ID:   fmt.Sprintf("20000000-0000-4000-8000-%012x", uint64(p)*0x9e3779b97f4a7c15>>20),
		Name: fmt.Sprintf("user%d@example.com", p), Display: fmt.Sprintf("User %d", p), Kind: signin.Member,
	}
	e.HomeTenant, e.ResourceTenant = e.Tenant, e.Tenant
	spot := (p*7 + g.rng.IntN(3)) % 5000
	if spot%12 == 0 {
		e.Source.IP = netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, byte(spot >> 8), byte(spot), 15: 1})
	} else {
		e.Source.IP = netip.AddrFrom4([4]byte{198, 51, byte(spot >> 8), byte(spot)})
	}
	e.Source.Port = uint16(g.rng.UintN(3)) * 443
	e.Geo = signin.Geo{
		Country: g.pick("US", "DE", "NL"), City: fmt.Sprintf("City %d", spot%300), Region: fmt.Sprintf("Region %d", spot%60),
		Located: spot%9 != 0, Source: signin.GeoLog,
	}
	if e.Geo.Located {
		e.Geo.Lat, e.Geo.Lon, e.Geo.Radius = float64(spot%90)+0.1234, float64(spot%180)+0.5, float64(spot%4)*10
	}
	e.ASN, e.ASNOrg = uint32(64500+spot%40), fmt.Sprintf("AS org %d", spot%40)
	app := g.rng.IntN(g.apps)
	e.App = signin.Target{ID: fmt.Sprintf("30000000-0000-4000-8000-%012d", app), Name: fmt.Sprintf("App %d", app)}
	e.Resource = signin.Target{ID: fmt.Sprintf("40000000-0000-4000-8000-%012d", app%9), Name: fmt.Sprintf("Resource %d", app%9)}
	e.Client = g.pick("Browser", "Mobile Apps and Desktop clients")
	e.UserAgent = fmt.Sprintf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/%d.0.%d.0 Safari/537.36", 100+p%30, p%97)
	e.Protocol, e.Transfer, e.IncomingToken = "oAuth2", "none", g.pick("none", "primaryRefreshToken", "refreshToken")
	if p%3 > 0 {
		e.Device = signin.Device{
			ID: fmt.Sprintf("50000000-0000-4000-8000-%012d", p), Name: fmt.Sprintf("LAPTOP-%d", p), OS: "Windows10",
			Browser: "Edge 126", Compliant: signin.TruthOf(p%4 > 0), Managed: signin.True, Trust: signin.AzureAD,
		}
	}
	e.Outcome, e.Code = signin.Success, "0"
	if g.rng.IntN(10) == 0 {
		e.Outcome, e.Code, e.Reason, e.ReasonText = signin.Failure, "50126", signin.BadPassword, "Error validating credentials."
	}
	e.MFA = signin.MFA{Requirement: signin.MultiFactor, State: signin.MFAByClaim, Factors: `[{"method":"Previously satisfied"}]`}
	e.Risk = signin.Risk{Level: g.pick("none", "none", "none", "low"), Aggregate: "none", State: "none", Detail: "none"}
	e.Policies, e.PolicyStatus = g.policies[g.rng.IntN(len(g.policies))], "success"
	e.AuthContexts, e.Audiences = "[]", `["30000000-0000-4000-8000-000000000001"]`
	e.Raw = signin.Raw{File: "made-up.json", Line: int64(n + 1)}
	return e
}

func (g *generator) events(total int) []signin.Event {
	out := make([]signin.Event, total)
	for i := range out {
		out[i] = g.event(i, total)
	}
	return out
}
