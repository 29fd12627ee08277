package lint

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"frisk/internal/policy"
)

// The parts of SARIF 2.1.0 that are written (OASIS sarif-v2.1.0, schema
// sarif-schema-2.1.0.json). GitHub code scanning needs a place for every result:
// notices about the whole set point at the first file.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifRule struct {
		ID                   string    `json:"id"`
		Name                 string    `json:"name"`
		ShortDescription     sarifText `json:"shortDescription"`
		FullDescription      sarifText `json:"fullDescription"`
		Help                 sarifText `json:"help"`
		DefaultConfiguration struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		Name     string `json:"name,omitempty"`
		FullName string `json:"fullyQualifiedName"`
		Kind     string `json:"kind"`
	}
)

var sarifLevels = map[string]string{Error: "error", Warning: "warning", Info: "note"}

// WriteSARIF writes the notices as SARIF 2.1.0. files gives lines and columns;
// version is the program's, "" leaves it out. Notices without a file point at
// fallback, where one is given.
func WriteSARIF(w io.Writer, notices []policy.Notice, files *Files, version, fallback string) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "frisk", Version: version, Rules: sarifRules()}
	seen := map[string]int{}
	for _, n := range notices {
		i := slices.IndexFunc(rules, func(r Rule) bool { return r.Code == n.Code })
		if i < 0 {
			return fmt.Errorf("write SARIF: no rule for code %q", n.Code)
		}
		text := n.Message
		if n.Policy != "" {
			text = n.Policy + ": " + text
		}
		if n.Fix != "" {
			text += ". Fix: " + n.Fix
		}
		r := sarifResult{RuleID: n.Code, RuleIndex: i, Level: sarifLevels[n.Level], Message: sarifText{Text: text}}
		// The same finding keeps its fingerprint when lines move; a second one of the
		// same policy and code gets the next number.
		id := n.Code + "/" + n.Policy + "/" + n.Path
		r.PartialFingerprints = map[string]string{"friskNotice/v1": fmt.Sprintf("%s/%d", id, seen[id])}
		seen[id]++
		if l, ok := sarifPlace(n, files, fallback); ok {
			r.Locations = []sarifLocation{l}
		}
		run.Results = append(run.Results, r)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifRules() []sarifRule {
	out := make([]sarifRule, len(rules))
	for i, r := range rules {
		help := r.Doc
		if r.Fix != "" {
			help += " Fix: " + r.Fix + "."
		}
		help += " Source: " + r.Source + "."
		out[i] = sarifRule{
			ID: r.Code, Name: r.Code, ShortDescription: sarifText{Text: firstSentence(r.Doc)}, FullDescription: sarifText{Text: r.Doc},
			Help: sarifText{Text: help, Markdown: help},
		}
		out[i].DefaultConfiguration.Level = sarifLevels[r.Level]
	}
	return out
}

func firstSentence(s string) string {
	for i := range len(s) - 1 {
		if (s[i] == '.' || s[i] == ':') && s[i+1] == ' ' {
			return s[:i] + "."
		}
	}
	return s
}

func sarifPlace(n policy.Notice, files *Files, fallback string) (sarifLocation, bool) {
	var l sarifLocation
	file, path := n.File, n.Path
	if file == "" {
		file, path = fallback, "$"
	}
	if file == "" {
		return l, false
	}
	l.Physical.Artifact.URI = (&url.URL{Path: filepath.ToSlash(file)}).String()
	if r, ok := files.Find(file, path); ok {
		if n.File == "" {
			r.EndLine, r.EndColumn = r.StartLine, r.StartColumn+1
		}
		l.Physical.Region = &sarifRegion{r.StartLine, r.StartColumn, r.EndLine, r.EndColumn}
	}
	if n.Path != "" {
		l.Logical = []sarifLogical{{Name: n.Policy, FullName: n.Path, Kind: "property"}}
	}
	return l, true
}
