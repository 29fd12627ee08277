package scoreboard

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/synth"
)

// Case is one thing our travel detector got wrong, for whoever works on it.
type Case struct {
	Seed   uint64   `json:"seed"`
	Wrong  string   `json:"wrong"` // "false alert" or "missed attack"
	Person string   `json:"person"`
	Traits []string `json:"traits,omitempty"`
	// Kind is the kind of the missed attack.
	Kind string `json:"kind,omitempty"`
	// Evidence is that of the finding: raised wrongly, or suppressed wrongly; "" when
	// there was none.
	Evidence string `json:"evidence,omitempty"`
	// Rows are the sign-ins concerned with some before and after.
	Rows []string `json:"rows"`
}

// Cases lists what our travel detector gets wrong in one world under one view, at
// most so many of each sort, those of the kinds with most errors first.
func Cases(cfg synth.HostileConfig, view synth.HostileView, most int) []Case {
	b := newBench(synth.NewHostile(cfg), view)
	b.assess()
	var out []Case
	found := make([]bool, len(b.world.Attacks))
	n := 0
	for i := range b.ours {
		a := &b.ours[i]
		if a.detector != travelDetector {
			continue
		}
		hit := false
		for _, e := range a.Events {
			if k := b.world.Truth[e].Attack; k >= 0 {
				hit, found[k] = true, true
			}
		}
		if !hit && n < most {
			n++
			out = append(out, b.newCase("false alert", a.Events, a.evidence, ""))
		}
	}
	n = 0
	for i := range b.world.Attacks {
		a := &b.world.Attacks[i]
		if found[i] || !travelAttack(a, view) || n == most {
			continue
		}
		n++
		var events []int
		for k := range b.world.Truth {
			if b.world.Truth[k].Attack == i {
				events = append(events, k)
			}
		}
		held := "no finding"
		for k := range b.quiet {
			if slices.ContainsFunc(b.quiet[k].Events, func(e int) bool { return slices.Contains(events, e) }) {
				held = b.quiet[k].evidence
				break
			}
		}
		kind := a.Kind
		if !a.Shown {
			kind += ", not shown by any honest place"
		}
		out = append(out, b.newCase("missed attack", events, held, kind))
	}
	return out
}

func (b *bench) newCase(wrong string, events []int, evidence, kind string) Case {
	p := b.world.Truth[events[0]].Person
	c := Case{
		Seed: b.world.Config.Seed, Wrong: wrong, Person: b.world.People[p].ID, Traits: b.world.People[p].Traits,
		Kind: kind, Evidence: evidence,
	}
	rows := b.people[p]
	show := map[int]bool{}
	for _, e := range events {
		at := slices.Index(rows, e)
		for k := max(0, at-4); k <= min(len(rows)-1, at+4); k++ {
			show[k] = true
		}
	}
	gap := false
	for k, i := range rows {
		if !show[k] {
			gap = true
			continue
		}
		if gap && len(c.Rows) > 0 {
			c.Rows = append(c.Rows, "...")
		}
		gap = false
		c.Rows = append(c.Rows, b.line(i, slices.Contains(events, i)))
	}
	return c
}

// line is one sign-in with what was true of it.
func (b *bench) line(i int, concerned bool) string {
	e, t := &b.events[i], &b.world.Truth[i]
	mark := "  "
	if concerned {
		mark = "* "
	}
	what := e.Stream.String()
	if e.Outcome != signin.Success {
		what += " " + e.Reason.String()
	}
	place := fmt.Sprintf("%s %s", e.Geo.City, e.Geo.Country)
	if e.Geo.Located {
		place += fmt.Sprintf(" %.2f,%.2f r%.0f", e.Geo.Lat, e.Geo.Lon, e.Geo.Radius)
	}
	device := "no device"
	if e.Device.ID != "" {
		device = "device " + e.Device.ID[:4]
	}
	truth := "the person, "
	if t.Attack >= 0 {
		truth = "ATTACK, "
	}
	full := &b.world.Events[i].Geo
	if full.Located {
		truth += fmt.Sprintf("%.0f km from where it says", math.Round(distance(full.Lat, full.Lon, t.Lat, t.Lon)))
	} else {
		truth += "no place"
	}
	return fmt.Sprintf("%s%s %-15s %-22s %-26s %-44s %s %s mfa %s | %s", mark, e.Time, what, e.Source.IP, e.ASNOrg, place, device, e.Network, e.MFA.State, truth)
}

// factText is the evidence of a finding in one line.
func factText(f *risk.Finding) string {
	var b strings.Builder
	if f.Suppressed != "" {
		b.WriteString("suppressed: " + f.Suppressed + "; ")
	}
	for i, x := range f.Evidence {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(x.Name + " ")
		b.WriteString(cmp.Or(x.Text, fmt.Sprint(x.Num)))
	}
	return b.String()
}
