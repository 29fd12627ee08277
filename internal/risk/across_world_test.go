package risk

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"

	"frisk/internal/signin"
)

// acrossWorld is a small organisation with what looks like an attack across people
// and is none: offices full of typos, a Monday of expired passwords, a carrier's
// gateways, leavers' mailboxes, lab machines, a service with an old password. With
// attacks, five that only show across people are planted; their rows have ids that
// begin with the attack's name.
type acrossWorld struct {
	rng    *rand.Rand
	events []signin.Event
	start  signin.Time
	people int
}

// across are the planted attacks, and the detector that ought to name each.
var across = []struct{ name, detector string }{
	{"stuffing", "credential-stuffing"},
	{"enumeration", "account-enumeration"},
	{"operator", "password-spray"},
	{"agent", "password-spray"},
	{"device", "shared-device"},
}

const acrossDays = 30

var acrossAgents = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/121.0", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/121.0",
	"Mozilla/5.0 (Macintosh) Safari/17.2", "Mozilla/5.0 (iPhone) Mobile Safari/17.2", "Mozilla/5.0 (Linux; Android 14) Chrome/121.0 Mobile",
}

func newAcrossWorld(seed uint64, attacks bool) *acrossWorld {
	w := &acrossWorld{rng: rand.New(rand.NewPCG(seed, 77)), start: 1_772_409_600 * signin.Second, people: 80} // a Monday
	for p := range w.people {
		w.life(p)
	}
	w.oddities()
	if attacks {
		w.stuffing()
		w.enumeration()
		w.byOperator()
		w.byAgent()
		w.device()
	}
	return w
}

func (w *acrossWorld) at(day int, hour float64) signin.Time {
	return w.start + signin.Time(day)*signin.Day + signin.Time(hour*float64(signin.Hour))
}

type madeSite struct {
	ip      netip.Addr
	asn     uint32
	country string
	trusted bool
}

func addr4(a, b, c, d int) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(a), byte(b), byte(c), byte(d)})
}

func (w *acrossWorld) office(n int) madeSite {
	return madeSite{addr4(198, 51, 100, 10+n), 64500 + uint32(n), []string{"NO", "NO", "DE"}[n], n == 0}
}

func (w *acrossWorld) home(p int) madeSite {
	return madeSite{addr4(198, 18, p, 7), 64510 + uint32(p%3), w.office(p % 3).country, false}
}

// phone is one of the carrier's gateways, another one every time.
func (w *acrossWorld) phone() madeSite {
	return madeSite{addr4(198, 19, w.rng.IntN(2), w.rng.IntN(40)), 64520, "NO", false}
}

func (w *acrossWorld) add(kind, user string, t signin.Time, at madeSite, device, agent string, reason signin.Reason) {
	e := signin.Event{Time: t, Provider: "entra", Tenant: "t", Stream: signin.Interactive, Outcome: signin.Success, UserAgent: agent, ASN: at.asn}
	e.ID = fmt.Sprintf("%s-%06d", kind, len(w.events))
	e.Principal.ID = user
	e.Source.IP, e.Geo.Country, e.Device.ID = at.ip, at.country, device
	if reason != signin.ReasonNone {
		e.Outcome, e.Reason = signin.Failure, reason
	}
	if at.trusted {
		e.NamedLocations = signin.EncodeList([]signin.NamedLocation{{Type: "trustedNamedLocation", Names: []string{"Office"}}})
	}
	if device == "lab" {
		e.Device.Compliant = signin.True
	}
	w.events = append(w.events, e)
}

func userName(p int) string { return fmt.Sprintf("user-%03d", p) }

func (w *acrossWorld) life(p int) {
	device := ""
	if p%10 < 7 {
		device = fmt.Sprintf("device-%03d", p)
	}
	for d := range acrossDays {
		if d%7 >= 5 {
			continue
		}
		for range 2 + w.rng.IntN(2) {
			at, dev, agent := w.office(p%3), device, acrossAgents[p%3]
			switch w.rng.IntN(10) {
			case 0, 1, 2:
				at = w.home(p)
			case 3, 4:
				at, dev, agent = w.phone(), "", acrossAgents[3+p%2]
			case 5:
				if w.rng.IntN(6) == 0 { // a hotel
					at = madeSite{addr4(192, 0, 2, w.rng.IntN(200)), 64525, w.office(p % 3).country, false}
				}
			}
			t := w.at(d, 7+w.rng.Float64()*10)
			for w.rng.IntN(15) == 0 { // a typo
				w.add("life", userName(p), t, at, dev, agent, signin.BadPassword)
				t += signin.Time(20+w.rng.IntN(40)) * signin.Second
			}
			w.add("life", userName(p), t, at, dev, agent, signin.ReasonNone)
		}
	}
}

func (w *acrossWorld) oddities() {
	for p := 1; p < w.people; p += 3 { // passwords of the second office expired over the weekend
		t := w.at(14, 6.5+w.rng.Float64())
		for range 2 + w.rng.IntN(2) {
			w.add("life", userName(p), t, w.office(1), fmt.Sprintf("device-%03d", p), acrossAgents[p%3], signin.BadPassword)
			t += signin.Time(30+w.rng.IntN(60)) * signin.Second
		}
		w.add("life", userName(p), t, w.office(1), fmt.Sprintf("device-%03d", p), acrossAgents[p%3], signin.ReasonNone)
	}
	for k := range 12 { // a tool that reads the mailboxes of leavers, in the third office
		w.add("life", fmt.Sprintf("leaver-%02d", k), w.at(9, 10)+signin.Time(k)*signin.Minute, w.office(2), "", "MailTool/2", signin.NoSuchUser)
	}
	for k := range 7 * 48 { // a printer with an old password
		w.add("life", "printer", w.at(3, float64(k)/2), w.office(1), "", "Scan/1", signin.BadPassword)
	}
	for k := range 12 { // the lab's machine: managed, and taken to a fair abroad
		at := w.office(k % 2)
		if k > 8 {
			at = madeSite{addr4(192, 0, 2, 201), 64525, "SE", false}
		}
		w.add("life", userName(k*3), w.at(7+k%5, 9+w.rng.Float64()*6), at, "lab", acrossAgents[0], signin.ReasonNone)
	}
	for k := range 6 { // a private machine that three colleagues use at home
		w.add("life", userName(20+k%3), w.at(10+k, 19), w.home(20), "kitchen", acrossAgents[2], signin.ReasonNone)
	}
	for k := range 9 { // a demonstration machine goes round three countries, and is enrolled late
		at := madeSite{addr4(192, 0, 2, 210+k), 64526, []string{"SE", "DK", "FI"}[k%3], false}
		w.add("life", userName(k*3), w.at(5+2*k, 12), at, "demo", acrossAgents[1], signin.ReasonNone)
	}
	w.add("life", userName(3), w.at(27, 12), w.office(0), "demo", acrossAgents[1], signin.ReasonNone)
	w.events[len(w.events)-1].Device.Compliant = signin.True
	for k := range 8 { // a conference: typos in a hotel, and in
		t := w.at(16, 8+w.rng.Float64()/2)
		at := madeSite{addr4(192, 0, 2, 202), 64525, "NO", false}
		w.add("life", userName(k*6), t, at, "", acrossAgents[4], signin.BadPassword)
		w.add("life", userName(k*6), t+signin.Minute, at, "", acrossAgents[4], signin.ReasonNone)
	}
}

// stuffing tries each pair of a leaked list once, from one address.
func (w *acrossWorld) stuffing() {
	at, t := madeSite{addr4(203, 0, 113, 20), 64530, "BR", false}, w.at(8+w.rng.IntN(3), 1+w.rng.Float64()*20)
	for k, p := range w.rng.Perm(90) {
		t += signin.Time(10+w.rng.IntN(40)) * signin.Second
		name, reason := userName(p), signin.BadPassword
		if p >= 60 {
			name, reason = fmt.Sprintf("gone-%02d", p), signin.NoSuchUser
		}
		w.add("stuffing", name, t, at, "", acrossAgents[0], reason)
		if k == 70 {
			w.add("stuffing", userName(61), t+signin.Second, at, "", acrossAgents[0], signin.ReasonNone)
		}
	}
}

// enumeration asks for names made of a pattern.
func (w *acrossWorld) enumeration() {
	at, t := madeSite{addr4(203, 0, 113, 120), 64531, "US", false}, w.at(12+w.rng.IntN(4), 2+w.rng.Float64()*15)
	for k := range 70 {
		t += signin.Time(60+w.rng.IntN(180)) * signin.Second
		name, reason := fmt.Sprintf("guess-%02d", k), signin.NoSuchUser
		if w.rng.IntN(8) == 0 {
			name, reason = userName(k), signin.BadPassword
		}
		w.add("enumeration", name, t, at, "", "curl/8", reason)
	}
}

// byOperator takes another address of one operator for every try, with a browser
// that everybody has.
func (w *acrossWorld) byOperator() {
	t := w.at(18+w.rng.IntN(3), 3)
	from := func() madeSite {
		return madeSite{netip.MustParseAddr(fmt.Sprintf("2001:db8:%x:%x::1", w.rng.IntN(1<<16), w.rng.IntN(1<<16))), 64532, "NL", false}
	}
	for _, p := range w.rng.Perm(w.people)[:60] {
		t += signin.Time(5+w.rng.IntN(25)) * signin.Minute
		w.add("operator", userName(p), t, from(), "", acrossAgents[0], signin.BadPassword)
	}
	w.add("operator", userName(w.rng.IntN(w.people)), t+signin.Minute, from(), "", acrossAgents[0], signin.ReasonNone)
}

// byAgent takes another operator every time too, with one tool.
func (w *acrossWorld) byAgent() {
	t := w.at(22+w.rng.IntN(3), 4)
	for _, p := range w.rng.Perm(w.people)[:50] {
		t += signin.Time(2+w.rng.IntN(10)) * signin.Minute
		at := madeSite{netip.MustParseAddr(fmt.Sprintf("2001:db8:%x:%x::2", w.rng.IntN(1<<16), w.rng.IntN(1<<16))), 64540 + uint32(w.rng.IntN(50)), "VN", false}
		w.add("agent", userName(p), t, at, "", "sprayer/1.0", signin.BadPassword)
	}
}

// device walks through stolen accounts with one registered machine.
func (w *acrossWorld) device() {
	for k, p := range w.rng.Perm(w.people)[:4] {
		at := madeSite{addr4(203, 0, 113, 220+k), 64533, []string{"RO", "TR", "RO", "MA"}[k], false}
		w.add("device", userName(p), w.at(24+k, 2+w.rng.Float64()*3), at, "stolen", acrossAgents[0], signin.ReasonNone)
	}
}

// kind is the attack an event id belongs to, "" for none.
func acrossKind(id string) string {
	kind, _, _ := strings.Cut(id, "-")
	if kind == "life" {
		return ""
	}
	return kind
}
