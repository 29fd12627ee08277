package lint

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"frisk/internal/policy"
)

// The parts of SARIF 2.1.0 that its schema requires, and those GitHub code
// scanning asks for: rule ids and help, level, message, and a place with a region.
func TestSARIF(t *testing.T) {
	text := []byte(short.Replace("[\n {ON,\"displayName\":\"P é\",\"conditions\":{ALL,\n  \"signInRiskLevels\":[\"high\"],\"userRiskLevels\":[\"high\"]},MFA}]"))
	set, _, err := policy.Parse("my policies/p.json", text)
	if err != nil {
		t.Fatal(err)
	}
	files := NewFiles(func(string) ([]byte, error) { return text, nil })
	notices := Check(Input{Set: set, Files: files})
	var b bytes.Buffer
	if err := WriteSARIF(&b, notices, files, "1.2.3", "my policies/p.json"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Name, Version string
					Rules         []struct {
						ID                                      string
						ShortDescription, FullDescription, Help struct{ Text string }
						DefaultConfiguration                    struct{ Level string }
					}
				}
			}
			Results []struct {
				RuleID              string
				RuleIndex           int
				Level               string
				Message             struct{ Text string }
				PartialFingerprints map[string]string
				Locations           []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
					}
					LogicalLocations []struct{ FullyQualifiedName string }
				}
			}
		}
	}
	dec := json.NewDecoder(bytes.NewReader(b.Bytes()))
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || len(log.Runs) != 1 {
		t.Fatalf("head: %+v", log)
	}
	run := log.Runs[0]
	if run.Tool.Driver.Name == "" || run.Tool.Driver.Version != "1.2.3" || run.ColumnKind != "unicodeCodePoints" || len(run.Tool.Driver.Rules) != len(Rules()) {
		t.Errorf("driver: %+v", run.Tool.Driver.Name)
	}
	levels := []string{"error", "warning", "note"}
	for _, r := range run.Tool.Driver.Rules {
		if r.ID == "" || r.ShortDescription.Text == "" || r.FullDescription.Text == "" || r.Help.Text == "" || !slices.Contains(levels, r.DefaultConfiguration.Level) {
			t.Errorf("incomplete rule %+v", r)
		}
	}
	if len(run.Results) != len(notices) {
		t.Fatalf("%d results for %d notices", len(run.Results), len(notices))
	}
	prints := map[string]bool{}
	for i, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || !slices.Contains(levels, r.Level) || r.Message.Text == "" || len(r.Locations) != 1 {
			t.Errorf("incomplete result %+v", r)
			continue
		}
		at := r.Locations[0].PhysicalLocation
		if at.ArtifactLocation.URI != "my%20policies/p.json" || at.Region.StartLine < 1 || at.Region.StartColumn < 1 {
			t.Errorf("%s: place %+v", notices[i].Code, at)
		}
		if r.RuleID == "risk-together" && (at.Region.StartLine != 3 || at.Region.StartColumn != 22 || at.Region.EndColumn != 30 ||
			r.Locations[0].LogicalLocations[0].FullyQualifiedName != "$[0].conditions.signInRiskLevels") {
			t.Errorf("risk-together is at %+v", r.Locations[0])
		}
		for _, p := range r.PartialFingerprints {
			if prints[p] {
				t.Errorf("fingerprint %q twice", p)
			}
			prints[p] = true
		}
	}
	if err := WriteSARIF(&b, []policy.Notice{{Code: "no-such"}}, files, "", ""); err == nil {
		t.Error("a notice without a rule is written")
	}
}

func TestEmptySARIFHasResults(t *testing.T) {
	var b bytes.Buffer
	if err := WriteSARIF(&b, nil, NewFiles(nil), "", ""); err != nil || !strings.Contains(b.String(), `"results": []`) {
		t.Errorf("%v: %s", err, b.String())
	}
}
