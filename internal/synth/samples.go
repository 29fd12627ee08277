package synth

import (
	"bytes"
	"fmt"
	"strings"

	"frisk/internal/signin"
)

// Sample is one small log file that tells one story, for readers, tests and
// the README.
type Sample struct {
	Name  string // path below sample-logs
	Shape string // which export it imitates
	Story string
	Text  []byte
}

// Samples makes the files of sample-logs, in the order of their names. They
// come from the same simulation and encoders as a whole tenant.
func Samples() []Sample {
	out := []Sample{
		sample("entra/carrier.csv", "portal download, CSV", (*stage).carrier),
		sample("entra/frequency.json", "portal download, JSON", (*stage).frequency),
		sample("entra/spray.jsonl", "diagnostic settings, JSON lines", (*stage).spray),
		sample("entra/training-job.jsonl", "diagnostic settings, JSON lines", (*stage).trainingJob),
		sample("entra/trip.json", "Microsoft Graph page, beta", (*stage).trip),
		sample("entra/vpn-switch.csv", "Log Analytics, CSV", (*stage).vpnSwitch),
		sample("entra/workload.json", "Log Analytics, JSON", (*stage).workload),
		{
			"okta/one-login.jsonl", "Okta System Log, JSON lines",
			"One sign-in that Okta writes as four rows: password, policy asks for more, push approved, application opened. It is one episode with two factor entries.",
			[]byte(oktaLogin),
		},
	}
	return append(out, Sample{Name: "README.md", Text: samplesReadme(out)})
}

func sample(name, shape string, tell func(*stage) (string, []byte)) Sample {
	st := newStage()
	story, text := tell(st)
	return Sample{name, shape, story, text}
}

// stage is a small tenant on which a story is acted out.
type stage struct {
	t *Tenant
	s *sim
	e *encoder
}

func newStage() *stage {
	t := Generate(Config{Seed: 2026, People: 240, Days: 12})
	return &stage{t: t, s: &sim{t: t, day: 1}, e: newEncoder(t, false)}
}

// cast is somebody who qualifies, with a first device of the wanted kind.
func (st *stage) cast(r role, prod bool, kind devKind) *person {
	for _, p := range st.t.people {
		if p.role == r && p.prod == prod && !p.guest && p.devices[0].kind == kind && p.devices[0].blemishTo == 0 &&
			p.method == stepPush && !p.exempt(polProdFrequency, st.t.start+signin.Day) && !p.frequencyExempt {
			p.newcomer = false
			return p
		}
	}
	panic("synth: nobody to play the part") // a bug in this package: the seed is fixed
}

// at is a time of day (UTC) on a day of the stage.
func (st *stage) at(day, hour, minute int) signin.Time {
	return st.t.start + signin.Time(day)*signin.Day + signin.Time(hour)*signin.Hour + signin.Time(minute)*signin.Minute
}

// begin gives a person's device sessions that were opened at a time.
func (st *stage) begin(p *person, at signin.Time) {
	for i := range p.clocks[0] {
		p.clocks[0][i] = clock{open: true, at: at, mfa: true, session: p.dice.guid(), day: st.s.day}
	}
}

// act lets a person do something and plays what follows from it.
func (st *stage) act(p *person, in intent) {
	for _, more := range st.s.access(p, &in) {
		st.act(p, more)
	}
}

// records are the rows so far, in order.
func (st *stage) records() []Record {
	sortRecords(st.s.out)
	return st.s.out
}

func (st *stage) jsonLines() []byte {
	var b []byte
	for _, r := range st.records() {
		b = st.e.diagnostic(b, &r)
	}
	return b
}

func (st *stage) graphPage(bare bool) []byte {
	e := newEncoder(st.t, true)
	b := []byte(graphHead)
	if bare {
		b = []byte("[\n")
	}
	for i, r := range st.records() {
		b = e.signIn(comma(b, i), &r)
	}
	if bare {
		return append(b, "\n]\n"...)
	}
	return append(b, "\n]}\n"...)
}

func office(nw int, host uint32) where { return where{nw, networks[nw].address(host)} }

// trip: home, the other end of the world with time to fly, home again.
func (st *stage) trip() (string, []byte) {
	p := st.cast(dataScientist, false, macRegistered)
	st.begin(p, st.at(1, 4, 0))
	use := func(day, hour int, w where) {
		st.s.day = day
		st.act(p, intent{at: st.at(day, hour, 10), kind: doStart, slot: slotBrowser, app: appStudio, res: resML, where: w, present: true, ws: wsResearchDev})
	}
	home := where{homeNet(zurich), networks[homeNet(zurich)].address(77)}
	hotel := where{hotelNet(tokyo), networks[hotelNet(tokyo)].address(12)}
	use(1, 14, home)
	use(3, 1, hotel)
	use(4, 13, home)
	return "A data scientist works in Zurich on Tuesday, 35 hours later in a hotel in Tokyo, and on Friday afternoon in Zurich again. There was time to fly: nothing to report.",
		st.graphPage(false)
}

// vpnSwitch: the same laptop seen on two continents within minutes.
func (st *stage) vpnSwitch() (string, []byte) {
	p := st.cast(mlEngineer, true, winJoined)
	q := st.cast(dataScientist, true, winJoined)
	st.begin(p, st.at(1, 6, 55))
	st.begin(q, st.at(1, 6, 40))
	tool := func(p *person, h, m int, w where) {
		st.act(p, intent{at: st.at(1, h, m), kind: doBeat, slot: slotVSCode, app: appVSCode, res: resARM, where: w, present: true, ws: wsFraudProd})
	}
	tool(p, 7, 5, office(vpnZurich, 9))
	tool(p, 7, 21, office(vpnToronto, 9))
	tool(q, 7, 30, office(vpnToronto, 9))
	tool(p, 8, 11, office(vpnZurich, 9))
	return "The company's VPN moves a known laptop from its Zurich gateway to the one in Toronto and back within an hour; a colleague leaves by the same address. Fast, far, and harmless.",
		st.analyticsCSV()
}

// carrier: a phone whose operator's gateway is in another city.
func (st *stage) carrier() (string, []byte) {
	p := st.cast(analyst, false, winJoined)
	st.begin(p, st.at(1, 6, 55))
	wifi := where{homeNet(montreal), networks[homeNet(montreal)].address(5)}
	phone := where{mobileNet(montreal), networks[mobileNet(montreal)].address6(5)}
	for i, w := range []where{wifi, phone, wifi, phone} {
		st.act(p, intent{at: st.at(1, 13, 3+i*9), kind: doStart, slot: slotBrowser, app: appSharePoint, res: resSharePoint, where: w, present: true, ws: -1})
	}
	return "A laptop in Montreal, by home broadband (IPv4) and tethered to a phone whose carrier shows Toronto (IPv6): 500 km in nine minutes, twice. The address does not locate the person.",
		st.portalCSV()
}

// frequency: what the four-hour policy does to a working afternoon.
func (st *stage) frequency() (string, []byte) {
	p := st.cast(dataScientist, true, macRegistered)
	p.dice = newDice(2026, "sample frequency", 1) // one whose person is asked in two rows
	st.begin(p, st.at(1, 7, 2))
	w := office(officeZurich, 1)
	for i := range 5 {
		st.act(p, intent{at: st.at(1, 7, 5+64*i), kind: doBeat, slot: slotVSCode, app: appVSCode, res: resARM, where: w, present: true, ws: wsFraudProd})
	}
	return "A data scientist in production keeps Visual Studio Code open. After four hours the refresh token is refused (70043, not interactive), the person types the password and approves a push (50074, then success, same correlation), and work goes on.",
		st.graphPage(true)
}

// trainingJob: the same policy at night, with nobody there.
func (st *stage) trainingJob() (string, []byte) {
	p := st.cast(dataScientist, true, linuxRegistered)
	st.begin(p, st.at(1, 16, 40))
	w := where{homeNet(london), networks[homeNet(london)].address(31)}
	for i := range 7 {
		st.act(p, intent{at: st.at(1, 17, 64*i), kind: doBeat, slot: slotCLI, app: appCLI, res: resARM, where: w, present: false, job: 1, ws: wsForecastProd, ua: uaSDK})
	}
	return "A training job started at 17:00 watches itself with the ML SDK. At 21:16 sign-in frequency ends the session; the tool tries twice more and gives up. The night is lost: a broken session.",
		st.jsonLines()
}

// spray: one attempt each, one of them right.
func (st *stage) spray() (string, []byte) {
	x := &attack{s: st.s, dice: newDice(2026, "sample spray", 0), inc: &Incident{net: hostWarsaw}, at: st.at(1, 9, 30)}
	x.from = x.addr(hostWarsaw)
	for i := range 16 {
		x.wrong(st.t.people[3*i], appOffice, resExchange, clientNative, uaScript)
		x.at += x.dice.minutes(1.1, 0.3)
	}
	p := st.cast(contractor, false, winJoined)
	x.breakIn(p)
	return "A rented server tries one password against sixteen accounts in twenty minutes. The seventeenth is right: mail opens without a second factor, the ML studio asks for MFA and the attempt ends there.",
		st.jsonLines()
}

// workload: no person at all.
func (st *stage) workload() (string, []byte) {
	st.s.robots()
	rs := st.records()
	var b []byte
	b = append(b, "[\n"...)
	n := 0
	for i := range rs {
		if n < 6 && rs[i].Time < st.at(1, 6, 0) {
			b = st.e.analyticsJSON(comma(b, n), &rs[i])
			n++
		}
	}
	return "Service principals of a pipeline and managed identities of workspaces. Nobody is prompted, and only policies for workload identities could apply.",
		append(b, "\n]\n"...)
}

func samplesReadme(files []Sample) []byte {
	var b bytes.Buffer
	b.WriteString("# Sample logs\n\nSmall files in the shapes that real exports have. Each tells one story about the same invented organisation\n" +
		"(people, devices and events are made up; see `docs/sample-tenant.md`). Read one with `analyze ingest sample-logs/entra/trip.json`.\n\n" +
		"| file | shape | story |\n| --- | --- | --- |\n")
	for _, f := range files {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, f.Shape, strings.ReplaceAll(f.Story, "|", "/"))
	}
	b.WriteString("\nThe files are written by `go test ./internal/synth -run TestSamples -update`; do not edit them by hand.\n")
	return b.Bytes()
}
