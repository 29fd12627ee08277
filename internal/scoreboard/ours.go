package scoreboard

import (
	"slices"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// ourAlert is a raised finding.
type ourAlert struct {
	Alert
	detector string
	evidence string
	severity risk.Severity
	attack   bool
}

const travelDetector = "impossible-travel"

// ours are this program's rules.
func ours() []Rule {
	by := func(keep func(*ourAlert) bool) func(*bench) []Alert {
		return func(b *bench) []Alert {
			b.assess()
			var out []Alert
			for i := range b.ours {
				if keep(&b.ours[i]) {
					out = append(out, b.ours[i].Alert)
				}
			}
			return out
		}
	}
	return []Rule{
		{
			Name: Travel, Source: "impossible-travel, both phases, default knobs", Ours: true,
			run: by(func(a *ourAlert) bool { return a.detector == travelDetector }),
		},
		{
			Name: AllDetectors, Source: "every finding that labels its sign-in as attack traffic", Ours: true, All: true,
			run: by(func(a *ourAlert) bool { return a.attack }),
		},
		{
			Name: Everything, Source: "every finding raised, of any severity", Ours: true, All: true,
			run: by(func(*ourAlert) bool { return true }),
		},
	}
}

// Names of ours.
const (
	Travel       = "frisk: impossible travel"
	AllDetectors = "frisk: all detectors, attack traffic"
	Everything   = "frisk: all detectors, every finding"
)

// assess runs all detectors once over the bench, both phases, as a report does.
func (b *bench) assess() {
	if b.ran {
		return
	}
	b.ran = true
	sym := signin.NewSymbols()
	rows := make([]signin.Row, len(b.events))
	for i := range b.events {
		rows[i] = signin.RowOf(&b.events[i], sym)
		rows[i].Ref = signin.Ref{Row: uint32(i)} //nolint:gosec // a world is small
	}
	cfg := risk.Defaults()
	nets := risk.NewNetworks(cfg)
	for _, at := range b.people {
		for _, i := range at {
			nets.Observe(&rows[i], sym)
		}
	}
	nets.Seal()
	for _, f := range nets.Findings() {
		b.take(&f)
	}
	a := risk.NewAssessor(cfg, risk.Detectors(), nets, nil, sym)
	var history []signin.Row
	for p, at := range b.people {
		if len(at) == 0 {
			continue
		}
		history = history[:0]
		for _, i := range at {
			history = append(history, rows[i])
		}
		got := a.Person(signin.PersonKey("entra", b.events[at[0]].Tenant, b.world.People[p].ID), history)
		for i := range got.Findings {
			b.take(&got.Findings[i])
		}
	}
}

// take keeps a finding: raised ones as alerts, suppressed ones of travel aside.
func (b *bench) take(f *risk.Finding) {
	if f.Suppressed != "" && f.Detector != travelDetector {
		return
	}
	a := ourAlert{detector: f.Detector, severity: f.Severity, attack: f.Attack}
	if f.Detector == travelDetector {
		a.evidence = factText(f)
	}
	for _, r := range append([]signin.Ref{f.Subject}, f.Events...) {
		if i := int(r.Row); !slices.Contains(a.Events, i) {
			a.Events = append(a.Events, i)
		}
	}
	if f.Suppressed != "" {
		b.quiet = append(b.quiet, a)
		return
	}
	b.ours = append(b.ours, a)
}
