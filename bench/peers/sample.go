package peers

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/ingest"
	"frisk/internal/policy"
	"frisk/internal/signin"
	"frisk/internal/synth"
)

// tenant is frisk's sample tenant: the rows every engine is asked about, and
// what is known beside them.
type tenant struct {
	dir       *directory.Directory
	locations []*policy.NamedLocation
	groups    []string // ids, in order
	rows      []signin.Event
	facts     []Fact // of rows, same index
}

// sample writes the sample tenant below folder and reads it back through the
// same packages the program uses. Rows no policy decides (failed first factors,
// service principals), rows with several audiences and rows without an operating
// system are left out.
func sample(folder string) (*tenant, error) {
	if _, err := synth.WriteTenant(folder, synth.Config{Seed: 1, People: 120, Days: 8}); err != nil {
		return nil, fmt.Errorf("write the sample tenant: %w", err)
	}
	t := &tenant{}
	var err error
	if t.dir, _, err = directory.Load([]string{filepath.Join(folder, "directory")}, directory.Options{}); err != nil {
		return nil, fmt.Errorf("read the directory: %w", err)
	}
	set, _, err := policy.Load("current", []string{filepath.Join(folder, "policies", "current")}, []string{filepath.Join(folder, "locations.json")})
	if err != nil {
		return nil, fmt.Errorf("read the locations: %w", err)
	}
	for _, l := range set.Locations {
		if l.Kind == policy.LocationIP && !slices.ContainsFunc(t.locations, func(o *policy.NamedLocation) bool { return o.ID == l.ID }) {
			t.locations = append(t.locations, l)
		}
	}
	for _, g := range t.dir.Groups() {
		if g.Complete {
			t.groups = append(t.groups, g.ID)
		}
	}
	sources, err := ingest.Expand([]string{filepath.Join(folder, "signins")})
	if err != nil {
		return nil, fmt.Errorf("list the log: %w", err)
	}
	for b, err := range ingest.Read(context.Background(), sources, ingest.Options{Workers: 2}) {
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		for i := range b.Events {
			t.add(&b.Events[i])
		}
	}
	return t, nil
}

func (t *tenant) add(e *signin.Event) {
	if e.Reason.FirstFactorFailed() || e.Stream != signin.Interactive && e.Stream != signin.NonInteractive {
		return
	}
	audiences, err := signin.DecodeList[string](e.Audiences)
	if err != nil || len(audiences) != 1 {
		return
	}
	f := Fact{Resource: audiences[0], Client: clientOf(e.Client), Platform: platformOf(e.Device.OS), Country: e.Geo.Country, Risk: e.Risk.Level}
	if f.Platform == "" { // frisk would say unknown, for which the others have no word
		return
	}
	for _, g := range t.groups {
		if t.dir.Member(e.Principal.ID, g, e.Time) == signin.True {
			f.Groups = append(f.Groups, g)
		}
	}
	f.Trusted = t.trusted(e.Source.IP)
	f.DeviceCode = e.Protocol == "deviceCode" || e.Transfer == "deviceCodeFlow"
	f.MFA = len(t.rows)%2 == 0 && (f.Client == "browser" || f.Client == "mobileAppsAndDesktopClients")
	t.rows, t.facts = append(t.rows, *e), append(t.facts, f)
}

func (t *tenant) trusted(ip netip.Addr) bool {
	for _, l := range t.locations {
		for _, r := range l.Ranges {
			if p, err := netip.ParsePrefix(r); err == nil && l.Trusted && p.Contains(ip) {
				return true
			}
		}
	}
	return false
}

func clientOf(used string) string {
	switch used {
	case "Browser":
		return "browser"
	case "Mobile Apps and Desktop clients":
		return "mobileAppsAndDesktopClients"
	case "Exchange ActiveSync":
		return "exchangeActiveSync"
	}
	return "other"
}

func platformOf(os string) string {
	for _, p := range []string{"windows", "macOS", "iOS", "android", "linux"} {
		if strings.HasPrefix(strings.ToLower(os), strings.ToLower(p)) {
			return p
		}
	}
	return ""
}
