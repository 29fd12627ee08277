package analysis

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"frisk/internal/blobstore"

	"github.com/goccy/go-yaml"
)

// ConfigName is the file looked for in the working directory.
const ConfigName = "frisk.yaml"

// Config is frisk.yaml: what belongs to one organisation. Paths are relative to
// the file. Every list may be empty; what is missing makes answers unknown, not
// wrong. Unknown keys are errors.
type Config struct {
	// Name is what the report calls the organisation.
	Name string `yaml:"name"`
	// Tenant is the Entra tenant whose policies are replayed; sign-ins decided by
	// another tenant are out of scope. "" takes every sign-in as ours.
	Tenant string `yaml:"tenant"`
	// Data is the dataset folder.
	Data string `yaml:"data"`
	// Logs, Directory, Activity and Requests are files, folders or globs.
	Logs []string `yaml:"logs"`
	// Mappings are files that describe logs of systems frisk does not know.
	Mappings []string `yaml:"mappings"`
	// TimeZone is of local times in logs that name none (syslog, say); "" is UTC.
	TimeZone   string            `yaml:"timeZone"`
	Directory  []string          `yaml:"directory"`
	Activity   []string          `yaml:"activity"`
	Requests   []string          `yaml:"requests"`
	Identity   string            `yaml:"identity"` // identity.csv: accounts that are one person's
	Policies   PoliciesConfig    `yaml:"policies"`
	Groups     []string          `yaml:"groups"` // names or ids to report, empty: every group of five people or more
	Workspaces []WorkspaceConfig `yaml:"workspaces"`
	Geo        GeoConfig         `yaml:"geo"`
	// Networks are range lists by class (datacenter, vpn, tor, or a name of yours).
	Networks map[string][]string `yaml:"networks"`
	Detect   DetectConfig        `yaml:"detect"`
	// Labels is labels.csv: what analysts found out about sign-ins; "" is none.
	Labels string `yaml:"labels"`
	// Constants replaces assumptions of the figures by name; the report lists them.
	Constants map[string]ConstantConfig `yaml:"constants"`
	Report    ReportConfig              `yaml:"report"`

	// dir is the folder of the file, name the file; relative paths start in dir.
	dir, name string
}

// PoliciesConfig names the policy sets, as Graph JSON files or folders.
type PoliciesConfig struct {
	Current    []string          `yaml:"current"`
	Options    PolicyOptions     `yaml:"options"`
	Locations  []string          `yaml:"locations"`
	Candidates []CandidateConfig `yaml:"candidates"`
	// Learn lets the replay use what the log's own results prove about memberships
	// and app groups at the time; nil is true. The comparison with the log never does.
	Learn *bool `yaml:"learn"`
	// AsPresent replays the current policies as they are now for the whole history,
	// whatever dates they, or the directory audit log, carry.
	AsPresent bool `yaml:"asPresent"`
	// Placeholders says what the stand-ins of policy templates mean here: by
	// name, the id or name of a group, "All", or "" for nobody.
	Placeholders map[string]string `yaml:"placeholders"`
}

// PolicyOptions are facts about the tenant that neither its policies nor its
// log carry; see policy.Options.
type PolicyOptions struct {
	AppGroups        string   `yaml:"appGroups"` // file that replaces the built-in app groups
	MFATrustedIPs    []string `yaml:"mfaTrustedIPs"`
	IntranetClaim    bool     `yaml:"intranetClaim"`
	RememberMFADays  int      `yaml:"rememberMfaDays"`  // 1 to 365, 0 = off
	LowPrivilegeFrom string   `yaml:"lowPrivilegeFrom"` // date, 2026-07-01
	DevicesComplete  bool     `yaml:"devicesComplete"`
	// Assume are risk levels to take where nothing tells: userRisk, insiderRisk,
	// servicePrincipalRisk, signInRisk.
	Assume       map[string]string `yaml:"assume"`
	InboundTrust struct {
		MFA             *bool `yaml:"mfa"`
		CompliantDevice *bool `yaml:"compliantDevice"`
		HybridDevice    *bool `yaml:"hybridDevice"`
	} `yaml:"inboundTrust"`
}

// DetectConfig tunes the detectors; docs/detection.md lists the knobs.
type DetectConfig struct {
	Sensitivity string             `yaml:"sensitivity"` // low, medium, high
	Knobs       map[string]float64 `yaml:"knobs"`
}

// ConstantConfig is one assumption. Give all three, or only mid for all.
type ConstantConfig struct {
	Low  *float64 `yaml:"low"`
	Mid  *float64 `yaml:"mid"`
	High *float64 `yaml:"high"`
}

// CandidateConfig is one policy set to compare with the current one. Unless it
// is put on top, it is a whole set: a policy it leaves out is gone.
type CandidateConfig struct {
	Name      string   `yaml:"name"`
	Policies  []string `yaml:"policies"`
	Locations []string `yaml:"locations"` // empty: as current
	AsEnabled bool     `yaml:"asEnabled"` // report-only policies count as enabled
	// OnTop adds the policies to the current ones; one with the id of a current
	// policy takes its place. Without it the candidate is the whole set.
	OnTop bool `yaml:"onTop"`
}

// WorkspaceConfig is one workspace; see directory.Workspace.
type WorkspaceConfig struct {
	Name        string   `yaml:"name"`
	Environment string   `yaml:"environment"`
	ResourceID  string   `yaml:"resourceId"`
	Apps        []string `yaml:"apps"`
	Resources   []string `yaml:"resources"`
	Group       string   `yaml:"group"` // id or name of the team's group
}

// GeoConfig names the geolocation databases (mmdb).
type GeoConfig struct {
	City []string `yaml:"city"`
	ASN  []string `yaml:"asn"`
}

// ReportConfig names the report files to write; empty ones are not written.
type ReportConfig struct {
	HTML     string `yaml:"html"`
	Markdown string `yaml:"markdown"`
	JSON     string `yaml:"json"`
}

// ConfigError is a frisk.yaml that cannot be used; Err says where and why.
type ConfigError struct {
	File string
	Err  error
}

func (e *ConfigError) Error() string { return fmt.Sprintf("read config %q: %v", e.File, e.Err) }

// Unwrap gives the cause.
func (e *ConfigError) Unwrap() error { return e.Err }

// LoadConfig reads frisk.yaml. A missing file is an error unless optional is
// set, in which case the zero Config of the working directory is returned.
func LoadConfig(file string, optional bool) (*Config, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && optional {
		return &Config{dir: "."}, nil
	}
	if err != nil {
		return nil, &ConfigError{file, err}
	}
	var c Config
	if len(bytes.TrimSpace(data)) > 0 {
		if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
			return nil, &ConfigError{file, err}
		}
	}
	c.dir, c.name = filepath.Dir(file), file
	if err := c.check(); err != nil {
		return nil, &ConfigError{file, err}
	}
	return &c, nil
}

func (c *Config) check() error {
	seen := map[string]bool{}
	for i, w := range c.Workspaces {
		switch {
		case w.Name == "":
			return fmt.Errorf("workspaces[%d] has no name", i)
		case seen[w.Name]:
			return fmt.Errorf("workspace %q is listed twice", w.Name)
		case w.ResourceID == "" && len(w.Apps) == 0 && len(w.Resources) == 0 && w.Group == "":
			return fmt.Errorf("workspace %q names no resourceId, apps, resources or group to know it by", w.Name)
		}
		seen[w.Name] = true
	}
	seen = map[string]bool{currentName: true, todayName: true}
	for i, s := range c.Policies.Candidates {
		switch {
		case s.Name == "":
			return fmt.Errorf("policies.candidates[%d] has no name", i)
		case seen[s.Name]:
			return fmt.Errorf("candidate %q: the name is taken", s.Name)
		case len(s.Policies) == 0:
			return fmt.Errorf("candidate %q names no policies", s.Name)
		}
		seen[s.Name] = true
	}
	return nil
}

func (c *Config) file() string { return cmp.Or(c.name, ConfigName) }

// path resolves a path of the file; "-" (standard input) and URLs stay.
func (c *Config) path(p string) string {
	if p == "" || p == "-" || filepath.IsAbs(p) || c.dir == "" || blobstore.Remote(p) {
		return p
	}
	return filepath.Join(c.dir, p)
}

func (c *Config) paths(ps []string) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = c.path(p)
	}
	return out
}
