package synth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// small is a tenant big enough for every incident and small enough for a test.
var small = Config{Seed: 7, People: 120, Days: 24}

func TestRecordsAreOrderedUniqueAndInside(t *testing.T) {
	tn := Generate(small)
	seen := map[signin.GUID]bool{}
	var last *Record
	n := 0
	end := tn.start + signin.Time(small.Days)*signin.Day
	for r := range tn.Records() {
		n++
		if last != nil && compareRecords(*last, *r) >= 0 {
			t.Fatalf("record %d at %s is not after %s", n, r.Time, last.Time)
		}
		if seen[r.ID] {
			t.Fatalf("id %s twice", r.ID)
		}
		if r.Time < tn.start || r.Time >= end {
			t.Fatalf("record at %s outside %s to %s", r.Time, tn.start, end)
		}
		seen[r.ID] = true
		c := *r
		last = &c
	}
	if n < 8_000 {
		t.Errorf("only %d records", n)
	}
}

// TestMasks: the condition bits of every evaluation tell one consistent story
// (reference 2.4).
func TestMasks(t *testing.T) {
	for r := range Generate(small).Records() {
		if !r.policies {
			if r.evals != [numPolicies]eval{} {
				t.Fatalf("%s: evaluations although Conditional Access was not reached", r.ID)
			}
			continue
		}
		for i, e := range r.evals {
			sat, not := e.satisfied, e.notSatisfied
			if sat&not != 0 {
				t.Fatalf("%s policy %d: condition both satisfied and not (%d/%d)", r.ID, i, sat, not)
			}
			applied := sat != 0 && not == 0
			switch e.result {
			case notEnabled:
				if sat|not != 0 {
					t.Fatalf("%s policy %d: disabled with masks %d/%d", r.ID, i, sat, not)
				}
			case notApplied, reportOnlyNotApplied:
				short := not == bitApplication && sat == 0 || not == bitUsers && sat == bitApplication
				late := not&(bitApplication|bitUsers) == 0 && not != 0 && sat&3 == 3
				if !short && !late {
					t.Fatalf("%s policy %d: not applied with masks %d/%d", r.ID, i, sat, not)
				}
			default:
				if !applied || sat&3 != 3 {
					t.Fatalf("%s policy %d: %s with masks %d/%d", r.ID, i, resultNames[e.result], sat, not)
				}
			}
		}
	}
}

// TestPromptsFollowTheRules: nobody is asked for a factor unless the session
// was missing, had no MFA that a policy demands, or was older than the
// strictest frequency; and a frequency prompt always follows an authentication
// of that person at least that long ago.
func TestPromptsFollowTheRules(t *testing.T) {
	tn := Generate(small)
	type key struct {
		person int32
		device int8
	}
	lastEntry := map[key]signin.Time{}
	counts := map[why]int{}
	for r := range tn.Records() {
		if r.incident != 0 || r.robot >= 0 {
			continue
		}
		p := tn.people[r.person]
		if r.Entries() > 0 && r.code != 50126 && r.client != clientSMTP && r.client != clientIMAP {
			counts[r.why]++
			switch r.why {
			case whySession:
			case whyMFA:
				if !r.mfa {
					t.Fatalf("%s: asked for MFA that no policy demands", r.ID)
				}
			case whyFrequency:
				limit := strictest(r)
				if limit == 0 {
					t.Fatalf("%s: frequency prompt without a policy", r.ID)
				}
				// Another app's cache may be younger; the device as a whole is the bound
				// only where there is one clock.
				if at, ok := lastEntry[key{r.person, r.device}]; ok && p.devices[r.device].joined() && r.code == 0 && r.Time-at < limit-2*signin.Minute {
					if r.Time-at > 2*signin.Minute { // not the same episode
						t.Fatalf("%s: prompted %s after the last factor, limit %s", r.ID, (r.Time - at).Time().Format("15:04"), limit.Time().Format("15:04"))
					}
				}
			default:
				t.Fatalf("%s: factor entries for no reason", r.ID)
			}
			if r.code == 0 {
				lastEntry[key{r.person, r.device}] = r.Time
			}
		}
		if r.code == 70043 && (r.stream != signin.NonInteractive || !r.sifLabel || r.status != failure) {
			t.Fatalf("%s: 70043 not labelled as frequency", r.ID)
		}
	}
	if counts[whyFrequency] < 200 || counts[whySession] < 200 || counts[whyMFA] < 5 {
		t.Errorf("too few prompts to mean anything: %v", counts)
	}
}

// strictest is the lowest frequency among the policies recorded as applied.
func strictest(r *Record) signin.Time {
	var f signin.Time
	for i, e := range r.evals {
		if (e.result == success || e.result == failure) && frequencies[i] != 0 && (f == 0 || frequencies[i] < f) {
			f = frequencies[i]
		}
	}
	return f
}

// frequencyOf is the hours of a policy's sign-in frequency.
func frequencyOf(p *graphPolicy) signin.Time {
	if p.Session == nil || p.Session.Frequency == nil {
		return 0
	}
	unit := signin.Hour
	if p.Session.Frequency.Type == "days" {
		unit = signin.Day
	}
	return signin.Time(p.Session.Frequency.Value) * unit
}

// TestFrequenciesAgree: the JSON and the simulation name the same hours.
func TestFrequenciesAgree(t *testing.T) {
	for i := range currentPolicies {
		if reportOnly&(1<<i) != 0 {
			continue
		}
		if got, want := frequencyOf(&currentPolicies[i].graphPolicy), frequencies[i]; got != want {
			t.Errorf("%s: JSON says %v, simulation %v", currentPolicies[i].name, got, want)
		}
		g := currentPolicies[i].Grant
		if mfa := g != nil && slices.Contains(g.BuiltIn, "mfa"); mfa != demandsMFA[i] {
			t.Errorf("%s: JSON demands MFA %v, simulation %v", currentPolicies[i].name, mfa, demandsMFA[i])
		}
	}
}

// TestTravelIsFeasible: whoever changes city by hotel had time to fly.
func TestTravelIsFeasible(t *testing.T) {
	tn := Generate(Config{Seed: 3, People: 300, Days: 30})
	trips := 0
	for _, p := range tn.people {
		trips += len(p.trips)
	}
	if trips < 10 {
		t.Errorf("only %d trips", trips)
	}
	// Direct check on the rows: office, home or hotel to hotel and back.
	last := map[int32]sighting{}
	for r := range tn.Records() {
		if r.incident != 0 || r.person < 0 || r.code == 50126 {
			continue
		}
		k := networks[r.where.net].kind
		if k != netOffice && k != netHome && k != netHotel || r.stream == signin.NonInteractive {
			continue // a job left running at home does not travel
		}
		if s, ok := last[r.person]; ok {
			need := flightTime(networks[s.net].place, networks[r.where.net].place) - 3*signin.Hour
			if distance(networks[s.net].place, networks[r.where.net].place) > 300 && r.Time-s.at < need {
				t.Errorf("%s: %s to %s in %d minutes", tn.people[r.person].upn, networks[s.net].org, networks[r.where.net].org, (r.Time-s.at)/signin.Minute)
			}
		}
		last[r.person] = sighting{r.Time, r.where.net, r.ID}
	}
}

// TestUTI: the token identifier decodes to the row's id, as everywhere in frisk.
func TestUTI(t *testing.T) {
	g, _ := signin.ParseGUID("22608a25-1d9b-44b5-b0f2-cb94f06b2d00")
	if got := uti(g); got != "JYpgIpsdtUSw8suU8GstAA" { // the documented pair, reference 4.2
		t.Errorf("uti = %s", got)
	}
	if _, err := base64.RawURLEncoding.DecodeString(uti(fixedGUID("x"))); err != nil {
		t.Error(err)
	}
	if got := signin.NormalizeToken(uti(fixedGUID("x"))); got != fixedGUID("x").String() {
		t.Errorf("uti does not decode to the id: %s", got)
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	cfg := Config{Seed: 5, People: 60, Days: 8}
	for _, dir := range []string{a, b} {
		if _, err := WriteTenant(dir, cfg); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	err := filepath.WalkDir(a, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		rel, _ := filepath.Rel(a, path)
		x, err1 := os.ReadFile(path)
		y, err2 := os.ReadFile(filepath.Join(b, rel))
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if !bytes.Equal(x, y) {
			t.Errorf("%s differs between two runs", rel)
		}
		return nil
	})
	if err != nil || n < 40 {
		t.Errorf("%d files, %v", n, err)
	}
	var one, two bytes.Buffer
	if _, err := WriteJSONL(&one, Config{Seed: 1}, 2000); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteJSONL(&two, Config{Seed: 2}, 2000); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two seeds, same bytes")
	}
}

func TestWriteJSONL(t *testing.T) {
	var b bytes.Buffer
	n, err := WriteJSONL(&b, Config{}, 3000)
	if err != nil || n != 3000 {
		t.Fatalf("%d rows, %v", n, err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 3000 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines {
		if !json.Valid([]byte(l)) {
			t.Fatalf("line %d is not JSON: %.200s", i+1, l)
		}
	}
	if avg := b.Len() / 3000; avg < 2500 || avg > 8500 {
		t.Errorf("%d bytes a row, real ones with fewer policies have about 3000 to 6000", avg)
	}
}

func TestForRows(t *testing.T) {
	for _, rows := range []int64{1_000, 50_000} {
		var n int64
		for range Generate(ForRows(Config{Seed: 1}, rows)).Records() {
			n++
		}
		if n < rows {
			t.Errorf("%d rows asked for, the tenant holds %d", rows, n)
		}
	}
}

func BenchmarkWriteJSONL(b *testing.B) {
	const rows = 20_000
	var n int64
	for b.Loop() {
		got, err := WriteJSONL(io.Discard, Config{Seed: 1, People: 300, Days: 30}, rows)
		if err != nil {
			b.Fatal(err)
		}
		n += got
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
