package risk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// techniqueShape is an id of MITRE ATT&CK (enterprise), with its sub-technique.
var techniqueShape = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)

func TestCatalog(t *testing.T) {
	ds := Detectors()
	if !slices.IsSortedFunc(ds, func(a, b Detector) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted")
	}
	for _, d := range ds {
		if n := len(surveysOf([]Detector{d})); n != len(d.Surveys) {
			t.Errorf("detector %q names %d surveys, of which %d exist", d.Name, len(d.Surveys), n)
		}
		if d.Needs == "" || d.Quiet == "" {
			t.Errorf("detector %q does not say what it needs and what it does without", d.Name)
		}
		if len(d.Techniques) == 0 || d.Origin == "" {
			t.Errorf("detector %q names no ATT&CK technique, or no origin", d.Name)
		}
		for _, id := range d.Techniques {
			if !techniqueShape.MatchString(id) {
				t.Errorf("detector %q: %q is no ATT&CK technique", d.Name, id)
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a duplicate name was registered")
		}
	}()
	register(ds[0])
}

func TestKnobs(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z]+\.[a-z][a-z0-9-]*$`)
	names := map[string]bool{}
	fields := map[*float64]string{}
	c := Defaults()
	for _, k := range Knobs() {
		f := k.field(&c)
		if names[k.Name] || fields[f] != "" {
			t.Errorf("knob %q twice, or same field as %q", k.Name, fields[f])
		}
		names[k.Name], fields[f] = true, k.Name
		if !shape.MatchString(k.Name) || k.Doc == "" || k.Origin == "" || k.Default < k.Min || k.Default > k.Max {
			t.Errorf("malformed knob %+v", k.Name)
		}
		if err := c.Set(k.Name, k.Max+1); err == nil {
			t.Errorf("knob %q took a value out of bounds", k.Name)
		}
		if v, ok := c.Get(k.Name); !ok || v != k.Default {
			t.Errorf("knob %q reads %v", k.Name, v)
		}
	}
	if err := c.Set("travel.sped", 1); err == nil || !strings.Contains(err.Error(), `"travel.speed"`) {
		t.Errorf("unknown knob: %v", err)
	}
}

func TestPassThroughs(t *testing.T) {
	for _, p := range PassThroughs() {
		if !(0 <= p.Low && p.Low <= p.Mid && p.Mid <= p.High && p.High <= 1) || p.Origin == "" {
			t.Errorf("malformed %+v", p)
		}
	}
	mfa, _ := Pass("mfa")
	if got := PassAll("mfa", "termsOfUse"); got != mfa {
		t.Errorf("mfa and terms of use: %+v", got)
	}
	if got := PassAll(); got != (Estimate{1, 1, 1}) {
		t.Errorf("no control: %+v", got)
	}
	if _, ok := Pass("nonsense"); ok {
		t.Error("unknown control known")
	}
}

func TestEncode(t *testing.T) {
	f := Finding{
		Detector: "d", Severity: High, Score: 0.5, Person: signin.PersonKey("entra", "t", "ada"), Time: signin.Day,
		Subject: signin.Ref{Row: 2}, Events: []signin.Ref{{Row: 1}, {Row: 2}},
		Evidence: []Fact{{Name: "z", Text: "<a>"}, {Name: "a_km", Num: 1.5, IsNum: true}},
	}
	got, err := json.Marshal(f.Encode(func(r signin.Ref) string { return fmt.Sprint("id", r.Row) }, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"detector":"d","severity":"high","score":0.5,"user":"ada","time":"1970-01-02T00:00:00Z","subject":"id2",` +
		`"events":["id1","id2"],"evidence":{"z":"\u003ca\u003e","a_km":1.5}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]signin.Ref{{Row: 2}, {Row: 1}}, Refs([]Finding{f})); diff != "" {
		t.Error(diff)
	}
}

func TestClass(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "[]": "", `["vpn","datacenter"]`: "datacenter+vpn", `["Hosting"]`: "datacenter",
		`["our-tag"]`: "", "not json": "", `["tor-exit"]`: "tor",
	} {
		if got := classOf(in).String(); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestDocs keeps the tables of docs/detection.md equal to the code.
func TestDocs(t *testing.T) {
	const file = "../../docs/detection.md"
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(old)
	for name, table := range map[string]string{"detectors": detectorTable(), "knobs": knobTable(), "pass-through": passTable()} {
		open, end := "<!-- "+name+" -->\n", "<!-- end "+name+" -->"
		i, j := strings.Index(text, open), strings.Index(text, end)
		if i < 0 || j < i {
			t.Fatalf("%s has no %s section", file, name)
		}
		text = text[:i+len(open)] + table + text[j:]
	}
	if text == string(old) {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date; go test -update: %s", file, cmp.Diff(string(old), text))
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func detectorTable() string {
	var b bytes.Buffer
	fmt.Fprint(&b, "| Detector | Finds | Needs | Without it | ATT&CK | Source of the rule |\n|---|---|---|---|---|---|\n")
	for _, d := range Detectors() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", d.Name, d.Doc, d.Needs, d.Quiet, strings.Join(d.Techniques, ", "), d.Origin)
	}
	return b.String()
}

func knobTable() string {
	var b bytes.Buffer
	fmt.Fprint(&b, "| Knob | Default | Meaning | Where the default comes from |\n|---|---|---|---|\n")
	for _, k := range Knobs() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.Name, strings.TrimSpace(fmt.Sprint(k.Default)+" "+k.Unit), k.Doc, k.Origin)
	}
	return b.String()
}

func passTable() string {
	var b bytes.Buffer
	fmt.Fprint(&b, "| Control | Low | Mid | High | Where it comes from |\n|---|---|---|---|---|\n")
	for _, p := range PassThroughs() {
		fmt.Fprintf(&b, "| `%s` | %v | %v | %v | %s |\n", p.Control, p.Low, p.Mid, p.High, p.Origin)
	}
	return b.String()
}
