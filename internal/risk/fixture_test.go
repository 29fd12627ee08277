package risk

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"frisk/internal/signin"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite expectations")

// line is one sign-in of a fixture: what matters, with defaults for the rest
// (provider entra, tenant t, interactive success).
type line struct {
	T        string    `json:"t"` // RFC 3339, or "+10m" after the line before
	N        int       `json:"n"` // repeat so many times, Every apart
	Every    string    `json:"every"`
	User     string    `json:"user"`
	Users    int       `json:"users"` // repetitions go round so many people: user-0, user-1, ...
	ID       string    `json:"id"`
	Stream   string    `json:"stream"`
	Outcome  string    `json:"outcome"`
	Reason   string    `json:"reason"`
	MFA      string    `json:"mfa"`
	IP       string    `json:"ip"`
	ASN      uint32    `json:"asn"`
	Org      string    `json:"org"`
	Country  string    `json:"country"`
	Region   string    `json:"region"`
	City     string    `json:"city"`
	At       []float64 `json:"at"` // lat, lon
	Radius   float64   `json:"radius"`
	Device   string    `json:"device"`
	Comply   *bool     `json:"compliant"`
	Network  []string  `json:"network"`
	Trusted  bool      `json:"trusted"`
	Client   string    `json:"client"`
	Session  string    `json:"session"`
	Agent    string    `json:"agent"`
	Transfer string    `json:"transfer"`
	Protocol string    `json:"protocol"`
	Location string    `json:"location"` // name of the trusted location; default Office
	Risk     string    `json:"risk"`
	RiskAll  string    `json:"riskAggregate"`
	State    string    `json:"riskState"`
	Provider string    `json:"provider"`
	App      string    `json:"app"`
	AppName  string    `json:"appName"`
	OS       string    `json:"os"`
	Browser  string    `json:"browser"`
	Managed  *bool     `json:"managed"`
	Methods  []string  `json:"methods"`
	Code     string    `json:"code"`
	Detected []string  `json:"riskEvents"`
}

func enumValue(t testing.TB, e signin.Enum, s string) uint8 {
	v := signin.EnumColumns[e].Value(s)
	if v == 0 && s != "" && s != "unknown" {
		t.Fatalf("unknown %s %q", signin.EnumColumns[e].Name, s)
	}
	return v
}

// event builds the k-th repetition of l at the given time.
func (l *line) event(t testing.TB, at signin.Time, id string, k int) signin.Event {
	e := signin.Event{Time: at, ID: id, Provider: "entra", Tenant: "t", Stream: signin.Interactive, Outcome: signin.Success}
	e.Principal.ID = l.User
	if l.Users > 0 {
		e.Principal.ID = fmt.Sprintf("user-%d", k%l.Users)
	}
	if l.Provider != "" {
		e.Provider = l.Provider
	}
	if l.Stream != "" {
		e.Stream = signin.Stream(enumValue(t, signin.EnumStream, l.Stream))
	}
	if l.Reason != "" {
		e.Outcome, e.Reason = signin.Failure, signin.Reason(enumValue(t, signin.EnumReason, l.Reason))
	}
	if l.Outcome != "" {
		e.Outcome = signin.Outcome(enumValue(t, signin.EnumOutcome, l.Outcome))
	}
	e.MFA.State = signin.MFAState(enumValue(t, signin.EnumMFA, l.MFA))
	if l.IP != "" {
		e.Source.IP = netip.MustParseAddr(l.IP)
	}
	e.ASN, e.ASNOrg = l.ASN, l.Org
	e.Geo = signin.Geo{Country: l.Country, Region: l.Region, City: l.City, Radius: l.Radius}
	if l.At != nil {
		e.Geo.Lat, e.Geo.Lon, e.Geo.Located = l.At[0], l.At[1], true
	}
	e.Device.ID = l.Device
	if l.Comply != nil {
		e.Device.Compliant = signin.TruthOf(*l.Comply)
	}
	e.Network = signin.EncodeList(l.Network)
	if l.Trusted {
		e.NamedLocations = signin.EncodeList([]signin.NamedLocation{{Type: "trustedNamedLocation", Names: []string{cmp.Or(l.Location, "Office")}}})
	}
	e.Client, e.Session, e.UserAgent, e.Transfer, e.Protocol = l.Client, l.Session, l.Agent, l.Transfer, l.Protocol
	e.Risk = signin.Risk{Level: l.Risk, Aggregate: l.RiskAll, State: l.State, Events: signin.EncodeList(l.Detected)}
	e.App = signin.Target{ID: l.App, Name: l.AppName}
	e.Device.OS, e.Device.Browser = l.OS, l.Browser
	if l.Managed != nil {
		e.Device.Managed = signin.TruthOf(*l.Managed)
	}
	e.MFA.Methods, e.Code = signin.EncodeList(l.Methods), l.Code
	return e
}

// parseEvents reads the lines of a fixture, in order.
func parseEvents(t testing.TB, text string) []signin.Event {
	t.Helper()
	var out []signin.Event
	var now signin.Time
	for i, raw := range strings.Split(text, "\n") {
		if raw = strings.TrimSpace(raw); raw == "" || raw[0] == '#' {
			continue
		}
		var l line
		d := json.NewDecoder(strings.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		switch {
		case strings.HasPrefix(l.T, "+"):
			now += duration(t, l.T[1:])
		default:
			at, err := time.Parse(time.RFC3339, l.T)
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			now = signin.FromTime(at)
		}
		for k := range max(l.N, 1) {
			if k > 0 {
				now += duration(t, l.Every)
			}
			id := l.ID
			if id == "" {
				id = fmt.Sprintf("e%03d", len(out)+1)
			} else if k > 0 {
				id = fmt.Sprintf("%s-%d", l.ID, k)
			}
			out = append(out, l.event(t, now, id, k))
		}
	}
	return out
}

func duration(t testing.TB, s string) signin.Time {
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return signin.Time(d.Microseconds())
}

// world is events grouped by person, as a dataset would hand them over.
type world struct {
	sym    *signin.Symbols
	people []string
	rows   map[string][]signin.Row
	ids    map[signin.Ref]string
	index  map[signin.Ref]int // position in the person's rows
}

func worldOf(events []signin.Event) *world {
	w := &world{sym: signin.NewSymbols(), rows: map[string][]signin.Row{}, ids: map[signin.Ref]string{}, index: map[signin.Ref]int{}}
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b signin.Event) int { return signin.Compare(&a, &b) })
	for i := range sorted {
		e := &sorted[i]
		r := signin.RowOf(e, w.sym)
		r.Ref = signin.Ref{Row: uint32(i)}
		p := e.Person()
		if w.rows[p] == nil {
			w.people = append(w.people, p)
		}
		w.ids[r.Ref] = e.ID
		w.index[r.Ref] = len(w.rows[p])
		w.rows[p] = append(w.rows[p], r)
	}
	slices.Sort(w.people)
	return w
}

func (w *world) networks(cfg Config) *Networks {
	n := NewNetworks(cfg)
	for _, p := range w.people {
		for i := range w.rows[p] {
			n.Observe(&w.rows[p][i], w.sym)
		}
	}
	n.Seal()
	return n
}

// verdict is everything the detectors say about a world.
type verdict struct {
	findings []Finding
	scores   map[string][]float32
	attack   []string // ids of rows labelled, in order
}

func (w *world) assess(cfg Config, ds []Detector) verdict {
	nets := w.networks(cfg)
	v := verdict{scores: map[string][]float32{}}
	for _, f := range nets.Findings() {
		if slices.ContainsFunc(ds, func(d Detector) bool { return d.Name == f.Detector }) {
			v.findings = append(v.findings, f)
		}
	}
	a := NewAssessor(cfg, ds, nets, nil, w.sym)
	for _, p := range w.people {
		got := a.Person(p, w.rows[p])
		for _, f := range got.Findings {
			v.findings = append(v.findings, f.Clone())
		}
		v.scores[p] = slices.Clone(got.Score)
		for i, hostile := range got.Attack {
			if hostile {
				v.attack = append(v.attack, w.ids[w.rows[p][i].Ref])
			}
		}
	}
	return v
}

// text is the golden form: findings as JSON lines, then the rows labelled.
func (w *world) text(v verdict) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i := range v.findings {
		e := v.findings[i].Encode(func(r signin.Ref) string { return w.ids[r] }, nil)
		if err := enc.Encode(e); err != nil {
			panic(err)
		}
	}
	fmt.Fprintf(&b, "attack rows: %s\n", strings.Join(v.attack, " "))
	return b.Bytes()
}

// TestFixtures runs testdata/<detector>/<case>.txtar through that detector
// alone: events.jsonl in, findings.jsonl out. Every detector has a hit, a
// near-miss and an absent (what it says when its data is missing).
func TestFixtures(t *testing.T) {
	for _, d := range Detectors() {
		for _, must := range []string{"hit", "near-miss", "absent"} {
			if _, err := os.Stat(filepath.Join("testdata", d.Name, must+".txtar")); err != nil {
				t.Errorf("detector %q: no fixture %s: %v", d.Name, must, err)
			}
		}
		files, err := filepath.Glob(filepath.Join("testdata", d.Name, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			t.Run(d.Name+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runFixture(t, d, file) })
		}
	}
}

func runFixture(t *testing.T, d Detector, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cfg := Defaults()
	var events, want []byte
	for _, f := range ar.Files {
		switch f.Name {
		case "events.jsonl":
			events = f.Data
		case "findings.jsonl":
			want = f.Data
		case "config":
			configure(t, &cfg, string(f.Data))
		default:
			t.Fatalf("%s: unexpected file %q", file, f.Name)
		}
	}
	w := worldOf(parseEvents(t, string(events)))
	v := w.assess(cfg, []Detector{d})
	got := w.text(v)
	if *update {
		ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "findings.jsonl" })
		ar.Files = append(ar.Files, txtar.File{Name: "findings.jsonl", Data: got})
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
	raised := slices.ContainsFunc(v.findings, func(f Finding) bool { return f.Suppressed == "" })
	if hit := strings.HasPrefix(filepath.Base(file), "hit"); hit != raised {
		t.Errorf("%s: raised %v, but only hit* fixtures may raise", file, raised)
	}
}

// configure reads lines "name value" into cfg; "sensitivity" takes a word.
func configure(t *testing.T, cfg *Config, text string) {
	for l := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(l), " ")
		if !ok {
			continue
		}
		if name == "sensitivity" {
			s, err := ParseSensitivity(value)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Sensitivity = s
			continue
		}
		var x float64
		if _, err := fmt.Sscan(value, &x); err != nil {
			t.Fatal(err)
		}
		if err := cfg.Set(name, x); err != nil {
			t.Fatal(err)
		}
	}
}
