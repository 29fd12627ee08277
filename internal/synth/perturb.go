package synth

import (
	"fmt"
	"slices"
	"strings"
)

// Perturb is a set of ways in which the files beside the log are wrong, so that
// a comparison of replay and record has something to find. The tenant and what
// happened in it stay as they are; truth.json says what was done (Perturbation).
type Perturb uint16

const (
	// PerturbMembership leaves people out of the production teams and puts others
	// into an exclusion group; the groups still count as completely listed.
	PerturbMembership Perturb = 1 << iota
	// PerturbIncomplete exports two exclusion groups without their members.
	PerturbIncomplete
	// PerturbLocation exports named locations of another day: a VPN gateway is
	// missing, and the location of the countries has another name, lacks India and
	// has five countries more.
	PerturbLocation
	// PerturbNoLocation leaves the location of the countries out.
	PerturbNoLocation
	// PerturbBundle names a file of app groups that does not know an app of
	// Office365 and wrongly denies another one.
	PerturbBundle
	// PerturbPolicy exports a policy as it was changed after the last row. In a
	// dated tenant it also leaves out the audit log's policy changes.
	PerturbPolicy
	// PerturbState exports an enforced policy as report-only.
	PerturbState
	// PerturbMissing leaves a policy out.
	PerturbMissing
	// PerturbDevice leaves Windows computers out of the device inventory, and
	// calls others personal.
	PerturbDevice
	// PerturbRisk leaves every other spell of user risk out (dated tenants only).
	PerturbRisk
	// PerturbHidden writes report-only results as unknownFutureValue, like an
	// export without the header that asks for them (reference 2.3).
	PerturbHidden
	// PerturbPermission leaves the lists of policies empty, like an export by
	// somebody who may not read them.
	PerturbPermission
	// PerturbInteractive leaves the non-interactive sign-ins out.
	PerturbInteractive
)

// PerturbAll is everything that leaves something to compare. Empty policy lists,
// a log of interactive rows and a missing location hide what the others do and
// have to be asked for by name.
const PerturbAll = PerturbMembership | PerturbIncomplete | PerturbLocation | PerturbBundle | PerturbPolicy |
	PerturbState | PerturbMissing | PerturbDevice | PerturbRisk | PerturbHidden

var perturbNames = []string{
	"membership", "incomplete", "location", "nolocation", "bundle", "policy", "state", "missing",
	"device", "risk", "hidden", "permission", "interactive",
}

func (p Perturb) has(q Perturb) bool { return p&q != 0 }

// Names lists the perturbations in the set, in a fixed order.
func (p Perturb) Names() []string {
	out := []string{}
	for i, n := range perturbNames {
		if p&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// PerturbNames lists every perturbation by name, in a fixed order.
func PerturbNames() []string { return slices.Clone(perturbNames) }

// ParsePerturb reads names of perturbations; "all" stands for PerturbAll.
func ParsePerturb(names []string) (Perturb, error) {
	var out Perturb
	for _, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		if n == "all" {
			out |= PerturbAll
			continue
		}
		i := slices.Index(perturbNames, n)
		if i < 0 {
			return 0, fmt.Errorf("unknown perturbation %q: want all, or some of %s", n, strings.Join(perturbNames, ", "))
		}
		out |= 1 << i
	}
	return out, nil
}

// Perturbation is the ground truth about one perturbation.
type Perturbation struct {
	Kind string `json:"kind"`
	What string `json:"what"`
	// Policies are the ids of those whose recorded evaluations it touches.
	Policies []string `json:"policies"`
	// People are the user principal names of those left out of or put into groups.
	People []string `json:"people,omitempty"`
	// Subjects are the ids of the groups, locations, applications, devices or users concerned.
	Subjects []string `json:"subjects,omitempty"`
	// SignIns counts the rows in the log with an evaluation that the exported files,
	// taken alone, contradict or can no longer tell; Examples are the first of them.
	// What the row itself carries (named locations that Entra recorded) may settle some.
	SignIns  int64    `json:"signIns"`
	Examples []string `json:"examples,omitempty"`
}

// maxPerturbed bounds Examples.
const maxPerturbed = 20

// planPerturb chooses people whose exported memberships are wrong.
func (t *Tenant) planPerturb() {
	if !t.cfg.Perturb.has(PerturbMembership) {
		return
	}
	d := newDice(t.cfg.Seed, "perturb", 0)
	n := 2 + len(t.people)/75
	for range n {
		p := t.someone(d, func(p *person) bool { return p.prod && p.prodStay == (stay{}) && !p.guest && p.dropped|p.added == 0 })
		p.dropped |= 1 << inProd
		p = t.someone(d, func(p *person) bool {
			return p.prod && !p.frequencyExempt && len(p.exemptions) == 0 && p.dropped|p.added == 0
		})
		p.added |= 1 << exFrequency
	}
}

// deviceExport is how the inventory has a device under PerturbDevice.
type deviceExport uint8

const (
	deviceRight deviceExport = iota
	deviceGone
	devicePersonal
)

func (d *device) exported() deviceExport {
	if !d.joined() {
		return deviceRight
	}
	switch d.id[1] % 6 {
	case 0:
		return deviceGone
	case 1:
		return devicePersonal
	}
	return deviceRight
}
