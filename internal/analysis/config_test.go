package analysis

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func configOf(t *testing.T, text string) (*Config, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), ConfigName)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadConfig(file, false)
}

func TestConfigErrors(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"unknown key", "polices: {}\n", `unknown field "polices"`},
		{"wrong type", "logs: {a: 1}\n", "logs"},
		{"nameless workspace", "workspaces: [{group: g}]\n", "workspaces[0] has no name"},
		{"workspace nobody could know", "workspaces: [{name: w}]\n", `workspace "w" names no resourceId`},
		{"workspace twice", "workspaces: [{name: w, group: g}, {name: w, group: h}]\n", "listed twice"},
		{"nameless candidate", "policies: {candidates: [{policies: [x]}]}\n", "candidates[0] has no name"},
		{"candidate called current", "policies: {candidates: [{name: current, policies: [x]}]}\n", "the name is taken"},
		{"candidate without policies", "policies: {candidates: [{name: c}]}\n", `candidate "c" names no policies`},
	} {
		_, err := configOf(t, tt.text)
		if _, ok := errors.AsType[*ConfigError](err); !ok || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q in a ConfigError", tt.name, err, tt.want)
		}
	}
}

func TestConfigSettingsErrors(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"constant", "constants: {friction.promt: {mid: 1}}\n", `unknown constant "friction.promt", want one of friction.block`},
		{"constant without mid", "constants: {friction.prompt: {low: 1}}\n", "needs at least mid"},
		{"constant out of order", "constants: {friction.prompt: {low: 3, mid: 2}}\n", "low <= mid"},
		{"sensitivity", "detect: {sensitivity: loud}\n", "detect.sensitivity"},
		{"knob", "detect: {knobs: {no.such: 1}}\n", "detect.knobs"},
		{"trusted address", "policies: {options: {mfaTrustedIPs: [hq]}}\n", "policies.options.mfaTrustedIPs"},
		{"date", "policies: {options: {lowPrivilegeFrom: soon}}\n", "policies.options.lowPrivilegeFrom"},
		{"app groups", "policies: {options: {appGroups: nowhere.json}}\n", "policies.options.appGroups"},
	} {
		cfg, err := configOf(t, tt.text)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		_, err1 := cfg.constants()
		_, err2 := cfg.riskConfig()
		_, err3 := cfg.policyOptions()
		if err := errors.Join(err1, err2, err3); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// An assumption that was changed reaches the figures.
func TestConstantsReachTheEngine(t *testing.T) {
	cfg, err := configOf(t, "constants: {pass_through.mfa: {mid: 0.5}, friction.prompt: {low: 1, mid: 2, high: 3}}\n")
	if err != nil {
		t.Fatal(err)
	}
	k, err := cfg.constants()
	if err != nil {
		t.Fatal(err)
	}
	if got := k.passes("mfa"); got != 0.5 {
		t.Errorf("mfa lets %v pass, want 0.5", got)
	}
	if k.passes("block") != 0 || k.passes("no such control") != 1 {
		t.Error("a block must stop everything and an unknown control nothing")
	}
	for _, c := range k.seconds {
		if c.Name == "friction.prompt" && (c.Low != 1 || c.Mid != 2 || c.High != 3 || c.Origin != fromConfig) {
			t.Errorf("friction.prompt is %+v", c)
		}
	}
}

// What init writes is a configuration that loads.
func TestConfigTemplateLoads(t *testing.T) {
	file := filepath.Join(t.TempDir(), ConfigName)
	if err := WriteConfigTemplate(file); err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(file, false)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Data != "frisk-data" || len(cfg.Logs) != 1 || cfg.Report.HTML == "" {
		t.Errorf("the template says %+v", cfg)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// Every key of the configuration is in its documentation.
func TestConfigIsDocumented(t *testing.T) {
	docs, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"name", "tenant", "data", "logs", "directory", "activity", "requests", "groups", "workspaces", "networks", "constants",
		"policies.current", "policies.locations", "policies.candidates", "policies.options", "geo.city", "geo.asn",
		"detect.sensitivity", "detect.knobs", "report.html", "report.markdown", "report.json",
	} {
		if !strings.Contains(string(docs), "`"+key+"`") {
			t.Errorf("docs/configuration.md lacks %s", key)
		}
	}
}

func TestPathsAreRelativeToTheFile(t *testing.T) {
	cfg, err := configOf(t, "data: d\nlogs: [a, /b, '-']\n")
	if err != nil {
		t.Fatal(err)
	}
	got := cfg.paths(cfg.Logs)
	if got[0] != filepath.Join(cfg.dir, "a") || got[1] != "/b" || got[2] != "-" {
		t.Errorf("paths are %q", got)
	}
	if cfg.data(&Options{Data: "flag"}) != "flag" || cfg.data(&Options{}) != filepath.Join(cfg.dir, "d") {
		t.Error("the flag must win over the file, and the file's folder be relative to it")
	}
}
